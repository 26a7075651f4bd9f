"""Kills the process that writes, at random moments, and looks at what is left; resumable.

python -m tests.faults.killing --kills 10000 --database sqlite --state build/faults
"""

from __future__ import annotations

import argparse
import fcntl
import gc
import json
import mmap
import os
import random
import secrets
import shutil
import signal
import struct
import sys
import time
import traceback
from pathlib import Path

from myotome.records.database import Database
from myotome.records.ledger import Ledger, clinics, found
from myotome.records.master import new_master, read_master
from tests.faults.checking import Check, check_all, told_of
from tests.faults.ground import Ground
from tests.faults.work import PHASE, PHASES, Worker, World
from tests.stores import Counting

EPOCH = 2500  # kills before a new database is begun, so that checks in full stay quick
FULL = 250  # kills between checks in full
WORKING = 0.05  # seconds: up to so long after it began its work
AIMED, AIMS = 0.25, ("committing", "acknowledging", "checkpoint")  # so many kills wait for one of these
LATEST = 20  # seconds: by then it has opened the record
LONG = 8000  # kills after which every place must have been hit
PIPE = 1 << 20  # bytes: the child never waits for its reader


class Hunt(Ground):
    """Works on a database and kills, over and over."""

    def __init__(self, kind: str, folder: Path, seed: str, server_share: float, quick: bool) -> None:
        super().__init__(kind, folder, seed, quick)
        self.server_share = server_share
        self.phase = mmap.mmap(-1, 1)
        self.opening = {False: 0.03, True: 0.08}  # seconds that it lately took; True: an empty database

    def run(self, kills: int, stop: list[bool]) -> None:
        """Kill until there were so many in all, or until told to stop."""
        self.resume()
        gc.freeze()
        began, before = time.monotonic(), self.counts["kills"]
        while self.counts["kills"] < kills and not stop:
            number = self.counts["kills"]
            chance = random.Random(f"{self.seed} {self.kind} {number}")
            if self.counts["kills of this database"] >= EPOCH:
                self.full()
                self.counts["kills of this database"] = 0
                self.begin_epoch()
            try:
                (self.first_cycle if chance.random() < 0.08 else self.cycle)(chance)
            except Exception:
                self.evidence.write_text(f"kill {number} of seed {self.seed}\n{traceback.format_exc()}")
                raise
            self.save()
            if number // FULL != self.counts["kills"] // FULL:
                self.full()
                pace = (time.monotonic() - began) / (self.counts["kills"] - before)
                print(f"{self.kind}: {self.counts['kills']} kills, {pace * 1000:.0f} ms each", flush=True)  # noqa: T201
        self.full()
        self.save()

    def cycle(self, chance: random.Random) -> None:
        """One kill of the working process, of the server under it, or two in a row; then the check."""
        master = read_master(self.folder / "key.json")
        whole = self.server is not None and chance.random() < self.server_share
        raw = self.kill("main", master, self.world, chance, whole=whole)
        if not whole and chance.random() < 0.15:
            # Again while it opens what the first kill left.
            self.kill("main", master, self.world, chance, only_open=True)
        self.counts["kills of this database"] += 1
        self.check("main", master, self.world, told_of(raw), self.log)

    def first_cycle(self, chance: random.Random) -> None:
        """One kill around the first opening of an empty database: tables, founding, the first entries."""
        master, world = new_master("main", secrets.token_bytes), World()
        url = self.empty("new")
        told = told_of(self.kill("new", master, world, chance, first=True))
        database = Database(url)
        there = master.clinic in clinics(database)
        assert there or not told["founded"], "a founded clinic was lost"
        self.counts["first opening: clinic was " + ("there" if there else "not yet there")] += 1
        if not there:
            found(database, master)
        database.close()
        self.check("new", master, world, told, None)

    def kill(self, name, master, world, chance, *, first=False, only_open=False, whole=False) -> bytes:
        """Start a process that works, end it at a moment of chance; returns what it had told."""
        opening = only_open or chance.random() < (0.7 if first else 0.15)
        reader, writer = os.pipe()
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, PIPE)
        self.phase[0] = 0
        child = os.fork()
        if not child:
            self._work(reader, writer, name, master, world, chance, first, only_open)
        os.close(writer)
        self._wait(opening, first, chance)
        if whole:
            self.server.kill(chance)
            self.counts["kills of the whole server"] += 1
        else:
            os.kill(child, signal.SIGKILL)
        with os.fdopen(reader, "rb") as pipe:
            raw = pipe.read()
        _, status = os.waitpid(child, 0)
        self._count(name, status, whole, only_open)
        if whole:
            self._heard(raw, status)
            self.server.start()
        return raw

    def _wait(self, opening: bool, first: bool, chance: random.Random) -> None:
        """Until a moment of chance: while it opens the record (as long as that lately took), or while it works."""
        if opening:
            time.sleep(chance.uniform(0.0, 1.2 * self.opening[first]))
            return
        began = time.monotonic()
        while self.phase[0] < PHASE["between"]:
            assert time.monotonic() < began + LATEST, "the writing process does not open the record"
            time.sleep(0.0005)
        self.opening[first] = time.monotonic() - began
        if chance.random() < AIMED:
            self._aim(PHASE[chance.choice(AIMS)])
        else:
            time.sleep(chance.uniform(0.0, WORKING))

    def _aim(self, phase: int) -> None:
        """Until it is seen at a place that is passed too quickly to be hit often by chance."""
        until = time.monotonic() + 2 * WORKING
        while self.phase[0] != phase and time.monotonic() < until:
            time.sleep(0.0001)

    def _work(self, reader, writer, name, master, world, chance, first, only_open) -> None:
        code = 1
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            os.close(reader)
            Worker(self.url(name), master, world, writer, self.phase).run(chance, first, only_open)
            code = 0
        finally:
            if code:
                traceback.print_exc()
            os._exit(code)

    def _count(self, name: str, status: int, whole: bool, only_open: bool) -> None:
        ended = os.WIFEXITED(status)
        assert not ended or os.WEXITSTATUS(status) == 0, "the writing process failed by itself"
        assert whole or only_open or not ended, "the writing process ended before it was killed"
        if ended and only_open:
            self.counts["opened before it could be killed"] += 1
            return
        self.counts["kills"] += 1
        self.counts[f"hit: {PHASES[self.phase[0]]}"] += 1
        if only_open:
            self.counts["two kills in a row"] += 1
        index = self.folder / f"{name}.db-shm"
        if self.server is None and index.exists():
            data = index.read_bytes()[:136].ljust(136, b"\0")
            # SQLite's own count of pages: copied from the log in full, and being copied.
            done, tried = struct.unpack_from("I", data, 96)[0], struct.unpack_from("I", data, 128)[0]
            self.counts["hit: while pages were copied from the log"] += tried > done

    def _heard(self, raw: bytes, status: int) -> None:
        """What the client was told when its server died."""
        trouble = told_of(raw)["trouble"]
        assert trouble and os.WIFEXITED(status), "the client did not notice that its server died"
        error, words, phase = trouble
        assert phase not in ("writing", "committing") or error == "OutcomeUnknownError", trouble
        self.counts[f"server died: {words}"] += 1

    def check(self, name: str, master, world: World, told, log: Path | None) -> None:
        """Open it again and look."""
        database = Database(self.url(name))
        try:
            check = Check(Ledger(database, master, Counting()), world, told)
            check.run()
        finally:
            database.close()
        self.counts["transactions sent"] += len(told["sent"])
        self.counts["events acknowledged"] += check.acknowledged
        self.counts["in flight: found whole"] += check.found
        self.counts["in flight: not there"] += check.absent
        if log is not None:
            with log.open("a") as out:
                out.writelines(check.lines)

    def full(self) -> None:
        """Every row, link and state."""
        database = Database(self.url("main"))
        try:
            ledger = Ledger(database, read_master(self.folder / "key.json"), Counting())
            self.counts["events in the last check in full"] = check_all(ledger, self.log)
        finally:
            database.close()
        self.counts["checks in full"] += 1


def missed(kind: str, counts: dict[str, int]) -> list[str]:
    """What a long run must have hit and did not."""
    must = {f"hit: {phase}": 1 for phase in PHASES[1:]} | {"in flight: found whole": 10, "in flight: not there": 10}
    must |= {"first opening: clinic was there": 10, "first opening: clinic was not yet there": 10}
    must |= {"two kills in a row": 10, "checks in full": 2}
    must |= (
        {"hit: while pages were copied from the log": 10} if kind == "sqlite" else {"kills of the whole server": 100}
    )
    return [name for name, least in must.items() if counts.get(name, 0) < least]


def main() -> int:
    """The command; Ctrl-C ends it after the cycle under way, to go on later."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), required=True)
    parser.add_argument("--state", type=Path, default=Path("build/faults"))
    parser.add_argument("--seed", default="1")
    parser.add_argument("--server-share", type=float, default=0.03, help="of kills, those of the whole PostgreSQL")
    parser.add_argument("--quick", action="store_true", help="PostgreSQL forces nothing to disk")
    parser.add_argument("--anew", action="store_true", help="forget what was done")
    given = parser.parse_args()
    if given.anew:
        shutil.rmtree(given.state / given.database, ignore_errors=True)
    stop: list[bool] = []
    signal.signal(signal.SIGINT, lambda *_: stop.append(True))
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    hunt = Hunt(given.database, given.state.resolve(), given.seed, given.server_share, given.quick)
    with hunt.running():
        hunt.run(given.kills, stop)
    json.dump({"database": given.database, **hunt.counts}, sys.stdout, indent=1, sort_keys=True)
    print()  # noqa: T201
    short = missed(given.database, hunt.counts) if hunt.counts["kills"] >= LONG else []
    if short:
        print("Hit too seldom: " + "; ".join(short), file=sys.stderr)  # noqa: T201
    return int(bool(short))


if __name__ == "__main__":
    sys.exit(main())
