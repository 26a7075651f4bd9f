"""Heads, backups, keys and coming back: what keeps a clinic's record safe on its machine."""

import pytest

from myotome.clinic.access import invitations, limits, passkeys, passwords, sessions
from myotome.clinic.shelf import OPENED
from myotome.errors import AccessError, RecordError
from myotome.records.backup import DRAWERS
from myotome.records.database import Database
from myotome.records.heads import heads_in
from myotome.records.ledger import Ledger
from myotome.records.master import from_paper, read_master
from myotome.records.restore import restore
from myotome.records.rotation import retired
from tests.charted import charted
from tests.stores import KINDS, database_url

pytestmark = pytest.mark.enable_socket  # PostgreSQL is asked over a socket


@pytest.fixture
def desk(tmp_path):
    with charted("sqlite", tmp_path) as made:
        yield made


def test_a_head_is_exported_once_a_day(desk):
    for hours in (0, 1, 23, 1):
        desk.clock.forward(hours=hours)
        desk.keeper.tick()
        desk.person()
    heads = heads_in(desk.heads, desk.practice.ledger.clinic)
    assert [head.at[:10] for head in heads] == ["2026-03-01", "2026-03-02"]
    assert desk.audit.verify(desk.who("aud")).sound and desk.audit.verify(desk.who("aud")).heads == 2


def test_a_folder_of_heads_that_cannot_be_written_to_is_told(desk):
    desk.heads.write_text("a file where the folder should be")
    with pytest.raises(RecordError, match=r"could not be written"):
        desk.keeper.tick()


@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_comes_back_on_another_machine(kind, tmp_path):
    """With its key file and heads; the states are made anew, and the trail tells of backup and restore."""
    with charted(kind, tmp_path) as desk:
        anna = desk.person()
        desk.keeper.tick()
        made = desk.keeper.backup(desk.who("ana"), tmp_path)
        assert made.file.parent == tmp_path and made.file.name == "backup-main-2026-03-01T090000.myotome"
        assert made.file.stat().st_size == made.bytes and made.head.partition(":")[0] == str(made.rows)
        line = desk.audit.trail(desk.who("ana"), limit=1)[0]
        assert (line.who, line.what) == ("Ana Owner", f"made a backup up to row {made.rows}")
        ledger, lost = desk.practice.ledger, desk.person(family="Lost")
        desk.clock.forward(days=1)
        desk.keeper.tick()
        with database_url("sqlite", tmp_path) as url:
            told = {"heads_folder": desk.heads, "now": desk.clock(), "by": desk.house.staff["ana"]}
            restored = restore(made.file, url, read_master(desk.key_file), ledger.projector, **told)
            assert restored.position == made.rows and restored.lost_to > made.rows
            database = Database(url)
            try:
                new = Ledger(database, ledger.master, ledger.projector)
                with new.reading() as record:
                    assert record.state("person", anna)["given"] == "Anna" and record.state("person", lost) is None
                desk.practice.ledger = new
                line = desk.audit.trail(desk.who("ana"), kinds=["clinic.restored"])[0]
                assert line.who == "Ana Owner" and f"from a backup that ended at row {made.rows}; " in line.what
                found = desk.audit.verify(desk.who("aud"))
                assert [fault for fault in found.faults if "was restored" not in fault] == []
            finally:
                database.close()
                desk.practice.ledger = ledger


def test_a_backup_replaces_no_file_and_only_the_owner_makes_one(desk, tmp_path):
    made = desk.keeper.backup(desk.who("ana"), tmp_path / "one.myotome")
    before = made.file.read_bytes()
    with pytest.raises(RecordError, match=r"There is a file .* already"):
        desk.keeper.backup(desk.who("ana"), made.file)
    for name in ("lea", "pia", "aud"):
        with pytest.raises(AccessError, match=r"do not let you back up"):
            desk.keeper.backup(desk.who(name), tmp_path / "two.myotome")
    assert made.file.read_bytes() == before and not (tmp_path / "two.myotome").exists()


def test_rotation_keeps_the_record_and_is_recorded(desk):
    anna = desk.person()
    old = desk.practice.ledger.master.current
    new = desk.keeper.rotate(desk.who("ana"))
    assert new != old and read_master(desk.key_file).current == new and retired(desk.key_file) == [old]
    assert desk.state("person", anna)["given"] == "Anna" and desk.audit.verify(desk.who("aud")).sound
    line = desk.audit.trail(desk.who("ana"), limit=1)[0]
    assert line.what == f"locked the record with the new master key {new}"
    with pytest.raises(AccessError, match=r"do not let you back up"):
        desk.keeper.rotate(desk.who("lea"))


def test_the_paper_copy_is_the_key_and_printing_it_is_recorded(desk):
    lines = desk.keeper.on_paper(desk.who("ana"))
    assert desk.audit.trail(desk.who("ana"), limit=1)[0].what == "printed the master key on paper"
    with pytest.raises(AccessError, match=r"do not let you back up"):
        desk.keeper.on_paper(desk.who("lea"))
    again = from_paper("main", [line.lower() for line in lines])
    assert again == read_master(desk.key_file) == desk.practice.ledger.master


def test_whoever_could_sign_in_can_sign_in_to_a_restored_record():
    """Passwords, passkeys and their handles are in a backup; sessions, invitations and limits are not."""
    assert set(DRAWERS) >= {passwords.DRAWER, passkeys.DRAWER, passkeys.HANDLES}
    assert not set(DRAWERS) & {sessions.DRAWER, invitations.DRAWER, limits.DRAWER, passkeys.CHALLENGES, OPENED}


def test_the_head_is_for_those_who_verify(desk):
    assert desk.keeper.head(desk.who("aud")) == desk.practice.ledger.head(desk.clock()).words
    with pytest.raises(AccessError, match=r"do not let you verify record"):
        desk.keeper.head(desk.who("rex"))
