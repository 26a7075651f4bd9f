"""Read a course file whole or not at all: every problem with its place, the rule and the remedy."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from myotome.care.course.course import NEEDLED, Alongside, Session, TreatmentCourse
from myotome.care.course.course_rows import Problems, mapping_of, meant, only, rows_of, words_of
from myotome.care.examination import yaml12
from myotome.care.examination.case import Complaint
from myotome.care.examination.case_file import painful_area
from myotome.care.examination.checks import kind_of, number_of, shortened
from myotome.care.examination.results import LONGEST
from myotome.errors import CaseError, CaseProblem

KEYS = ("complaint", "sessions", "next", "alongside")
SESSION = ("date", "day", "pain", "range", "needled", "note")
MOST_DAYS = 1830.0  # five years
MOST_SESSIONS = 200
MOST_ALONGSIDE = 50


def parse_course(data: bytes) -> TreatmentCourse:
    """The course in ``data``.

    Raises:
        CaseError: with every problem found.
    """
    return build_course(yaml12.read(data))


def build_course(document: Any) -> TreatmentCourse:
    """The course in an already read document of plain values.

    Raises:
        CaseError: with every problem found.
    """
    if not isinstance(document, Mapping):
        text = f"the file holds {kind_of(document)}; a course is a mapping with 'sessions'."
        raise CaseError([CaseProblem("file", text)])
    problems: Problems = []
    only(document, KEYS, "file", problems)
    complaint = _complaint(document.get("complaint"), problems)
    sessions = _sessions(document.get("sessions"), problems)
    coming = mapping_of(document.get("next"), "next", problems)
    only(coming, ("every", "needled"), "next", problems)
    every = number_of(coming.get("every"), "next.every", 1, 365, "days between sessions", problems)
    after = _needled(coming.get("needled"), "next.needled", problems)
    alongside = _alongside(document.get("alongside"), sessions, problems)
    if problems:
        raise CaseError(problems)
    return TreatmentCourse(sessions, complaint, alongside, every, after)


def _sessions(value: Any, problems: Problems) -> tuple[Session, ...]:
    before = len(problems)
    rows = list(rows_of(value, "sessions", MOST_SESSIONS, problems))
    if not rows:
        if len(problems) == before:  # otherwise it was said what is there instead
            problems.append(CaseProblem("sessions", "there is no session. Give at least one, with its date or day."))
        return ()
    ways = {"date" if "date" in row else "day" for _, row in rows}
    if len(ways) > 1:
        text = "some sessions have a date and some a day. Write all of them in one way."
        problems.append(CaseProblem("sessions", text))
        return ()
    found = [(at, made) for at, row in rows if (made := _session(row, at, problems)) is not None]
    return _in_order(found, problems)


def _session(row: Mapping[Any, Any], at: str, problems: Problems) -> Session | None:
    only(row, SESSION, at, problems)
    day, date = None, None
    if "date" in row and "day" in row:
        problems.append(CaseProblem(at, "there is a date and a day. Keep one of the two."))
    elif "date" in row:
        date = _date(row["date"], f"{at}.date", problems)
        day = None if date is None else float(date.toordinal())
    else:
        day = _day(row.get("day"), f"{at}.day", problems)
    spine, limb = _range(row.get("range"), f"{at}.range", problems)
    pain, needled = _pain(row.get("pain"), f"{at}.pain", problems), _needled(row.get("needled"), at, problems)
    return None if day is None else Session(day, date, pain, spine, limb, needled)


def _in_order(found: list[tuple[str, Session]], problems: Problems) -> tuple[Session, ...]:
    """Sorted, counted from the first; two on one day are refused."""
    seen: dict[float, str] = {}
    for at, one in found:
        when = f"day {one.day:g}" if one.date is None else one.date.isoformat()
        if one.day in seen:
            text = (
                f"{when} is the day of {seen[one.day]} too: two scores on one day. Keep the score before the needles."
            )
            problems.append(CaseProblem(at, text))
        seen.setdefault(one.day, at)
    ordered = sorted((one for _, one in found), key=lambda one: one.day)
    if not ordered:
        return ()
    first = ordered[0].day
    if ordered[-1].day - first > MOST_DAYS:
        text = f"the course lasts {ordered[-1].day - first:g} days; at most {MOST_DAYS:g} are read. Check the dates."
        problems.append(CaseProblem("sessions", text))
    return tuple(Session(one.day - first, one.date, one.pain, one.spine, one.limb, one.needled) for one in ordered)


def _complaint(value: Any, problems: Problems) -> Complaint:
    section = {"text": value} if isinstance(value, str) else mapping_of(value, "complaint", problems)
    only(section, ("text", "side", "area"), "complaint", problems)
    side, area = painful_area(section, problems)
    return Complaint(words_of(section.get("text"), "complaint.text", problems), side, area)


def _alongside(value: Any, sessions: tuple[Session, ...], problems: Problems) -> tuple[Alongside, ...]:
    if isinstance(value, str) and value.strip().lower() in ("none", "not asked"):
        return ()
    first = sessions[0].date if sessions else None
    found = []
    for at, row in rows_of(value, "alongside", MOST_ALONGSIDE, problems, words="what"):
        only(row, ("what", "from", "to"), at, problems)
        what = row.get("what")
        if not isinstance(what, str) or not what.strip():
            problems.append(CaseProblem(f"{at}.what", "it is not said what was done. Name it in some words."))
            continue
        start, end = (_when(row.get(key), first, f"{at}.{key}", problems) for key in ("from", "to"))
        if start is not None and end is not None and end < start:
            problems.append(CaseProblem(at, "it ends before it begins. Correct one of the two."))
        found.append(Alongside(" ".join(what.split())[:LONGEST], start, end))
    return tuple(found)


def _when(value: Any, first: datetime.date | None, at: str, problems: Problems) -> float | None:
    """Days from the first session, of a date where sessions have dates, otherwise of a day."""
    if value is None:
        return None
    if first is None:
        return number_of(value, at, -MOST_DAYS, MOST_DAYS, "days from the first session", problems)
    date = _date(value, at, problems)
    return None if date is None else float((date - first).days)


def _pain(value: Any, at: str, problems: Problems) -> int | None:
    number = number_of(value, at, 0, 10, "numeric rating of pain", problems)
    if number is not None and number != int(number):
        problems.append(
            CaseProblem(at, f"'{shortened(value)}' is no whole number. Give the score as it was said, 0–10.")
        )
        return None
    return None if number is None else int(number)


def _range(value: Any, at: str, problems: Problems) -> tuple[float | None, float | None]:
    """Range beside the spine and of the limb; a number alone is that of the limb."""
    section = value if isinstance(value, Mapping) else {"limb": value}
    only(section, ("spine", "limb"), at, problems)
    spine, limb = (
        number_of(section.get(key), at if section is not value else f"{at}.{key}", 0, 130, "% of full range", problems)
        for key in ("spine", "limb")
    )
    return spine, limb


def _needled(value: Any, at: str, problems: Problems) -> str | None:
    if value is None:
        return None
    text = str(value).strip().lower()
    if text not in NEEDLED:
        near = get_close_matches(text, NEEDLED, 1)
        text = f"needled is '{shortened(value)}'; use {', '.join(NEEDLED)}.{meant(near)}"
        problems.append(CaseProblem(at, text, tuple(near)))
        return None
    return text


def _day(value: Any, at: str, problems: Problems) -> float | None:
    if value is None:
        problems.append(
            CaseProblem(at, "the session has neither a date nor a day. Give one, such as date: 2026-11-21.")
        )
        return None
    day = number_of(value, at, 0, MOST_DAYS, "days, the first session on day 0", problems)
    if day is not None and not day.is_integer():
        text = (
            f"'{shortened(value)}' is no whole number. Count whole days: one score a day, the one before the needles."
        )
        problems.append(CaseProblem(at, text))
        return None
    return day


def _date(value: Any, at: str, problems: Problems) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(value).strip())
    except ValueError:
        problems.append(CaseProblem(at, f"'{shortened(value)}' is no date. Write it as 2026-11-21."))
        return None
