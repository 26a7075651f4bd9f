"""The rows of many events at once, byte for byte what ``Writing`` would have stored for them one by one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from myotome.records.chain import link
from myotome.records.event import CLINIC, Draft, Event, canonical, check, header_of
from myotome.records.keys import Keys
from myotome.records.ledger import Ledger
from myotome.records.projection import Folded, Place
from myotome.records.reading import EVENT_FIELDS, beside_of
from myotome.records.seal import KEY, seal
from myotome.records.tables import EVENT, PROJECTION
from myotome.records.tables import KEY as KEYS

TABLES = (EVENT, KEYS, PROJECTION)
TOLD = ("clinic", "position", "id", "person", "visit", "kind", "author")
OFTEN = 400  # bytes; what is longer was published, and comes again
Rows = dict[str, list[tuple[Any, ...]]]


class Bulk:
    """Goes on where a ledger stands; keeps in memory the keys it made and the states that may still change."""

    def __init__(self, ledger: Ledger) -> None:
        """Nobody else may write until the rows are stored."""
        self.ledger, self.clinic, self.randomness = ledger, ledger.clinic, ledger.randomness
        with ledger.reading() as record:
            self.position, self.hash = record.last()
            self.secrets = {CLINIC: record.keys.of(CLINIC)}
        self.keys = Keys(None, self.clinic, ledger.master, self.randomness)  # type: ignore[arg-type]  # asks nothing
        self.states: dict[Place, tuple[Folded, int]] = {}
        self.rows: Rows = {table.name: [] for table in TABLES}
        self.bodies: dict[int, tuple[Mapping[str, Any], bytes, dict[str, Any]]] = {}

    def key(self, name: str, owner: str) -> None:
        """Make a key, as ``Keys.make``."""
        secret, current = self.randomness(KEY), self.ledger.master.current
        beside = self.keys._beside(name, owner)
        wrapped = seal(self.ledger.master.keys[current], secret, beside, self.randomness)
        self.secrets[name] = secret
        self.rows["key"].append((self.clinic, name, owner, current, wrapped))

    def append(self, draft: Draft, received: str) -> None:
        """Record, as ``Writing.append``."""
        check(draft)
        body, plain = self._written(draft.body)
        header = header_of(draft, self.clinic, self.position + 1, received)
        head = canonical(header)
        sealed = seal(self.secrets[draft.sealed_by], body, head, self.randomness)
        self.position, self.hash = self.position + 1, link(self.hash, head, sealed)
        self.rows["event"].append((*(header[name] for name in TOLD), head, sealed, self.hash))
        kept = {name: header[name] for name in EVENT_FIELDS}
        event = Event(**kept, hash=self.hash.hex(), body=plain)
        for place in self.ledger.projector.places(event):
            self._fold(place, event)

    def _written(self, body: Mapping[str, Any]) -> tuple[bytes, dict[str, Any]]:
        """A body as it is stored and as it is read back; one that comes again and again is written once."""
        if kept := self.bodies.get(id(body)):
            return kept[1:]
        data = canonical(dict(body))
        read = json.loads(data)
        if len(data) > OFTEN:
            self.bodies[id(body)] = body, data, read  # holds on to it, so that no other body gets its id
        return data, read

    def settle(self, forget: Iterable[str] = ()) -> None:
        """Store the states as they are now; those keys are not needed any more."""
        for place, (folded, position) in self.states.items():
            beside = beside_of(self.clinic, place.kind, place.id, folded.person, folded.sort, position)
            sealed = seal(self.secrets[folded.key], canonical(folded.state), beside, self.randomness)
            row = (self.clinic, place.kind, place.id, folded.person, folded.sort, position, folded.key, sealed)
            self.rows["projection"].append(row)
        self.states.clear()
        for name in forget:
            del self.secrets[name]

    def taken(self) -> Rows:
        """The rows so far, to be stored."""
        rows, self.rows = self.rows, {table.name: [] for table in TABLES}
        return rows

    def _fold(self, place: Place, event: Event) -> None:
        before = self.states.get(place)
        folded = self.ledger.projector.fold(place, before[0].state if before else None, event)
        if folded is None:
            self.states.pop(place, None)
        else:
            self.states[place] = folded, event.position
