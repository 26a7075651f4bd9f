"""Course files: read whole or refused with every problem, its place, the rule and the remedy."""

import datetime

import pytest

from myotome.care.course.course_file import parse_course
from myotome.errors import CaseError
from tests.house.tree import ROOT

GOOD = b"""
complaint: {text: Elbow pain, side: right, area: lateral elbow}
sessions:
  - {date: 2026-11-14, pain: 4, range: 85, needled: limb, note: slept well}
  - {date: 2026-11-07, pain: 6, range: {spine: 70, limb: 74}, needled: both}
  - {date: 2026-11-23, pain: 0}
next: {every: 10, needled: spine}
alongside: [paracetamol, {what: stretching, from: 2026-11-10, to: 2026-11-20}]
"""


def problems(text):
    with pytest.raises(CaseError) as refused:
        parse_course(text.encode())
    return [f"{p.at}: {p.message}" for p in refused.value.problems]


def test_a_course_is_read_in_order_and_counted_from_the_first_session():
    course = parse_course(GOOD)
    assert [s.day for s in course.sessions] == [0.0, 7.0, 16.0]
    assert [s.pain for s in course.sessions] == [6, 4, 0]
    assert [(s.spine, s.limb) for s in course.sessions] == [(70.0, 74.0), (None, 85.0), (None, None)]
    assert [s.needled for s in course.sessions] == ["both", "limb", None]
    assert course.sessions[1].date == datetime.date(2026, 11, 14)
    assert (course.complaint.area, course.complaint.side) == ("lateral elbow", "right")
    assert (course.every, course.next_needled, course.known) == (10.0, "spine", 3)
    assert [(a.what, a.from_day, a.to_day) for a in course.alongside] == [
        ("paracetamol", None, None), ("stretching", 3.0, 13.0),
    ]  # fmt: skip


@pytest.mark.parametrize("path", sorted((ROOT / "examples" / "courses").glob("*.yaml")), ids=lambda p: p.stem)
def test_every_example_says_that_it_is_invented_and_is_read(path):
    assert path.read_text("utf-8").startswith("# Invented. ")
    assert parse_course(path.read_bytes()).sessions


DAY = "sessions: [{{day: 0, pain: 5}}, {}]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (DAY.format("{day: 0, pain: 6}"), "sessions[1]: day 0 is the day of sessions[0] too: two scores on one day. "
         "Keep the score before the needles."),
        (DAY.format("{day: 7, pain: 11}"), "sessions[1].pain: '11' is not a number from 0 to 10"),
        (DAY.format("{day: 7, pain: -1}"), "sessions[1].pain: '-1' is not a number from 0 to 10"),
        (DAY.format("{day: 7, pain: 4.5}"), "sessions[1].pain: '4.5' is no whole number. Give the score as it was"),
        (DAY.format("{day: 7, pain: .nan}"), "sessions[1].pain: '.nan' is not a number"),
        (DAY.format("{day: 7, pain: yes}"), "sessions[1].pain: 'yes' is not a number"),
        (DAY.format("{day: -7, pain: 4}"), "sessions[1].day: '-7' is not a number from 0 to 1830 (days, the first"),
        (DAY.format("{day: .inf, pain: 4}"), "sessions[1].day: '.inf' is not a number"),
        (DAY.format("{day: 0.4, pain: 6}"), "sessions[1].day: '0.4' is no whole number. Count whole days: one score a "
         "day, the one before the needles."),
        (DAY.format("{day: 1e-7, pain: 6}"), "sessions[1].day: '1e-07' is no whole number. Count whole days"),
        (DAY.format("{day: 7, range: 200}"), "sessions[1].range: '200' is not a number from 0 to 130 (% of full"),
        (DAY.format("{day: 7, range: {limb: x}}"), "sessions[1].range.limb: 'x' is not a number"),
        (DAY.format("{day: 7, needled: bot}"), "needled is 'bot'; use spine, limb, both, none. Did you mean 'both'?"),
        (DAY.format("{day: 7, pian: 4}"), "sessions[1]: 'pian' is not known here. Use: date, day, pain, range, "
         "needled, note. Did you mean 'pain'?"),
        (DAY.format("{pain: 4}"), "sessions[1].day: the session has neither a date nor a day. Give one"),
        (DAY.format("{date: 2026-11-14}"), "sessions: some sessions have a date and some a day. Write all of them in"),
        (DAY.format("{day: 1, date: 2026-11-14}"), "some sessions have a date and some a day"),
        (DAY.format("7"), "sessions[1]: this is a number; it must be a mapping"),
        ("sessions: [{date: 14.11.2026}]", "sessions[0].date: '14.11.2026' is no date. Write it as 2026-11-21."),
        ("sessions: [{date: 2020-01-01}, {date: 2026-01-01}]", "sessions: the course lasts 2192 days; at most 1830"),
        ("sessions: []", "sessions: there is no session. Give at least one, with its date or day."),
        ("sessions: 3", "sessions: 'sessions' is a number; it must be a list of at most 200"),
        ("[]", "file: the file holds a list; a course is a mapping with 'sessions'."),
        ("", "file: the file holds empty; a course is a mapping"),
        ("sesions: [{day: 0}]", "file: 'sesions' is not known here. Use: complaint, sessions, next, alongside. Did you "
         "mean 'sessions'?"),
        ("sessions: [{day: 0}]\nnext: {every: 0}", "next.every: '0' is not a number from 1 to 365"),
        ("sessions: [{day: 0}]\nnext: weekly", "next: 'next' is text; it must be a mapping"),
        ("sessions: [{day: 0}]\ncomplaint: {area: elbwo}", "complaint.area: "),
        ("sessions: [{day: 0}]\ncomplaint: {text: [a, {b: 1}]}", "complaint.text: this is a list; write it in words."),
        ("sessions: [{day: 0}]\ncomplaint: {side: up}", "complaint.side: side is 'up'; use left, right or both."),
        ("sessions: [{day: 0}]\nalongside: [{from: 3}]", "alongside[0].what: it is not said what was done."),
        ("sessions: [{day: 0}]\nalongside: [{what: a, from: 9, to: 3}]", "alongside[0]: it ends before it begins."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_place_rule_and_remedy(text, said):
    found = problems(text)
    assert any(said in one for one in found), found


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{a: 1}", "sessions: 'sessions' is a mapping; it must be a list of at most 200, one a line."),
        (str([{"day": n} for n in range(201)]), "sessions: 'sessions' is a list of 201; it must be a list of at most"),
        ("[7]", "sessions[0]: this is a number; it must be a mapping."),
    ],
)
def test_one_fault_is_said_once(given, said):
    found = problems(f"sessions: {given}")
    assert len(found) == 1 and said in found[0], found


def test_every_problem_is_named_at_once():
    found = problems("sessions: [{day: 0, pain: 11}, {day: 7, pain: 3, needled: knee}, {day: -1}]\nextra: 1")
    assert len(found) == 4, found
