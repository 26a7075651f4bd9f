"""Clinics with a past on both databases, founded and staffed as any clinic."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests import stores
from tests.clinics import QUICK, Clock, names, password_of, staffed
from tests.stores import database_url

from benchmarks.records.load import Past, copied, loaded
from benchmarks.records.past import BEGAN
from myotome.clinic.access.access import Access
from myotome.clinic.folding.projector import ClinicProjector
from myotome.clinic.practice import Practice
from myotome.records.database import Database
from myotome.records.ledger import Ledger, found
from myotome.records.master import MasterKey, new_master, read_master, write_master

WHO = "pia"  # the practitioner who works here
NAME = "main"

stores.DURABLE = True  # rates mean nothing where nobody waits for the disk


@dataclass
class Clinic:
    """One clinic on one database with what is known of its past."""

    kind: str
    practice: Practice
    access: Access
    past: Past
    url: str

    def signed_in(self) -> str:
        """The token of the practitioner's new session."""
        return self.access.sign_in(WHO, password_of(WHO), "192.168.1.20")


def made(folder: Path, count: int) -> Past:
    """A clinic with that many past sessions as a SQLite file in ``folder``; one made before is taken again."""
    file, told = folder / "clinic.db", folder / "past.json"
    if told.exists():
        return Past(**json.loads(told.read_text("utf-8")))
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    database, master = Database(f"sqlite:///{file}"), new_master(NAME, secrets.token_bytes)
    write_master(folder / "clinic.key", master)
    found(database, master)
    practice = Practice(Ledger(database, master, ClinicProjector()), Clock(BEGAN), names)
    clinic = staffed(practice)
    past = loaded(practice.ledger, file, clinic.staff[WHO], count)
    told.write_text(json.dumps(asdict(past)), "utf-8")
    return past


@contextmanager
def opened(kind: str, folder: Path, past: Past) -> Iterator[Clinic]:
    """That clinic on a database of a kind, with today's clock."""
    file, master = folder / "clinic.db", read_master(folder / "clinic.key")
    if kind == "sqlite":
        yield from _open(kind, f"sqlite:///{file}", master, past)
        return
    with database_url(kind, folder) as url:
        Database(url).close()  # makes the tables
        copied(file, url)
        yield from _open(kind, url, master, past)


def _open(kind: str, url: str, master: MasterKey, past: Past) -> Iterator[Clinic]:
    database = Database(url)
    try:
        practice = Practice(Ledger(database, master, ClinicProjector()), lambda: datetime.now(tz=UTC), names)
        yield Clinic(kind, practice, Access(practice, QUICK), past, url)
    finally:
        database.close()
