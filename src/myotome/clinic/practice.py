"""One clinic at work: every act is allowed or refused, done whole, and in the audit trail, in one place."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from myotome.clinic.access.sessions import NOT_SIGNED_IN, Sessions
from myotome.clinic.actor import Actor
from myotome.clinic.entries.clinics import AccessRefused
from myotome.clinic.entries.entry import Entry
from myotome.clinic.entries.persons import RecordRead
from myotome.clinic.permissions import CHARTS_FOR_ANOTHER, ON_A_PERSON, allowed
from myotome.clinic.shelf import OPENED, Shelf
from myotome.clinic.states import ClinicState, StaffState
from myotome.errors import AccessError, MissingError
from myotome.records.event import CLINIC, Draft, Receipt, instant
from myotome.records.ledger import Ledger
from myotome.records.reading import Reading
from myotome.records.writing import Writing

Clock = Callable[[], datetime.datetime]
Names = Callable[[], str]  # a new random identifier


@dataclass(frozen=True, slots=True)
class Made:
    """What a device says of an entry that it made by itself: its id, and when and where by its own clock."""

    id: str
    device_time: str
    zone: str


class Practice:
    """A ledger with people at work on it. The clock and the maker of identifiers are passed in."""

    def __init__(self, ledger: Ledger, clock: Clock, names: Names) -> None:
        """``clock`` gives the time in UTC."""
        self.ledger, self.clock, self.names = ledger, clock, names

    @contextmanager
    def acting(self, actor: Actor, act: str, person: str = "") -> Iterator[Acting]:
        """Do ``act``, on the record of ``person`` where one is named: all that is recorded inside, or nothing.

        Raises:
            AccessError: this person may not, or has not opened that record by two identifiers.
            MissingError: there is no such person here.
        """
        self._allow(actor, act)
        with self.ledger.writing(self.clock) as record:
            desk = Acting(record, as_now(record, actor, act), self)
            if person:
                desk.present(actor, act, person)
            yield desk

    @contextmanager
    def looking(self, actor: Actor, act: str, what: str = "", person: str = "") -> Iterator[Shelf]:
        """Look at something; looking at a person's record, or at a list of people (``what``), is recorded first.

        Raises:
            AccessError: this person may not, or has not opened that record by two identifiers.
            MissingError: there is no such person here.
        """
        self._allow(actor, act)
        if person or what:
            with self.ledger.writing(self.clock) as record:
                desk = Acting(record, as_now(record, actor, act), self)
                if person:
                    desk.present(actor, act, person)
                desk.record(RecordRead(what=what or act), person=person)
        with self.ledger.reading() as reading:
            shelf = Shelf(reading)
            as_now(reading, actor, act)  # what is shown is of another moment than what was recorded
            if person:
                present(shelf, actor, act, person)
            yield shelf

    @contextmanager
    def watching(self, actor: Actor, act: str, person: str) -> Iterator[Shelf]:
        """Go on looking at what was opened and is in the trail already: a page that keeps itself up to date.

        Raises:
            AccessError: this person may not, or has not opened that record by two identifiers.
            MissingError: there is no such person here.
        """
        self._allow(actor, act)
        with self.ledger.reading() as reading:
            shelf = Shelf(reading)
            as_now(reading, actor, act)
            present(shelf, actor, act, person)
            yield shelf

    @contextmanager
    def within(self) -> Iterator[Shelf]:
        """Read what the program itself needs; nothing that is shown to anybody."""
        with self.ledger.reading() as reading:
            yield Shelf(reading)

    @contextmanager
    def changing(self) -> Iterator[Writing]:
        """Change drawers (sessions, credentials, limits) and record what the program itself does."""
        with self.ledger.writing(self.clock) as record:
            yield record

    def settings(self) -> ClinicState:
        """The clinic's settings."""
        with self.within() as shelf:
            return shelf.clinic()

    def staff(self) -> dict[str, StaffState]:
        """Everybody who works or worked here, by id."""
        with self.within() as shelf:
            return shelf.staff()

    def today(self) -> datetime.date:
        """The day in the clinic's time zone."""
        return self.clock().astimezone(ZoneInfo(self.settings().zone)).date()

    def draft(
        self, actor: Actor, entry: Entry, person: str = "", visit: str = "", key: str = "", made: Made | None = None
    ) -> Draft:
        """An entry made here and now, by the server's clock, unless a device ``made`` it."""
        at = self.clock().astimezone(ZoneInfo(actor.zone)).isoformat()
        made = made or Made(self.names(), at, actor.zone)
        told = {"author": actor.staff, "device": actor.device, "device_time": made.device_time, "zone": made.zone}
        kind, version = type(entry).kind, type(entry).version
        return Draft(kind, version, entry.body(), **told, id=made.id, person=person, visit=visit, key=key)

    def _allow(self, actor: Actor, act: str) -> None:
        if allowed(actor.roles, act):
            return
        with self.changing() as record:
            record.append(self.draft(actor, AccessRefused(act=act)))
        raise AccessError(_not_by(actor.roles, act))


class Acting(Shelf):
    """A transaction in somebody's name; made by ``Practice.acting``."""

    def __init__(self, record: Writing, actor: Actor, practice: Practice) -> None:
        """``record`` is the open transaction."""
        super().__init__(record)
        self.writing, self.actor, self.practice = record, actor, practice

    def record(
        self, entry: Entry, person: str = "", visit: str = "", key: str = "", made: Made | None = None
    ) -> Receipt:
        """Add an entry to the chain."""
        return self.writing.append(self.practice.draft(self.actor, entry, person, visit, key, made))

    def charted(self, entry: Entry, person: str, visit: str, made: Made | None = None) -> Receipt:
        """The same for what is charted; an assistant charts for somebody.

        Raises:
            AccessError: an assistant did not name for whom, or named somebody who does not treat.
        """
        roles = self.actor.roles
        if CHARTS_FOR_ANOTHER in roles and not allowed(roles, "sign"):
            someone = self.staff().get(self.actor.on_behalf)
            treats = someone is not None and someone.joined and allowed(frozenset(someone.roles), "sign")
            if someone is None or someone.left or not treats:
                raise AccessError("An assistant charts for a practitioner: choose for whom before charting.")
            behalf = self.actor.on_behalf
        else:
            behalf = ""  # nobody else charts for somebody, whatever was handed in
        entry = entry.model_copy(update={"on_behalf": behalf})
        return self.record(entry, person=person, visit=visit, made=made)

    def present(self, actor: Actor, act: str, person: str) -> None:
        """See that there is such a person, and that this session opened the record, or the one it was merged into."""
        present(self, actor, act, person)

    def open_for(self, session: str, person: str, until: datetime.datetime) -> None:
        """Remember that a session opened a record."""
        self.writing.drawer(OPENED).put(f"{session}:{person}", {}, owner=session, until=instant(until))

    def new_key(self, owner: str = "") -> str:
        """A new identifier with a key of its own, owned by itself or by a person."""
        name = self.practice.names()
        self.writing.keys.make(name, owner or name)
        return name


class NotOpenedError(AccessError):
    """The record must first be opened by two identifiers."""


def present(shelf: Shelf, actor: Actor, act: str, person: str) -> None:
    """See that there is such a person, and that this session opened the record, or the one it was merged into.

    Raises:
        MissingError: there is no such person.
        NotOpenedError: the record was not opened.
    """
    found = shelf.person(person)
    if act not in ON_A_PERSON:
        return
    while not shelf.is_opened(actor.session, found.id):
        if not found.merged_into or not shelf.is_kept(found.merged_into):
            raise NotOpenedError("Make sure whom you have before you: confirm two identifiers, then the record opens.")
        found = shelf.person(found.merged_into)


def as_now(record: Reading, actor: Actor, act: str) -> Actor:
    """Somebody with the roles that they have at this moment, which may be later than when they were asked in.

    Raises:
        AccessError: they left, their session ended, or their roles no longer let them.
    """
    kept = record.state("staff", actor.staff)
    member = None if kept is None else StaffState.model_validate(kept)
    if member is None or member.left or not member.joined:
        raise AccessError(NOT_SIGNED_IN)
    if actor.session and Sessions(record).by_id(actor.staff, actor.session) is None:
        raise AccessError(NOT_SIGNED_IN)
    if not allowed(frozenset(member.roles), act):
        raise AccessError(_not_by(frozenset(member.roles), act))
    return dataclasses.replace(actor, roles=frozenset(member.roles))


def _not_by(roles: frozenset[str], act: str) -> str:
    return f"Your roles here ({', '.join(sorted(roles)) or 'none'}) do not let you {act}."


def found_clinic(practice: Practice, actor: Actor, entry: Entry) -> None:
    """Record the beginning of a clinic that has none.

    Raises:
        AccessError: it began already.
    """
    with practice.changing() as record:
        if record.state("clinic", CLINIC) is not None:
            raise AccessError("This clinic was founded already. Sign in.")
        record.append(practice.draft(actor, entry))


__all__ = ["Acting", "Made", "MissingError", "NotOpenedError", "Practice", "found_clinic"]
