"""A scenario and a schedule as the inputs and events of the mechanism."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from myotome.care.simulation.person.body import Body
from myotome.care.simulation.person.part import Part
from myotome.care.simulation.scenario.schedule import BOTH, DRAWN, LIMB, SPINE, Scenario, Schedule, Session, Span
from myotome.mechanism.course import Course
from myotome.mechanism.events import EXPECTED as MEAN_RESPONSE
from myotome.mechanism.events import NOT_NEEDLED
from myotome.mechanism.network import Floats

REPAIR_STEP = 7.0  # days; the room around a root widens in weekly steps
SOON = (0.25, 0.5, 0.75, 1.25, 1.5)  # days after a session that are looked at besides whole days


@dataclass(frozen=True, slots=True)
class Touched:
    """Numbers in the whole body: the level of each disruption, what each session needles, what heat at home warms."""

    causes: tuple[int, ...]
    needled: tuple[tuple[int, ...], ...]
    warm: tuple[int, ...]


def touched(scenario: Scenario, schedule: Schedule, body: Body) -> Touched:
    """What a scenario and a schedule touch.

    Raises:
        MechanismError: a level or muscle has no such name.
    """
    roots = tuple(body.level(one.level, one.side) for one in scenario.disruptions)
    needled = tuple(_needled(session, roots, body) for session in schedule.sessions)
    return Touched(roots, needled, _places(BOTH, roots, body))


def _needled(session: Session, roots: Sequence[int], body: Body) -> tuple[int, ...]:
    if session.sham:
        return ()
    if isinstance(session.needled, str):
        return _places(session.needled, roots, body)
    return tuple(body.muscle(name, side) for name, side in session.needled)


def _places(place: str, roots: Sequence[int], body: Body) -> tuple[int, ...]:
    limb = [m for root in roots for m in body.limb_of(root)] if place in (LIMB, BOTH) else []
    spine = [body.paraspinal(root) for root in roots] if place in (SPINE, BOTH) else []
    return tuple(dict.fromkeys((*spine, *limb)))


def days_looked_at(end: float, sessions: Sequence[float], every: float) -> Floats:
    """Days at which the states are read: every so often, at the end, and before and soon after each session."""
    near = [day + later for day in sessions for later in (0.0, *SOON)]
    days = np.unique(np.round(np.concatenate([np.arange(0.0, end, every), near, [end]]), 9))
    return np.asarray(days[days <= end])


def course_of(scenario: Scenario, schedule: Schedule, part: Part, meant: Touched, days: Floats) -> Course:
    """The course of the part of the body concerned, read at ``days``."""
    edges = _edges(scenario, schedule)
    middle = (edges[:-1] + edges[1:]) / 2.0
    free = np.ones((len(middle), len(part.levels)))
    for one, root in zip(scenario.disruptions, meant.causes, strict=True):
        during = (middle >= one.from_day) & (middle < one.from_day + one.days)
        free[during, part.kept_levels.index(root)] *= 1.0 - one.strength
    repair = scenario.repair
    room = repair.least + (repair.closing - repair.least) * np.exp(-middle / repair.time)
    events, draws, heat = _events(scenario, schedule, part, meant)
    return Course(
        part.network,
        scenario.days,
        days,
        1.0 - free[..., None],
        edges=edges,
        closing=np.repeat(room[:, None, None], len(part.levels), axis=1),
        movement=amounts(schedule.movement, middle)[:, None],
        stretch=amounts(schedule.stretch, middle)[:, None],
        events=events,
        draws=draws[..., None],
        heat=heat[..., None],
    )


def amounts(spans: Sequence[Span], days: Floats) -> Floats:
    """(days,) how much of something acts on each day; the strongest where spans overlap."""
    found = np.zeros(len(days))
    for span in spans:
        during = (days >= span.from_day) & (days < span.to_day)
        found[during] = np.maximum(found[during], span.amount)
    return found


def _edges(scenario: Scenario, schedule: Schedule) -> Floats:
    given = [0.0, scenario.days]
    given += [day for one in scenario.disruptions for day in (one.from_day, one.from_day + one.days)]
    given += [day for span in (*schedule.movement, *schedule.stretch) for day in (span.from_day, span.to_day)]
    weekly = np.arange(0.0, scenario.days, REPAIR_STEP) if np.isfinite(scenario.repair.time) else np.zeros(0)
    edges = np.unique(np.round(np.concatenate([given, weekly]), 9))
    return np.asarray(edges[edges <= round(scenario.days, 9)])


def _events(scenario: Scenario, schedule: Schedule, part: Part, meant: Touched) -> tuple[Floats, Floats, Floats]:
    """Days with needles, a sham or heat; who is needled how; what is warmed. All (events, ...)."""
    held = np.round([session.day for session in schedule.sessions], 9)
    warmed = np.round([day for day, _ in schedule.heat], 9)
    events = np.unique(np.concatenate([held, warmed]))
    here = {number: place for place, number in enumerate(part.kept)}
    draws = np.full((len(events), len(here)), NOT_NEEDLED)
    heat = np.zeros_like(draws)
    chance = np.random.default_rng(scenario.seed).random((len(held), part.whole))
    for number, (session, muscles) in enumerate(zip(schedule.sessions, meant.needled, strict=True)):
        at, hit = np.searchsorted(events, held[number]), [here[m] for m in muscles]
        draws[at, hit] = chance[number, list(muscles)] if scenario.twitches == DRAWN else MEAN_RESPONSE
        heat[at, hit] += session.heat
    for day, (_, amount) in zip(warmed, schedule.heat, strict=True):
        heat[np.searchsorted(events, day), [here[m] for m in meant.warm]] += amount
    return events, draws, heat
