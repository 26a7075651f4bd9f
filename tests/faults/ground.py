"""The databases that are worked on and killed, and where that stands: kept in a folder, to go on later."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import psycopg

from myotome.records.database import Database
from myotome.records.ledger import Ledger, found
from myotome.records.master import new_master, read_master, write_master
from tests.faults.server import Server
from tests.faults.work import World
from tests.stores import Counting


class Ground:
    """One database that lasts from run to run; where it stands is in a file beside it."""

    def __init__(self, kind: str, folder: Path, seed: str, quick: bool) -> None:
        self.kind, self.folder, self.quick = kind, folder / kind, quick
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file = self.folder / "state.json"
        kept = json.loads(self.file.read_text()) if self.file.exists() else {}
        self.seed: str = kept.get("seed", seed)
        self.counts = Counter(kept.get("counts", {}))
        self.epoch: int = kept.get("epoch", 0)
        self.world = World(kept.get("world"))
        self.fresh = "world" not in kept
        self.server: Server | None = None

    @property
    def log(self) -> Path:
        """Every event of this epoch, in order: id and hash."""
        return self.folder / f"recorded-{self.epoch}.txt"

    @property
    def evidence(self) -> Path:
        """There when a kill was found to have done harm; the database is then left as it is."""
        return self.folder / "found.txt"

    @contextmanager
    def running(self):
        """With a PostgreSQL of its own, where that is the database."""
        if self.kind == "postgresql":
            # Small numbers, so that checkpoints and cleaning are at work when it is killed.
            settings = ("checkpoint_timeout=30s", "max_wal_size=32MB", "autovacuum_naptime=1s", "max_connections=20")
            if self.quick:
                settings += ("fsync=off",)
            self.server = Server(self.folder / "data", settings)
            self.server.start()
        try:
            yield
        finally:
            if self.server is not None:
                self.server.stop()

    def url(self, name: str) -> str:
        """Address of one of its databases."""
        return f"sqlite:///{self.folder / name}.db" if self.server is None else self.server.url(name)

    def empty(self, name: str) -> str:
        """Address of a database with nothing in it."""
        if self.server is None:
            for file in self.folder.glob(f"{name}.db*"):
                file.unlink()
        else:
            with psycopg.connect(self.server.url("postgres"), autocommit=True) as connection:
                there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if there is None:
                self.server.run(f'CREATE DATABASE "{name}"')
            else:
                self.server.run("DROP SCHEMA public CASCADE", "CREATE SCHEMA public", name=name)
        return self.url(name)

    def begin_epoch(self) -> None:
        """A new clinic on an empty database, in the place of the last."""
        self.log.unlink(missing_ok=True)
        self.epoch += 1
        self.log.write_text("")
        master = new_master("main", secrets.token_bytes)
        write_master(self.folder / "key.json", master)
        database = Database(self.empty("main"))
        found(database, master)
        database.close()
        self.world, self.fresh = World(), False
        self.counts["databases begun"] += 1
        self.save()

    def save(self) -> None:
        """Keep where it stands, whole or not at all."""
        kept = {"seed": self.seed, "counts": self.counts, "epoch": self.epoch, "world": vars(self.world)}
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps(kept))
        new.replace(self.file)

    def resume(self) -> None:
        """Go on where it was left; where the harness itself was killed in mid-cycle, on a new database."""
        if self.evidence.exists():
            raise SystemExit(f"Something was found: see {self.evidence} and the database beside it, then use --anew.")
        if self.fresh:
            return self.begin_epoch()
        database = Database(self.url("main"))
        try:
            with Ledger(database, read_master(self.folder / "key.json"), Counting()).reading() as record:
                same = record.last()[0] == self.world.position
        finally:
            database.close()
        if not same:
            self.counts["begun anew as the harness had been killed"] += 1
            self.begin_epoch()
        return None
