"""Harm told later and check-ins in a clinic: beside the signed note, by whom it may be, nothing lost or let out."""

import hashlib
import uuid

import pytest

from myotome.care.session.checkin import questions
from myotome.clinic.adverse import Adverse
from myotome.clinic.entries.afterwards import AdverseRecorded, CheckinMade
from myotome.clinic.entries.needling import NeedleIn, NeedleOut, SharpsCounted
from myotome.clinic.practice import NotOpenedError
from myotome.errors import AccessError, EntryError, MissingError
from tests.charted import charted
from tests.paper_checks import pages, pdf_faults

NEAR = "infraspinatus, upper part"  # an ordinary point near the lung
ALL_NO = dict.fromkeys(questions(), "no")
BRUISE = {"term": "bruise", "severity": "mild", "onset": "1 to 3 days", "point": NEAR, "side": "right"}


@pytest.fixture
def desk(tmp_path):
    with charted("sqlite", tmp_path) as made:
        made.adverse = Adverse(made.practice)
        yield made


def chart(desk, visit, *entries, who="pia"):
    """Small entries as a tablet of the clinic makes them."""
    with desk.practice.acting(desk.who(who), "chart") as acting:
        kept = acting.visit(visit)
        return [acting.charted(entry, kept.person, visit).id for entry in entries]


def needled(desk, person, point=NEAR):
    """A signed visit with one needle in and out again."""
    visit = desk.visit(person)
    needle = NeedleIn(needle=str(uuid.uuid4()), point=point, side="right", gauge_mm=0.3, length_mm=40, technique="slow")
    (insertion,) = chart(desk, visit, needle)
    chart(desk, visit, NeedleOut(insertions=(insertion,)), SharpsCounted(count=1))
    desk.visits.sign(desk.who("pia"), visit, desk.proof("pia"))
    return visit


def words_of(data):
    """The words of a PDF; a line's end is a space."""
    words = " ".join(page.get_textpage().get_text_range() for page in pages(data))
    return " ".join(words.replace("\u200b", "").replace("\ufffe", "").split())


def read(desk, visit):
    with desk.practice.within() as shelf:
        return shelf.visit(visit)


def digest_of(desk, visit, before):
    with desk.practice.within() as shelf:
        rows = [row for row in shelf.entries(visit=visit, limit=1000, bodies=False) if row.position < before]
    return hashlib.sha256(b"".join(bytes.fromhex(row.hash) for row in rows)).hexdigest()


def test_harm_told_after_the_signature_leaves_the_note_as_it_was_signed(desk):
    visit = needled(desk, desk.person())
    signed = read(desk, visit).signature
    assert digest_of(desk, visit, signed.position) == signed.digest
    desk.adverse.record(desk.who("pia"), visit, AdverseRecorded(**BRUISE))
    after = read(desk, visit)
    assert (after.signature, after.stage) == (signed, "signed")
    assert digest_of(desk, visit, signed.position) == signed.digest
    (value,) = desk.adverse.told(visit)
    assert value.heads[0].late
    assert [one.value.body["term"] for one in desk.adverse.waiting([after])] == ["bruise"]
    desk.clock.forward(days=15)
    assert desk.adverse.waiting([after]) == (), "a bruise is not asked about for ever"
    desk.clock.forward(days=-15)
    over = AdverseRecorded(**BRUISE, outcome="recovered", replaces=(value.heads[0].id,))
    desk.adverse.record(desk.who("pia"), visit, over)
    assert desk.adverse.waiting([after]) == ()
    with pytest.raises(EntryError, match="was changed since"):
        desk.adverse.record(desk.who("pia"), visit, over)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"term": "hiccups"}, "'hiccups' is no term in fixed words"),
        ({"onset": "soon"}, "'soon' is no onset in fixed words"),
        ({"actions": ("prayed",)}, "'prayed' is no action in fixed words"),
        ({"outcome": "fine"}, "'fine' is no outcome in fixed words"),
    ],
)
def test_only_fixed_words_are_recorded(desk, change, words):
    visit = desk.visit(desk.person())
    with pytest.raises(EntryError, match=words):
        desk.adverse.record(desk.who("pia"), visit, AdverseRecorded(**{**BRUISE, **change}))
    assert desk.adverse.told(visit) == ()


def test_who_was_needled_near_the_lung_is_asked_until_somebody_has(desk):
    anna, ben = desk.person(), desk.person(given="Ben")
    visit = needled(desk, anna)
    needled(desk, ben, "extensor carpi ulnaris")

    def listed():
        return [(one.person.given, one.checkin.due.name, one.stands) for one in desk.adverse.checkins(desk.who("rex"))]

    assert listed() == [("Anna", "next day", "to come")]
    desk.clock.forward(hours=17)
    assert listed() == [("Anna", "next day", "due")]
    desk.open(anna, "rex")
    rex = desk.who("rex")
    desk.adverse.made(rex, visit, CheckinMade(due="next day", how="no answer"))
    desk.clock.forward(hours=14)
    assert listed() == [("Anna", "next day", "overdue")]
    assert desk.adverse.checkins(desk.who("rex"))[0].checkin.tries == 1
    desk.open(anna, "rex")
    desk.adverse.made(desk.who("rex"), visit, CheckinMade(due="next day", how="phone", answers=ALL_NO))
    desk.clock.forward(hours=12)
    assert listed() == [("Anna", "next day", "done")]
    desk.clock.forward(days=7)
    assert listed() == []


def test_an_answer_that_asks_for_action_is_shown_until_a_harm_is_recorded(desk):
    anna = desk.person(opened_by=("pia", "rex"))
    visit = needled(desk, anna)
    desk.clock.forward(minutes=16 * 60 + 1)
    desk.open(anna, "pia", "rex")
    answers = {**ALL_NO, "breathless": "yes"}
    desk.adverse.made(desk.who("rex"), visit, CheckinMade(due="next day", how="phone", answers=answers))
    assert [one.alarm for one in desk.adverse.checkins(desk.who("rex"))] == [True]
    harm = {**BRUISE, "term": "pneumothorax suspected", "severity": "severe", "actions": ("sent to hospital",)}
    desk.adverse.record(desk.who("pia"), visit, AdverseRecorded(**harm))
    assert [one.alarm for one in desk.adverse.checkins(desk.who("rex"))] == [False]


def test_reception_asks_but_reads_nothing_that_was_charted(desk):
    anna = desk.person()
    visit = needled(desk, anna)
    with pytest.raises(NotOpenedError):
        desk.adverse.one(desk.who("rex"), visit, "next day")
    desk.open(anna, "rex")
    one = desk.adverse.one(desk.who("rex"), visit, "next day")
    assert NEAR not in repr(one)
    with pytest.raises(AccessError):
        desk.adverse.record(desk.who("rex"), visit, AdverseRecorded(**BRUISE))
    with pytest.raises(AccessError):
        desk.adverse.checkins(desk.who("aud"))
    with pytest.raises(MissingError):
        desk.adverse.one(desk.who("rex"), visit, "next year")


def test_a_check_in_that_cannot_be_is_refused(desk):
    visit = needled(desk, desk.person())
    pia = desk.who("pia")
    for change, words in (
        ({"due": "next year"}, "is no check-in of this visit. It has: before leaving, next day"),
        ({"answers": {"toothache": "no"}}, "'toothache' is no question of a check-in"),
        ({"how": "no answer", "answers": ALL_NO}, "Nobody was reached, so nobody answered"),
    ):
        with pytest.raises(EntryError, match=words):
            desk.adverse.made(
                pia, visit, CheckinMade(**{"due": "next day", "how": "phone", "answers": ALL_NO, **change})
            )


def test_a_visit_on_the_wrong_person_takes_its_check_in_along_and_a_struck_one_asks_nobody(desk):
    anna, ben = desk.person(), desk.person(given="Ben")
    visit = needled(desk, anna)
    desk.visits.move(desk.who("pia"), visit, ben, "Wrong person.")
    assert [one.person.given for one in desk.adverse.checkins(desk.who("pia"))] == ["Ben"]
    desk.visits.strike(desk.who("pia"), visit, "Never happened.")
    assert desk.adverse.checkins(desk.who("pia")) == ()
    with pytest.raises(EntryError, match="struck as entered in error"):
        desk.adverse.record(desk.who("pia"), visit, AdverseRecorded(**BRUISE))


def test_the_report_says_what_is_known_and_names_nobody_unasked(desk):
    desk.place("GB-ENG")
    anna = desk.person(sex="female")
    visit = needled(desk, anna)
    harm = {**BRUISE, "term": "needle broken", "severity": "severe", "text": "The tip is missing."}
    name = desk.adverse.record(desk.who("pia"), visit, AdverseRecorded(**harm, actions=("needle kept",))).id
    made = desk.exports.harm_pdf(desk.who("pia"), visit, name)
    words = words_of(made.data)
    for told in (
        "Report of harm after needling", "A. M.", "female", "Needle broken",
        "infraspinatus, upper part, RIGHT", "0.3 × 40",
        "The tip is missing.", "Needle and wrapping kept", "Maker", "Lot", "Yellow Card", "Pia Practitioner",
        "after the note of the visit was signed", "Opened in this visit: 1",
    ):  # fmt: skip
        assert told in words, told
    assert "Müller" not in words
    assert pdf_faults(made.data) == []
    assert anna not in made.name
    named = words_of(desk.exports.harm_pdf(desk.who("pia"), visit, name, named=True).data)
    assert "Anna Müller" in named
    with pytest.raises(MissingError, match="no such harm"):
        desk.exports.harm_pdf(desk.who("pia"), visit, str(uuid.uuid4()))
    with pytest.raises(AccessError):
        desk.exports.harm_pdf(desk.who("rex"), visit, name)
