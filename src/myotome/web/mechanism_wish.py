"""What the page may ask of the mechanism, checked at the door: each fault one clear sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from myotome.anatomy.tables import anatomy
from myotome.care.simulation.scenario.schedule import PLACES
from myotome.errors import MechanismError
from myotome.web.mechanism_words import words

MOST_DAYS, LEAST_DAYS, MOST_SESSIONS, MOST_NEEDLES = 730, 28, 40, 40
SIDES = ("right", "left")
WHOLE = {  # what is a whole number: least, most, default
    "days": (LEAST_DAYS, MOST_DAYS, 280),
    "disturbed": (1, MOST_DAYS, 28),
    "sessions": (0, MOST_SESSIONS, 6),
    "every": (1, 60, 7),
    "first": (0, MOST_DAYS, 42),
}


@dataclass(frozen=True)
class Wish:
    """One run: levels and side, days to follow, how long the root is disturbed, the plan, changes by hand, parts off.

    ``edits`` replace what is needled on a day: muscles by name, none to leave the day out.
    """

    levels: tuple[str, ...]
    side: str
    days: int
    disturbed: int
    sessions: int
    every: int
    first: int
    needled: str
    exercise: bool
    off: frozenset[str]
    edits: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


def wish(asked: Any) -> Wish:
    """What was asked for as JSON.

    Raises:
        MechanismError: something in it cannot be run; the first fault, in a sentence.
    """
    if not isinstance(asked, dict):
        raise MechanismError('The question is no JSON object. Send one, such as {"levels": ["C6", "C7"]}.')
    known = {"levels", "side", "needled", "exercise", "off", "edits", *WHOLE}
    if strange := [str(name) for name in asked if name not in known]:
        raise MechanismError(f"'{strange[0]}' is not known. Use {', '.join(sorted(known))}.")
    whole = {name: _whole(name, asked.get(name, usual), least, most) for name, (least, most, usual) in WHOLE.items()}
    made = Wish(
        levels=levels_of(asked.get("levels", ["C6", "C7"])),
        side=_one_of("side", asked.get("side", SIDES[0]), SIDES),
        needled=_one_of("needled", asked.get("needled", "both"), PLACES),
        exercise=_one_of("exercise", asked.get("exercise", False), (True, False)),
        off=frozenset(_one_of("off", name, _parts()) for name in _listed("off", asked.get("off", []), len(_parts()))),
        edits=_edits(asked.get("edits", {}), whole["days"]),
        **whole,
    )
    held = {day for day in planned(made) if day not in made.edits} | {day for day, named in made.edits.items() if named}
    if len(held) > MOST_SESSIONS:
        raise MechanismError(f"There are {len(held)} sessions. At most {MOST_SESSIONS} are followed: take some out.")
    return made


def planned(asked: Wish) -> list[int]:
    """The days of the plan that lie before the end."""
    every = (asked.first + number * asked.every for number in range(asked.sessions))
    return [day for day in every if day < asked.days]


def levels_of(given: Any) -> tuple[str, ...]:
    """One level or two.

    Raises:
        MechanismError: there is no such level, or they are none or too many.
    """
    known = anatomy().segments
    found = [_one_of("levels", level, tuple(known)) for level in _listed("levels", given, 2)]
    if not found or len(set(found)) != len(found):
        raise MechanismError("'levels' is empty or names one twice. Give one level or two, such as C6 and C7.")
    return tuple(found)


def side_of(given: str) -> str:
    """Right or left.

    Raises:
        MechanismError: neither.
    """
    return str(_one_of("side", given, SIDES))


def _parts() -> tuple[str, ...]:
    return tuple(str(row["name"]) for row in words()["part"])


def _edits(given: Any, end: int) -> dict[int, tuple[str, ...]]:
    if not isinstance(given, dict):
        raise MechanismError("'edits' is no object. Give days with the muscles needled on them.")
    if len(given) > 2 * MOST_SESSIONS:
        raise MechanismError(f"'edits' has {len(given)} days. At most {2 * MOST_SESSIONS} can be changed by hand.")
    found = {}
    for day, named in given.items():
        number = _whole("edits", int(day) if str(day).isdecimal() and len(str(day)) < 6 else day, 0, end - 1)
        found[number] = tuple(_text("edits", name) for name in _listed("edits", named, MOST_NEEDLES))
    return found


def _whole(name: str, value: Any, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise MechanismError(f"'{name}' is {_short(value)}. Give a whole number from {least} to {most}.")
    return value


def _one_of(name: str, value: Any, allowed: tuple[Any, ...]) -> Any:
    if not any(type(value) is type(choice) and value == choice for choice in allowed):
        choices = ", ".join(str(choice).lower() if isinstance(choice, bool) else str(choice) for choice in allowed)
        raise MechanismError(f"'{name}' is {_short(value)}. Choose from {choices}.")
    return value


def _listed(name: str, value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise MechanismError(f"'{name}' is {_short(value)}. Give a list of at most {most}.")
    return value


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or len(value) > 80:
        raise MechanismError(f"'{name}' holds {_short(value)}. Give the names of muscles.")
    return value


def _short(value: Any) -> str:
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
