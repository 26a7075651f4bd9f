"""Entries for a visit that was moved or struck, needles after the signature, and for whom entries were made."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from myotome.clinic.bedside import Bedside
from myotome.clinic.drafts import Drafted, Drafts
from myotome.clinic.entries.visits import VisitOpened
from myotome.clinic.gone import MovedError
from myotome.clinic.late_needles import LateNeedles
from myotome.clinic.practice import Made
from myotome.errors import CaseError, EntryError
from tests.charted import charted

NUMBERS = count()
POINT = {"point": "brachialis", "side": "left"}
TIME, ZONE = "2026-03-01T10:30:00+01:00", "Europe/Berlin"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with charted("sqlite", tmp_path_factory.mktemp("whose")) as made:
        made.drafts = Drafts(made.practice, made.visits)
        made.bedside = Bedside(made.practice, made.visits, made.consents, made.governance)
        made.late = LateNeedles(made.practice)
        made.anna = made.person(opened_by=("pia", "lea", "ada", "ivo"))
        made.bert = made.person(family="Ström", given="Bert", opened_by=("lea",))
        yield made


@pytest.fixture
def visit(desk):
    desk.clock.forward(seconds=1)
    return desk.visits.open(desk.who("pia"), desk.anna, VisitOpened(day=desk.practice.today()))


def draft(visit, kind, on_behalf="", **body):
    return Drafted(kind, visit, body, Made(f"entry-{next(NUMBERS)}", TIME, ZONE), on_behalf=on_behalf)


def sent(desk, who, one):
    actor = desk.who(who) if isinstance(who, str) else who
    desk.drafts.record(actor, [one])
    return one.made.id


def entries(desk, visit):
    with desk.practice.within() as shelf:
        return shelf.bedside(visit)


def problem(desk, who, one):
    with pytest.raises(CaseError) as caught:
        sent(desk, who, one)
    return caught.value.problems[0]


def signed(desk, visit):
    sent(desk, "pia", draft(visit, "remark.written", text="Talked only."))
    proof = desk.proof("pia")
    desk.visits.sign(desk.who("pia"), visit, proof)


def test_a_visit_that_was_moved_takes_entries_only_where_the_new_record_is_open(desk, visit):
    mine = draft(visit, "needle.in", needle="n", **POINT)
    sent(desk, "pia", mine)
    desk.visits.move(desk.who("lea"), visit, desk.bert, "wrong person")
    later = draft(visit, "needle.out", insertions=[mine.made.id])
    for act in (
        lambda: sent(desk, "pia", later),
        lambda: desk.bedside.since(desk.who("pia"), visit, 0),
        lambda: desk.bedside.pack(desk.who("pia"), visit),
        lambda: desk.bedside.glance(desk.who("pia"), visit, []),
    ):
        with pytest.raises(MovedError, match="moved to another person's record, which is not open here") as caught:
            act()
        assert (caught.value.reason, caught.value.visit, caught.value.person) == ("moved", visit, desk.bert)
    assert len(entries(desk, visit)) == 1
    assert desk.drafts.record(desk.who("pia"), [mine])[0].repeated, "what was taken before gives its receipt again"
    desk.open(desk.bert, "pia")
    sent(desk, "pia", later)
    assert [one.kind for one in entries(desk, visit)] == ["needle.in", "needle.out"]


def test_a_visit_that_was_struck_takes_no_entry_and_says_so(desk, visit):
    desk.visits.strike(desk.who("pia"), visit, "entered in error")
    found = problem(desk, "pia", draft(visit, "remark.written", text="Too late."))
    assert (found.at, found.reason) == ("entries[0]", "struck")
    assert found.message.startswith("This visit was struck as entered in error") and entries(desk, visit) == []
    assert desk.bedside.since(desk.who("pia"), visit, 0)["refuses"] == "struck"
    assert desk.bedside.pack(desk.who("pia"), visit)["visit"]["refuses"] == "struck"


def test_a_needle_that_comes_after_the_signature_is_raised_until_it_is_out(desk, visit):
    signed(desk, visit)
    made = draft(visit, "needle.in", needle="n-late", **POINT)
    sent(desk, "pia", made)
    pia = desk.house.staff["pia"]
    (told,) = desk.bedside.pack(desk.who("pia"), visit)["late_in"]
    assert told.items() >= {"id": made.made.id, **POINT, "by": pia, "made": TIME}.items()
    assert [one["id"] for one in desk.bedside.since(desk.who("pia"), visit, 0)["late_in"]] == [made.made.id]
    (one,) = desk.late.all(desk.who("rex"))
    assert (one.person.id, one.where, one.visit.id) == (desk.anna, "brachialis, left", visit)
    assert [one.where for one in desk.late.of(desk.anna)] == ["brachialis, left"] and desk.late.of(desk.bert) == ()
    sent(desk, "pia", draft(visit, "needle.out", insertions=[made.made.id]))
    assert desk.bedside.pack(desk.who("pia"), visit)["late_in"] == [] and desk.late.all(desk.who("rex")) == ()


def test_it_does_not_vanish_with_time_and_an_incident_or_a_slip_ends_it(desk, visit):
    signed(desk, visit)
    first, second = (draft(visit, "needle.in", needle=f"n-{n}", **POINT) for n in "ab")
    sent(desk, "pia", first)
    sent(desk, "pia", second)
    desk.clock.forward(days=40)
    desk.open(desk.anna, "pia", "lea", "ada", "ivo")
    assert len(desk.late.all(desk.who("pia"))) == 2
    sent(desk, "pia", draft(visit, "incident.written", text="Broken off.", needles=["n-a"]))
    assert [one.insertion.needle for one in desk.late.all(desk.who("pia"))] == ["n-b"]
    sent(desk, "pia", draft(visit, "entry.taken-back", entry=second.made.id))
    assert desk.late.all(desk.who("pia")) == ()
    with pytest.raises(EntryError, match="said already"):
        desk.late.out(desk.who("pia"), visit, second.made.id)


def test_what_came_before_the_signature_and_what_was_struck_are_not_raised(desk, visit):
    into = sent(desk, "pia", draft(visit, "needle.in", needle="n", **POINT))
    sent(desk, "pia", draft(visit, "needle.out", insertions=[into]))
    sent(desk, "pia", draft(visit, "sharps.counted", count=1))
    proof = desk.proof("pia")
    desk.visits.sign(desk.who("pia"), visit, proof)
    assert desk.late.of_visit(visit) == ()
    sent(desk, "pia", draft(visit, "needle.in", needle="n-2", **POINT))
    assert len(desk.late.of(desk.anna)) == 1
    with pytest.raises(EntryError, match=f"needles of this visit are in: {POINT['point']}, {POINT['side']}. Note"):
        desk.visits.strike(desk.who("pia"), visit, "entered in error")
    (late,) = desk.late.of_visit(visit)
    desk.late.out(desk.who("pia"), visit, late.insertion.id)
    desk.visits.strike(desk.who("pia"), visit, "entered in error")
    assert desk.late.of(desk.anna) == () == desk.late.all(desk.who("pia"))


def test_a_visit_is_not_struck_while_a_needle_is_in_of_which_no_incident_tells(desk, visit):
    pia = desk.who("pia")
    for needle in ("n", "n-2"):
        into = sent(desk, "pia", draft(visit, "needle.in", needle=needle, **POINT))
        with pytest.raises(EntryError, match="undo the entries if they never went in; if they are in somebody else"):
            desk.visits.strike(pia, visit, "entered in error")
        if needle == "n":
            sent(desk, "pia", draft(visit, "needle.out", insertions=[into]))
    sent(
        desk,
        "pia",
        draft(visit, "incident.written", text="It broke, and was taken out at the hospital.", needles=["n-2"]),
    )
    desk.visits.strike(pia, visit, "entered in error")
    assert desk.bedside.since(pia, visit, 0)["refuses"] == "struck"


def test_rights_are_those_that_the_clinic_keeps_to(desk, visit):
    into = sent(desk, "pia", draft(visit, "needle.in", needle="n", **POINT))
    ada = desk.who("ada")
    wanted = {"pia": (True, True), "ivo": (False, True)}
    for who, (needle, out) in wanted.items():
        may = desk.bedside.pack(desk.who(who), visit)["me"]["may"]
        assert (may["needle"], may["out"]) == (needle, out), who
    alone = desk.bedside.pack(ada, visit)["me"]
    assert (alone["must_choose"], alone["may"]["needle"], alone["may"]["out"]) == (True, False, False)
    for treats, needle in (("pia", True), ("ivo", False)):
        me = desk.bedside.pack(replace(ada, on_behalf=desk.house.staff[treats]), visit)["me"]
        assert (me["may"]["needle"], me["may"]["out"], me["must_choose"]) == (needle, True, False)
    assert me["on_behalf_name"] == "Ivo Intern"
    sent(desk, "ivo", draft(visit, "needles.removed", insertions=[into]))
    sent(desk, "ivo", draft(visit, "needle.out", insertions=[into]))
    back = draft(visit, "entry.taken-back", entry=into)
    assert problem(desk, "ivo", back).message.startswith("Your roles here do not let you needle.")


def test_an_entry_is_for_whom_it_was_made_whoever_is_chosen_when_it_is_sent(desk, visit):
    pia, lea, ivo = (desk.house.staff[one] for one in ("pia", "lea", "ivo"))
    access = desk.house.access
    for chosen in (pia, lea):
        access.charts_for(desk.house.token("ada"), chosen)
    assert desk.who("ada").on_behalf == lea
    sent(desk, "ada", draft(visit, "remark.written", on_behalf=pia, text="Made for Pia."))
    sent(desk, "ada", draft(visit, "remark.written", text="Says nothing."))
    sent(desk, "ada", draft(visit, "needle.in", on_behalf=pia, needle="n", **POINT))
    assert [one.on_behalf for one in entries(desk, visit)] == [pia, lea, pia]
    never = problem(desk, "ada", draft(visit, "remark.written", on_behalf=ivo, text="For Ivo."))
    assert "for whom its author never charted here" in never.message
    assert (
        "never charted" in problem(desk, "pia", draft(visit, "remark.written", on_behalf=lea, text="For Lea.")).message
    )
    desk.house.tokens.pop("ada desk", None)
    desk.house.tokens = {name: one for name, one in desk.house.tokens.items() if not name.startswith("ada")}
    assert desk.who("ada").on_behalf == ""
    sent(desk, "ada", draft(visit, "remark.written", on_behalf=pia, text="Sent in another session."))
    assert entries(desk, visit)[-1].on_behalf == pia
