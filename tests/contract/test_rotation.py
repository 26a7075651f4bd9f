"""A new master key: whole, interrupted between its steps, and killed at any moment."""

import os
import random
import secrets
import signal
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta

import pytest

from myotome.errors import RecordError
from myotome.records import rotation
from myotome.records.backup import backup
from myotome.records.database import Database
from myotome.records.ledger import Ledger
from myotome.records.master import new_master, read_master, write_master
from myotome.records.restore import restore
from myotome.records.rotation import forget_retired, retired, rotate, with_retired
from tests.stores import KINDS, START, Counting, database_url, draft, open_ledger, with_people

pytestmark = pytest.mark.enable_socket


@pytest.fixture(params=KINDS)
def clinic(request, tmp_path):
    """A clinic of two people with its key file: (ledger, url, file)."""
    file = tmp_path / "clinic.key"
    with open_ledger(request.param, tmp_path) as (ledger, url, master):
        write_master(file, master)
        with_people(ledger)
        yield ledger, url, file


def all_open(ledger):
    """Every entry opens, and another one can be made."""
    with ledger.writing(START) as record:
        record.append(draft(body={"text": "one more"}))
    with ledger.reading() as record:
        events = record.events(limit=10_000)
    assert len(events) > 10
    assert all(event.body for event in events)


def locked_with(ledger):
    with ledger.reading() as record:
        return {row.master for row in record.connection.execute(rotation.select(rotation.KEY.c.master))}


def test_a_rotation_leaves_one_key_in_the_file_and_the_old_one_beside_it(clinic):
    ledger, _, file = clinic
    old = read_master(file)
    new = rotate(ledger, file, START)
    assert read_master(file) == new == ledger.master
    assert list(new.keys) == [new.current] != list(old.keys)
    assert locked_with(ledger) == {new.current}
    assert retired(file) == [old.current]
    beside = file.with_name(f"clinic.key.retired-{old.current}")
    assert read_master(beside) == old
    assert beside.stat().st_mode & 0o777 == 0o600
    assert with_retired(file).keys == old.keys | new.keys
    all_open(Ledger(ledger.database, read_master(file), Counting()))
    with pytest.raises(RecordError, match="does not hold the key"):
        Ledger(ledger.database, old, Counting())


def test_a_backup_from_before_a_rotation_needs_the_retired_key(clinic, tmp_path):
    """Until it is forgotten: then nobody in that backup can be read again, also those who were erased since."""
    ledger, _, file = clinic
    heads = tmp_path / "heads"
    heads.mkdir()
    backup(ledger.database, ledger.master, tmp_path / "a.backup", deadline_seconds=60, now=START)
    old = rotate(ledger, file, START).current and retired(file)[0]

    def come_back(master):
        with database_url("sqlite", tmp_path) as url:
            restore(tmp_path / "a.backup", url, master, Counting(), heads_folder=heads, now=START, by="owner-1")
            with closing(Database(url)) as database:
                assert locked_with(Ledger(database, master, Counting())) == {master.current}
                all_open(Ledger(database, read_master(file), Counting()))

    come_back(with_retired(file))
    with pytest.raises(RecordError, match="was locked with the master key"):
        come_back(read_master(file))
    with pytest.raises(RecordError, match=f"still locked with the key '{ledger.master.current}'|no retired key"):
        forget_retired(ledger, file, ledger.master.current)
    forget_retired(ledger, file, old)
    assert retired(file) == []
    assert not list(tmp_path.glob("clinic.key.*"))
    with pytest.raises(RecordError, match=r"which is not in the key file. Without it nobody can read the backup"):
        come_back(with_retired(file))
    with pytest.raises(RecordError, match="There is no retired key"):
        forget_retired(ledger, file, old)


def test_a_rotation_stopped_between_two_steps_is_finished_by_the_next(clinic, monkeypatch):
    """Before each of: both keys into the file, lock anew, scrub, old key into its file, only the new one."""
    ledger, _, file = clinic
    for step in range(5):
        old = read_master(file).current
        with monkeypatch.context() as patch:
            passed = []
            for place, name in ((rotation, "write_master"), (ledger, "rotate"), (ledger.database, "forget")):
                patch.setattr(place, name, stopping(getattr(place, name), passed, step))
            with pytest.raises(KeyboardInterrupt):
                rotate(ledger, file, START)
        assert len(passed) == step
        all_open(ledger)
        ledger = Ledger(ledger.database, read_master(file), Counting())
        all_open(ledger)
        rotate(ledger, file, START)
        assert old in retired(file)
        assert len(retired(file)) == step + 1
        assert locked_with(ledger) == set(read_master(file).keys)
    all_open(Ledger(ledger.database, read_master(file), Counting()))


def stopping(real, passed, step):
    """A step that is not taken any more once so many were passed."""

    def either(*told):
        if len(passed) == step:
            raise KeyboardInterrupt
        passed.append(real)
        return real(*told)

    return either


# One process keeps what is loaded and forks; what it forks rotates until it is killed.
ROTATES = """
import os, sys
from datetime import datetime, UTC
from pathlib import Path
from myotome.records.database import Database
from myotome.records.ledger import Ledger
from myotome.records.master import read_master
from myotome.records.rotation import rotate
from tests.stores import Counting
url, file = sys.argv[1], Path(sys.argv[2])
for _ in sys.stdin:
    child = os.fork()
    if not child:
        ledger = Ledger(Database(url), read_master(file), Counting())
        print(os.getpid(), flush=True)
        while True:
            rotate(ledger, file, datetime.now(UTC))
            print("rotated", flush=True)
    print("killed", os.waitpid(child, 0)[1], flush=True)
"""


def test_a_rotation_killed_at_any_moment_leaves_a_record_that_opens(clinic):
    ledger, url, file = clinic
    ledger.database.close()
    chance = random.Random(6)
    command = [sys.executable, "-c", ROTATES, url, str(file)]
    keys = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        for _ in range(10):
            print("go", file=process.stdin, flush=True)
            child = int(process.stdout.readline())
            assert process.stdout.readline() == "rotated\n"
            time.sleep(chance.uniform(0, 0.1))
            os.kill(child, signal.SIGKILL)
            while (line := process.stdout.readline()) == "rotated\n":
                pass
            assert line == "killed 9\n"
            with closing(Database(url)) as database:
                master = read_master(file)
                all_open(Ledger(database, master, Counting()))
                keys.append(master.current)
        process.stdin.close()
    assert len(set(keys)) >= 5  # one that was interrupted is finished before another is made
    with closing(Database(url)) as database:
        ledger = Ledger(database, read_master(file), Counting())
        rotate(ledger, file, START)
        all_open(ledger)
        assert len(read_master(file).keys) == 1


def test_a_wrong_key_file_changes_nothing(clinic, tmp_path):
    ledger, _, file = clinic
    write_master(tmp_path / "other.key", new_master("other", secrets.token_bytes))
    with pytest.raises(RecordError, match=r"is of clinic other, the record of main. Nothing was changed"):
        rotate(ledger, tmp_path / "other.key", START)
    with pytest.raises(RecordError, match="There is no master key at"):
        rotate(ledger, tmp_path / "none.key", START)
    write_master(tmp_path / "stranger.key", new_master("main", secrets.token_bytes))
    with pytest.raises(RecordError, match="does not hold the key"):
        rotate(ledger, tmp_path / "stranger.key", START)
    assert locked_with(ledger) == set(read_master(file).keys)
    all_open(ledger)


def test_a_key_made_by_another_myotome_with_the_old_master_is_not_locked_out(tmp_path):
    """Two instances on one PostgreSQL: the second did not hear of the rotation, and its new people must still open."""
    file = tmp_path / "clinic.key"
    with open_ledger("postgresql", tmp_path) as (ledger, _, master):
        write_master(file, master)
        with_people(ledger)
        other = Ledger(ledger.database, master, Counting())

        class Slow(Ledger):
            def rotate(self, master, now):
                super().rotate(master, now)
                with_people(other, people=1, now=START + timedelta(days=1))

        late = Slow(ledger.database, master, Counting())
        with pytest.raises(RecordError, match="Another Myotome on this record still locks with the old master key"):
            rotate(late, file, START)
        rotate(ledger, file, START)
        all_open(Ledger(ledger.database, read_master(file), Counting()))
        assert retired(file) == [master.current]
