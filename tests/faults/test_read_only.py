"""A file, folder, disk or server that takes no writes: it is said, and nothing changes."""

import subprocess

import psycopg
import pytest
from sqlalchemy.engine import make_url

from myotome.errors import RecordError
from myotome.records import trouble
from myotome.records.database import Database
from myotome.records.ledger import Ledger
from tests.faults.disks import bound_by_permissions, read_only, small_disk
from tests.faults.test_disk import entry, everything, opened
from tests.stores import START, Counting, database_url, postgresql

pytestmark = pytest.mark.enable_socket
CANNOT_OPEN = "The record's file cannot be opened. Check that it exists and belongs to you."


def test_a_read_only_file_is_said_and_nothing_changes(tmp_path):
    ledger, person = opened(f"sqlite:///{tmp_path}/clinic.db")
    was = everything(ledger)
    ledger.database.close()
    file = tmp_path / "clinic.db"
    file.chmod(0o444)
    with bound_by_permissions():
        database = Database(f"sqlite:///{file}")
        reopened = Ledger(database, ledger.master, Counting())
        with pytest.raises(RecordError) as raised, reopened.writing(START) as record:
            entry(record, person, 1)
        assert str(raised.value) == trouble.READ_ONLY
        assert everything(reopened) == was
        database.close()
    file.chmod(0o600)
    database = Database(f"sqlite:///{file}")
    with Ledger(database, ledger.master, Counting()).writing(START) as record:
        entry(record, person, 1)
    database.close()


@pytest.mark.parametrize("locked_before", [False, True])
def test_a_read_only_folder_is_said(tmp_path, locked_before):
    """SQLite must make its log beside the file: with a lock file left from before, and without."""
    folder = tmp_path / "clinic"
    ledger, _ = opened(f"sqlite:///{folder}/clinic.db")
    was = everything(ledger)
    ledger.database.close()
    if not locked_before:
        (folder / "clinic.db.lock").unlink()
    folder.chmod(0o555)
    with bound_by_permissions(), pytest.raises(RecordError) as raised:
        Database(f"sqlite:///{folder}/clinic.db")
    assert str(raised.value) in (trouble.READ_ONLY, CANNOT_OPEN) if locked_before else "Permission" in str(raised.value)
    folder.chmod(0o755)
    database = Database(f"sqlite:///{folder}/clinic.db")
    assert everything(Ledger(database, ledger.master, Counting())) == was
    database.close()


def test_a_read_only_disk_is_said(tmp_path, record_property):
    folder = tmp_path / "disk"
    with small_disk(folder, 4) as mounted:
        ledger, person = opened(f"sqlite:///{folder}/clinic.db")
        ledger.database.close()
        bound = mounted and read_only(folder)
        record_property(
            "faults: read-only", "mounted read-only" if bound else "permissions, as mounting is not allowed"
        )
        if not bound:
            (folder / "clinic.db.lock").unlink()
            folder.chmod(0o555)
        with bound_by_permissions(), pytest.raises(RecordError, match="cannot be opened for writing"):
            Database(f"sqlite:///{folder}/clinic.db")
        folder.chmod(0o755) if not bound else umount(folder)
        database = Database(f"sqlite:///{folder}/clinic.db")
        with Ledger(database, ledger.master, Counting()).writing(START) as record:
            entry(record, person, 1)
        database.close()


def umount(folder):
    subprocess.run(["umount", str(folder)], check=True)


def test_a_postgresql_that_takes_no_writes_is_said_and_nothing_changes(tmp_path):
    """A standby, or one set to read-only by its keeper."""
    with database_url("postgresql", tmp_path) as url:
        ledger, person = opened(url)
        was, name = everything(ledger), make_url(url).database
        alter(postgresql(), f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        ledger.database.engine.dispose()
        with pytest.raises(RecordError) as raised, ledger.writing(START) as record:
            entry(record, person, 1)
        assert str(raised.value) == trouble.READ_ONLY
        assert everything(ledger) == was
        alter(postgresql(), f"ALTER DATABASE {name} RESET default_transaction_read_only")
        ledger.database.engine.dispose()
        with ledger.writing(START) as record:
            entry(record, person, 1)
        ledger.database.close()


def alter(url, command):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(command)
