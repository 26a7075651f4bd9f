"""One recorded fact: what is handed in (a draft), what is stored (header and body), what is read back (an event)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from myotome.errors import RecordError

FORMAT = 1  # of header, body and chain; a new one never changes what is stored
IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
KIND = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*")
LARGEST = 1_000_000  # bytes of one body
CLINIC = "clinic"  # name of the clinic's own key
ERASED = "person.erased"  # its body lists the destroyed ``keys``; it is sealed by the clinic's key
RESTORED = "clinic.restored"  # the chain goes on from a backup


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact to record. ``device_time`` is ISO 8601 with offset as the device's clock had it; ``zone`` an IANA name.

    ``id`` is made by whoever makes the draft, so that a draft sent twice is recorded once. ``key`` names the key its
    body is encrypted with: by default the visit's, else the person's, else the clinic's.
    """

    kind: str
    version: int
    body: Mapping[str, Any]
    author: str
    device: str
    device_time: str
    zone: str
    id: str
    person: str = ""
    visit: str = ""
    key: str = ""

    @property
    def sealed_by(self) -> str:
        """The key that its body is encrypted with."""
        return self.key or self.visit or self.person or CLINIC


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a draft stands in the chain; ``repeated`` where the same draft had been recorded before."""

    id: str
    position: int
    hash: str
    received: str
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """A recorded fact as read back; ``body`` is None once its key was destroyed."""

    position: int
    id: str
    kind: str
    version: int
    person: str
    visit: str
    author: str
    device: str
    device_time: str
    received: str
    zone: str
    key: str
    hash: str = ""
    body: dict[str, Any] | None = field(default=None)


def canonical(value: Any) -> bytes:
    """The one way in which a value is written: sorted keys, no spaces, UTF-8.

    Raises:
        RecordError: it cannot be written so (no number, half a character, another type).
    """
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return text.encode("utf-8")
    except (TypeError, ValueError, RecursionError):
        raise RecordError(
            "The entry holds something that cannot be written down (a number that is none, or half a character). "
            "Nothing was recorded. Send plain text, numbers and lists."
        ) from None


def instant(moment: datetime) -> str:
    """A moment in UTC as it is stored, to the microsecond.

    Raises:
        RecordError: it has no zone.
    """
    if moment.tzinfo is None:
        raise RecordError(f"The time {moment.isoformat()} has no zone. Give one with its offset.")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def header_of(draft: Draft, clinic: str, position: int, received: str) -> dict[str, Any]:
    """What stands beside an encrypted body in plain sight, and is authenticated with it."""
    return {
        "author": draft.author,
        "clinic": clinic,
        "device": draft.device,
        "device_time": draft.device_time,
        "format": FORMAT,
        "id": draft.id,
        "key": draft.sealed_by,
        "kind": draft.kind,
        "person": draft.person,
        "position": position,
        "received": received,
        "version": draft.version,
        "visit": draft.visit,
        "zone": draft.zone,
    }


def read_header(data: bytes) -> dict[str, Any]:
    """A stored header.

    Raises:
        RecordError: it is damaged, or was written by a newer Myotome.
    """
    try:
        header = json.loads(data)
        if header["format"] > FORMAT:
            raise RecordError("The record was written by a newer Myotome. Open it with that version or a later one.")
        if set(header) == FIELDS:
            return dict(header)
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise RecordError("The header of a row cannot be read: it was damaged. Run 'myotome verify'.")


FIELDS = frozenset(header_of(Draft("", 1, {}, "", "", "", "", ""), "", 0, ""))


def check(draft: Draft) -> None:
    """Refuse a draft that could not be stored as it is.

    Raises:
        RecordError: with what is wrong.
    """
    if not KIND.fullmatch(draft.kind):
        raise RecordError(f"'{draft.kind[:40]}' is not a kind of entry; a kind reads like 'visit.opened'.")
    named = {"id": draft.id, "author": draft.author, "device": draft.device}
    told = {"person": draft.person or "-", "visit": draft.visit or "-", "key": draft.sealed_by}
    for name, value in {**named, **told}.items():
        if value != "-" and not IDENTIFIER.fullmatch(value):
            raise RecordError(
                f"The {name} '{value[:40]}' is not an identifier: use small letters, digits and hyphens, 64 at most."
            )
    try:
        offset = datetime.fromisoformat(draft.device_time).utcoffset()
    except ValueError:
        offset = None
    if offset is None:
        raise RecordError(
            f"The device time '{draft.device_time[:40]}' is not a time with its offset; "
            "write it like 2026-03-01T09:30:00+01:00."
        )
    if not re.fullmatch(r"[A-Za-z0-9_+/-]{1,64}", draft.zone):
        raise RecordError(f"The zone '{draft.zone[:40]}' is not the name of a time zone, such as America/Vancouver.")
