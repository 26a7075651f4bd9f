"""What a disk may hold after the power went: all that was forced to it, and any part of what was not.

The account comes from ``trace.c``, preloaded into the processes that write. Run as a command, this module is such a
process: it works on a record and tells in a file what it sends and what it acknowledges.
"""

from __future__ import annotations

import mmap
import os
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from myotome.records.database import Database
from myotome.records.ledger import Ledger
from myotome.records.master import new_master, read_master, write_master
from tests.faults.checking import Check, told_of
from tests.faults.server import Server
from tests.faults.work import Worker, World, invent
from tests.stores import Counting

ROOT = Path(__file__).resolve().parents[2]
CUTS = int(os.environ.get("MYOTOME_CUTS", "24"))
TOLD = "told"
QUICK = ("fsync=off",)  # for a PostgreSQL that only prepares, or only looks at a copy
SECTOR = 512  # bytes: what a disk writes whole
WAYS = ("nothing", "everything", "some", "a beginning")  # of what was not yet forced
SOURCE = Path(__file__).with_name("trace.c")


def tracer(folder: Path) -> Path:
    """The library to preload."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    assert compiler, "no C compiler: leave tests/faults/test_power.py out"
    library = folder / "trace.so"
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"], check=True)
    library.chmod(0o755)
    return library


def watching(library: Path, account: Path, under: Path) -> dict[str, str]:
    """The environment in which a process keeps account."""
    return {"LD_PRELOAD": str(library), "MYO_TRACE": str(account), "MYO_UNDER": str(under)}


@dataclass(slots=True)
class Act:
    """One line of the account."""

    what: str
    name: str
    at: int
    other: str
    data: bytes


def read_account(file: Path):
    """The acts in their order."""
    with file.open("rb") as account:
        while line := account.readline():
            head, other, name = line.rstrip(b"\n").decode().split("\t")
            what, at, length = head.split()
            yield Act(what, name, int(at), other, account.read(int(length)))


@dataclass(slots=True)
class Content:
    """One file: what is surely on the disk, and what was written since."""

    sure: bytearray = field(default_factory=bytearray)
    since: list[Act] = field(default_factory=list)

    def force(self) -> None:
        """Everything so far is sure."""
        for act in self.since:
            _apply(self.sure, act)
        self.since.clear()

    def after_a_cut(self, way: str, chance: random.Random) -> bytes:
        """What may be there; a write may have reached the disk in some of its sectors only."""
        held = bytearray(self.sure)
        last = {"nothing": 0, "a beginning": chance.randint(0, len(self.since))}.get(way, len(self.since))
        for number, act in enumerate(self.since[:last]):
            torn = way == "some" or (way == "a beginning" and number == last - 1)
            for part in _sectors(act) if torn and act.what == "W" else [act]:
                if not torn or chance.random() < 0.5:
                    _apply(held, part)
        return bytes(held)


def _apply(held: bytearray, act: Act) -> None:
    end = act.at + len(act.data)
    if act.what == "T":
        del held[act.at :]
    if len(held) < end:
        held.extend(bytes(end - len(held)))
    held[act.at : end] = act.data


def _sectors(act: Act):
    start = 0
    while start < len(act.data):
        stop = min(len(act.data), start + SECTOR - (act.at + start) % SECTOR)
        yield Act("W", act.name, act.at + start, "-", act.data[start:stop])
        start = stop


class Disk:
    """The files of a folder as the account goes on. Names are sure once their folder was forced.

    ``kept_by_file``: forcing a new file keeps its name too, as ext4, XFS and Btrfs do.
    """

    def __init__(self, root: Path, base: Path | None = None, kept_by_file: bool = False) -> None:
        self.root, self.kept_by_file = root, kept_by_file
        self.names: dict[str, Content] = {}
        if base is not None:
            files = (path for path in base.rglob("*") if path.is_file())
            self.names = {str(root / p.relative_to(base)): Content(bytearray(p.read_bytes())) for p in files}
        self.sure = dict(self.names)
        self.since: list[tuple[str, str, Content | None]] = []  # folder, name, what it names from then on

    def follow(self, act: Act) -> None:
        """One more line of the account."""
        if act.what == "S":
            self._force(act.name)
        elif act.what == "U":
            if self.names.pop(act.name, None) is not None:
                self._rename(act.name, None)
        elif act.what == "R":
            moved = self.names.pop(act.other, None)
            if moved is not None:
                self.names[act.name] = moved
                self._rename(act.name, moved)
                self._rename(act.other, None)
        else:
            if act.name not in self.names:
                self.names[act.name] = Content()
                self._rename(act.name, self.names[act.name])
            self.names[act.name].since.append(act)

    def _rename(self, name: str, content: Content | None) -> None:
        self.since.append((str(Path(name).parent), name, content))

    def _force(self, name: str) -> None:
        if name in self.names:
            self.names[name].force()
            done = [one for one in self.since if self.kept_by_file and one[2] is self.names[name]]
        else:
            done = [one for one in self.since if one[0] == name]
        for one in done:
            _put(self.sure, one)
        self.since = [one for one in self.since if one not in done]

    def after_a_cut(self, folder: Path, way: str, chance: random.Random) -> None:
        """Write into ``folder`` what may be found when the power is back."""
        names = dict(self.sure)
        last = {"nothing": 0, "everything": len(self.since)}.get(way, chance.randint(0, len(self.since)))
        for one in self.since[:last]:
            _put(names, one)
        for name, content in names.items():
            file = folder / Path(name).relative_to(self.root)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.after_a_cut(way, chance))


def _put(names: dict[str, Content], one: tuple[str, str, Content | None]) -> None:
    if one[2] is None:
        names.pop(one[1], None)
    else:
        names[one[1]] = one[2]


def work(url: str, folder: Path, told: Path, seed: str, transactions: int, safety: str) -> None:
    """Record so many transactions, closing and opening the record at times; ``told`` gets what a pipe would."""
    chance = random.Random(seed)
    master = read_master(folder / "key.json")
    out = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    worker = Worker(url, master, World(), out, mmap.mmap(-1, 1))
    ledger = None
    for number in range(transactions):
        if ledger is None or number % 25 == 24:
            if ledger is not None:
                ledger.database.close()
            ledger = worker._open(first=number == 0)
            if safety != "FULL":
                with ledger.database.engine.connect() as connection:
                    connection.rollback()
                    connection.connection.driver_connection.execute(f"PRAGMA synchronous={safety}")
        worker._one(ledger, invent(worker.world, chance), chance)
    os.close(out)


def check(url: str, master, raw: bytes) -> Check:
    """Everything that was acknowledged is there, and nothing is half there."""
    told = told_of(raw)
    database = Database(url)
    try:
        if not told["founded"] and not told["sent"]:
            return None
        check = Check(Ledger(database, master, Counting()), World(), told)
        check.run()
        return check
    finally:
        database.close()


def working(url, folder, told, seed, transactions, safety="FULL", environment=None):
    """A process that records so many transactions and tells of each in ``told``."""
    command = [sys.executable, "-m", "tests.faults.power", url, folder, told, seed, str(transactions), safety]
    environment = {**os.environ, **(environment or {})}
    return subprocess.Popen(list(map(str, command)), cwd=ROOT, env=environment)


def with_database(data: Path) -> None:
    """A PostgreSQL data folder with a database in it, and nothing running."""
    server = Server(data, QUICK)
    server.start()
    server.run("CREATE DATABASE clinic")
    server.stop()


def make_master(folder: Path):
    """A master key in a file, for the process that works and for the check."""
    master = new_master("main", os.urandom)
    write_master(folder / "key.json", master)
    return master


if __name__ == "__main__":
    _, url_, folder_, told_, seed_, count_, safety_ = sys.argv
    work(url_, Path(folder_), Path(told_), seed_, int(count_), safety_)
