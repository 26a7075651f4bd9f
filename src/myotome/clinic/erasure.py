"""Destroying a person's record: who is due, asked by one, confirmed by a second, and nothing left that can be read.

First the head is exported, so that it is known what there was and that tombstones can be written. Then, in one
transaction, keys and states go and the chained tombstones are recorded. Then the tombstones are copied to the folder
of heads, and the database's file and log forget the bytes; if a crash comes between, ``Keeper.tick`` makes up for it
at the next opening. So there is never a tombstone in the folder for an erasure that did not happen.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

from myotome.clinic.actor import Actor, Proof
from myotome.clinic.entries.kinds import read
from myotome.clinic.entries.made import made
from myotome.clinic.entries.persons import (
    ErasureAsked,
    ErasureRefused,
    PersonErased,
    PersonMerged,
    PersonParted,
    PersonUnmerged,
)
from myotome.clinic.practice import Acting, Practice
from myotome.clinic.retention.term import Due, Term, names_somebody
from myotome.clinic.states import PersonState
from myotome.errors import AccessError, EntryError, RecordError
from myotome.records.event import CLINIC
from myotome.records.heads import bury, export_head
from myotome.records.ledger import Ledger

__all__ = ["Due", "Erasure", "forgotten"]
FORGET = "forget"  # drawer: bytes of destroyed keys may still lie in the file
STAYS = "These words stay when the record is gone, and they hold a name, number or address of the person. Leave it out."
MERGES = (PersonMerged.kind, PersonUnmerged.kind)


class Erasure:
    """Retention and erasure in one clinic."""

    def __init__(self, practice: Practice, heads: Path) -> None:
        """``heads`` is the folder where tombstones are kept: a restored backup does not bring an erased person back."""
        self.practice, self.heads = practice, heads

    def due(self, actor: Actor) -> list[Due]:
        """Everybody whose period of retention is over, longest over first; then those where it cannot be worked out.

        Raises:
            AccessError: this person may not.
        """
        found = [one for one in self._everybody(actor) if one.is_due or one.trouble]
        return sorted(found, key=lambda one: (one.first_day is None, one.first_day or one.last_entry, one.person))

    def asked(self, actor: Actor) -> list[Due]:
        """Everybody whose erasure was asked for and waits for a second person, the longest waiting first.

        Raises:
            AccessError: this person may not.
        """
        found = [(one.asked.at, one.person, one) for one in self._everybody(actor) if one.asked]
        return [one for _, _, one in sorted(found, key=lambda each: each[:2])]

    def when(self, actor: Actor, person: str) -> Due:
        """When one person's record may be destroyed, and whether it was asked for.

        Raises:
            AccessError: this person may not.
            MissingError: there is no such person.
        """
        today = self.practice.today()
        with self.practice.looking(actor, "ask erasure", "retention", person) as shelf:
            return Term(shelf, today).of(shelf.person(person))

    def ask(self, actor: Actor, person: str, reason: str, law: str = "") -> None:
        """Ask for a record to be destroyed, duplicates and all; nothing happens before a second person confirms.

        ``law`` names the law or order that demands it where the period of retention is not over.

        Raises:
            EntryError: it was asked for already, the record was merged into another, or it must still be kept.
            AccessError: this person may not.
            MissingError: there is no such person.
        """
        today = self.practice.today()
        with self.practice.acting(actor, "ask erasure", person) as desk:
            kept = desk.person(person)
            if kept.erasure is not None:
                raise EntryError("Its erasure was asked for already. A second person confirms or refuses it.")
            if kept.merged_into:
                raise EntryError("This record was merged into another and is erased with it: ask for that one instead.")
            _may_go(Term(desk, today).of(kept), law)
            _names_nobody(desk, kept, law)
            desk.record(made(ErasureAsked, reason=reason, law=law), person=person)

    def refuse(self, actor: Actor, person: str, reason: str) -> None:
        """Say no to what was asked, or take it back.

        Raises:
            EntryError: it was not asked for.
            AccessError: this person may not.
            MissingError: there is no such person.
        """
        with self.practice.acting(actor, "ask erasure", person) as desk:
            if desk.person(person).erasure is None:
                raise EntryError("The erasure of this record was not asked for.")
            desk.record(made(ErasureRefused, reason=reason), person=person)

    def confirm(self, actor: Actor, person: str, reason: str, proof: Proof) -> None:
        """Destroy the record for good: keys, states, and those of merged duplicates; the trail keeps ids and acts.

        ``reason`` stays in the record, so it must not name the person.

        Raises:
            AccessError: this person may not, asked for it themselves, or did not sign in again within two minutes.
            EntryError: it was not asked for, the reason names the person, or the record must still be kept.
            MissingError: there is no such person.
            RecordError: the folder of heads cannot be written to; the sentence says whether the record is gone.
        """
        now, today, ledger = self.practice.clock(), self.practice.today(), self.practice.ledger
        if not proof.holds(actor, now):
            raise AccessError("Sign in again to erase: it needs your password or passkey within two minutes.")
        with self.practice.looking(actor, "confirm erasure") as shelf:
            shelf.person(person)
        export_head(ledger, self.heads, now, force=True)
        with self.practice.acting(actor, "confirm erasure", person) as desk:
            kept = desk.person(person)
            if kept.erasure is None:
                raise EntryError("Nobody asked for the erasure of this record. One asks, a second confirms.")
            if kept.erasure.by == actor.staff:
                raise AccessError("You asked for this erasure yourself. A second person must confirm it.")
            _may_go(Term(desk, today).of(kept), kept.erasure.law)
            _names_nobody(desk, kept, f"{reason} {kept.erasure.law}")
            told = {"reason": reason, "asked_by": kept.erasure.by, "law": kept.erasure.law}
            _destroy(desk, desk.together(kept), told)
            desk.writing.drawer(FORGET).put(FORGET, {})
        bury(ledger, self.heads, now)
        forgotten(ledger, now)

    def _everybody(self, actor: Actor) -> list[Due]:
        today = self.practice.today()
        with self.practice.looking(actor, "ask erasure", "list of records by their period") as shelf:
            term = Term(shelf, today)
            return [term.of(one) for one in term.everybody()]


def forgotten(ledger: Ledger, now: datetime.datetime) -> None:
    """After an erasure, also one cut short by a crash: let the database's file and log forget the bytes.

    Raises:
        RecordError: somebody reads the keys just now, or the disk failed; it is done at the next opening.
    """
    with ledger.reading() as record:
        if record.drawer(FORGET).get(FORGET) is None:
            return
    try:
        ledger.database.forget()
    except RecordError as error:
        raise RecordError(f"The record is erased. {error}") from None
    with ledger.writing(now) as changed:
        changed.drawer(FORGET).drop(FORGET)


def _destroy(desk: Acting, group: list[str], told: dict[str, str]) -> None:
    """Keys and states of a person and their duplicates go; a chained tombstone of each stays."""
    parted = list(_once_merged(desk, group))
    keys = {one: desk.writing.keys.owned_by(one) for one in group}
    entries = {
        one: made(PersonErased, keys=keys[one], with_people=[other for other in group if other != one], **told)
        for one in group
    }
    for one in group:
        desk.writing.forget(one, keys[one])
    for one, entry in entries.items():
        desk.record(entry, person=one, key=CLINIC)
    for one, other in parted:
        desk.record(PersonParted(other=one), person=other)


def _once_merged(desk: Acting, group: list[str]) -> Iterator[tuple[str, str]]:
    """(duplicate, other) for others that one of the group was once merged into and parted from.

    The other's state was changed by entries that nobody can read any more; an entry of its own takes their place.
    """
    for one in group:
        others = set()
        for event in desk.entries(person=one, kinds=MERGES, limit=1000):
            entry = read(event.kind, event.version, event.body or {})
            others.add(entry.into if isinstance(entry, PersonMerged) else getattr(entry, "was", ""))
        for other in sorted(others - set(group)):
            state = desk.reading.state("person", other)
            if state is not None and not state.get("erased_at"):
                yield one, other


def _may_go(found: Due, law: str) -> None:
    if found.is_due or law.strip():
        return
    rule = f"This record must be kept until {found.first_day} ({found.rule})" if found.first_day else found.trouble
    raise EntryError(f"{rule.rstrip('.')}. To erase it earlier, name the law or the order that demands it.")


def _names_nobody(desk: Acting, kept: PersonState, text: str) -> None:
    if names_somebody(text, [desk.person(one) for one in desk.together(kept)]):
        raise EntryError(STAYS)
