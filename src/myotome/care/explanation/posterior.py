"""One examination run through the model: both sides joined by the state of the whole person."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from myotome.care.explanation.priors import Priors
from myotome.care.explanation.side import Side, whole_person_factor
from myotome.inference.network import Floats, Ints


class Posterior:
    """Both sides of one examination joined by the state of the whole person."""

    def __init__(self, left: Side, right: Side, priors: Priors) -> None:
        """Join two sides."""
        self.sides = (left, right)
        self.priors = priors
        self.model = left.model

    @cached_property
    def scale(self) -> tuple[float, float]:
        """Largest log evidence of each side, taken out of everything."""
        return (float(self.sides[0].free_log.max()), float(self.sides[1].free_log.max()))

    @cached_property
    def lesion_priors(self) -> Floats:
        """Prior of every lesion beside every state of the person, (2, people, lesions)."""
        found = self.priors.lesions.T[:, None, :] * whole_person_factor()[None, :, None]
        found[:, :, 0] = 1.0 - found[:, :, 1:].sum(axis=2)
        return found

    @cached_property
    def joint(self) -> tuple[Floats, Floats]:
        """For each side: prior of the lesion times evidence, (people, lesions), scaled."""
        return self._weighted(lambda side: side.free_log)

    @cached_property
    def clean(self) -> tuple[Floats, Floats]:
        """The same with no segment deficient."""
        return self._weighted(lambda side: side.clean_log)

    def _weighted(self, of: Callable[[Side], Floats]) -> tuple[Floats, Floats]:
        found = []
        for s, side in enumerate(self.sides):
            joint = self.lesion_priors[s] * np.exp(of(side) - self.scale[s])
            found.append(joint if side.keep is None else joint * side.keep.reshape(joint.shape))
        return found[0], found[1]

    @cached_property
    def by_person(self) -> Floats:
        """Evidence of each side by state of the person, (2, people)."""
        return np.stack([joint.sum(axis=1) for joint in self.joint])

    @cached_property
    def total(self) -> float:
        """Scaled evidence of the whole examination."""
        return float((self.priors.whole * self.by_person.prod(axis=0)).sum())

    @cached_property
    def log_evidence(self) -> float:
        """Log probability (up to the neighbours' constant) of all findings."""
        return float(np.log(self.total) + sum(self.scale))

    @cached_property
    def people(self) -> Floats:
        """P(state of the whole person | findings), (4,)."""
        found: Floats = self.priors.whole * self.by_person.prod(axis=0) / self.total
        return found

    def lane_weights(self, s: int) -> Floats:
        """P(person, lesion of that side | findings), (people, lesions)."""
        other = self.priors.whole * self.by_person[1 - s]
        found: Floats = other[:, None] * self.joint[s] / self.total
        return found

    def class_weights(self, s: int) -> Floats:
        """The same for the side's distinct runs."""
        side = self.sides[s]
        found: Floats = np.zeros(len(side.first))
        np.add.at(found, side.class_of, self.lane_weights(s).ravel())
        return found

    def lesions(self, s: int) -> Floats:
        """P(peripheral lesion | findings) of one side, (lesions,)."""
        found: Floats = self.lane_weights(s).sum(axis=0)
        return found

    def states(self, s: int) -> Floats:
        """P(state | findings) of every state of the network of one side, (states,)."""
        return self.sides[s].free.marginals(self.class_weights(s))

    def facts(self, s: int, wanted: Ints) -> Floats:
        """P(fact | findings) for the wanted facts of one side, (wanted,)."""
        side = self.sides[s]
        silent = side.engine.both(side.lanes(side.first, side.states), wanted).silent
        model = self.model
        # Within one run the unexamined facts may still be touched differently by the lanes.
        lanes = self.lane_weights(s).ravel()
        spared = (model.whole[wanted][:, :, None] * model.peripheral[wanted][:, None, :]).reshape(len(wanted), -1)
        mixing = np.zeros((spared.shape[1], len(side.first)))
        mixing[np.arange(len(lanes)), side.class_of] = lanes
        off = np.ones(len(wanted))
        place = {int(f): n for n, f in enumerate(side.evidence.active)}
        for n, fact in enumerate(wanted):
            if int(fact) in place:
                off[n] = side.evidence.off[place[int(fact)]]
        quiet = ((spared @ mixing) * silent).sum(axis=1)
        found: Floats = 1.0 - off * model.private[wanted] * quiet
        return found
