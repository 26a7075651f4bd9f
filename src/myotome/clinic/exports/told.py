"""What a printed note is made from: the states of one visit, and how people, days and moments are said in it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from myotome.clinic.shelf import Shelf
from myotome.clinic.states import ClinicState, PersonState, VisitState, WholeState


@dataclass(frozen=True, slots=True)
class House:
    """The clinic, the names of its staff, and the end of its chain as this was printed."""

    clinic: ClinicState
    staff: Mapping[str, str]
    head: str
    notice: str

    def called(self, name: str) -> str:
        """Who somebody on the staff is."""
        return self.staff.get(name, name)

    def moment(self, received: str) -> str:
        """A moment in the clinic's zone."""
        at = datetime.datetime.fromisoformat(received).astimezone(ZoneInfo(self.clinic.zone))
        return f"{day_of(at.date())}, {at:%H:%M} ({self.clinic.zone})"

    def charted(self, by: str, on_behalf: str) -> str:
        """Who wrote something, and for whom."""
        return f"{self.called(by)}, for {self.called(on_behalf)}" if on_behalf else self.called(by)


@dataclass(frozen=True, slots=True)
class Told:
    """One visit with what was frozen in it, and whose it is."""

    house: House
    person: PersonState
    visit: VisitState
    explanation: WholeState | None
    plan: WholeState | None


def told_of(shelf: Shelf, house: House, person: PersonState, visit: VisitState) -> Told:
    """A visit as it stands on a shelf."""
    return Told(house, person, visit, shelf.whole("explanation", visit.id), shelf.whole("plan", visit.id))


def identified(person: PersonState) -> tuple[tuple[str, str], ...]:
    """By what a person is told from others: name, birth date and numbers; no place on paper is left empty."""
    born = day_of(person.birth_date) if person.birth_date else "not recorded"
    numbers = tuple((one["system"], one["value"]) for one in person.identifiers)
    return (("Name", person.name), ("Born", born), ("Sex", person.sex), *numbers, ("Record", person.id))


def day_of(day: datetime.date) -> str:
    """A day as people read it."""
    return f"{day.day} {day:%B %Y}"


def words(value: Any) -> str:
    """A recorded value in words, whatever it is."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{str(key).replace('_', ' ')} {words(one)}" for key, one in value.items() if words(one))
    if isinstance(value, list | tuple):
        return "; ".join(words(one) for one in value)
    return str(value)
