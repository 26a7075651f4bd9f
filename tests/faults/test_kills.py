"""A hundred kills on each database, and proof that the check would notice; ten thousand with 'make faults'."""

import json
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from myotome.records.database import Database
from myotome.records.ledger import Ledger, found
from myotome.records.master import new_master
from tests.faults.checking import Check, check_all
from tests.faults.work import World, perform
from tests.stores import START, Counting, draft

pytestmark = pytest.mark.enable_socket
ROOT = Path(__file__).resolve().parents[2]
# At 100 kills a place that is passed in a fraction of a millisecond may be missed; the long run asks for every one.
ALWAYS = ("hit: opening", "hit: writing", "in flight: not there", "two kills in a row")


def killed(kind, folder, kills, *more):
    """Run the harness in a process of its own, as it forks; returns what it counted."""
    command = [sys.executable, "-m", "tests.faults.killing", "--kills", str(kills), "--database", kind]
    run = subprocess.run(
        [*command, "--state", str(folder), *more], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(run.stdout[run.stdout.index("{") :])


def test_a_hundred_kills_under_sqlite_lose_nothing(tmp_path, record_property):
    """Harm: what was entered before the battery ran out is not in the record, or twice."""
    half = killed("sqlite", tmp_path, 50)
    counts = killed("sqlite", tmp_path, 100)  # goes on where it was left
    record_property("faults: kills, SQLite", json.dumps(counts))
    assert 50 <= half["kills"] < counts["kills"]
    assert counts["kills"] >= 100
    assert counts["databases begun"] == 1
    assert all(counts.get(name) for name in (*ALWAYS, "hit: committing"))
    assert counts["events acknowledged"] > 50


def test_a_hundred_kills_under_postgresql_lose_nothing(tmp_path, record_property):
    """Of the client, and a few of the whole server, which then recovers."""
    counts = killed("postgresql", tmp_path, 100, "--quick")
    record_property("faults: kills, PostgreSQL", json.dumps(counts))
    assert counts["kills"] >= 100
    assert counts["kills of the whole server"] >= 2
    assert all(counts.get(name) for name in ALWAYS)
    assert counts["events acknowledged"] > 50


class Record:
    """A small record and the account of how it was written, true at first."""

    def __init__(self, folder):
        self.database, master = Database(f"sqlite:///{folder}/clinic.db"), new_master("main", secrets.token_bytes)
        found(self.database, master)
        self.ledger = Ledger(self.database, master, Counting())
        self.told = {"sent": [], "recorded": {}}
        self.send({"do": "key", "name": "anna", "owner": "anna"}, note("one"))
        self.send(note("two"), note("three"), {"do": "put", "value": {"event": "two"}})

    def send(self, *steps):
        sent = {"act": "single", "name": f"t{len(self.told['sent'])}", "undone": False, "steps": list(steps)}
        with self.ledger.writing(START) as record:
            self.told["recorded"][sent["name"]] = perform(record, sent)
        self.told["sent"].append(sent)

    def check(self):
        Check(self.ledger, World(), self.told).run()

    def on_file(self, *commands):
        """Meddle, as no user of the application could."""
        connection = self.database.engine.raw_connection()
        for command in ("DROP TRIGGER IF EXISTS event_no_delete", "DROP TRIGGER IF EXISTS event_no_update", *commands):
            connection.cursor().execute(command)
        connection.close()


def note(name):
    body = {"text": name}
    return {"do": "append", "id": name, "kind": "note.made", "person": "anna", "visit": "", "body": body}


@pytest.fixture
def record(tmp_path):
    made = Record(tmp_path)
    yield made
    made.database.close()


def test_a_true_account_passes(record, tmp_path):
    record.check()
    log = tmp_path / "log"
    with record.ledger.reading() as reading:
        log.write_text("".join(f"{event.id} {event.hash}\n" for event in reading.events()))
    assert check_all(record.ledger, log) == 3
    record.on_file("UPDATE event SET kind = 'note.made', body = x'00' WHERE position = 2")
    with pytest.raises(AssertionError, match="chain is broken at 2"):
        check_all(record.ledger, log)


MEDDLING = {
    "acknowledged and lost": "DELETE FROM event WHERE position = 3",
    "a gap": "DELETE FROM event WHERE position = 2",
    "the chain is broken": "UPDATE event SET body = x'00' WHERE position = 2",
    "not what its events say": "DELETE FROM projection",
    "the drawer": "DELETE FROM drawer",
    "not what was entered": "DELETE FROM key WHERE id = 'anna'",
}


@pytest.mark.parametrize("words", MEDDLING)
def test_the_check_notices(record, words):
    """A check that finds nothing in ten thousand kills must be able to find something."""
    record.on_file(MEDDLING[words])
    with pytest.raises(AssertionError, match=words):
        record.check()


def test_the_check_notices_half_a_transaction_and_an_event_of_nobody(record):
    record.told["recorded"].pop("t1")
    record.told["sent"][1]["steps"].append(note("four"))
    with pytest.raises(AssertionError, match="half a transaction"):
        record.check()
    record.told["sent"].pop()
    with pytest.raises(AssertionError, match="that nobody sent"):
        record.check()


def test_the_check_notices_what_was_undone_and_is_there(record):
    record.told["sent"][1]["undone"] = True
    with pytest.raises(AssertionError, match="undone, and yet recorded"):
        record.check()


def test_the_check_notices_a_receipt_that_names_another_place(record):
    record.told["recorded"]["t0"]["one"][0] = 7
    with pytest.raises(AssertionError, match="not where its receipt says"):
        record.check()


def test_what_is_in_flight_when_the_connection_ends_is_recorded_once(record):
    """The account lacks the acknowledgement: it is found whole, and sent again it is not doubled."""
    record.told["recorded"].pop("t1")
    check = Check(record.ledger, World(), record.told)
    check.run()
    assert (check.found, check.absent) == (1, 0)
    with record.ledger.writing(START) as writing:
        assert writing.append(draft("anna", body={"text": "three"}, name="three")).repeated
