"""What screens read of a clinic: its people, visits, staff, devices and settings as they stand now."""

from __future__ import annotations

import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict


class State(BaseModel):
    """A state as it is kept; remade from the events at any time."""

    model_config = ConfigDict(extra="forbid")


class ClinicState(State):
    """The clinic itself."""

    name: str
    place: str
    zone: str
    demonstration: bool = False
    offers: list[str] = []


class StaffState(State):
    """Somebody who works or worked here; invited until they joined."""

    id: str
    name: str
    sign_in: str
    roles: list[str]
    licence: str = ""
    joined: bool = False
    left: bool = False


class DeviceState(State):
    """A tablet or desk."""

    id: str
    name: str
    locked: bool = False


class ReviewState(State):
    """The latest opinion of one safety row."""

    table: str
    row: str
    digest: str
    verdict: str
    by: str
    licence: str
    day: datetime.date
    reason: str = ""
    method: str = ""


class Relative(State):
    """Guardian, chaperone, interpreter or another who belongs to a person."""

    relative: str
    relation: str
    name: str
    phone: str = ""
    note: str = ""


class Consent(State):
    """A consent, and whether it was withdrawn."""

    consent: str
    treatment: str
    text_version: str
    text_digest: str
    by: str
    signature: str
    copy_given: bool
    day: datetime.date
    recorded_by: str
    recorded_at: str = ""
    withdrawn_at: str = ""
    withdrawn_reason: str = ""


class Asked(State):
    """Who asked for something, when and why."""

    by: str
    at: str
    reason: str
    law: str = ""


class PersonState(State):
    """A person; ``erased_at`` where nothing else is left."""

    id: str
    family: str = ""
    given: str = ""
    text: str = ""
    birth_date: datetime.date | None = None
    sex: str = "unknown"
    identifiers: list[dict[str, str]] = []
    phone: str = ""
    email: str = ""
    language: str = ""
    relatives: list[Relative] = []
    consents: list[Consent] = []
    merged_into: str = ""
    merged_from: list[str] = []
    erasure: Asked | None = None
    erased_at: str = ""
    registered_at: str = ""

    @property
    def name(self) -> str:
        """The name as people say it."""
        return " ".join(part for part in (self.given, self.family) if part) or self.text or "Erased"

    @property
    def listed(self) -> str:
        """The name as lists sort it."""
        return ", ".join(part for part in (self.family, self.given) if part) or self.text or "Erased"


class Note(State):
    """A text with who wrote it when, and why where that was asked."""

    by: str
    at: str
    text: str
    reason: str = ""
    id: str = ""
    on_behalf: str = ""


class Said(State):
    """What the software said, in a line; the whole of it is kept beside."""

    at: str
    engine: str
    edition: str
    profile: str
    says: str
    urgency: str = ""


class Signature(State):
    """Who signed, when, how, over which digest; ``position`` and ``hash`` of the signature's own row."""

    by: str
    at: str
    digest: str
    method: str
    position: int
    hash: str
    needs_cosignature: bool = False


class Move(State):
    """A visit that was charted on the wrong person."""

    by: str
    at: str
    came_from: str
    to: str
    reason: str


class VisitState(State):
    """One visit: what was recorded in it, by whom, and whether it is signed."""

    id: str
    person: str
    day: datetime.date
    opened_by: str
    opened_at: str
    on_behalf: str = ""
    reason: str = ""
    hypothesis: Note | None = None
    case: dict[str, Any] | None = None
    assembled: bool = False  # the case was put together from the bedside's entries,
    handed_in: dict[str, Any] | None = None  # on top of a case file that was handed in before
    examined: Note | None = None
    explanation: Said | None = None
    plan: Said | None = None
    signature: Signature | None = None
    cosignature: Signature | None = None
    amendments: list[Note] = []
    moves: list[Move] = []
    struck: Note | None = None
    last_entry: str = ""
    charted: int = 0  # small entries of the bedside, and of these how many came after the signature
    late: int = 0

    @property
    def stage(self) -> str:
        """Where the visit stands, in a word or two."""
        if self.struck:
            return "entered in error"
        if self.signature:
            waiting = self.signature.needs_cosignature and not self.cosignature
            return "waits for co-signature" if waiting else "signed"
        stages = (
            (self.plan, "planned"),
            (self.explanation, "explained"),
            (self.case, "examined"),
            (self.charted, "being charted"),
        )
        for said, words in stages:
            if said:
                return words
        return "opened"


class WholeState(State):
    """An explanation or plan as it was frozen with a visit."""

    said: Said
    whole: dict[str, Any]


class BedsideState(State):
    """The small entries of a visit as they were charted at the bedside, in the order in which they came.

    Each as ``care.session.noted`` reads it. ``signed``: the position of the signature; what comes later is late.
    """

    entries: list[dict[str, Any]] = []
    signed: int = 0


class CheckinState(State):
    """A visit with needles, and when the last of them was recorded: who is to be asked how they are is found by it."""

    visit: str
    person: str
    needled: str


class WaitingState(State):
    """A signed note that waits for a co-signature."""

    visit: str
    person: str
    by: str
    since: str
