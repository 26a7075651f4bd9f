"""Keep a clinic as this version of Myotome writes it, for every later version to be tested on: VERSION.

Run once for each version that is released, and never again for the same one. With ``--known`` it only writes down what
a kept clinic holds.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

from myotome.clinic.folding.projector import ClinicProjector
from myotome.clinic.shelf import Shelf
from myotome.records.database import Database
from myotome.records.ledger import Ledger
from myotome.records.master import read_master

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "tests" / "kept"
MOST = 100_000


def known(folder: Path) -> dict[str, object]:
    """What the kept clinic in a folder holds, as today's Myotome reads it."""
    with tempfile.TemporaryDirectory() as there:
        work = Path(there)
        for name in ("clinic.db", "clinic.db.key"):
            shutil.copy(folder / name, work)
        (work / "clinic.db.key").chmod(0o600)
        database = Database(f"sqlite:///{work / 'clinic.db'}")
        ledger = Ledger(database, read_master(work / "clinic.db.key"), ClinicProjector())
        remade = ledger.bring_up_to_date(datetime.datetime.now(tz=datetime.UTC))
        with ledger.reading() as reading:
            shelf, events = Shelf(reading), reading.events(limit=MOST)
            people = dict(reading.states("person", limit=MOST))
            visits = shelf.visits(list(people), limit=MOST)
            found = {
                "rows": len(events),
                "remade": remade,
                "people": {one: shelf.person(one).name for one, state in people.items() if "erased_at" not in state},
                "erased": sorted(one for one, state in people.items() if "erased_at" in state),
                "visits": {one.id: one.stage for one in visits},
                "findings": {one.id: len(one.case.get("findings") or []) for one in visits if one.case},
                "kinds": sorted({(event.kind, event.version) for event in events}),
            }
        database.close()
    return found


def main(version: str) -> None:
    """Write ``known.json`` of a kept clinic."""
    folder = KEPT / version
    told = known(folder)
    told["bytes"] = {"sqlite": _sqlite_bytes(folder / "clinic.db"), "postgresql": _sql_bytes(folder / "clinic.sql")}
    (folder / "known.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{folder / 'known.json'}: written")


def _sqlite_bytes(file: Path) -> str:
    digest = hashlib.sha256()
    with sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True) as connection:
        for row in connection.execute("SELECT header, body, hash FROM event ORDER BY position"):
            digest.update(b"".join(row))
    return digest.hexdigest()


def _sql_bytes(file: Path) -> str:
    """The same from the statements of a kept PostgreSQL; the last three values of a row are the bytes."""
    digest = hashlib.sha256()
    for line in file.read_text("utf-8").splitlines():
        if line.startswith('INSERT INTO "event"'):
            for value in line.rstrip(");").split(", ")[-3:]:
                digest.update(bytes.fromhex(value.strip("'").removeprefix("\\x")))
    return digest.hexdigest()


if __name__ == "__main__":
    main(sys.argv[1])
