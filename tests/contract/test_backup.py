"""Backup and restore between real databases, in all four directions."""

import secrets
import shutil
import sqlite3
import subprocess
import sys
import tracemalloc
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import insert, select, text

from myotome.errors import RecordError
from myotome.records.archive import FORMAT, Archive
from myotome.records.backup import backup
from myotome.records.chain import first, link
from myotome.records.database import Database
from myotome.records.event import CLINIC, ERASED, RESTORED, canonical, header_of
from myotome.records.heads import bury, export_head, heads_in, signature_of, tombstone_file
from myotome.records.ledger import Ledger, clinics, found
from myotome.records.master import MasterKey, new_master, read_master, write_master
from myotome.records.restore import AGAIN, restore
from myotome.records.tables import DRAWER, EVENT, KEY, PROJECTION
from myotome.records.verification.found import RESTORED_OVER
from myotome.records.verification.verify import verify
from tests.contract.test_heads import erase
from tests.stores import KINDS, START, Counting, database_url, draft, open_ledger, with_people

pytestmark = pytest.mark.enable_socket
both = pytest.mark.parametrize("kind", KINDS)
LATER = START + timedelta(days=30)


class Clinic(Counting):
    """Keeps notes only, as a clinic's states do: an erasure or a restore leaves none behind."""

    def places(self, event):
        return super().places(event) if event.kind == "note.made" else []


def backed(ledger, target, seconds=60, **other):
    return backup(ledger.database, ledger.master, target, deadline_seconds=seconds, now=START, **other)


@pytest.fixture
def heads(tmp_path):
    folder = tmp_path / "heads"
    folder.mkdir()
    return folder


def restored(target, url, master, heads, projector=None, by="owner-1"):
    return restore(target, url, master, projector or Clinic(), heads_folder=heads, now=LATER, by=by)


def rows(ledger, table, *columns):
    with ledger.reading() as record:
        wanted = select(*(table.c[name] for name in columns))
        return sorted(tuple(row) for row in record.connection.execute(wanted.where(table.c.clinic == ledger.clinic)))


def events(ledger):
    return rows(ledger, EVENT, "position", "header", "body", "hash", "id", "person", "visit", "kind", "author")


def states(ledger, people):
    with ledger.reading() as record:
        return [record.states(kind, people) for kind in ("person", "visit")]


def put(ledger, drawer):
    with ledger.writing(START) as record:
        record.drawer(drawer).put("one", {"secret": drawer}, owner="staff-1")


def left_in(folder):
    return sorted(file.name for file in folder.iterdir() if not file.name.endswith(".lock"))


@pytest.mark.parametrize("to", KINDS)
@both
def test_a_backup_comes_back_in_either_database(kind, to, tmp_path, heads):
    """Bytes, states and credentials are the same; who was erased since, stays erased; the chain goes on and says so."""
    target = tmp_path / "clinic.backup"
    with open_ledger(kind, tmp_path) as (ledger, _, master), database_url(to, tmp_path) as url:
        people = with_people(ledger, people=4)
        erase(ledger, people[0])
        bury(ledger, heads, START)
        for drawer in ("credential", "session"):
            put(ledger, drawer)
        done = backed(ledger, target)
        assert (done.head, done.rows, done.bytes) == (ledger.head(START), 21, target.stat().st_size)
        assert target.stat().st_mode & 0o777 == 0o600
        was, kept = events(ledger), rows(ledger, KEY, "id", "owner", "master", "wrapped")
        wrapped = {row[0]: row[3] for row in kept}
        gone = erase(ledger, people[1], reason="asked-for")
        bury(ledger, heads, START)
        with_people(ledger, people=1)
        export_head(ledger, heads, START)
        told = restored(target, url, master, heads)
        assert (told.position, told.lost_to, told.erased, told.heads) == (21, 27, (people[1],), 1)
        with closing(Database(url)) as database:
            new = Ledger(database, master, Clinic())
            now = events(new)
            assert now[:21] == was
            assert [row[7] for row in now[21:]] == [RESTORED, ERASED]
            assert verify(new, "main", against=[done.head]).sound
            lost = verify(new, "main", against=heads_in(heads, "main")).faults
            assert [(fault.position, fault.what) for fault in lost] == [(27, RESTORED_OVER)]
            assert rows(new, KEY, "id", "owner", "master", "wrapped") == [row for row in kept if row[0] not in gone]
            assert states(new, people[2:]) == states(ledger, people[2:]) != [[], []]
            assert states(new, people[:2]) == [[], []]
            check_words(new, done, people[1], gone)
            nothing_opens(new, people[1], [wrapped[name] for name in gone], tmp_path)
            with new.reading() as record:
                assert record.drawer("credential").get("one") == {"secret": "credential"}
                assert record.drawer("session").get("one") is None
            with_people(new, people=1)
            with pytest.raises(RecordError, match="was erased"), new.writing(LATER) as record:
                record.append(draft(people[1]))


def check_words(ledger, done, person, gone):
    with ledger.reading() as record:
        came_back, again = record.events(after=done.rows)
    assert came_back.author == again.author == "owner-1"
    told = {"position": 21, "hash": done.head.hash, "made": done.head.at, "lost_to": 27, "erased": [person]}
    assert came_back.body | told == came_back.body
    assert (again.person, again.body["keys"], again.body["reason"]) == (person, gone, AGAIN)
    assert again.body["code"] == "asked-for"
    assert again.key == CLINIC


def nothing_opens(ledger, person, wrapped, folder):
    """With every key that the master key opens here, no entry of the person; and no byte of their keys in the file."""
    with ledger.reading() as record:
        stored = record.connection.execute(
            select(EVENT.c.header, EVENT.c.body).where(EVENT.c.person == person, EVENT.c.kind == "note.made")
        ).all()
        names = record.connection.execute(select(KEY.c.id).where(KEY.c.clinic == ledger.clinic)).scalars().all()
        keys = [record.keys.of(name) for name in names] + list(ledger.master.keys.values())
        everywhere = b"".join(
            bytes(value)
            for table in (EVENT, KEY, PROJECTION, DRAWER)
            for row in record.connection.execute(select(table))
            for value in row
            if not isinstance(value, str | int)
        )
    assert len(stored) == 5
    assert len(wrapped) == 3
    for header, body in stored:
        for key in keys:
            with pytest.raises(InvalidTag):
                AESGCM(key).decrypt(body[:12], body[12:], header)
    if ledger.database.sqlite:
        file = Path(ledger.database.url.database)
        everywhere = b"".join(part.read_bytes() for part in folder.glob(f"{file.name}*"))
    assert stored[0].body in everywhere
    assert not any(key in everywhere for key in wrapped)


@both
def test_a_visit_that_went_to_somebody_else_survives_the_erasure_applied_again(kind, tmp_path, heads):
    """Harm: destroying all keys of the erased person as the backup has them would lose another person's visit."""
    target = tmp_path / "clinic.backup"
    with open_ledger(kind, tmp_path) as (ledger, _, master), database_url(kind, tmp_path) as url:
        wrong, right = with_people(ledger, people=2, visits=1)
        with ledger.reading() as record:
            visit = next(name for name in record.keys.owned_by(wrong) if name != wrong)
        backed(ledger, target)
        with ledger.writing(START) as record:
            record.keys.hand_over(visit, right)
        assert visit not in erase(ledger, wrong)
        bury(ledger, heads, START)
        restored(target, url, master, heads)
        with closing(Database(url)) as database, Ledger(database, master, Clinic()).reading() as record:
            assert record.keys.find(visit) is not None
            assert record.keys.find(wrong) is None
            assert record.events(kinds=[ERASED])[0].body["left"] == [visit]


def test_a_second_restore_counts_only_what_was_lost_since_the_first(tmp_path, heads):
    """Heads and tombstones of the branch that was lost stay in the folder, and are not taken for later ones."""
    with open_ledger("sqlite", tmp_path) as (ledger, _, master), database_url("sqlite", tmp_path) as url:
        gone, _ = with_people(ledger)
        backed(ledger, tmp_path / "1.backup")
        with_people(ledger, people=3)
        erase(ledger, gone)
        bury(ledger, heads, START)
        export_head(ledger, heads, START)
        assert restored(tmp_path / "1.backup", url, master, heads).lost_to == 26
        with closing(Database(url)) as database:
            again = Ledger(database, master, Clinic())
            assert [stone.position for stone in bury(again, heads, LATER)] == [12]
            backed(again, tmp_path / "2.backup")
        with database_url("sqlite", tmp_path) as other:
            told = restored(tmp_path / "2.backup", other, master, heads)
            assert (told.position, told.lost_to, told.erased) == (12, 0, ())
            assert len(heads_in(heads, "main")) == 1


WRITER = """
import sys, uuid
from datetime import datetime, UTC
from pathlib import Path
from myotome.records.database import Database
from myotome.records.ledger import Ledger
from myotome.records.master import read_master
from tests.stores import Counting, draft
ledger = Ledger(Database(sys.argv[1]), read_master(Path(sys.argv[2])), Counting())
while True:
    with ledger.writing(datetime.now(UTC)) as record:
        receipt = record.append(draft(sys.argv[3]))
    print(receipt.position, flush=True)
"""


@both
def test_others_write_on_during_a_backup(kind, tmp_path, heads):
    """At each batch the backup waits for another process to record something: were it in the way, nothing would."""
    with open_ledger(kind, tmp_path) as (ledger, url, master):
        person = with_people(ledger)[0]
        ledger.database.close()
        write_master(tmp_path / "key", master)
        command = [sys.executable, "-c", WRITER, url, str(tmp_path / "key"), person]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            seen = []

            def clock():
                seen.append(int(writer.stdout.readline()))
                return 0.0

            before = int(writer.stdout.readline())
            with closing(Database(url, exclusive=False)) as database:
                done = backup(database, master, tmp_path / "a.backup", deadline_seconds=60, now=START, clock=clock)
            clock()
            while seen[-1] <= done.head.position:  # what it told may lag behind what it wrote before the backup
                clock()
            writer.kill()
        assert len(seen) >= 7
        assert before <= done.head.position < seen[-1]
        with database_url(kind, tmp_path) as other:
            assert restored(tmp_path / "a.backup", other, master, heads).position == done.rows


@both
def test_who_is_erased_during_a_backup_does_not_come_back(kind, tmp_path, heads):
    """The copy is of the moment at which it began and still holds their key: only the tombstone keeps them out."""
    with open_ledger(kind, tmp_path) as (ledger, _, master), database_url(kind, tmp_path) as url:
        gone, stays = with_people(ledger)
        calls = []

        def clock():
            calls.append(0.0)
            if len(calls) == 3:
                erase(ledger, gone)
                bury(ledger, heads, START)
                if kind == "postgresql":
                    ledger.database.forget()  # it would wait for whoever has read keys
            return 0.0

        assert backed(ledger, tmp_path / "a", clock=clock).rows == 10
        assert gone in {row[0] for row in content(tmp_path / "a", master)[2]}
        assert restored(tmp_path / "a", url, master, heads).erased == (gone,)
        with closing(Database(url)) as database:
            new = Ledger(database, master, Clinic())
            assert states(new, [gone]) == [[], []]
            assert states(new, [stays]) == states(ledger, [stays]) != [[], []]


@both
def test_a_backup_that_takes_too_long_is_given_up(kind, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    with open_ledger(kind, tmp_path) as (ledger, _, _):
        with_people(ledger)
        for late in range(1, 7):
            ticks = iter([0.0] * late + [31.0] * 20)
            with pytest.raises(RecordError, match=r"not done after 30 seconds .* no file was left. Allow more time"):
                backed(ledger, out / "a", seconds=30, clock=lambda ticks=ticks: next(ticks))
            assert left_in(out) == []
        if kind == "postgresql":
            with ledger.database.engine.connect() as other, other.begin():
                other.execute(text("LOCK TABLE event IN ACCESS EXCLUSIVE MODE"))
                with pytest.raises(RecordError, match=r"not done after 0.2 seconds"):
                    backed(ledger, out / "a", seconds=0.2)
        assert left_in(out) == []
        backed(ledger, out / "a")
        assert left_in(out) == ["a"]


def test_what_cannot_be_backed_up_says_so_and_leaves_no_file(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    with open_ledger("sqlite", tmp_path) as (ledger, url, master):
        with_people(ledger)
        (out / "a").write_text("an earlier one")
        with pytest.raises(RecordError, match=r"There is a file .*/a already; a backup replaces none"):
            backed(ledger, out / "a")
        assert (out / "a").read_text() == "an earlier one"
        with pytest.raises(RecordError, match=r"could not be written \(No such file or directory\); no file was left"):
            backed(ledger, out / "none" / "b")
        with pytest.raises(RecordError, match="There is no clinic 'other'"):
            backup(ledger.database, new_master("other", secrets.token_bytes), out / "b", deadline_seconds=9, now=START)
        with pytest.raises(RecordError, match="does not hold the key"):
            backup(ledger.database, new_master("main", secrets.token_bytes), out / "b", deadline_seconds=9, now=START)
        ledger.database.close()
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            file.execute("DROP TRIGGER event_no_update")
            file.execute("UPDATE event SET body = zeroblob(40) WHERE position = 4")
            file.commit()
        broken = r"Row 4 does not fit the chain.*No backup was made.*myotome verify"
        with closing(Database(url)) as database, pytest.raises(RecordError, match=broken):
            backup(database, master, out / "b", deadline_seconds=9, now=START)
        assert left_in(out) == ["a"]


FULL = """
import resource, sys
from pathlib import Path
from myotome.errors import RecordError
from myotome.records.backup import backup
from myotome.records.database import Database
from myotome.records.master import read_master
from tests.stores import START
url, key, folder, limit = sys.argv[1:]
if limit != "0":
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
try:
    backup(Database(url, exclusive=False), read_master(Path(key)), Path(folder, "a"), deadline_seconds=60, now=START)
except RecordError as error:
    print(error, sorted(file.name for file in Path(folder).iterdir()))
"""
MOUNT = 'mount -t tmpfs -o size=64k none "$0" && exec "$@"'


def test_a_full_disk_leaves_no_file(tmp_path):
    """A disk of 64 kB in memory where mounting is allowed, else a limit on the size of a file."""
    out = tmp_path / "out"
    out.mkdir()
    small = ["unshare", "-Urm", "sh", "-c", MOUNT, str(out)]
    may_mount = (
        shutil.which("unshare") and not subprocess.run([*small, "true"], capture_output=True, check=False).returncode
    )
    with open_ledger("sqlite", tmp_path) as (ledger, url, master):
        with_people(ledger, people=1, visits=20, notes=10)
        write_master(tmp_path / "key", master)
        script = [sys.executable, "-c", FULL, url, str(tmp_path / "key"), str(out), "0" if may_mount else "65536"]
        command = [*small, *script] if may_mount else script
        run = subprocess.run(command, capture_output=True, text=True, check=True)
    reason = "the disk is full" if may_mount else "the disk failed or is full"
    assert f"could not be written ({reason}); no file was left. Make room, or give another folder. []" in run.stdout
    assert left_in(out) == []


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small backup: (file, master, what is in it)."""
    folder = tmp_path_factory.mktemp("small")
    with open_ledger("sqlite", folder) as (ledger, _, master):
        with_people(ledger)
        put(ledger, "credential")
        backed(ledger, folder / "a.backup")
        return folder / "a.backup", master, content(folder / "a.backup", master)


def content(file, master):
    with closing(Archive(file, master)) as archive:
        archive.check()
        return archive.head, list(archive.events()), list(archive.keys()), list(archive.drawers())


def test_a_changed_or_cut_backup_is_refused_or_the_same(small, tmp_path):
    """At every 50th byte: a change that is not refused was in a part of the file that holds nothing."""
    file, master, whole = small
    data = file.read_bytes()
    bad = tmp_path / "bad"
    refused = {"changed": 0, "cut": 0}
    for at in range(0, len(data), 50):
        changed = bytearray(data)
        changed[at] ^= 1 + at % 255
        for how, harmed in (("changed", bytes(changed)), ("cut", data[:at])):
            bad.write_bytes(harmed)
            try:
                assert content(bad, master) == whole, (how, at)
            except RecordError:
                refused[how] += 1
    assert refused["cut"] == len(range(0, len(data), 50))
    assert refused["changed"] > 50


def test_a_change_of_any_content_is_refused_before_anything_is_made(small, tmp_path, heads):
    file, master, _ = small
    url = f"sqlite:///{tmp_path / 'new.db'}"
    changes = (
        "UPDATE event SET body = body || x'00' WHERE position = 3",
        "DELETE FROM event WHERE position = 3",
        "DELETE FROM event WHERE position = 10",
        "UPDATE key SET owner = 'somebody' WHERE n = 3",
        "UPDATE key SET wrapped = zeroblob(60) WHERE n = 3",
        "UPDATE key SET master = 'x' WHERE n = 3",
        "DELETE FROM key WHERE n = 3",
        "DELETE FROM key WHERE id = 'signing'",
        "UPDATE drawer SET owner = 'staff-2'",
        "DELETE FROM drawer",
        "INSERT INTO drawer VALUES (9, 'credential', 'two', 'staff-2', '9999', x'00')",
        "UPDATE manifest SET value = '2020-01-01' WHERE name = 'made'",
        "UPDATE manifest SET value = '' WHERE name = 'signature'",
        "DELETE FROM manifest WHERE name = 'head'",
        "DROP TABLE drawer",
        "INSERT INTO manifest VALUES ('more', '')",
    )
    for number, change in enumerate(changes):
        bad = tmp_path / f"{number}.backup"
        bad.write_bytes(file.read_bytes())
        with closing(sqlite3.connect(bad)) as connection:
            connection.execute(change)
            connection.commit()
        with pytest.raises(RecordError, match=r"is damaged or was changed.*Nothing was restored. Take another copy"):
            restored(bad, url, master, heads)
    assert not [name for name in left_in(tmp_path) if name.startswith("new")]


def resealed(file, target, secret, **change):
    """A copy of a backup with another manifest, signed as the clinic would."""
    target.write_bytes(file.read_bytes())
    with closing(sqlite3.connect(target)) as connection:
        manifest = dict(connection.execute("SELECT name, value FROM manifest")) | change
        del manifest["signature"]
        manifest["signature"] = signature_of({**manifest, "what": "myotome backup"}, secret)
        connection.executemany("REPLACE INTO manifest VALUES (?, ?)", manifest.items())
        connection.commit()
    return target


def test_what_cannot_be_restored_says_why(small, tmp_path, heads):
    file, master, _ = small
    url = f"sqlite:///{tmp_path / 'new.db'}"

    def refused(words, source=file, key=master, folder=heads, by="owner-1", at=url):
        with pytest.raises(RecordError, match=words):
            restored(source, at, key, folder, by=by)

    newer = resealed(file, tmp_path / "later", secrets.token_bytes(32), format=str(FORMAT + 1))
    refused(rf"made by a newer Myotome \(format {FORMAT + 1}; this one reads {FORMAT}\). Restore it with that", newer)
    refused("There is no backup at", tmp_path / "none")
    (tmp_path / "text").write_text("no backup")
    refused("text is damaged", tmp_path / "text")
    stranger, other = new_master("main", secrets.token_bytes), MasterKey("other", master.current, master.keys)
    refused(r"locked with the master key '.{12}', which is not in the key file. Without it nobody can", key=stranger)
    refused("is of clinic main, the master key of other. Give the key file that belongs to it", key=other)
    with pytest.raises(RecordError, match=r"There is no master key at .*Without it nobody can read this record"):
        read_master(tmp_path / "lost-key")
    refused("no folder of heads at .* people who were erased since the backup would come back", folder=tmp_path / "x")
    refused("'Dr. X' is not the identifier", by="Dr. X")
    tombstone_file(heads, "main").write_text('{"person": "forged"}\n')
    refused("Line 1 of .*tombstones-main.jsonl is not the tombstone")
    tombstone_file(heads, "main").unlink()
    refused("MYOTOME_DATABASE_URL is not understood", at="mysql://x")
    assert not [name for name in left_in(tmp_path) if name.startswith("new.")]
    restored(file, url, master, heads)
    refused("There is a clinic 'main' in this database already, and a restore replaces none")


class Stops(Clinic):
    """Fails in the middle of making states."""

    def fold(self, place, state, event):
        if event.position == 7:
            raise RuntimeError("stopped")
        return super().fold(place, state, event)


@both
def test_a_restore_that_fails_leaves_no_clinic(kind, small, tmp_path, heads):
    file, master, _ = small
    with database_url(kind, tmp_path) as url:
        with pytest.raises(RuntimeError, match="stopped"):
            restored(file, url, master, heads, Stops())
        if kind == "sqlite":
            assert left_in(tmp_path) == ["heads"]
        with closing(Database(url)) as database:
            assert clinics(database) == []
            found(database, new_master("neighbour", secrets.token_bytes))
        assert restored(file, url, master, heads).position == 10
        with closing(Database(url)) as database:
            assert clinics(database) == ["main", "neighbour"]


@both
def test_a_backup_takes_little_memory(kind, tmp_path):
    """Twenty megabytes pass through less than five."""
    with open_ledger(kind, tmp_path) as (ledger, _, _):
        fill(ledger, 2_500, secrets.token_bytes(8000))
        tracemalloc.start()
        try:
            done = backed(ledger, tmp_path / "a")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert done.rows == 2_500
    assert done.bytes > 20_000_000
    assert peak < 5_000_000


def fill(ledger, count, body):
    """Rows that fit the chain, in bulk; their bodies open with no key."""
    hashed, made = first("main"), []
    for position in range(1, count + 1):
        note = draft("person-1", name=f"e{position}")
        header = header_of(note, "main", position, "2026-03-01T09:00:00.000000Z")
        head = canonical(header)
        hashed = link(hashed, head, body)
        told = {name: header[name] for name in ("clinic", "position", "id", "person", "visit", "kind", "author")}
        made.append({**told, "header": head, "body": body, "hash": hashed})
    with ledger.writing(START) as record:
        for at in range(0, count, 1000):
            record.connection.execute(insert(EVENT), made[at : at + 1000])
