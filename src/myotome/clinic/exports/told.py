"""What a printed note is made from: the states of one visit, and how people, days and moments are said in it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from myotome.care.session.noted import Noted
from myotome.care.session.values import values
from myotome.clinic.at_bedside import visit_number
from myotome.clinic.shelf import Shelf
from myotome.clinic.states import ClinicState, PersonState, VisitState, WholeState
from myotome.errors import MissingError


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
    entries: tuple[Noted, ...] = ()  # of the bedside
    devices: Mapping[str, str] = field(default_factory=dict)  # names by id
    days: Mapping[str, datetime.date] = field(default_factory=dict)  # of visits that it speaks of, by id
    number: int = 0  # which of the person's visits it is

    @property
    def standing(self) -> tuple[Noted, ...]:
        """The entries that count: not taken back, not late."""
        return values(self.entries).entries

    @property
    def with_late(self) -> list[Noted]:
        """Every entry, as if none had been late."""
        return [replace(one, late=False) for one in self.entries]


def told_of(shelf: Shelf, house: House, person: PersonState, visit: VisitState) -> Told:
    """A visit as it stands on a shelf."""
    devices = {name: one.name for name, one in shelf.devices().items()}
    explanation, plan = shelf.whole("explanation", visit.id), shelf.whole("plan", visit.id)
    entries = tuple(shelf.bedside(visit.id))
    days: dict[str, datetime.date] = {}
    for one in entries:
        if one.kind == "screening.unchanged":
            days |= _day_of_visit(shelf, one.word("since"))
    return Told(house, person, visit, explanation, plan, entries, devices, days, visit_number(shelf, visit))


def _day_of_visit(shelf: Shelf, name: str) -> dict[str, datetime.date]:
    try:
        return {name: shelf.visit(name).day}
    except MissingError:
        return {}


def identified(person: PersonState) -> tuple[tuple[str, str], ...]:
    """By what a person is told from others: name, birth date and numbers; no place on paper is left empty."""
    born = day_of(person.birth_date) if person.birth_date else "not recorded"
    numbers = tuple((one["system"][:1].upper() + one["system"][1:], one["value"]) for one in person.identifiers)
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
    return f"{value:.6g}" if isinstance(value, float) else str(value)
