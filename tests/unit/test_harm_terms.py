"""Harm in fixed terms, check-in times and what answers mean, to whom harm is reported: the tables and their words."""

import datetime
from dataclasses import replace

import pytest

from myotome.care.aftercare.needled import after
from myotome.care.points.tables import points
from myotome.care.session import adverse, alongside, checkin, duties
from myotome.care.session.adverse import is_open, is_serious, onsets, outcomes, report_is_due, severities, terms
from myotome.care.session.checkin import checkins, due_checkins, heard, near_lung, questions
from myotome.care.session.duties import ANYWHERE, duties_at
from myotome.care.session.followed import followed, harms_told, moment, open_harms
from myotome.care.session.noted import Noted
from myotome.clinic.retention.periods import periods
from myotome.errors import FactError

UTC = datetime.UTC
NEEDLED = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NEAR, FAR = "rhomboid major", "extensor carpi ulnaris"
ALL_NO = dict.fromkeys(questions(), "no")


def told(term="bruise", severity="mild", **beside):
    return {"term": term, "severity": severity, "onset": "during", **beside}


def entry(name, kind, position, hours=0.0, **body):
    at = NEEDLED + datetime.timedelta(hours=hours)
    return Noted(name, kind, body, by="pia", made=at.isoformat(), received=at.isoformat(), position=position)


def needle(name="n1", point=NEAR, position=1, hours=0.0, **body):
    return entry(name, "needle.in", position, hours, needle=f"x{name}", point=point, side="right", **body)


def asked(name, due, position, hours, how="phone", **answers):
    return entry(name, "checkin.made", position, hours, due=due, how=how, answers=answers)


def stands(entries, hours):
    return {one.due.name: one.stands for one in followed(entries, NEEDLED + datetime.timedelta(hours=hours))}


# ---- terms


def test_what_a_practitioner_must_be_able_to_record_is_there():
    for code in (
        "bruise", "bleeding", "pain during", "pain after", "needle forgotten", "needle bent", "needle broken",
        "needle stuck", "faint", "drowsiness", "nausea", "headache", "dizziness", "symptoms worse", "nerve symptoms",
        "pneumothorax suspected", "pneumothorax confirmed", "infection at the place", "skin reaction",
        "needlestick of staff", "seizure", "bleeding round the cord", "bleeding in or round the brain", "other",
    ):  # fmt: skip
        assert code in terms()
    assert all(term.do and term.patient and term.reviewed_by == "" for term in terms().values())


def test_only_where_nobody_can_tell_beforehand_is_no_severity_offered():
    assert [code for code, term in terms().items() if not term.severity] == ["other"]
    assert all(term.severity in severities() and term.onset in onsets() for term in terms().values() if term.severity)


def test_how_often_is_told_by_the_table_of_harms():
    assert terms()["bruise"].often == "from 6 in 100 to 8 in 100, as different studies counted."
    assert "single cases" in terms()["injury of the heart"].often
    assert terms()["seizure"].often == ""


@pytest.mark.parametrize(
    ("harm", "serious", "due"),
    [
        (told(), False, False),
        (told(severity="severe"), True, False),  # a severe bruise is no report by its term
        (told("pneumothorax suspected", "mild"), True, True),  # serious whatever somebody ticked
        (told("needle forgotten", "moderate"), False, False),
        (told("needle forgotten", "moderate", actions=["sent to hospital"]), True, True),
        (told("other", "moderate", outcome="recovered with sequelae"), True, True),
        (told("a term of another year", "severe"), True, True),
        (told("a term of another year"), False, False),
    ],
)
def test_what_is_serious_and_what_is_reported(harm, serious, due):
    assert (is_serious(harm), report_is_due(harm)) == (serious, due)


def test_harm_without_an_outcome_is_not_over():
    assert [code for code, one in outcomes().items() if one.open] == ["recovering", "not recovered", "unknown"]
    assert is_open(told())
    assert not is_open(told(outcome="recovered"))


def test_a_term_with_an_unknown_harm_is_refused(monkeypatch):
    row = {**dict.fromkeys(("code", "group", "patient", "do", "reviewed_by"), ""), "severity": "mild"}
    row |= {"onset": "during", "report": "no", "harm": "hiccups", "serious": False, "hours_from": 0, "hours_to": 1}
    onsets()
    monkeypatch.setattr(adverse, "rows", lambda *_: [("adverse.toml: term 1", row, None)])
    with pytest.raises(FactError, match=r"adverse\.toml: term 1: harm cannot be.*those of harms\.toml"):
        adverse.terms.__wrapped__()


def test_the_catalogue_is_plain_and_whole():
    told_of = adverse.catalogue()
    assert set(told_of) == {"terms", "severities", "onsets", "actions", "outcomes"}
    assert [row["code"] for row in told_of["terms"]] == list(terms())
    assert [row["code"] for row in alongside.catalogue()][-1] == alongside.NOTHING
    assert {len(row["questions"]) for row in checkin.catalogue()} == {len(questions())}


# ---- check-ins


def test_check_ins_follow_needling_near_the_lung_and_nothing_else():
    made = due_checkins([(NEAR, "right")], NEEDLED)
    assert [(due.name, (due.due - NEEDLED).total_seconds() / 3600) for due in made] == [
        ("before leaving", 0.25), ("next day", 16), ("after two days", 40),
    ]  # fmt: skip
    assert due_checkins([(FAR, "left")], NEEDLED) == due_checkins([], NEEDLED) == ()
    assert [name for name in points() if near_lung(name)] == [
        name for name, point in points().items() if "pleura" in point.structures
    ]
    assert near_lung("a point of another year"), "of a point that nobody knows any more the careful thing is taken"


def test_a_yes_to_breath_pain_or_cough_is_an_emergency():
    for code in ("breathless", "chest pain", "dry cough"):
        found = heard({**ALL_NO, code: "yes"})
        assert found.emergency
        assert "emergency department now, not alone and not driving" in found.says[0]
    worse = heard({**ALL_NO, "getting worse": "yes"})
    assert not worse.emergency
    assert not worse.settled


def test_a_question_that_was_not_asked_is_no_no():
    assert heard(ALL_NO).settled
    assert heard({**ALL_NO, "dry cough": "not asked"}).unasked == (questions()["dry cough"].question,)
    assert len(heard({}).unasked) == len(questions())


def test_the_words_to_take_home_say_when_what_and_where():
    words = " ".join(one.patient for one in after(["upper trapezius, neck part"], ()))
    for needed in (
        "two days later, or more",
        "emergency department at once, not driving yourself",
        "say that you were needled",
    ):
        assert needed in words
    assert "Breathless at rest, or faint: call an ambulance" in words
    assert "We phone you the next day" in words, "the call does not come as a fright"
    assert "We phone you" not in " ".join(one.patient for one in after(["brachialis"], ()))


@pytest.mark.parametrize(
    ("made", "hours", "expected"),
    [
        ([], 1, ("overdue", "to come", "to come")),
        ([], 16, ("passed over", "due", "to come")),
        ([], 30, ("passed over", "overdue", "to come")),
        ([], 41, ("passed over", "passed over", "due")),
        ([], 90, ("passed over", "passed over", "overdue")),
        ([asked("c", "next day", 2, 17, **ALL_NO)], 41, ("passed over", "done", "not needed")),
        ([asked("c", "next day", 2, 17, **{**ALL_NO, "dry cough": "not asked"})], 41, ("passed over", "done", "due")),
        ([asked("c", "next day", 2, 17, **{**ALL_NO, "breathless": "yes"})], 41, ("passed over", "done", "due")),
        ([asked("c", "next day", 2, 17, "no answer")], 29, ("passed over", "due", "to come")),
    ],
)
def test_how_check_ins_stand(made, hours, expected):
    assert tuple(stands([needle(), *made], hours).values()) == expected
    assert stands([*made, needle()], hours) == stands([needle(), *made], hours), "the order of the entries counts"


def test_a_needle_that_was_a_slip_asks_for_nothing_and_the_last_one_counts():
    slip = entry("t", "entry.taken-back", 2, entry="n1")
    assert stands([needle(), slip], 20) == {}
    late = replace(needle("n2", hours=5, position=3), late=True)
    assert stands([needle(), late], 16)["next day"] == "to come"


def test_a_clock_that_is_ahead_does_not_put_a_call_off():
    ahead = NEEDLED + datetime.timedelta(days=1)
    wrong = replace(needle(), made=ahead.isoformat())
    assert moment(wrong) == NEEDLED
    known = replace(needle(clock_off=86_400), made=ahead.isoformat())
    assert moment(known) == NEEDLED
    paper = needle(happened=(NEEDLED - datetime.timedelta(hours=20)).isoformat())
    assert stands([paper], 0)["next day"] == "due"


# ---- harm told later


def test_harm_told_later_takes_the_place_of_what_was_known():
    first = entry("a", "adverse.recorded", 2, **told())
    later = replace(entry("b", "adverse.recorded", 9, 30, **told(outcome="recovered"), replaces=["a"]), late=True)
    assert [value.heads[0].id for value in harms_told([first, later])] == ["b"]
    assert len(open_harms([first])) == 1
    assert open_harms([later, first]) == ()


# ---- to whom


def test_every_place_of_the_clinics_has_a_regulator_of_devices():
    for place in periods():
        bodies = [one for one in duties_at(place) if one.kind == "regulator"]
        assert len(bodies) == 1, place
        assert bodies[0].provenance.grade == "read"
        assert {"maker", "college", "insurer"} <= {one.kind for one in duties_at(place)}


def test_the_nearest_rule_of_a_kind_is_told():
    assert [one.place for one in duties_at("GB-SCT")][:1] == ["GB-SCT"]
    assert {one.place for one in duties_at("FR")} == {ANYWHERE}
    germany = duties_at("DE")[0]
    assert (germany.force, germany.within) == ("must be told", "without delay")
    assert all(one.force for one in duties.duties())


def test_check_ins_that_overlap_are_refused(monkeypatch):
    rows = [(f"checkins.toml: {n}", {"name": n, "due_h": 1, "late_h": 5, "where": "home"}, None) for n in "ab"]
    filled = {"title": "", "unless_settled": False, "why": "", "reviewed_by": ""}
    monkeypatch.setattr(checkin, "rows", lambda *_: [(where, {**row, **filled}, of) for where, row, of in rows])
    with pytest.raises(FactError, match=r"checkins\.toml: b: .*due after the one before it is late"):
        checkin.checkins.__wrapped__()
    assert len(checkins()) == 3
