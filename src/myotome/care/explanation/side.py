"""One side of one examination: the lanes of whole person and peripheral lesion, run on its evidence.

Lanes whose examined facts are touched alike are the same run, so they are run once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from myotome.care.explanation.likelihoods import View
from myotome.care.explanation.model import WHOLE_PERSON, Model, local_rows, segment_rows
from myotome.care.explanation.numbers import number
from myotome.inference.engine import Beliefs, Engine, Lanes
from myotome.inference.network import Floats, Ints

PEOPLE = len(WHOLE_PERSON)


@dataclass(frozen=True, slots=True)
class SideEvidence:
    """Evidence of one side: fact numbers and P(findings | fact on), P(findings | fact off)."""

    active: Ints
    on: Floats
    off: Floats


def side_evidence(views: tuple[View, ...], side: int) -> SideEvidence:
    """Findings that show one fact are independent given the fact, so their probabilities multiply."""
    found: dict[int, tuple[float, float]] = {}
    for view in views:
        if view.side == side:
            on, off = found.get(view.fact, (1.0, 1.0))
            found[view.fact] = (on * view.on, off * view.off)
    facts = sorted(found)
    pairs = np.array([found[f] for f in facts]).reshape(-1, 2)
    # Only the ratio of the two speaks; taken relative to the larger, hundreds of findings stay in range.
    pairs /= pairs.max(axis=1, keepdims=True)
    return SideEvidence(np.array(facts, dtype=np.int32), pairs[:, 0].copy(), pairs[:, 1].copy())


class Side:
    """One side's lanes: (whole person, peripheral lesion), the same runs taken together."""

    def __init__(
        self,
        model: Model,
        engine: Engine,
        evidence: SideEvidence,
        states: Floats,
        spared: Floats | None = None,
        keep: Floats | None = None,
    ) -> None:
        """``states`` are the priors of every state; ``spared`` (active, people, lesions) overrides
        the model's own P(a lane's causes leave the fact off); lanes not in ``keep`` count nothing."""
        self.model, self.engine, self.evidence, self.states = model, engine, evidence, states
        if spared is None:
            active = evidence.active
            spared = model.whole[active][:, :, None] * model.peripheral[active][:, None, :]
            spared = spared * model.private[active][:, None, None]
        self.spared = spared.reshape(len(evidence.active), PEOPLE * len(model.lesions))
        self.crowded = crowded_lanes(len(model.lesions))
        self.keep = keep
        ill = np.repeat(whole_person_factor(), len(model.lesions))
        self.first, self.class_of = _classes(np.concatenate([self.spared, self.crowded[None], ill[None]]), keep)

    def lane_priors(self, chosen: Ints) -> Floats:
        """Prior of every state in each chosen lane, (states, lanes).

        A deficient root or a local cause is rarer beside any other cause, an irritated root beside a
        state of the whole person, which brings about the same signs; quiet states take what is left,
        so that the priors of the lanes themselves stay what the data say.
        """
        priors = np.repeat(self.states[:, None], len(chosen), axis=1)
        rows, first = segment_rows(self.model), self.model.tree.state_offset[:-1]
        if self.model.deficient > 1:
            priors[rows[:, 1]] *= whole_person_factor()[chosen // len(self.model.lesions)]
        priors[rows[:, -1]] *= self.crowded[chosen]
        priors[local_rows(self.model)] *= self.crowded[chosen]
        priors[first] += 1.0 - np.add.reduceat(priors, first, axis=0)
        return priors

    def lanes(self, chosen: Ints, mask: Floats) -> Lanes:
        """Lanes of the given columns (person * lesions + lesion); a state counts where its mask,
        (states,) or (states, lanes), is above zero."""
        on = np.repeat(self.evidence.on[:, None], len(chosen), axis=1)
        spared = self.spared[:, chosen]
        off = on * (1.0 - spared) + self.evidence.off[:, None] * spared
        allowed = mask[:, None] if mask.ndim == 1 else mask
        return Lanes(self.evidence.active, on, off, np.where(allowed > 0.0, self.lane_priors(chosen), 0.0))

    def column(self, person: int, lesion: int = 0) -> int:
        """Number of a lane."""
        return person * len(self.model.lesions) + lesion

    def spread(self, values: Floats) -> Floats:
        """Values of the distinct runs, last axis, back to (people, lesions)."""
        return values[..., self.class_of].reshape(*values.shape[:-1], PEOPLE, len(self.model.lesions))

    @cached_property
    def free(self) -> Beliefs:
        """All states allowed: the run behind every marginal (distinct runs)."""
        return self.engine.both(self.lanes(self.first, self.states))

    def mask(self, allowed: tuple[int, ...]) -> Floats:
        """The priors with every segment kept to the states ``allowed``."""
        weights = self.states.copy()
        rows = segment_rows(self.model)
        for state in range(1, rows.shape[1]):
            if state not in allowed:
                weights[rows[:, state]] = 0.0
        return weights

    @cached_property
    def calm(self) -> Floats:
        """The priors with no segment deficient."""
        return self.mask(tuple(range(self.model.deficient)))

    @cached_property
    def quiet(self) -> Floats:
        """The priors with every segment quiet."""
        return self.mask((0,))

    @cached_property
    def clean_log(self) -> Floats:
        """Log evidence with no segment deficient, (people, lesions)."""
        return self.spread(self.engine.evidence(self.lanes(self.first, self.calm)))

    @cached_property
    def free_log(self) -> Floats:
        """Log evidence, (people, lesions)."""
        return self.spread(self.free.log_z)

    def runs(self, masks: list[Floats], lesion: int = 0) -> Beliefs:
        """Every mask with every state of the person under one lesion; lanes are (mask, person)."""
        columns = np.array([self.column(w, lesion) for w in range(PEOPLE)] * len(masks), dtype=np.int32)
        weights = np.repeat(np.stack(masks, axis=1), PEOPLE, axis=1)
        return self.engine.both(self.lanes(columns, weights))


@cache
def crowded_lanes(lesions: int) -> Floats:
    """How far the prior of a deficient root falls in each lane (person, lesion), flattened.

    One cause suffices to bring a person in, so a second is rarer among those seen than by chance.
    """
    beside_lesion = np.where(np.arange(lesions) > 0, number("together.root and nerve"), 1.0)
    return (whole_person_factor()[:, None] * beside_lesion[None, :]).ravel()


@cache
def whole_person_factor() -> Floats:
    """How far the prior of a lesion falls beside each state of the whole person, (4,)."""
    factor = np.full(PEOPLE, number("together.lesion and polyneuropathy"))
    factor[0] = 1.0
    return factor


def _classes(spared: Floats, keep: Floats | None) -> tuple[Ints, Ints]:
    """First lane of every class of equal lanes, and the class of each lane.

    Lanes that are not kept join the class of a kept one and are weighted zero by the caller.
    """
    columns = np.ascontiguousarray(spared.T)
    if keep is not None:
        columns[~keep.astype(bool)] = columns[np.flatnonzero(keep)[0]]
    keys = columns.view(np.dtype((np.void, columns.itemsize * columns.shape[1]))).ravel()
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return first.astype(np.int32), inverse.ravel().astype(np.int32)
