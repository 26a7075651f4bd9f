"""What is recorded of a visit."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Literal

from myotome.care.examination import yaml12
from myotome.clinic.entries.bedside import BedsideEntry
from myotome.clinic.entries.entry import Entry, Line, MaybeLine, Name, Prose


class VisitOpened(Entry):
    """A visit begins."""

    kind: ClassVar[str] = "visit.opened"

    day: datetime.date
    reason: MaybeLine = ""


class HypothesisRecorded(BedsideEntry):
    """What the practitioner thinks, best written down before the software says anything."""

    kind: ClassVar[str] = "hypothesis.recorded"

    text: Prose


class ExaminationRecorded(Entry):
    """The examination as the plain values of a case file; ``assembled`` from the small entries of the bedside."""

    kind: ClassVar[str] = "examination.recorded"
    version: ClassVar[int] = 2

    case: dict[str, Any]
    assembled: bool | None = None

    @classmethod
    def brought_up(cls, body: dict[str, Any], version: int) -> dict[str, Any]:
        """Version 1 kept the text of the case file."""
        if version != 1:
            return super().brought_up(body, version)
        return {**body, "case": yaml12.read(body["case"].encode())}


class ExplanationFrozen(Entry):
    """What the software said, whole, with engine, edition and profile."""

    kind: ClassVar[str] = "explanation.frozen"

    engine: Line
    edition: Line
    profile: Line
    says: Prose
    urgency: Line = "none"
    explanation: dict[str, Any]


class PlanFrozen(Entry):
    """The plan as it was made, whole; ``outcome`` in a word."""

    kind: ClassVar[str] = "plan.frozen"

    engine: Line
    edition: Line
    profile: Line
    says: Line
    plan: dict[str, Any]


class VisitSigned(Entry):
    """The note is signed: over the digest of the visit as it stood, after signing in again."""

    kind: ClassVar[str] = "visit.signed"

    digest: Line
    method: Literal["password", "passkey"]
    needs_cosignature: bool = False


class VisitCosigned(Entry):
    """A practitioner stands for an intern's note."""

    kind: ClassVar[str] = "visit.cosigned"

    digest: Line
    method: Literal["password", "passkey"]


class VisitMoved(Entry):
    """It was charted on the wrong person: it belongs to another from now on, and its key with it."""

    kind: ClassVar[str] = "visit.moved"

    to: Name
    reason: Prose


class VisitStruck(Entry):
    """Entered in error: it stays, struck through, and counts no more."""

    kind: ClassVar[str] = "visit.struck"

    reason: Prose


class VisitAmended(Entry):
    """An amendment beside the signed note."""

    kind: ClassVar[str] = "visit.amended"

    amendment: Name
    text: Prose
    reason: Prose
