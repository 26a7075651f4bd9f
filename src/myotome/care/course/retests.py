"""Re-tests: the same sign before and after the needles, and at the next visit, with the points that lay between."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from myotome.care.course.visited import Visited, is_found, sides_of
from myotome.care.examination.case import Finding, grade_words

HELD, BACK, OPEN = "gone and held", "gone, but back", "gone at once"
STILL, NEW, NEVER = "still there", "new after needling", "ordinary both times"
MORE, LESS = {"strength": "stronger", "range": "further"}, {"strength": "weaker", "range": "less far"}
Key = tuple[str, str, str, str]  # sign, kind of place, place, side


@dataclass(frozen=True, slots=True)
class Retest:
    """One sign tested again. ``points`` were needled between the first test and the second, each with its side.

    ``next_words`` is empty, and ``next_day`` None, where it was not tested at a later visit.
    """

    day: datetime.date
    sign: str
    at: str
    side: str
    before: str
    after: str
    kind: str
    points: tuple[str, ...]
    next_day: datetime.date | None = None
    next_words: str = ""


def retests(visits: Sequence[Visited]) -> tuple[Retest, ...]:
    """Every sign that was tested before and after the needles of one visit, in order."""
    found: list[Retest] = []
    for number, visit in enumerate(visits):
        before, after = _by_key(visit, "before"), _by_key(visit, "after")
        for key, second in after.items():
            if key in before:
                found.append(_retest(visit, key, before[key], second, visits[number + 1 :]))
    return tuple(found)


def told(finding: Finding) -> str:
    """The result as it is said, with its grade or degrees."""
    if finding.sign == "range" and finding.value is not None:
        return f"{finding.value:g}°"
    grade = "" if finding.grade is None else f" ({grade_words(finding.grade)})"
    return f"{finding.result}{grade}"


def point_words(visit: Visited) -> tuple[str, ...]:
    """The points needled at a visit, each once, with side and strongest twitch."""
    found: dict[str, int | None] = {}
    for one in visit.needles or ():
        name = f"{one.point}, {one.side}" if one.side in ("left", "right") else one.point
        seen = [n for n in (found.get(name), one.twitch) if n is not None]
        found[name] = max(seen) if seen else None
    return tuple(name if not twitch else f"{name} (twitch {twitch})" for name, twitch in found.items())


def _retest(visit: Visited, key: Key, first: Finding, second: Finding, later: Sequence[Visited]) -> Retest:
    sign, place, at, side = key
    coming = next(((one.day, tested[key]) for one in later if key in (tested := _by_key(one, "before"))), None)
    return Retest(
        visit.day,
        sign,
        f"beside {at}" if place == "paraspinal" else at,
        side,
        told(first),
        told(second),
        _kind(first, second, coming[1] if coming else None),
        point_words(visit),
        coming[0] if coming else None,
        told(coming[1]) if coming else "",
    )


def _kind(first: Finding, second: Finding, coming: Finding | None) -> str:
    was, now = is_found(first), is_found(second)
    if was and not now:
        return OPEN if coming is None else BACK if is_found(coming) else HELD
    return _measured(first, second) or (STILL if was else NEW if now else NEVER)


def _measured(first: Finding, second: Finding) -> str:
    """What became of a grade or of degrees between two tests; empty where they are the same, or were not measured."""
    way = MORE if _amount(second) > _amount(first) else LESS
    if _amount(first) == _amount(second) or first.sign not in way or None in (_measure(first), _measure(second)):
        return ""
    return f"{way[first.sign]}: {_measure(first)} to {_measure(second)}"


def _amount(finding: Finding) -> float:
    value = finding.value if finding.sign == "range" else finding.grade
    return 0.0 if value is None else value


def _measure(finding: Finding) -> str | None:
    """The grade or the degrees, as they are written."""
    if finding.sign == "range":
        return None if finding.value is None else f"{finding.value:g}°"
    return None if finding.grade is None else grade_words(finding.grade)


def _by_key(visit: Visited, when: str) -> dict[Key, Finding]:
    """Findings by what was tested; of several, one that was out of the ordinary."""
    found: dict[Key, Finding] = {}
    for one in visit.findings:
        if one.when != when:
            continue
        for side in sides_of(one):
            key = (one.sign, one.site.kind, one.site.name, side)
            if key not in found or is_found(one):
                found[key] = one
    return found
