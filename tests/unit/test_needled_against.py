"""Needles against what the software says: recordable always, signed only with a reason, named in the note."""

from __future__ import annotations

from itertools import count

import pytest

from myotome.clinic.bedside import Bedside
from myotome.clinic.drafts import Drafted, Drafts
from myotome.clinic.entries.visits import VisitOpened
from myotome.clinic.exports.although import against
from myotome.clinic.exports.told import told_of
from myotome.clinic.practice import Made
from myotome.errors import CaseError, EntryError
from tests.charted import charted

NUMBERS = count()
FLAG = {"item": "saddle numbness", "answer": "yes"}
CONSENT = {"item": "consent", "answer": "no"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with charted("sqlite", tmp_path_factory.mktemp("against")) as made:
        made.drafts = Drafts(made.practice, made.visits)
        made.bedside = Bedside(made.practice, made.visits, made.consents, made.governance)
        made.anna = made.person(opened_by=("pia",))
        yield made


@pytest.fixture
def visit(desk):
    desk.clock.forward(seconds=1)
    made = desk.visits.open(desk.who("pia"), desk.anna, VisitOpened(day=desk.practice.today()))

    newest = {}

    def tap(kind, **body):
        if kind in ("sharps.counted", "screening.answered"):
            key = kind, body.get("item")
            body = {"replaces": [newest[key]] if key in newest else [], **body}
        name = f"entry-{next(NUMBERS)}"
        draft = Drafted(kind, made, body, Made(name, "2026-03-01T10:30:00+01:00", "Europe/Berlin"))
        desk.drafts.record(desk.who("pia"), [draft])
        if "replaces" in body:
            newest[kind, body.get("item")] = name
        return name

    tap.visit = made
    return tap


def needled(visit, point="deltoid", side="left"):
    into = visit("needle.in", needle=f"needle-{next(NUMBERS)}", point=point, side=side)
    visit("needle.out", insertions=[into])
    visit("sharps.counted", count=1)
    return into


def why(visit, said, **more):
    return visit("needled.against", reason="They asked for it once more.", said=list(said), **more)


def sign(desk, visit):
    proof = desk.proof("pia")
    return desk.visits.sign(desk.who("pia"), visit.visit, proof)


def refusal(desk, visit):
    with pytest.raises(EntryError) as caught:
        sign(desk, visit)
    return str(caught.value)


def pack(desk, visit):
    return desk.bedside.pack(desk.who("pia"), visit.visit)


def printed(desk, visit):
    with desk.practice.within() as shelf:
        kept = shelf.visit(visit.visit)
        told = told_of(shelf, desk.exports._house(shelf), shelf.person(kept.person), kept)
    return [(one.title, one.words, one.bullets) for one in against(told)]


@pytest.mark.parametrize(
    ("answer", "says"),
    [(FLAG, "Cauda equina syndrome (emergency): answered yes: saddle numbness."), (CONSENT, "Do not needle. Consent")],
)
def test_a_needle_in_a_blocked_visit_is_recorded_and_the_note_waits_for_a_reason(desk, visit, answer, says):
    visit("screening.answered", **answer)
    assert pack(desk, visit)["against"][0].startswith(says) and pack(desk, visit)["unwritten"] == ""
    needled(visit)
    refused = refusal(desk, visit)
    assert says in refused and refused.endswith("1 needle went in all the same: deltoid, left. Write why.")
    told = pack(desk, visit)
    assert refused == f"This note cannot be signed yet. {told['unwritten']}"
    reason = why(visit, told["against"])
    assert pack(desk, visit)["unwritten"] == ""
    ((title, text, bullets),) = printed(desk, visit)
    assert title == "Needled against what the software says" and text == f"Needled although: {told['against'][0]}"
    assert bullets[0].startswith("Reason: They asked for it once more. (Pia Practitioner")
    visit("entry.taken-back", entry=reason)
    assert "Write why." in refusal(desk, visit), "a reason that was taken back says nothing"
    why(visit, told["against"])
    sign(desk, visit)
    assert desk.state("plan", visit.visit)["whole"]["status"] == "blocked"
    assert pack(desk, visit)["unwritten"] == "" and printed(desk, visit)[0][1] == text


def test_a_needle_after_the_reason_needs_a_newer_one_only_for_what_is_new(desk, visit):
    visit("screening.answered", **CONSENT)
    needled(visit)
    why(visit, pack(desk, visit)["against"])
    needled(visit, "brachialis")
    assert pack(desk, visit)["unwritten"] == "", "it was asked once, and nothing new speaks against it"
    visit("case.told", part="conditions", field="", value=["lymphoedema of the arm"])
    needled(visit, "biceps brachii, long head")
    visit("sharps.counted", count=3)
    assert "biceps brachii, long head, left." in refusal(desk, visit)
    why(visit, pack(desk, visit)["against"])
    sign(desk, visit)


def test_a_reason_for_all_is_none_for_a_point_that_it_does_not_name(desk, visit):
    visit("case.told", part="conditions", field="", value=["lymphoedema of the arm"])
    visit("screening.answered", **CONSENT)
    why(visit, pack(desk, visit)["against"])
    needled(visit)
    needled(visit, "brachialis")
    told = pack(desk, visit)["unwritten"]
    assert "brachialis" in told and "Consent" not in told
    (there,) = [one["why"] for one in pack(desk, visit)["excluded"] if "brachialis, left" in one["points"]]
    why(visit, [f"brachialis, left: {there}"])
    assert pack(desk, visit)["unwritten"] == ""


def test_it_counts_that_needles_went_in_while_it_was_so_and_not_what_was_put_right_before(desk, visit):
    visit("screening.answered", **FLAG)
    visit("screening.answered", item="saddle numbness", answer="no")
    needled(visit)
    assert pack(desk, visit)["unwritten"] == ""
    flag = visit("screening.answered", **FLAG)
    assert "saddle numbness" in pack(desk, visit)["unwritten"], "answered after the needle: what stands now counts"
    visit("entry.taken-back", entry=flag)
    assert pack(desk, visit)["unwritten"] == ""
    visit("screening.answered", **CONSENT)
    needled(visit, "brachialis")
    visit("sharps.counted", count=2)
    visit("screening.answered", item="consent", answer="yes")
    assert pack(desk, visit)["against"] == []
    assert "brachialis" in refusal(desk, visit) and "deltoid" not in refusal(desk, visit)


def test_a_reason_for_one_thing_is_none_for_what_was_told_later(desk, visit):
    visit("screening.answered", **CONSENT)
    needled(visit)
    why(visit, pack(desk, visit)["against"])
    visit("screening.answered", **FLAG)
    assert "saddle numbness" in refusal(desk, visit)
    why(visit, pack(desk, visit)["against"])
    assert pack(desk, visit)["unwritten"] == ""


def test_a_point_that_a_rule_excludes_for_this_person_is_named(desk, visit):
    point = "brachialis"
    visit("case.told", part="conditions", field="", value=["lymphoedema of the arm"])
    told = pack(desk, visit)
    assert told["against"] == []
    (there,) = [one["why"] for one in told["excluded"] if f"{point}, left" in one["points"]]
    assert there.startswith("Lymphoedema of the arm: No needle into the arm")
    needled(visit, "somewhere that no table knows")
    assert pack(desk, visit)["unwritten"] == ""
    needled(visit, point)
    visit("sharps.counted", count=2)
    refused = refusal(desk, visit)
    assert f"{point}, left: {there} 1 needle went in all the same: {point}, left. Write why." in refused
    why(visit, [f"{point}, left: {there}"])
    sign(desk, visit)
    assert printed(desk, visit)[0][1] == f"Needled although: {point}, left: {there}"


def test_a_consent_that_was_withdrawn_speaks_against_until_yes_is_answered_anew(desk, visit):
    pia = desk.who("pia")
    given = desk.consents.give(pia, desk.anna, "dry needling", "self", "Anna", copy_given=True)
    desk.clock.forward(seconds=1)
    desk.consents.withdraw(pia, desk.anna, given)
    assert pack(desk, visit)["against"] == ["The consent to dry needling was withdrawn on 1 March 2026."]
    needled(visit)
    assert "was withdrawn" in refusal(desk, visit)
    desk.clock.forward(seconds=1)
    visit("screening.answered", item="consent", answer="yes")
    assert pack(desk, visit)["against"] == []
    desk.consents.give(pia, desk.anna, "dry needling", "self", "Anna", copy_given=True)


def test_nothing_is_asked_where_nothing_speaks_against(desk, visit):
    needled(visit)
    told = pack(desk, visit)
    assert (told["against"], told["unwritten"], printed(desk, visit)) == ([], "", [])
    sign(desk, visit)


def test_what_waits_on_a_tablet_counts_in_what_it_is_told(desk, visit):
    made = Made("waits", "2026-03-01T10:30:00+01:00", "Europe/Berlin")
    waits = Drafted("screening.answered", visit.visit, FLAG, made)
    quick = desk.bedside.glance(desk.who("pia"), visit.visit, [waits])
    assert quick["against"][0].startswith("Cauda equina") and quick["unwritten"] == "" and "excluded" not in quick


@pytest.mark.parametrize(
    "body", [{"reason": " ", "said": ["x"]}, {"reason": "a", "said": []}, {"reason": "a" * 2001, "said": ["x"]}]
)
def test_a_reason_says_something_and_what_it_is_about(visit, body):
    with pytest.raises(CaseError, match=r"1 to 2000 legible characters"):
        visit("needled.against", **body)


def test_an_incident_says_what_happened_and_of_which_needle(desk, visit):
    visit("needle.in", needle="n-broken", point="deltoid", side="left")
    for body, says in (
        ({"text": "x", "needles": ["n-broken"]}, r"1 character; at least 10"),
        ({"text": "It broke off."}, r"names no needle"),
    ):
        with pytest.raises(CaseError, match=says):
            visit("incident.written", **body)
    visit("sharps.counted", count=0)
    visit("incident.written", text="It broke off.", needles=["n-broken"])
    assert pack(desk, visit)["unwritten"] == ""
    sign(desk, visit)
