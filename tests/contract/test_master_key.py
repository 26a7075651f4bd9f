"""The master key: its file, its copy on paper, and another one in its place."""

from __future__ import annotations

import random
import secrets

import pytest
from sqlalchemy import select

from myotome.errors import RecordError
from myotome.records.database import Database
from myotome.records.ledger import Ledger
from myotome.records.master import (
    LETTERS,
    MasterKey,
    from_paper,
    name_of,
    new_master,
    on_paper,
    read_master,
    write_master,
)
from myotome.records.tables import KEY
from myotome.records.verification.verify import verify
from tests import stores
from tests.contract.tampering import Careful, erase
from tests.stores import START, draft, with_people

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def master():
    return new_master("main", random.Random(7).randbytes)


def test_a_key_file_gives_back_what_was_written_and_only_its_owner_may_read_it(master, tmp_path):
    file = tmp_path / "new folder" / "main.key"
    write_master(file, master.with_new(secrets.token_bytes))
    assert read_master(file).keys.items() >= master.keys.items()
    assert file.stat().st_mode & 0o777 == 0o600
    assert [left.name for left in file.parent.iterdir()] == ["main.key"]


def test_a_master_key_does_not_show_itself(master):
    assert repr(master) == f"MasterKey(main, {master.current})"
    assert master.keys[master.current].hex() not in repr(master)


def test_a_missing_key_file_is_refused_by_its_sentence(tmp_path):
    with pytest.raises(RecordError, match=r"There is no master key at .*lost. Without it nobody can read this record"):
        read_master(tmp_path / "lost")


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o620, 0o602])
def test_a_key_file_that_others_can_reach_is_refused_by_its_sentence(master, tmp_path, mode):
    write_master(tmp_path / "key", master)
    (tmp_path / "key").chmod(mode)
    with pytest.raises(RecordError, match=r"can be read by others. Run: chmod 600 .*/key"):
        read_master(tmp_path / "key")


def test_no_changed_byte_of_a_key_file_gives_another_key(master, tmp_path):
    """Refused, or the same keys: the file says the name of each key, which is made from it."""
    file = tmp_path / "key"
    write_master(file, master)
    whole, refused = file.read_bytes(), 0
    for at in range(len(whole)):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        try:
            assert read_master(file).keys == master.keys
        except RecordError as error:
            assert "is damaged. Put back a copy, or type in its paper copy" in str(error)
            refused += 1
    assert refused > len(whole) * 0.8


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "7", '{"clinic": "main"}', '{"keys": 3}', "\x00", '{"keys": {"a": 1}}']
)
def test_a_file_that_is_no_key_is_refused_by_its_sentence(tmp_path, text):
    file = tmp_path / "key"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(RecordError, match="is damaged"):
        read_master(file)


def test_a_key_of_another_length_is_refused(tmp_path):
    short = b"x" * 16
    write_master(tmp_path / "key", MasterKey("main", name_of(short), {name_of(short): short}))
    with pytest.raises(RecordError, match="is damaged"):
        read_master(tmp_path / "key")


def test_the_wrong_key_opens_nothing_and_says_so(tmp_path):
    with stores.open_ledger("sqlite", tmp_path) as (ledger, _, master):
        stranger = new_master("main", secrets.token_bytes)
        with pytest.raises(RecordError, match=r"does not hold the key '.{12}' that this record was locked with"):
            Ledger(ledger.database, stranger, Careful())
        forged = MasterKey("main", master.current, {master.current: bytes(32)})
        with pytest.raises(RecordError, match="does not open with its key"):
            Ledger(ledger.database, forged, Careful())
        other = MasterKey("other", master.current, master.keys)
        with pytest.raises(RecordError, match="There is no clinic 'other' in this database"):
            Ledger(ledger.database, other, Careful())


def test_a_paper_key_gives_back_the_key_however_it_is_spaced_and_cased(master):
    lines = on_paper(master)
    assert from_paper("main", lines).keys == master.keys
    loose = ["", *(f"  {line.lower().replace(' ', '')}  " for line in lines), " "]
    assert from_paper("main", loose) == master


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_single_mistyped_letter_on_paper_is_named_by_its_line(seed):
    """Every letter of every line in turn, by each of the other letters and digits that a typist may take it for."""
    master = new_master("main", random.Random(seed).randbytes)
    lines = on_paper(master)
    for number, line in enumerate(lines):
        for at, was in enumerate(line):
            for typed in LETTERS if was != " " else ():
                if typed == was:
                    continue
                wrong = [*lines[:number], line[:at] + typed + line[at + 1 :], *lines[number + 1 :]]
                with pytest.raises(RecordError, match=f"Line {number + 1} of the paper key was mistyped"):
                    from_paper("main", wrong)


def test_two_exchanged_letters_on_paper_are_named_by_their_line(master):
    lines = on_paper(master)
    for number, line in enumerate(lines):
        row = line.replace(" ", "")
        for at in range(len(row) - 1):
            swapped = row[:at] + row[at + 1] + row[at] + row[at + 2 :]
            if swapped != row:
                with pytest.raises(RecordError, match=f"Line {number + 1} of the paper key was mistyped"):
                    from_paper("main", [*lines[:number], swapped, *lines[number + 1 :]])


def test_look_alikes_on_paper_are_read_as_what_was_printed(master):
    lines = [line.replace("O", "0").replace("I", "1").replace("B", "8") for line in on_paper(master)]
    assert from_paper("main", lines) == master


def test_lines_left_out_or_exchanged_on_paper_are_named(master):
    lines = on_paper(master)
    with pytest.raises(RecordError, match=r"has 52 letters besides the checks; \d+ were typed. Type every line"):
        from_paper("main", lines[:-1])
    with pytest.raises(RecordError, match="Line 1 of the paper key was mistyped"):
        from_paper("main", [lines[1], lines[0], *lines[2:]])
    with pytest.raises(RecordError, match="Line 2 of the paper key was mistyped"):
        from_paper("main", [lines[0], lines[1][:-8], *lines[2:]])
    with pytest.raises(RecordError, match="Line 1 of the paper key was mistyped"):
        from_paper("main", ["Ä" * 20, *lines[1:]])


@pytest.mark.parametrize("kind", stores.KINDS)
def test_a_rotation_may_stop_between_any_two_steps(kind, tmp_path):
    """Key file first, then the record: whichever of the two is old, the file opens it; at the end only the new one."""
    with stores.open_ledger(kind, tmp_path) as (bare, _, old):
        ledger = Ledger(bare.database, old, Careful())
        _, gone = with_people(ledger, people=2)
        erase(ledger, gone)
        both = old.with_new(secrets.token_bytes)
        write_master(tmp_path / "key", both)
        # Stopped before the record was locked anew: it opens with the file, and with the old key on paper.
        for key in (read_master(tmp_path / "key"), from_paper("main", on_paper(old))):
            assert verify(Ledger(ledger.database, key, Careful()), "main").sound
        with pytest.raises(RecordError, match="does not hold the key"):
            Ledger(ledger.database, both.only_current(), Careful())
        count = Ledger(ledger.database, both, Careful()).rotate(both, START)
        assert count == 2 + 1 + 2  # the clinic's, and those of the person who is left
        # Stopped before the old key was taken out of the file.
        for key in (read_master(tmp_path / "key"), both.only_current()):
            assert verify(Ledger(ledger.database, key, Careful()), "main").sound
        with pytest.raises(RecordError, match="does not hold the key"):
            Ledger(ledger.database, old, Careful())
        last = Ledger(ledger.database, from_paper("main", on_paper(both)), Careful())
        with last.writing(START) as record:
            record.append(draft())
        assert verify(last, "main").sound


def test_a_rotation_that_fails_leaves_every_key_as_it_was(tmp_path):
    """One key of the record does not open: the others stay locked as they were."""
    with stores.open_ledger("sqlite", tmp_path) as (bare, _, old):
        ledger = Ledger(bare.database, old, Careful())
        with_people(ledger, people=1)
        before = keys_of(ledger)
        last = before[-1]
        with ledger.database.writing("main") as connection:
            connection.execute(KEY.update().where(KEY.c.id == last.id).values(owner="nobody"))
        with pytest.raises(RecordError, match="does not open with its key"):
            ledger.rotate(old.with_new(secrets.token_bytes), START)
        assert keys_of(ledger)[:-1] == before[:-1]
        assert ledger.master == old


def keys_of(ledger):
    """The rows of all keys."""
    with ledger.database.reading() as connection:
        return connection.execute(select(KEY).order_by(KEY.c.id)).all()


def test_a_record_opened_with_its_paper_key_is_the_same(tmp_path):
    with stores.open_ledger("sqlite", tmp_path) as (ledger, url, master):
        with_people(ledger, people=1)
        with ledger.reading() as record:
            before = record.events()
        reader = Database(url, exclusive=False)
        with Ledger(reader, from_paper("main", on_paper(master)), Careful()).reading() as record:
            assert record.events() == before
        reader.close()
