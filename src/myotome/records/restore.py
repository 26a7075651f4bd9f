"""Putting a backup into an empty database, on any machine; who was erased since stays erased."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from myotome.errors import RecordError
from myotome.records.archive import BATCH, COLUMNS, Archive
from myotome.records.chain import Head
from myotome.records.database import Database
from myotome.records.event import CLINIC, ERASED, IDENTIFIER, RESTORED, Draft, instant, read_header
from myotome.records.heads import Tombstone, heads_in, tombstones_in
from myotome.records.ledger import remake
from myotome.records.master import MasterKey
from myotome.records.projection import Projector
from myotome.records.seal import Randomness
from myotome.records.tables import DRAWER, EVENT, KEY, METADATA
from myotome.records.writing import Writing

AGAIN = "erased before; applied again at restore"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: up to which row and moment. ``lost_to`` is the last row known from an exported head, else 0.

    ``erased`` are the people who had been erased after the backup, and were left out.
    """

    clinic: str
    position: int
    made: str
    lost_to: int
    erased: tuple[str, ...]
    heads: int


def restore(
    backup: Path,
    url: str,
    master: MasterKey,
    projector: Projector,
    *,
    heads_folder: Path,
    now: datetime,
    by: str,
    randomness: Randomness = secrets.token_bytes,
) -> Restored:
    """Make the clinic of a backup in a database that does not hold it, with states made anew; ``by`` is who did it.

    Keys of people who were erased since, as the tombstones in ``heads_folder`` say, never reach the new database. All
    of it is one transaction: the clinic is there in the end, or not at all. Keys are wrapped with the current master
    key; one that the backup was locked with, retired since, must be among ``master``'s (``rotation.with_retired``).

    Raises:
        RecordError: the backup is damaged, newer, or not opened by the master key; the folder of heads is missing or
            changed; the database holds that clinic; the disk is full. Nothing was restored.
    """
    _refuse(heads_folder, by)
    with closing(Archive(backup, master)) as archive:
        archive.check()  # before anything is made
        heads = heads_in(heads_folder, archive.clinic, archive.signer)
        stones = tombstones_in(heads_folder, archive.clinic, archive.signer)
        with _empty(url, archive.clinic) as connection:
            before, dead = _fill(connection, archive, stones)
            record = Writing(connection, archive.clinic, master, randomness, projector, now)
            if any(name != master.current for name in connection.execute(_masters(archive.clinic)).scalars()):
                record.keys.rewrap(master)
            remake(record)
            end, people = archive.head, tuple(dict.fromkeys(stone.person for stone in dead))
            restored = Restored(end.clinic, end.position, end.at, _lost_to(heads, end, before), people, len(heads))
            _tell(record, restored, dead, by, now, randomness)
    return restored


def _refuse(heads_folder: Path, by: str) -> None:
    if not IDENTIFIER.fullmatch(by):
        raise RecordError(f"'{by[:40]}' is not the identifier of somebody on the staff. Say who restores.")
    if not heads_folder.is_dir():
        raise RecordError(
            f"There is no folder of heads at {heads_folder}. Without it, people who were erased since the backup would "
            "come back. Give the folder; only if there never was one, make an empty one."
        )


def _fill(connection: Connection, archive: Archive, stones: list[Tombstone]) -> tuple[str, list[Tombstone]]:
    """Copy rows, keys and credentials; returns when it was last restored before, and the tombstones that applied."""
    before = _copy_events(connection, archive)
    dead = _copy_keys(connection, archive, stones)
    _copy(connection, DRAWER, ({"clinic": archive.clinic, **row} for row in _named("drawer", archive.drawers())))
    return before, dead


def _copy_events(connection: Connection, archive: Archive) -> str:
    """Copy every row as it is; returns when the clinic was last restored before, or nothing."""
    before = ""

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal before
        for row in _named("event", archive.events()):
            header = read_header(row["header"])
            if header["kind"] == RESTORED:
                before = header["received"]
            told = {name: header[name] for name in ("clinic", "id", "person", "visit", "kind", "author")}
            yield {**told, **row}

    _copy(connection, EVENT, rows())
    return before


def _copy_keys(connection: Connection, archive: Archive, stones: list[Tombstone]) -> list[Tombstone]:
    """Copy the keys of those who were not erased; returns the tombstones that kept one out."""
    grave = {key: stone for stone in reversed(stones) for key in stone.keys}
    dead: dict[int, Tombstone] = {}

    def rows() -> Iterator[dict[str, Any]]:
        for row in _named("key", archive.keys()):
            if stone := grave.get(row["id"]):
                dead[stone.number] = stone
                continue
            yield {"clinic": archive.clinic, **row}

    _copy(connection, KEY, rows())
    return [dead[number] for number in sorted(dead)]


def _lost_to(heads: list[Head], end: Head, before: str) -> int:
    """The last row that a head tells of beyond the backup; heads from before an earlier restore tell nothing new."""
    return max((head.position for head in heads if head.position > end.position and head.at > before), default=0)


def _tell(
    record: Writing, restored: Restored, dead: list[Tombstone], by: str, now: datetime, randomness: Randomness
) -> None:
    """Record what was done: the restore, then every erasure that was applied again."""

    def draft(kind: str, body: dict[str, Any], person: str = "") -> Draft:
        name = str(uuid.UUID(bytes=randomness(16), version=4))
        return Draft(kind, 1, body, by, "server", now.isoformat(), "UTC", name, person, key=CLINIC)

    hashed = record.last()[1].hex()
    told = {"position": restored.position, "hash": hashed, "made": restored.made, "at": instant(now)}
    record.append(draft(RESTORED, {**told, "lost_to": restored.lost_to, "erased": list(restored.erased)}))
    for stone in dead:
        record.forget(stone.person, list(stone.keys))
        body = {
            "keys": list(stone.keys),
            "reason": AGAIN,
            "code": stone.reason,
            "erased_at": stone.erased_at,
            "event": stone.event,
            # Handed to somebody else between backup and erasure, so not destroyed: to be looked at.
            "left": record.keys.owned_by(stone.person),
        }
        record.append(draft(ERASED, body, stone.person))


@contextmanager
def _empty(url: str, clinic: str) -> Iterator[Connection]:
    """One transaction on a database without this clinic; a file that was made for it is gone if it fails."""
    made = _new_file(url)
    database = Database(url)
    try:
        with database.writing(clinic) as connection:
            for table in METADATA.sorted_tables:
                if connection.execute(select(table.c.clinic).where(table.c.clinic == clinic).limit(1)).first():
                    raise RecordError(
                        f"There is a clinic '{clinic}' in this database already, and a restore replaces none. Give an "
                        "empty database, such as a new file."
                    )
            yield connection
    except BaseException:
        if made is not None:
            database.engine.dispose()
            for end in ("", "-wal", "-shm"):  # its lock stays, empty, for whoever opens next
                made.with_name(made.name + end).unlink(missing_ok=True)
        raise
    finally:
        database.close()


def _new_file(url: str) -> Path | None:
    """The SQLite file that opening this address will make."""
    try:
        read = make_url(url)
        file = Path(read.database) if read.get_backend_name() == "sqlite" and read.database else None
    except (ArgumentError, ValueError):
        return None  # refused with a sentence when it is opened
    return file if file is not None and not file.exists() else None


def _copy(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    rows = iter(rows)
    while part := list(islice(rows, BATCH)):
        connection.execute(insert(table), part)


def _named(table: str, rows: Iterable[Any]) -> Iterator[dict[str, Any]]:
    return (dict(zip(COLUMNS[table], row, strict=True)) for row in rows)


def _masters(clinic: str) -> Any:
    return select(KEY.c.master).where(KEY.c.clinic == clinic).distinct()
