"""What is recorded at the bedside: small entries, one a tap, made on a device and sent when the clinic is reached.

A visit's bedside is the set of its entries; nothing in it is overwritten. ``replaces`` names the entries that a value
takes the place of, ``entry.taken-back`` undoes one.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from myotome.clinic.entries.entry import Entry, Line, MaybeLine, MaybeProse, Name, Prose
from myotome.clinic.entries.moments import has_offset

MOST_NAMED = 100  # entries or needles that one entry names
MOST_POSITIONS = 12  # more than there are ways to lie
Answer = Literal["yes", "no", "not asked"]
Side = Literal["left", "right", "both", ""]
When = Literal["before", "after"]
Names = Annotated[tuple[Name, ...], Field(max_length=MOST_NAMED)]
Number = Annotated[float, Field(allow_inf_nan=False, strict=True)]
Value = Annotated[bool, Field(strict=True)] | Number | MaybeProse | tuple[Line, ...]
Told = dict[Literal["medicines", "conditions", "implants"], tuple[Line, ...] | Literal["none"]]
Millimetres = Annotated[float, Field(gt=0, le=200, allow_inf_nan=False)]


def offset(text: str) -> str:
    """Refuse a time without its offset."""
    if text and not has_offset(text):
        raise ValueError("it is no time with its offset; write 2026-03-01T09:30:00+01:00")
    return text


class BedsideEntry(Entry):
    """What every entry of the bedside may hold.

    ``happened``: when, where that is not when it was entered. ``clock_off``: seconds by which the device knew its
    clock to be ahead of the clinic's. ``gesture``: by which shortcut it was made.
    """

    replaces: Names = ()
    gesture: MaybeLine = ""
    clock_off: Annotated[int | None, Field(ge=-(10**9), le=10**9)] = None
    happened: Annotated[MaybeLine, AfterValidator(offset)] = ""
    paper: bool | None = None


class ScreeningAnswered(BedsideEntry):
    """One question of the screening."""

    kind: ClassVar[str] = "screening.answered"

    item: Line
    answer: Answer


class ScreeningUnchanged(BedsideEntry):
    """Nothing has changed since another visit: every answer that is carried over stands here."""

    kind: ClassVar[str] = "screening.unchanged"

    since: Name
    answers: dict[Line, Answer] = Field({}, max_length=300)
    told: Told = Field({}, max_length=3)


class CaseTold(BedsideEntry):
    """One value of the case: the complaint, age, build, medicines, what this visit allows."""

    kind: ClassVar[str] = "case.told"

    part: Literal["person", "build", "complaint", "visit", "settings", "medicines", "conditions", "implants", "reasons"]
    field: MaybeLine = ""
    value: Value | None = None


class FindingRecorded(BedsideEntry):
    """What was looked at and what was seen; ``when`` tells a re-test from the first test."""

    kind: ClassVar[str] = "finding.recorded"

    sign: Line
    at: Line
    side: Side = ""
    result: MaybeLine = ""
    grade: Number | Line | None = None
    value: Number | None = None
    intensity: Number | None = None
    quality: MaybeLine = ""
    when: When = "before"


class ExplanationJudged(BedsideEntry):
    """Whether the practitioner agrees with what was shown."""

    kind: ClassVar[str] = "explanation.judged"

    agrees: Literal["yes", "partly", "no"]
    says: MaybeProse = ""
    text: MaybeProse = ""


class PlanChanged(BedsideEntry):
    """A point added to the plan or taken out of it."""

    kind: ClassVar[str] = "plan.changed"

    point: Line
    side: Side
    change: Literal["add", "remove"]
    from_visit: Name | Literal[""] = ""


class PlanOrdered(BedsideEntry):
    """The positions of the visit in the practitioner's order; those not named come after them, as planned."""

    kind: ClassVar[str] = "plan.ordered"

    positions: tuple[Line, ...] = Field(min_length=1, max_length=MOST_POSITIONS)


class PointTaken(BaseModel):
    """A point on a side."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    point: Line
    side: Side


class PlanTaken(BedsideEntry):
    """With this plan the needling begins, in this order; what the software said is then frozen with the visit."""

    kind: ClassVar[str] = "plan.taken"

    points: tuple[PointTaken, ...] = Field((), max_length=MOST_NAMED)


class RemarkWritten(BedsideEntry):
    """Free words."""

    kind: ClassVar[str] = "remark.written"

    text: Prose
    step: MaybeLine = ""


class EntryTakenBack(BedsideEntry):
    """An entry that was a slip: it stays readable and counts no more."""

    kind: ClassVar[str] = "entry.taken-back"

    entry: Name
    why: MaybeLine = ""
