"""With the master key: every body, every key and every kept state."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from sqlalchemy import Column, Label, LargeBinary, cast, select
from sqlalchemy import Row as Found

from myotome.errors import RecordError
from myotome.records.event import CLINIC, ERASED, RESTORED, Event
from myotome.records.keys import SIGNING
from myotome.records.projection import Place, Projector
from myotome.records.reading import EVENT_FIELDS, Reading, beside_of
from myotome.records.seal import unseal
from myotome.records.tables import KEY as KEYS
from myotome.records.tables import PROJECTION
from myotome.records.verification.found import KEY, MOST, STATE, Fault
from myotome.records.verification.rows import AT_ONCE, Row
from myotome.records.verification.scratch import Scratch

CACHED = 4096  # keys that are held at one time
SHUT = b""  # in the place of a key that is there but does not open


class Opening:
    """Opens rows as the walk goes over them and gathers what keys and states must agree with."""

    def __init__(self, reading: Reading, projector: Projector | None) -> None:
        """``projector``: fold the states anew; None: leave states alone."""
        self.reading, self.projector, self.scratch = reading, projector, Scratch()
        self.key = lru_cache(CACHED)(self._key)
        self.restored: list[tuple[Event, dict[str, Any]]] = []
        self.unread_tombstone = False

    def row(self, row: Row) -> bool | None:
        """Whether a row opens; None where its key is not there or does not open itself."""
        if row.header is None:
            return None
        key = self.key(row.header["key"])
        body = None
        if key:
            try:
                body = json.loads(unseal(key, row.body, row.head))
            except (RecordError, ValueError):
                self.unread_tombstone |= row.header["kind"] == ERASED
                return False
        self._gather(row, body)
        return None if body is None else True

    def _key(self, name: str) -> bytes | None:
        try:
            return self.reading.keys.find(name)
        except (RecordError, TypeError):  # in a SQLite file that was tampered with it may not even be bytes
            return SHUT

    def _gather(self, row: Row, body: dict[str, Any] | None) -> None:
        header = row.header or {}
        self.scratch.use(header["key"], header["person"], row.place)
        event = Event(**{name: header[name] for name in EVENT_FIELDS}, hash=row.hash.hex(), body=body)
        if body is not None and event.kind == ERASED:
            self.scratch.erase(list(body.get("keys", [])))
        if body is not None and event.kind == RESTORED:
            self.restored.append((event, body))
        for place in self.projector.places(event) if self.projector else ():
            before = self.scratch.state(place)
            folded = (
                self.projector.fold(place, before[1]["state"] if before else None, event) if self.projector else None
            )
            self.scratch.put(place, folded, event.position)

    def keys(self, wrong: set[int]) -> Iterator[Fault]:
        """What is wrong with keys; whether one is used can only be told where no row is ``wrong``."""
        columns = KEYS.c.id, KEYS.c.owner, KEYS.c.master, _bytes(KEYS.c.wrapped)
        wanted = select(*columns).where(KEYS.c.clinic == self.reading.clinic).order_by(KEYS.c.id)
        for row in self.reading.connection.execute(wanted, execution_options={"yield_per": AT_ONCE}):
            self.scratch.keep(row.id)
            yield from self._one_key(row, not wrong)
        for name in (CLINIC, SIGNING):
            if self.key(name) is None:
                yield Fault(0, name, KEY, f"The clinic's key '{name}' is missing.")
        for name, position, _ in self.scratch.lost() if not self.unread_tombstone else ():
            if name not in (CLINIC, SIGNING) and position not in wrong:
                words = f"The key {name} is missing, and no erasure lists it: row {position} and others cannot be read."
                yield Fault(position, name, KEY, words)

    def _one_key(self, row: Found[Any], rows_sound: bool) -> Iterator[Fault]:
        users = self.scratch.users(row.id)
        position = min(users.values(), default=0)
        try:
            self.reading.keys.unwrap(row.id, row.owner, row.master, row.wrapped)
        except RecordError:
            words = f"The key {row.id} of {row.owner} does not open with the master key: its row was changed."
            yield Fault(position, row.id, KEY, words)
        if self.scratch.is_erased(row.id):
            yield Fault(position, row.id, KEY, f"The key {row.id} is there again although it was destroyed. Erase it.")
        if not rows_sound:
            return
        if row.id in (CLINIC, SIGNING):
            if row.owner != CLINIC:
                yield Fault(0, row.id, KEY, f"The clinic's key '{row.id}' belongs to {row.owner}, not to the clinic.")
        elif not users:
            yield Fault(0, row.id, KEY, f"The key {row.id} of {row.owner} is there, but nothing was recorded with it.")
        elif not self._may_own(row.id, row.owner, users):
            words = f"The key {row.id} belongs to {row.owner}, but what it seals names another person."
            yield Fault(position, row.id, KEY, words)

    def _may_own(self, name: str, owner: str, users: dict[str, int]) -> bool:
        """Rows of the key name the owner, or nobody, or an entry on one of them names the other (a visit moved)."""
        people = set(users) - {""}
        if not people or owner in people:
            return True
        return self._names(owner, people | {name}) or any(self._names(person, {owner}) for person in people)

    def _names(self, person: str, wanted: set[str]) -> bool:
        after = 0
        try:
            while events := self.reading.events(person=person, after=after, limit=AT_ONCE):
                if any(wanted & _words([event.visit, event.body or {}]) for event in events):
                    return True
                after = events[-1].position
        except RecordError:
            return True  # told as a row or key of its own
        return False

    def states(self) -> Iterator[Fault]:
        """Kept states that events do not give, and states that are not kept; at most so many are told."""
        return islice(chain(self._kept_states(), self._left_states()), MOST)

    def _kept_states(self) -> Iterator[Fault]:
        columns = [column for column in PROJECTION.c if column.name != "sealed"]
        wanted = select(*columns, _bytes(PROJECTION.c.sealed)).where(PROJECTION.c.clinic == self.reading.clinic)
        for row in self.reading.connection.execute(wanted, execution_options={"yield_per": AT_ONCE}):
            if words := self._state_differs(row):
                yield Fault(row.position, f"{row.kind}/{row.id}", STATE, f"The state {row.kind} {row.id} {words}")

    def _state_differs(self, row: Any) -> str:
        place = Place(row.kind, row.id)
        anew = self.scratch.state(place)
        self.scratch.drop(place)
        if anew is None:
            return "is kept, but no event gives it. Remake the states."
        key = self.key(row.key)
        beside = beside_of(self.reading.clinic, row.kind, row.id, row.person, row.sort, row.position)
        try:
            state = json.loads(unseal(key or SHUT, row.sealed, beside))
        except (RecordError, ValueError):
            return "does not open with its key: it was changed. Remake the states."
        kept = {"state": state, "person": row.person, "sort": row.sort, "key": row.key}
        return "" if anew == (row.position, kept) else "is not what the events give. Remake the states."

    def _left_states(self) -> Iterator[Fault]:
        for kind, name, position in self.scratch.left():
            words = f"The state {kind} {name} is not kept, though the events give it. Remake the states."
            yield Fault(position, f"{kind}/{name}", STATE, words)


def _bytes(column: Column[bytes]) -> Label[bytes]:
    return cast(column, LargeBinary).label(column.name)


def _words(value: Any) -> set[str]:
    """All the words in a body."""
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return set().union(*map(_words, inner))
    return {value} if isinstance(value, str) else set()
