"""Follow one simulated person through a schedule, on the part of the body that is concerned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from myotome.care.simulation.person.body import Body
from myotome.care.simulation.person.part import Part, part_of
from myotome.care.simulation.scenario.faults import faults
from myotome.care.simulation.scenario.inputs import amounts, course_of, days_looked_at, touched
from myotome.care.simulation.scenario.schedule import Context, Disruption, Repair, Scenario, Schedule, Session, Span
from myotome.errors import MechanismError
from myotome.mechanism import readings
from myotome.mechanism.context import context, reported
from myotome.mechanism.course import Course
from myotome.mechanism.grid import FINE, Steps
from myotome.mechanism.network import Floats
from myotome.mechanism.parameters import Parameters
from myotome.mechanism.run import OUTCOMES, Trajectory, run

__all__ = [
    "Context", "Disruption", "Followed", "Repair", "Scenario", "Schedule", "Session", "Span", "follow",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Followed:
    """What became of a person under one schedule; every array without an axis of people.

    ``days`` (readings,) with a reading just before each session; ``pain`` and ``range`` (readings, regions) 0..10
    and %; ``worst`` (readings,) pain of the worst region; ``context`` and ``masked`` (readings,) shares that are not
    felt; ``twitches`` (sessions, muscles); ``muscles`` (readings, 10, muscles) and ``levels`` (readings, 2, levels)
    the states. Numbers of muscles, levels and regions are those of ``part``.
    """

    scenario: Scenario
    schedule: Schedule
    part: Part
    trajectory: Trajectory
    days: Floats
    pain: Floats
    worst: Floats
    range: Floats
    context: Floats
    masked: Floats
    twitches: Floats
    muscles: Floats
    levels: Floats

    @property
    def sessions(self) -> Floats:
        """(sessions,) their days."""
        return np.array([session.day for session in self.schedule.sessions])

    @property
    def before(self) -> list[int]:
        """Numbers of the readings just before each session."""
        return [int(n) for n in np.searchsorted(self.days, np.round(self.sessions, 9))]

    @cached_property
    def reported(self) -> Floats:
        """(readings,) pain of the worst region as the person reports it: what context and medicine leave."""
        return reported(self.worst, self.context, self.masked)

    @cached_property
    def own_pain(self) -> Floats:
        """(readings, muscles) pain that each muscle would give if it were alone, 0..10."""
        net = self.part.network
        return np.stack([readings.pain(readings.drive(net, state))[:, 0] for state in self.trajectory.states])

    @cached_property
    def strength(self) -> Floats:
        """(readings, muscles) % of full."""
        return np.stack([readings.strength(state)[:, 0] for state in self.trajectory.states])

    @cached_property
    def threshold(self) -> Floats:
        """(readings, muscles) pressure-pain threshold, kPa."""
        net = self.part.network
        return np.stack([readings.threshold(net, state)[:, 0] for state in self.trajectory.states])

    @cached_property
    def skin(self) -> Floats:
        """(readings, muscles) change of skin temperature, °C."""
        return np.stack([readings.skin(state)[:, 0] for state in self.trajectory.states])


def follow(scenario: Scenario, schedule: Schedule, body: Body, *, every: float = 1.0, steps: Steps = FINE) -> Followed:
    """Follow the person of ``scenario`` through ``schedule``; looked at ``every`` so many days, and around sessions.

    Raises:
        MechanismError: the scenario or the schedule is impossible; the first fault, in a sentence.
    """
    wrong = faults(replace(scenario, schedules=(schedule,)), body)
    if wrong:
        raise MechanismError(f"{wrong[0].at}: {wrong[0].message}")
    schedule = replace(schedule, sessions=tuple(sorted(schedule.sessions, key=lambda session: session.day)))
    meant = touched(scenario, schedule, body)
    part = part_of(body, meant.causes, {*meant.warm, *(m for muscles in meant.needled for m in muscles)})
    held = [round(session.day, 9) for session in schedule.sessions]
    days = days_looked_at(scenario.days, held, every)
    course = course_of(scenario, schedule, part, meant, days)
    done = run(part.network, course, Parameters(**dict(scenario.parameters)), steps=steps, keep_states=True)
    if done.outcome[0]:
        raise MechanismError(OUTCOMES[done.outcome[0]])
    return _followed(scenario, schedule, part, done, held, course)


def _followed(
    scenario: Scenario, schedule: Schedule, part: Part, done: Trajectory, held: list[float], course: Course
) -> Followed:
    eased, events = scenario.context, np.searchsorted(course.events, held)
    return Followed(
        scenario,
        schedule,
        part,
        done,
        days=done.days,
        pain=done.pain[..., 0],
        worst=done.worst[..., 0],
        range=done.range[..., 0],
        context=context(held, done.days, dose=eased.dose, time=eased.time, most=eased.most)[:, 0],
        masked=amounts(schedule.mask, done.days),
        twitches=done.twitches[events, :, 0].astype(np.float64),
        muscles=np.stack([state.muscles[..., 0] for state in done.states]),
        levels=np.stack([state.levels[..., 0] for state in done.states]),
    )
