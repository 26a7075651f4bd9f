"""Filling a clinic with its past, and copying it from SQLite into PostgreSQL."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import psycopg
from sqlalchemy import Index, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex

from benchmarks.records.bulk import TABLES, Bulk, Rows
from benchmarks.records.past import ALIKE, Session, Told, as_told, registered, sessions, told
from myotome.records.event import Draft, instant
from myotome.records.ledger import Ledger
from myotome.records.tables import METADATA

AT_ONCE = 5000  # sessions
DEVICE, ZONE = "desk", "Europe/Berlin"


@dataclass
class Past:
    """What was loaded: the people who are measured (they have ``ALIKE`` sessions each) with their visits in order."""

    sessions: int = 0
    people: int = 0
    rows: int = 0
    alike: dict[str, list[str]] = field(default_factory=dict)


def loaded(ledger: Ledger, file: Path, author: str, count: int) -> Past:
    """Fill a SQLite file; its ledger is closed by now, for nothing waits for the disk here."""
    past, bulk, names = Past(count), Bulk(ledger), dict[int, str]()
    ledger.database.close()
    visits: dict[str, list[str]] = {}
    coming = sessions(count)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "locking_mode=EXCLUSIVE"):
            connection.execute(f"PRAGMA {pragma}")
        _drop(connection)
        while some := list(islice(coming, AT_ONCE)):
            for session in some:
                person = _person(bulk, session, names, author)
                visits.setdefault(person, []).append(_visit(bulk, session, person, author))
            past.rows += _stored(connection, bulk.taken())
        for index in _indexes():
            connection.execute(str(CreateIndex(index).compile(dialect=sqlite.dialect())))
        connection.execute("PRAGMA journal_mode=WAL").fetchall()
    past.people = len(names)
    past.alike = {person: theirs for person, theirs in visits.items() if len(theirs) == ALIKE}
    return past


def _person(bulk: Bulk, session: Session, names: dict[int, str], author: str) -> str:
    if session.person not in names:
        person = names[session.person] = str(uuid.uuid4())
        bulk.key(person, person)
        _append(bulk, session, as_told(registered(session.person)), author, person)
        bulk.settle(forget=(person,))
    return names[session.person]


def _visit(bulk: Bulk, session: Session, person: str, author: str) -> str:
    visit = str(uuid.uuid4())
    bulk.key(visit, person)
    for one in told(session):
        _append(bulk, session, one, author, person, visit)
    bulk.settle(forget=(visit,))
    return visit


def _append(bulk: Bulk, session: Session, one: Told, author: str, person: str, visit: str = "") -> None:
    kind, version, body = one
    when = {"device_time": session.at.isoformat(), "zone": ZONE}
    by = {"id": str(uuid.uuid4()), "author": author, "device": DEVICE, "person": person, "visit": visit}
    bulk.append(Draft(kind, version, body, **when, **by), instant(session.at))


def _stored(connection: sqlite3.Connection, rows: Rows) -> int:
    connection.execute("BEGIN")
    for table in TABLES:
        marks = ", ".join("?" * len(table.columns))
        connection.executemany(f'INSERT INTO "{table.name}" ({_columns(table)}) VALUES ({marks})', rows[table.name])  # noqa: S608
    connection.execute("COMMIT")
    return len(rows["event"])


def copied(file: Path, url: str) -> None:
    """Every row of a SQLite record into an empty PostgreSQL one, and its statistics brought up to date."""
    reading = f"{file.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(reading, uri=True)) as source, psycopg.connect(url, autocommit=True) as target:
        with target.transaction():
            for index in _indexes():
                target.execute(f"DROP INDEX {index.name}")
            for table in METADATA.sorted_tables:
                _copied(source, target, table)
            for index in _indexes():
                target.execute(str(CreateIndex(index).compile(dialect=postgresql.dialect())))
        target.execute("VACUUM (ANALYZE)")
        target.execute("CHECKPOINT")


def _copied(source: sqlite3.Connection, target: psycopg.Connection, table: Table) -> None:
    types = [str(column.type.compile(dialect=postgresql.dialect())).lower() for column in table.columns]
    rows = source.execute(f'SELECT {_columns(table)} FROM "{table.name}"')  # noqa: S608
    with (
        target.cursor() as cursor,
        cursor.copy(f'COPY "{table.name}" ({_columns(table)}) FROM STDIN (FORMAT BINARY)') as copy,
    ):
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _drop(connection: sqlite3.Connection) -> None:
    for index in _indexes():
        connection.execute(f"DROP INDEX {index.name}")


def _indexes() -> Iterator[Index]:
    for table in METADATA.sorted_tables:
        yield from sorted(table.indexes, key=lambda index: str(index.name))


def _columns(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)
