"""Drawn patients from onset to the first session, and through sessions: needles, sham needles or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from myotome.care.simulation.cohort.patients import LIMB, SPINE, WEEK, Floats, Patients, circle, reports
from myotome.mechanism.context import context
from myotome.mechanism.course import Course
from myotome.mechanism.events import NOT_NEEDLED
from myotome.mechanism.run import Trajectory, run
from myotome.mechanism.state import State

# What may be needled at a session; a sham is a visit without the needle.
NEEDLED: Mapping[str, tuple[int, ...]] = {
    "both": (SPINE, *LIMB),
    "limb": LIMB,
    "spine": (SPINE,),
    "sham": (),
    "none": (),
}


@dataclass(frozen=True, eq=False)
class Waiting:
    """People on the day of their first session: what they will live through, and how they are."""

    patients: Patients
    state: State

    def taken(self, people: Any) -> Waiting:
        """Some of them, by number or mask."""
        state = State(self.state.muscles[..., people], self.state.levels[..., people])
        return Waiting(self.patients.taken(people), state)


@dataclass(frozen=True, eq=False)
class Followed:
    """Treated people: ``felt`` pain, 0 and up, and the share that ``context`` took, (readings, people); and the run."""

    felt: Floats
    context: Floats
    trajectory: Trajectory


def wait(people: Patients) -> tuple[Waiting, Floats]:
    """From onset to the day of the first session; and the model's pain of the worst region then, (people,)."""
    day = people.first * WEEK
    course = Course(circle(), day, [day], **people.inputs(slice(people.first)))
    done = run(circle(), course, people.parameters, wide=False)
    return Waiting(_from_now(people), done.end), done.worst[-1]


def _from_now(people: Patients) -> Patients:
    """The same without the weeks before the first session."""
    first = people.first
    return replace(
        people, first=0, cause=people.cause[first:], closing=people.closing[first:], movement=people.movement[first:]
    )


def enrol(people: Patients, rng: Generator) -> Waiting:
    """Those whose reported pain on the day of the first session is high enough to come."""
    room, worst = wait(people)
    said = reports(people, worst[None], np.zeros((1, people.count)), np.zeros(1), rng)[0]
    return room.taken(np.flatnonzero(said >= people.world.number("enrolled from")))


def luck(people: Patients, needled: Sequence[str], rng: Generator) -> NDArray[np.float64]:
    """(sessions, muscles, people): a draw for each needle, by which its muscle twitches or not."""
    found: NDArray[np.float64] = np.full((len(needled), circle().muscles, people.count), NOT_NEEDLED)
    if people.world.needle:
        for k, what in enumerate(needled):
            muscles = list(NEEDLED[what])
            found[k, muscles] = rng.random((len(muscles), people.count))
    return found


def follow(room: Waiting, sessions: Sequence[float], draws: NDArray[np.float64], looks: ArrayLike) -> Followed:
    """Follow people through ``sessions`` with ``draws`` as :func:`luck` gives them.

    ``sessions`` and ``looks`` are days from the first session; a look on the day of a session is taken before it.
    """
    people, days = room.patients, np.asarray(looks, np.float64)
    weeks = int(np.ceil(max(days.max(), *sessions, 1.0) / WEEK))
    inputs = people.inputs(slice(weeks))
    course = Course(circle(), weeks * WEEK, days, events=sessions, draws=draws, **inputs)
    done = run(circle(), course, people.parameters, start=room.state, wide=False)
    eased = context(sessions, days, dose=people.context_dose)
    return Followed(done.worst * (1.0 - eased) * people.gain, eased, done)
