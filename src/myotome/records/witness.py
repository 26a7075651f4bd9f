"""What of a row can be shown to somebody outside, so that they can check its hash without the clinic's keys."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from myotome.records.chain import first
from myotome.records.event import read_header
from myotome.records.reading import Reading
from myotome.records.tables import EVENT

AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class Witness:
    """A row's header, the digests of its stored bytes, the hash of the row before and its own, in hexadecimal."""

    header: dict[str, Any]
    previous: str
    header_sha256: str
    body_sha256: str
    hash: str


def witnesses(record: Reading, positions: Iterable[int]) -> dict[int, Witness]:
    """By position; rows that are not there are left out."""
    wanted = sorted(set(positions))
    found: dict[int, Witness] = {}
    for start in range(0, len(wanted), AT_ONCE):
        found |= _some(record, wanted[start : start + AT_ONCE])
    return found


def _some(record: Reading, positions: list[int]) -> dict[int, Witness]:
    around = {0, *positions, *(position - 1 for position in positions)}
    wanted = select(EVENT.c.position, EVENT.c.hash).where(EVENT.c.clinic == record.clinic)
    hashes = {row.position: row.hash.hex() for row in record.connection.execute(_at(wanted, around))}
    hashes.setdefault(0, first(record.clinic).hex())
    stored = select(EVENT.c.position, EVENT.c.header, EVENT.c.body).where(EVENT.c.clinic == record.clinic)
    return {
        row.position: Witness(
            read_header(row.header),
            hashes.get(row.position - 1, ""),
            hashlib.sha256(row.header).hexdigest(),
            hashlib.sha256(row.body).hexdigest(),
            hashes[row.position],
        )
        for row in record.connection.execute(_at(stored, positions))
    }


def _at(wanted: Any, positions: Iterable[int]) -> Any:
    return wanted.where(EVENT.c.position.in_(list(positions)))
