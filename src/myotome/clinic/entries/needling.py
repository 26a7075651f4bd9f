"""What is recorded of needles: whence, in, what came of it, out, counted; and what happened where that is not true."""

from __future__ import annotations

import datetime
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from myotome.clinic.entries.bedside import MOST_NAMED, BedsideEntry, Millimetres, Names, Side, Value
from myotome.clinic.entries.entry import Line, MaybeLine, Name, Prose, one_line

Diameter = Annotated[float, Field(gt=0, le=5, allow_inf_nan=False)]
# As a packet has it.
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100, strict=True), AfterValidator(one_line)]
FIRST, LAST = 2000, 2100  # years that may stand on a packet
PACKET = (
    "It is {maker, lot, expires, diameter_mm, length_mm}: maker or lot must be given, each a line of at most 100 "
    "characters; expires is a day such as 2028-03-31; a diameter is up to 5 mm, a length up to 200 mm."
)


def day_on_packet(text: str) -> str:
    """Refuse what is no day, or the day of a year that stands on no packet."""
    try:
        ok = not text or FIRST <= datetime.date.fromisoformat(text).year <= LAST
    except ValueError:
        ok = False
    if not ok or len(text) not in (0, len("2028-03-31")):
        raise ValueError(f"it is no day from {FIRST} to {LAST}; write 2028-03-31, or of a month its last day")
    return text


class PacketOpened(BedsideEntry):
    """A packet from which needles of this visit are taken: by maker and lot they can be traced.

    ``expires``: the day after which they are not to be used. There may be several; ``replaces`` corrects one.
    """

    kind: ClassVar[str] = "packet.opened"

    maker: Label = ""
    lot: Label = ""
    expires: Annotated[MaybeLine, AfterValidator(day_on_packet)] = ""
    diameter_mm: Diameter | None = None
    length_mm: Millimetres | None = None

    @model_validator(mode="after")
    def traceable(self) -> Self:
        """Refuse a packet by which nothing can be traced."""
        if not self.maker and not self.lot:
            raise ValueError("neither maker nor lot is given; write what the packet says of one of them")
        return self


class NeedleIn(BedsideEntry):
    """A needle goes in: an insertion, named by this entry. ``after``: the same needle was in before, by that entry."""

    kind: ClassVar[str] = "needle.in"

    needle: Name
    point: Line
    side: Side
    gauge_mm: Diameter | None = None
    length_mm: Millimetres | None = None
    depth_mm: Millimetres | None = None
    technique: MaybeLine = ""
    after: Name | Literal[""] = ""
    out: Literal[True] | None = None


class NeedleResponse(BedsideEntry):
    """What came of an insertion; untouched, there is no such entry."""

    kind: ClassVar[str] = "needle.response"

    insertion: Name
    twitch: Annotated[int, Field(ge=0, le=3, strict=True)]
    sensation: Literal["plain", "ache", "familiar pain"]


class NeedleNoted(BedsideEntry):
    """Something more of an insertion."""

    kind: ClassVar[str] = "needle.noted"

    insertion: Name
    what: Literal["grasp", "depth_mm", "technique"]
    value: Value


class NeedlesTimed(BedsideEntry):
    """How long needles that are in are to stay, counted from then; 0 calls it off. The last one counts."""

    kind: ClassVar[str] = "needles.timed"

    insertions: tuple[Name, ...] = Field(min_length=1, max_length=MOST_NAMED)
    minutes: Annotated[int, Field(ge=0, le=240, strict=True)]


class NeedleOut(BedsideEntry):
    """Needles came out."""

    kind: ClassVar[str] = "needle.out"

    insertions: tuple[Name, ...] = Field(min_length=1, max_length=MOST_NAMED)


class NeedleUnused(BedsideEntry):
    """Opened and never in the person."""

    kind: ClassVar[str] = "needle.unused"

    count: Annotated[int, Field(ge=1, le=20, strict=True)]
    why: MaybeLine = ""


class NeedlesRemoved(BedsideEntry):
    """Everything out at once, for a faint; what was in is then reconciled."""

    kind: ClassVar[str] = "needles.removed"

    insertions: Names = ()


class SharpsCounted(BedsideEntry):
    """How many needles lie in the sharps container, counted without looking at the ledger."""

    kind: ClassVar[str] = "sharps.counted"

    count: Annotated[int, Field(ge=0, le=200, strict=True)]


class IncidentWritten(BedsideEntry):
    """What happened where the count does not come out true."""

    kind: ClassVar[str] = "incident.written"

    text: Prose
    needles: Names = ()
