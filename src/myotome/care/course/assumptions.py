"""What a forecast takes for granted, in words; and where it goes beyond what was judged."""

from __future__ import annotations

import numpy as np

from myotome.care.course.course import TreatmentCourse
from myotome.care.course.numbers import numbers
from myotome.care.course.plan import USUAL, Planned

WHAT = {"both": "limb and spine", "limb": "the limb only", "spine": "the spine only", "none": "nothing"}
ENDS = {1: "st", 2: "nd", 3: "rd"}


def assumptions(course: TreatmentCourse, coming: Planned) -> tuple[str, ...]:
    """Sentences for the person who reads the forecast."""
    found = [_to_come(coming)]
    if any(session.needled is None for session in course.sessions):
        found.append("Where it was not written down, limb and spine were needled.")
    if all(session.spine is None and session.limb is None for session in course.sessions):
        found.append("No range was measured: without it the forecast is hardly better than a simple one.")
    found.extend(_beyond(course, coming))
    if course.alongside:
        found.append(f"Not reckoned with: {', '.join(one.what for one in course.alongside)}.")
    return tuple(found)


def ordinal(number: int) -> str:
    """Which one in a row: 1st, 2nd, 11th."""
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ENDS.get(number % 10, 'th')}"


def every(least: float, most: float) -> str:
    """How often, in words, for days between sessions."""
    if least != most:
        return f"every {least:g} to {most:g} days"
    return "every day" if most == 1.0 else f"every {most:g} days"


def _to_come(coming: Planned) -> str:
    """Whether treatment goes on, and when it ends: the band goes on after it."""
    days, what = coming.plan.days, WHAT[coming.plan.needled[-1]]
    if len(days) == coming.had:
        return "No session comes after the last one written down."
    last = f"{ordinal(len(days))} (day {days[-1]:g})"
    return f"Sessions go on {every(coming.gap, coming.gap)} up to the {last}, {what} needled; none comes after it."


def _beyond(course: TreatmentCourse, coming: Planned) -> list[str]:
    """What differs from the courses on which forecasts were judged."""
    gaps, found = np.round([*np.diff(coming.plan.days), coming.gap], 6), []
    other = [] if (gaps == USUAL).all() else [every(float(gaps.min()), float(gaps.max()))]
    other.extend(WHAT[kind] + " needled" for kind in WHAT if kind != "both" and kind in coming.plan.needled)
    if other:
        found.append(f"Judged with weekly sessions to limb and spine; here {', '.join(other)}.")
    least, most = int(numbers()["sessions known"]), int(numbers()["sessions judged"])
    if course.known > most:
        found.append(f"Judged with {least} to {most} known scores; here are {course.known}.")
    return found
