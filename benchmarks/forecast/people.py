"""Simulated people who come for weekly sessions, in the model's own world and in those where it is wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from myotome.care.course.course import Session, TreatmentCourse
from myotome.care.course.library import waiting
from myotome.care.course.plan import Planned, planned
from myotome.care.simulation.cohort.patients import WEEK, World, reports, spreads
from myotome.care.simulation.cohort.treatment import follow, luck

LEAST = 0.2  # points felt; nobody who feels less reports 3
SHARE = 0.25  # at least so many of those drawn come
WEEKS = 27

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class People:
    """What people report (looks, people) 0..10, and their measured ranges (looks, movements, people) %; every week."""

    world: str
    scores: Floats
    ranges: Floats


def weekly() -> Planned:
    """Fourteen sessions a week apart, limb and spine needled; looks every week."""
    found = planned(TreatmentCourse((Session(0.0, needled="both"),), every=WEEK))
    if found is None:
        raise RuntimeError("fourteen weekly sessions are longer than a forecast follows")
    return found


def come(count: int, seed: tuple[int, ...], world: World) -> People:
    """The first ``count`` people of a world who come, treated weekly."""
    plan, parts, found = weekly().plan, [], 0
    while found < count:
        rng = np.random.default_rng((*seed, len(parts), 1))
        room = waiting(round(count / SHARE / 4), (*seed, len(parts), 0), world, least=LEAST, weeks=WEEKS)
        done = follow(room, plan.days, luck(room.patients, plan.needled, rng), plan.looks)
        days = np.array(plan.looks)
        scores = reports(room.patients, done.trajectory.worst, done.context, days, rng)
        error = world.noise * world.number("range error") * rng.standard_normal(done.trajectory.range.shape)
        ranges = np.clip(np.round(done.trajectory.range + error), 0.0, 110.0)
        here = scores[0] >= spreads()["enrolled from"]
        parts.append((scores[:, here], ranges[:, :, here]))
        found += int(here.sum())
    scores, ranges = (np.concatenate([part[n] for part in parts], axis=-1)[..., :count] for n in (0, 1))
    return People(world.name, scores, ranges)
