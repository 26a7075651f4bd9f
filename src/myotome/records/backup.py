"""Copying a clinic into one file while others go on writing."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Table, select, text

from myotome.errors import OutcomeUnknownError, RecordError
from myotome.records.archive import BATCH, COLUMNS, Chained, ChainError, Digest, Row, create, fill, seal_manifest
from myotome.records.chain import Head, first, sign
from myotome.records.database import Database
from myotome.records.event import instant
from myotome.records.files import sync_folder
from myotome.records.keys import SIGNING, Keys, check_master
from myotome.records.master import MasterKey
from myotome.records.tables import METADATA

DRAWERS = ("credential", "handle", "outbox", "passkey", "password")  # sessions, limits and invitations stay behind


@dataclass(frozen=True, slots=True)
class Backed:
    """A finished backup: the signed end of its chain, how many events, how large, and how long it took."""

    head: Head
    rows: int
    bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Deadline:
    """When to give up."""

    clock: Callable[[], float]
    began: float
    seconds: float

    def keep(self) -> None:
        """Go on only in time.

        Raises:
            RecordError: time is up.
        """
        if self.clock() - self.began > self.seconds:
            raise RecordError(
                f"The backup was not done after {self.seconds:g} seconds and was given up; no file was left. "
                "Allow more time, or choose a faster disk."
            )


def backup(
    database: Database,
    master: MasterKey,
    target: Path,
    *,
    deadline_seconds: float,
    now: datetime,
    clock: Callable[[], float] = time.monotonic,
) -> Backed:
    """Copy a clinic as it stands at one moment into a new file; nobody who writes has to wait for it.

    It holds events (encrypted as they are), keys (wrapped by the master key, which is *not* in it) and credentials.
    The chain is checked on the way. The file gets its name only once it is whole and on the disk.

    Raises:
        RecordError: there is such a file, the disk is full, time is up, or the chain is broken; no file is left.
    """
    deadline = Deadline(clock, clock(), deadline_seconds)
    with _new_file(target) as partial:
        with closing(create(partial)) as file:
            try:
                head = _copy(database, master, file, now, deadline)
            except OutcomeUnknownError:
                deadline.keep()  # the server broke off in time what it was told to
                raise
        with partial.open("rb+") as written:
            os.fsync(written.fileno())
        size = partial.stat().st_size
        deadline.keep()
    return Backed(head, head.position, size, clock() - deadline.began)


def _copy(database: Database, master: MasterKey, file: sqlite3.Connection, now: datetime, deadline: Deadline) -> Head:
    clinic = master.clinic
    with database.reading() as connection:  # apart: on PostgreSQL, having read keys holds up an erasure until the end
        check_master(connection, clinic, master)
        secret = Keys(connection, clinic, master, bytes).of(SIGNING)
    with database.reading() as connection:
        if not database.sqlite:
            allowed = max(1, min(int(deadline.seconds * 1000), 2**31 - 1))
            connection.execute(text(f"SET LOCAL statement_timeout = {allowed}"))
        told = {"revision": str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())}
        chain = Chained(first(clinic))
        try:
            with closing(_rows(connection, "event", clinic, deadline)) as rows:
                fill(file, "event", chain.through(rows))
        except ChainError as error:
            raise RecordError(f"{error} No backup was made. Keep the earlier ones and run 'myotome verify'.") from None
        for table in ("drawer", "key"):  # keys last, for the same reason
            digest = Digest()
            with closing(_rows(connection, table, clinic, deadline)) as rows:
                fill(file, table, digest.through(rows))
            told[table] = digest.words
    masters = sorted(name for (name,) in file.execute("SELECT DISTINCT master FROM key"))
    told["masters"] = json.dumps(masters)
    head = sign(clinic, chain.position, chain.hash, instant(now), secret)
    seal_manifest(file, head, told, secret)
    return head


def _rows(connection: Connection, name: str, clinic: str, deadline: Deadline) -> Generator[Row, None, None]:
    table: Table = METADATA.tables[name]
    wanted = select(*(table.c[column] for column in COLUMNS[name])).where(table.c.clinic == clinic)
    if name == "event":
        wanted = wanted.order_by(table.c.position)
    if name == "drawer":
        wanted = wanted.where(table.c.drawer.in_(DRAWERS))
    deadline.keep()
    with connection.execute(wanted, execution_options={"yield_per": BATCH}) as found:
        for part in found.partitions():
            deadline.keep()
            yield from (tuple(row) for row in part)


@contextmanager
def _new_file(target: Path) -> Iterator[Path]:
    """A file beside the target that becomes it at the end, or is gone."""
    partial: Path | None = None
    try:
        _refuse_existing(target)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".partial", dir=target.parent)
        os.close(handle)
        partial = Path(name)
        yield partial
        _refuse_existing(target)
        partial.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        raise RecordError(_failed(target, error.strerror or "")) from None
    except sqlite3.Error as error:
        full = error.sqlite_errorcode == sqlite3.SQLITE_FULL
        raise RecordError(_failed(target, "the disk is full" if full else "the disk failed or is full")) from None
    finally:
        if partial is not None:
            partial.unlink(missing_ok=True)


def _failed(target: Path, reason: str) -> str:
    return f"The backup {target} could not be written ({reason}); no file was left. Make room, or give another folder."


def _refuse_existing(target: Path) -> None:
    if target.exists():
        raise RecordError(f"There is a file {target} already; a backup replaces none. Give another name.")
