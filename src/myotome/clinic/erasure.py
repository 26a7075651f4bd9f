"""Destroying a person's record: who is due, asked by one, confirmed by a second, and nothing left that can be read."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from myotome.clinic.actor import Actor, Proof
from myotome.clinic.practice import Practice
from myotome.clinic.states import Asked


@dataclass(frozen=True, slots=True)
class Due:
    """When a person's record may be destroyed, and by which rule.

    ``first_day`` is None where it cannot be worked out; ``trouble`` then says why. ``asked`` where somebody asked.
    """

    person: str
    name: str
    last_entry: datetime.date
    first_day: datetime.date | None
    rule: str
    source: str
    trouble: str = ""
    asked: Asked | None = None
    is_due: bool = False


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
        raise NotImplementedError

    def asked(self, actor: Actor) -> list[Due]:
        """Everybody whose erasure was asked for and waits for a second person.

        Raises:
            AccessError: this person may not.
        """
        raise NotImplementedError

    def when(self, actor: Actor, person: str) -> Due:
        """When one person's record may be destroyed.

        Raises:
            AccessError: this person may not.
            MissingError: there is no such person.
        """
        raise NotImplementedError

    def ask(self, actor: Actor, person: str, reason: str, law: str = "") -> None:
        """Ask for a record to be destroyed, duplicates and all; nothing happens before a second person confirms.

        ``law`` names the law or order that demands it where the period of retention is not over.

        Raises:
            EntryError: it was asked for already, the record was merged into another, or it must still be kept.
            AccessError: this person may not.
            MissingError: there is no such person.
        """
        raise NotImplementedError

    def refuse(self, actor: Actor, person: str, reason: str) -> None:
        """Say no to what was asked, or take it back.

        Raises:
            EntryError: it was not asked for.
            AccessError: this person may not.
            MissingError: there is no such person.
        """
        raise NotImplementedError

    def confirm(self, actor: Actor, person: str, reason: str, proof: Proof) -> None:
        """Destroy the record for good: keys, states, and those of merged duplicates; the trail keeps ids and acts.

        ``reason`` stays in the record, so it must not name the person.

        Raises:
            AccessError: this person may not, asked for it themselves, or did not sign in again within two minutes.
            EntryError: it was not asked for, the reason names the person, or the record must still be kept.
            MissingError: there is no such person.
            RecordError: it is done, but the tombstone could not be written; the sentence says what to do.
        """
        raise NotImplementedError
