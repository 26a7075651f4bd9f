"""The JSON that other programs read and send."""

from __future__ import annotations

import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from myotome.clinic.states import Consent, Move, Note, Relative, Said, Signature


class Shape(BaseModel):
    """An answer."""

    model_config = ConfigDict(extra="forbid")


class Problem(Shape):
    """One thing that is wrong: where, and what would be right."""

    at: str
    message: str
    did_you_mean: list[str] = []
    reason: str = ""


class Refusal(Shape):
    """Nothing was done, and why. ``reason``: one word for a program where it can do something about it, as
    ``moved`` (``open`` is where the record that the visit is in now is opened) or ``struck``.
    """

    message: str
    problems: list[Problem] = []
    reason: str = ""
    visit: str = ""
    open: str = ""


class VisitLine(Shape):
    """A visit as lists show it."""

    id: str
    day: datetime.date
    stage: str
    says: str
    urgency: str
    plan: str


class Person(Shape):
    """A person, what they agreed to, and their latest visits; ``older`` asks for the next ones by ``?after=``."""

    id: str
    family: str
    given: str
    text: str
    birth_date: datetime.date | None
    sex: str
    identifiers: list[dict[str, str]]
    phone: str
    email: str
    language: str
    relatives: list[Relative]
    consents: list[Consent]
    merged_into: str
    merged_from: list[str]
    visits: list[VisitLine]
    older: str


class Visit(Shape):
    """A visit whole, with explanation and plan as they were frozen, and every small entry of the bedside."""

    id: str
    person: str
    day: datetime.date
    reason: str
    stage: str
    opened_by: str
    opened_at: str
    on_behalf: str
    hypothesis: Note | None
    case: dict[str, Any] | None
    examined: Note | None
    explained: Said | None
    explanation: dict[str, Any] | None
    planned: Said | None
    plan: dict[str, Any] | None
    signature: Signature | None
    cosignature: Signature | None
    amendments: list[Note]
    moves: list[Move]
    struck: Note | None
    assembled: bool
    charted: int
    late: int
    bedside: list[dict[str, Any]]


class DraftIn(Shape):
    """An entry that a device made: its own id, when and where it made it, by whom, and for whom an assistant did."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: str = Field(max_length=64)
    kind: str = Field(max_length=64)
    visit: str = Field(max_length=64)
    device_time: str = Field(max_length=64)
    zone: str = Field(max_length=64)
    body: dict[str, Any]
    author: str = Field("", max_length=64)
    on_behalf: str = Field("", max_length=64)


class DraftsIn(Shape):
    """What a device hands in at once: all of it is recorded, or none."""

    model_config = ConfigDict(extra="forbid", strict=True)

    entries: list[DraftIn] = Field(min_length=1, max_length=100)


class ReceiptOut(Shape):
    """Where an entry stands in the chain; ``repeated`` where it had been recorded before."""

    id: str
    position: int
    hash: str
    received: str
    repeated: bool


class Receipts(Shape):
    """One for each entry, in their order."""

    receipts: list[ReceiptOut]


class ThinkIn(Shape):
    """What a tablet asks while findings come in: the entries that the clinic does not have yet, and how much to say."""

    model_config = ConfigDict(extra="forbid", strict=True)

    entries: list[DraftIn] = Field([], max_length=500)
    want: Literal["quick", "whole"] = "quick"


class SignIn(Shape):
    """A signature: what was shown, and the password or the passkey's answer."""

    model_config = ConfigDict(extra="forbid", strict=True)

    shown: str = Field(min_length=1, max_length=64)
    password: str = Field("", max_length=1000)
    passkey: str = Field("", max_length=20_000)


class AmendIn(Shape):
    """An amendment beside a signed note."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str = Field(max_length=5000)
    reason: str = Field(max_length=5000)
