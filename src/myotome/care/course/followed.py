"""A course as it is followed: the visits of one complaint, their rows on one time axis, and what came of them."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from myotome.anatomy.tables import anatomy
from myotome.care.course.changes import (
    UNKNOWN,
    Change,
    Signs,
    function_change,
    pain_change,
    range_changes,
    sign_changes,
)
from myotome.care.course.judged import Compared
from myotome.care.course.retests import Retest, retests
from myotome.care.course.stopping import StopOrContinue, numbers, stop_or_continue
from myotome.care.course.visited import Visited, is_found, sides_of

LEVEL = re.compile(r"([COTLS])(\d+)?(?:-([COTLS])?(\d+))?")
KINDS = ("paraspinal", "symptomatic", "homeostatic")


@dataclass(frozen=True, slots=True)
class Needles:
    """Needles of a visit: how many, insertions by kind of point, twitches and familiar pain among the responses."""

    needles: int
    insertions: int
    by_kind: tuple[tuple[str, int], ...]
    responses: int
    twitches: int
    familiar: int


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A spinal level on a side; for each visit how many signs were found there, None where it was not examined."""

    level: str
    side: str
    signs: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """The visits of one complaint in order, with everything that is told of them."""

    title: str
    visits: tuple[Visited, ...]
    changes: tuple[Change, ...]
    signs: Signs | None
    levels: tuple[LevelRow, ...]
    retests: tuple[Retest, ...]
    advice: StopOrContinue
    remarks: tuple[str, ...] = ()

    @property
    def days(self) -> tuple[int, ...]:
        """Days of the visits, counted from the first."""
        return tuple((visit.day - self.visits[0].day).days for visit in self.visits)


def courses(visits: Sequence[Visited]) -> tuple[Followed, ...]:
    """Visits by complaint, the latest course first.

    Visits of one region and side belong together, unless a long pause lies between; one where no complaint was written
    down belongs to the visit before it.
    """
    groups: list[list[Visited]] = []
    unsaid: set[str] = set()
    for visit in sorted(visits, key=lambda one: one.day):
        home = _home(groups, visit)
        if home is None:
            groups.append(home := [])
        elif not visit.area:
            unsaid.add(visit.id)
        home.append(visit)
    found = [followed(group, unsaid) for group in groups]
    return tuple(sorted(found, key=lambda one: one.visits[-1].day, reverse=True))


def followed(visits: Sequence[Visited], unsaid: set[str] | frozenset[str] = frozenset()) -> Followed:
    """What is told of the visits of one complaint, in order of their days."""
    changes = [_to_last(visits, pain_change), _to_last(visits, function_change)] if len(visits) > 1 else []
    return Followed(
        title(visits),
        tuple(visits),
        (*changes, *range_changes(visits)),
        sign_changes(visits[0], _examined(visits)) if len(visits) > 1 else None,
        _levels(visits),
        retests(visits),
        stop_or_continue(visits),
        tuple(_remarks(visits, unsaid)),
    )


def _to_last(visits: Sequence[Visited], change: Compared) -> Change:
    """The change to the last visit; to the one before where the last is not finished and does not tell yet."""
    found = change(visits[0], visits[-1])
    unfinished = found.kind == UNKNOWN and not visits[-1].finished and len(visits) > 2
    return change(visits[0], visits[-2]) if unfinished else found


def _examined(visits: Sequence[Visited]) -> Visited:
    """The last visit, or the one before where the last is not finished and nothing was looked for in it yet."""
    unfinished = not visits[-1].finished and not visits[-1].before and len(visits) > 2
    return visits[-2] if unfinished else visits[-1]


def title(visits: Sequence[Visited]) -> str:
    """What the course is of: region and side, as the visits tell them."""
    area = next((visit.area for visit in reversed(visits) if visit.area), "")
    side = next((visit.side for visit in reversed(visits) if visit.side), "")
    if not area:
        return "Complaint not written down"
    return f"{area[:1].upper()}{area[1:]}, {'both sides' if side == 'both' else side}" if side else area.capitalize()


def needles(visit: Visited) -> Needles | None:
    """What was needled; None where nobody wrote it down."""
    if visit.needles is None:
        return None
    counted = Counter(one.kind for one in visit.needles)
    return Needles(
        len({one.needle for one in visit.needles}),
        len(visit.needles),
        tuple((kind, counted[kind]) for kind in (*KINDS, "") if counted[kind]),
        sum(one.twitch is not None for one in visit.needles),
        sum(bool(one.twitch) for one in visit.needles),
        sum(bool(one.familiar) for one in visit.needles),
    )


def _home(groups: Sequence[list[Visited]], visit: Visited) -> list[Visited] | None:
    """The course that a visit goes on with: the latest that fits, if the pause was not too long."""
    pause = datetime.timedelta(days=numbers()["days between courses"].value)
    near = [group for group in groups if visit.day - group[-1].day <= pause]
    fits = [group for group in near if not visit.area or _same(title_area(group), visit)]
    return max(fits, key=lambda group: group[-1].day, default=None)


def title_area(visits: Sequence[Visited]) -> tuple[str, str]:
    """Area and side by which further visits are told to belong here."""
    area = next((visit.area for visit in reversed(visits) if visit.area), "")
    return area, next((visit.side for visit in reversed(visits) if visit.side), "")


def _same(here: tuple[str, str], visit: Visited) -> bool:
    area, side = here
    if not area:  # nothing was said before: the first that says something says it for all
        return True
    sides = {side, visit.side} - {"", "both"}
    return _region(area) == _region(visit.area) and len(sides) < 2


def _region(area: str) -> str:
    known = anatomy().areas.get(area)
    return known.region if known is not None else area


def _levels(visits: Sequence[Visited]) -> tuple[LevelRow, ...]:
    """Signs beside the spine and of segments, by level and side, as they were found before the needles."""
    found: dict[tuple[str, str], dict[int, int]] = {}
    for number, visit in enumerate(visits):
        for one in visit.before:
            if one.site.kind in ("paraspinal", "segment"):
                for side in sides_of(one):
                    row = found.setdefault((one.site.name, side), {})
                    row[number] = row.get(number, 0) + is_found(one)
    keys = sorted((key for key, row in found.items() if any(row.values())), key=lambda key: (_order(key[0]), key[1]))
    return tuple(LevelRow(*key, tuple(found[key].get(n) for n in range(len(visits)))) for key in keys)


def _order(level: str) -> tuple[int, int, str]:
    letter, number = (level[:1], re.search(r"\d+", level))
    place = "OCTLS".find(letter)
    return (place if place >= 0 else len("OCTLS"), int(number.group()) if number else 0, level)


def _remarks(visits: Sequence[Visited], unsaid: set[str] | frozenset[str]) -> list[str]:
    found = []
    if days := [f"{visit.day:%-d %B %Y}" for visit in visits if visit.id in unsaid]:
        found.append(f"No complaint was written down on {', '.join(days)}: counted with the visit before.")
    areas = list(dict.fromkeys(visit.area for visit in visits if visit.area))
    if len(areas) > 1:
        found.append(f"Counted as one complaint, since they are of one region: {', '.join(areas)}.")
    found += [f"{visit.day:%-d %B %Y}: {visit.unread}" for visit in visits if visit.unread]
    if any(change.kind == UNKNOWN and change.by is None for change in range_changes(visits)):
        found.append("Range of joints other than the neck is shown, not judged: how much matters was not found.")
    return found
