"""Room on disk for what a verification must remember of a long record; gone with the process."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator
from typing import Any

from myotome.records.event import canonical
from myotome.records.projection import Folded, Place
from myotome.records.seal import KEY, seal, unseal

TABLES = """
CREATE TABLE used (key TEXT, person TEXT, position INTEGER, PRIMARY KEY (key, person)) WITHOUT ROWID;
CREATE TABLE kept (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE erased (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE state (kind TEXT, id TEXT, position INTEGER, sealed BLOB, PRIMARY KEY (kind, id)) WITHOUT ROWID;
"""


class Scratch:
    """A private SQLite file without a name; states in it are encrypted with a key that is kept nowhere."""

    def __init__(self) -> None:
        """Make it."""
        self.held = sqlite3.connect("", isolation_level=None)
        self.held.executescript(TABLES)
        self.held.execute("BEGIN")
        self.secret = secrets.token_bytes(KEY)

    def close(self) -> None:
        """Throw it away."""
        self.held.close()

    def use(self, key: str, person: str, position: int) -> None:
        """A row is sealed with a key and names a person."""
        self.held.execute("INSERT OR IGNORE INTO used VALUES (?, ?, ?)", (key, person, position))

    def erase(self, keys: list[str]) -> None:
        """Keys that a tombstone lists."""
        self.held.executemany("INSERT OR IGNORE INTO erased VALUES (?)", [(str(key),) for key in keys])

    def keep(self, key: str) -> None:
        """A key that is there."""
        self.held.execute("INSERT OR IGNORE INTO kept VALUES (?)", (key,))

    def is_erased(self, key: str) -> bool:
        """Whether a tombstone lists it."""
        return self.held.execute("SELECT 1 FROM erased WHERE key = ?", (key,)).fetchone() is not None

    def users(self, key: str) -> dict[str, int]:
        """The people whom the rows of a key name ('' for nobody), each with the first such row."""
        return dict(self.held.execute("SELECT person, position FROM used WHERE key = ?", (key,)).fetchall())

    def lost(self) -> Iterator[tuple[str, int, int]]:
        """Keys that rows need but that are neither there nor listed as destroyed: (key, first row, rows' people)."""
        wanted = (
            "SELECT key, min(position), count(*) FROM used WHERE key NOT IN (SELECT key FROM kept) "
            "AND key NOT IN (SELECT key FROM erased) GROUP BY key ORDER BY 2"
        )
        yield from self.held.execute(wanted)

    def state(self, place: Place) -> tuple[int, dict[str, Any]] | None:
        """A folded state as (position, what ``put`` was given)."""
        wanted = "SELECT position, sealed FROM state WHERE kind = ? AND id = ?"
        row = self.held.execute(wanted, (place.kind, place.id)).fetchone()
        return None if row is None else (row[0], json.loads(unseal(self.secret, row[1], b"")))

    def put(self, place: Place, folded: Folded | None, position: int) -> None:
        """Keep a folded state, or take it away."""
        if folded is None:
            self.drop(place)
            return
        told = {"state": folded.state, "person": folded.person, "sort": folded.sort, "key": folded.key}
        sealed = seal(self.secret, canonical(told), b"", secrets.token_bytes)
        self.held.execute("REPLACE INTO state VALUES (?, ?, ?, ?)", (place.kind, place.id, position, sealed))

    def drop(self, place: Place) -> None:
        """Take a state away."""
        self.held.execute("DELETE FROM state WHERE kind = ? AND id = ?", (place.kind, place.id))

    def left(self) -> Iterator[tuple[str, str, int]]:
        """The states that are left, as (kind, id, position)."""
        yield from self.held.execute("SELECT kind, id, position FROM state ORDER BY position")
