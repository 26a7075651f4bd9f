"""What is recorded of a person: who they are, who belongs to them, what they agreed to."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from myotome.clinic.entries.entry import BirthDate, Entry, Line, MaybeLine, MaybeProse, Name, Prose

Sex = Literal["female", "male", "other", "unknown"]
Relation = Literal["guardian", "chaperone", "interpreter", "next of kin", "general practitioner"]


class Identifier(BaseModel):
    """A number by which somebody else knows the person: ``system`` such as 'health card', and its value."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    system: Line
    value: Line


class PersonRegistered(Entry):
    """A new person. Names as in FHIR: ``family`` and ``given``; ``text`` only where nobody knows which is which."""

    kind: ClassVar[str] = "person.registered"
    version: ClassVar[int] = 2

    family: MaybeLine = ""
    given: MaybeLine = ""
    text: MaybeLine = ""
    birth_date: BirthDate
    sex: Sex = "unknown"
    identifiers: tuple[Identifier, ...] = Field((), max_length=10)
    phone: MaybeLine = ""
    email: MaybeLine = ""
    language: MaybeLine = ""

    @model_validator(mode="after")
    def _named(self) -> Self:
        if not (self.family or self.given or self.text):
            raise ValueError("a person has a name: give the family name, the given name, or both")
        return self

    @classmethod
    def brought_up(cls, body: dict[str, Any], version: int) -> dict[str, Any]:
        """Version 1 had one name; which part is the family's nobody wrote down, so it stays one text."""
        return _one_name(body) if version == 1 else super().brought_up(body, version)


class PersonCorrected(Entry):
    """What was wrong or has changed; only the fields that are given, and why."""

    kind: ClassVar[str] = "person.corrected"
    version: ClassVar[int] = 2

    family: MaybeLine | None = None
    given: MaybeLine | None = None
    text: MaybeLine | None = None
    birth_date: BirthDate | None = None
    sex: Sex | None = None
    identifiers: tuple[Identifier, ...] | None = Field(None, max_length=10)
    phone: MaybeLine | None = None
    email: MaybeLine | None = None
    language: MaybeLine | None = None
    reason: Prose

    @classmethod
    def brought_up(cls, body: dict[str, Any], version: int) -> dict[str, Any]:
        """Version 1 had one name."""
        return _one_name(body) if version == 1 else super().brought_up(body, version)


class PersonRelated(Entry):
    """Somebody who belongs to the person: guardian, chaperone, interpreter."""

    kind: ClassVar[str] = "person.related"

    relation: Relation
    relative: Name
    name: Line
    phone: MaybeLine = ""
    note: MaybeProse = ""


class PersonUnrelated(Entry):
    """They do not any more."""

    kind: ClassVar[str] = "person.unrelated"

    relative: Name
    reason: Prose


class PersonMerged(Entry):
    """This person is the same as another, whose record goes on. Nothing is copied: both are read together."""

    kind: ClassVar[str] = "person.merged"

    into: Name
    reason: Prose


class PersonUnmerged(Entry):
    """They are not the same after all."""

    kind: ClassVar[str] = "person.unmerged"

    was: Name
    reason: Prose


class PersonParted(Entry):
    """A record that was once merged into this one, and taken out again, was erased."""

    kind: ClassVar[str] = "person.parted"

    other: Name


class PersonOpened(Entry):
    """Somebody made sure whom they have before them, by two identifiers."""

    kind: ClassVar[str] = "person.opened"

    identifiers: tuple[Line, ...] = Field(min_length=2, max_length=10)


class RecordRead(Entry):
    """Something of the record was shown: which page."""

    kind: ClassVar[str] = "record.read"

    what: Line


class RecordExported(Entry):
    """The record left as a file."""

    kind: ClassVar[str] = "record.exported"

    format: Literal["json", "pdf"]
    what: Line


class ErasureAsked(Entry):
    """Somebody asked to destroy the record; a second person must confirm."""

    kind: ClassVar[str] = "erasure.asked"

    reason: Prose
    law: MaybeLine = ""


class ErasureRefused(Entry):
    """The second person, or the first on second thought, said no."""

    kind: ClassVar[str] = "erasure.refused"

    reason: Prose


class PersonErased(Entry):
    """The record was destroyed: which keys, who asked and who confirmed. Sealed by the clinic's key.

    ``law`` demanded it before the period of retention was over. What follows it is written by a restore, which erases
    again whoever was erased after the backup: ``code`` and ``erased_at`` of the erasure, its ``event``, and keys
    ``left`` because they had come to the person since.
    """

    kind: ClassVar[str] = "person.erased"

    keys: tuple[Name, ...]
    reason: Prose
    asked_by: str = ""
    with_people: tuple[Name, ...] = ()
    law: MaybeLine = ""
    code: MaybeLine = ""
    erased_at: MaybeLine = ""
    event: MaybeLine = ""
    left: tuple[Name, ...] = ()


class ConsentGiven(Entry):
    """Consent to a treatment, by whom, to which version of which words; a blank signature is refused."""

    kind: ClassVar[str] = "consent.given"

    consent: Name
    treatment: Line
    text_version: Line
    text_digest: Line
    by: Literal["self", "guardian"] = "self"
    signature: Line
    copy_given: bool
    day: datetime.date


class ConsentWithdrawn(Entry):
    """It is withdrawn; nothing is needled from then on."""

    kind: ClassVar[str] = "consent.withdrawn"

    consent: Name
    reason: MaybeProse = ""


def _one_name(body: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in body.items() if key != "name"}
    return {**kept, "text": body["name"]} if "name" in body else kept
