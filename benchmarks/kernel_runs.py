"""The kernel on whole examinations: evidence numbers in, every marginal of both sides out.

As for the peer, turning findings into likelihoods lies outside; everything after that is inside,
laying out the tables for the examined facts included.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from tests.oracle.peer import Answer, SideAnswer, join

from myotome.care.explanation.posterior import Posterior
from myotome.care.explanation.side import PEOPLE
from myotome.inference.engine import Engine, Lanes
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
    """Every marginal of every examination."""
    left, right = (_side(engine, side) for side in sides)
    return [join(pair, whole) for pair in zip(left, right, strict=True)]


def _side(engine: Engine, side: Prepared) -> list[SideAnswer]:
    beliefs = engine.both(side.lanes, side.lanes.active)
    log_z = beliefs.log_z.reshape(side.examinations, side.classes)
    top = log_z.max(axis=1)
    evidence = np.exp(log_z - top[:, None])
    by_class = side.lesions[:, :, None] * side.member  # prior of every lesion, in its class
    total = evidence @ by_class.sum(axis=1).T
    share = evidence[:, None, :] * by_class.sum(axis=1) / total[:, :, None]
    lesions = (by_class @ evidence.T).transpose(2, 0, 1) / total[:, :, None]
    states = _mixed(beliefs.weights * beliefs.cavity, share)
    quiet = (side.off[:, :, None] * side.spared[:, None, :]).reshape(beliefs.silent.shape) * beliefs.silent
    facts = 1.0 - _mixed(quiet, share)
    log_z = np.log(total) + top[:, None]
    return [SideAnswer(*parts) for parts in zip(log_z, states, lesions, facts, strict=True)]


def _mixed(values: Floats, share: Floats) -> Floats:
    """Rows of values by lane averaged over the classes, (examinations, people, rows)."""
    by_examination = values.reshape(len(values), len(share), share.shape[2]).transpose(1, 2, 0)
    found: Floats = share @ by_examination
    return found
