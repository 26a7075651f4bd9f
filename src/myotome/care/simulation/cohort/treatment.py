"""Drawn patients from onset to the first session, and through a treatment: needles, sham needles or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from myotome.care.simulation.cohort.patients import WEEK, Floats, Patients, circle, reports
from myotome.mechanism.context import context
from myotome.mechanism.course import Course
from myotome.mechanism.events import NOT_NEEDLED
from myotome.mechanism.grid import COHORT, Steps
from myotome.mechanism.run import Trajectory, run
from myotome.mechanism.state import State


@dataclass(frozen=True, eq=False)
class Enrolled:
    """People who came for treatment: what each was like on the day of the first session."""

    patients: Patients
    start: State

    @property
    def weeks(self) -> int:
        """Weeks that can be followed from here."""
        return self.patients.weeks - self.patients.first


@dataclass(frozen=True, eq=False)
class Treated:
    """A treatment: ``reported`` pain and the share ``context`` takes, (readings, people), beside the trajectory."""

    trajectory: Trajectory
    context: Floats
    reported: Floats


def enrol(patients: Patients, rng: Generator, steps: Steps = COHORT) -> Enrolled:
    """Those whose reported pain on the day of the first session is high enough to come."""
    net, before = circle(), slice(0, patients.first)
    course = Course(net, patients.first * WEEK, [patients.first * WEEK], **patients.inputs(before))
    done = run(net, course, patients.parameters, steps=steps, wide=False)
    said = reports(patients, done.worst, np.zeros_like(done.worst), done.days, rng)[0]
    came = np.flatnonzero(said >= patients.world.number("enrolled from"))
    return Enrolled(patients.taken(came), State(done.end.muscles[..., came], done.end.levels[..., came]))


def treat(
    enrolled: Enrolled,
    sessions: ArrayLike,
    muscles: Sequence[int],
    readings: ArrayLike,
    rng: Generator,
    *,
    steps: Steps = COHORT,
) -> Treated:
    """Follow from the day of the first session; ``muscles`` is empty for a sham: the visit without the needle.

    ``sessions`` and ``readings`` are days; a reading on the day of a session is taken before it. Each needle makes
    its muscle twitch by chance.
    """
    people, net, held = enrolled.patients, circle(), np.asarray(sessions, np.float64)
    draws: NDArray[np.float64] = np.full((len(held), net.muscles, people.count), NOT_NEEDLED)
    luck = rng.random((len(held), net.muscles, people.count))
    if people.world.needle:
        chosen = list(muscles)
        draws[:, chosen] = luck[:, chosen]
    after = slice(people.first, people.weeks)
    end = enrolled.weeks * WEEK
    course = Course(net, end, readings, events=held, draws=draws, **people.inputs(after))
    done = run(net, course, people.parameters, start=enrolled.start, steps=steps, wide=False)
    eased = context(held, done.days, dose=people.context_dose)
    return Treated(done, eased, reports(people, done.worst, eased, done.days, rng))
