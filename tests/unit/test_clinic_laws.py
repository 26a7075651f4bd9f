"""What a hostile reader of the clinic's code tried: each of these once lost, leaked, doubled or mis-attributed."""

from __future__ import annotations

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic_core import PydanticUndefined

from myotome.clinic.entries.clinics import ClinicFounded, StaffChanged
from myotome.clinic.entries.entry import EMPTY
from myotome.clinic.entries.kinds import KINDS
from myotome.clinic.entries.made import made
from myotome.clinic.entries.persons import ConsentGiven, Identifier, PersonCorrected, PersonRegistered
from myotome.clinic.entries.visits import ExplanationFrozen, HypothesisRecorded, VisitOpened, VisitSigned
from myotome.clinic.folding.projector import ClinicProjector
from myotome.clinic.practice import NotOpenedError
from myotome.errors import AccessError, EntryError, MissingError, RecordError
from myotome.records.backup import backup
from myotome.records.checkpoint import Checkpoints
from myotome.records.database import Database
from myotome.records.ledger import Ledger
from myotome.records.restore import restore
from myotome.records.verification.verify import verify
from tests.charted import TWO, charted
from tests.stores import START


@pytest.fixture
def desk(tmp_path):
    with charted("sqlite", tmp_path) as opened:
        yield opened


def roles(desk, who, *given):
    desk.house.accounts.change(desk.who("ana"), StaffChanged(staff=desk.house.staff[who], roles=given))


def events(desk, **wanted):
    with desk.practice.within() as shelf:
        return shelf.entries(limit=10_000, **wanted)


def test_roles_count_as_they_are_when_it_is_written_not_when_somebody_was_asked_in(desk):
    pia, anna = desk.who("pia"), desk.person()
    visit = desk.visit(anna)
    proof = desk.proof("pia")
    roles(desk, "pia", "intern")  # between the question who it is and the signature
    desk.visits.sign(pia, visit, proof)
    assert desk.state("visit", visit)["signature"]["needs_cosignature"] is True
    roles(desk, "pia", "reception")
    before = len(events(desk))
    with pytest.raises(AccessError, match=r"^Your roles here \(reception\) do not let you chart\.$"):
        desk.visits.open(pia, anna, VisitOpened(day=desk.practice.today()))
    with (
        pytest.raises(AccessError, match=r"do not let you read record"),
        desk.practice.looking(pia, "read record", "page", anna),
    ):
        pass
    assert len(events(desk)) == before


@pytest.mark.parametrize("ended", ["left", "signed out"])
def test_who_left_or_signed_out_meanwhile_does_nothing_more(desk, ended):
    lea = desk.who("lea")
    if ended == "left":
        desk.house.accounts.leave(desk.who("ana"), lea.staff, "Moved away.")
    else:
        desk.house.access.sign_out(desk.house.token("lea"))
    before = len(events(desk))
    new = PersonRegistered(family="Li", birth_date=datetime.date(2000, 1, 1))
    for act in (lambda: desk.people.register(lea, new), lambda: desk.erasure.due(lea), lambda: desk.people.search(lea)):
        with pytest.raises(AccessError, match=r"^You are not signed in, or no longer\. Sign in\.$"):
            act()
    assert len(events(desk)) == before


def test_what_is_shown_is_looked_at_with_the_permission_of_that_moment(desk):
    """Between the entry in the trail and the reading, the record may go elsewhere."""
    anna, bert = desk.person(), desk.person(given="Bert", opened_by=("lea",))
    pia, ledger = desk.who("pia"), desk.practice.ledger
    reading, once = ledger.reading, []

    def meanwhile():
        if not once:
            once.append(1)
            desk.house.access.sign_out(desk.house.token("pia"))
        return reading()

    ledger.reading = meanwhile
    with pytest.raises(AccessError), desk.practice.looking(pia, "read record", "page", anna) as shelf:
        shelf.person(anna)
    ledger.reading = reading
    with pytest.raises(NotOpenedError), desk.practice.looking(desk.who("pia"), "read record", "page", bert):
        pass


def test_a_note_is_signed_as_it_was_shown_or_not_at_all(desk):
    anna = desk.person(opened_by=("pia", "ivo"))
    visit = desk.visit(anna)
    shown = desk.state("visit", visit)["last_entry"]
    desk.clock.forward(seconds=1)
    desk.visits.suppose(desk.who("ivo"), visit, HypothesisRecorded(text="C8"))
    with pytest.raises(EntryError, match=r"^Somebody has entered something since this note was shown\. Read it again"):
        desk.visits.sign(desk.who("pia"), visit, desk.proof("pia"), shown)
    desk.visits.sign(desk.who("pia"), visit, desk.proof("pia"), desk.state("visit", visit)["last_entry"])
    assert desk.state("visit", visit)["signature"]


def test_moments_follow_the_order_of_rows_though_many_write_at_once(desk):
    """A clock that was read before waiting for one's turn looked like a clock set back."""
    ready, pia = threading.Barrier(8), desk.who("pia")
    born = datetime.date(2000, 1, 1)

    class Flowing:
        def __call__(self):
            desk_clock.forward(microseconds=1)
            return desk_clock.now

    desk_clock, desk.practice.clock = desk.clock, Flowing()

    def register(number):
        ready.wait()
        for _ in range(5):
            desk.people.register(pia, PersonRegistered(family=f"Li {number}", birth_date=born))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(register, range(8)))
    ledger = desk.practice.ledger
    assert verify(ledger, ledger.clinic).notices == ()


def test_a_withdrawn_consent_never_holds_also_after_the_clock_was_set_back(desk):
    anna = desk.person()
    given = desk.consents.give(desk.who("pia"), anna, "needling", "self", "Anna", copy_given=True)
    desk.clock.forward(seconds=-4)
    desk.consents.withdraw(desk.who("pia"), anna, given)
    assert desk.consents.standing(anna) == ()


def test_only_an_assistant_charts_for_somebody_and_only_for_who_works_here(desk):
    anna = desk.person(opened_by=("pia", "ada"))
    visit = desk.visit(anna)
    desk.visits.suppose(desk.who("pia"), visit, HypothesisRecorded(text="C6", on_behalf=desk.house.staff["lea"]))
    assert events(desk, visit=visit)[-1].body == {"text": "C6"}
    desk.house.access.charts_for(desk.house.token("ada"), desk.house.staff["lea"])
    desk.visits.suppose(desk.who("ada"), visit, HypothesisRecorded(text="C7"))
    assert desk.state("visit", visit)["hypothesis"]["on_behalf"] == desk.house.staff["lea"]
    roles(desk, "lea", "reception")
    with pytest.raises(AccessError, match="charts for a practitioner"):
        desk.visits.suppose(desk.who("ada"), visit, HypothesisRecorded(text="C8"))


def test_a_correction_leaves_nobody_without_a_name(desk):
    told = {"family": "", "given": "", "text": "Xu Li"}
    one = desk.person(**told)
    desk.people.correct(desk.who("pia"), one, PersonCorrected(family="", phone="1", reason="Typed."))
    assert desk.state("person", one)["text"] == "Xu Li"
    with pytest.raises(EntryError, match=r"^A person has a name"):
        desk.people.correct(desk.who("pia"), one, PersonCorrected(text="", reason="Typed."))
    desk.people.correct(desk.who("pia"), one, PersonCorrected(family="Xu", reason="Known now."))
    assert "text" not in desk.state("person", one)


def test_the_same_numbers_are_no_correction(desk):
    card = (Identifier(system="card", value="1"),)
    one = desk.person(identifiers=card)
    with pytest.raises(EntryError, match=r"^Nothing is different"):
        desk.people.correct(desk.who("pia"), one, PersonCorrected(identifiers=card, reason="Typed."))


def test_a_number_called_name_does_not_stand_for_the_name(desk):
    one = desk.person(identifiers=(Identifier(system="name", value="7"), Identifier(system="birth date", value="8")))
    found, known = desk.people.offered(desk.who("rex"), one)
    assert (known["name"], known["birth date"]) == (found.name, "1990-04-02")


def test_a_default_that_says_something_is_written_down():
    """Or a later default would change what was recorded under the one of today."""
    day = datetime.date(2000, 1, 1)
    assert PersonRegistered(family="Li", birth_date=day).body() == {
        "family": "Li", "birth_date": "2000-01-01", "sex": "unknown",
    }  # fmt: skip
    assert VisitSigned(digest="d", method="password").body()["needs_cosignature"] is False
    assert ClinicFounded(name="Mill", place="DE", zone="UTC").body()["demonstration"] is False
    words = {"consent": "c", "treatment": "needling", "text_version": "1", "text_digest": "d", "signature": "Li"}
    assert ConsentGiven(**words, copy_given=False, day=day).body()["by"] == "self"
    said = {"engine": "1", "edition": "1", "profile": "emg", "says": "nothing", "explanation": {}}
    assert ExplanationFrozen(**said).body() == {**said, "urgency": "none"}
    assert PersonCorrected(phone="", reason="None.").body() == {"phone": "", "reason": "None."}


def test_the_defaults_that_say_something_are_known():
    """A new one belongs here, and so does a changed one: its kind then needs a new version."""
    told = {
        f"{name}.{field}": info.default
        for name, kind in KINDS.items()
        for field, info in kind.model_fields.items()
        if info.default is not PydanticUndefined and info.default not in EMPTY
    }
    assert told == {
        "clinic.founded.demonstration": False, "person.registered.sex": "unknown", "consent.given.by": "self",
        "explanation.frozen.urgency": "none", "visit.signed.needs_cosignature": False,
        "finding.recorded.when": "before", "score.recorded.when": "before", "aftercare.given.how": "spoken",
    }  # fmt: skip


@pytest.mark.parametrize("text", ["\u200b", "\u2060\u200d", "\u3164", "\u2800\u2800"])
def test_what_nobody_sees_is_no_name_and_no_signature(desk, text):
    with pytest.raises(EntryError, match=r"nothing that can be seen"):
        made(PersonRegistered, family=text, birth_date=datetime.date(2000, 1, 1))
    anna = desk.person()
    with pytest.raises(EntryError, match=r"nothing that can be seen"):
        desk.consents.give(desk.who("pia"), anna, "needling", "self", text, copy_given=True)


ODD = ["Ⅷ 😀 👩‍👩‍👧", "عبد الله", "e" + "\u0301" * 150, "Ω" * 200, "ﬀ ŉ ẞ", "山田 太郎", "<b>&amp;"]


def test_odd_names_are_found_sorted_and_printed(desk):
    people = [desk.person(family=name, given="") for name in ODD]
    for name, person in zip(ODD, people, strict=True):
        assert person in [one.id for one in desk.people.search(desk.who("pia"), name)]
        assert desk.exports.person_pdf(desk.who("pia"), person).data.startswith(b"%PDF")
    assert len(desk.people.search(desk.who("pia"))) == len(ODD)


def test_a_merged_record_is_found_under_who_they_are(desk):
    anna, twice = desk.person(), desk.person(family="Mueler", given="Ana", phone="0777")
    desk.people.merge(desk.who("lea"), twice, anna, "The same.")
    assert [one.id for one in desk.people.search(desk.who("pia"), "mueler")] == [anna]
    assert [one.id for one in desk.people.search(desk.who("pia"))] == [anna]
    again = PersonRegistered(family="Mueler", given="Ana", birth_date=datetime.date(1990, 4, 2))
    assert [one.id for one in desk.people.alike(again)] == [anna]
    desk.people.unmerge(desk.who("lea"), twice, "Not the same.")
    assert [one.id for one in desk.people.search(desk.who("pia"), "mueler")] == [twice]


def test_nobody_is_merged_into_or_out_of_an_erasure_that_was_asked_for(desk):
    """A duplicate would be destroyed that nobody asked about, or its own asking forgotten."""
    anna, twice = desk.person(), desk.person(family="Mueler")
    desk.erasure.ask(desk.who("ana"), anna, "They wish it.", law="Order 7")
    for one, other in ((anna, twice), (twice, anna)):
        with pytest.raises(EntryError, match=r"^The erasure of one of them was asked for"):
            desk.people.merge(desk.who("lea"), one, other, "The same.")


def test_the_law_is_looked_at_again_when_the_name_was_corrected_since(desk):
    anna = desk.person()
    desk.erasure.ask(desk.who("ana"), anna, "They wish it.", law="Order of Lindqvist 7")
    desk.people.correct(desk.who("pia"), anna, PersonCorrected(family="Lindqvist", reason="Married."))
    with pytest.raises(EntryError, match=r"^These words stay when the record is gone"):
        desk.erasure.confirm(desk.who("lea"), anna, "They wish it.", desk.proof("lea"))


def test_no_visit_is_before_the_person_was_born(desk):
    anna = desk.person(birth_date=datetime.date(2024, 2, 29))
    desk.visits.open(desk.who("pia"), anna, VisitOpened(day=datetime.date(2024, 2, 29)))
    with pytest.raises(EntryError, match=r"^The day 2024-02-28 is before the person was born"):
        desk.visits.open(desk.who("pia"), anna, VisitOpened(day=datetime.date(2024, 2, 28)))


def test_today_is_the_clinics_day_over_midnight_and_a_change_of_the_clocks(desk):
    for at, day in (
        ("2026-03-28T22:59:59+00:00", 28), ("2026-03-28T23:00:00+00:00", 29), ("2026-03-29T21:59:59+00:00", 29),
        ("2026-03-29T22:00:00+00:00", 30),
    ):  # fmt: skip
        desk.clock.now = datetime.datetime.fromisoformat(at)
        assert desk.practice.today() == datetime.date(2026, 3, day)


def test_two_states_of_one_event_are_never_torn_apart_by_a_page(desk):
    people = [desk.person(family=f"Li {number}") for number in range(4)]
    desk.people.merge(desk.who("lea"), people[0], people[1], "The same.")
    desk.person(family="Ek")
    for limit in range(2, 7):
        seen, found = 0, []
        with desk.practice.within() as shelf:
            while part := shelf.reading.changed("person", seen, limit):
                found += [name for name, _, _ in part]
                seen = part[-1][2]
        assert len(found) == len(set(found)) == 5


def test_bytes_of_destroyed_keys_are_forgotten_later_when_somebody_reads(desk, monkeypatch):
    anna = desk.person()
    desk.erasure.ask(desk.who("ana"), anna, "They wish it.", law="Order 7")
    database = desk.practice.ledger.database
    with database.engine.connect() as reader, reader.begin(), database.engine.connect() as other:
        other.exec_driver_sql("PRAGMA busy_timeout=1")
        reader.exec_driver_sql("SELECT count(*) FROM event").scalar()
        empty = Checkpoints._checkpoint

        def soon(self, how):
            pooled = self.engine.raw_connection()
            pooled.cursor().execute("PRAGMA busy_timeout=1")
            pooled.close()
            return empty(self, how)

        monkeypatch.setattr(Checkpoints, "_checkpoint", soon)
        with pytest.raises(RecordError, match=r"^The record is erased\. Keys that were destroyed"):
            desk.erasure.confirm(desk.who("lea"), anna, "They wish it.", desk.proof("lea"))
        with pytest.raises(MissingError):
            desk.exports.person_json(desk.who("pia"), anna)
        heads = len(list(desk.heads.glob("head-*")))
        desk.clock.forward(days=1)
        with pytest.raises(RecordError, match=r"no longer open anything"):
            desk.keeper.tick()
        assert len(list(desk.heads.glob("head-*"))) > heads  # the day's head is out all the same
    desk.keeper.tick()
    assert desk.practice.ledger.database.forget() is None
    with desk.practice.within() as shelf:
        assert shelf.reading.drawer("forget").get("forget") is None


def test_a_visit_left_over_by_a_restore_is_as_the_events_give_it(desk, tmp_path):
    """A visit that was moved away after the backup, before its first person was erased, belongs to them again."""
    anna, bert = desk.person(), desk.person(given="Bert")
    visit = desk.visit(anna, "pia")
    desk.open(anna, "ivo")
    left = desk.visit(anna, "ivo")
    desk.visits.sign(desk.who("ivo"), left, desk.proof("ivo"))
    ledger = desk.practice.ledger
    file = tmp_path / "clinic.backup"
    backup(ledger.database, ledger.master, file, deadline_seconds=60, now=START)
    for one in (visit, left):
        desk.visits.move(desk.who("pia"), one, bert, "Wrong person.")
    desk.erasure.ask(desk.who("ana"), anna, "They wish it.", law="Order 7")
    desk.erasure.confirm(desk.who("lea"), anna, "They wish it.", desk.proof("lea"))
    url = f"sqlite:///{tmp_path / 'again.db'}"
    told = {"heads_folder": desk.heads, "now": desk.clock(), "by": "console"}
    assert restore(file, url, ledger.master, ClinicProjector(), **told).erased == (anna,)
    database = Database(url)
    again = Ledger(database, ledger.master, ClinicProjector())
    report = verify(again, again.clinic)
    assert [fault for fault in report.faults if fault.what == "state"] == []
    desk.practice.ledger = again
    with desk.practice.within() as shelf:
        assert shelf.waiting() == []
        with pytest.raises(MissingError):
            shelf.person(anna)
    database.close()


def test_who_was_merged_into_somebody_a_restore_erased_can_still_be_found_and_parted(desk, tmp_path):
    anna, twice = desk.person(), desk.person(family="Mueler")
    desk.people.merge(desk.who("lea"), twice, anna, "The same.")
    ledger = desk.practice.ledger
    file = tmp_path / "clinic.backup"
    backup(ledger.database, ledger.master, file, deadline_seconds=60, now=START)
    desk.people.unmerge(desk.who("lea"), twice, "Not the same.")
    desk.erasure.ask(desk.who("ana"), anna, "They wish it.", law="Order 7")
    desk.erasure.confirm(desk.who("lea"), anna, "They wish it.", desk.proof("lea"))
    url = f"sqlite:///{tmp_path / 'again.db'}"
    told = {"heads_folder": desk.heads, "now": desk.clock(), "by": "console"}
    restore(file, url, ledger.master, ClinicProjector(), **told)
    database = Database(url)
    desk.practice.ledger = Ledger(database, ledger.master, ClinicProjector())
    desk.house.tokens.clear()
    people = type(desk.people)(desk.practice)
    assert [one.id for one in people.search(desk.who("pia"))] == [twice]
    with pytest.raises(NotOpenedError), desk.practice.looking(desk.who("pia"), "see person", "page", twice):
        pass
    people.open(desk.who("pia"), twice, TWO)
    people.unmerge(desk.who("lea"), twice, "Their other record was erased.")
    assert desk.state("person", twice).get("merged_into", "") == ""
    database.close()
