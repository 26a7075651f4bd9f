"""What was found that points to a nerve or level, so that a harmless verdict never hides it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from myotome.care.examination.case import Case
from myotome.care.explanation.fact import Fact
from myotome.care.explanation.likelihoods import View
from myotome.care.explanation.model import Model
from myotome.care.explanation.numbers import HERE
from myotome.facts.kept import kept
from myotome.facts.tables import rows

TEST = "test"


@dataclass(frozen=True, slots=True)
class Towards:
    """Findings that point to a nerve or level, as said; ``looked`` tells whether any such sign was looked for."""

    found: tuple[str, ...]
    looked: bool


NOT_LOOKED = Towards((), False)


@kept
def of_nerve() -> frozenset[str]:
    """The kinds of fact that speak of a nerve or level rather than of muscle or joint."""
    return frozenset(kind for _, row, _ in rows(HERE, "decision", "of_nerve") for kind in row["facts"])


def towards_nerve(case: Case, model: Model, views: Iterable[View]) -> Towards:
    """What of the evidence of a case points to a nerve or level, the strongest first, in whatever order it was told."""
    speaking = [view for view in views if _speaks(model.facts[view.fact])]
    found = sorted(
        (round(view.off / view.on, 9), case.findings[view.finding].text) for view in speaking if view.on > view.off
    )
    return Towards(tuple(dict.fromkeys(text for _, text in found)), bool(speaking))


def _speaks(fact: Fact) -> bool:
    """Of tests and reports only those whose own cause is a nerve or level."""
    lesions = max((*fact.deficient.values(), *fact.nerves.values(), *fact.plexus.values()), default=0.0)
    return fact.kind in of_nerve() and (
        fact.kind not in (TEST, "study") or lesions > max(fact.local.values(), default=0.0)
    )
