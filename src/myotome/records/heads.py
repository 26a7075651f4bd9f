"""The folder of exported heads, and of tombstones: what must be known of a record besides the record itself.

Kept on another disk than the record, it shows a cut or rewritten chain, and keeps a restored backup from bringing an
erased person back.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from myotome.errors import RecordError
from myotome.records.chain import Head, read_head
from myotome.records.database import Database
from myotome.records.event import ERASED, IDENTIFIER, Event, canonical
from myotome.records.files import sync_folder, write_whole
from myotome.records.keys import SIGNING
from myotome.records.ledger import Ledger
from myotome.records.reading import Reading

NAME = re.compile(r"head-(?P<clinic>.+)-(?P<position>\d{12,})-(?P<day>\d{4}-\d\d-\d\d)\.json")
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Tombstone:
    """Keys of a person that were destroyed, as signed by the clinic. ``event`` is the id of the erasure."""

    number: int
    clinic: str
    person: str
    keys: tuple[str, ...]
    erased_at: str
    position: int
    event: str
    reason: str
    signer: str = ""
    signature: str = ""


def beside(database: Database) -> Path | None:
    """The folder where heads go by default: beside a SQLite file; a server has none."""
    return Path(database.url.database or "").with_name("heads") if database.sqlite else None


def export_head(ledger: Ledger, folder: Path, now: datetime, *, force: bool = False) -> Path:
    """Write the signed head into the folder, once a day, or again by ``force`` (as after a restore).

    Returns the day's file.

    Raises:
        RecordError: the folder cannot be written to.
    """
    day = now.astimezone(UTC).date().isoformat()
    already = [file for file, found in _head_files(folder, ledger.clinic) if found == day]
    if already and not force:
        return already[-1]
    head = ledger.head(now)
    file = folder / f"head-{ledger.clinic}-{head.position:012d}-{day}.json"
    write_whole(file, head.as_json().encode())
    return file


def heads_in(folder: Path, clinic: str, signer: str = "") -> list[Head]:
    """The exported heads of a clinic by position; with ``signer``, only that key's signature is accepted.

    Raises:
        RecordError: one is damaged or was not signed by this clinic, and which.
    """
    found = []
    for file, _ in _head_files(folder, clinic):
        try:
            head = read_head(file.read_text("utf-8"), clinic)
        except (RecordError, OSError, ValueError):
            raise RecordError(f"The head {file} is damaged. Take another copy of it, or put it aside.") from None
        if not head.signature or head.clinic != clinic or (signer and head.signer != signer):
            raise RecordError(f"The head {file} was not signed by clinic {clinic}. Put it aside.")
        found.append(head)
    return sorted(found, key=lambda head: (head.position, head.at))


def bury(ledger: Ledger, folder: Path, now: datetime) -> list[Tombstone]:
    """Write the tombstones that the folder lacks, forced to disk; returns them.

    Call it after an erasure was committed and before it is acknowledged, and whenever the record is opened: what a
    power cut kept from the folder is made up from the chain. A tombstone never goes before its erasure, so that none
    can stand for an erasure that was undone.

    Raises:
        RecordError: the folder cannot be written to, or its tombstones are damaged.
    """
    with ledger.reading() as record:
        if not _missing(record, tombstones_in(folder, ledger.clinic, signer_of(record))):
            return []
    # Held against other writers: two must not write the same number.
    with ledger.writing(now) as record:
        secret = record.keys.of(SIGNING)
        here = tombstones_in(folder, ledger.clinic, public_key(secret))
        made = [
            _tombstone(event, ledger.clinic, number, secret)
            for number, event in enumerate(_missing(record, here), len(here) + 1)
        ]
        _append(tombstone_file(folder, ledger.clinic), made)
    return made


def tombstones_in(folder: Path, clinic: str, signer: str) -> list[Tombstone]:
    """The tombstones of a clinic, each checked to be signed with its own key (``signer``, public, hexadecimal).

    The signer comes out of the record or backup itself, opened with the master key: nobody else can make a tombstone.
    A last line that was not written to its end is left out: its erasure was not acknowledged.

    Raises:
        RecordError: a line was changed, added, taken out or moved, and which.
    """
    file = tombstone_file(folder, clinic)
    try:
        lines = file.read_bytes().split(b"\n")[:-1]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise RecordError(f"{file} cannot be read ({error.strerror}). Give a copy that can be read.") from None
    found = []
    for number, line in enumerate(lines, 1):
        stone = _read(line, signer)
        if stone is None or stone.number != number or stone.clinic != clinic:
            raise RecordError(
                f"Line {number} of {file} is not the tombstone that clinic {clinic} wrote there. Take another copy of "
                "the file: with a changed one, an erased person might come back, or another be lost."
            )
        found.append(stone)
    return found


def tombstone_file(folder: Path, clinic: str) -> Path:
    """Where a clinic's tombstones stand."""
    return folder / f"tombstones-{clinic}.jsonl"


def signer_of(record: Reading) -> str:
    """The public key of a clinic, in hexadecimal."""
    return public_key(record.keys.of(SIGNING))


def public_key(secret: bytes) -> str:
    """The public half of a signing key, in hexadecimal."""
    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw().hex()


def signature_of(document: Mapping[str, Any], secret: bytes) -> str:
    """The clinic's signature under a document, in hexadecimal."""
    return Ed25519PrivateKey.from_private_bytes(secret).sign(canonical(dict(document))).hex()


def is_signed(document: Mapping[str, Any], signature: str, signer: str) -> bool:
    """Whether a signature stands under a document as it is."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signer))
        key.verify(bytes.fromhex(signature), canonical(dict(document)))
    except (InvalidSignature, ValueError, TypeError, RecordError):
        return False
    return True


def _head_files(folder: Path, clinic: str) -> list[tuple[Path, str]]:
    found = ((file, NAME.fullmatch(file.name)) for file in sorted(folder.glob("head-*.json")))
    return [(file, match["day"]) for file, match in found if match and match["clinic"] == clinic]


def _missing(record: Reading, here: Iterable[Tombstone]) -> list[Event]:
    """Erasures in the chain that have no tombstone yet."""
    stones = list(here)
    buried = {stone.event for stone in stones}
    after = 0
    for stone in reversed(stones):
        event = record.event(stone.event)  # after a restore, the last ones may stand for rows that were lost
        if event is not None and event.position == stone.position:
            after = stone.position
            break
    missing = []
    while events := record.events(kinds=(ERASED,), after=after, limit=BATCH):
        missing += [event for event in events if event.id not in buried]
        after = events[-1].position
    return missing


def _tombstone(event: Event, clinic: str, number: int, secret: bytes) -> Tombstone:
    body = event.body or {}
    reason = str(body.get("code") or body.get("reason") or "")
    unsigned: dict[str, Any] = {
        "number": number,
        "clinic": clinic,
        "person": event.person,
        "keys": [str(key) for key in body.get("keys", ())],
        "erased_at": event.received,
        "position": event.position,
        "event": event.id,
        # This file is not encrypted: a reason in somebody's own words stays in the record.
        "reason": reason if IDENTIFIER.fullmatch(reason) else "",
        "signer": public_key(secret),
    }
    signature = signature_of(unsigned, secret)
    return Tombstone(**{**unsigned, "keys": tuple(unsigned["keys"]), "signature": signature})


def _read(line: bytes, signer: str) -> Tombstone | None:
    try:
        document = json.loads(line)
        signature = document.pop("signature")
        if document["signer"] != signer or not is_signed(document, signature, signer):
            return None
        return Tombstone(**{**document, "keys": tuple(document["keys"]), "signature": signature})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _append(file: Path, stones: Iterable[Tombstone]) -> None:
    data = b"".join(canonical({**asdict(stone), "keys": list(stone.keys)}) + b"\n" for stone in stones)
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as opened:
            # A line that was cut off by a crash was never acknowledged, and is made up for now.
            opened.seek(opened.read().rfind(b"\n") + 1)
            opened.truncate()
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        sync_folder(file.parent)
    except OSError as error:
        raise RecordError(
            f"{file} could not be written ({error.strerror}). The person is erased in the record, but a backup could "
            "bring them back. Make room or give another folder of heads, then start Myotome again."
        ) from None
