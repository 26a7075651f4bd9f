"""Does a record still hold everything as it was recorded? Finds and names what was changed, removed or put in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, select, text

from myotome.errors import RecordError
from myotome.records.chain import Head
from myotome.records.database import Database
from myotome.records.event import RESTORED
from myotome.records.keys import SIGNING
from myotome.records.ledger import Ledger
from myotome.records.master import MasterKey
from myotome.records.reading import Reading
from myotome.records.tables import KEY
from myotome.records.verification.breaks import Breaks
from myotome.records.verification.found import FILE, OF_ROWS, REWRITTEN, Fault, Report
from myotome.records.verification.heads import against as against_heads
from myotome.records.verification.heads import checked, restored_wrong, signers, unread
from myotome.records.verification.keys import Opening
from myotome.records.verification.order import Order
from myotome.records.verification.rows import Row, Walk, hash_at, rows, walk_of

NOTICES = 20


def verify(
    record: Ledger | Database,
    clinic: str,
    *,
    master: MasterKey | None = None,
    against: Sequence[Head] = (),
    states: bool = True,
) -> Report:
    """Go over every row of a clinic at one moment; what needs no key is looked at without one.

    With the master key (an opened ``Ledger`` has it) every body and key is opened too; with the ledger's projector and
    ``states``, the kept states are compared with those that the events give. ``against``: heads kept elsewhere.

    Raises:
        RecordError: a head or the key is none of this clinic, there is no such clinic, or the database cannot be read.
    """
    heads = checked(against, clinic)
    ledger = record if isinstance(record, Ledger) else None
    database = ledger.database if ledger else record
    assert isinstance(database, Database)  # noqa: S101  # for the type checker
    master = master or (ledger.master if ledger else None)
    if master is not None and master.clinic != clinic:
        raise RecordError(f"The master key belongs to another clinic ({master.clinic[:40]}). Give the one of {clinic}.")
    with database.reading() as connection, _lenient(connection):
        look = _Look(connection, clinic, heads)
        if master is None:
            return look.report(None)
        reading = Reading(connection, clinic, master, bytes)
        opening = Opening(reading, ledger.projector if ledger and states else None)
        try:
            return look.report(opening)
        finally:
            opening.scratch.close()


@dataclass(slots=True)
class _Look:
    """One verification: what it has seen so far."""

    connection: Connection
    clinic: str
    heads: list[Head]
    notices: list[str] = field(default_factory=list)
    restores: list[int] = field(default_factory=list)
    backwards: int = 0
    received: str = ""

    def report(self, opening: Opening | None) -> Report:
        """All of it, faults in the order of positions."""
        faults = list(_file(self.connection))
        self.notices += _guards(self.connection)
        walk = self._walk(opening)
        if not walk.rows and not self.heads and not _known(self.connection, self.clinic):
            raise RecordError(f"There is no clinic '{self.clinic[:40]}' in this database. Check MYOTOME_DATABASE_URL.")
        order = Order(self.clinic, walk.runs, lambda place: hash_at(self.connection, self.clinic, place))
        of_rows = Breaks(walk, order, {head.position: head.hash for head in self.heads}).work()
        restored = opening.restored if opening else []
        faults += of_rows + against_heads(self.heads, walk, self.clinic, of_rows, restored)
        faults += restored_wrong(restored, lambda place: hash_at(self.connection, self.clinic, place))
        if opening is not None:
            faults += self._opened(opening, faults)
        elif self.restores and any(fault.what == REWRITTEN for fault in faults):
            self.notices.append(unread(self.restores))
        if self.backwards > NOTICES:
            self.notices.append(f"The clock was set back {self.backwards} times in all.")
        ordered = sorted(faults, key=lambda fault: (fault.position, fault.what))
        return Report(walk.rows, f"{walk.last[0]}:{walk.last[1].hex()}", tuple(ordered), tuple(self.notices))

    def _walk(self, opening: Opening | None) -> Walk:
        walk = walk_of(self.clinic, frozenset(head.position for head in self.heads))
        for row in rows(self.connection, self.clinic):
            walk.take(row, opening.row(row) if opening else None)
            self._look_at(row)
        return walk

    def _look_at(self, row: Row) -> None:
        if row.header is None:
            return
        if row.header["kind"] == RESTORED and len(self.restores) < NOTICES:
            self.restores.append(row.place)
        received = row.header["received"]
        if received < self.received:
            self.backwards += 1
            if self.backwards <= NOTICES:
                self.notices.append(
                    f"Row {row.place} was received at {received}, before the row above it ({self.received}): "
                    "the clock was set back. Nothing is lost by it."
                )
        self.received = received

    def _opened(self, opening: Opening, faults: list[Fault]) -> list[Fault]:
        """Keys, signers and states."""
        rows_at_fault = {fault.position for fault in faults if fault.what in OF_ROWS}
        wrong = list(opening.keys(rows_at_fault)) + signers(self.heads, opening.key(SIGNING))
        if opening.projector is None:
            return wrong
        if wrong or rows_at_fault:
            self.notices.append("The states were not compared with the events, because rows or keys are at fault.")
            return wrong
        return list(opening.states())


def _file(connection: Connection) -> Iterator[Fault]:
    """What SQLite finds wrong with its own file, such as an index that hides a row."""
    if connection.dialect.name != "sqlite":
        return
    found = connection.execute(text("PRAGMA integrity_check(100)")).scalars().all()
    if list(found) != ["ok"]:
        words = f"The file itself is damaged in {len(found)} places or more, so that entries may not be found. "
        yield Fault(0, "", FILE, words + "Keep it, and restore the last backup.")


def _known(connection: Connection, clinic: str) -> bool:
    return connection.execute(select(KEY.c.id).where(KEY.c.clinic == clinic).limit(1)).first() is not None


def _guards(connection: Connection) -> Iterator[str]:
    """Said where the triggers that keep events as they are were taken away or switched off."""
    wanted = {"event_no_update", "event_no_delete"}
    asked = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'"
    if connection.dialect.name != "sqlite":
        wanted.add("event_no_truncate")
        asked = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'event'::regclass AND tgenabled IN ('O', 'A')"
    if wanted - set(connection.execute(text(asked)).scalars()):
        yield "The guards that keep events from being changed were taken out of the database. Ask who did it, and why."


@contextmanager
def _lenient(connection: Connection) -> Iterator[None]:
    """Let a SQLite file that was tampered with give text that is none, so that it can be named."""
    driver = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or driver is None:
        yield
        return
    driver.text_factory = lambda data: data.decode("utf-8", "replace")
    try:
        yield
    finally:
        driver.text_factory = str
