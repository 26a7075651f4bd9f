"""What leaves the clinic as a file: a person's whole record, the note of one visit, sheets that are handed over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from myotome.care.course.followed import Followed
from myotome.care.session.followed import harms_told
from myotome.clinic.actor import Actor
from myotome.clinic.courses import Courses
from myotome.clinic.entries.persons import RecordExported
from myotome.clinic.exports.handed import aftercare_of, consent_part, facts_of, needled_in, visit_form
from myotome.clinic.exports.harm import Harm, harm_part
from myotome.clinic.exports.note import note_part
from myotome.clinic.exports.person import as_json, gathered
from myotome.clinic.exports.printed import empty_form, named_on, printed, size_of
from myotome.clinic.exports.record import record_parts
from myotome.clinic.exports.told import House, Told, identified, told_of
from myotome.clinic.governance import Governance
from myotome.clinic.practice import Acting, Practice
from myotome.clinic.shelf import Shelf
from myotome.clinic.states import Consent, PersonState, VisitState
from myotome.errors import EntryError, MissingError
from myotome.paper.course import Drawn, course_part
from myotome.paper.document import Part
from myotome.paper.pdf import PaperSize
from myotome.records.event import instant

JSON, PDF = "application/json", "application/pdf"
EVERY = 100_000  # visits of one person
Ready = Callable[[Acting], None]
Making = Callable[[Told, tuple[str, ...], PaperSize], Sequence[Part]]


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
        data = printed(house, "Record", people[0], record_parts(house, people, told))
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
            told = self._told(shelf, visit, person)
        data = printed(told.house, "Visit note", told.person, (note_part(told),))
        return Exported(self._name("note", visit, "pdf"), PDF, data)

    def aftercare_pdf(self, actor: Actor, visit: str) -> Exported:
        """The sheet for the patient to take home, for what was needled.

        Raises:
            AccessError: this person may not, or has not opened the record.
            EntryError: nothing was needled.
            MissingError: there is no such visit.
        """

        def needled(desk: Acting) -> None:
            needled_in(desk.bedside(visit))

        def made(told: Told, facts: tuple[str, ...], _: PaperSize) -> Sequence[Part]:
            return (aftercare_of(told, facts),)

        return self._of_visit(actor, visit, "aftercare", "Aftercare", made, needled)

    def course_pdf(
        self, actor: Actor, person: str, which: int, courses: Courses, drawn: Callable[[Followed], Drawn]
    ) -> Exported:
        """One course of a person, counted from the latest, for whoever may look at its page; in the trail likewise.

        Raises:
            AccessError: this person may not, or has not opened the record.
            MissingError: there is no such person, or no visit to follow.
        """
        found, listed = courses.of(actor, person, "course (PDF)")
        if not listed:
            raise MissingError("There is no visit yet: no course to print.")
        with self.practice.within() as shelf:
            house = self._house(shelf)
        course = listed[min(which, len(listed)) - 1]
        part = course_part(identified(found), house.clinic.name, course, drawn(course))
        return Exported(self._name("course", person, "pdf"), PDF, printed(house, "Course", found, (part,)))

    def visit_form_pdf(self, actor: Actor, visit: str) -> Exported:
        """The paper form with a visit's person and plan on it.

        Raises:
            AccessError: this person may not, or has not opened the record.
            MissingError: there is no such visit.
        """
        return self._of_visit(
            actor, visit, "paper-form", "Visit on paper", lambda told, _, size: visit_form(told, size)
        )

    def form_pdf(self, actor: Actor) -> Exported:
        """The paper form with nobody on it.

        Raises:
            AccessError: this person sees no people.
        """
        with self.practice.acting(actor, "see people") as desk:
            desk.record(RecordExported(format="pdf", what="empty paper form"))
        with self.practice.within() as shelf:
            clinic, notice = shelf.clinic(), self.governance.notice()
        size = size_of(clinic)
        data = empty_form(size, notice, named_on(clinic))
        return Exported(f"paper-form-{size}.pdf", PDF, data)

    def consent_pdf(self, actor: Actor, person: str, consent: str) -> Exported:
        """A consent with the words as they were signed.

        Raises:
            AccessError: this person may not, or has not opened the record.
            MissingError: there is no such consent of this person.
        """
        with self.practice.acting(actor, "record consent", person) as desk:
            house = self._house(desk)
            owner, kept = _agreed(desk, person, consent)
            part = consent_part(house, owner, kept)
            desk.record(RecordExported(format="pdf", what="consent"), person=person)
        data = printed(house, "Consent", owner, (part,))
        return Exported(self._name("consent", consent, "pdf"), PDF, data)

    def _of_visit(
        self, actor: Actor, visit: str, name: str, title: str, made: Making, ready: Ready | None = None
    ) -> Exported:
        """A sheet of a visit that is printed while it is charted, once it is ``ready``."""
        with self.practice.within() as shelf:
            person = shelf.visit(visit).person
        with self.practice.acting(actor, "chart", person) as desk:
            if ready:
                ready(desk)
            desk.record(RecordExported(format="pdf", what=title.lower()), person=person)
        with self.practice.within() as shelf:
            told = self._told(shelf, visit, person)
            facts = facts_of(shelf, told)
        size = size_of(told.house.clinic)
        data = printed(told.house, title, told.person, made(told, facts, size))
        return Exported(self._name(name, visit, "pdf"), PDF, data)

    def _told(self, shelf: Shelf, visit: str, person: str) -> Told:
        house, kept = self._house(shelf), shelf.visit(visit)
        if kept.person != person:
            raise MissingError("This visit was moved to another record just now. Open it there.")
        return told_of(shelf, house, shelf.person(kept.person), kept)

    def harm_pdf(self, actor: Actor, visit: str, entry: str, *, named: bool = False) -> Exported:
        """A report of one harm, to be completed by hand; it names the person only where ``named`` asks for it.

        Raises:
            AccessError, MissingError: this person may not; the record is not open; there is no such harm in this visit.
        """
        with self.practice.within() as shelf:
            person = shelf.visit(visit).person
        self._record(actor, person, visit, "pdf", "report of harm")
        with self.practice.within() as shelf:
            told, entries = self._told(shelf, visit, person), shelf.bedside(visit)
        found = [one for one in harms_told(entries) if entry in {head.id for head in one.heads}]
        if not found:
            raise MissingError("There is no such harm in this visit, or newer words took its place.")
        harm = Harm(told.house, told.person, told.visit, found[0], entries, actor.name, named)
        data = printed(told.house, "Report of harm", told.person, (harm_part(harm),), nameless=not named)
        return Exported(self._name("harm", entry, "pdf"), PDF, data)

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


def _agreed(shelf: Shelf, person: str, consent: str) -> tuple[PersonState, Consent]:
    """A consent of a person or a merged duplicate, and whose it is."""
    for owner in map(shelf.person, shelf.together(shelf.person(person))):
        for one in owner.consents:
            if one.consent == consent:
                return owner, one
    raise MissingError("There is no such consent of this person.")
