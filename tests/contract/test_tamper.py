"""Whatever is done to the stored rows by somebody who can write to the database is found, and named."""

from __future__ import annotations

import os
from itertools import combinations

import pytest
from sqlalchemy import insert, update

from myotome.errors import RecordError
from myotome.records.chain import first, link, sign
from myotome.records.database import Database
from myotome.records.event import CLINIC, RESTORED, canonical, instant
from myotome.records.keys import SIGNING
from myotome.records.ledger import Ledger
from myotome.records.seal import seal
from myotome.records.tables import EVENT, KEY, PROJECTION
from myotome.records.verify import verify
from myotome.records.verify_breaks import Breaks
from myotome.records.verify_order import Order
from myotome.records.verify_rows import TOLD, TYPES, row_of, walk_of
from tests import stores
from tests.contract.tampering import ROWS, Careful, Hand, small_record

pytestmark = pytest.mark.enable_socket
ALL = os.environ.get("MYOTOME_TAMPER") == "all"
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


def flipped(value, at, by=1):
    """A value with one byte changed, as the same type."""
    data = bytearray(value.encode() if isinstance(value, str) else value)
    data[at] ^= by
    return bytes(data).decode() if isinstance(value, str) else bytes(data)


def bytes_of(rows, columns, stride):
    """Every place in every column of every row, or every so manyth."""
    places = [(n, c, at) for n, row in enumerate(rows) for c in columns for at in range(len(row[c]))]
    return places if ALL else places[::stride]


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
    for number, column, at in bytes_of(rows, ("header", "body", "hash", *TOLD[1:]), 1):
        changed = {**rows[number], column: flipped(rows[number][column], at)}
        faults = in_memory([*rows[:number], changed, *rows[number + 1 :]])
        assert [(f.position, f.what in ROW_FAULTS) for f in faults] == [(number + 1, True)], (number, column, at, faults)
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
    for number, column, at in bytes_of(rows, ("header", "body", "hash", *TOLD), 61):
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
def test_every_byte_of_keys_and_states_is_found_with_the_key(record, table):
    """PostgreSQL takes each verification three times as long, so by stride there; it stores the same bytes."""
    hand, _ = record
    rows = hand.rows(table)
    columns = [c.name for c in table.c if c.name != "position"]
    for number, column, at in bytes_of(rows, columns, 11 if hand.database.sqlite else 41):
        with hand.undone():
            change(hand, table, rows[number], {column: flipped(rows[number][column], at)})
            faults = hand.look().faults
            kind = "key" if table is KEY else "state"
            named = {f.id.rpartition("/")[2] for f in faults if f.what == kind}
            assert rows[number]["id"] in named or column in ("id",), (number, column, faults)
            assert named and {f.what for f in faults} == {kind}, (number, column, at, faults)


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
            keyed = hand.look(states=False).faults
            if not has_keys:
                assert [(f.position, f.what) for f in keyed] == [(start, "does not open")], keyed
            else:
                assert keyed == ()  # only heads kept elsewhere tell


def rewrite(hand, start, has_keys):
    """Change a row, then make all hashes after it anew."""
    rows = hand.rows()
    previous = rows[start - 2]["hash"] if start > 1 else first("main")
    with_key = hand.ledger
    for row in rows[start - 1 :]:
        head, body = row["header"], row["body"]
        if row["position"] == start:
            head = head.replace(b"staff-1", b"staff-2")
            if has_keys:
                from myotome.records.keys import Keys

                name = __import__("json").loads(head)["key"]
                key = Keys(hand.connection, "main", with_key.master, bytes).find(name)
                body = seal(key, canonical({"text": "forged"}), head, lambda n: b"n" * n) if key else body
        previous = link(previous, head, body)
        author = "staff-2" if row["position"] == start else row["author"]
        change(hand, EVENT, row, {"header": head, "body": body, "hash": previous, "author": author})
