"""People drawn from the model's own prior: a complaint, what is hidden, and the facts it brings about.

The neighbours' couplings weigh states without summing to one, and some causes are rarer
beside others; so the whole person and the lesions are drawn with the weight that everything else
has beside them, and then everything else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.random import Generator

from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Case, Complaint
from myotome.care.explanation.likelihoods import SIDES
from myotome.care.explanation.model import WHOLE_PERSON, Model
from myotome.care.explanation.numbers import number
from myotome.care.explanation.posterior import Posterior
from myotome.care.explanation.priors import priors
from myotome.care.explanation.side import Side, side_evidence
from myotome.errors import NetworkError
from myotome.inference.engine import Engine
from myotome.inference.network import Floats, Ints

PEOPLE = len(WHOLE_PERSON)


@dataclass(frozen=True, slots=True)
class Lane:
    """One side beside one state of the person, with or without a lesion: its weight, and how to draw it.

    ``first`` (states,) and ``steps`` (segments - 1, states, states) draw the chain of segments and
    ``local`` has a row for each variable that is no segment; all are cumulative.
    """

    weight: float
    first: Floats
    steps: Floats
    local: tuple[Floats, ...]


@dataclass(frozen=True, slots=True)
class Chances:
    """Everything drawn for one complaint: cumulative chances of the person and of lesions beside them.

    ``lesions[side]`` is (people, lesions); ``lanes[side][person][lesioned]``.
    """

    people: Floats
    lesions: tuple[Floats, Floats]
    lanes: tuple[tuple[tuple[Lane, Lane], ...], ...]


@dataclass(slots=True)
class Person:
    """One simulated person. ``states`` (2, variables) is the state of each variable of the network."""

    model: Model
    complaint: Complaint
    whole: int
    lesions: tuple[int, int]
    states: Ints
    facts: dict[tuple[int, int], bool] = field(default_factory=dict)
    private: dict[tuple[int, int], bool] = field(default_factory=dict)

    def fact(self, s: int, number_of_fact: int, rng: Generator) -> bool:
        """Whether a fact holds on side ``s``; drawn when first looked at, then kept."""
        key = (s, number_of_fact)
        if key not in self.facts:
            self.facts[key] = self._draw(s, number_of_fact, rng)
        return self.facts[key]

    def _draw(self, s: int, k: int, rng: Generator) -> bool:
        node = self.model.tree.network.nodes[k]
        index = self.model.tree.variable_index
        off = 1.0 - node.leak
        for link in node.links:
            off *= link.inhibition[self.states[s, index[link.variable]]]
        off *= float(self.model.whole[k, self.whole] * self.model.peripheral[k, self.lesions[s]])
        if self.model.facts[k].private > 0.0:
            self.private[s, k] = bool(rng.random() < number("private.prior"))
            if self.private[s, k]:
                off *= 1.0 - self.model.facts[k].private / number("private.prior")
        return bool(rng.random() >= off)


def complaint(rng: Generator) -> Complaint:
    """A painful area, each as likely as any other, on one side or the other."""
    areas = tuple(a.name for a in anatomy().areas.values() if a.segments)
    return Complaint(side=SIDES[int(rng.integers(2))], area=areas[int(rng.integers(len(areas)))])


def person(model: Model, whom: Complaint, rng: Generator) -> Person:
    """Somebody with this complaint, exactly from the model's prior."""
    drawn = chances(model, whom.area, whom.side)
    whole = _pick(drawn.people, rng)
    lesions = (_pick(drawn.lesions[0][whole], rng), _pick(drawn.lesions[1][whole], rng))
    states = np.empty((2, len(model.tree.network.variables)), dtype=np.int32)
    for s in (0, 1):
        states[s] = _walk(drawn.lanes[s][whole][int(lesions[s] > 0)], rng)
    return Person(model, whom, whole, lesions, states)


def _pick(cumulative: Floats, rng: Generator) -> int:
    return int(np.searchsorted(cumulative, rng.random() * cumulative[-1], side="right"))


def _walk(lane: Lane, rng: Generator) -> list[int]:
    state = _pick(lane.first, rng)
    found = [state]
    for step in lane.steps:
        state = _pick(step[state], rng)
        found.append(state)
    return found + [_pick(row, rng) for row in lane.local]


@lru_cache(maxsize=512)
def chances(model: Model, area: str | None, side: str | None) -> Chances:
    """The prior of one complaint in the order in which people are drawn from it."""
    sides, prior = _sides(model, Complaint(side=side, area=area))
    lanes = tuple(tuple(_lanes(one, w) for w in range(PEOPLE)) for one in sides)
    people, lesions = prior.priors.whole.copy(), []
    for s in (0, 1):
        table = prior.lesion_priors[s].copy()
        for w in range(PEOPLE):
            table[w, 0] *= lanes[s][w][0].weight
            table[w, 1:] *= lanes[s][w][1].weight
        people *= table.sum(axis=1)
        lesions.append(table.cumsum(axis=1))
    return Chances(people.cumsum(), (lesions[0], lesions[1]), lanes)


def _sides(model: Model, whom: Complaint) -> tuple[tuple[Side, Side], Posterior]:
    """Both sides before anything is looked at; nothing is run, only the priors of their lanes are read."""
    before, engine = priors(Case(complaint=whom), (), model), Engine(model.tree, "numpy")
    left, right = (Side(model, engine, side_evidence((), s), before.states[:, s]) for s in (0, 1))
    return (left, right), Posterior(left, right, before)


def _lanes(side: Side, whole: int) -> tuple[Lane, Lane]:
    """A side beside one state of the person, without and with a peripheral lesion: any one weighs the same."""
    columns = np.array([side.column(whole, lesion) for lesion in (0, 1)], dtype=np.int32)
    weights = side.lanes(columns, side.states).weights
    return _lane(side.model, weights[:, 0]), _lane(side.model, weights[:, 1])


def _lane(model: Model, states: Floats) -> Lane:
    """Filter backwards along the chain of neighbours, so that it can be drawn forwards."""
    count = model.deficient + 1
    weights = [states[model.row(s, 0) : model.row(s, 0) + count] for s in model.segments]
    after = np.ones(count)
    steps = []
    for table, own in zip(_neighbours(model)[::-1], weights[:0:-1], strict=True):
        step = table * (own * after)[None, :]
        steps.append(step.cumsum(axis=1))
        after = step.sum(axis=1)
    first = (weights[0] * after).cumsum()
    rest = model.tree.network.variables[len(model.segments) :]
    local = tuple(states[model.row(v.name, 0) : model.row(v.name, 0) + len(v.states)].cumsum() for v in rest)
    return Lane(float(first[-1]) * math.prod(float(row[-1]) for row in local), first, np.array(steps[::-1]), local)


def _neighbours(model: Model) -> list[Floats]:
    """The coupling of every segment with the next.

    Raises:
        NetworkError: the couplings are not one chain along the segments.
    """
    network = model.tree.network
    named = [(c.first, c.second) for c in network.couplings]
    order = tuple(v.name for v in network.variables[: len(model.segments)])
    if named != list(zip(model.segments, model.segments[1:], strict=False)) or order != model.segments:
        raise NetworkError("Couplings are not one chain along the segments. Teach simulation/people.py the new shape.")
    return [np.array(c.table) for c in network.couplings]
