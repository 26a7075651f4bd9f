"""What a tablet charts: taken once, under its author; thought about, frozen with the plan, signed when settled."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from myotome.clinic.bedside import Bedside, needled
from myotome.clinic.drafts import Drafted, Drafts
from myotome.clinic.entries.visits import VisitOpened
from myotome.clinic.practice import Made
from myotome.errors import AccessError, CaseError, EntryError
from tests.charted import NECK, case_of, charted

NUMBERS = count()
POINT = {"point": "infraspinatus", "side": "right"}
LEG = ("tibialis anterior", "L5 paraspinal")  # one lies supine, the other prone


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with charted("sqlite", tmp_path_factory.mktemp("bedside")) as made:
        made.drafts = Drafts(made.practice, made.visits)
        made.bedside = Bedside(made.practice, made.visits, made.consents, made.governance)
        made.anna = made.person(opened_by=("pia", "ivo", "ada", "lea"))
        yield made


@pytest.fixture
def visit(desk):
    desk.clock.forward(seconds=1)  # visits of one day come one after another
    return desk.visits.open(desk.who("pia"), desk.anna, VisitOpened(day=desk.practice.today()))


def drafted(visit, kind, author="", **body):
    made = Made(f"entry-{next(NUMBERS)}", "2026-03-01T10:30:00+01:00", "Europe/Berlin")
    return Drafted(kind, visit, body, made, author)


def found(visit, at, sign="tenderness", **told):
    return drafted(visit, "finding.recorded", sign=sign, at=at, side="right", **(told or {"result": "present"}))


def entered(desk, visit):
    with desk.practice.within() as shelf:
        return [(one.kind, one.by, one.late) for one in shelf.bedside(visit)]


def refused(desk, who, draft):
    with pytest.raises(CaseError) as caught:
        desk.drafts.record(desk.who(who), [draft])
    return caught.value.problems[0].message


def settled(desk, visit, who="pia"):
    into = drafted(visit, "needle.in", needle="needle-1", **POINT)
    rest = [
        drafted(visit, "needle.out", insertions=[into.made.id]),
        drafted(visit, "sharps.counted", count=1),
    ]
    desk.drafts.record(desk.who(who), [into, *rest])


def test_an_entry_sent_twice_is_there_once_under_its_author(desk, visit):
    one = found(visit, "infraspinatus")
    first, again = (desk.drafts.record(desk.who("pia"), [one])[0] for _ in range(2))
    assert (first.position, again.repeated) == (again.position, True)
    assert entered(desk, visit) == [("finding.recorded", desk.house.staff["pia"], False)]


def test_nobody_sends_what_somebody_else_made(desk, visit):
    other = drafted(visit, "remark.written", author=desk.house.staff["pia"], text="Hers.")
    words = "somebody else made this entry. It is sent when they are signed in."
    assert refused(desk, "lea", other) == words and entered(desk, visit) == []


def test_interns_do_not_needle_and_assistants_do_for_a_practitioner(desk, visit):
    into = drafted(visit, "needle.in", needle="needle-1", **POINT)
    assert refused(desk, "ivo", into).startswith("Your roles here do not let you needle.")
    for treats, may in (("ivo", False), ("pia", True)):
        ada = replace(desk.who("ada"), on_behalf=desk.house.staff[treats])
        if may:
            desk.drafts.record(ada, [into])
        else:
            with pytest.raises(CaseError, match="do not let you needle"):
                desk.drafts.record(ada, [into])
    with desk.practice.within() as shelf:
        (one,) = shelf.bedside(visit)
    assert (one.by, one.on_behalf) == (desk.house.staff["ada"], desk.house.staff["pia"])


def test_whoever_charted_goes_on_after_signing_in_anew_and_a_stranger_does_not(desk):
    bert = desk.person(family="Ström", given="Bert", opened_by=("pia",))
    visit = desk.visits.open(desk.who("pia"), bert, VisitOpened(day=desk.practice.today()))
    desk.house.tokens.clear()  # everybody signs in anew: no record is open
    desk.drafts.record(desk.who("pia"), [drafted(visit, "remark.written", text="Kept on the tablet.")])
    with pytest.raises(AccessError, match="confirm two identifiers"):
        desk.drafts.record(desk.who("lea"), [drafted(visit, "remark.written", text="A stranger.")])
    assert len(entered(desk, visit)) == 1
    desk.open(desk.anna, "pia", "ivo", "ada", "lea")


def test_levels_come_from_what_is_recorded_and_what_still_waits(desk, visit):
    pia, waits = desk.who("pia"), found(visit, "triceps brachii", sign="strength", grade=4)
    desk.drafts.record(pia, [found(visit, "triceps brachii")])
    alone, both = (desk.bedside.glance(pia, visit, pending) for pending in ([], [waits]))
    assert alone["levels"] != both["levels"]
    desk.drafts.record(pia, [waits])
    assert desk.bedside.glance(pia, visit, [waits]) == both, "sent meanwhile, it counts once"
    whole = desk.bedside.whole(pia, visit, [])
    assert whole["explanation"]["verdict"] == both["verdict"]
    chances = {(one["segment"], one["side"]): one["deficient"] for one in whole["explanation"]["segments"]}
    assert {(one["segment"], one["side"]): one["deficient"] for one in both["levels"]} == chances
    assert whole["plan"]["status"] == "refused" and whole["plan"]["questions"], "not asked is not no"


def test_what_is_said_is_frozen_when_the_plan_is_taken_and_anew_when_it_changed(desk, visit):
    pia = desk.who("pia")
    desk.drafts.record(pia, [found(visit, "infraspinatus"), drafted(visit, "plan.taken", points=[])])
    first = desk.state("plan", visit)
    assert desk.state("visit", visit)["assembled"] is True
    assert desk.state("explanation", visit)["whole"]["verdict"]["statement"]
    desk.drafts.record(pia, [drafted(visit, "plan.taken", points=[])])
    assert desk.state("plan", visit)["said"]["at"] == first["said"]["at"], "nothing new: nothing is frozen again"
    desk.clock.forward(minutes=1)
    desk.drafts.record(pia, [found(visit, "supraspinatus"), drafted(visit, "plan.taken", points=[])])
    assert len(desk.state("visit", visit)["case"]["findings"]) == 2
    assert desk.state("plan", visit)["said"]["at"] > first["said"]["at"]


def test_the_plan_follows_the_order_of_positions_and_is_frozen_so_unless_two_devices_differ(desk, visit):
    pia = desk.who("pia")
    desk.visits.examine(pia, visit, case_of(NECK))
    leg = [drafted(visit, "plan.changed", point=one, side="right", change="add") for one in LEG]
    lies = desk.bedside.whole(pia, visit, leg)["plan"]["positions"]
    assert len(lies) > 1
    order = drafted(visit, "plan.ordered", positions=lies[::-1])
    assert desk.bedside.whole(pia, visit, [*leg, order])["plan"]["positions"] == lies[::-1]
    desk.drafts.record(pia, [*leg, drafted(visit, "plan.taken", points=[])])
    assert desk.state("plan", visit)["whole"]["positions"] == lies
    desk.clock.forward(minutes=1)
    desk.drafts.record(pia, [order, drafted(visit, "plan.taken", points=[])])
    assert desk.state("plan", visit)["whole"]["positions"] == lies[::-1]
    other = drafted(visit, "plan.ordered", positions=[*lies[::-1], "seated"])
    assert desk.bedside.whole(pia, visit, [other])["plan"]["positions"] == lies
    assert "'positions' of the body" in refused(desk, "pia", drafted(visit, "plan.ordered", positions=[]))


def test_a_case_file_that_was_handed_in_stays_beneath_what_is_charted(desk, visit):
    desk.visits.examine(desk.who("pia"), visit, case_of(NECK))
    for muscle in ("infraspinatus", "supraspinatus"):
        desk.drafts.record(desk.who("pia"), [found(visit, muscle), drafted(visit, "plan.taken", points=[])])
    case = desk.state("visit", visit)["case"]
    assert case["complaint"]["text"].startswith("Neck pain") and case["medicines"] == ["naproxen 500 mg"]
    assert {"infraspinatus", "supraspinatus", "triceps brachii"} <= {row["at"] for row in case["findings"]}


def test_no_signature_with_a_needle_in_and_what_comes_later_stands_beside(desk, visit):
    desk.drafts.record(desk.who("pia"), [drafted(visit, "needle.in", needle="needle-1", **POINT)])
    proof = desk.proof("pia")
    with pytest.raises(EntryError, match="1 needle is still in: infraspinatus, right"):
        desk.visits.sign(desk.who("pia"), visit, proof)
    with desk.practice.within() as shelf:
        (into,) = shelf.bedside(visit)
    out = drafted(visit, "needle.out", insertions=[into.id])
    desk.drafts.record(desk.who("pia"), [out, drafted(visit, "sharps.counted", count=1)])
    proof = desk.proof("pia")
    desk.visits.sign(desk.who("pia"), visit, proof)
    digest = desk.state("visit", visit)["signature"]["digest"]
    desk.drafts.record(desk.who("pia"), [drafted(visit, "remark.written", text="From the second tablet.")])
    assert entered(desk, visit)[-1] == ("remark.written", desk.house.staff["pia"], True)
    after = desk.state("visit", visit)
    assert (after["signature"]["digest"], after["late"]) == (digest, 1)


def test_what_cannot_be_read_together_is_said_before_signing(desk, visit):
    desk.drafts.record(desk.who("pia"), [found(visit, "infraspinatus"), found(visit, "moon")])
    proof = desk.proof("pia")
    with pytest.raises(EntryError, match=r"cannot be read together.*Mend it or take it back: .*'moon'"):
        desk.visits.sign(desk.who("pia"), visit, proof)


def test_the_next_visit_is_handed_where_the_last_needles_went(desk, visit):
    settled(desk, visit)
    desk.clock.forward(days=7)
    desk.open(desk.anna, "pia", "lea")
    later = desk.visits.open(desk.who("pia"), desk.anna, VisitOpened(day=desk.practice.today()))
    pack = desk.bedside.pack(desk.who("pia"), later)
    assert (pack["last"]["visit"], pack["visit"]["number"] > 1) == (visit, True)
    assert pack["last"]["needled"] == [{**POINT, "gauge_mm": None, "length_mm": None}]
    assert needled([]) == [] and pack["entries"] == []
    assert pack["me"]["may"]["needle"] is True and pack["person"]["name"] == "Anna Müller"
    seen = desk.bedside.since(desk.who("pia"), visit, 0)["entries"]
    assert [one["kind"] for one in seen] == ["needle.in", "needle.out", "sharps.counted"]
    assert desk.bedside.since(desk.who("pia"), visit, seen[-1]["position"])["entries"] == []


def test_the_key_of_a_device_is_one_persons_and_stays(desk):
    keys = [desk.bedside.secret(desk.who(name)) for name in ("pia", "pia", "lea")]
    elsewhere = desk.bedside.secret(replace(desk.who("pia"), device="another"))
    assert keys[0] == keys[1] and len({*keys, elsewhere}) == 3
