"""Recording: events are added to the chain and states follow, all in one transaction."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from myotome.errors import RecordError
from myotome.records.chain import link
from myotome.records.event import LARGEST, Draft, Event, Receipt, canonical, check, header_of, instant, read_header
from myotome.records.master import MasterKey
from myotome.records.projection import Folded, Place, Projector
from myotome.records.reading import EVENT_FIELDS, Reading, beside_of
from myotome.records.seal import Randomness, seal, unseal
from myotome.records.tables import EVENT, PROJECTION

# Made once: putting a statement together takes longer than asking SQLite.
SAME = select(EVENT.c.header, EVENT.c.body, EVENT.c.hash).where(
    EVENT.c.clinic == bindparam("clinic"), EVENT.c.id == bindparam("id")
)
ADD, ADD_STATE = insert(EVENT), insert(PROJECTION)
CHANGED = ("person", "sort", "position", "key", "sealed")
CHANGE_STATE = (
    update(PROJECTION)
    .where(*(PROJECTION.c[name] == bindparam(f"its_{name}") for name in ("clinic", "kind", "id")))
    .values({name: bindparam(name) for name in CHANGED})
)


class Writing(Reading):
    """One transaction that alone writes for this clinic. Leaving it by an exception undoes all of it."""

    def __init__(
        self,
        connection: Connection,
        clinic: str,
        master: MasterKey,
        randomness: Randomness,
        projector: Projector,
        now: datetime,
    ) -> None:
        """Opened by ``Ledger.writing``."""
        super().__init__(connection, clinic, master, randomness)
        self.projector, self.received, self.randomness = projector, instant(now), randomness
        self._position, self._hash = self.last()

    def append(self, draft: Draft) -> Receipt:
        """Record one fact; a draft that was recorded before gives its receipt again.

        Raises:
            RecordError: it cannot be stored, its key was destroyed, or its id was used for something else.
        """
        check(draft)
        body = canonical(dict(draft.body))
        if len(body) > LARGEST:
            raise RecordError(f"The entry has {len(body)} bytes; at most {LARGEST} are recorded at once. Split it.")
        found = self.connection.execute(SAME, {"clinic": self.clinic, "id": draft.id}).first()
        if found is not None:
            return self._again(draft, body, found.header, found.body, found.hash)
        key = self.keys.of(draft.sealed_by)
        header = header_of(draft, self.clinic, self._position + 1, self.received)
        head = canonical(header)
        sealed = seal(key, body, head, self.randomness)
        hashed = link(self._hash, head, sealed)
        columns = {name: header[name] for name in ("clinic", "position", "id", "person", "visit", "kind", "author")}
        self.connection.execute(ADD, {**columns, "header": head, "body": sealed, "hash": hashed})
        self._position, self._hash = header["position"], hashed
        kept = {name: header[name] for name in EVENT_FIELDS}
        self.project(Event(**kept, hash=hashed.hex(), body=json.loads(body)))
        return Receipt(draft.id, header["position"], hashed.hex(), self.received)

    def project(self, event: Event) -> None:
        """Let the states follow one event."""
        for place in self.projector.places(event):
            folded = self.projector.fold(place, self.state(place.kind, place.id), event)
            self._keep(place, folded, event.position)

    def _keep(self, place: Place, folded: Folded | None, position: int) -> None:
        here = {"clinic": self.clinic, "kind": place.kind, "id": place.id}
        if folded is None:
            self.connection.execute(delete(PROJECTION).where(*(PROJECTION.c[name] == here[name] for name in here)))
            return
        beside = beside_of(self.clinic, place.kind, place.id, folded.person, folded.sort, position)
        sealed = seal(self.keys.of(folded.key), canonical(folded.state), beside, self.randomness)
        values = {
            "person": folded.person,
            "sort": folded.sort,
            "position": position,
            "key": folded.key,
            "sealed": sealed,
        }
        found = {f"its_{name}": value for name, value in here.items()}
        if not self.connection.execute(CHANGE_STATE, {**found, **values}).rowcount:
            self.connection.execute(ADD_STATE, {**here, **values})

    def forget(self, person: str, keys: list[str]) -> None:
        """Destroy keys of a person and every state that was kept with them."""
        for start in range(0, len(keys), 500):
            kept = (PROJECTION.c.clinic == self.clinic, PROJECTION.c.key.in_(keys[start : start + 500]))
            self.connection.execute(delete(PROJECTION).where(*kept))
        self.keys.destroy(keys)

    def _again(self, draft: Draft, body: bytes, header: bytes, sealed: bytes, hashed: bytes) -> Receipt:
        """The receipt of what was recorded under this id before, if it was the same."""
        was = read_header(header)
        key = self.keys.find(was["key"])
        now = header_of(replace(draft), self.clinic, was["position"], was["received"])
        if key is None or was != now or unseal(key, sealed, header) != body:
            raise RecordError(
                f"The id {draft.id} was used for another entry. Nothing was recorded. Give the entry a new id."
            )
        return Receipt(draft.id, was["position"], hashed.hex(), was["received"], repeated=True)
