"""The rows of a clinic one after the other, gathered into runs in which each row follows from the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, Select, cast, func, literal, select

from myotome.errors import RecordError
from myotome.records.chain import first
from myotome.records.event import FIELDS, canonical, read_header
from myotome.records.tables import EVENT
from myotome.records.verification.found import MOST

AT_ONCE = 500
SHORTEST = 30  # bytes of an encrypted body: nonce, {}, tag
TOLD = ("clinic", "id", "person", "visit", "kind", "author")  # columns that repeat what the header says
NUMBERS = {"format", "position", "version"}
TYPES = "integer" + "text" * len(TOLD) + "blob" * 3


@dataclass(frozen=True, slots=True)
class Row:
    """One stored row; ``header`` is None where it cannot be read, ``odd`` names the columns that differ from it."""

    place: int
    id: str
    head: bytes
    body: bytes
    hash: bytes
    header: dict[str, Any] | None
    odd: tuple[str, ...]

    @property
    def written(self) -> int:
        """The position that its header tells; where it stands if that cannot be read."""
        told = self.header["position"] if self.header else None
        return told if type(told) is int else self.place

    @property
    def part(self) -> str:
        """What of it was changed, if its hash does not fit, as far as it can be told without that hash."""
        if self.header is None or self.odd or canonical(self.header) != self.head:
            return "header"
        return "encrypted body" if len(self.body) < SHORTEST else "header or its encrypted body"

    @property
    def digest(self) -> bytes:
        """What its hash is made from, besides the hash before."""
        return hashlib.sha256(self.head).digest() + hashlib.sha256(self.body).digest()


@dataclass(slots=True)
class Run:
    """Rows that follow from each other: where they stand, what their headers tell, and what links them."""

    place: int
    written: int
    id: str
    digest: bytes
    hash: bytes
    last_hash: bytes
    part: str
    rows: int = 1
    opens: bool | None = None

    @property
    def last_place(self) -> int:
        """Where its last row stands."""
        return self.place + self.rows - 1


@dataclass(slots=True)
class Walk:
    """What the walk over all rows keeps; never more than the breaks, however long the record is."""

    previous: bytes
    heads: frozenset[int] = frozenset()
    runs: list[Run] = field(default_factory=list)
    odd: dict[int, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    unopened: dict[int, str] = field(default_factory=dict)
    seen: dict[int, list[bytes]] = field(default_factory=dict)
    rows: int = 0
    last: tuple[int, bytes] = (0, b"")
    full: bool = False

    def take(self, row: Row, opens: bool | None) -> None:
        """Go on by one row; ``opens``: whether its body opened with its key, None where that is not known."""
        self.rows, digest = self.rows + 1, row.digest
        follows = chained(self.previous, digest)
        for position in {row.place, row.written} & self.heads:
            self.seen.setdefault(position, []).extend((row.hash, follows))
        if len(self.runs) >= MOST or len(self.odd) >= MOST or len(self.unopened) >= MOST:
            self.full = True
        elif not self._goes_on(row, follows):
            self.runs.append(Run(row.place, row.written, row.id, digest, row.hash, row.hash, row.part, opens=opens))
        if row.odd and not self.full:
            self.odd[row.place] = (row.id, row.odd)
        if opens is False and not self.full:
            self.unopened[row.place] = row.id
        self.previous, self.last = row.hash, (row.place, row.hash)

    def _goes_on(self, row: Row, follows: bytes) -> bool:
        run = self.runs[-1] if self.runs else None
        if run is None or follows != row.hash or row.place != run.last_place + 1:
            return False
        if row.written != run.written + run.rows:
            return False
        run.rows, run.last_hash = run.rows + 1, row.hash
        return True


def walk_of(clinic: str, heads: frozenset[int]) -> Walk:
    """A walk that has not begun."""
    return Walk(first(clinic), heads, last=(0, first(clinic)))


def chained(previous: bytes, digest: bytes) -> bytes:
    """``chain.link`` where header and body are known by their digests."""
    return hashlib.sha256(b"myotome row 1" + previous + digest).digest()


def rows(connection: Connection, clinic: str) -> Iterator[Row]:
    """Every row of a clinic in the order of its positions, a few in memory at a time."""
    sqlite = connection.dialect.name == "sqlite"
    wanted = (_as_bytes() if sqlite else _plain()).where(EVENT.c.clinic == clinic).order_by(EVENT.c.position)
    for found in connection.execute(wanted, execution_options={"yield_per": AT_ONCE}):
        position, head, body, hashed, types, *columns = found
        yield row_of(position, bytes(head or b""), bytes(body or b""), bytes(hashed or b""), types, columns)


def hash_at(connection: Connection, clinic: str, place: int) -> bytes | None:
    """The stored hash of one row."""
    wanted = select(EVENT.c.hash).where(EVENT.c.clinic == clinic, EVENT.c.position == place)
    found = connection.execute(wanted).first()
    return None if found is None else bytes(found.hash)


def _plain() -> Select[Any]:
    return select(
        EVENT.c.position, EVENT.c.header, EVENT.c.body, EVENT.c.hash, literal(TYPES), *(EVENT.c[n] for n in TOLD)
    )


def _as_bytes() -> Select[Any]:
    """In a SQLite file that was tampered with, a column may hold another type, or no text at all."""
    stored = [EVENT.c[name] for name in ("position", *TOLD, "header", "body", "hash")]
    types: ColumnElement[str] = literal("")
    for column in stored:
        types = types.concat(func.typeof(column))
    data = [cast(EVENT.c[name], LargeBinary) for name in ("header", "body", "hash", *TOLD)]
    return select(EVENT.c.position, *data[:3], types, *data[3:])


def row_of(position: Any, head: bytes, body: bytes, hashed: bytes, types: str, columns: Sequence[Any]) -> Row:
    """A row out of what is stored; ``columns`` as in ``TOLD``."""
    stored = [bytes(value or b"") if not isinstance(value, str) else value.encode() for value in columns]
    place = position if type(position) is int else -1
    name = stored[1].decode("utf-8", "replace")
    try:
        header = read_header(head)
    except RecordError:
        return Row(place, name, head, body, hashed, None, ("header",))
    sane = type(header["position"]) is int and 0 < header["position"] < 2**63
    if not sane or b"\\u" in head or not all(isinstance(header[told], str) for told in FIELDS - NUMBERS):
        return Row(place, name, head, body, hashed, None, ("header",))
    odd = [
        column
        for column, value in zip(TOLD, stored, strict=True)
        if str(header[column]).encode("utf-8", "replace") != value
    ]
    if types != TYPES:
        odd.append("type")
    return Row(place, str(header["id"]), head, body, hashed, header, tuple(odd))
