"""The bedside's entries as a case file, and every sentence that keeps a visit from being signed."""

import itertools

import pytest

from myotome.care.examination.case_file import build
from myotome.care.screening.items import code_of
from myotome.care.session.document import case_document
from myotome.care.session.ledger import ledger
from myotome.care.session.noted import Noted, noted
from myotome.care.session.values import values
from myotome.errors import CaseError

KNOWN = {"person": {"age": 46, "sex": "female"}, "visit": {"number": 3, "date": "2026-11-22"}}


class Entries(list):
    """Entries in the order in which the clinic received them."""

    def __call__(self, kind, replaces=(), late=False, sent=True, **body):
        number = len(self) + 1
        body = {**body, "replaces": [one.id for one in replaces]} if replaces else body
        made = f"2026-11-22T10:{number:02d}:00+01:00"
        self.append(Noted(f"e{number}", kind, body, made=made, position=number if sent else None, late=late))
        return self[-1]

    def needle(self, point="infraspinatus", side="right", needle="", **more):
        return self("needle.in", needle=needle or f"n{len(self)}", point=point, side=side, **more)

    def out(self, *insertions):
        return self("needle.out", insertions=[one.id for one in insertions])

    @property
    def missing(self):
        return list(ledger(self).missing())


@pytest.fixture
def entries():
    return Entries()


def test_whole_case(entries):
    entries("screening.answered", item="pregnancy", answer="no")
    entries("case.told", part="complaint", value="Neck pain for a week")
    entries("case.told", part="complaint", field="area", value="neck")
    entries("case.told", part="complaint", field="side", value="right")
    entries("case.told", part="build", field="height_cm", value=172.0)
    entries("case.told", part="medicines", value=["warfarin 3 mg"])
    entries("case.told", part="conditions", value="none")
    entries("case.told", part="visit", field="positions", value=("prone", "supine"))
    entries("case.told", part="settings", field="homeostatic_points", value=True)
    entries("case.told", part="reasons", field="anticoagulant", value="INR 2.3, steady for a year")
    entries("finding.recorded", sign="strength", at="biceps", side="right", grade=4.0, gesture="tap")
    entries("finding.recorded", sign="tenderness", at="infraspinatus", side="right", result="not tested")
    entries("finding.recorded", sign="pain", at="neck", side="right", result="present", intensity=3, when="after")
    document = case_document(entries, KNOWN)
    assert document == {
        "person": {"age": 46, "sex": "female"},
        "visit": {"number": 3, "date": "2026-11-22", "positions": ["prone", "supine"]},
        "complaint": {"text": "Neck pain for a week", "area": "neck", "side": "right"},
        "build": {"height_cm": 172},
        "medicines": ["warfarin 3 mg"],
        "conditions": "none",
        "settings": {"homeostatic_points": True},
        "reasons": {"anticoagulant": "INR 2.3, steady for a year"},
        "screening": {"pregnancy": "no"},
        "findings": [
            {"sign": "strength", "at": "biceps", "side": "right", "grade": 4},
            {"sign": "tenderness", "at": "infraspinatus", "side": "right", "result": "not tested"},
            {"sign": "pain", "at": "neck", "side": "right", "result": "present", "intensity": 3, "when": "after"},
        ],
    }
    case = build(document, code_of)
    assert case.answers == {"pregnancy": "no"}
    assert [one.text for one in case.findings] == [
        "strength biceps brachii, right: weak (grade 4)",
        "pain neck, right: present",
    ]
    assert KNOWN["visit"] == {"number": 3, "date": "2026-11-22"}, "what was known must stay as it was"


def test_nothing_noted_is_a_document_that_is_refused_as_a_case():
    assert case_document([], KNOWN) == KNOWN
    with pytest.raises(CaseError, match="neither 'findings' nor 'screening'"):
        build(case_document([], KNOWN), code_of)


@pytest.mark.parametrize(
    ("item", "one", "other", "counts"),
    [
        ("pregnancy", "yes", "no", "yes"),
        ("pregnancy", "not asked", "no", "not asked"),
        ("pregnancy", "not asked", "yes", "yes"),
        ("consent", "yes", "no", "no"),
        ("consent", "yes", "not asked", "not asked"),
    ],
)
def test_of_two_answers_that_differ_the_careful_one_counts(entries, item, one, other, counts):
    """Two tablets asked; until somebody settles it, neither danger nor a missing consent may be lost."""
    entries("screening.answered", item=item, answer=one)
    entries("screening.answered", item=item, answer=other)
    assert case_document(entries, {})["screening"] == {item: counts}
    assert [value.key for value in values(entries).conflicts] == [item]
    entries("screening.answered", item=item, answer="no", replaces=entries)
    assert case_document(entries, {})["screening"] == {item: "no"}


def test_findings_that_differ_are_not_tested_until_settled(entries):
    finding = {"sign": "reflex", "at": "biceps", "side": "left"}
    entries("finding.recorded", **finding, result="normal")
    entries("finding.recorded", **finding, result="absent")
    assert case_document(entries, {})["findings"] == [{**finding, "result": "not tested"}]
    entries("finding.recorded", **finding, result="absent", replaces=entries)
    assert case_document(entries, {})["findings"] == [{**finding, "result": "absent"}]


def test_a_finding_noted_here_takes_the_place_of_one_handed_in(entries):
    pain = {"sign": "pain", "at": "neck", "side": "left"}
    known = {"findings": [{**pain, "result": "absent"}, {**pain, "side": "right", "result": "absent"}, "odd"]}
    entries("finding.recorded", **pain, result="present")
    assert case_document(entries, known)["findings"] == [*known["findings"][1:], {**pain, "result": "present"}]


def test_unchanged_answers_give_way_to_own_ones(entries):
    told = {"medicines": ("warfarin",), "implants": "none"}
    entries("screening.unchanged", since="v1", answers={"pregnancy": "no", "cancer": "no"}, told=told)
    entries("screening.answered", item="pregnancy", answer="yes")
    entries("case.told", part="implants", value=["pacemaker"])
    document = case_document(entries, {})
    assert document["screening"] == {"cancer": "no", "pregnancy": "yes"}
    assert (document["medicines"], document["implants"]) == (["warfarin"], ["pacemaker"])


@pytest.mark.parametrize(
    ("part", "field", "said", "counts"),
    [
        ("medicines", "", (["aspirin"], ["warfarin"]), ["aspirin", "warfarin"]),
        ("medicines", "", ("none", ["warfarin"]), ["warfarin"]),
        ("medicines", "", ("none", "not asked"), "not asked"),
        ("settings", "specialist_points", (True, False), {"specialist_points": "no"}),
        ("visit", "max_needles", (14, 8), {"max_needles": 8}),
        ("visit", "needle_fear", (False, "yes"), {"needle_fear": "yes"}),
        ("visit", "last_reaction", ("none", "fainted"), {"last_reaction": "fainted"}),
        ("reasons", "anticoagulant", ("INR was 2.3", "INR was 3.2"), None),
        ("complaint", "side", ("left", "right"), None),
    ],
)
def test_of_what_was_told_differently_the_careful_counts(entries, part, field, said, counts):
    for value in said:
        entries("case.told", part=part, field=field, value=value)
    assert case_document(entries, {}).get(part) == counts


def test_an_emptied_field_is_left_out(entries):
    first = entries("case.told", part="complaint", field="side", value="left")
    entries("case.told", part="complaint", field="side", value="", replaces=[first])
    assert case_document(entries, {"complaint": "Neck pain"}) == {"complaint": {"text": "Neck pain"}}


def test_taken_back_and_late_entries_are_not_in_the_case(entries):
    slip = entries("finding.recorded", sign="pain", at="neck", side="left", result="present")
    entries("entry.taken-back", entry=slip.id)
    entries("finding.recorded", sign="pain", at="neck", side="right", result="present", late=True)
    assert case_document(entries, KNOWN) == KNOWN
    assert [one.id for one in values(entries).late] == ["e3"]


def test_undone_replacement_brings_back_what_it_replaced_unless_something_newer_stands(entries):
    finding = {"sign": "pain", "at": "neck", "side": "left"}
    first = entries("finding.recorded", **finding, result="absent")
    second = entries("finding.recorded", **finding, result="present", replaces=[first])
    entries("entry.taken-back", entry=second.id)
    assert case_document(entries, {})["findings"] == [{**finding, "result": "absent"}]
    entries("finding.recorded", **finding, result="not tested", replaces=[second])
    assert case_document(entries, {})["findings"] == [{**finding, "result": "not tested"}]


def test_every_sentence_about_needles_in(entries):
    first = entries.needle()
    assert entries.missing[0] == (
        "1 needle is still in: infraspinatus, right. Note it as out, or write an incident that names it."
    )
    last = [entries.needle(), entries.needle("procerus", "")]
    assert entries.missing[0] == (
        "3 needles are still in: infraspinatus, right (2); procerus. "
        "Note them as out, or write an incident that names them."
    )
    entries("needles.removed", insertions=[one.id for one in last])
    entries.out(first)
    assert entries.missing[0] == (
        "2 needles are to reconcile after all were removed: infraspinatus, right; procerus. "
        "Say which came out, or write an incident that names what did not."
    )
    entries.out(last[0])
    assert entries.missing[0] == (
        "1 needle is to reconcile after all were removed: procerus. "
        "Say which came out, or write an incident that names what did not."
    )
    entries.out(last[1])
    assert entries.missing == ["The needles in the sharps container are not counted. Count them."]


def test_every_sentence_about_the_count(entries):
    entries.needle(out=True)
    entries("needle.unused", count=1)
    first = entries("sharps.counted", count=1)
    assert entries.missing == [
        "2 needles were opened and 1 counted in the sharps container. "
        "Look for what is missing and count again, or write an incident."
    ]
    second = entries("sharps.counted", count=3, replaces=[first])
    assert entries.missing == [
        "2 needles were opened and 3 counted in the sharps container. "
        "Note the needle that is not in the ledger and count again, or write an incident."
    ]
    other = entries("sharps.counted", count=2, replaces=[first])
    assert entries.missing == ["The counts of the sharps container differ: 2, 3. Count again."]
    third = entries("sharps.counted", count=2, replaces=[second, other])
    assert entries.missing == []
    entries.needle(out=True)
    assert entries.missing == ["A needle was noted after the sharps container was counted. Count again."]
    entries("sharps.counted", count=0, replaces=[third])
    assert entries.missing[0].startswith("3 needles were opened and 0 counted")


def test_one_needle_is_said_in_the_singular_and_no_number_is_told_before_the_count(entries):
    entries.needle(out=True)
    assert not any(letter.isdigit() for letter in "".join(entries.missing))
    entries("sharps.counted", count=0)
    assert entries.missing[0].startswith("1 needle was opened and 0 counted in the sharps container.")


def test_a_needle_in_sharps_that_nobody_noted_is_missing(entries):
    assert entries.missing == []
    entries("sharps.counted", count=1)
    assert entries.missing[0].startswith("0 needles were opened and 1 counted")


def test_every_sentence_about_entries_that_differ(entries):
    one = entries.needle(out=True)
    for twitch, depth, technique, grasp in ((0, 10, "piston", True), (3, 12, "still", False)):
        entries("needle.response", insertion=one.id, twitch=twitch, sensation="plain")
        entries("needle.noted", insertion=one.id, what="depth_mm", value=depth)
        entries("needle.noted", insertion=one.id, what="technique", value=technique)
        entries("needle.noted", insertion=one.id, what="grasp", value=grasp)
    opened = entries("needle.unused", count=1)
    entries("needle.unused", count=2, replaces=[opened])
    entries("needle.unused", count=3, replaces=[opened])
    entries("sharps.counted", count=4)
    assert entries.missing == [
        *(
            f"Two entries differ on the {what} at infraspinatus, right. Choose the true one."
            for what in ("response", "depth", "technique", "grasp")
        ),
        "Two entries differ on the needles that were opened and not used. Choose the true one.",
    ]


def test_an_incident_explains_what_it_knew_of(entries):
    """A needle that stays in must be named; whatever is noted of needles later needs a new incident."""
    entries.needle(needle="n1")
    entries("incident.written", text="The count is not true.")
    assert len(entries.missing) == 1 and entries.missing[0].startswith("1 needle is still in")
    entries("incident.written", text="It broke off and stays in until surgery.", needles=["n1"])
    assert entries.missing == []
    slip = entries.needle(out=True)
    assert len(entries.missing) == 2
    entries("entry.taken-back", entry=slip.id)
    assert len(entries.missing) == 2, "what is undone is news of needles too"


def test_in_again_is_one_needle_even_where_the_link_between_was_a_slip(entries):
    first = entries.needle(needle="n")
    slip = entries.needle("procerus", "", needle="n", after=first.id)
    last = entries.needle("upper trapezius", "left", needle="n", after=slip.id)
    entries("entry.taken-back", entry=slip.id)
    told = ledger(entries)
    assert (told.opened, told.still_in, [one.id for one in told.open]) == (1, 1, [last.id])
    assert [one.how for one in told.insertions] == ["in again", ""]
    assert told.needled == (("infraspinatus", "right"), ("upper trapezius", "left"))


def test_another_needle_does_not_end_an_insertion(entries):
    """A wrong 'after' must not make a needle that is in the person look out."""
    first = entries.needle()
    entries.needle(after=first.id)
    assert ledger(entries).still_in == 2


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_rings_hide_nothing(order):
    """Whoever makes entries name each other in a ring must not make a needle or an answer vanish."""
    needles = [Noted(f"e{n}", "needle.in", {"needle": "n", "point": "p", "after": f"e{(n + 1) % 3}"}) for n in range(3)]
    answers = [
        Noted(f"a{n}", "screening.answered", {"item": "pregnancy", "answer": said, "replaces": [f"a{(n + 1) % 3}"]})
        for n, said in enumerate(("yes", "no", "no"))
    ]
    undone = [Noted(f"u{n}", "entry.taken-back", {"entry": f"u{(n + 1) % 3}"}) for n in range(3)]
    held = Noted("u3", "entry.taken-back", {"entry": "a0"})
    entries = [listed[n] for n in order for listed in (needles, answers, undone)]
    assert ledger(entries).still_in == 1
    assert values([*entries]).answers() == {"pregnancy": "yes"}
    assert values([*entries, held]).answers() == {"pregnancy": "no"}


def test_what_the_clinic_has_comes_before_what_it_has_not(entries):
    """On the device the order is that of the record, and among entries not yet sent that of a clock put right."""
    wrong = Noted("w", "needle.in", {"clock_off": 86_400}, made="2026-11-23T10:00:00+01:00")
    right = Noted("r", "needle.in", {}, made="2026-11-22T09:30:00Z")
    sent = Noted("s", "needle.in", {}, made="2027-01-01T00:00:00Z", position=9)
    odd = Noted("o", "needle.in", {}, made="yesterday")
    assert [one.id for one in ledger([right, odd, wrong, sent]).insertions] == ["s", "o", "w", "r"]


def test_noted_reads_what_the_clinic_hands_out_and_what_a_device_drafts():
    draft = {
        "id": "a",
        "kind": "remark.written",
        "body": {"text": "x"},
        "author": "s1",
        "device_time": "t",
        "zone": "z",
    }
    assert noted(draft) == Noted("a", "remark.written", {"text": "x"}, by="s1", made="t", zone="z")
    told = {"id": "a", "kind": "k", "body": {}, "by": "s", "on_behalf": "p", "device": "d", "made": "m", "zone": "z"}
    whole = noted({**told, "received": "r", "position": 4, "late": True})
    assert whole == Noted("a", "k", {}, "s", "p", "d", "m", "z", "r", 4, True)
    assert Noted("a", "k", {"happened": "h"}, made="m").happened == "h" != whole.happened == "m"


def test_two_harms_joined_by_a_slip_are_two_again(entries):
    """A list's entry and what replaces it are one thing; two that somebody joined wrongly must not stay in conflict."""
    bruise = entries("adverse.recorded", term="bruise", severity="mild", onset="at once")
    faint = entries("adverse.recorded", term="fainting", severity="mild", onset="at once")
    slip = entries("adverse.recorded", replaces=[bruise, faint], term="bruise", severity="mild", onset="at once")
    assert list(values(entries).all("adverse.recorded")) == [bruise.id]
    entries("entry.taken-back", entry=slip.id)
    assert list(values(entries).all("adverse.recorded")) == [bruise.id, faint.id]
    assert values(entries).conflicts == ()


def test_the_first_to_say_that_it_is_out_ended_it(entries):
    needle = entries.needle()
    first = entries.out(needle)
    entries.out(needle)
    assert [(one.how, one.ended_by) for one in ledger(entries).insertions] == [("out", first)]
