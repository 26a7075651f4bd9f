"""What is recorded of the clinic and its staff."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from myotome.clinic.entries.entry import Entry, Line, MaybeLine, Name

Role = Literal["owner", "lead", "practitioner", "intern", "assistant", "reception", "auditor"]


class ClinicFounded(Entry):
    """The clinic begins: its name, the place whose retention rules hold, its time zone."""

    kind: ClassVar[str] = "clinic.founded"

    name: Line
    place: Line
    zone: Line
    demonstration: bool = False


class StaffJoined(Entry):
    """Somebody works here from now on."""

    kind: ClassVar[str] = "staff.joined"

    staff: Name
    name: Line
    sign_in: Line
    roles: tuple[Role, ...] = Field(min_length=1)
    licence: MaybeLine = ""
