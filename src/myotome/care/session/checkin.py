"""Timed check-ins after needling near the lung: when, what is asked, what it means, what the person takes home."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from myotome.care.points.tables import points
from myotome.care.session.adverse import HERE, as_dict
from myotome.errors import FactError
from myotome.facts.kept import Table, kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import by_code, facts_of, rows

PLACES = ("room", "home")  # before the person leaves, or by phone
LUNG = "lung"
NO_ANSWER = "no answer"


@dataclass(frozen=True, slots=True)
class Checkin:
    """One check-in. Hours count from the last needle near the lung: due at ``due_h``, overdue from ``late_h``.

    ``unless_settled``: only where the one before it was not made, or not every answer was no.
    """

    name: str
    title: str
    due_h: float
    late_h: float
    where: str
    unless_settled: bool
    why: str
    reviewed_by: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; ``says`` is what to do on a yes, which is an emergency where ``emergency`` holds."""

    code: str
    question: str
    emergency: bool
    says: str
    term: str
    reviewed_by: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Due:
    """A check-in of one visit, with its times."""

    checkin: Checkin
    due: datetime.datetime
    late: datetime.datetime

    @property
    def name(self) -> str:
        """The id under which it is made."""
        return self.checkin.name


@dataclass(frozen=True, slots=True)
class Heard:
    """What answers mean: whether it is an emergency, what to do, which questions were not asked."""

    emergency: bool
    says: tuple[str, ...]
    unasked: tuple[str, ...]

    @property
    def settled(self) -> bool:
        """Everything was asked, and nothing is to be done."""
        return not (self.says or self.unasked)


@kept
def checkins() -> Mapping[str, Checkin]:
    """Every check-in by its name, soonest first.

    Raises:
        FactError: a name stands twice, the times do not follow one another, or the place is none.
    """
    found: dict[str, Checkin] = {}
    for where, row, provenance in rows(HERE, "checkins", "checkin"):
        last = next(reversed(found.values())).late_h if found else 0
        if row["name"] in found or not last <= row["due_h"] < row["late_h"] or row["where"] not in PLACES:
            raise FactError(
                f"{where}: a second row of that name, times that overlap, or a place other than {', '.join(PLACES)}. "
                "Each check-in is due after the one before it is late. Mend the row."
            )
        found[row["name"]] = Checkin(**facts_of(row), provenance=provenance)
    return Table(found)


@kept
def questions() -> Mapping[str, Question]:
    """Every question by its code, in the order of asking."""
    return by_code(HERE, "checkins", "question", Question)


@kept
def rules_of_asking() -> tuple[str, ...]:
    """What whoever asks should know."""
    return tuple(str(row["words"]) for _, row, _ in rows(HERE, "checkins", "rule"))


def near_lung(point: str) -> bool:
    """Whether a needle at a point could reach the lung; of a point that nobody knows any more it is taken to."""
    found = points().get(point)
    return found is None or LUNG in found.kinds_at_risk


def due_checkins(needled: Iterable[tuple[str, str]], at: datetime.datetime) -> tuple[Due, ...]:
    """The check-ins after needling these (point, side) with the last needle near the lung at ``at``; none elsewhere."""
    if not any(near_lung(point) for point, _ in needled):
        return ()
    hours = datetime.timedelta(hours=1)
    return tuple(Due(one, at + one.due_h * hours, at + one.late_h * hours) for one in checkins().values())


def heard(answers: Mapping[str, str]) -> Heard:
    """What the answers to the questions mean; one that is missing was not asked."""
    yes = [one for code, one in questions().items() if answers.get(code) == "yes"]
    unasked = tuple(one.question for code, one in questions().items() if answers.get(code) not in ("yes", "no"))
    emergency = any(one.emergency for one in yes)
    return Heard(emergency, tuple(dict.fromkeys(one.says for one in yes)), unasked)


def catalogue() -> list[dict[str, Any]]:
    """The check-ins as plain values, each with its questions."""
    asked = [as_dict(one) for one in questions().values()]
    return [as_dict(one) | {"questions": asked} for one in checkins().values()]
