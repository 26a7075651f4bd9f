"""Explain an examination: the whole chain from findings to an answer with its reasons."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from myotome.care.examination.case import Case
from myotome.care.explanation.likelihoods import View, views
from myotome.care.explanation.model import Model, build_model
from myotome.care.explanation.partition import Partition, partition
from myotome.care.explanation.posterior import Posterior
from myotome.care.explanation.priors import Priors, priors
from myotome.care.explanation.side import Side, side_evidence
from myotome.care.explanation.towards import towards_nerve
from myotome.care.explanation.verdict import NOT_EXAMINED, Verdict, decide, merged
from myotome.inference.engine import Engine


class Reasoner:
    """The model of one profile, compiled, with its kernel."""

    def __init__(self, profile: str = "emg", kernel: str = "auto", model: Model | None = None) -> None:
        """Compile the profile, unless its ``model`` is given.

        Raises:
            UnknownNameError: no profile of that name.
            NetworkError: an unknown kernel.
        """
        self.model = model if model is not None else build_model(profile)
        self.engine = Engine(self.model.tree, kernel)

    def read(self, case: Case) -> Reading:
        """Everything about one case is computed when first asked for."""
        found = views(case, self.model)
        return Reading(self, case, found, priors(case, found, self.model))


class Reading:
    """One case read by one reasoner."""

    def __init__(self, reasoner: Reasoner, case: Case, found: tuple[View, ...], before: Priors) -> None:
        """Keep the case, its evidence and the priors."""
        self.reasoner, self.case, self.views, self.priors = reasoner, case, found, before
        self.model = reasoner.model

    def posterior_of(self, found: tuple[View, ...]) -> Posterior:
        """The posterior on some of the evidence."""
        left, right = (
            Side(self.model, self.reasoner.engine, side_evidence(found, s), self.priors.states[:, s]) for s in (0, 1)
        )
        return Posterior(left, right, self.priors)

    @cached_property
    def posterior(self) -> Posterior:
        """The posterior on all of the evidence."""
        return self.posterior_of(self.views)

    @cached_property
    def partition(self) -> Partition:
        """Explanations that exclude one another, inseparable ones in one row."""
        return merged(partition(self.posterior), self.model, self.priors)

    @cached_property
    def verdict(self) -> Verdict:
        """What to say."""
        towards = towards_nerve(self.case, self.model, self.views)
        return decide(self.partition, towards) if self.views else NOT_EXAMINED

    def fact_chances(self, names: list[tuple[str, str]], s: int) -> dict[tuple[str, str], float]:
        """P(fact | findings) of the named facts (kind, site) of one side."""
        known = [(name, self.model.fact(*name)) for name in names]
        wanted = np.array([n for _, n in known if n is not None], dtype=np.int32)
        chances = self.posterior.facts(s, wanted) if len(wanted) else np.zeros(0)
        return dict(zip([name for name, n in known if n is not None], map(float, chances), strict=True))
