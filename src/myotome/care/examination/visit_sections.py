"""Read the parts of a case file that a plan needs: background, visit, settings, clearances, written reasons."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

from myotome.care.examination.case import ANSWERS
from myotome.care.examination.checks import agreed_side, kind_of, number_of, only_keys, shortened, side_of
from myotome.care.examination.results import LONGEST
from myotome.care.examination.visit import POSITIONS, Background, Clearance, Settings, Stated, Visit
from myotome.care.examination.vocabulary import side_within
from myotome.errors import CaseProblem

LISTS = ("medicines", "conditions", "implants")
SECTIONS = (*LISTS, "visit", "settings", "clearances", "reasons")
MOST_LISTED = 100
LONGEST_REASON = 1000
VISIT = ("number", "minutes", "max_needles", "positions", "needle_fear", "last_reaction", "tender_points", "date")
OFFERS = ("homeostatic_points", "specialist_points")
CLEARANCE = ("flag", "by", "role", "date", "found", "valid_until")
# What answers a whole list is no item of it.
_ANSWER = re.compile(
    r"(no|none|nil|nothing|unknown|not (asked|known)|no (known )?(medicines?|conditions?|implants?))\W*"
)
# Words in which "left" and "right" are no side: a screw left in the leg, fitted right after the fall.
_NO_SIDE = re.compile(
    r"\bleft (alone|as|behind|in|inside|over|there|untreated|where)\b|\bright (after|away|before|now)\b|\ball right\b",
    re.I,
)
_BOTH_SIDES = re.compile(r"\bleft\b.*\bright\b|\bright\b.*\bleft\b", re.IGNORECASE)


def background_in(document: Mapping[Any, Any], problems: list[CaseProblem]) -> Background:
    """Medicines, conditions and implants: a list, ``none`` or ``not asked``."""
    return Background(*(_listed(document.get(name), name, problems) for name in LISTS))


def visit_in(section: Mapping[Any, Any], problems: list[CaseProblem]) -> Visit:
    """This visit: its number, time, needles and positions."""
    only_keys(section, VISIT, "visit", problems)
    given = section.get("date")
    return Visit(
        _whole(section.get("number"), "visit.number", 1, 1000, "counted from 1", problems),
        number_of(section.get("minutes"), "visit.minutes", 1, 240, "minutes", problems),
        _whole(section.get("max_needles"), "visit.max_needles", 0, 100, "needles", problems),
        _positions(section.get("positions"), problems),
        _answer(section.get("needle_fear"), "visit.needle_fear", problems),
        _reaction(section.get("last_reaction"), problems),
        _whole(section.get("tender_points"), "visit.tender_points", 0, 16, "of the 16 test points", problems),
        None if given is None else _day(given, "visit.date", problems),
    )


def settings_in(section: Mapping[Any, Any], problems: list[CaseProblem]) -> Settings:
    """What the clinic offers; None where it was not said."""
    only_keys(section, OFFERS, "settings", problems)
    said = (_answer(section.get(name), f"settings.{name}", problems) for name in OFFERS)
    return Settings(*({"yes": True, "no": False}.get(answer) for answer in said))


def clearances_in(value: Any, problems: list[CaseProblem]) -> tuple[Clearance, ...]:
    """Recorded clearances, each complete or refused."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MOST_LISTED:
        rule = f"'clearances' is {_size_of(value)}; give a list of at most {MOST_LISTED}."
        problems.append(CaseProblem("clearances", rule))
        return ()
    found = [_clearance(row, f"clearances[{number}]", problems) for number, row in enumerate(value)]
    return tuple(one for one in found if one is not None)


def reasons_in(section: Mapping[Any, Any], problems: list[CaseProblem]) -> tuple[tuple[str, str], ...]:
    """The practitioner's written reasons for going on under a limit, by the fact that sets the limit."""
    found = []
    if len(section) > MOST_LISTED:
        problems.append(CaseProblem("reasons", f"{len(section)} reasons; at most {MOST_LISTED} are read."))
        return ()
    for name, reason in section.items():
        if not isinstance(reason, str | None):
            problems.append(CaseProblem(f"reasons.{shortened(name)}", f"this is {kind_of(reason)}; write it in words."))
            continue
        text = " ".join((reason or "").split())
        if len(text.split()) < 3 or len(text) > LONGEST_REASON:
            problems.append(
                CaseProblem(
                    f"reasons.{shortened(name)}",
                    f"the reason is '{shortened(text)}'; write at least three words and at most {LONGEST_REASON} "
                    "letters on why it is right for this person.",
                )
            )
            continue
        found.append((" ".join(str(name).lower().split())[:LONGEST], text))
    return tuple(sorted(found))


def _listed(value: Any, name: str, problems: list[CaseProblem]) -> tuple[Stated, ...] | None:
    if value is None or value is False or (isinstance(value, str) and value.strip().lower() in ("none", "no")):
        return None if value is None else ()
    if isinstance(value, str) and value.strip().lower() == "not asked":
        return None
    if not isinstance(value, list) or not 0 < len(value) <= MOST_LISTED:
        rule = f"'{name}' is {_size_of(value)}; give a list of 1 to {MOST_LISTED}, or none, or not asked."
        problems.append(CaseProblem(name, rule))
        return None
    found = [_stated(item, f"{name}[{number}]", problems) for number, item in enumerate(value)]
    return tuple(one for one in found if one is not None)


def _stated(item: Any, at: str, problems: list[CaseProblem]) -> Stated | None:
    side = None
    if isinstance(item, Mapping):
        only_keys(item, ("what", "side"), at, problems)
        side = side_of(item.get("side"), f"{at}.side", problems)
        item = item.get("what")
    if not isinstance(item, str) or not item.strip() or len(item) > LONGEST:
        problems.append(CaseProblem(at, f"this is {kind_of(item)}; write its name, at most {LONGEST} letters."))
        return None
    text = " ".join(item.split())
    if _ANSWER.fullmatch(text.lower()):
        rule = f"'{text}' stands in a list. Write it in place of the list, or take it out."
        _refused(problems, at, rule)
        return None
    return Stated(text, agreed_side(side, _side_named(text), f"{at}.side", problems))


def _side_named(text: str) -> str | None:
    """The side that a text names; both where it names the two, as for two things in one line."""
    plain = _NO_SIDE.sub(" ", text)
    return "both" if _BOTH_SIDES.search(plain) else side_within(plain)[1]


def _size_of(value: Any) -> str:
    return f"a list of {len(value)}" if isinstance(value, list) else kind_of(value)


def _clearance(row: Any, at: str, problems: list[CaseProblem]) -> Clearance | None:
    if not isinstance(row, Mapping):
        _refused(problems, at, f"this is {kind_of(row)}; give {', '.join(CLEARANCE)}.")
        return None
    only_keys(row, CLEARANCE, at, problems)
    missing = [name for name in CLEARANCE if not str(row.get(name) or "").strip()]
    if missing:
        rule = f"no {', '.join(missing)}. A clearance says who, in what role, when, what was found and until when."
        _refused(problems, at, rule)
        return None
    if strange := [name for name in ("flag", "by", "role", "found") if not isinstance(row[name], str)]:
        _refused(problems, at, f"{', '.join(strange)} must be words; this is {kind_of(row[strange[0]])}.")
        return None
    given, last = _day(row["date"], f"{at}.date", problems), _day(row["valid_until"], f"{at}.valid_until", problems)
    if given is None or last is None:
        return None
    if last < given:
        _refused(problems, at, f"valid_until {last} lies before its date {given}. Correct one of the two.")
        return None
    by, role, seen = (" ".join(str(row[name]).split())[:LONGEST_REASON] for name in ("by", "role", "found"))
    return Clearance(" ".join(str(row["flag"]).split())[:LONGEST], by, role, given, seen, last)


def _positions(value: Any, problems: list[CaseProblem]) -> tuple[str, ...]:
    if value is None:
        return ()
    given = value if isinstance(value, list) else [value]
    named = tuple(dict.fromkeys(str(one).strip().lower() for one in given))
    if not named or set(named) - set(POSITIONS):
        rule = f"'{shortened(value)}'; give at least one of {', '.join(POSITIONS)}."
        problems.append(CaseProblem("visit.positions", f"the positions are {rule}"))
        return ()
    return named


def _answer(value: Any, at: str, problems: list[CaseProblem]) -> str:
    said = "not asked" if value is None else _yes_or_no(value)
    if said not in ANSWERS:
        problems.append(CaseProblem(at, f"the answer is '{shortened(value)}'; use one of: {', '.join(ANSWERS)}."))
        return "not asked"
    return said


def _yes_or_no(value: Any) -> str:
    text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    return " ".join(text.lower().split())


def _reaction(value: Any, problems: list[CaseProblem]) -> str:
    """What happened after the last needling, in words; none, or not asked."""
    if value is None:
        return "not asked"
    if not isinstance(value, str | bool):
        problems.append(CaseProblem("visit.last_reaction", f"this is {kind_of(value)}; say what happened, or none."))
        return "not asked"
    said = _yes_or_no(value)[:LONGEST]
    return {"no": "none", "": "none"}.get(said, said)


def _whole(value: Any, at: str, low: int, high: int, unit: str, problems: list[CaseProblem]) -> int | None:
    number = number_of(value, at, low, high, unit, problems)
    if number is not None and number != int(number):
        _refused(problems, at, f"'{shortened(value)}' is no whole number. Give one.")
        return None
    return None if number is None else int(number)


def _day(value: Any, at: str, problems: list[CaseProblem]) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(value).strip())
    except ValueError:
        _refused(problems, at, f"'{shortened(value)}' is no date. Write it as 2026-11-21.")
        return None


def _refused(problems: list[CaseProblem], at: str, message: str) -> None:
    problems.append(CaseProblem(at, message))
