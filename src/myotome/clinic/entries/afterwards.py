"""What is recorded of how it went: harm, calls, scores, what else is done, advice, the next visit."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from myotome.clinic.entries.bedside import MOST_NAMED, Answer, BedsideEntry, Number, Side, When
from myotome.clinic.entries.entry import Line, MaybeLine, MaybeProse


class AdverseRecorded(BedsideEntry):
    """A harm in fixed terms."""

    kind: ClassVar[str] = "adverse.recorded"

    term: Line
    severity: Literal["mild", "moderate", "severe"]
    onset: Line
    actions: tuple[Line, ...] = Field((), max_length=20)
    point: MaybeLine = ""
    side: Side = ""
    text: MaybeProse = ""
    outcome: MaybeLine = ""


class CheckinMade(BedsideEntry):
    """Somebody was asked how they are, some hours after."""

    kind: ClassVar[str] = "checkin.made"

    due: Line
    how: Literal["phone", "in person", "message", "no answer"]
    answers: dict[Line, Answer] = Field({}, max_length=50)
    text: MaybeProse = ""


class ScoreRecorded(BedsideEntry):
    """An outcome score with its items as they were answered."""

    kind: ClassVar[str] = "score.recorded"

    score: Line
    when: When = "before"
    items: dict[Line, Number | Line] = Field({}, max_length=60)
    total: Number | None = None


class AlongsideRecorded(BedsideEntry):
    """Something else that is done for the same complaint."""

    kind: ClassVar[str] = "alongside.recorded"

    what: Line
    text: MaybeProse = ""


class AftercareGiven(BedsideEntry):
    """Which advice was given, and how."""

    kind: ClassVar[str] = "aftercare.given"

    advice: tuple[Line, ...] = Field((), max_length=MOST_NAMED)
    how: Line = "spoken"


class FollowupPlanned(BedsideEntry):
    """When the person comes again."""

    kind: ClassVar[str] = "followup.planned"

    days: Annotated[int, Field(ge=0, le=1000, strict=True)] | None = None
    date: datetime.date | None = None
    text: MaybeProse = ""
