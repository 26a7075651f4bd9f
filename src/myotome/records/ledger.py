"""A clinic's record: found it, open it, read it, write to it, take its head."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import delete, select

from myotome.errors import RecordError
from myotome.records.chain import Head, sign
from myotome.records.database import Database
from myotome.records.event import CLINIC, IDENTIFIER, instant
from myotome.records.keys import SIGNING, Keys, check_master
from myotome.records.master import MasterKey
from myotome.records.projection import Projector
from myotome.records.reading import Reading
from myotome.records.seal import KEY, Randomness
from myotome.records.tables import EVENT, PROJECTION
from myotome.records.tables import KEY as KEYS
from myotome.records.writing import Writing

BATCH = 1000  # events at a time when states are remade
STATES = "states"  # drawer: which edition of the projector made them


class Ledger:
    """One clinic in one database, opened with its master key."""

    def __init__(
        self, database: Database, master: MasterKey, projector: Projector, randomness: Randomness = secrets.token_bytes
    ) -> None:
        """Open the clinic that the master key belongs to.

        Raises:
            RecordError: there is no such clinic here, or the key does not open it.
        """
        self.database, self.clinic, self.master = database, master.clinic, master
        self.projector, self.randomness = projector, randomness
        with database.reading() as connection:
            check_master(connection, self.clinic, master)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Ask at one moment."""
        with self.database.reading() as connection:
            yield Reading(connection, self.clinic, self.master, self.randomness)

    @contextmanager
    def writing(self, now: datetime | Callable[[], datetime]) -> Iterator[Writing]:
        """Record; what is done inside is committed when it is left, or undone by an exception.

        Only after it is left is anything recorded: acknowledge it then, not before. Where several write at once, give
        the clock and not the time: it is read when one's turn has come, so that the moments follow the order of rows.
        """
        with self.database.writing(self.clinic) as connection:
            at = now() if callable(now) else now
            yield Writing(connection, self.clinic, self.master, self.randomness, self.projector, at)

    def head(self, now: datetime) -> Head:
        """The signed end of the chain."""
        with self.reading() as record:
            position, hashed = record.last()
            return sign(self.clinic, position, hashed, instant(now), record.keys.of(SIGNING))

    def rebuild(self, now: datetime) -> int:
        """Remake every state from the events, in one transaction; returns how many events were read."""
        with self.writing(now) as record:
            return remake(record)

    def bring_up_to_date(self, now: datetime) -> bool:
        """Remake the states where an older Myotome made them; returns whether that was needed."""
        with self.reading() as record:
            made = record.drawer(STATES).get(STATES)
        if made == {"edition": self.projector.edition}:
            return False
        self.rebuild(now)
        return True

    def rotate(self, master: MasterKey, now: datetime) -> int:
        """Wrap every key anew with the current key of ``master``, which must still hold the old ones."""
        with self.writing(now) as record:
            count = record.keys.rewrap(master)
        self.master = master
        return count


def remake(record: Writing) -> int:
    """Remake every state from the events inside a transaction; returns how many events were read."""
    record.connection.execute(delete(PROJECTION).where(PROJECTION.c.clinic == record.clinic))
    seen = 0
    while events := record.events(after=seen, limit=BATCH):
        for event in events:
            record.project(event)
        seen = events[-1].position
    record.drawer(STATES).put(STATES, {"edition": record.projector.edition})
    return seen


def found(database: Database, master: MasterKey, randomness: Randomness = secrets.token_bytes) -> None:
    """Make the keys of a new clinic.

    Raises:
        RecordError: there is one by that name, or the name cannot be used.
    """
    clinic = master.clinic
    if not IDENTIFIER.fullmatch(clinic):
        raise RecordError(
            f"'{clinic[:40]}' cannot name a clinic: use small letters, digits and hyphens, such as 'main-street'."
        )
    with database.writing(clinic) as connection:
        here = select(EVENT.c.position).where(EVENT.c.clinic == clinic).limit(1)
        if connection.execute(here).first() or Keys(connection, clinic, master, randomness).owned_by(CLINIC):
            raise RecordError(
                f"There is a clinic '{clinic}' in this database already. Open it with its own master key."
            )
        keys = Keys(connection, clinic, master, randomness)
        keys.make(CLINIC, CLINIC)
        keys.make(SIGNING, CLINIC)


def clinics(database: Database) -> list[str]:
    """The clinics of a database by name."""
    with database.reading() as connection:
        return list(
            connection.execute(select(KEYS.c.clinic).where(KEYS.c.id == CLINIC).order_by(KEYS.c.clinic)).scalars()
        )


assert KEY == 32  # noqa: S101  # an Ed25519 secret is as long as the other keys
