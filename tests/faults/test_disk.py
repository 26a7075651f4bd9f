"""Disks that are full or read-only: a clear sentence, nothing half-written, and it goes on once there is room."""

import os
import secrets
import stat

import pytest
from sqlalchemy import func, select

from myotome.errors import OutcomeUnknownError, RecordError
from myotome.records import trouble
from myotome.records.database import Database
from myotome.records.files import write_whole
from myotome.records.ledger import Ledger, found
from myotome.records.master import new_master, write_master
from myotome.records.tables import DRAWER, EVENT, KEY, PROJECTION
from tests.faults.disks import bound_by_permissions, fill, small_disk
from tests.faults.server import Server
from tests.stores import START, Counting, draft, with_people

pytestmark = pytest.mark.enable_socket  # PostgreSQL is reached through one
BIG = {"text": "x" * 20_000}


def opened(url):
    """A newly founded clinic: (ledger, a person in it)."""
    database, master = Database(url), new_master("main", secrets.token_bytes)
    found(database, master)
    ledger = Ledger(database, master, Counting())
    return ledger, with_people(ledger, people=1)[0]


def everything(ledger):
    """All rows of all tables, to see that nothing changed."""
    with ledger.reading() as record:
        return [sorted(map(tuple, record.connection.execute(select(t)))) for t in (EVENT, KEY, PROJECTION, DRAWER)]


def counted(ledger):
    with ledger.reading() as record:
        return record.connection.execute(select(func.count()).select_from(EVENT)).scalar_one()


def entry(record, person, number, some=4):
    """One transaction over several tables: a visit's key, its notes, their state, something in a drawer."""
    name = f"visit-{number}"
    if record.keys.find(name) is None:
        record.keys.make(name, person)
    made = [record.append(draft(person, name, BIG, f"{name}-{i}")) for i in range(some)]
    record.drawer("work").put("last", {"number": number})
    return made


def write_until_refused(ledger, person, most=3000):
    """Entries until one is refused: (its number, the sentence, all rows before and after it)."""
    before = everything(ledger)
    for number in range(most):
        try:
            with ledger.writing(START) as record:
                entry(record, person, number)
        except RecordError as error:
            return number, error, before, everything(ledger)
        before = everything(ledger)
    raise AssertionError("the disk does not get full")


def check_full(ledger, person, make_room):
    number, error, before, after = write_until_refused(ledger, person)
    assert number > 0
    assert str(error) == trouble.FULL
    assert not isinstance(error, OutcomeUnknownError)
    assert before == after, "something of the refused entry was recorded"
    make_room()
    with ledger.writing(START) as record:
        receipts = entry(record, person, number)
    assert not any(receipt.repeated for receipt in receipts)
    with ledger.reading() as record:
        assert record.state("visit", f"visit-{number}") == {"notes": 4, "last": BIG}
        assert record.drawer("work").get("last") == {"number": number}


def test_a_full_disk_under_sqlite_refuses_an_entry_whole(tmp_path, record_property):
    """Harm: half a visit recorded, or an entry believed to be recorded."""
    folder = tmp_path / "small"
    with small_disk(folder, 4) as mounted:
        record_property(
            "faults: full, SQLite", "tmpfs of 4 MB" if mounted else "max_page_count, as mounting is not allowed"
        )
        ledger, person = opened(f"sqlite:///{folder}/clinic.db")
        ballast = fill(folder, 1_000_000) if mounted else None
        if not mounted:
            limit_pages(ledger.database, 250)
        check_full(ledger, person, ballast.unlink if mounted else lambda: limit_pages(ledger.database, 10**6))
        ledger.database.close()


def limit_pages(database, most):
    connection = database.engine.raw_connection()
    connection.cursor().execute(f"PRAGMA max_page_count={most}").fetchall()
    connection.close()


def test_opening_on_a_full_disk_says_so_and_works_once_there_is_room(tmp_path):
    """Both at the very first opening and of a record with entries, after a kill that left a log."""
    folder = tmp_path / "small"
    with small_disk(folder, 4) as mounted:
        if not mounted:
            return check_unwritable_folder(folder)
        ballast = fill(folder, 0)
        for _ in range(2):
            with pytest.raises(RecordError, match="disk with the record is full"):
                Database(f"sqlite:///{folder}/clinic.db")
        ballast.unlink()
        ledger, _ = opened(f"sqlite:///{folder}/clinic.db")
        was = everything(ledger)
        ledger.database.close()
        ballast = fill(folder, 0)
        with pytest.raises(RecordError, match="disk with the record is full"):
            Database(ledger.database.url.render_as_string())
        ballast.unlink()
        again = Database(ledger.database.url.render_as_string())
        assert everything(Ledger(again, ledger.master, Counting())) == was
        again.close()
        return None


def check_unwritable_folder(folder):
    """The nearest that can be had without a disk of one's own."""
    folder.chmod(0o555)
    with bound_by_permissions(), pytest.raises(RecordError, match="cannot be opened for writing"):
        Database(f"sqlite:///{folder}/clinic.db")
    folder.chmod(0o755)
    opened(f"sqlite:///{folder}/clinic.db")[0].database.close()


def test_a_master_key_is_written_whole_or_not_at_all(tmp_path):
    folder = tmp_path / "small"
    with small_disk(folder, 1) as mounted:
        file = folder / "key.json"
        master = new_master("main", secrets.token_bytes)
        write_master(file, master)
        was = file.read_bytes()
        folder.chmod(0o755 if mounted else 0o555)
        with bound_by_permissions(), pytest.raises(RecordError, match="could not be written"):
            write_whole(file, b"x" * 2_000_000)
        folder.chmod(0o755)
        assert file.read_bytes() == was
        assert [path.name for path in folder.iterdir()] == ["key.json"]
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.fixture
def server(tmp_path):
    made = Server(tmp_path / "data", ("fsync=off",))
    made.start()
    yield made
    made.stop()


def test_a_full_disk_under_postgresql_refuses_an_entry_whole(tmp_path, server, record_property):
    """The tables of the clinic lie on a small disk of their own."""
    folder = tmp_path / "small"
    with small_disk(folder, 16) as mounted:
        record_property(
            "faults: full, PostgreSQL", "tablespace on a tmpfs of 16 MB" if mounted else "53100 raised by a trigger"
        )
        if mounted:
            space = folder / "space"
            space.mkdir()
            own(server, space)
            server.run(f"CREATE TABLESPACE small LOCATION '{space}'", "CREATE DATABASE clinic TABLESPACE small")
        else:
            server.run("CREATE DATABASE clinic")
        ledger, person = opened(server.url("clinic"))
        if mounted:
            check_full(ledger, person, fill(folder, 1_500_000).unlink)
        else:
            refuse_after(server, 50)
            check_full(ledger, person, lambda: server.run("DROP TRIGGER full_disk ON projection", name="clinic"))
        ledger.database.close()
        server.stop()


def own(server, path):
    if server.user is not None:
        import pwd

        owner = pwd.getpwnam(server.user)
        os.chown(path, owner.pw_uid, owner.pw_gid)


def refuse_after(server, position):
    """Let the server raise its own code for a full disk in the middle of a transaction."""
    raising = "RAISE EXCEPTION 'full' USING ERRCODE = '53100'"
    server.run(
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF NEW.position > {position} THEN {raising}; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON projection FOR EACH ROW EXECUTE FUNCTION full_disk()",
        name="clinic",
    )


def test_postgresql_with_no_room_for_its_log_stops_and_loses_nothing(tmp_path):
    """The whole server is on the full disk: it ends itself; the entry's fate is unknown until it is sent again."""
    folder = tmp_path / "small"
    with small_disk(folder, 96) as mounted:
        server = Server(folder / "data", ("fsync=off", "wal_recycle=off", "min_wal_size=32MB"))
        server.start()
        server.run("CREATE DATABASE clinic")
        ledger, person = opened(server.url("clinic"))
        ballast = fill(folder, 3_000_000) if mounted else None
        recorded, number = {}, 0
        try:
            for number in range(2000 if mounted else 5):
                with ledger.writing(START) as record:
                    receipts = entry(record, person, number)
                recorded[number] = [(receipt.id, receipt.position, receipt.hash) for receipt in receipts]
            assert not mounted, "the disk does not get full"
        except RecordError as error:
            assert str(error) in (trouble.FULL, trouble.GONE)
            assert isinstance(error, OutcomeUnknownError) == (str(error) == trouble.GONE)
        ledger.database.close()
        server.stop()
        if mounted:
            ballast.unlink()
        back = Server(folder / "data", ("fsync=off",))
        back.start()
        again = Ledger(Database(back.url("clinic")), ledger.master, Counting())
        assert recorded
        for known, receipts in recorded.items():
            with again.writing(START) as record:
                once = [(receipt.id, receipt.position, receipt.hash) for receipt in entry(record, person, known)]
            assert once == receipts
        with again.writing(START) as record:
            entry(record, person, number)
        assert counted(again) == 1 + 4 + 4 * (number + 1)
        again.database.close()
        back.stop()
