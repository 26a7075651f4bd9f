"""What must be true of a record whose writer was killed: nothing lost, nothing doubled, nothing half there."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from myotome.records.chain import first, link
from myotome.records.event import canonical, read_header
from myotome.records.ledger import Ledger
from myotome.records.reading import Reading, beside_of
from myotome.records.seal import unseal
from myotome.records.tables import EVENT, KEY, PROJECTION
from tests.faults.work import World, perform
from tests.stores import Counting

COLUMNS = ("clinic", "position", "id", "person", "visit", "kind", "author")
FOLDING = Counting()


def told_of(raw: bytes) -> dict[str, Any]:
    """What a child said through its pipe: each transaction that it sent, and what it acknowledged of them."""
    told: dict[str, Any] = {"founded": False, "sent": [], "recorded": {}, "trouble": []}
    for line in raw.split(b"\n")[:-1]:  # a line cut short by the kill acknowledges nothing
        what, value = json.loads(line)
        if what == "sending":
            told["sent"].append(value)
        elif what == "recorded":
            told["recorded"][value[0]] = value[1]
        elif what in ("founded", "trouble"):
            told[what] = value
    return told


def rows_after(record: Reading, position: int, hashed: str) -> list[Any]:
    """New rows, seen to follow one another without a gap and to be chained to what went before."""
    previous = bytes.fromhex(hashed) if hashed else first(record.clinic)
    wanted = select(EVENT).where(EVENT.c.clinic == record.clinic, EVENT.c.position > position)
    rows = record.connection.execute(wanted.order_by(EVENT.c.position)).all()
    for row in rows:
        position, previous = position + 1, link(previous, row.header, row.body)
        header = read_header(row.header)
        assert row.position == position, f"a gap before {row.position}"
        assert row.hash == previous, f"the chain is broken at {row.position}"
        assert [getattr(row, name) for name in COLUMNS] == [header[name] for name in COLUMNS]
    return rows


class Check:
    """The check after one kill."""

    def __init__(self, ledger: Ledger, world: World, told: dict[str, Any]) -> None:
        self.ledger, self.world, self.told = ledger, world, told
        self.lines: list[str] = []
        self.found = self.absent = self.acknowledged = 0
        self.events: dict[str, Any] = {}

    def run(self) -> None:
        """Look, send again what was in flight, look again."""
        if not self.ledger.database.sqlite:
            # The server may still be at work on what the dead process had sent: wait for its lock.
            with self.ledger.writing(datetime.now(UTC)):
                pass
        flying = [
            sent for sent in self.told["sent"] if not sent["undone"] and sent["name"] not in self.told["recorded"]
        ]
        self._look(self.told["sent"], self.told["recorded"])
        for sent in flying:
            with self.ledger.writing(datetime.now(UTC)) as record:
                once = perform(record, sent)
            with self.ledger.writing(datetime.now(UTC)) as record:
                again = perform(record, sent)
            was_there = {name: receipt[:2] for name, receipt in once.items() if receipt[2]}
            self._count(sent, was_there)
            assert all(receipt[2] for receipt in again.values()), "sent again, it was recorded twice"
            assert {name: receipt[:2] for name, receipt in again.items()} == {n: r[:2] for n, r in once.items()}
            # What was found before is known already; what is new is looked at like anything else.
            if not any("was" not in step and step.get("id") in was_there for step in sent["steps"]):
                self._look([sent], {sent["name"]: once})
        self._look([], {})

    def _count(self, sent: dict[str, Any], was_there: dict[str, Any]) -> None:
        new = [step["id"] for step in sent["steps"] if step["do"] == "append" and "was" not in step]
        if new and new[0] in was_there:
            self.found += 1
            assert all(self.events[name][0] == was_there[name][0] for name in new)
        elif new:
            self.absent += 1

    def _look(self, sent: list[dict[str, Any]], receipts: dict[str, Any]) -> None:
        """At the rows after the last that was seen, which must be just what these transactions recorded."""
        with self.ledger.reading() as record:
            rows = rows_after(record, self.world.position, self.world.hash)
            fresh = {row.id: record.opened(row) for row in rows}
            assert len(fresh) == len(rows), "an event is there twice"
            self.events |= {name: (event.position, event.hash) for name, event in fresh.items()}
            kept = [one for one in sent if self._whole(one, receipts.get(one["name"]), fresh)]
            named = {step.get("id") for one in kept for step in one["steps"]}
            assert not set(fresh) - named, "an event that nobody sent"
            erased = {name for one in kept for step in one["steps"] for name in step.get("keys", ())}
            touched = {step.get("visit") or step.get("person") for one in sent for step in one["steps"]}
            for one in kept:
                self._content(one, fresh, erased)
                self._fold(one, fresh)
            for one in sent:
                self._keys(record, one, one in kept, erased)
            self._states(record, (touched | erased) - {"", None})
        for one in kept:
            self.world.did(one, {name: [*place, False] for name, place in self.events.items()})
        with self.ledger.reading() as record:
            assert record.drawer("work").get("last") == self.world.last, "the drawer is not with its event"
        if rows:
            self.world.position, self.world.hash = rows[-1].position, rows[-1].hash.hex()
        self.lines += [f"{row.id} {row.hash.hex()}\n" for row in rows]

    def _whole(self, sent: dict[str, Any], receipts: dict[str, Any] | None, fresh: dict[str, Any]) -> bool:
        """Whether a transaction is there: all of it, or nothing."""
        new = [step["id"] for step in sent["steps"] if step["do"] == "append" and "was" not in step]
        there = [name for name in new if name in fresh]
        if sent["undone"]:
            assert not there, "undone, and yet recorded"
            return False
        if receipts is None:
            assert there in ([], new), "half a transaction"
            return bool(there)
        self.acknowledged += len(new)
        assert there == new, f"acknowledged and lost: {set(new) - set(there)}"
        for step in sent["steps"]:
            if "was" in step:
                assert receipts[step["id"]] == [*step["was"][:2], True], "an old entry was recorded again"
        for name in new:
            assert [fresh[name].position, fresh[name].hash] == receipts[name][:2], "not where its receipt says"
        return True

    def _content(self, sent: dict[str, Any], fresh: dict[str, Any], erased: set[str]) -> None:
        for step in sent["steps"]:
            if step["do"] != "append" or "was" in step:
                continue
            event = fresh[step["id"]]
            assert (event.kind, event.person, event.visit) == (step["kind"], step["person"], step["visit"])
            assert (event.author, event.device_time) == ("staff-1", "2026-03-01T10:00:00+01:00")
            assert event.body == (None if event.key in erased else step["body"]), "not what was entered"

    def _fold(self, sent: dict[str, Any], fresh: dict[str, Any]) -> None:
        for step in sent["steps"]:
            if step["do"] == "forget":
                for name in step["keys"]:
                    self.world.states.pop(name, None)
            elif step["do"] == "append" and "was" not in step:
                event = fresh[step["id"]]
                for place in FOLDING.places(event):
                    was = self.world.states.get(place.id)
                    self.world.states[place.id] = FOLDING.fold(place, was, event).state

    def _keys(self, record: Reading, sent: dict[str, Any], kept: bool, erased: set[str]) -> None:
        for step in sent["steps"]:
            if step["do"] == "key" and any(other["do"] == "append" for other in sent["steps"]):
                there = record.keys.find(step["name"]) is not None
                assert there == (kept and step["name"] not in erased), "a key without its entry, or the other way"
            elif step["do"] == "forget":
                there = [name for name in step["keys"] if record.keys.find(name) is not None]
                assert there == ([] if kept else step["keys"]), "half erased"

    def _states(self, record: Reading, touched: set[str]) -> None:
        for name in touched:
            state = record.state("person", name) or record.state("visit", name)
            assert state == self.world.states.get(name), f"the state of {name} is not what its events say"


def check_all(ledger: Ledger, log: Path) -> int:
    """Every row against the log of what was recorded, the whole chain, every state against a fold of all events."""
    with ledger.reading() as record:
        keys = _keys(record)
        previous, position, states, ids = first(record.clinic), 0, {}, set()
        wanted = select(EVENT).where(EVENT.c.clinic == record.clinic).order_by(EVENT.c.position)
        rows = record.connection.execution_options(yield_per=2000).execute(wanted)
        with log.open() as lines:
            for row, line in zip(rows, lines, strict=True):
                position, previous = position + 1, link(previous, row.header, row.body)
                assert (row.position, row.hash) == (position, previous), f"the chain is broken at {row.position}"
                assert line.split() == [row.id, previous.hex()], f"row {position} is not what was recorded"
                ids.add(row.id)
                _fold_in(states, row, keys)
        assert len(ids) == position, "an event is there twice"
        assert _kept(record, keys) == states, "the states are not what the events say"
    return position


def _keys(record: Reading) -> dict[str, bytes]:
    wanted = select(KEY).where(KEY.c.clinic == record.clinic)
    rows = record.connection.execute(wanted)
    return {row.id: record.keys.unwrap(row.id, row.owner, row.master, row.wrapped) for row in rows}


def _fold_in(states: dict[Any, bytes], row: Any, keys: dict[str, bytes]) -> None:
    header = read_header(row.header)
    if header["key"] not in keys or not row.person:
        return
    body = json.loads(unseal(keys[header["key"]], row.body, row.header))
    place = ("visit", row.visit) if row.visit else ("person", row.person)
    was = json.loads(states[place]) if place in states else {"notes": 0}
    states[place] = canonical({"notes": was["notes"] + 1, "last": body})


def _kept(record: Reading, keys: dict[str, bytes]) -> dict[Any, bytes]:
    kept = {}
    for row in record.connection.execute(select(PROJECTION).where(PROJECTION.c.clinic == record.clinic)):
        beside = beside_of(record.clinic, row.kind, row.id, row.person, row.sort, row.position)
        kept[row.kind, row.id] = canonical(json.loads(unseal(keys[row.key], row.sealed, beside)))
    return kept
