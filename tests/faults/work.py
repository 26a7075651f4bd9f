"""What the process that is going to be killed does: transactions of every sort, each told before and after."""

from __future__ import annotations

import json
import mmap
import os
import random
import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, event

from myotome.errors import RecordError
from myotome.records.database import Database
from myotome.records.event import ERASED
from myotome.records.ledger import Ledger, found
from tests.stores import Counting, draft

PHASES = ("born", "opening", "migrating", "founding", "between", "writing", "committing", "acknowledging", "checkpoint")
PHASE = {name: number for number, name in enumerate(PHASES)}
PEOPLE, RECENT = 30, 60  # known at once; older ones stay in the record and are checked in full only
PAGES = 24  # of the log, before SQLite copies it into the file: often, so that it is often hit


class UndoneError(Exception):
    """Raised inside a transaction so that none of it is recorded."""


class World:
    """What is known of the record: its people, the last entries, the states as they must be."""

    def __init__(self, kept: dict[str, Any] | None = None) -> None:
        kept = kept or {}
        self.position: int = kept.get("position", 0)
        self.hash: str = kept.get("hash", "")
        self.people: dict[str, list[str]] = kept.get("people", {})
        self.recent: list[dict[str, Any]] = kept.get("recent", [])
        self.states: dict[str, Any] = kept.get("states", {})
        self.last: dict[str, Any] | None = kept.get("last")

    def did(self, transaction: dict[str, Any], receipts: dict[str, list[Any]]) -> None:
        """Know what was recorded."""
        for step in transaction["steps"]:
            if step["do"] == "key":
                self.people.setdefault(step["owner"], [])
                if step["name"] != step["owner"] and step["name"] not in self.people[step["owner"]]:
                    self.people[step["owner"]].append(step["name"])
            elif step["do"] == "forget":
                self.people.pop(step["person"], None)
                self.recent = [old for old in self.recent if old["person"] != step["person"]]
            elif step["do"] == "put":
                self.last = step["value"]
            elif "was" not in step and step["id"] in receipts:
                self.recent.append({**step, "was": receipts[step["id"]]})
        self.recent = self.recent[-RECENT:]
        while len(self.people) > PEOPLE:
            dropped = next(iter(self.people))
            for name in [dropped, *self.people.pop(dropped)]:
                self.states.pop(name, None)
            self.recent = [old for old in self.recent if old["person"] != dropped]


def invent(world: World, chance: random.Random) -> dict[str, Any]:
    """The next transaction: what a clinic's day holds, in a few kinds."""
    acts = {"single": 30, "batch": 25, "again": 12, "person": 12, "visit": 10, "put": 10, "erase": 3, "undone": 6}
    act = chance.choices(list(acts), list(acts.values()))[0]
    if not world.people:
        act = "person"
    steps = _steps(act, world, chance)
    return {"act": act, "name": _name(chance), "undone": act == "undone", "steps": steps}


def _steps(act: str, world: World, chance: random.Random) -> list[dict[str, Any]]:
    people = list(world.people)
    some = [_note(world, chance) for _ in range(chance.randint(2, 8))] if people else []
    if act == "again":
        return [*chance.sample(world.recent, min(len(world.recent), 3)), *some[: chance.randint(0, 2)]]
    if act == "person":
        name = _name(chance)
        return [{"do": "key", "name": name, "owner": name}, _append(chance, name, "")]
    if act == "visit":
        return _visit(chance, chance.choice(people))
    if act == "put":
        return [*some[:1], {"do": "put", "value": {"event": some[0]["id"]}}]
    if act == "erase":
        return _erasure(chance, world, chance.choice(people))
    return some[:1] if act == "single" else some


def _visit(chance: random.Random, person: str) -> list[dict[str, Any]]:
    visit = _name(chance)
    notes = [_append(chance, person, visit) for _ in range(chance.randint(1, 4))]
    return [{"do": "key", "name": visit, "owner": person}, *notes]


def _erasure(chance: random.Random, world: World, person: str) -> list[dict[str, Any]]:
    keys = [person, *world.people[person]]
    tombstone = _append(chance, "", "") | {"kind": ERASED, "body": {"person": person, "keys": keys}}
    return [tombstone, {"do": "forget", "person": person, "keys": keys}]


def _note(world: World, chance: random.Random) -> dict[str, Any]:
    person = chance.choice(list(world.people))
    return _append(chance, person, chance.choice(["", *world.people[person]]))


def _append(chance: random.Random, person: str, visit: str) -> dict[str, Any]:
    body = {"text": "Müller, C7 " + "x" * chance.choice((0, 20, 300, 6000)), "number": chance.randrange(10**9)}
    return {"do": "append", "id": _name(chance), "kind": "note.made", "person": person, "visit": visit, "body": body}


def _name(chance: random.Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128)))


def perform(record: Any, transaction: dict[str, Any]) -> dict[str, list[Any]]:
    """Do the steps; the same steps again do nothing more. Returns position, hash and whether repeated by id."""
    receipts = {}
    for step in transaction["steps"]:
        if step["do"] == "append":
            made = draft(step["person"], step["visit"], step["body"], step["id"], kind=step["kind"])
            receipt = record.append(made)
            receipts[step["id"]] = [receipt.position, receipt.hash, receipt.repeated]
        elif step["do"] == "key":
            if record.keys.find(step["name"]) is None:
                record.keys.make(step["name"], step["owner"])
        elif step["do"] == "forget":
            record.forget(step["person"], step["keys"])
        else:
            record.drawer("work").put("last", step["value"])
    if transaction["undone"]:
        raise UndoneError
    return receipts


class Worker:
    """The child: works until it is killed. ``phase`` is memory shared with the parent, so it outlives the child."""

    def __init__(self, url: str, master: Any, world: World, pipe: int, phase: mmap.mmap) -> None:
        self.url, self.master, self.world, self.pipe, self.phase = url, master, world, pipe, phase
        event.listen(Engine, "before_cursor_execute", self._statement)
        event.listen(Engine, "commit", self._commit)

    def run(self, chance: random.Random, first: bool, only_open: bool) -> None:
        """Open, then one transaction after another; ends only when the database goes away."""
        try:
            ledger = self._open(first)
            while not only_open:
                self._one(ledger, invent(self.world, chance), chance)
        except RecordError as error:
            self._tell("trouble", [type(error).__name__, str(error), PHASES[self.phase[0]]])

    def _open(self, first: bool) -> Ledger:
        self.at("opening")
        database = Database(self.url)
        if first:
            self.at("founding")
            found(database, self.master)
            self._tell("founded", True)
        ledger = Ledger(database, self.master, Counting())
        if database.sqlite:
            with database.engine.connect() as connection:
                connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint={PAGES}")
        self.at("between")
        return ledger

    def _one(self, ledger: Ledger, transaction: dict[str, Any], chance: random.Random) -> None:
        self._tell("sending", transaction)
        receipts: dict[str, list[Any]] = {}
        try:
            with ledger.writing(datetime.now(UTC)) as record:
                self.at("writing")
                receipts = perform(record, transaction)
            self.at("acknowledging")
            self._tell("recorded", [transaction["name"], receipts])
            self.world.did(transaction, receipts)
        except UndoneError:
            self._tell("undone", transaction["name"])
        self.at("between")
        if transaction["act"] == "erase" or chance.random() < 0.1:
            self.at("checkpoint")
            self._checkpoint(ledger.database, chance)
            self.at("between")

    def _checkpoint(self, database: Database, chance: random.Random) -> None:
        if database.sqlite or chance.random() < 0.3:
            database.forget()
        else:
            with database.spoken(), database.engine.connect() as connection:
                connection.exec_driver_sql("CHECKPOINT")

    def at(self, phase: str) -> None:
        """Leave word of where the work is."""
        self.phase[0] = PHASE[phase]

    def _statement(self, _c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().startswith(("CREATE", "INSERT INTO alembic")):
            self.at("migrating")

    def _commit(self, _: Any) -> None:
        if self.phase[0] == PHASE["writing"]:
            self.at("committing")

    def _tell(self, what: str, value: Any) -> None:
        os.write(self.pipe, json.dumps([what, value]).encode() + b"\n")
