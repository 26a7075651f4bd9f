"""Keep a clinic as this version of Myotome writes it, for every later version to be tested on: VERSION [--known].

Run once for each version that is released, and never again for the same one. With ``--known`` it only writes down what
a kept clinic holds, as it is read today.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import secrets
import shutil
import sqlite3
import sys
import tempfile
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # for the databases of the tests

from tests.stores import database_url  # noqa: E402

from myotome.clinic.demonstration.practice import demonstrate  # noqa: E402
from myotome.clinic.folding.projector import ClinicProjector  # noqa: E402
from myotome.clinic.practice import Practice  # noqa: E402
from myotome.clinic.shelf import Shelf  # noqa: E402
from myotome.premises import Premises, assembled  # noqa: E402
from myotome.records.database import Database  # noqa: E402
from myotome.records.ledger import Ledger, found  # noqa: E402
from myotome.records.master import new_master, read_master, write_master  # noqa: E402
from myotome.store import Store  # noqa: E402

KEPT = ROOT / "tests" / "kept"
# moved, merged, struck and withdrawn, a guardian, in treatment at the bedside
FAMILIES = ("Kowalczyk", "Haugen", "Duarte", "Whitehorse", "Abelard")
ERASED = "Whitehorse"
TABLES = ("event", "key", "projection", "drawer")
MOST = 100_000


def main(version: str, *options: str) -> None:
    """Keep a clinic in both databases, unless it is kept, and write ``known.json`` beside it."""
    folder = KEPT / version
    if "--known" not in options:
        folder.mkdir(parents=True)
        for kind, name in (("sqlite", "clinic.db"), ("postgresql", "clinic.sql")):
            with tempfile.TemporaryDirectory() as there, database_url(kind, Path(there)) as url:
                _fill(url, folder, name, f"kept-{version}")
                _keep(url, folder / name)
    told = known(folder)
    told["bytes"] = {"sqlite": _sqlite_bytes(folder / "clinic.db"), "postgresql": _sql_bytes(folder / "clinic.sql")}
    (folder / "known.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{folder / 'known.json'}: written")


def known(folder: Path) -> dict[str, Any]:
    """What the kept clinic in a folder holds, as today's Myotome reads it."""
    with tempfile.TemporaryDirectory() as there:
        work = Path(there)
        for name in ("clinic.db", "clinic.db.key"):
            shutil.copy(folder / name, work)
        (work / "clinic.db.key").chmod(0o600)
        with closing(Database(f"sqlite:///{work / 'clinic.db'}")) as database:
            ledger = Ledger(database, read_master(work / "clinic.db.key"), ClinicProjector())
            ledger.bring_up_to_date(_now())
            with ledger.reading() as reading:
                return _told(Shelf(reading))


def _told(shelf: Shelf) -> dict[str, Any]:
    events = shelf.reading.events(limit=MOST)
    people = dict(shelf.reading.states("person", limit=MOST))
    visits = shelf.visits(list(people), limit=MOST)
    return {
        "rows": len(events),
        "people": sorted(shelf.person(one).name for one, state in people.items() if "erased_at" not in state),
        "erased": sum("erased_at" in state for state in people.values()),
        "visits": sorted([one.stage, len((one.case or {}).get("findings") or [])] for one in visits),
        "kinds": sorted({(one.kind, one.version) for one in events}),
    }


def _fill(url: str, folder: Path, name: str, clinic: str) -> None:
    """A few people of the demonstration, one of them erased."""
    with closing(Database(url)) as database, tempfile.TemporaryDirectory() as heads:
        master = new_master(clinic, secrets.token_bytes)
        found(database, master)
        ledger = Ledger(database, master, ClinicProjector())
        ledger.bring_up_to_date(_now())
        places = Premises(Path(heads), url, Path(heads) / "key", Path(heads))
        kept = assembled(Practice(ledger, _now, lambda: str(uuid.uuid4())), places, Store({}).reasoner)
        password = secrets.token_hex(12)
        demonstrate(kept, ROOT / "examples", password, FAMILIES)
        _erase(kept, password)
        write_master(folder / f"{name}.key", master)
        (folder / f"{name}.head.json").write_text(ledger.head(_now()).as_json(), "utf-8")
        database.forget()


def _erase(kept: Any, password: str) -> None:
    first, second = (kept.access.actor(kept.access.sign_in(name, password, "tool")) for name in ("ana", "lea"))
    person = next(one for one in kept.people.search(first) if one.family == ERASED)
    kept.erasure.ask(first, person.id, "Kept to be tested.", "The order of a court, invented.")
    kept.erasure.confirm(second, person.id, "Kept to be tested.", kept.access.prove(second, password, "tool"))


def _keep(url: str, file: Path) -> None:
    if url.startswith("sqlite"):
        shutil.copy(make_url(url).database or "", file)
        return
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        rows = [line for table in TABLES for line in _inserts(connection, table)]
    engine.dispose()
    file.write_text("\n".join([*_definitions(), *rows]) + "\n", "utf-8")


def _definitions() -> list[str]:
    """What makes the tables, as the migrations say it."""
    said: list[str] = []

    def heard(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        words = " ".join(statement.split())
        if words.upper().startswith(("CREATE", "ALTER", "DROP")):
            said.append(f"{words};")
        elif "alembic_version" in words and words.upper().startswith(("INSERT", "UPDATE")):
            said.append(f"{words.partition(' RETURNING')[0]};")

    with database_url("postgresql", ROOT) as empty:
        event.listen(Engine, "before_cursor_execute", heard)
        Database(empty).close()
        event.remove(Engine, "before_cursor_execute", heard)
    return said


def _inserts(connection: Connection, table: str) -> list[str]:
    rows = connection.exec_driver_sql(f'SELECT * FROM "{table}" ORDER BY 1, 2')  # noqa: S608  # a name of ours
    names = ", ".join(f'"{name}"' for name in rows.keys())  # noqa: SIM118  # a result, no mapping
    return [f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(map(_literal, row))});' for row in rows]  # noqa: S608


def _literal(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return f"'\\x{bytes(value).hex()}'"
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def _sqlite_bytes(file: Path) -> str:
    digest = hashlib.sha256()
    with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as connection:
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


def _now() -> datetime.datetime:
    return datetime.datetime.now(tz=datetime.UTC)


if __name__ == "__main__":
    main(*sys.argv[1:])
