"""What a record promises to those who write to it, the same on both databases."""

from __future__ import annotations

import random
import subprocess
import sys
import textwrap
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from myotome.errors import RecordError
from myotome.records.database import Database
from myotome.records.event import CLINIC, canonical
from myotome.records.ledger import Ledger, clinics, found
from myotome.records.master import new_master, write_master
from myotome.records.tables import EVENT, METADATA, PROJECTION
from myotome.records.verification.verify import verify
from tests import stores
from tests.contract.tampering import Careful, erase
from tests.stores import START, draft, with_people

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module", params=stores.KINDS)
def database(request, tmp_path_factory):
    """One database for all tests of this module; each makes clinics of its own."""
    with stores.database_url(request.param, tmp_path_factory.mktemp("ledger")) as url:
        opened = Database(url)
        yield opened
        opened.close()


def new_clinic(database, seed=None):
    """An empty clinic in a database."""
    draw = random.Random(seed).randbytes if seed is not None else random.randbytes
    master = new_master(f"clinic-{uuid.uuid4().hex[:8]}", draw)
    found(database, master)
    return Ledger(database, master, Careful())


@pytest.fixture
def ledger(database):
    return new_clinic(database)


def stored(ledger):
    """All events of a clinic."""
    with ledger.reading() as record:
        return record.events(limit=10_000)


def sound(ledger):
    """Whether nothing at all is at fault."""
    report = verify(ledger, ledger.clinic, against=[ledger.head(START)])
    assert report.faults == ()
    return report


def test_receipts_tell_position_and_hash_in_the_order_of_writing(ledger):
    drafts = [draft(body={"n": n}) for n in range(5)]
    with ledger.writing(START) as record:
        receipts = [record.append(one) for one in drafts]
    assert [r.position for r in receipts] == [1, 2, 3, 4, 5]
    assert {r.received for r in receipts} == {"2026-03-01T09:00:00.000000Z"}
    events = stored(ledger)
    assert [(e.id, e.hash, e.body) for e in events] == [(r.id, r.hash, {"n": n}) for n, r in enumerate(receipts)]
    assert ledger.head(START).words == f"5:{receipts[-1].hash}"
    assert sound(ledger).rows == 5


def test_a_draft_sent_again_is_recorded_once_and_gives_the_same_receipt(ledger):
    once = draft(body={"text": "as it was"})
    with ledger.writing(START) as record:
        first = record.append(once)
    with ledger.writing(START + timedelta(days=1)) as record:
        again = record.append(once)
    assert (again.id, again.position, again.hash, again.received) == (
        first.id,
        first.position,
        first.hash,
        first.received,
    )
    assert (first.repeated, again.repeated) == (False, True)
    assert len(stored(ledger)) == 1


def test_eight_at_once_sending_the_same_drafts_record_each_once(ledger):
    drafts = [draft(body={"n": n}) for n in range(12)]

    def send(seed):
        mixed = random.Random(seed).sample(drafts, len(drafts))
        receipts = {}
        for one in mixed:
            with ledger.writing(START) as record:
                receipts[one.id] = record.append(one)
        return receipts

    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(send, range(8)))
    assert [e.position for e in stored(ledger)] == list(range(1, 13))
    for one in drafts:
        assert len({(r[one.id].position, r[one.id].hash) for r in sent}) == 1
        assert sum(not r[one.id].repeated for r in sent) == 1
    sound(ledger)


@pytest.mark.parametrize(
    "other",
    [{"body": {"text": "else"}}, {"author": "staff-2"}, {"zone": "UTC"}, {"version": 2}, {"kind": "note.changed"}],
    ids=lambda other: next(iter(other)),
)
def test_an_id_used_for_something_else_is_refused_and_nothing_changes(ledger, other):
    with ledger.writing(START) as record:
        record.append(draft(name="note-1"))
    before = stored(ledger)
    with (
        pytest.raises(RecordError, match=r"The id note-1 was used for another entry. Nothing was recorded"),
        ledger.writing(START) as record,
    ):
        record.append(draft(body={"n": 1}))
        record.append(draft(name="note-1", **other))
    assert stored(ledger) == before


def test_an_exception_in_a_transaction_leaves_nothing_of_it(ledger):
    (person,) = with_people(ledger, people=1)
    before = everything(ledger)
    with pytest.raises(ZeroDivisionError), ledger.writing(START) as record:
        record.append(draft(person))
        record.keys.make("visit-9", person)
        record.append(draft(person, "visit-9"))
        record.drawer("sessions").put("s", {"a": 1})
        record.forget(person, [person])
        raise ZeroDivisionError
    assert everything(ledger) == before
    with ledger.writing(START) as record:
        assert record.append(draft(person)).position == len(before[0]) + 1
    sound(ledger)


def everything(ledger):
    """All of a clinic that can be read: events, states, keys, a drawer."""
    with ledger.reading() as record:
        kept = {kind: sorted(record.states(kind, limit=1000), key=str) for kind in ("person", "visit")}
        owners = sorted({e.person or CLINIC for e in record.events(limit=10_000)})
        keys = {owner: record.keys.owned_by(owner) for owner in owners}
        return record.events(limit=10_000), kept, keys, record.drawer("sessions").all("")


@pytest.mark.parametrize("act", ["UPDATE event SET author = 'x'", "DELETE FROM event", "TRUNCATE event", "REPLACE"])
def test_the_database_refuses_to_change_or_remove_events(database, act):
    ledger = new_clinic(database)
    with ledger.writing(START) as record:
        record.append(draft(name="kept"))
    before = stored(ledger)
    if act.startswith("TRUNCATE") and database.sqlite:
        act = "DELETE FROM event WHERE position > 0"  # SQLite has no such word
    if act == "REPLACE":
        names = ", ".join(f'"{column.name}"' for column in EVENT.c)
        chosen = names.replace('"author"', "'x'")
        start = "INSERT OR REPLACE" if database.sqlite else "INSERT"
        end = "" if database.sqlite else ' ON CONFLICT (clinic, "position") DO UPDATE SET author = excluded.author'
        act = f"{start} INTO event ({names}) SELECT {chosen} FROM event WHERE true{end}"  # noqa: S608
    with (
        pytest.raises(RecordError, match=r"An event is never changed or removed. Record an amendment instead"),
        database.writing(ledger.clinic) as connection,
    ):
        connection.execute(text(act))
    assert stored(ledger) == before


def test_two_clinics_in_one_database_never_see_one_another(database):
    """The same ids of events, people, visits and drawers in both."""
    left, right = new_clinic(database), new_clinic(database)
    for ledger, words in ((left, "left"), (right, "right")):
        with ledger.writing(START) as record:
            record.keys.make("person-1", "person-1")
            record.append(draft("person-1", name="event-1", body={"text": words}))
            record.drawer("sessions").put("s", {"of": words}, owner="staff-1")
    with right.writing(START) as record:
        record.append(draft("person-1", body={"text": "more"}))
    for ledger, words, rows in ((left, "left", 1), (right, "right", 2)):
        with ledger.reading() as record:
            assert len(record.events(person="person-1")) == len(record.events(author="staff-1")) == rows
            assert record.event("event-1").body == {"text": words}
            assert record.state("person", "person-1")["notes"] == rows
            assert record.drawer("sessions").all("staff-1") == [("s", {"of": words})]
    with left.reading() as record, pytest.raises(RecordError, match="does not open with its key"):
        row = record.connection.execute(select(EVENT).where(EVENT.c.clinic == right.clinic)).first()
        record.opened(row)
    erase(left, "person-1")
    assert stored(left)[0].body is None
    assert stored(right)[0].body == {"text": "right"}
    assert {left.clinic, right.clinic} <= set(clinics(database))
    assert (sound(left).rows, sound(right).rows) == (2, 2)
    with pytest.raises(RecordError, match="belongs to another clinic"):
        verify(left, left.clinic, against=[right.head(START)])


def test_a_destroyed_key_takes_bodies_and_states_with_it_and_the_chain_stays(ledger):
    kept, gone = with_people(ledger, people=2)
    with ledger.reading() as record:
        before = record.events(limit=1000, bodies=False)
        visit = record.events(person=gone, newest=True, limit=1)[0].visit
    erase(ledger, gone)
    with ledger.reading() as record:
        assert record.events(limit=1000, bodies=False)[:-1] == before
        assert {event.body for event in record.events(person=gone)[:-1]} == {None}
        assert record.states("visit", [gone]) == record.states("person", [gone]) == []
        assert len(record.states("visit", [kept])) == 2
        assert record.keys.owned_by(gone) == []
        assert record.keys.find(gone) is None
    for more in (draft(gone), draft(gone, visit), draft("", visit)):
        with (
            pytest.raises(RecordError, match=r"was erased, or never existed. Nothing can be added to it"),
            ledger.writing(START) as record,
        ):
            record.append(more)
    assert sound(ledger).rows == len(before) + 1
    assert ledger.rebuild(START) == len(before) + 1
    sound(ledger)


def test_a_visits_key_handed_over_is_destroyed_with_its_new_owner_only(ledger):
    one, other = with_people(ledger, people=2, visits=1)
    with ledger.writing(START) as record:
        visit = record.events(person=one, newest=True, limit=1)[0].visit
        record.append(draft(one, visit, kind="visit.moved", body={"to": other}))
        record.keys.hand_over(visit, other)
        assert visit in record.keys.owned_by(other)
        assert visit not in record.keys.owned_by(one)
    sound(ledger)
    erase(ledger, one)
    with ledger.reading() as record:
        assert record.events(visit=visit)[0].body is not None
    erase(ledger, other)
    with ledger.reading() as record:
        assert record.events(visit=visit)[0].body is None
    sound(ledger)


def test_a_drawer_gives_back_what_was_put_in_until_it_is_thrown_away(ledger):
    with ledger.writing(START) as record:
        drawer = record.drawer("sessions")
        drawer.put("a", {"n": 1}, owner="staff-1", until="2026-03-01")
        drawer.put("b", {"n": 2}, owner="staff-1", until="2026-03-03")
        drawer.put("c", {"n": 3}, owner="staff-2")
        drawer.put("a", {"n": 4}, owner="staff-1", until="2026-03-01")
        record.drawer("other").put("a", {"n": 5}, owner="staff-1")
    with ledger.writing(START) as record:
        drawer = record.drawer("sessions")
        assert drawer.get("a") == {"n": 4}
        assert drawer.get("z") is None
        assert drawer.all("staff-1") == [("a", {"n": 4}), ("b", {"n": 2})]
        assert drawer.sweep("2026-03-02") == 1
        assert drawer.drop("a") is False
        assert drawer.drop_all("staff-1") == 1
        assert drawer.drop("c") is True
        assert record.drawer("other").get("a") == {"n": 5}
    assert stored(ledger) == []


@pytest.mark.parametrize("change", ["owner = 'staff-2'", "until = '9999'", "id = 'b'", "drawer = 'other'"])
def test_what_is_in_a_drawer_cannot_be_given_to_somebody_else_by_a_changed_column(ledger, change):
    with ledger.writing(START) as record:
        record.drawer("keys").put("a", {"n": 1}, owner="staff-1", until="2026-03-01")
        record.connection.execute(
            text(f"UPDATE drawer SET {change} WHERE clinic = :clinic"),  # noqa: S608
            {"clinic": ledger.clinic},
        )
    with ledger.reading() as record, pytest.raises(RecordError, match="does not open with its key"):
        for name in ("keys", "other"):
            record.drawer(name).get("a")
            record.drawer(name).get("b")


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["person", "visit", "note", "note", "visit note", "again", "erase", "move", "undone"]),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=14,
)


class Model:
    """What a record ought to hold, as plain dicts; every step is done to both."""

    def __init__(self, ledger):
        self.ledger, self.sent, self.owner, self.erased, self.states = ledger, [], {}, set(), {}

    def do(self, act, one, two):
        people = [key for key, owner in self.owner.items() if key.startswith("p") and key == owner]
        visits = [key for key in self.owner if key.startswith("v")]
        name, kept = (people or [""])[one % max(len(people), 1)], (visits or [""])[two % max(len(visits), 1)]
        with self.ledger.writing(START + timedelta(seconds=len(self.sent))) as record:
            if act == "person":
                new = f"p{len(self.sent)}-{uuid.uuid4().hex[:6]}"
                record.keys.make(new, new)
                self.owner[new] = new
                self.append(record, draft(new))
            elif act == "visit" and name:
                new = f"v{len(self.sent)}-{uuid.uuid4().hex[:6]}"
                record.keys.make(new, name)
                self.owner[new] = name
                self.append(record, draft(name, new))
            elif act == "note" and name:
                self.append(record, draft(name, body={"n": two}))
            elif act == "visit note" and kept:
                self.append(record, draft(self.owner[kept], kept, body={"n": one}))
            elif act == "again" and self.sent:
                again = self.sent[one % len(self.sent)]
                if again is not None and again.sealed_by in self.owner:
                    assert record.append(again).repeated
            elif act == "move" and kept and name and self.owner[kept] != name:
                self.append(record, draft(self.owner[kept], kept, body={"to": name}))
                record.keys.hand_over(kept, name)
                self.owner[kept] = name
        if act == "erase" and name and two == 0:
            self.erase(name)
        if act == "undone" and name:
            with pytest.raises(ZeroDivisionError), self.ledger.writing(START) as record:
                record.append(draft(name))
                raise ZeroDivisionError

    def append(self, record, made):
        record.append(made)
        self.sent.append(made)
        place = ("visit", made.visit) if made.visit else ("person", made.person)
        before = self.states.get(place, {"notes": 0})["notes"]
        self.states[place] = {"notes": before + 1, "last": made.body}

    def erase(self, name):
        keys = erase(self.ledger, name)
        assert sorted(keys) == sorted(key for key, owner in self.owner.items() if owner == name)
        self.sent.append(None)
        self.sent = [one for one in self.sent if one is None or one.sealed_by not in keys] + [None] * sum(
            one is not None and one.sealed_by in keys for one in self.sent
        )
        self.states = {
            place: state for place, state in self.states.items() if place[1] not in keys and place[1] != name
        }
        self.owner = {key: owner for key, owner in self.owner.items() if owner != name}


@given(OPERATIONS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_operations_gives_the_states_of_a_dict_and_no_false_alarm(database, operations):
    ledger = new_clinic(database)
    model, heads = Model(ledger), []
    for act, one, two in operations:
        model.do(act, one, two)
        heads.append(ledger.head(START))
    with ledger.reading() as record:
        kept = {(kind, name): state for kind in ("person", "visit") for name, state in record.states(kind)}
    assert kept == model.states
    before = everything(ledger)
    assert ledger.rebuild(START) == len(model.sent)
    assert everything(ledger) == before
    for record in (ledger, database):
        report = verify(record, ledger.clinic, against=heads)
        assert (report.faults, report.rows) == ((), len(model.sent))


def test_a_second_instance_on_a_file_is_refused_by_its_sentence_and_a_reader_is_not(tmp_path):
    with stores.open_ledger("sqlite", tmp_path) as (ledger, url, _):
        with pytest.raises(RecordError, match=r"is already open in another Myotome \(process \d+\). Use that one, or"):
            Database(url)
        with_people(ledger, people=1)
        reader = Database(url, exclusive=False)
        assert verify(reader, "main").rows == 5
        reader.close()


WRITER = """
    import sys
    from pathlib import Path
    from myotome.records.database import Database
    from myotome.records.ledger import Ledger
    from myotome.records.master import read_master
    from tests.stores import START, Counting, draft

    url, key = sys.argv[1:]
    ledger = Ledger(Database(url), read_master(Path(key)), Counting())
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(40):
        with ledger.writing(START) as record:
            print(record.append(draft()).position)
"""


def test_two_processes_write_to_one_postgresql_without_gaps_or_doubles(tmp_path):
    with stores.open_ledger("postgresql", tmp_path) as (ledger, url, master):
        write_master(tmp_path / "key", master)
        call = [sys.executable, "-c", textwrap.dedent(WRITER), url, str(tmp_path / "key")]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        writers = [subprocess.Popen(call, **pipes) for _ in range(2)]
        assert [writer.stdout.readline() for writer in writers] == ["ready\n"] * 2
        for writer in writers:
            writer.stdin.write("go\n")
            writer.stdin.flush()
        told = [[int(line) for line in writer.communicate(timeout=60)[0].split()] for writer in writers]
        assert sorted(told[0] + told[1]) == list(range(1, 81))
        assert max(told[0][0], told[1][0]) < 80
        assert sound(ledger).rows == 80


@pytest.mark.parametrize("kind", stores.KINDS)
def test_what_was_opened_for_reading_writes_nothing(kind, tmp_path):
    with stores.open_ledger(kind, tmp_path) as (ledger, url, master):
        with_people(ledger, people=1)
        before = everything(ledger)
        reader = Database(url, exclusive=False)
        for_reading = Ledger(reader, master, Careful())
        assert everything(for_reading) == before
        with (
            pytest.raises(RecordError, match=r"its disk or file is read-only. Nothing was recorded"),
            for_reading.writing(START) as record,
        ):
            record.append(draft())
        reader.close()
        assert everything(ledger) == before


@pytest.mark.parametrize("kind", stores.KINDS)
def test_tables_after_the_migrations_are_the_tables_of_the_code(kind, tmp_path):
    with stores.open_ledger(kind, tmp_path) as (ledger, _, _), ledger.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


@pytest.mark.parametrize("kind", stores.KINDS)
def test_a_newer_or_an_older_database_is_refused_by_its_sentence(kind, tmp_path):
    with stores.open_ledger(kind, tmp_path) as (ledger, url, _):
        with ledger.database.engine.connect().execution_options(writing=True) as connection, connection.begin():
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(RecordError, match=r"has tables of a newer Myotome \(9999\). Open it with that version"):
            Database(url, exclusive=False)
        with ledger.database.engine.connect().execution_options(writing=True) as connection, connection.begin():
            connection.execute(text("DELETE FROM alembic_version"))
        with pytest.raises(RecordError, match=r"tables of an older Myotome. Start 'myotome serve' once"):
            Database(url, exclusive=False)


def test_a_clinic_is_founded_once_and_opened_with_its_own_key_only(database, ledger):
    with pytest.raises(RecordError, match=r"There is a clinic .* in this database already. Open it with its own"):
        found(database, new_master(ledger.clinic, random.randbytes))
    with pytest.raises(RecordError, match="does not hold the key"):
        Ledger(database, new_master(ledger.clinic, random.randbytes), Careful())
    with pytest.raises(RecordError, match="There is no clinic 'nowhere' in this database"):
        Ledger(database, new_master("nowhere", random.randbytes), Careful())
    with pytest.raises(RecordError, match="'Main Street' cannot name a clinic"):
        found(database, new_master("Main Street", random.randbytes))


def test_states_are_asked_for_by_person_order_and_change(ledger):
    one, two = with_people(ledger, people=2, visits=2, notes=1)
    with ledger.reading() as record:
        visits = record.states("visit", [one])
        assert len(visits) == 2
        assert [state["notes"] for _, state in visits] == [1, 1]
        assert [name for name, _ in record.states("person")] == [two, one]
        assert [name for name, _ in record.states("person", before="2026-03-01T09:00:01.000000Z")] == [one]
        assert [p for _, _, p in record.changed("visit", 2)] == [3, 5, 6]
        assert [e.position for e in record.events(newest=True, limit=2)] == [6, 5]
        assert [e.position for e in record.events(kinds=["note.made"], after=1, before=4)] == [2, 3]
    with ledger.database.reading() as connection:
        sealed = connection.execute(select(PROJECTION.c.sealed).where(PROJECTION.c.clinic == ledger.clinic)).scalars()
        assert not any("Müller".encode() in data for data in sealed)


def test_canonical_form_does_not_depend_on_the_order_of_keys():
    assert canonical({"b": 1, "a": {"d": "ü", "c": None}}) == '{"a":{"c":null,"d":"ü"},"b":1}'.encode()


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), "\ud800", {1, 2}, b"x", object()],
    ids=["nan", "inf", "half", "set", "bytes", "object"],
)
def test_a_value_that_cannot_be_written_down_is_refused_by_its_sentence(ledger, value):
    with (
        pytest.raises(RecordError, match="holds something that cannot be written down"),
        ledger.writing(START) as record,
    ):
        record.append(draft(body={"a": [value]}))
    assert stored(ledger) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"kind": "Note"}, "'Note' is not a kind of entry; a kind reads like 'visit.opened'"),
        ({"name": "A b"}, "The id 'A b' is not an identifier: use small letters, digits and hyphens, 64 at most"),
        ({"author": "x" * 65}, "The author 'x+' is not an identifier"),
        ({"person": "../x"}, "The person '../x' is not an identifier"),
        ({"device_time": "2026-03-01T10:00:00"}, "is not a time with its offset; write it like 2026-03-01"),
        ({"zone": "Europe / Berlin"}, "is not the name of a time zone, such as America/Vancouver"),
        ({"body": {"text": "x" * 1_000_001}}, r"The entry has 1000012 bytes; at most 1000000 are recorded at once"),
    ],
    ids=["kind", "id", "author", "person", "time", "zone", "size"],
)
def test_a_draft_that_cannot_be_stored_is_refused_by_its_sentence(ledger, wrong, words):
    with pytest.raises(RecordError, match=words), ledger.writing(START) as record:
        record.append(draft(**wrong))
    assert stored(ledger) == []
