"""Every released version of what is recorded stays readable: kept clinics of each, in both databases."""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from myotome.clinic.entries.kinds import KINDS, read
from myotome.clinic.folding.projector import ClinicProjector
from myotome.clinic.shelf import Shelf
from myotome.records.chain import read_head
from myotome.records.database import Database
from myotome.records.ledger import Ledger
from myotome.records.master import read_master
from myotome.records.verification.verify import verify
from tests.stores import KINDS as DATABASES
from tests.stores import database_url, draft

pytestmark = pytest.mark.enable_socket
KEPT = Path(__file__).parents[1] / "kept"
VERSIONS = sorted(folder.name for folder in KEPT.iterdir() if folder.is_dir())
NOW = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture(params=[(version, kind) for version in VERSIONS for kind in DATABASES], ids="-".join)
def kept(request, tmp_path):
    """A kept clinic, opened by today's Myotome: (ledger, head, what it is known to hold)."""
    version, kind = request.param
    name = "clinic.db" if kind == "sqlite" else "clinic.sql"
    folder = KEPT / version
    key = tmp_path / "clinic.key"
    shutil.copy(folder / f"{name}.key", key)
    key.chmod(0o600)
    with database_url(kind, tmp_path) as url:
        if kind == "sqlite":
            shutil.copy(folder / name, make_url(url).database)
        else:
            engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
            with engine.begin() as connection:
                connection.connection.driver_connection.execute((folder / name).read_text("utf-8"))
            engine.dispose()
        database = Database(url)
        known = json.loads((folder / "known.json").read_text("utf-8"))
        head = read_head((folder / f"{name}.head.json").read_text("utf-8"))
        ledger = Ledger(database, read_master(key), ClinicProjector())
        ledger.bring_up_to_date(NOW)
        assert not ledger.bring_up_to_date(NOW)
        yield ledger, head, known
        database.close()


def test_a_kept_clinic_opens_verifies_and_reads_the_same(kept):
    ledger, head, known = kept
    report = verify(ledger, ledger.clinic, against=[head])
    assert not report.faults
    assert report.rows == known["rows"]
    with ledger.reading() as reading:
        shelf, people = Shelf(reading), dict(reading.states("person"))
        there = [name for name, state in people.items() if "erased_at" not in state]
        assert sorted(shelf.person(name).name for name in there) == known["people"]
        assert len(people) - len(there) == known["erased"]
        found = [[one.stage, len((one.case or {}).get("findings") or [])] for one in shelf.visits(list(people))]
        assert sorted(found) == known["visits"]
    assert _rows(ledger) == known["bytes"][ledger.database.engine.dialect.name]


def test_it_goes_on_from_a_kept_clinic(kept):
    """New entries join the old chain, and re-sent old ones are known."""
    ledger, head, _ = kept
    with ledger.writing(NOW) as record:
        person = str(uuid.uuid4())
        record.keys.make(person, person)
        body = {"family": "Ng", "birth_date": "1990-02-03"}
        receipt = record.append(draft(person, body=body, kind="person.registered", version=2))
    assert receipt.position == head.position + 1
    report = verify(ledger, ledger.clinic, against=[head])
    assert not report.faults


def test_every_version_that_a_kind_ever_had_is_kept():
    """The kept clinics hold a row of each version below today's, and each is read as today's class."""
    seen = set()
    for version in VERSIONS:
        seen |= {tuple(pair) for pair in json.loads((KEPT / version / "known.json").read_text("utf-8"))["kinds"]}
    older = {(name, version) for name, kind in KINDS.items() for version in range(1, kind.version)}
    assert older
    assert older <= seen


def test_a_newer_version_is_refused_by_its_sentence():
    from myotome.errors import RecordError

    with pytest.raises(RecordError, match=r"holds 'person\.registered' of version 99; this Myotome is older"):
        read("person.registered", 99, {})


def _rows(ledger):
    """SHA-256 over every stored byte of every event."""
    digest = hashlib.sha256()
    with ledger.database.reading() as connection:
        for row in connection.exec_driver_sql("SELECT header, body, hash FROM event ORDER BY position"):
            digest.update(b"".join(row))
    return digest.hexdigest()
