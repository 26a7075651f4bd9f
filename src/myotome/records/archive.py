"""The file of a backup: a SQLite file, the same for both databases, whose whole content is signed by the clinic."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from myotome.errors import RecordError
from myotome.records.chain import Head, first, link
from myotome.records.heads import is_signed, public_key, signature_of
from myotome.records.keys import SIGNING, Keys
from myotome.records.master import MasterKey

FORMAT = 1  # of the file; events have a format of their own
BATCH = 200  # rows at a time: a body may have a megabyte
COLUMNS = {
    "event": ("position", "header", "body", "hash"),
    "key": ("id", "owner", "master", "wrapped"),
    "drawer": ("drawer", "id", "owner", "until", "sealed"),
}
MADE = """
CREATE TABLE manifest (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE event (position INTEGER PRIMARY KEY, header BLOB NOT NULL, body BLOB NOT NULL, hash BLOB NOT NULL);
CREATE TABLE key (n INTEGER PRIMARY KEY, id TEXT NOT NULL, owner TEXT NOT NULL, master TEXT NOT NULL,
  wrapped BLOB NOT NULL);
CREATE TABLE drawer (n INTEGER PRIMARY KEY, drawer TEXT NOT NULL, id TEXT NOT NULL, owner TEXT NOT NULL,
  until TEXT NOT NULL, sealed BLOB NOT NULL);
"""

Row = Sequence[Any]


class ChainError(RecordError):
    """A row does not fit the one before it."""


@dataclass(slots=True)
class Chained:
    """Lets rows of events pass while they fit the chain."""

    hash: bytes
    position: int = 0

    def through(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Each row (position, header, body, hash) once it was checked.

        Raises:
            ChainError: one does not fit, and which.
        """
        for position, header, body, hashed in rows:
            expected = link(self.hash, header, body)
            if position != self.position + 1 or hashed != expected:
                raise ChainError(f"Row {self.position + 1} does not fit the chain: it was changed, moved or removed.")
            self.position, self.hash = position, expected
            yield position, header, body, hashed


class Digest:
    """Sums up the rows of a table in their order."""

    def __init__(self) -> None:
        """Of no row yet."""
        self.hash, self.rows = hashlib.sha256(), 0

    def through(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Each row once it was counted in."""
        for row in rows:
            for value in row:
                data = value.encode() if isinstance(value, str) else value
                self.hash.update(len(data).to_bytes(8, "big") + data)
            self.rows += 1
            yield row

    @property
    def words(self) -> str:
        """How many, and what they are recognised by."""
        return f"{self.rows}:{self.hash.hexdigest()}"


def create(file: Path) -> sqlite3.Connection:
    """An empty backup file; it has no journal, for nobody sees it before it is whole."""
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-8000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.executescript(MADE)
    connection.execute("BEGIN")
    return connection


def fill(connection: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    """Put rows into a table of the file, as they come."""
    columns = COLUMNS[table]
    marks = ", ".join("?" * len(columns))
    connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608


def seal_manifest(connection: sqlite3.Connection, head: Head, told: dict[str, str], secret: bytes) -> None:
    """Write the manifest, signed."""
    manifest = {
        **told,
        "format": str(FORMAT),
        "clinic": head.clinic,
        "made": head.at,
        "head": json.dumps(asdict(head), sort_keys=True),
    }
    signed = {**manifest, "signature": signature_of(_named(manifest), secret)}
    connection.executemany("INSERT INTO manifest VALUES (?, ?)", sorted(signed.items()))
    connection.execute("COMMIT")


class Archive:
    """A backup file opened with the master key; everything read from it is checked against its signature."""

    def __init__(self, file: Path, master: MasterKey) -> None:
        """Open it; the rows are checked as they are read.

        Raises:
            RecordError: there is none, it is damaged, newer, of another clinic, or the master key does not open it.
        """
        self.file, self.master, self.clinic = file, master, master.clinic
        if not file.is_file():
            raise RecordError(f"There is no backup at {file}. Check its name.")
        # A backup may come from anywhere: nothing in it is run, nothing beside it is read, it is never written to.
        address = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
        self.connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        try:
            with self._believed():
                self.connection.execute("PRAGMA trusted_schema=OFF")
                self.manifest = dict(self.connection.execute("SELECT name, value FROM manifest LIMIT 100"))
                version, masters = int(self.manifest["format"]), json.loads(self.manifest["masters"])
                clinic = str(self.manifest["clinic"])
            self._refuse_others(version, clinic, [str(name) for name in masters])
            with self._believed():
                self.head = Head(**json.loads(self.manifest["head"]))
                self.signer = self._checked_signer()
        except BaseException:
            self.connection.close()
            raise

    def close(self) -> None:
        """Give the file back."""
        self.connection.close()

    def check(self) -> None:
        """Read all of it.

        Raises:
            RecordError: something in it is not what was signed.
        """
        for rows in (self.events(), self.keys(), self.drawers()):
            for _ in rows:
                pass

    def events(self) -> Iterator[Row]:
        """(position, header, body, hash) in their order."""
        chain = Chained(first(self.clinic))
        with self._believed():
            yield from chain.through(self._rows("event", "position"))
            if (chain.position, chain.hash.hex()) != (self.head.position, self.head.hash):
                raise ValueError("the tail was cut")

    def keys(self) -> Iterator[Row]:
        """(id, owner, master, wrapped), each of which the master key opens."""
        keys = self._keys()
        with self._believed():
            for row in self._digested("key"):
                keys.unwrap(*row)
                yield row

    def drawers(self) -> Iterator[Row]:
        """(drawer, id, owner, until, sealed)."""
        with self._believed():
            yield from self._digested("drawer")

    def _digested(self, table: str) -> Iterator[Row]:
        digest = Digest()
        yield from digest.through(self._rows(table, "n"))
        if digest.words != self.manifest[table]:
            raise ValueError("rows were changed")

    def _rows(self, table: str, order: str) -> Iterator[Row]:
        rows = self.connection.execute(f"SELECT {', '.join(COLUMNS[table])} FROM {table} ORDER BY {order}")  # noqa: S608
        while part := rows.fetchmany(BATCH):
            yield from part

    def _refuse_others(self, version: int, clinic: str, masters: list[str]) -> None:
        if version > FORMAT:
            raise RecordError(
                f"The backup {self.file} was made by a newer Myotome (format {version}; this one reads {FORMAT}). "
                "Restore it with that version or a later one."
            )
        if clinic != self.clinic:
            raise RecordError(
                f"The backup {self.file} is of clinic {clinic[:40]}, the master key of {self.clinic}. "
                "Give the key file that belongs to it."
            )
        if missing := [name for name in masters if name not in self.master.keys]:
            raise RecordError(
                f"The backup {self.file} was locked with the master key '{missing[0][:12]}', which is not in the key "
                "file. Without it nobody can read the backup. Give the key file of that time, or its paper copy."
            )

    def _checked_signer(self) -> str:
        row = self.connection.execute("SELECT owner, master, wrapped FROM key WHERE id = ?", (SIGNING,)).fetchone()
        unsigned = {name: value for name, value in self.manifest.items() if name != "signature"}
        signer = public_key(self._keys().unwrap(SIGNING, *row))
        if not is_signed(_named(unsigned), self.manifest["signature"], signer):
            raise ValueError("the manifest was changed")
        return signer

    def _keys(self) -> Keys:
        return Keys(None, self.clinic, self.master, bytes)  # type: ignore[arg-type]  # only opens what it is handed

    @contextmanager
    def _believed(self) -> Iterator[None]:
        try:
            yield
        except RecordError as error:
            reason = f" ({error})" if isinstance(error, ChainError) else ""
        except (sqlite3.Error, sqlite3.Warning, ValueError, TypeError, KeyError, OverflowError, RecursionError):
            reason = ""
        else:
            return
        raise RecordError(
            f"The backup {self.file} is damaged or was changed{reason}. Nothing was restored. Take another copy of it, "
            "or an earlier backup."
        )


def _named(manifest: dict[str, str]) -> dict[str, str]:
    return {**manifest, "what": "myotome backup"}
