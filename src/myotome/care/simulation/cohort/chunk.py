"""Cohorts: many people who come with pain, drawn in numbered chunks, treated alike, followed and looked at weekly.

A chunk depends on the settings and its number alone: not on who computes it, nor on the other chunks. People are the
same whatever is done to them (the same seed, weeks and world), so that treatments can be compared person by person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.random import Generator, SeedSequence, default_rng
from numpy.typing import NDArray

from myotome.care.simulation.cohort.patients import WEEK, Patients, World, circle, draw
from myotome.care.simulation.cohort.rows import people_rows, visit_rows
from myotome.care.simulation.cohort.treatment import NEEDLED
from myotome.errors import MechanismError
from myotome.mechanism.course import LONGEST, Course
from myotome.mechanism.events import NOT_NEEDLED
from myotome.mechanism.network import Floats
from myotome.mechanism.run import Trajectory, run

MOST_PEOPLE, MOST_SEED, MOST_SESSIONS = 10_000_000, 2**63 - 1, 200
MOST_TRIES = 200  # chunks' worth of people drawn for one chunk of those who come
Values = NDArray[Any]


@dataclass(frozen=True)
class Cohort:
    """Who is followed and what is done to them.

    ``people`` who come; ``seed`` of everything drawn; ``weeks`` to follow from the first visit; ``sessions``, one
    ``every`` so many days, the first on day 0; ``needle`` both, limb, spine, sham (a session without a needle's effect)
    or none (no sessions); ``world`` they live in; ``chunk`` people drawn together.

    Raises:
        MechanismError: a number is out of its range, the sessions outlast the weeks, or a needle is unknown.
    """

    people: int
    seed: int = 1
    weeks: int = 26
    sessions: int = 6
    every: int = 7
    needle: str = "both"
    world: World = field(default_factory=World)
    chunk: int = 1000

    def __post_init__(self) -> None:
        longest = int(LONGEST / WEEK) - int(self.world.number("wait most"))
        _within("people", self.people, 1, MOST_PEOPLE)
        _within("seed", self.seed, 0, MOST_SEED)
        _within("weeks", self.weeks, 1, longest)
        _within("sessions", self.sessions, 0, MOST_SESSIONS)
        _within("every", self.every, 1, longest * int(WEEK))
        _within("chunk", self.chunk, 1, MOST_PEOPLE)
        if self.needle not in NEEDLED:
            raise MechanismError(f"There is no needle '{str(self.needle)[:40]}'. Choose one of {', '.join(NEEDLED)}.")
        if len(self.session_days) and self.session_days[-1] > self.weeks * WEEK:
            raise MechanismError(
                f"{self.sessions} sessions every {self.every} days last until day {self.session_days[-1]:g}, but "
                f"{self.weeks} weeks end on day {self.weeks * WEEK:g}. Give more weeks or fewer sessions."
            )

    @property
    def chunks(self) -> int:
        """How many chunks."""
        return -(-self.people // self.chunk)

    def people_of(self, number: int) -> int:
        """How many people the chunk of a number has: the last may have fewer."""
        return min(self.chunk, self.people - number * self.chunk)

    @property
    def session_days(self) -> Floats:
        """(sessions,) days of sessions from the first visit."""
        return np.arange(0 if self.needle == "none" else self.sessions, dtype=np.float64) * self.every

    @property
    def visit_days(self) -> Floats:
        """(visits,) every week and at each session."""
        weekly = np.arange(self.weeks + 1, dtype=np.float64) * WEEK
        return np.unique(np.concatenate([weekly, self.session_days]))

    def as_dict(self) -> dict[str, Any]:
        """The settings in plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Chunk:
    """Two tables, each an array a column (columns.py says what they are); an empty place is not a number.

    ``people`` has a row a person, ``visits`` a row a person and visit, in the order of people; ``drawn`` tells how
    many were drawn to find those who came.
    """

    people: Mapping[str, Values]
    visits: Mapping[str, Values]
    drawn: int


def drawn(cohort: Cohort, number: int) -> Chunk:
    """The chunk of a number, 0 and up.

    Raises:
        MechanismError: hardly anybody hurts enough to come.
    """
    whole, wanted, tried = cohort.people_of(number), cohort.people_of(number), 0
    people: list[dict[str, Values]] = []
    visits: list[dict[str, Values]] = []
    while wanted:
        if len(people) == MOST_TRIES:
            raise MechanismError(
                f"Of {tried} people drawn only {whole - wanted} hurt enough to come. "
                "Choose another world, or parameters with which more people have pain."
            )
        came, of_people, of_visits = _batch(cohort, number, len(people))
        tried += int(came[wanted - 1]) + 1 if len(came) >= wanted else cohort.chunk
        came = came[:wanted]
        wanted -= len(came)
        people.append({name: column[came] for name, column in of_people.items()})
        visits.append({name: column[:, came].T.ravel() for name, column in of_visits.items()})
    named = number * cohort.chunk + 1 + np.arange(whole)
    of_each = np.repeat(named, len(cohort.visit_days))
    return Chunk({"person": named, **_joined(people)}, {"person": of_each, **_joined(visits)}, tried)


def _batch(cohort: Cohort, number: int, batch: int) -> tuple[Values, dict[str, Values], dict[str, Values]]:
    """Who comes of as many people as a chunk holds, and the columns of all of them."""
    people, twitches, answers, measures = (
        default_rng(SeedSequence(cohort.seed, spawn_key=(number, batch, purpose))) for purpose in range(4)
    )
    patients = draw(cohort.chunk, cohort.weeks, people, cohort.world)
    found = _followed(cohort, patients, twitches)
    visits = visit_rows(patients, found, cohort.visit_days, cohort.session_days, answers, measures)
    said = visits["pain_reported"]
    came = np.flatnonzero(said[0] >= cohort.world.number("enrolled from"))
    return came, people_rows(patients, found, said, cohort.visit_days, cohort.session_days), visits


def _followed(cohort: Cohort, patients: Patients, rng: Generator) -> Trajectory:
    """From the earliest onset to the last visit."""
    before, weeks, network = patients.first * WEEK, patients.weeks, circle()
    at = [m for m in NEEDLED[cohort.needle] if cohort.world.needle]
    # Drawn for every muscle, needled or not: the same chance falls to a person under every treatment.
    chance = rng.random((len(cohort.session_days), network.muscles, patients.count))
    draws = np.full_like(chance, NOT_NEEDLED)
    draws[:, at] = chance[:, at]
    course = Course(
        network,
        weeks * WEEK,
        before + cohort.visit_days,
        **patients.inputs(slice(0, weeks)),
        events=before + cohort.session_days,
        draws=draws,
    )
    return run(network, course, patients.parameters)


def _joined(parts: list[dict[str, Values]]) -> dict[str, Values]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _within(name: str, value: int, least: int, most: int) -> None:
    if not isinstance(value, int | np.integer) or not least <= value <= most:
        raise MechanismError(f"'{name}' is {value}. Give a whole number from {least} to {most}.")
