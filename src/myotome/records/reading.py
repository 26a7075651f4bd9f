"""What can be asked of a clinic's record at one moment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select
from sqlalchemy.sql import Select

from myotome.records.chain import first
from myotome.records.drawer import Drawer
from myotome.records.event import FIELDS, Event, read_header
from myotome.records.keys import Keys
from myotome.records.master import MasterKey
from myotome.records.projection import State
from myotome.records.seal import Randomness, unseal
from myotome.records.tables import EVENT, KEY, PROJECTION


class Reading:
    """One clinic's record over one connection; never another clinic's."""

    def __init__(self, connection: Connection, clinic: str, master: MasterKey, randomness: Randomness) -> None:
        """Opened by ``Ledger.reading``."""
        self.connection, self.clinic = connection, clinic
        self.keys = Keys(connection, clinic, master, randomness)

    def last(self) -> tuple[int, bytes]:
        """Position and hash of the last row; 0 and the beginning of the chain where there is none."""
        row = self.connection.execute(LAST, {"clinic": self.clinic}).first()
        return (0, first(self.clinic)) if row is None else (row.position, bytes(row.hash))

    def state(self, kind: str, name: str) -> State | None:
        """One state, or None where there is none."""
        found = self._opened(ONE_STATE, {"clinic": self.clinic, "kind": kind, "id": name})
        return found[0][1] if found else None

    def states(
        self, kind: str, people: Sequence[str] | None = None, limit: int = 50, before: str | None = None
    ) -> list[tuple[str, State]]:
        """States of a kind, highest ``sort`` first; of some people only, or below a ``sort``."""
        wanted, of = STATES, {"clinic": self.clinic, "kind": kind}
        if people is not None:
            wanted = wanted.where(PROJECTION.c.person.in_(list(people)))
        if before is not None:
            wanted = wanted.where(PROJECTION.c.sort < before)
        order = wanted.order_by(PROJECTION.c.sort.desc(), PROJECTION.c.id).limit(limit)
        return [(name, state) for name, state, _ in self._opened(order, of)]

    def changed(self, kind: str, after: int, limit: int = 10_000) -> list[tuple[str, State, int]]:
        """States of a kind that events after a position have changed, oldest first: (id, state, position).

        Where there are more than ``limit``, it ends before the last position: one event may have changed two states.
        """
        wanted = STATES.where(PROJECTION.c.position > after).order_by(PROJECTION.c.position, PROJECTION.c.id)
        found = self._opened(wanted.limit(limit), {"clinic": self.clinic, "kind": kind})
        whole = [one for one in found if one[2] != found[-1][2]] if len(found) == limit else found
        return whole or found

    def latest(self, kind: str) -> dict[str, str]:
        """By person: when the last event arrived that changed one of their states of a kind."""
        ours = (PROJECTION.c.clinic == self.clinic, PROJECTION.c.kind == kind)
        grouped = select(PROJECTION.c.person, func.max(PROJECTION.c.position).label("position")).where(*ours)
        last = grouped.group_by(PROJECTION.c.person).subquery()
        rows = select(last.c.person, EVENT.c.header).join(EVENT, EVENT.c.position == last.c.position)
        found = self.connection.execute(rows.where(EVENT.c.clinic == self.clinic))
        return {row.person: read_header(row.header)["received"] for row in found}

    def event(self, name: str) -> Event | None:
        """One event by its id."""
        row = self.connection.execute(_stored(self.clinic).where(EVENT.c.id == name)).first()
        return None if row is None else self.opened(row)

    def events(
        self,
        *,
        person: str | None = None,
        visit: str | None = None,
        author: str | None = None,
        kinds: Sequence[str] = (),
        after: int = 0,
        before: int | None = None,
        newest: bool = False,
        limit: int = 100,
        bodies: bool = True,
    ) -> list[Event]:
        """Events in their order (``newest``: the last first); without ``bodies`` nothing is decrypted."""
        wanted = _stored(self.clinic).where(EVENT.c.position > after)
        for column, value in ((EVENT.c.person, person), (EVENT.c.visit, visit), (EVENT.c.author, author)):
            if value is not None:
                wanted = wanted.where(column == value)
        if kinds:
            wanted = wanted.where(EVENT.c.kind.in_(list(kinds)))
        if before is not None:
            wanted = wanted.where(EVENT.c.position < before)
        order = EVENT.c.position.desc() if newest else EVENT.c.position
        rows = self.connection.execute(wanted.order_by(order).limit(limit))
        return [self.opened(row, bodies) for row in rows]

    def drawer(self, name: str) -> Drawer:
        """A drawer of things that may change and be thrown away."""
        return Drawer(self.connection, self.clinic, name, self.keys)

    def opened(self, row: Row[Any], bodies: bool = True) -> Event:
        """An event out of its row."""
        header = read_header(row.header)
        body = None
        key = self.keys.find(header["key"]) if bodies else None
        if key is not None:
            body = json.loads(unseal(key, row.body, row.header))
        kept = {name: header[name] for name in EVENT_FIELDS}
        return Event(**kept, hash=row.hash.hex(), body=body)

    def _opened(self, wanted: Select[Any], of: dict[str, str]) -> list[tuple[str, State, int]]:
        found = []
        for row in self.connection.execute(wanted, of):
            key = self.keys.unwrap(row.key, row.owner, row.master, row.wrapped)
            beside = beside_of(self.clinic, row.kind, row.id, row.person, row.sort, row.position)
            found.append((row.id, json.loads(unseal(key, row.sealed, beside)), row.position))
        return found


EVENT_FIELDS = tuple(sorted(FIELDS - {"clinic", "format"}))


def beside_of(clinic: str, kind: str, name: str, person: str, sort: str, position: int) -> bytes:
    """What is authenticated with a kept state."""
    return json.dumps(["projection", clinic, kind, name, person, sort, position]).encode()


def _stored(clinic: str) -> Select[Any]:
    return select(EVENT.c.header, EVENT.c.body, EVENT.c.hash).where(EVENT.c.clinic == clinic)


# Made once: putting a statement together takes longer than asking SQLite.
LAST = (
    select(EVENT.c.position, EVENT.c.hash)
    .where(EVENT.c.clinic == bindparam("clinic"))
    .order_by(EVENT.c.position.desc())
    .limit(1)
)
STATES = (
    select(PROJECTION, KEY.c.owner, KEY.c.master, KEY.c.wrapped)
    .join(KEY, (KEY.c.clinic == PROJECTION.c.clinic) & (KEY.c.id == PROJECTION.c.key))
    .where(PROJECTION.c.clinic == bindparam("clinic"), PROJECTION.c.kind == bindparam("kind"))
)
ONE_STATE = STATES.where(PROJECTION.c.id == bindparam("id"))
