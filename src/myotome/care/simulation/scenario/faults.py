"""What is impossible in a scenario: every fault with its place, the rule and the remedy."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial

from myotome.care.simulation.person.body import Body
from myotome.care.simulation.scenario.schedule import (
    DRAWN,
    EXPECTED,
    LONGEST,
    MOST_SCHEDULES,
    MOST_SESSIONS,
    PLACES,
    Context,
    Scenario,
    Schedule,
    Session,
    Span,
)
from myotome.errors import CaseProblem, MechanismError
from myotome.mechanism.parameters import Parameters, Row, reading_table


def faults(scenario: Scenario, body: Body) -> list[CaseProblem]:
    """Everything that keeps a scenario from being followed; empty where nothing does."""
    end = scenario.days if 0.0 < scenario.days <= LONGEST else LONGEST  # a bad end is said once, not of every day
    found = list(_person(scenario, end, body))
    if len(scenario.schedules) > MOST_SCHEDULES:
        text = f"{len(scenario.schedules)} schedules; at most {MOST_SCHEDULES} are compared. Split the file."
        found.append(CaseProblem("schedules", text))
    names = [schedule.name for schedule in scenario.schedules]
    for number, schedule in enumerate(scenario.schedules):
        at = f"schedules[{number}]"
        if schedule.name in names[:number]:
            found.append(CaseProblem(at, f"the name '{schedule.name}' is given twice. Give each schedule its own."))
        found.extend(_schedule(schedule, end, body, at))
    return found


def _person(scenario: Scenario, end: float, body: Body) -> Iterator[CaseProblem]:
    if not 0.0 < scenario.days <= LONGEST:
        text = f"the story ends on day {scenario.days:g}. It ends after day 0, within {LONGEST:g} days."
        yield CaseProblem("days", text)
    if scenario.twitches not in (EXPECTED, DRAWN):
        yield CaseProblem("twitches", f"twitches is '{scenario.twitches}'; use {EXPECTED} or {DRAWN}.")
    if not scenario.disruptions:
        text = "no nerve root is disrupted. Give at least one, with strength 0 for a healthy person."
        yield CaseProblem("disruptions", text)
    for number, one in enumerate(scenario.disruptions):
        at = f"disruptions[{number}]"
        yield from _named(partial(body.level, one.level, one.side), f"{at}.level")
        yield from _day(one.from_day, end, f"{at}.from", "the disruption begins")
        if not (math.isfinite(one.days) and one.days > 0.0):
            yield CaseProblem(f"{at}.days", f"the disruption lasts {one.days:g} days. It lasts longer than 0 days.")
        yield from _share(one.strength, f"{at}.strength", 1.0)
    yield from _repair(scenario)
    yield from _context(scenario.context)
    for name, value in scenario.parameters:
        yield from _named(partial(Parameters, **{name: value}), f"parameters.{name}")


def _repair(scenario: Scenario) -> Iterator[CaseProblem]:
    yield from _share(scenario.repair.closing, "repair.closing", 1.0)
    yield from _share(scenario.repair.least, "repair.least", 1.0)
    if not scenario.repair.time > 0.0:
        text = f"repair takes {scenario.repair.time:g} days. Its time constant is longer than 0 days."
        yield CaseProblem("repair.time", text)


def _context(context: Context) -> Iterator[CaseProblem]:
    for name in ("dose", "time", "most"):
        value, row = getattr(context, name), reading_table()[f"context_{name}"]
        if value is not None and not row.least <= value <= row.most:
            yield CaseProblem(f"context.{name}", _outside(value, row))


def _outside(value: float, row: Row) -> str:
    return f"{value:g} {row.unit} is outside {row.least:g} to {row.most:g}. {row.words}"


def _schedule(schedule: Schedule, end: float, body: Body, at: str) -> Iterator[CaseProblem]:
    if len(schedule.sessions) > MOST_SESSIONS:
        yield CaseProblem(f"{at}.sessions", f"{len(schedule.sessions)} sessions; at most {MOST_SESSIONS} are followed.")
    yield from _sessions(schedule.sessions, end, body, at)
    spans = (
        ("exercise", schedule.movement, 1.0),
        ("stretch", schedule.stretch, 20.0),
        ("medicine", schedule.mask, 1.0),
    )
    for name, found, most in spans:
        for number, span in enumerate(found):
            yield from _span(span, end, most, f"{at}.{name}[{number}]")
    for day, amount in schedule.heat:
        yield from _day(day, end, f"{at}.warmth", "heat is put on")
        yield from _share(amount, f"{at}.warmth", 10.0)


def _sessions(sessions: tuple[Session, ...], end: float, body: Body, at: str) -> Iterator[CaseProblem]:
    """Faults of the sessions; what many share, such as an unknown muscle, is said once."""
    seen: set[float] = set()
    said: set[str] = set()
    for number, session in enumerate(sessions):
        here = f"{at}.sessions[{number}]"
        late = session.day >= end
        for problem in _session(session, end, body, here):
            same = "late" if late and "is held" in problem.message else problem.message
            if same not in said:
                yield problem
            said.add(same)
        if round(session.day, 9) in seen:
            yield CaseProblem(here, f"there are two sessions on day {session.day:g}. Keep one, or put both into one.")
        seen.add(round(session.day, 9))


def _session(session: Session, end: float, body: Body, at: str) -> Iterator[CaseProblem]:
    yield from _day(session.day, end, at, "a session is held")
    yield from _share(session.heat, f"{at}.heat", 10.0)
    if isinstance(session.needled, str):
        if session.needled not in PLACES:
            yield CaseProblem(at, f"needle is '{session.needled}'; use {', '.join(PLACES)}, or a list of muscles.")
        return
    if not session.needled and not session.sham:
        yield CaseProblem(at, "no muscle is named. Name what is needled, or call the session a sham.")
    for name, side in session.needled:
        yield from _named(partial(body.muscle, name, side), at)


def _span(span: Span, end: float, most: float, at: str) -> Iterator[CaseProblem]:
    yield from _day(span.from_day, end, at, "it begins")
    if not span.to_day > span.from_day:
        yield CaseProblem(at, f"it runs from day {span.from_day:g} to {span.to_day:g}. It must end after it begins.")
    yield from _share(span.amount, at, most)


def _day(day: float, end: float, at: str, what: str) -> Iterator[CaseProblem]:
    if not 0.0 <= day < end:
        yield CaseProblem(at, f"{what} on day {day:g}. Days run from 0 to before the end, day {end:g}.")


def _share(value: float, at: str, most: float) -> Iterator[CaseProblem]:
    if not 0.0 <= value <= most:
        yield CaseProblem(at, f"{value:g} is no amount that can be used. It lies between 0 and {most:g}.")


def _named(look: Callable[[], object], at: str) -> Iterator[CaseProblem]:
    try:
        look()
    except MechanismError as error:
        yield CaseProblem(at, str(error))
