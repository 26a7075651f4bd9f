"""What is recorded of a visit."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import StringConstraints

from myotome.clinic.entries.entry import Entry, Line, MaybeLine, Name, Prose


class VisitOpened(Entry):
    """A visit begins."""

    kind: ClassVar[str] = "visit.opened"

    day: datetime.date
    reason: MaybeLine = ""


class HypothesisRecorded(Entry):
    """What the practitioner thinks, entered before the software says anything."""

    kind: ClassVar[str] = "hypothesis.recorded"

    text: Prose


class ExaminationRecorded(Entry):
    """The examination as a case file's text."""

    kind: ClassVar[str] = "examination.recorded"

    case: Annotated[str, StringConstraints(min_length=1, max_length=200_000, strict=True)]


class ExplanationFrozen(Entry):
    """What the software said, whole, with engine, edition and profile."""

    kind: ClassVar[str] = "explanation.frozen"

    engine: Line
    edition: Line
    profile: Line
    explanation: dict[str, Any]


class VisitSigned(Entry):
    """The note is signed: over the digest of the visit as it stood, after signing in again."""

    kind: ClassVar[str] = "visit.signed"

    digest: Line
    method: Literal["password", "passkey"]


class VisitAmended(Entry):
    """An amendment beside the signed note."""

    kind: ClassVar[str] = "visit.amended"

    amendment: Name
    text: Prose
    reason: Prose
