"""What is recorded of a person: who they are, who belongs to them, what they agreed to."""

from __future__ import annotations

import datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from myotome.clinic.entries.entry import BirthDate, Entry, Line, MaybeLine, MaybeProse, Name, Prose

Sex = Literal["female", "male", "other", "unknown"]
Relation = Literal["guardian", "chaperone", "interpreter", "next of kin", "general practitioner"]


class Identifier(BaseModel):
    """A number by which somebody else knows the person: ``system`` such as 'health card', and its value."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    system: Line
    value: Line


class PersonRegistered(Entry):
    """A new person."""

    kind: ClassVar[str] = "person.registered"

    name: Line
    birth_date: BirthDate
    sex: Sex = "unknown"
    identifiers: tuple[Identifier, ...] = Field((), max_length=10)
    phone: MaybeLine = ""
    email: MaybeLine = ""
    language: MaybeLine = ""


class PersonCorrected(Entry):
    """What was wrong or has changed; only the fields that are given, and why."""

    kind: ClassVar[str] = "person.corrected"

    name: Line | None = None
    birth_date: BirthDate | None = None
    sex: Sex | None = None
    identifiers: tuple[Identifier, ...] | None = Field(None, max_length=10)
    phone: MaybeLine | None = None
    email: MaybeLine | None = None
    language: MaybeLine | None = None
    reason: Prose


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
