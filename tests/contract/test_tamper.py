"""Whatever is done to the stored rows by somebody who can write to the database is found, and named."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, text, update

from myotome.errors import RecordError
from myotome.records.chain import first, link, read_head, sign
from myotome.records.database import Database
from myotome.records.event import RESTORED, instant
from myotome.records.keys import SIGNING, Keys
from myotome.records.ledger import Ledger
from myotome.records.reading import beside_of
from myotome.records.seal import seal, unseal
from myotome.records.tables import EVENT, KEY, PROJECTION
from myotome.records.verification.breaks import Breaks
from myotome.records.verification.order import Order
from myotome.records.verification.rows import TOLD, TYPES, row_of, walk_of
from myotome.records.verification.verify import verify
from tests import stores
from tests.contract.tampering import ROWS, Careful, Hand, small_record

pytestmark = pytest.mark.enable_socket
ALL = os.environ.get("MYOTOME_TAMPER") == "all"
ERASED_ROWS = (7, 8, 9)
ROW_FAULTS = {"changed", "hash changed", "column changed"}


@pytest.fixture(scope="module", params=stores.KINDS)
def record(request, tmp_path_factory):
    """A small record, and its head at every length."""
    with stores.open_ledger(request.param, tmp_path_factory.mktemp("tamper")) as (bare, _, master):
        ledger = Ledger(bare.database, master, Careful())
        small_record(ledger)
        with ledger.reading() as reading:
            secret, events = reading.keys.of(SIGNING), reading.events()
        heads = [sign("main", e.position, bytes.fromhex(e.hash), instant(stores.START), secret) for e in events]
        with Hand(ledger).open() as hand:
            yield hand, heads


def test_an_untampered_record_has_no_fault_with_all_its_heads(record):
    hand, heads = record
    assert len(heads) == ROWS
    for key in (True, False):
        report = hand.look(key=key, against=heads)
        assert (report.faults, report.rows, report.last) == ((), ROWS, heads[-1].words)


def test_what_is_no_text_or_another_type_in_a_sqlite_file_is_named(tmp_path):
    with stores.open_ledger("sqlite", tmp_path) as (bare, _, master):
        ledger = Ledger(bare.database, master, Careful())
        small_record(ledger)
        no_text, as_text = "CAST(x'ff' AS TEXT)", "CAST(%s AS TEXT)"
        cases = [("event", "author", no_text, "column changed"), ("event", "id", no_text, "column changed")]
        cases += [("event", name, as_text % name, "column changed") for name in ("header", "hash", "body")]
        cases += [("event", "person", "CAST(person AS BLOB)", "column changed")]
        cases += [("event", "position", "3.5", "moved"), ("event", "position", "'x'", "moved")]
        cases += [("key", "owner", no_text, "key"), ("key", "wrapped", as_text % "wrapped", "key")]
        cases += [("projection", "sort", no_text, "state"), ("projection", "position", "'x'", "state")]
        with Hand(ledger).open() as hand:
            for table, column, value, what in cases:
                with hand.undone():
                    where = "position = 3" if table == "event" else f"rowid = (SELECT min(rowid) FROM {table})"  # noqa: S608
                    hand.connection.execute(text(f"UPDATE {table} SET {column} = {value} WHERE {where}"))  # noqa: S608
                    assert what in {fault.what for fault in hand.look().faults}, (table, column, value)


def test_a_reader_of_a_damaged_file_is_told_so_in_a_sentence(tmp_path):
    with stores.open_ledger("sqlite", tmp_path) as (bare, url, master):
        stores.with_people(bare, people=1)
        bare.database.forget()
    file = Path(url.removeprefix("sqlite:///"))
    whole = file.read_bytes()
    for was, becomes in (
        (b"CREATE TABLE", b"CREATE \xa0ABLE"),
        (b"staff-1{", b"staff-\xff{"),
        (b"clinicclinic", b"\xff" * 12),
    ):
        file.write_bytes(whole.replace(was, becomes))
        assert file.read_bytes() != whole
        with pytest.raises(RecordError, match=r"The record's file is damaged. Stop, keep the file, and restore"):
            read_everything(url, master)


def read_everything(url, master):
    database = Database(url, exclusive=False)
    try:
        with Ledger(database, master, Careful()).reading() as record:
            record.connection.execute(select(EVENT)).all()
            record.connection.execute(select(KEY)).all()
    finally:
        database.close()


def test_guards_taken_out_of_the_database_are_a_notice(record):
    """The fixture dropped them; a whole record has none to tell (see the clock's test)."""
    hand, _ = record
    assert any("guards that keep events from being changed were taken out" in words for words in hand.look().notices)


def test_a_clinic_that_is_not_there_or_another_ones_key_is_refused(record):
    hand, _ = record
    with pytest.raises(RecordError, match=r"There is no clinic 'mian' in this database. Check MYOTOME_DATABASE_URL"):
        verify(hand.database, "mian")
    with pytest.raises(RecordError, match=r"The master key belongs to another clinic \(main\). Give the one of mian"):
        verify(hand.ledger, "mian")


def flipped(value, at, by=1):
    """A value with one byte changed, as the same type."""
    data = bytearray(value.encode() if isinstance(value, str) else value)
    data[at] ^= by
    return bytes(data).decode() if isinstance(value, str) else bytes(data)


def bytes_of(rows, columns, stride):
    """Every place in every column of every row where asked for, else every so manyth."""
    places = all_bytes(rows, columns)
    return places if ALL else places[::stride]


def all_bytes(rows, columns):
    return [(n, c, at) for n, row in enumerate(rows) for c in columns for at in range(len(row[c]))]


def in_memory(rows):
    """What the walk over the rows says of rows that are in memory."""
    walk = walk_of("main", frozenset())
    for row in rows:
        columns = [row[name] for name in TOLD]
        walk.take(row_of(row["position"], row["header"], row["body"], row["hash"], TYPES, columns), None)
    hashes = {row["position"]: row["hash"] for row in rows}
    return Breaks(walk, Order("main", walk.runs, hashes.get), {}).work()


def test_every_single_byte_of_every_event_is_found_and_only_its_row_is_named(record):
    hand, _ = record
    rows = hand.rows()
    assert in_memory(rows) == []
    checked = 0
    for number, column, at in all_bytes(rows, ("header", "body", "hash", *TOLD[1:])):
        changed = {**rows[number], column: flipped(rows[number][column], at)}
        faults = in_memory([*rows[:number], changed, *rows[number + 1 :]])
        assert [(f.position, f.what in ROW_FAULTS) for f in faults] == [(number + 1, True)], (
            number,
            column,
            at,
            faults,
        )
        what = {fault.what for fault in faults}
        last = number == ROWS - 1
        assert what == {column_named(column, last)}, (number, column, at, faults)
        checked += 1
    assert checked > 5000


def column_named(column, last):
    if column in TOLD:
        return "column changed"
    return "hash changed" if column == "hash" and not last else "changed"


def test_a_byte_changed_in_the_database_is_found_with_and_without_the_key(record):
    """The same through the database: each column of each row (all bytes where asked for: they cost ten times more)."""
    hand, heads = record
    rows = hand.rows()
    for number, column, at in bytes_of(rows, ("header", "body", "hash", *TOLD), 97):
        with hand.undone():
            change(hand, EVENT, rows[number], {column: flipped(rows[number][column], at)})
            for key in (True, False):
                faults = hand.look(key=key, against=heads).faults
                wanted = "missing" if column == "clinic" else None
                found = [f for f in faults if f.position == number + 1 and (f.what == wanted or f.what in ROW_FAULTS)]
                cut = column == "clinic" and number == ROWS - 1 and {f.what for f in faults} >= {"cut"}
                assert found or cut, (number, column, at, faults)
                assert {f.position for f in faults if f.what not in ("key", "state")} == {number + 1}, faults


def change(hand, table, row, values):
    """Change one stored row; text that is none only where the database lets it in."""
    where = [column == row[column.name] for column in table.primary_key]
    hand.connection.execute(update(table).where(*where).values(**values))


@pytest.mark.parametrize("table", [KEY, PROJECTION], ids=["key", "projection"])
def test_bytes_of_keys_and_states_changed_in_the_database_are_named(record, table):
    """By stride, as each look costs some milliseconds; all bytes in memory below."""
    hand, _ = record
    rows = hand.rows(table)
    columns = [c.name for c in table.c if c.name != "position"]
    for number, column, at in bytes_of(rows, columns, 13 if hand.database.sqlite else 41):
        with hand.undone():
            change(hand, table, rows[number], {column: flipped(rows[number][column], at)})
            faults = hand.look(states=table is PROJECTION).faults
            kind = "key" if table is KEY else "state"
            named = {f.id.rpartition("/")[2] for f in faults if f.what == kind}
            assert rows[number]["id"] in named, (number, column, faults)
            assert {f.what for f in faults} == {kind}, (number, column, at, faults)


def test_no_key_and_no_state_opens_with_any_byte_beside_or_in_it_changed(record):
    hand, _ = record
    keys = Keys(hand.connection, "main", hand.ledger.master, bytes)
    rows, told = hand.rows(KEY), ("id", "owner", "master", "wrapped")
    for number, column, at in all_bytes(rows, told):
        row = {**rows[number], column: flipped(rows[number][column], at)}
        with pytest.raises(RecordError):
            keys.unwrap(*(row[name] for name in told))
    rows, told = hand.rows(PROJECTION), ("clinic", "kind", "id", "person", "sort", "position")
    for number, column, at in all_bytes(rows, (*told[:5], "sealed")):
        row = {**rows[number], column: flipped(rows[number][column], at)}
        with pytest.raises(RecordError):
            unseal(keys.of(row["key"]), row["sealed"], beside_of(*(row[name] for name in told)))


BLOWS = st.lists(
    st.tuples(
        st.sampled_from(["byte", "out", "exchanged", "copied", "moved", "linked anew"]),
        st.integers(0, ROWS - 1),
        st.integers(0, 999),
    ),
    min_size=1,
    max_size=6,
)


@given(BLOWS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_mixture_of_blows_goes_unnoticed(record, blows):
    """With the head of the end; many changes at once may be told in other words, but never as nothing."""
    hand, heads = record
    before = hand.rows()
    rows = [dict(row) for row in before]
    for blow in blows:
        rows = struck(rows, *blow)
    faults = in_memory(rows)
    fits = bool(rows) and (rows[-1]["position"], rows[-1]["hash"].hex()) == (heads[-1].position, heads[-1].hash)
    assert (faults == [] and fits) == (rows == before), faults


def struck(rows, blow, one, two):
    """Rows after a blow, in the order of their positions."""
    if not rows:
        return rows
    row, other = rows[one % len(rows)], rows[two % len(rows)]
    if blow == "byte":
        column = ("header", "body", "hash", "id", "author")[two % 5]
        row[column] = flipped(row[column], two % len(row[column]))
    elif blow == "out":
        rows = [kept for kept in rows if kept is not row]
    elif blow == "exchanged":
        row["position"], other["position"] = other["position"], row["position"]
    elif blow == "copied":
        rows = [*rows, {**row, "position": max(kept["position"] for kept in rows) + 1 + two % 2, "id": f"copy-{two}"}]
    elif blow == "moved":
        for kept in rows[one % len(rows) :]:
            kept["position"] += two % 3
    else:
        at = one % len(rows)
        previous = rows[at - 1]["hash"] if at else first("main")
        for kept in rows[at : at + 1 + two % 4]:
            previous = kept["hash"] = link(previous, kept["header"], kept["body"])
    return sorted(rows, key=lambda kept: kept["position"])


def test_every_row_taken_out_is_named(record):
    hand, heads = record
    for number in range(1, ROWS + 1):
        with hand.undone():
            hand.connection.execute(EVENT.delete().where(EVENT.c.position == number))
            for key in (True, False):
                rows = [f for f in hand.look(key=key, against=heads).faults if f.what not in ("key", "state")]
                wanted = "cut" if number == ROWS else "missing"
                assert [(f.position, f.what) for f in rows] == [(number, wanted)], rows
                if number < ROWS:
                    assert f"Row {number} is missing" in rows[0].sentence


def test_a_row_taken_out_and_the_rest_moved_up_is_named(record):
    hand, heads = record
    for number in range(1, ROWS):
        with hand.undone():
            hand.connection.execute(EVENT.delete().where(EVENT.c.position == number))
            shift(hand, number, -1)
            for key in (True, False):
                faults = hand.look(key=key, against=heads).faults
                assert any(f.position == number and f.what in ("missing", "changed") for f in faults), (number, faults)
                assert len([f for f in faults if f.what != "key"]) <= 4, faults


def shift(hand, start, by):
    """Renumber all rows from one on."""
    later = EVENT.c.position >= start
    for step in (1000, by - 1000):
        hand.connection.execute(update(EVENT).where(later).values(position=EVENT.c.position + step))


def test_a_forged_row_put_in_and_the_rest_moved_down_is_named(record):
    hand, heads = record
    for number in (1, 2, 7, ROWS):
        rows = hand.rows()
        with hand.undone():
            shift(hand, number, 1)
            forged = forge(rows[number - 1], previous=rows[number - 2]["hash"] if number > 1 else first("main"))
            hand.connection.execute(insert(EVENT), forged)
            for key in (True, False):
                faults = hand.look(key=key, against=heads).faults
                assert (number, "inserted") in {(f.position, f.what) for f in faults}, (number, faults)


def forge(row, previous, **other):
    """A row of an attacker without keys: another id and body, consistently linked."""
    name = other.get("id", "forged-" + row["id"][:20])
    head = row["header"].replace(row["id"].encode(), name.encode())
    body = other.get("body", bytes(60))
    return {**row, "id": name, "header": head, "body": body, "hash": link(previous, head, body)}


def test_a_copied_row_is_called_a_copy(record):
    hand, heads = record
    for number in (1, 5, ROWS):
        with hand.undone():
            copy = {**hand.rows()[number - 1], "position": ROWS + 1, "id": "copy"}
            hand.connection.execute(insert(EVENT), copy)
            for key in (True, False):
                (fault,) = hand.look(key=key, against=heads).faults
                assert (fault.position, fault.what) == (ROWS + 1, "doubled")
                assert f"copy of row {number}" in fault.sentence


def test_a_forged_row_at_the_end_does_not_open(record):
    """Without a later head the chain alone cannot tell it from a true one; the clinic's key can."""
    hand, _ = record
    with hand.undone():
        last = hand.rows()[-1]
        head = last["header"].replace(b'"position":12', b'"position":13')
        hand.connection.execute(insert(EVENT), forge({**last, "position": 13, "header": head}, last["hash"]))
        (fault,) = hand.look().faults
        assert (fault.position, fault.what) == (13, "does not open")


def test_every_pair_of_exchanged_rows_is_named(record):
    hand, heads = record
    for low, high in combinations(range(1, ROWS + 1), 2):
        with hand.undone():
            for old, new in ((low, 99), (high, low), (99, high)):
                hand.connection.execute(update(EVENT).where(EVENT.c.position == old).values(position=new))
            for key in (True, False) if (low + high) % 4 == 0 or ALL else (False,):
                (fault,) = hand.look(key=key, against=heads, states=False).faults
                assert fault.what == "exchanged"
                assert f"Rows {low} and {high} were exchanged" in fault.sentence


def test_every_tail_cut_is_named_by_a_head(record):
    hand, heads = record
    for kept in range(ROWS):
        with hand.undone():
            hand.connection.execute(EVENT.delete().where(EVENT.c.position > kept))
            for key in (True, False):
                faults = [f for f in hand.look(key=key, against=heads[-1:]).faults if f.what not in ("key", "state")]
                assert [(f.position, f.what) for f in faults] == [(ROWS, "cut")]
                assert f"says {ROWS} rows, the record ends at row {kept}" in faults[0].sentence


@pytest.mark.parametrize("has_keys", [False, True])
def test_a_chain_rewritten_from_any_row_on_is_named_by_two_heads(record, has_keys):
    """Hashes made anew from a row on; and by one who has the master key, bodies encrypted and heads signed anew."""
    hand, heads = record
    for start in range(1, ROWS + 1):
        with hand.undone():
            rewrite(hand, start, has_keys)
            kept = [head for head in heads if head.position in (start - 1, ROWS)]
            faults = [f for f in hand.look(key=False, against=kept).faults if f.what != "state"]
            assert [(f.position, f.what) for f in faults] == [(ROWS, "rewritten")], faults
            assert f"changed between row {start} and row {ROWS}" in faults[0].sentence
            keyed = [(f.position, f.what) for f in hand.look(states=False).faults]
            # Of what a thief of the master key made, and of the erased person's rows, only heads kept elsewhere tell.
            assert keyed == ([] if has_keys or start in ERASED_ROWS else [(start, "does not open")]), keyed


def rewrite(hand, start, has_keys):
    """Change a row, then make all hashes after it anew."""
    rows = hand.rows()
    previous = rows[start - 2]["hash"] if start > 1 else first("main")
    for row in rows[start - 1 :]:
        head, body, author = row["header"], row["body"], row["author"]
        if row["position"] == start:
            head, author = head.replace(b"staff-1", b"staff-2"), "staff-2"
            key = Keys(hand.connection, "main", hand.ledger.master, bytes).find(json.loads(head)["key"])
            if has_keys and key:
                body = seal(key, unseal(key, body, row["header"]), head, secrets.token_bytes)
        previous = link(previous, head, body)
        change(hand, EVENT, row, {"header": head, "body": body, "hash": previous, "author": author})


def test_a_chain_mended_only_in_part_breaks_where_the_mending_ends(record):
    """Rows 3 to 5 linked anew, the rest left: the break is named, and with the keys the changed row too."""
    hand, heads = record
    with hand.undone():
        before = hand.rows()
        rewrite(hand, 3, has_keys=False)
        for row in before[5:]:
            change(hand, EVENT, row, {"hash": row["hash"]})
        for kept in ((), (heads[1], heads[8])):
            assert [(f.position, f.what) for f in hand.look(key=False, against=kept).faults] == [(6, "changed")]
            keyed = [(f.position, f.what) for f in hand.look(against=kept).faults]
            assert keyed == [(3, "does not open"), (6, "rewritten")]


def test_several_changed_rows_are_each_named_and_no_others(record):
    hand, _ = record
    rows = hand.rows()
    with hand.undone():
        for number, column in ((2, "hash"), (3, "hash"), (6, "body"), (9, "header"), (10, "hash")):
            change(hand, EVENT, rows[number - 1], {column: flipped(rows[number - 1][column], 7)})
        change(hand, EVENT, rows[11], {"author": "staff-9"})
        faults = [(f.position, f.what) for f in hand.look(key=False).faults]
        wanted = [(2, "hash changed"), (3, "hash changed"), (6, "changed"), (9, "changed"), (10, "hash changed")]
        assert faults == [*wanted, (12, "column changed")]


def test_a_head_tells_which_part_of_the_last_row_was_changed(record):
    hand, heads = record
    last = hand.rows()[-1]
    for column, what in (("hash", "hash changed"), ("body", "changed")):
        with hand.undone():
            change(hand, EVENT, last, {column: flipped(last[column], 20)})
            (fault,) = hand.look(key=False, against=heads).faults
            assert (fault.position, fault.what, "or its hash" in fault.sentence) == (ROWS, what, False)


def test_heads_that_are_not_this_clinics(record):
    hand, heads = record
    other = sign("other", 3, bytes(32), "", bytes(32))
    with pytest.raises(RecordError, match=r"belongs to another clinic \(other\). Give one of main"):
        hand.look(against=[other])
    with pytest.raises(RecordError, match="signature of this head does not fit"):
        hand.look(against=[replace(heads[2], position=4)])
    forged = sign("main", 3, bytes.fromhex(heads[2].hash), heads[2].at, b"x" * 32)
    (fault,) = hand.look(against=[forged]).faults
    assert (fault.position, fault.what) == (3, "signer")
    assert "signed with another key than this clinic's" in fault.sentence
    on_paper = read_head(heads[4].words[:22])
    assert hand.look(against=[on_paper]).sound
    wrong = read_head("5:" + "0" * 16)
    assert [f.what for f in hand.look(against=[wrong]).faults] == ["rewritten"]


def test_keys_of_an_erased_person_put_back_are_named(record):
    hand, _ = record
    kept = hand.rows(KEY)[0]
    with hand.ledger.reading() as reading:
        gone = reading.event(hand.rows()[9]["id"]).body["keys"]
    with hand.undone():
        hand.connection.execute(insert(KEY), {**kept, "id": gone[0]})
        told = {f.sentence for f in hand.look().faults if f.id == gone[0]}
        assert any("is there again although it was destroyed" in sentence for sentence in told)


def test_keys_destroyed_without_an_erasure_unused_or_of_somebody_else_are_named(record):
    hand, _ = record
    row = next(row for row in hand.rows(KEY) if row["id"] == row["owner"])
    keys = Keys(hand.connection, "main", hand.ledger.master, secrets.token_bytes)
    with hand.undone():
        keys.destroy([row["id"]])
        sentences = [f.sentence for f in hand.look().faults if f.what == "key"]
        assert len(sentences) == 1 and f"The key {row['id']} is missing, and no erasure lists it" in sentences[0]
    with hand.undone():
        keys.make("unused", "clinic")
        assert [f.sentence for f in hand.look().faults] == [
            "The key unused of clinic is there, but nothing was recorded with it."
        ]
    with hand.undone():
        keys.hand_over(row["id"], "nobody")
        (fault,) = hand.look().faults
        assert fault.sentence == f"The key {row['id']} belongs to nobody, but what it seals names another person."


def test_states_taken_away_or_made_up_are_named(record):
    hand, _ = record
    row = hand.rows(PROJECTION)[0]
    with hand.undone():
        hand.connection.execute(PROJECTION.delete().where(PROJECTION.c.id == row["id"]))
        (fault,) = hand.look().faults
        assert "is not kept, though the events give it" in fault.sentence
    with hand.undone():
        hand.connection.execute(insert(PROJECTION), {**row, "id": "made-up"})
        (fault,) = hand.look().faults
        assert "is kept, but no event gives it" in fault.sentence


def test_much_damage_is_told_in_bounded_words(record):
    """A record of 3,000 rows with every second one changed tells the first breaks and that there are more."""
    hand, _ = record
    row = hand.rows()[0]
    many = [
        {**row, "position": n, "id": f"x{n}", "header": row["header"].replace(b'"position":1,', b'"position":%d,' % n)}
        for n in range(1, 3001)
    ]
    faults = in_memory(many)
    assert 1000 < len(faults) < 3000
    assert faults[-1].what == "many"


def test_a_restored_backup_explains_the_heads_after_it(tmp_path):
    """Heads between backup and restore are told as restored over; the others must fit; without the key it is said."""
    with stores.open_ledger("sqlite", tmp_path) as (bare, url, master):
        ledger = Ledger(bare.database, master, Careful())
        stores.with_people(ledger, people=1)
        at = ledger.head(stores.START)
        bare.database.close()
        backup = tmp_path / "backup.db"
        file = url.removeprefix("sqlite:///")
        shutil.copy(file, backup)
        database = Database(url)
        lost = Ledger(database, master, Careful())
        stores.with_people(lost, people=1, now=stores.START + timedelta(hours=1))
        later = lost.head(stores.START + timedelta(hours=1))
        database.close()
        shutil.copy(backup, file)
        database = Database(url)
        ledger = Ledger(database, master, Careful())
        with ledger.writing(stores.START + timedelta(hours=2)) as record:
            body = {"position": at.position, "hash": at.hash, "lost_to": later.position}
            record.append(stores.draft(kind=RESTORED, body=body))
        stores.with_people(ledger, people=2, now=stores.START + timedelta(hours=3))
        heads = [at, later, ledger.head(stores.START + timedelta(hours=3))]
        (fault,) = verify(ledger, "main", against=heads).faults
        assert (fault.position, fault.what) == (later.position, "restored over")
        assert f"a backup that ended at row {at.position} was restored" in fault.sentence
        report = verify(database, "main", against=heads)
        assert [f.what for f in report.faults] == ["rewritten"]
        assert report.notices == (
            "A backup was restored (row 6); with the master key it can be told which heads this explains.",
        )
        forged = replace(read_head(f"{at.position}:{'0' * 16}"))
        assert [f.what for f in verify(ledger, "main", against=[forged]).faults] == ["rewritten"]
        with ledger.writing(stores.START + timedelta(hours=4)) as record:
            record.append(stores.draft(kind=RESTORED, body={"position": 3, "hash": "00" * 32}))
        (fault,) = verify(ledger, "main").faults
        assert "Row 3 is not the one that the restored backup ended with" in fault.sentence
        database.close()


def test_a_clock_set_back_is_a_notice_and_nothing_else(tmp_path):
    with stores.open_ledger("sqlite", tmp_path) as (ledger, _, _):
        stores.with_people(ledger, people=1)
        stores.with_people(ledger, people=1, now=stores.START - timedelta(days=400))
        report = verify(ledger, "main", against=[ledger.head(stores.START)])
        assert report.sound
        assert len(report.notices) == 1
        assert report.notices[0].startswith("Row 6 was received at 2025-01-25T09:00:00.000000Z, before the row above")


def test_a_flipped_byte_of_the_file_is_refused_named_or_without_effect(tmp_path):
    """Every byte of the SQLite file in turn (a sample by stride unless all are asked for)."""
    with stores.open_ledger("sqlite", tmp_path) as (bare, url, master):
        ledger = Ledger(bare.database, master, Careful())
        small_record(ledger)
        head = ledger.head(stores.START)
        before = everything(ledger)
        ledger.database.forget()
    file = Path(url.removeprefix("sqlite:///"))
    whole = file.read_bytes()
    assert not Path(f"{file}-wal").exists()
    database = Database(f"sqlite:///{file}", exclusive=False)
    places = range(0, len(whole), 1 if ALL else 773)
    seen = Counter(after_flip(database, file, whole, at, master, head, before) for at in places)
    database.close()
    assert seen.keys() == {"refused", "named", "the same"}, seen


def after_flip(database, file, whole, at, master, head, before):
    """What happens to a reader of the file with one byte changed."""
    database.engine.dispose()
    for left in file.parent.glob(f"{file.name}-*"):
        left.unlink()
    file.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :])
    try:
        ledger = Ledger(database, master, Careful())
        if verify(ledger, "main", against=[head]).faults:
            return "named"
        assert everything(ledger) == before, f"byte {at} changed what is read, and nothing was named"
        return "the same"
    except RecordError:
        return "refused"


def everything(ledger):
    """All that a reader can ask for, along every index."""
    with ledger.reading() as record:
        events = record.events()
        people = {event.person for event in events}
        found = [record.events(person=person) for person in sorted(people)]
        found += [record.events(visit=visit) for visit in sorted({event.visit for event in events})]
        found += [record.events(author="staff-1"), [record.event(event.id) for event in events]]
        states = [record.states(kind) for kind in ("person", "visit")] + [record.changed("visit", 0)]
        return events, found, states, record.keys.owned_by("clinic"), [record.keys.owned_by(p) for p in sorted(people)]
