"""The library of a forecast: simulated people who have waited as patients do, followed through a plan of sessions.

Those in the waiting room are the same for every course and are made once; following them takes some seconds for each
new plan of sessions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from myotome.care.course.numbers import noise, numbers
from myotome.care.simulation.cohort.patients import World, draw, varied
from myotome.care.simulation.cohort.treatment import Followed, Waiting, follow, luck, wait
from myotome.mechanism.forecast import Library, Weighed, resampled, weigh
from myotome.mechanism.parameters import Parameters, table
from myotome.mechanism.state import State

Floats = NDArray[np.floating[Any]]

MOVEMENTS = ("spine", "limb")  # of which the range is measured: regions of the simulated person
CHUNK = 10_000  # people drawn at once, so that memory stays small


@dataclass(frozen=True)
class Plan:
    """Days of sessions from the first, what is needled at each (a key of NEEDLED), and when to look (sorted, days)."""

    days: tuple[float, ...]
    needled: tuple[str, ...]
    looks: tuple[float, ...]


def waiting(
    drawn: int,
    seed: tuple[int, ...],
    world: World | None = None,
    *,
    least: float | None = None,
    weeks: int | None = None,
) -> Waiting:
    """Draw people and let them wait; those who then feel at least ``least`` points are kept."""
    low = numbers()["least felt"] if least is None else least
    after, parts = int(numbers()["weeks"]) if weeks is None else weeks, []
    for number, begun in enumerate(range(0, drawn, CHUNK)):
        rng = np.random.default_rng((*seed, number))
        people = draw(min(CHUNK, drawn - begun), after, rng, world)
        room, worst = wait(people)
        parts.append(room.taken(np.flatnonzero(worst * people.gain >= low)))
    return _joined(parts)


def library(room: Waiting, plan: Plan, seed: tuple[int, ...]) -> Library:
    """The people of a waiting room as members of a library for a plan."""
    rng = np.random.default_rng((*seed, 1))
    scale = np.exp(numbers()["noise spread"] * rng.standard_normal(room.patients.count))
    return _library(follow(room, plan.days, _draws(room, plan, seed), plan.looks), plan, scale)


def _draws(room: Waiting, plan: Plan, seed: tuple[int, ...]) -> NDArray[np.float64]:
    return luck(room.patients, plan.needled, np.random.default_rng((*seed, 0)))


def _library(found: Followed, plan: Plan, scale: Floats) -> Library:
    felt, extent, strays = (np.ascontiguousarray(a, np.float32) for a in (found.felt, found.trajectory.range, scale))
    return Library(np.array(plan.looks), felt, extent, strays, noise())


def again(
    room: Waiting, plan: Plan, old: Library, weighed: Weighed, scores: Floats, ranges: Floats, seed: tuple[int, ...]
) -> tuple[Library, Weighed]:
    """Carriers changed a little and simulated again, with new luck at each needle to come: more members that fit.

    A child is chosen as often as its parent weighs; it then weighs as much more or less as it fits better or worse.
    ``old`` is the library that ``seed`` made for the same room and plan.
    """
    rng = np.random.default_rng((*seed, 2))
    chosen = resampled(weighed.weights, int(numbers()["carriers again"]), rng)
    parents = weighed.members[chosen]
    children = _changed(room.taken(parents), rng)
    draws, past = luck(children.patients, plan.needled, rng), np.array(plan.days) < weighed.last
    draws[past] = _draws(room, plan, seed)[past][..., parents]
    made = _library(follow(children, plan.days, draws, plan.looks), plan, old.scale[parents])
    fresh = weigh(made, scores, ranges)
    likelihood = np.asarray(fresh.likelihood - weighed.likelihood[chosen[fresh.members]])
    weights = np.exp(likelihood - likelihood.max())
    return made, replace(fresh, likelihood=likelihood, weights=weights / weights.sum())


def _changed(room: Waiting, rng: Generator) -> Waiting:
    people, spread, known = room.patients, numbers()["jitter"], table()
    values = {
        name: np.clip(
            getattr(people.parameters, name) * np.exp(spread * rng.standard_normal(people.count)),
            known[name].least,
            known[name].most,
        )
        for name in varied()
    }
    gain = people.gain * np.exp(spread * rng.standard_normal(people.count))
    dose = np.minimum(people.context_dose * np.exp(spread * rng.standard_normal(people.count)), 1.0)
    changed = replace(people, parameters=people.parameters.changed(**values), gain=gain, context_dose=dose)
    return Waiting(changed, room.state)


def _joined(parts: list[Waiting]) -> Waiting:
    people, states = [part.patients for part in parts], [part.state for part in parts]
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(one, name) for one in people], axis=-1)
        for name in ("cause", "closing", "movement", "persisting", "gain", "context_dose")
    }
    values = {
        name: np.concatenate([np.broadcast_to(getattr(one.parameters, name), one.count) for one in people])
        for name in varied()
    }
    fixed = {name: getattr(people[0].parameters, name) for name in table() if name not in values}
    state = (np.concatenate([getattr(one, name) for one in states], axis=-1) for name in ("muscles", "levels"))
    return Waiting(replace(people[0], parameters=Parameters(**values, **fixed), **columns), State(*state))
