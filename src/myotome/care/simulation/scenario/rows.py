"""Schedules as they are written in a scenario file: day by day, or 'six sessions, every seven days'."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from myotome.care.examination.case import SIDES
from myotome.care.examination.checks import kind_of, number_of, only_keys, shortened
from myotome.care.examination.vocabulary import side_within
from myotome.care.simulation.scenario.schedule import (
    BOTH,
    MOST_SESSIONS,
    PLACES,
    Muscles,
    Schedule,
    Session,
    Span,
)
from myotome.errors import CaseProblem

FAR = 1e9  # a number beyond this is a slip of the keyboard
KEYS = (
    "name", "first", "every", "sessions", "days", "needle", "sham", "heat", "exercise", "stretch", "warmth", "medicine",
)  # fmt: skip
SPANS = {"exercise": "share", "stretch": "release", "medicine": "share"}
Problems = list[CaseProblem]


def listed(value: Any, at: str, problems: Problems) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    """The rows of a list of mappings, each with its place."""
    if value is None:
        return
    if not isinstance(value, list):
        problems.append(CaseProblem(at, f"'{at}' is {kind_of(value)}; it must be a list, one a line."))
        return
    for number, row in enumerate(value[: 10 * MOST_SESSIONS]):
        if isinstance(row, Mapping):
            yield f"{at}[{number}]", row
        else:
            problems.append(CaseProblem(f"{at}[{number}]", f"this is {kind_of(row)}; it must be a mapping."))


def side_in(row: Mapping[Any, Any], at: str, problems: Problems) -> str:
    """The side of a row, left or right."""
    side = {"l": "left", "r": "right"}.get(str(row.get("side")).lower(), str(row.get("side")).lower())
    if side not in ("left", "right"):
        problems.append(CaseProblem(f"{at}.side", f"side is '{shortened(row.get('side'))}'; use left or right."))
    return side if side in SIDES else "right"


def schedules_in(value: Any, side: str, problems: Problems) -> tuple[Schedule, ...]:
    """The schedules; ``side`` is meant where a muscle is named without one, '' where it must be said."""
    rows = listed(value, "schedules", problems)
    return tuple(_schedule(row, at, side, problems) for at, row in rows)


def _schedule(row: Mapping[Any, Any], at: str, side: str, problems: Problems) -> Schedule:
    only_keys(row, KEYS, at, problems)
    if not row.get("name"):
        problems.append(
            CaseProblem(f"{at}.name", "a schedule has no name. Name each, as the table and figure will show it.")
        )
    spans = {key: _spans(row.get(key), f"{at}.{key}", amount, problems) for key, amount in SPANS.items()}
    return Schedule(
        name=str(row.get("name"))[:60],
        sessions=_sessions(row, at, side, problems),
        movement=spans["exercise"],
        stretch=spans["stretch"],
        heat=_warmth(row.get("warmth"), f"{at}.warmth", problems),
        mask=spans["medicine"],
    )


def _sessions(row: Mapping[Any, Any], at: str, side: str, problems: Problems) -> tuple[Session, ...]:
    """Written out one by one, as a list of days, or as a number of sessions so many days apart."""
    written = row.get("sessions")
    if isinstance(written, list):
        found = []
        for here, one in listed(written, f"{at}.sessions", problems):
            only_keys(one, ("day", "needle", "sham", "heat"), here, problems)
            if one.get("day") is None:
                problems.append(CaseProblem(here, "a session has no day. Give each its 'day'."))
            found.append(_session({**row, **one}, _number(one, "day", here, problems), here, side, problems))
        return tuple(found)
    return tuple(_session(row, day, at, side, problems) for day in _days(row, at, problems))


def _days(row: Mapping[Any, Any], at: str, problems: Problems) -> list[float]:
    if isinstance(row.get("days"), list):
        found = [number_of(d, f"{at}.days", -FAR, FAR, "days from the start", problems) for d in row["days"]]
        return [day for day in found[: MOST_SESSIONS + 1] if day is not None]
    count = number_of(row.get("sessions"), f"{at}.sessions", 0, MOST_SESSIONS, "sessions", problems)
    if count is None or count != int(count):
        text = "it does not say what is done. Give 'days', or 'first', 'every' and how many 'sessions' (0: none)."
        problems.append(CaseProblem(f"{at}.sessions", text))
        return []
    if count and row.get("first") is None:
        problems.append(CaseProblem(f"{at}.first", "the day of the first session is missing. Give 'first'."))
    first, gap = _number(row, "first", at, problems), _number(row, "every", at, problems, 7.0)
    return [first + gap * number for number in range(int(count))]


def _session(row: Mapping[Any, Any], day: float, at: str, side: str, problems: Problems) -> Session:
    sham = row.get("sham", False)
    if not isinstance(sham, bool):
        problems.append(CaseProblem(f"{at}.sham", f"sham is '{shortened(sham)}'; use true or false."))
    heat = row.get("heat") if row.get("heat") is not None else 0.0
    amount = number_of(heat, f"{at}.heat", -FAR, FAR, "1 warms as a full twitch", problems) or 0.0
    return Session(day, _needle(row.get("needle", BOTH), f"{at}.needle", side, problems), sham is True, amount)


def _needle(value: Any, at: str, side: str, problems: Problems) -> str | Muscles:
    if isinstance(value, str) and value.strip().lower() in PLACES:
        return value.strip().lower()
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not value or not all(isinstance(name, str) for name in value):
        text = f"'{shortened(value)}' is nothing to needle; use {', '.join(PLACES)}, or a list of muscles."
        problems.append(CaseProblem(at, text))
        return BOTH
    found: list[tuple[str, str]] = []
    for written in value[:MOST_SESSIONS]:
        name, own = side_within(written.replace(",", " "))
        if not (own or side):
            problems.append(CaseProblem(at, f"'{shortened(written)}' has no side. Write it as 'right biceps'."))
        sides = ("left", "right") if own == "both" else (own or side or "right",)
        found.extend((name, one) for one in sides)
    return tuple(found)


def _spans(value: Any, at: str, amount: str, problems: Problems) -> tuple[Span, ...]:
    found = []
    for here, row in listed([value] if isinstance(value, Mapping) else value, at, problems):
        only_keys(row, ("from", "to", amount), here, problems)
        missing = [key for key in ("from", "to", amount) if row.get(key) is None]
        if missing:
            problems.append(CaseProblem(here, f"'{missing[0]}' is missing. Give 'from', 'to' and '{amount}'."))
            continue
        found.append(Span(*(_number(row, key, here, problems) for key in ("from", "to", amount))))
    return tuple(found)


def _warmth(value: Any, at: str, problems: Problems) -> tuple[tuple[float, float], ...]:
    """Heat at home: on a day, or every so many days from one day to another."""
    found: list[tuple[float, float]] = []
    for here, row in listed([value] if isinstance(value, Mapping) else value, at, problems):
        only_keys(row, ("from", "to", "every", "amount"), here, problems)
        first, amount = _number(row, "from", here, problems), _number(row, "amount", here, problems, 1.0)
        last, every = _number(row, "to", here, problems, first), _number(row, "every", here, problems, 1.0)
        if every <= 0.0 or (last - first) / every > 2 * MOST_SESSIONS:
            text = f"heat every {every:g} days, day {first:g} to {last:g}, is more than {2 * MOST_SESSIONS} times."
            problems.append(CaseProblem(here, text))
            continue
        found.extend((float(day), amount) for day in np.arange(first, last + 1e-9, every))
    return tuple(found)


def _number(row: Mapping[Any, Any], key: str, at: str, problems: Problems, default: float = 0.0) -> float:
    value = number_of(row.get(key), f"{at}.{key}", -FAR, FAR, "a plain number", problems)
    return default if value is None else value
