"""A record is due, asked for, confirmed by a second person, and then nothing of it can be read, wherever one looks."""

import datetime
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from myotome.clinic import erasure as module
from myotome.clinic.entries.persons import ErasureAsked, PersonRegistered
from myotome.clinic.practice import NotOpenedError
from myotome.errors import AccessError, EntryError, MissingError, RecordError
from myotome.records.database import Database
from myotome.records.heads import signer_of, tombstones_in
from myotome.records.ledger import Ledger
from myotome.records.reading import beside_of
from myotome.records.restore import restore
from myotome.records.seal import unseal
from myotome.records.tables import EVENT, KEY, PROJECTION
from tests.charted import charted
from tests.stores import KINDS, database_url

pytestmark = pytest.mark.enable_socket  # PostgreSQL is asked over a socket
LAW, WHY = "Order of the court of 1 February", "The period is over."
YEAR = datetime.timedelta(days=366)


@pytest.fixture
def desk(tmp_path):
    with charted("sqlite", tmp_path) as made:
        yield made


def erase(desk, person, reason=WHY, law=LAW):
    desk.erasure.ask(desk.who("ana"), person, "Asked for by the person.", law)
    desk.erasure.confirm(desk.who("lea"), person, reason, desk.proof("lea"))


def tangled(desk):
    """(anna, her duplicate, ben, her visits, the visit moved to ben): merged, moved in, moved away."""
    anna, twin, ben = desk.person(("pia", "lea")), desk.person(("pia", "lea")), desk.person(family="Berg", given="Ben")
    mine, his = desk.visit(anna, words="Hers from the start"), desk.visit(ben, words="Charted on him by mistake")
    theirs, wrong = desk.visit(twin, words="Of the duplicate"), desk.visit(anna, words="His, charted on her")
    desk.visits.move(desk.who("pia"), his, anna, "It was Anna's.")
    desk.visits.move(desk.who("pia"), wrong, ben, "It was Ben's.")
    desk.people.merge(desk.who("lea"), twin, anna, "The same person.")
    return anna, twin, ben, [mine, his, theirs], wrong


def wrapped_keys(desk):
    with desk.practice.ledger.reading() as record:
        return {row.id: bytes(row.wrapped) for row in record.connection.execute(select(KEY))}


def opens(secrets, sealed, beside):
    for secret in secrets:
        try:
            return unseal(secret, sealed, beside)
        except RecordError:
            continue
    return None


def readable(desk):
    """Everything that any key of the record opens: rows as {position: body}, states as {(kind, id): state}."""
    with desk.practice.ledger.reading() as record:
        secrets = [record.keys.of(row.id) for row in record.connection.execute(select(KEY.c.id))]
        rows = record.connection.execute(select(EVENT.c.position, EVENT.c.header, EVENT.c.body)).all()
        states = record.connection.execute(select(PROJECTION)).all()
    beside = {(s.kind, s.id): beside_of(s.clinic, s.kind, s.id, s.person, s.sort, s.position) for s in states}
    return (
        {row.position: opens(secrets, row.body, row.header) for row in rows},
        {(s.kind, s.id): opens(secrets, s.sealed, beside[s.kind, s.id]) for s in states},
    )


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_an_erased_person_can_be_read(kind, tmp_path):
    """With the master key, every key that is left is tried on every row and every state."""
    with charted(kind, tmp_path) as desk:
        anna, twin, ben, visits, away = tangled(desk)
        bodies, _ = readable(desk)
        before = wrapped_keys(desk)
        acts = [(line.position, line.kind, line.author) for line in desk.audit.of_person(desk.who("ana"), anna)][1:]
        erase(desk, anna)

        gone = {anna, twin, *visits}
        assert set(before) - set(wrapped_keys(desk)) == gone
        after, states = readable(desk)
        lost = {position for position, body in after.items() if body is None}
        with desk.practice.ledger.reading() as record:
            hers = {e.position for e in record.events(limit=10_000, bodies=False) if e.key in gone}
        assert lost == hers and len(hers) > 15 and set(bodies) < set(after)
        assert all(states.values()) and not {name for _, name in states} & set(visits)
        assert (
            json.loads(states["person", anna]).keys()
            == {"id", "erased_at"}
            == json.loads(states["person", twin]).keys()
        )
        whole = "".join(told.decode() for told in (*after.values(), *states.values()) if told)
        assert "Müller" not in whole and "Hers from the start" not in whole and "Of the duplicate" not in whole

        assert "His, charted on her" in whole, "what was moved to somebody else is theirs, and stays"
        assert desk.state("visit", away)["person"] == ben
        lines = desk.audit.of_person(desk.who("aud"), anna)
        assert set(acts) < {(line.position, line.kind, line.author) for line in lines}
        told = next(line for line in lines if line.kind == "person.erased")
        ana = desk.house.staff["ana"]
        early = f"(before the period of retention was over: {LAW})"
        assert told.who == "Lea Lead"
        assert told.what == f"erased the record for good, asked for by Ana Owner: {WHY} {early}"
        assert any(line.author == ana and line.what.endswith("(erased since)") for line in lines)
        assert desk.audit.verify(desk.who("aud")).faults == ()
        desk.practice.ledger.rebuild(desk.clock())
        assert readable(desk)[1] == states, "states made anew are the same"


def test_nobody_finds_an_erased_person_again(desk):
    """Not by search, id or alikeness; the words are those for somebody who never was."""
    anna = desk.person(phone="604 555 0101")
    assert [one.id for one in desk.people.search(desk.who("pia"), "mull")] == [anna]
    visit = desk.visit(anna)
    erase(desk, anna)
    assert desk.people.search(desk.who("pia"), "mull") == []
    assert "ller" not in f"{vars(desk.people.index)}", "nor in the memory of the process"
    again = PersonRegistered(family="Müller", given="Anna", birth_date="1990-04-02")
    assert desk.people.alike(again) == []
    for reach in (
        lambda: desk.people.open(desk.who("pia"), anna, ["name", "birth date"]),
        lambda: desk.erasure.ask(desk.who("ana"), anna, "Again."),
        lambda: desk.erasure.confirm(desk.who("lea"), anna, "Again.", desk.proof("lea")),
        lambda: desk.erasure.when(desk.who("ana"), anna),
        lambda: desk.exports.person_json(desk.who("pia"), anna),
    ):
        with pytest.raises(MissingError, match="nobody by that number in this clinic"):
            reach()
    with pytest.raises(MissingError, match="no such visit in this clinic"):
        desk.exports.note_pdf(desk.who("pia"), visit)


def test_the_files_hold_no_byte_of_the_keys(desk):
    anna = desk.person()
    keys = wrapped_keys(desk)
    file = Path(desk.practice.ledger.database.url.database)
    files = (file, file.with_name(f"{file.name}-wal"))
    assert any(keys[anna] in each.read_bytes() for each in files)
    erase(desk, anna)
    assert not any(keys[anna] in each.read_bytes() for each in files)


def test_an_old_backup_does_not_bring_them_back(desk, tmp_path):
    """The tombstone in the folder of heads is the clinic's own; the restored record opens, tells of it and is sound."""
    anna, twin, ben, _, _ = tangled(desk)
    made = desk.keeper.backup(desk.who("ana"), tmp_path / "old.myotome")
    erase(desk, anna)
    ledger = desk.practice.ledger
    with ledger.reading() as record:
        stones = tombstones_in(desk.heads, ledger.clinic, signer_of(record))
    assert {stone.person for stone in stones} == {anna, twin}
    assert all(not stone.reason for stone in stones), "that file is not encrypted: no words of people in it"
    with database_url("sqlite", tmp_path) as url:
        told = {"heads_folder": desk.heads, "now": desk.clock(), "by": "console"}
        restored = restore(made.file, url, ledger.master, ledger.projector, **told)
        assert set(restored.erased) == {anna, twin}
        database = Database(url)
        try:
            new = Ledger(database, ledger.master, ledger.projector)
            with new.reading() as record:
                assert record.state("person", anna).keys() == {"id", "erased_at"}
                assert record.state("person", ben)["family"] == "Berg"
                assert not {anna, twin} & set(record.connection.execute(select(KEY.c.owner)).scalars())
        finally:
            database.close()


def test_a_second_person_confirms(desk):
    anna = desk.person()
    with pytest.raises(EntryError, match="Nobody asked for the erasure"):
        desk.erasure.confirm(desk.who("lea"), anna, WHY, desk.proof("lea"))
    desk.erasure.ask(desk.who("ana"), anna, "She asked.", LAW)
    with pytest.raises(EntryError, match="asked for already"):
        desk.erasure.ask(desk.who("lea"), anna, "She asked.", LAW)
    with pytest.raises(AccessError, match=r"asked for this erasure yourself. A second person must confirm it"):
        desk.erasure.confirm(desk.who("ana"), anna, WHY, desk.proof("ana"))
    with pytest.raises(AccessError, match="Sign in again to erase"):
        desk.erasure.confirm(desk.who("lea"), anna, WHY, desk.proof("ana"))
    with pytest.raises(AccessError, match="do not let you confirm erasure"):
        desk.erasure.confirm(desk.who("pia"), anna, WHY, desk.proof("pia"))
    with pytest.raises(AccessError, match="do not let you ask erasure"):
        desk.erasure.refuse(desk.who("pia"), anna, "No.")
    (waiting,) = desk.erasure.asked(desk.who("lea"))
    assert (waiting.person, waiting.asked.law, waiting.asked.by) == (anna, LAW, desk.house.staff["ana"])
    desk.erasure.refuse(desk.who("lea"), anna, "She changed her mind.")
    assert desk.erasure.asked(desk.who("lea")) == []
    with pytest.raises(EntryError, match="was not asked for"):
        desk.erasure.refuse(desk.who("lea"), anna, "Twice.")
    assert desk.state("person", anna)["family"] == "Müller"


def test_what_must_be_kept_goes_only_by_a_law_that_is_named(desk):
    """In Germany for ten years after the last entry; the day after that no law is needed."""
    anna = desk.person()
    desk.visit(anna)
    found = desk.erasure.when(desk.who("ana"), anna)
    assert (found.last_entry, found.first_day) == (datetime.date(2026, 3, 1), datetime.date(2036, 3, 2))
    assert "Germany: 10 years after the last entry" in found.rule and "630f" in found.source and not found.is_due
    with pytest.raises(EntryError, match=r"must be kept until 2036-03-02 .Germany.*name the law or the order"):
        desk.erasure.ask(desk.who("ana"), anna, "She asked.")
    desk.clock.now = datetime.datetime(2036, 3, 1, 22, 59, tzinfo=datetime.UTC)
    assert not desk.erasure.when(desk.who("ana"), anna).is_due, "a minute to midnight in Berlin"
    desk.clock.forward(minutes=2)
    erase(desk, anna, law="")


def test_an_entry_since_it_was_asked_keeps_the_record(desk):
    anna = desk.person()
    desk.clock.now += 11 * YEAR
    desk.erasure.ask(desk.who("ana"), anna, "Due.")
    desk.open(anna, "pia")
    desk.visit(anna)
    with pytest.raises(EntryError, match="must be kept until 2047"):
        desk.erasure.confirm(desk.who("lea"), anna, WHY, desk.proof("lea"))
    assert desk.state("person", anna)["erasure"]


def test_who_is_due(desk):
    """By the last entry of any of a person's visits, duplicates' and moved ones too; those merged stand once."""
    anna, _, ben, visits, _ = tangled(desk)
    carl = desk.person(family="Carlsen", given="Carl")
    desk.clock.now += 2 * YEAR
    desk.open(anna, "pia")
    desk.visits.strike(desk.who("pia"), visits[2], "A late entry, in the duplicate's visit.")
    desk.clock.now += 9 * YEAR
    assert [(one.person, one.name) for one in desk.erasure.due(desk.who("lea"))] == sorted(
        [(ben, "Ben Berg"), (carl, "Carl Carlsen")]
    )
    desk.clock.now += 2 * YEAR
    found = desk.erasure.due(desk.who("lea"))
    assert [one.person for one in found][2:] == [anna] and len(found) == 3
    assert found[2].last_entry > found[0].last_entry and all(one.is_due for one in found)
    with pytest.raises(AccessError, match="do not let you ask erasure"):
        desk.erasure.due(desk.who("pia"))


def test_a_consent_is_an_entry_and_a_child_is_kept_longer(desk):
    desk.place("CA-BC")
    child = desk.person(birth_date=datetime.date(2020, 5, 1))
    assert desk.erasure.when(desk.who("ana"), child).first_day == datetime.date(2055, 5, 2), "19 + 16 years of age"
    grown = desk.person()
    desk.clock.now += YEAR
    desk.open(grown, "pia")
    desk.consents.give(desk.who("pia"), grown, "dry needling", "self", "Anna Müller", copy_given=True)
    assert desk.erasure.when(desk.who("ana"), grown).first_day == datetime.date(2043, 3, 3), "16 years after it"


def test_where_no_rule_is_known_it_is_said_and_a_law_is_needed(desk):
    desk.place("Atlantis")
    anna = desk.person()
    (found,) = desk.erasure.due(desk.who("ana"))
    assert (found.person, found.first_day, found.is_due) == (anna, None, False)
    assert "No retention period is known for 'Atlantis'" in found.trouble
    with pytest.raises(EntryError, match=r"No retention period is known for 'Atlantis'.*name the law"):
        desk.erasure.ask(desk.who("ana"), anna, "She asked.")
    erase(desk, anna)


@pytest.mark.parametrize(
    "reason", ["Frau MULLER asked", "anna", "call 604-5550101", "card 9123 456 789", "born 1990-04-02"]
)
def test_words_that_stay_do_not_name_the_person(desk, reason):
    numbers = ({"system": "health card", "value": "9123456789"},)
    anna = desk.person(phone="604-555 0101", identifiers=numbers)
    with pytest.raises(EntryError, match="These words stay"):
        desk.erasure.ask(desk.who("ana"), anna, "Of no matter: this goes.", f"law, {reason}")
    desk.erasure.ask(desk.who("ana"), anna, f"This goes with the record: {reason}", LAW)
    with pytest.raises(EntryError, match="Leave it out"):
        desk.erasure.confirm(desk.who("lea"), anna, reason, desk.proof("lea"))
    assert desk.state("person", anna)["family"] == "Müller"


def test_a_duplicate_goes_with_the_record_it_was_merged_into(desk):
    _, twin, *_ = tangled(desk)
    with pytest.raises(EntryError, match="merged into another and is erased with it"):
        desk.erasure.ask(desk.who("ana"), twin, "She asked.", LAW)


@pytest.mark.parametrize("which", [0, 1])
def test_records_that_were_parted_again_are_erased_apart(desk, which):
    """What merged them cannot be read any more, yet the other's record stays sound."""
    pair = anna, twin = desk.person(("pia", "lea")), desk.person(("pia", "lea"), family="Meier", given="Eva")
    desk.people.merge(desk.who("lea"), twin, anna, "Thought to be the same.")
    desk.people.unmerge(desk.who("lea"), twin, "They are not.")
    kept = pair[1 - which]
    before = desk.state("person", kept)
    erase(desk, pair[which])
    assert desk.state("person", kept) == before
    assert desk.audit.verify(desk.who("aud")).faults == ()
    assert desk.state("person", pair[which]).keys() == {"id", "erased_at"}


def test_a_crash_before_the_commit_leaves_everything(desk, monkeypatch):
    anna, *_ = tangled(desk)
    desk.erasure.ask(desk.who("ana"), anna, "She asked.", LAW)
    before, keys = readable(desk), wrapped_keys(desk)

    def crash(**_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "PersonParted", crash)
        patched.setattr(module, "_once_merged", lambda *_: [("a", "b")])
        with pytest.raises(KeyboardInterrupt):
            desk.erasure.confirm(desk.who("lea"), anna, WHY, desk.proof("lea"))
    assert wrapped_keys(desk) == keys and readable(desk)[1] == before[1]
    desk.keeper.tick()
    with desk.practice.ledger.reading() as record:
        assert tombstones_in(desk.heads, record.clinic, signer_of(record)) == []
    desk.erasure.confirm(desk.who("lea"), anna, WHY, desk.proof("lea"))


@pytest.mark.parametrize("step", ["forget", "bury"])
def test_a_crash_after_the_commit_is_made_up_for_at_the_next_start(desk, monkeypatch, step):
    """The record is gone; the tombstone is written from the chain, and the bytes of the keys are forgotten again."""
    anna = desk.person()
    database, calls = desk.practice.ledger.database, []
    forget = database.forget

    def crash(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(*((database, "forget", crash) if step == "forget" else (module, "bury", crash)))
        with pytest.raises(KeyboardInterrupt):
            erase(desk, anna)
    monkeypatch.setattr(database, "forget", lambda: calls.append(forget()))
    desk.keeper.tick()
    desk.keeper.tick()
    assert len(calls) == 1
    with desk.practice.ledger.reading() as record:
        assert [stone.person for stone in tombstones_in(desk.heads, record.clinic, signer_of(record))] == [anna]


def test_nothing_is_erased_where_no_tombstone_could_be_written(desk):
    anna = desk.person()
    desk.heads.write_text("a file where the folder should be")
    with pytest.raises(RecordError, match="could not be written"):
        erase(desk, anna)
    assert desk.state("person", anna)["family"] == "Müller"


def test_what_was_recorded_of_an_erasure_reads_as_it_was_written(desk):
    """Asking is sealed with the person's key, so its reason goes; the tombstone's stays, sealed with the clinic's."""
    anna = desk.person()
    desk.erasure.ask(desk.who("ana"), anna, "Anna Müller asked for it.", LAW)
    with desk.practice.ledger.reading() as record:
        (asked,) = record.events(person=anna, kinds=[ErasureAsked.kind])
        assert (asked.key, asked.body["reason"]) == (anna, "Anna Müller asked for it.")
    desk.erasure.confirm(desk.who("lea"), anna, WHY, desk.proof("lea"))
    with desk.practice.ledger.reading() as record:
        (erased,) = record.events(person=anna, kinds=["person.erased"])
        assert erased.key == "clinic" and erased.body["keys"] == [anna] and erased.body["reason"] == WHY
        assert record.events(person=anna, kinds=[ErasureAsked.kind])[0].body is None
    with pytest.raises(NotOpenedError), desk.practice.looking(desk.who("ivo"), "read record", person=desk.person()):
        pass
