"""A benchmark that loads a million sessions in bulk must store what the product would have stored."""

import datetime

from benchmarks.records.bulk import TABLES, Bulk
from benchmarks.records.past import ALIKE, sessions

from myotome.clinic.entries.persons import PersonRegistered
from myotome.clinic.entries.visits import ExaminationRecorded, ExplanationFrozen, PlanFrozen, VisitOpened
from myotome.clinic.folding.projector import ClinicProjector
from myotome.records.database import Database
from myotome.records.event import instant
from myotome.records.ledger import Ledger, found
from myotome.records.master import new_master
from tests.stores import START, draft

DAY = START.date()
KNOWN = {"engine": "1", "edition": "2026", "profile": "emg", "says": "C6 root, left"}
IN_VISIT = (
    VisitOpened(day=DAY, reason="first visit"),
    ExaminationRecorded(case={"findings": ["weak biceps" * 50]}),
    ExplanationFrozen(**KNOWN, explanation={"text": "C6" * 300}),
    PlanFrozen(**KNOWN, plan={"text": "paraspinal" * 60}),
)


def same(length):
    """No randomness, so that two records can be compared byte for byte; never for anything that is kept."""
    return bytes(length)


def drafts():
    """A person with two visits; the second tells the same again, which the bulk load writes once."""
    born = datetime.date(1970, 2, 1)
    yield draft("p-1", name="e-1", kind="person.registered", version=2, body=told(PersonRegistered, born))
    for visit in ("v-1", "v-2"):
        for number, entry in enumerate(IN_VISIT):
            kind = type(entry)
            name = f"{visit}-{number}"
            yield draft("p-1", visit, BODIES[number], name, kind=kind.kind, version=kind.version)


def told(kind, born):
    return kind(family="Müller", given="Ada", birth_date=born).body()


BODIES = [entry.body() for entry in IN_VISIT]


def rows(database):
    with database.reading() as connection:
        return {table.name: sorted(map(tuple, connection.execute(table.select()))) for table in TABLES}


def ledger_in(folder):
    database, master = Database(f"sqlite:///{folder}/clinic.db"), new_master("main", same)
    found(database, master, same)
    return Ledger(database, master, ClinicProjector(), same)


def test_bulk_load_stores_the_same_bytes_as_writing(tmp_path):
    one, other = ledger_in(tmp_path / "one"), ledger_in(tmp_path / "other")
    before = rows(other.database)
    bulk = Bulk(other)
    with one.writing(START) as record:
        for name in ("p-1", "v-1", "v-2"):
            record.keys.make(name, "p-1")
            bulk.key(name, "p-1")
        for each in drafts():
            record.append(each)
            bulk.append(each, instant(START))
    bulk.settle()
    made = bulk.taken()
    written = rows(one.database)
    assert {name: sorted(before[name] + made[name]) for name in made} == written
    assert len(written["event"]) == 9
    assert len(written["projection"]) == 7
    for ledger in (one, other):
        ledger.database.close()


def test_past_has_as_many_sessions_as_asked_in_order_of_time():
    told = list(sessions(2000))
    assert len(told) == 2000
    assert [one.at for one in told] == sorted(one.at for one in told)
    assert [one.number for one in told if one.person == 0] == list(range(ALIKE))
    assert 1700 < sum(not one.examined for one in told) < 1850
