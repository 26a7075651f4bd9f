"""A small record with everything in it, and the hands of somebody who can write to its database."""

from __future__ import annotations

from contextlib import contextmanager

from sqlalchemy import select, text

from myotome.records.event import ERASED
from myotome.records.tables import EVENT
from myotome.records.verification.verify import verify
from tests.stores import START, Counting, draft, with_people

ROWS = 12


class Careful(Counting):
    """The small projector; a tombstone makes no state."""

    def places(self, event):
        return [] if event.kind == ERASED else super().places(event)


def erase(ledger, person, now=START):
    """Erase as the clinic does: a tombstone that lists the keys, then the keys."""
    with ledger.writing(now) as record:
        keys = record.keys.owned_by(person)
        record.append(draft(person, key="clinic", kind=ERASED, body={"keys": keys}))
        record.forget(person, keys)
    return keys


def small_record(ledger):
    """Twelve rows: three people with visits, the last of them erased, and notes of the clinic's own."""
    people = with_people(ledger, people=3, visits=1, notes=2)
    erase(ledger, people[2])
    with ledger.writing(START) as record:
        record.append(draft(body={"text": "opened"}))
        record.append(draft(body={"text": "closed"}))
    return people


class Hand:
    """Changes to the stored rows in a transaction that is undone; looks at the record from inside it."""

    def __init__(self, ledger):
        self.ledger, self.database, self.connection = ledger, ledger.database, None

    @contextmanager
    def reading(self):
        yield self.connection

    @contextmanager
    def open(self):
        """Without triggers, until it is left."""
        connection = self.database.engine.connect().execution_options(writing=True)
        with connection, connection.begin() as work:
            for act in ("update", "delete"):
                where = " ON event" if not self.database.sqlite else ""
                connection.execute(text(f"DROP TRIGGER event_no_{act}{where}"))
            self.connection = connection
            self.database.reading = self.reading
            try:
                yield self
            finally:
                del self.database.reading
                work.rollback()

    @contextmanager
    def undone(self):
        """Whatever is done inside is undone."""
        step = self.connection.begin_nested()
        try:
            yield
        finally:
            step.rollback()

    def look(self, *, key=True, against=(), states=True):
        """What a verification says now."""
        record = self.ledger if key else self.database
        return verify(record, self.ledger.clinic, against=against, states=states)

    def rows(self, table=EVENT):
        """The stored rows of a table as dicts."""
        return [dict(row._mapping) for row in self.connection.execute(select(table).order_by(*table.primary_key))]
