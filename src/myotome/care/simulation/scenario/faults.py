"""What is impossible in a scenario: every fault with its place, the rule and the remedy."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator
from functools import partial

from myotome.care.examination.checks import shortened
from myotome.care.simulation.person.body import Body
from myotome.care.simulation.scenario.schedule import (
    DRAWN,
    EXPECTED,
    LIMB,
    LONGEST,
    MOST_SCHEDULES,
    MOST_SESSIONS,
    PLACES,
    SHORTEST,
    Context,
    Scenario,
    Schedule,
    Session,
    Span,
)
from myotome.errors import CaseProblem, MechanismError
from myotome.mechanism.parameters import Parameters, Row, possible, reading_table


def faults(scenario: Scenario, body: Body) -> list[CaseProblem]:
    """Everything that keeps a scenario from being followed; empty where nothing does."""
    end = scenario.days if SHORTEST <= scenario.days <= LONGEST else LONGEST  # a bad end is said once, not of every day
    found = list(_person(scenario, end, body))
    if len(scenario.schedules) > MOST_SCHEDULES:
        text = f"{len(scenario.schedules)} schedules; at most {MOST_SCHEDULES} are compared. Split the file."
        return [*found, CaseProblem("schedules", text)]
    names = [schedule.name for schedule in scenario.schedules]
    for number, schedule in enumerate(scenario.schedules):
        at = f"schedules[{number}]"
        if schedule.name in names[:number]:
            found.append(CaseProblem(at, f"the name '{schedule.name}' is given twice. Give each schedule its own."))
        found.extend(_schedule(schedule, end, body, at))
        found.extend(_limbless(scenario, schedule, body, at))
    return found


def _person(scenario: Scenario, end: float, body: Body) -> Iterator[CaseProblem]:
    if not SHORTEST <= scenario.days <= LONGEST:
        text = f"the story ends on day {scenario.days:.9g}. It ends on a day from {SHORTEST:g} to {LONGEST:g}."
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
            yield CaseProblem(f"{at}.days", f"the disruption lasts {one.days:.9g} days. It lasts longer than 0 days.")
        yield from _share(one.strength, f"{at}.strength", 1.0)
    yield from _repair(scenario)
    yield from _context(scenario.context)
    yield from _parameters(scenario.parameters)


def _parameters(changed: tuple[tuple[str, float], ...]) -> Iterator[CaseProblem]:
    """Each number by itself; then, where each is possible, all of them together."""
    found: list[CaseProblem] = []
    for name, value in changed:
        found.extend(_named(partial(possible, name, value), f"parameters.{shortened(name)}"))
    yield from found or _named(partial(Parameters, **dict(changed)), "parameters")


def _repair(scenario: Scenario) -> Iterator[CaseProblem]:
    yield from _share(scenario.repair.closing, "repair.closing", 1.0)
    yield from _share(scenario.repair.least, "repair.least", 1.0)
    if 0.0 <= scenario.repair.closing < scenario.repair.least <= 1.0:
        text = (
            f"least is {scenario.repair.least:.9g} and closing is {scenario.repair.closing:.9g}. "
            "Repair widens the room: give a least that is not above closing."
        )
        yield CaseProblem("repair.least", text)
    if not scenario.repair.time > 0.0:
        text = f"repair takes {scenario.repair.time:.9g} days. Its time constant is longer than 0 days."
        yield CaseProblem("repair.time", text)


def _context(context: Context) -> Iterator[CaseProblem]:
    for name in ("dose", "time", "most"):
        value, row = getattr(context, name), reading_table()[f"context_{name}"]
        if value is not None and not row.least <= value <= row.most:
            yield CaseProblem(f"context.{name}", _outside(value, row))


def _outside(value: float, row: Row) -> str:
    unit = "" if row.unit == "1" else f" {row.unit}"
    return f"{value:g}{unit} is outside {row.least:g} to {row.most:g}. {row.words}"


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
    warmed = (
        (*_day(day, end, f"{at}.warmth", "heat is put on"), *_share(amount, f"{at}.warmth", 10.0))
        for day, amount in schedule.heat
    )
    yield from next((wrong for wrong in warmed if wrong), ())  # one row puts heat on many times: said once


def _sessions(sessions: tuple[Session, ...], end: float, body: Body, at: str) -> Iterator[CaseProblem]:
    """Faults of the sessions; what many share, such as an unknown muscle, is said once."""
    said: set[str] = set()
    for number, session in enumerate(sessions):
        for problem in _session(session, end, body, f"{at}.sessions[{number}]", said):
            same = "late" if session.day >= end and "is held" in problem.message else problem.message
            if same not in said:
                yield problem
            said.add(same)
    # Whole days: what more than one needling in a day does is not known, and the mechanism would not bound it.
    days = [math.floor(session.day) for session in sessions if math.isfinite(session.day)]
    twice = next((number for number, day in enumerate(days) if day in days[:number]), None)
    if twice is not None:
        text = f"there are two sessions on day {days[twice]}. Keep one, or put both into one."
        yield CaseProblem(f"{at}.sessions[{twice}]", text)


def _limbless(scenario: Scenario, schedule: Schedule, body: Body, at: str) -> Iterator[CaseProblem]:
    """A needle to the limb of roots that have none would needle nothing: a sham that is not called one."""
    levels = []
    for one in scenario.disruptions:
        with contextlib.suppress(MechanismError):  # an unknown level is said of its disruption
            levels.append(body.level(one.level, one.side))
    if not levels or any(body.limb_of(level) for level in levels):
        return
    for number, session in enumerate(schedule.sessions):
        if session.needled == LIMB and not session.sham:
            names = " and ".join(dict.fromkeys(body.levels[level][0] for level in levels))
            text = f"{names}: no muscle away from the spine to needle. Use spine, or name muscles."
            yield CaseProblem(f"{at}.sessions[{number}]", text)
            return


def _session(session: Session, end: float, body: Body, at: str, said: set[str]) -> Iterator[CaseProblem]:
    yield from _day(session.day, end, at, "a session is held")
    yield from _share(session.heat, f"{at}.heat", 10.0)
    if isinstance(session.needled, str):
        if session.needled not in PLACES:
            yield CaseProblem(at, f"needle is '{session.needled}'; use {', '.join(PLACES)}, or a list of muscles.")
        return
    if not session.needled and not session.sham:
        yield CaseProblem(at, "no muscle is named. Name what is needled, or call the session a sham.")
    for name, side in session.needled:
        if f"{name} {side}" not in said:  # looked up once, however many sessions needle it
            said.add(f"{name} {side}")
            yield from _named(partial(body.muscle, name, side), at)


def _span(span: Span, end: float, most: float, at: str) -> Iterator[CaseProblem]:
    yield from _day(span.from_day, end, at, "it begins")
    if not span.to_day > span.from_day:
        yield CaseProblem(
            at, f"it runs from day {span.from_day:.9g} to {span.to_day:.9g}. It must end after it begins."
        )
    yield from _share(span.amount, at, most)


def _day(day: float, end: float, at: str, what: str) -> Iterator[CaseProblem]:
    if not 0.0 <= day < end:
        yield CaseProblem(at, f"{what} on day {day:.9g}. Days run from 0 to before the end, day {end:.9g}.")


def _share(value: float, at: str, most: float) -> Iterator[CaseProblem]:
    if not 0.0 <= value <= most:
        yield CaseProblem(at, f"{value:g} is no amount that can be used. It lies between 0 and {most:g}.")


def _named(look: Callable[[], object], at: str) -> Iterator[CaseProblem]:
    try:
        look()
    except MechanismError as error:
        yield CaseProblem(at, str(error))
