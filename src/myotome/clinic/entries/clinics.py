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


class ClinicChanged(Entry):
    """Settings that changed; only those that are given."""

    kind: ClassVar[str] = "clinic.changed"

    name: Line | None = None
    place: Line | None = None
    zone: Line | None = None
    offers: tuple[Line, ...] | None = Field(None, max_length=20)


class StaffInvited(Entry):
    """Somebody may join: with these roles, by a link that works once."""

    kind: ClassVar[str] = "staff.invited"

    staff: Name
    name: Line
    sign_in: Line
    roles: tuple[Role, ...] = Field(min_length=1)
    licence: MaybeLine = ""


class StaffChanged(Entry):
    """Name, roles or licence changed; only what is given."""

    kind: ClassVar[str] = "staff.changed"

    staff: Name
    name: Line | None = None
    roles: tuple[Role, ...] | None = Field(None, min_length=1)
    licence: MaybeLine | None = None
    reason: MaybeLine = ""


class StaffLeft(Entry):
    """They work here no more: every session ended, nothing opens for them."""

    kind: ClassVar[str] = "staff.left"

    staff: Name
    reason: MaybeLine = ""


class CredentialChanged(Entry):
    """A password or passkey was set, added or taken away; never what it was."""

    kind: ClassVar[str] = "credential.changed"

    staff: Name
    what: Literal["password set", "passkey added", "passkey removed", "all removed"]
    label: MaybeLine = ""


class SessionBegan(Entry):
    """Somebody signed in."""

    kind: ClassVar[str] = "session.began"

    staff: Name
    method: Literal["password", "passkey", "invitation"]


class SessionEnded(Entry):
    """They signed out, or were signed out."""

    kind: ClassVar[str] = "session.ended"

    staff: Name
    why: Line


class SessionRefused(Entry):
    """A sign-in that was refused; ``staff`` where the name is known here. What was typed is not kept."""

    kind: ClassVar[str] = "session.refused"

    staff: MaybeLine = ""
    why: Line


class AccessRefused(Entry):
    """Somebody tried what they may not do."""

    kind: ClassVar[str] = "access.refused"

    act: Line


class DeviceEnrolled(Entry):
    """A tablet or desk that entries come from."""

    kind: ClassVar[str] = "device.enrolled"

    device: Name
    name: Line


class DeviceLocked(Entry):
    """It was lost: nothing comes from it any more."""

    kind: ClassVar[str] = "device.locked"

    device: Name
    reason: Line


class DeviceFound(Entry):
    """It is back in the clinic's hands: people sign in on it again, and what waited on it comes in."""

    kind: ClassVar[str] = "device.found"

    device: Name
    reason: Line


class ReviewGiven(Entry):
    """The clinical lead's opinion of one safety row, as it reads today (its digest)."""

    kind: ClassVar[str] = "review.given"

    table: Line
    row: Line
    digest: Line
    verdict: Literal["signed", "rejected"]
    licence: Line
    reason: MaybeLine = ""
    method: Literal["", "password", "passkey"] = ""


class BackupMade(Entry):
    """A backup was written; the head it holds."""

    kind: ClassVar[str] = "backup.made"

    head: Line


class ClinicRestored(Entry):
    """The chain goes on from a backup: its last row, what was exported after it and is lost, who was erased again."""

    kind: ClassVar[str] = "clinic.restored"

    position: int
    hash: Line
    made: MaybeLine = ""
    at: MaybeLine = ""
    lost_to: int | None = None
    erased: tuple[Name, ...] = ()


class KeysRotated(Entry):
    """Every key was wrapped anew."""

    kind: ClassVar[str] = "keys.rotated"

    master: Line


class KeysPrinted(Entry):
    """The master key was shown, to be printed and locked away."""

    kind: ClassVar[str] = "keys.printed"

    master: Line
