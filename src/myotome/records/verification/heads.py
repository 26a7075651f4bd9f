"""Heads that were kept elsewhere, against the chain as it is now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from myotome.errors import RecordError
from myotome.records.chain import Head, first, read_head
from myotome.records.event import Event
from myotome.records.verification.found import CUT, MISSING, RESTORED_OVER, REWRITTEN, SIGNER, Fault
from myotome.records.verification.rows import Walk

Restored = Sequence[tuple[Event, dict[str, Any]]]


def checked(heads: Sequence[Head], clinic: str) -> list[Head]:
    """The heads in the order of their positions.

    Raises:
        RecordError: one is of another clinic, or its signature does not fit.
    """
    for head in heads:
        if head.clinic not in ("", clinic):
            raise RecordError(f"This head belongs to another clinic ({head.clinic[:40]}). Give one of {clinic}.")
        if head.signature:
            read_head(head.as_json())
    return sorted(heads, key=lambda head: (head.position, head.at))


def signers(heads: Sequence[Head], secret: bytes | None) -> list[Fault]:
    """Heads that were signed with another key than the clinic's."""
    if not secret:
        return []
    ours = Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw().hex()
    words = "was signed with another key than this clinic's: it is of another record, or forged."
    return [
        Fault(head.position, "", SIGNER, f"{_called(head)} {words}")
        for head in heads
        if head.signer and head.signer != ours
    ]


def against(heads: Sequence[Head], walk: Walk, clinic: str, rows: Sequence[Fault], restored: Restored) -> list[Fault]:
    """What no longer fits the heads, each told once: cut, rewritten from where to where, or restored over."""
    faults: list[Fault] = []
    fitting, rewritten = None, False
    last = walk.last[0]
    for head in heads:
        if _fits(head, walk, clinic):
            fitting, rewritten = head, False
            continue
        over = _restored(head, restored)
        if over is not None:
            faults.append(over)
        elif head.position > last:
            words = f"{_called(head)} says {head.position} rows, the record ends at row {last}: the end was cut."
            faults.append(Fault(head.position, "", CUT, words))
        elif not rewritten and not _gone(head.position, walk, rows):
            rewritten = True
            faults.append(_rewritten(head, fitting))
    return faults


def unread(rows: Sequence[int]) -> str:
    """Said where a restore may explain a head, but its row cannot be read without the master key."""
    places = ", ".join(str(place) for place in rows[:20])
    return f"A backup was restored (row {places}); with the master key it can be told which heads this explains."


def _fits(head: Head, walk: Walk, clinic: str) -> bool:
    if head.position == 0:
        return first(clinic).hex().startswith(head.hash)
    return any(hashed.hex().startswith(head.hash) for hashed in walk.seen.get(head.position, ()))


def _gone(position: int, walk: Walk, rows: Sequence[Fault]) -> bool:
    return position not in walk.seen and any(fault.what == MISSING for fault in rows)


def _restored(head: Head, restored: Restored) -> Fault | None:
    for event, body in restored:
        start, lost = body.get("position"), body.get("lost_to")
        if not isinstance(start, int) or head.position <= start or (isinstance(lost, int) and head.position > lost):
            continue
        if head.at and head.at > event.received:
            continue
        words = f"{_called(head)} no longer fits because a backup that ended at row {start} was restored "
        words += f"(row {event.position}, {event.received}): what was recorded between them is not in this record."
        return Fault(head.position, event.id, RESTORED_OVER, words)
    return None


def _rewritten(head: Head, fitting: Head | None) -> Fault:
    start = fitting.position + 1 if fitting else 1
    words = f"The chain was rewritten: row {head.position} does not have the hash of the head {_of(head)}. "
    words += f"It was changed between row {start} and row {head.position}"
    if fitting is not None:
        words += f"; up to row {fitting.position} it is still as in the head {_of(fitting)}"
    return Fault(head.position, "", REWRITTEN, words + ".")


def _called(head: Head) -> str:
    return f"The head {_of(head)}"


def _of(head: Head) -> str:
    return f"of {head.at}" if head.at else f"{head.position}:{head.hash[:16]}"


def restored_wrong(restored: Restored, stored: Callable[[int], bytes | None]) -> list[Fault]:
    """Restores after which the record does not go on from the backup that they tell of."""
    faults = []
    for event, body in restored:
        position, hashed = body.get("position"), body.get("hash")
        there = stored(position) if isinstance(position, int) and position else None
        if isinstance(hashed, str) and there is not None and there.hex() != hashed:
            words = (
                f"Row {position} is not the one that the restored backup ended with (row {event.position} tells it)."
            )
            faults.append(Fault(int(position or 0), event.id, REWRITTEN, words))
    return faults
