"""Schedules as they are written in a scenario file: day by day, or 'six sessions, every seven days'."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from myotome.care.examination.checks import only_keys, shortened
from myotome.care.examination.vocabulary import side_within
from myotome.care.simulation.scenario.schedule import (
    BOTH,
    MOST_SCHEDULES,
    MOST_SESSIONS,
    PLACES,
    Muscles,
    Schedule,
    Session,
    Span,
)
from myotome.care.simulation.scenario.values import (
    MOST_ROWS,
    Problems,
    as_written,
    listed,
    number,
    number_in,
    words_in,
)
from myotome.errors import CaseProblem

MOST_NEEDLED = 200  # muscles named at one session
MOST_HEATED = 400  # times that one row puts heat on
OFTEN = 0.01  # days; heat that comes sooner again is a slip of the keyboard
KEYS = (
    "name", "first", "every", "sessions", "days", "needle", "sham", "heat", "exercise", "stretch", "warmth", "medicine",
)  # fmt: skip
SPANS = {"exercise": "share", "stretch": "release", "medicine": "share"}


def side_in(row: Mapping[Any, Any], at: str, problems: Problems) -> str:
    """The side of a row, left or right."""
    side = {"l": "left", "r": "right"}.get(str(row.get("side")).lower(), str(row.get("side")).lower())
    if side not in ("left", "right"):
        problems.append(CaseProblem(f"{at}.side", f"side is '{as_written(row.get('side'))}'; use left or right."))
        return "right"
    return side


def schedules_in(value: Any, side: str, problems: Problems) -> tuple[Schedule, ...]:
    """The schedules; ``side`` is meant where a muscle is named without one, '' where it must be said."""
    rows = listed(value, "schedules", MOST_SCHEDULES, problems)
    return tuple(_schedule(row, at, side, problems) for at, row in rows)


def _schedule(row: Mapping[Any, Any], at: str, side: str, problems: Problems) -> Schedule:
    only_keys(row, KEYS, at, problems)
    name = words_in(row, "name", at, "", problems)
    if row.get("name") in (None, ""):
        text = "a schedule has no name. Name each, as the table and figure will show it."
        problems.append(CaseProblem(f"{at}.name", text))
    spans = {key: _spans(row.get(key), f"{at}.{key}", amount, problems) for key, amount in SPANS.items()}
    return Schedule(
        name=shortened(name),
        sessions=_sessions(row, at, side, problems),
        movement=spans["exercise"],
        stretch=spans["stretch"],
        heat=_warmth(row.get("warmth"), f"{at}.warmth", problems),
        mask=spans["medicine"],
    )


def _sessions(row: Mapping[Any, Any], at: str, side: str, problems: Problems) -> tuple[Session, ...]:
    """Written out one by one, as a list of days, or as a number of sessions so many days apart."""
    if _said_twice(row, at, problems):
        return ()
    written = row.get("sessions")
    if isinstance(written, list):
        found = []
        for here, one in listed(written, f"{at}.sessions", MOST_SESSIONS, problems):
            only_keys(one, ("day", "needle", "sham", "heat"), here, problems)
            if one.get("day") is None:
                problems.append(CaseProblem(here, "a session has no day. Give each its 'day'."))
            found.append(_session({**row, **one}, number_in(one, "day", here, problems), here, side, problems))
        return tuple(found)
    return tuple(_session(row, day, at, side, problems) for day in _days(row, at, problems))


def _said_twice(row: Mapping[Any, Any], at: str, problems: Problems) -> bool:
    """Whether two ways of saying when sessions are held stand in one schedule; one of them would be ignored."""
    given = [key for key in ("days", "sessions", "first", "every") if row.get(key) is not None]
    whole = [key for key in given if key == "days" or isinstance(row.get(key), list)]
    if not whole or len(given) == 1:
        return False
    other = next(key for key in given if key != whole[0])
    text = f"'{whole[0]}' and '{other}' both say when sessions are held. Keep one of the two."
    problems.append(CaseProblem(f"{at}.{whole[0]}", text))
    return True


def _days(row: Mapping[Any, Any], at: str, problems: Problems) -> list[float]:
    days = row.get("days")
    if isinstance(days, list):
        if len(days) > MOST_SESSIONS:
            text = f"there are {len(days):,} days; at most {MOST_SESSIONS} sessions are followed. Leave some out."
            problems.append(CaseProblem(f"{at}.days", text))
            return []
        return [day for day in (number(day, f"{at}.days", problems) for day in days) if day is not None]
    if days is not None:
        problems.append(CaseProblem(f"{at}.days", f"days is '{as_written(days)}'; give a list, such as [56, 63]."))
        return []
    count = _count(row.get("sessions"), f"{at}.sessions", problems)
    if count and row.get("first") is None:
        problems.append(CaseProblem(f"{at}.first", "the day of the first session is missing. Give 'first'."))
    first, gap = number_in(row, "first", at, problems), number_in(row, "every", at, problems, 7.0)
    if not gap > 0.0:
        text = f"the next session comes after {gap:.9g} days. 'every' is more than 0, such as 7."
        problems.append(CaseProblem(f"{at}.every", text))
        return []
    return [first + gap * place for place in range(count)]


def _count(value: Any, at: str, problems: Problems) -> int:
    """How many sessions; 0 with a problem where it is not said, or no number of sessions."""
    if value is None:
        text = "it does not say what is done. Give 'days', or 'first', 'every' and how many 'sessions' (0: none)."
        problems.append(CaseProblem(at, text))
        return 0
    whole = isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1
    if not (whole and 0 <= value <= MOST_SESSIONS):
        text = f"sessions is '{as_written(value)}'; use a whole number from 0 to {MOST_SESSIONS}, or list them."
        problems.append(CaseProblem(at, text))
        return 0
    return int(value)


def _session(row: Mapping[Any, Any], day: float, at: str, side: str, problems: Problems) -> Session:
    sham = row.get("sham", False)
    if not isinstance(sham, bool):
        problems.append(CaseProblem(f"{at}.sham", f"sham is '{as_written(sham)}'; use true or false."))
    needled = _needle(row.get("needle", BOTH), f"{at}.needle", side, problems)
    return Session(day, needled, sham is True, number_in(row, "heat", at, problems))


def _needle(value: Any, at: str, side: str, problems: Problems) -> str | Muscles:
    if isinstance(value, str) and value.strip().lower() in PLACES:
        return value.strip().lower()
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not value or not all(isinstance(name, str) for name in value):
        text = f"'{as_written(value)}' is nothing to needle; use {', '.join(PLACES)}, or a list of muscles."
        problems.append(CaseProblem(at, text))
        return BOTH
    if len(value) > MOST_NEEDLED:
        text = f"there are {len(value):,} names; at most {MOST_NEEDLED} muscles are needled. Leave some out."
        problems.append(CaseProblem(at, text))
        return BOTH
    found: list[tuple[str, str]] = []
    for written in value:
        name, own = side_within(written.replace(",", " "))
        if not (own or side):
            problems.append(CaseProblem(at, f"'{shortened(written)}' has no side. Write it as 'right biceps'."))
        sides = ("left", "right") if own == "both" else (own or side or "right",)
        found.extend((name, one) for one in sides)
    return tuple(found)


def _spans(value: Any, at: str, amount: str, problems: Problems) -> tuple[Span, ...]:
    found = []
    for here, row in listed([value] if isinstance(value, Mapping) else value, at, MOST_ROWS, problems):
        only_keys(row, ("from", "to", amount), here, problems)
        missing = [key for key in ("from", "to", amount) if row.get(key) is None]
        if missing:
            problems.append(CaseProblem(here, f"'{missing[0]}' is missing. Give 'from', 'to' and '{amount}'."))
            continue
        found.append(Span(*(number_in(row, key, here, problems) for key in ("from", "to", amount))))
    return tuple(found)


def _warmth(value: Any, at: str, problems: Problems) -> tuple[tuple[float, float], ...]:
    """Heat at home: on a day, or every so many days from one day to another."""
    found: list[tuple[float, float]] = []
    for here, row in listed([value] if isinstance(value, Mapping) else value, at, MOST_ROWS, problems):
        only_keys(row, ("from", "to", "every", "amount"), here, problems)
        if row.get("from") is None:
            problems.append(CaseProblem(here, "'from' is missing. Give the day on which heat is first put on."))
            continue
        first, amount = number_in(row, "from", here, problems), number_in(row, "amount", here, problems, 1.0)
        last, every = number_in(row, "to", here, problems, first), number_in(row, "every", here, problems, 1.0)
        if fault := _unwarmable(first, last, every):
            problems.append(CaseProblem(here, fault))
            continue
        found.extend((first + every * time, amount) for time in range(int((last - first) / every + 1e-9) + 1))
    return tuple(found)


def _unwarmable(first: float, last: float, every: float) -> str:
    """Why heat cannot be put on like this; empty where it can."""
    if last < first:
        return f"it runs from day {first:.9g} to {last:.9g}. It must not end before it begins."
    if every < OFTEN:
        return f"heat every {every:.9g} days is too often. Give an 'every' of {OFTEN:g} days or more."
    if (last - first) / every > MOST_HEATED:
        return (
            f"heat every {every:.9g} days, day {first:.9g} to {last:.9g}, is more than {MOST_HEATED} times. End sooner."
        )
    return ""
