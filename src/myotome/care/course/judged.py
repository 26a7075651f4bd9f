"""Changes judged over sessions: of scores, and of what was measured, between visits that can be compared."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from myotome.care.course.changes import BETTER, UNKNOWN, WORSE, Change, measured, measured_change
from myotome.care.course.visited import Visited

Compared = Callable[[Visited, Visited], Change]
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True, slots=True)
class Judged:
    """A change, over how many sessions, and from which day to which."""

    change: Change
    sessions: int
    first: datetime.date
    last: datetime.date

    @property
    def words(self) -> str:
        """In a sentence, with the numbers and days."""
        span = f"{self.first:%-d %B %Y} to {self.last:%-d %B %Y}"
        return f"{self.change.what}, over {count(self.sessions)}, {span}: {self.change.words}."


def measures(visits: Sequence[Visited]) -> Iterator[Compared]:
    """Each range and strength that was measured before the needles, to be compared like a score."""
    found = {visit.id: measured(visit) for visit in visits}
    for key in dict.fromkeys(key for told in found.values() for key in told):
        yield partial(measured_change, key, found)


def only_changed(found: Iterable[Judged | None]) -> tuple[Judged, ...]:
    """Those that got better or worse."""
    return tuple(one for one in found if one is not None and one.change.kind in (BETTER, WORSE))


def count(number: int, of: str = "session") -> str:
    """A number of things in words."""
    said = COUNTS[number] if number < len(COUNTS) else str(number)
    return f"{said} {of}{'' if number == 1 else 's'}"


def over_last(visits: Sequence[Visited], change: Compared, need: int) -> Judged | None:
    """The change over the last ``need`` sessions, or a little more where nothing was asked in between.

    The last score may itself lie back, but by less than ``need`` sessions.
    """
    for last in range(len(visits) - 1, 0, -1):
        if sessions_between(visits, last, len(visits) - 1) >= need:
            return None
        for first in range(last - 1, -1, -1):
            found = _judged(visits, first, last, change)
            if found is not None and found.sessions >= need:
                return found
    return None


def since_first(visits: Sequence[Visited], change: Compared) -> Judged | None:
    """The change from the first visit that can be compared to the last."""
    for last in range(len(visits) - 1, 0, -1):
        for first in range(last):
            found = _judged(visits, first, last, change)
            if found is not None:
                return found
    return None


def _judged(visits: Sequence[Visited], first: int, last: int, change: Compared) -> Judged | None:
    """The change between two visits, where it is known."""
    found = change(visits[first], visits[last])
    if found.kind == UNKNOWN:
        return None
    return Judged(found, sessions_between(visits, first, last), visits[first].day, visits[last].day)


def sessions_between(visits: Sequence[Visited], first: int, last: int) -> int:
    """Sessions from one visit to another; that of the last came after what was scored there."""
    return sum(visit.is_session for visit in visits[first:last])
