"""The kernel on whole examinations: evidence numbers in, every marginal of both sides out.

As for the peer, turning findings into likelihoods lies outside; everything after that is inside,
laying out the tables for the examined facts included.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from tests.oracle.peer import Answer

from myotome.care.explanation.posterior import Posterior
from myotome.care.explanation.side import PEOPLE
from myotome.inference.engine import Beliefs, Engine, Lanes
from myotome.inference.network import Floats


@dataclass(frozen=True, slots=True)
class Prepared:
    """One side of one or many examinations with the same facts: lanes (examination, class)."""

    lanes: Lanes
    off: Floats  # P(findings | fact off), (active, examinations)
    spared: Floats  # P(nothing outside the network turns the fact on), (active, classes)
    member: Floats  # 1 where a lesion beside a state of the person is run as that class, (people, lesions, classes)
    lesions: Floats  # prior of every lesion beside every state of the person

    @property
    def examinations(self) -> int:
        """How many there are."""
        return self.off.shape[1]

    @property
    def classes(self) -> int:
        """Distinct runs of each examination."""
        return self.spared.shape[1]


def prepare(posteriors: list[Posterior], s: int) -> Prepared:
    """Side ``s`` of examinations with the same facts and priors."""
    side = posteriors[0].sides[s]
    lanes = [p.sides[s].lanes(side.first, side.states) for p in posteriors]
    joined = Lanes(
        side.evidence.active,
        *(np.concatenate([getattr(x, a) for x in lanes], axis=1) for a in ("on", "off", "weights")),
    )
    off = np.stack([p.sides[s].evidence.off for p in posteriors], axis=1)
    member = side.class_of.reshape(PEOPLE, -1, 1) == np.arange(len(side.first))
    return Prepared(joined, off, side.spared[:, side.first], member.astype(np.float64), posteriors[0].lesion_priors[s])


def solve(engine: Engine, sides: tuple[Prepared, Prepared], whole: Floats) -> list[Answer]:
    """Every marginal of every examination; the sides share the state of the person, whose prior is ``whole``."""
    beliefs = [engine.both(side.lanes, side.lanes.active) for side in sides]
    evidence = [_scaled(b.log_z.reshape(s.examinations, s.classes)) for b, s in zip(beliefs, sides, strict=True)]
    by_class = [side.lesions[:, :, None] * side.member for side in sides]  # prior of a lesion, in its class
    priors = [table.sum(axis=1) for table in by_class]
    totals = [likely @ prior.T for (likely, _), prior in zip(evidence, priors, strict=True)]
    joint = whole * totals[0] * totals[1]
    people = joint / joint.sum(axis=1, keepdims=True)
    log_evidence = np.log(joint.sum(axis=1)) + evidence[0][1] + evidence[1][1]
    found = []
    for side, belief, (likely, _), prior, table, total in zip(
        sides, beliefs, evidence, priors, by_class, totals, strict=True
    ):
        share = people / total  # of every state of the person, per unit of its lanes
        lanes = (share @ prior) * likely
        lesions = (share.T[:, None, :] * (table @ likely.T)).sum(axis=0).T
        found.append((_mixed(belief, side, lanes), lesions))
    return [
        Answer(float(log_evidence[n]), people[n], *([part[n] for part in parts] for parts in _parts(found)))
        for n in range(len(people))
    ]


def _scaled(log_z: Floats) -> tuple[Floats, Floats]:
    top = log_z.max(axis=1)
    return np.exp(log_z - top[:, None]), top


def _mixed(belief: Beliefs, side: Prepared, lanes: Floats) -> tuple[Floats, Floats]:
    """P(state) and P(fact on) of each examination, averaged over its lanes."""
    shape = -1, side.examinations, side.classes
    weights, cavity, silent = (array.reshape(shape) for array in (belief.weights, belief.cavity, belief.silent))
    states = np.einsum("snc,snc,nc->ns", weights, cavity, lanes)
    return states, 1.0 - np.einsum("fnc,fc,nc->nf", silent, side.spared, lanes) * side.off.T


def _parts(found: list[tuple[tuple[Floats, Floats], Floats]]) -> list[tuple[Floats, Floats]]:
    """States, lesions and facts, each of both sides."""
    (left, left_lesions), (right, right_lesions) = found
    return [(left[0], right[0]), (left_lesions, right_lesions), (left[1], right[1])]
