"""What leaves the clinic as a file: a person's whole record, or the note of one visit."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from myotome.clinic.actor import Actor
from myotome.clinic.governance import Governance
from myotome.clinic.practice import Practice


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
            MissingError: there is no such person.
        """
        raise NotImplementedError

    def person_pdf(self, actor: Actor, person: str) -> Exported:
        """The whole record to print: who it is, consents, and the note of every visit.

        Raises:
            AccessError: this person may not, or has not opened the record.
            MissingError: there is no such person.
        """
        raise NotImplementedError

    def note_pdf(self, actor: Actor, visit: str) -> Exported:
        """The note of one visit to print, from what was frozen in it.

        Raises:
            AccessError: this person may not, or has not opened the record.
            MissingError: there is no such visit.
        """
        raise NotImplementedError

    def _day(self) -> datetime.date:
        return self.practice.today()
