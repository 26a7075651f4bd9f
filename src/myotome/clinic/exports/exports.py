"""What leaves the clinic as a file: a person's whole record, or the note of one visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from myotome.clinic.actor import Actor
from myotome.clinic.entries.persons import RecordExported
from myotome.clinic.exports.note import note_part
from myotome.clinic.exports.person import as_json, gathered
from myotome.clinic.exports.record import record_parts
from myotome.clinic.exports.told import House, day_of, told_of
from myotome.clinic.governance import Governance
from myotome.clinic.practice import Practice
from myotome.clinic.shelf import Shelf
from myotome.clinic.states import PersonState, VisitState
from myotome.errors import EntryError, MissingError
from myotome.paper.document import Document, Part
from myotome.paper.pdf import PaperSize, pdf
from myotome.records.event import instant

JSON, PDF = "application/json", "application/pdf"
EVERY = 100_000  # visits of one person
LETTER = ("CA", "US")  # where paper is of this size


@dataclass(frozen=True, slots=True)
class Exported:
    """A file to hand over. ``name`` holds ids and dates only; ``media`` is its media type."""

    name: str
    media: str
    data: bytes


class Exports:
    """Files made of the record; every one is in the audit trail before it is made."""

    def __init__(self, practice: Practice, governance: Governance) -> None:
        """``governance`` gives the notice that stands on every page."""
        self.practice, self.governance = practice, governance

    def person_json(self, actor: Actor, person: str) -> Exported:
        """Everything recorded of a person, as open JSON (docs/reference/export.md); nothing of anybody else.

        Raises:
            AccessError: this person may not, or has not opened the record.
            EntryError: the record was merged into another.
            MissingError: there is no such person.
        """
        self._record(actor, person, "", "json", "whole record")
        ledger, now = self.practice.ledger, self.practice.clock()
        with self.practice.within() as shelf:
            settings = shelf.clinic()
            told = gathered(shelf, *_whole(shelf, person))
        clinic = {"id": ledger.clinic, **settings.model_dump(mode="json", include={"name", "place", "zone"})}
        exported = {"at": instant(now), "by": actor.staff}
        return Exported(self._name("record", person, "json"), JSON, as_json(clinic, exported, told, ledger.head(now)))

    def person_pdf(self, actor: Actor, person: str) -> Exported:
        """The whole record to print: who it is, consents, and the note of every visit.

        Raises:
            AccessError: this person may not, or has not opened the record.
            EntryError: the record was merged into another.
            MissingError: there is no such person.
        """
        self._record(actor, person, "", "pdf", "whole record")
        with self.practice.within() as shelf:
            house = self._house(shelf)
            people, visits = _whole(shelf, person)
            by_id = {one.id: one for one in people}
            told = [told_of(shelf, house, by_id[visit.person], visit) for visit in visits]
        data = _printed(house, "Record", people[0], record_parts(house, people, told))
        return Exported(self._name("record", person, "pdf"), PDF, data)

    def note_pdf(self, actor: Actor, visit: str) -> Exported:
        """The note of one visit to print, from what was frozen in it.

        Raises:
            AccessError: this person may not, or has not opened the record.
            MissingError: there is no such visit.
        """
        with self.practice.within() as shelf:
            person = shelf.visit(visit).person
        self._record(actor, person, visit, "pdf", "note of a visit")
        with self.practice.within() as shelf:
            house, kept = self._house(shelf), shelf.visit(visit)
            if kept.person != person:
                raise MissingError("This visit was moved to another record just now. Open it there.")
            told = told_of(shelf, house, shelf.person(kept.person), kept)
        data = _printed(house, "Visit note", told.person, (note_part(told),))
        return Exported(self._name("note", visit, "pdf"), PDF, data)

    def _record(self, actor: Actor, person: str, visit: str, form: Literal["json", "pdf"], what: str) -> None:
        """The export goes into the trail; what is printed then holds it too."""
        with self.practice.acting(actor, "export record", person) as desk:
            if not visit and desk.person(person).merged_into:
                raise EntryError("This record was merged into another, whose export holds both. Export that one.")
            desk.record(RecordExported(format=form, what=what), person=person)

    def _house(self, shelf: Shelf) -> House:
        staff = {name: one.name for name, one in shelf.staff().items()}
        position, hashed = shelf.reading.last()
        return House(shelf.clinic(), staff, f"{position}:{hashed.hex()}", self.governance.notice())

    def _name(self, what: str, name: str, ending: str) -> str:
        return f"{what}-{name}-{self.practice.today().isoformat()}.{ending}"


def _whole(shelf: Shelf, person: str) -> tuple[list[PersonState], list[VisitState]]:
    """A person with their duplicates, and their visits, the oldest first."""
    first = shelf.person(person)
    group = shelf.together(first)
    visits = shelf.visits(group, limit=EVERY)
    return [shelf.person(one) for one in group], sorted(visits, key=lambda one: (one.day, one.opened_at, one.id))


def _printed(house: House, title: str, person: PersonState, parts: Sequence[Part]) -> bytes:
    """The pages; whose they are stands on each, with the clinic."""
    born = f", born {day_of(person.birth_date)}" if person.birth_date else ""
    demonstration = " (demonstration)" if house.clinic.demonstration else ""
    footer = f"{person.name}{born} · {house.clinic.name}{demonstration}"
    size: PaperSize = "letter" if house.clinic.place.partition("-")[0] in LETTER else "a4"
    return pdf(Document(title, tuple(parts), banner=house.notice, footer=footer), size)
