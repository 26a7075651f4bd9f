"""What becomes of many drawn people: untreated, with a sham, with the needle; against published numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from myotome.care.simulation.cohort.patients import WEEK, Floats, World, circle, draw, reports
from myotome.care.simulation.cohort.treatment import enrol, follow, luck
from myotome.mechanism.course import Course
from myotome.mechanism.run import run

YEARS = 104  # weeks followed without treatment
OFF_WORK = 4.0  # reported pain from which a person is counted as off work: a judgement
ARMS: Mapping[str, tuple[int, str]] = {
    "no treatment": (0, "none"),
    "three sham sessions": (3, "sham"),
    "three sessions, limb": (3, "limb"),
    "three sessions, spine and limb": (3, "both"),
    "six sham sessions": (6, "sham"),
    "six sessions, limb": (6, "limb"),
    "six sessions, spine and limb": (6, "both"),
}


@dataclass(frozen=True, eq=False)
class Natural:
    """Untreated: reported pain (weeks, people) counted from the week in which pain began."""

    said: Floats
    pain: Floats
    banded: Floats
    weeks_off: Floats

    def chronic(self, after: int = 13) -> NDArray[np.bool_]:
        """Those still in pain after so many weeks, as a mask."""
        found: NDArray[np.bool_] = (self.pain[after] > 1.0) & (self.said[after] >= 3.0)
        return found


def natural(count: int, seed: int) -> Natural:
    """People who all fall ill in the first week, followed without treatment."""
    rng, world = np.random.default_rng(seed), World(changes={"wait least": 52})
    people, net = draw(count, YEARS, rng, world), circle()
    days = np.arange(people.weeks) * WEEK + WEEK
    course = Course(net, people.weeks * WEEK, days, **people.inputs(slice(None)))
    done = run(net, course, people.parameters, wide=False)
    pain = done.worst * people.gain
    said = reports(people, done.worst, np.zeros_like(pain), done.days, rng)
    # A band: a shortened muscle that stays for six weeks at least, anywhere in the first quarter.
    banded = (done.shortening.max(axis=1)[6:13] > 0.3).all(axis=0)
    hurt = (pain[:8] > 1.0).any(axis=0)
    onset = (pain > 1.0).argmax(axis=0)
    keep, span = np.flatnonzero(hurt), pain.shape[0] - 8
    rows = onset[keep] + np.arange(span)[:, None]
    pain, said = pain[rows, keep], said[rows, keep]
    weeks_off = (said[:52] >= OFF_WORK).sum(axis=0).astype(float)
    return Natural(said, pain, banded[keep], weeks_off)


@dataclass(frozen=True, eq=False)
class Trial:
    """Reported pain by arm, (weeks, people), the same people in every arm; week 0 is before the first session."""

    said: Mapping[str, Floats]

    def mean(self, arm: str, week: int) -> float:
        """Mean reported pain of an arm in a week."""
        return float(self.said[arm][week].mean())

    def difference(self, arm: str, other: str, week: int) -> float:
        """Mean of an arm less that of another, in a week."""
        return self.mean(arm, week) - self.mean(other, week)


def trial(count: int, seed: int, weeks: int = 26, world: World | None = None) -> Trial:
    """Weekly sessions for those who come with enough pain; ``count`` are drawn, about half of them come."""
    streams = np.random.SeedSequence(seed).spawn(2 + len(ARMS))
    people = draw(count, weeks + 1, np.random.default_rng(streams[0]), world)
    came = enrol(people, np.random.default_rng(streams[1]))
    said = {}
    for stream, (arm, (sessions, needled)) in zip(streams[2:], ARMS.items(), strict=True):
        rng, days = np.random.default_rng(stream), np.arange(weeks + 1, dtype=np.float64) * WEEK
        draws = luck(came.patients, [needled] * sessions, rng)
        done = follow(came, [WEEK * k for k in range(sessions)], draws, days)
        said[arm] = reports(came.patients, done.trajectory.worst, done.context, days, rng)
    return Trial(said)


def measured(course: Natural, tried: Trial) -> dict[str, list[float]]:
    """What is put beside the published numbers, by the name that data/published.toml gives it."""
    ill = course.chronic()
    return {
        "chronic mean": [float(course.said[13 + week][ill].mean()) for week in (0, 6, 26, 52)],
        "chronic free": [float((course.pain[13 + week][ill] < 1.0).mean()) for week in (39, 52)],
        "limb against sham": [tried.difference("three sessions, limb", "three sham sessions", week) for week in (3, 5)],
        "limb against sham at once": [tried.difference("three sessions, limb", "three sham sessions", 3)],
        "sham against none": [tried.difference("three sham sessions", "no treatment", 3)],
    }


def bands(course: Natural) -> tuple[float, float]:
    """Mean weeks off work in the first year with a lasting band, and without."""
    with_band = course.banded.astype(bool)
    return float(course.weeks_off[with_band].mean()), float(course.weeks_off[~with_band].mean())
