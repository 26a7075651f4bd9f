"""What the page of the mechanism says: rows of data/mechanism.toml, and which of them fits a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from myotome.facts.kept import Table, kept
from myotome.facts.tables import rows
from myotome.mechanism.network import Floats

HERE = "myotome.web"


@dataclass(frozen=True, slots=True)
class Days:
    """What one run showed, each (days,), one value a whole day.

    ``cause`` and the states are 0..1, ``pain`` is 0..10, ``twitch`` is -1 on days without needles.
    """

    cause: Floats
    nerve: Floats
    sensitivity: Floats
    shortening: Floats
    spine: Floats
    pain: Floats
    twitch: Floats


@kept
def words() -> Mapping[str, tuple[Mapping[str, Any], ...]]:
    """The rows by table: story, spine, region, station, shortcut, part, moment, trial, gap, try."""
    tables = ("story", "spine", "region", "station", "shortcut", "part", "moment", "trial", "gap", "try")
    return Table({table: tuple(Table(row) for _, row, _ in rows(HERE, "mechanism", table)) for table in tables})


@kept
def numbers() -> Mapping[str, float]:
    """The numbers of the page by name."""
    return Table({row["name"]: float(row["value"]) for _, row, _ in rows(HERE, "mechanism", "number")})


def plain(table: str, name: str) -> str:
    """The plain words of a row; the name itself where it has none."""
    return next((str(row["plain"]) for row in words()[table] if row["name"] == name), name)


def told(days: Days, spine: str) -> list[tuple[int, str]]:
    """The sentence of every stretch of days: (first day, what happens now). ``spine`` is the part of the spine."""
    said: list[tuple[int, str]] = []
    released = False
    for day in range(len(days.pain)):
        squeezes = days.spine[day] >= numbers()["squeezes from"]
        name = _needled(days, day) or _unneedled(days, day, bool(squeezes), released)
        released = released or (not squeezes and _after_peak(days, day))
        if not said or said[-1][1] != name:
            said.append((day, name))
    return [(day, plain("moment", name).replace("{spine}", spine)) for day, name in said]


def _needled(days: Days, day: int) -> str:
    """What a session, or the day after it, is called; empty on other days."""
    if days.twitch[day] >= 0.0:
        return "needled" if days.twitch[day] >= numbers()["twitches from"] else "quiet needle"
    sore = day > 0 and days.twitch[day - 1] >= 0.0 and days.pain[day] >= numbers()["hurts from"]
    return "sore" if sore else ""


def _unneedled(days: Days, day: int, squeezes: bool, released: bool) -> str:
    """The first of these that is true."""
    n = numbers()
    tight = max(days.shortening[day], days.spine[day]) >= n["tight from"]
    cause = days.cause[day] > 0.0
    rules = (
        (cause and squeezes, "closing"),
        (cause and tight, "tight"),
        (cause and days.sensitivity[day] >= n["calm below"], "sensitive"),
        (cause, "disturbed"),
        (squeezes and released, "returned"),
        (squeezes, _squeezed(days, day)),
        (days.nerve[day] >= n["tight from"], "let go"),
        (tight, "limb left"),
        (days.pain[day] >= n["hurts from"], "fading"),
        (days.nerve[day] >= n["calm below"], "nearly"),
        (days.pain[:day].max(initial=0.0) >= n["hurts from"], "over"),
        (True, "healthy"),
    )
    return next(name for holds, name in rules if holds)


def _squeezed(days: Days, day: int) -> str:
    """While the root is squeezed: before all needles, soon after some, or long after the last."""
    held = np.flatnonzero(days.twitch[:day] >= 0.0)
    if not held.size:
        return "holds"
    soon = day - held[-1] <= numbers()["eases for"] or np.any(days.twitch[day:] >= 0.0)
    return "easing" if soon else "too little"


def _after_peak(days: Days, day: int) -> bool:
    """Whether the muscle beside the spine has squeezed before this day."""
    return bool(np.any(days.spine[:day] >= numbers()["squeezes from"]))
