"""A course over sessions: changes against what matters, at their exact edges; what is missing is never no change."""

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myotome.care.course.changes import BETTER, SAME, UNKNOWN, WORSE, function_change, pain_change, range_changes
from myotome.care.course.followed import courses, followed, needles
from myotome.care.course.from_visit import Kept, visited
from myotome.care.course.scores import catalogue, left_out, matters, published, scored, scores, used
from myotome.care.course.stopping import (
    EARLY,
    ENOUGH,
    GO_ON,
    LOOK,
    NOT_KNOWN,
    STOP,
    sessions_needed,
    stop_or_continue,
)
from myotome.care.course.to_forecast import treatment
from myotome.care.course.visited import Needled, Taken, Visited
from myotome.care.examination.case_file import build
from myotome.care.screening.items import code_of
from myotome.care.session.noted import Noted
from myotome.facts.provenance import GRADES

DAY = datetime.date(2026, 1, 5)
NEEDLES = (
    Needled("n1", "C5 paraspinal", "right", "paraspinal", 2, True),
    Needled("n2", "upper trapezius, neck part", "right", "symptomatic"),
)
A, B = "reaching up", "turning round"


def visit(
    week, pain=None, function=None, *, needles=NEEDLES, area="neck", side="right", code="pain-average", **scored_
):
    """A visit in a week; ``scored_`` are further scores by code, with _ for -."""
    taken = [] if pain is None else [Taken(code, float(pain))]
    if function is not None:
        parts = tuple(function.items())
        taken.append(Taken("function", sum(function.values()) / len(parts), parts))
    taken += [Taken(name.replace("_", "-"), value) for name, value in scored_.items()]
    return Visited(f"v{week}", DAY + datetime.timedelta(weeks=week), area, side, scores=tuple(taken), needles=needles)


def course(*pains, **told):
    return [visit(week, pain, **told) for week, pain in enumerate(pains)]


# --- scores ---


@pytest.mark.parametrize(
    ("code", "items", "total", "why"),
    [
        ("pain-now", {"score": 0}, 0.0, ""),
        ("pain-now", {"score": 10}, 10.0, ""),
        ("pain-now", {}, None, "No number, no score: it was not asked."),
        ("pain-now", {"score": ""}, None, "No number, no score: it was not asked."),
        ("pain-now", {"score": 11}, None, "Pain now: it is '11'; it takes whole numbers from 0 to 10."),
        ("pain-now", {"score": 4.5}, None, "Pain now: it is '4.5'; it takes whole numbers from 0 to 10."),
        ("pain-now", {"score": True}, None, "Pain now: it is 'True'; it takes whole numbers from 0 to 10."),
        ("pain-now", {"pain": 4}, None, "Pain now is one number, named 'score'."),
        ("function", {A: 3, B: 6}, 4.5, ""),
        ("function", {A: 3, B: "not asked"}, 3.0, ""),
        ("change", {"score": -5}, -5.0, ""),
        ("satisfied", {"answer": "no"}, 0.0, ""),
        ("satisfied", {"answer": "not asked"}, None, "No answer is not a no."),
        ("satisfied", {"answer": "maybe"}, None, "Is the present state good enough?: the answer is yes or no."),
        ("range", {"score": 3}, None, "Range of movement is taken from the findings, not scored."),
    ],
)
def test_a_score_comes_to_a_total_or_says_why_not(code, items, total, why):
    found = scored(code, items)
    assert (found.total, found.why) == (total, why)


def test_a_sixth_activity_and_an_unknown_score_are_refused_in_words():
    six = scored("function", {f"activity {n}": 3 for n in range(6)})
    assert (six.total, six.why.endswith("6 activities; at most 5 are rated.")) == (None, True)
    assert scored("NDI", {"score": 3}).why == (
        "There is no score 'NDI' here. There are pain-now, pain-average, function, change, satisfied, range."
    )


def test_the_catalogue_holds_what_a_screen_asks_and_nothing_measured():
    listed = {one["code"]: one for one in catalogue()}
    assert list(listed) == [code for code in scores() if code != "range"]
    assert (listed["function"]["items"], listed["function"]["most_items"]) == ([], 5)
    assert listed["pain-now"]["matters"]["value"] == 2.0
    assert listed["pain-now"]["published"] == [1.5, 4.15]


def test_every_figure_names_its_source_and_questionnaires_without_a_licence_are_out():
    assert {one.provenance.grade for one in (*matters(), *scores().values(), *left_out())} <= set(GRADES)
    named = " ".join(one.name for one in left_out())
    for name in ("Neck Disability", "Oswestry", "QuickDASH", "Örebro", "SF-36", "EQ-5D", "PROMIS"):
        assert name in named
    assert published("function") == (1.3, 2.7)


# --- changes ---


@pytest.mark.parametrize(("last", "kind"), [(5, BETTER), (5.001, SAME), (7, SAME), (8.999, SAME), (9, WORSE)])
def test_pain_is_better_from_exactly_what_matters(last, kind):
    assert used("pain").value == 2.0
    assert pain_change(visit(0, 7), visit(1, last)).kind == kind


def test_changes_are_told_with_both_values_and_what_matters():
    assert pain_change(visit(0, 7), visit(1, 4)).words == "better by 3, from 7 to 4 (2 points matter)"
    assert pain_change(visit(0, 7), visit(1, 6)).words == "no measurable change, from 7 to 6 (2 points matter)"
    assert pain_change(visit(0, 4), visit(1, 7)).words == "worse by 3, from 4 to 7 (2 points matter)"
    assert pain_change(visit(0, 7), visit(1, 6)).rest == "from 7 to 6 (2 points matter)"


def test_what_was_not_asked_is_not_known_and_says_when():
    found = pain_change(visit(0, 7), visit(1))
    assert (found.kind, found.words) == (UNKNOWN, "It was not asked on 12 January 2026.")
    both = pain_change(visit(0), visit(1))
    assert both.words == "It was not asked on 5 January 2026 nor on 12 January 2026."


def test_average_pain_and_pain_now_are_never_compared():
    found = pain_change(visit(0, 8), visit(1, 2, code="pain-now"))
    assert (found.kind, "different ways" in found.words) == (UNKNOWN, True)


def test_a_score_that_began_too_low_cannot_show_an_easing():
    found = pain_change(visit(0, 1), visit(1, 0))
    assert (found.kind, "too near the best score" in found.words) == (UNKNOWN, True)
    assert pain_change(visit(0, 1), visit(1, 3)).kind == WORSE


def test_only_activities_rated_at_both_visits_are_compared():
    first, last = visit(0, function={A: 2, B: 8}), visit(1, function={A: 5, "sleeping": 9})
    found = function_change(first, last)
    assert (found.what, found.first, found.last, found.matters) == (f"Function ({A})", 2, 5, 3.0)
    assert found.kind == BETTER
    assert function_change(first, visit(1, function={A: 4})).kind == SAME  # one activity alone needs three points
    assert function_change(first, visit(1, function={A: 4, B: 10})).kind == BETTER  # two need two
    assert function_change(first, visit(1, function={"sleeping": 9})).kind == UNKNOWN


def test_a_mean_of_thirds_counts_at_the_edge():
    first, last = visit(0, function={"a": 1, "b": 1, "c": 2}), visit(1, function={"a": 3, "b": 3, "c": 4})
    assert function_change(first, last).kind == BETTER


@given(st.integers(0, 10), st.integers(0, 10))
def test_a_change_turned_round_is_never_better_both_ways(first, last):
    there, back = (pain_change(visit(0, a), visit(1, b)).kind for a, b in ((first, last), (last, first)))
    assert not {there, back} <= {BETTER} and not {there, back} <= {WORSE}
    assert (there == BETTER) == (first - last >= 2)


# --- stop or continue ---


def test_three_sessions_without_change_say_stop_with_the_numbers_and_what_to_think_of():
    found = stop_or_continue(course(7, 6, 6, 6))
    assert sessions_needed() == 3
    assert (found.kind, found.sentence) == (STOP, "Stop and think again: three sessions without measurable change.")
    assert found.reasons[0] == (
        "Average pain, over three sessions, 5 January 2026 to 26 January 2026: "
        "no measurable change, from 7 to 6 (2 points matter)."
    )
    assert "Function cannot be judged: it was not asked on 5 January 2026 nor on 26 January 2026." in found.reasons
    assert found.consider[0].startswith("Examine again from the start, red flags first")
    assert found.evidence[0].startswith("After how many sessions to stop: assumed. Judgement: ")
    assert any(one.startswith("What matters in function of one activity: 3 points") for one in found.evidence)


@pytest.mark.parametrize(
    ("pains", "kind"),
    [
        ((7,), EARLY),
        ((7, 7, 7), EARLY),
        ((7, 7, 7, 7), STOP),
        ((7, 7, 7, 5), GO_ON),
        ((8, 5, 5, 5, 5), STOP),  # better at first, then nothing more
        ((7, 9), LOOK),  # worse after one session
        ((5, 5, 5, 8), STOP),
        ((7, None, None, None), NOT_KNOWN),
        ((None, 7, 7, 7), NOT_KNOWN),
        ((7, None, None, 7), STOP),
        ((7, 7, 7, 7, None), STOP),  # the last score lies one session back
        ((7, 7, 7, 7, None, None, None), NOT_KNOWN),  # too long ago to judge by
    ],
)
def test_stop_or_continue_by_pain(pains, kind):
    assert stop_or_continue(course(*pains)).kind == kind


def test_the_sentence_says_over_how_many_sessions_it_was_judged():
    assert stop_or_continue(course(7, None, None, None, None, 7)).sentence == (
        "Stop and think again: five sessions without measurable change."
    )
    visits = [visit(0, 7), *(visit(week, 7, {A: 3, B: 3}) for week in range(1, 6))]
    visits[2:4] = [visit(2, 7), visit(3, 7)]
    assert stop_or_continue(visits).sentence == (
        "Stop and think again: at least three sessions without measurable change."
    )


def test_stopping_after_an_easing_says_so():
    assert stop_or_continue(course(8, 5, 5, 5, 5)).sentence == (
        "Stop and think again: three sessions without further measurable change."
    )


def test_function_may_carry_on_where_pain_does_not():
    visits = [visit(week, 6, {A: 2 + week, B: 3 + week}) for week in range(4)]
    assert stop_or_continue(visits).kind == GO_ON
    worse = [visit(week, 8 - week, {A: 8 - week, B: 8 - week}) for week in range(4)]
    assert stop_or_continue(worse).kind == LOOK


def test_a_visit_without_needles_is_no_session():
    visits = [replace(one, needles=()) if one.id == "v1" else one for one in course(7, 7, 7, 7)]
    assert (stop_or_continue(visits).kind, stop_or_continue(visits).sessions) == (EARLY, 3)


def test_a_visit_of_which_nobody_wrote_what_was_needled_counts_and_is_named():
    visits = [replace(one, needles=None) if one.id == "v1" else one for one in course(7, 7, 7, 7)]
    found = stop_or_continue(visits)
    assert found.kind == STOP
    assert "At one visit it was not recorded what was needled: counted as a session each." in found.reasons


def test_the_person_may_call_it_good_enough_and_their_own_rating_only_is_told():
    assert stop_or_continue([*course(7, 7, 7), visit(3, 7, satisfied=1.0)]).kind == ENOUGH
    found = stop_or_continue([*course(7, 7, 7), visit(3, 7, change=3.0)])
    assert found.kind == STOP
    assert found.reasons[-1] == "That does not fit: ask what is better, and score that."


@given(st.lists(st.one_of(st.none(), st.integers(0, 10)), min_size=1, max_size=8))
def test_nothing_is_judged_where_nothing_was_asked_and_stop_needs_a_measured_change(pains):
    found = stop_or_continue(course(*pains))
    assert (found.kind in (STOP, GO_ON)) <= bool(found.judged)
    assert all(None not in (one.change.first, one.change.last) and one.sessions >= 3 for one in found.judged)
    if sum(pain is not None for pain in pains) < 2:
        assert found.kind in (EARLY, NOT_KNOWN)


# --- which visits, what is drawn ---


def test_visits_are_told_apart_by_region_side_and_long_pauses():
    visits = [
        visit(0, 7),
        visit(1, 6, area="side of neck"),
        visit(2, 5, area="", side=""),
        visit(2, 4, area="knee"),
        visit(3, 5, side="left"),
        visit(60, 7),
    ]
    found = courses(visits)
    assert [(one.title, len(one.visits)) for one in found] == [
        ("Neck, right", 1),
        ("Neck, left", 1),
        ("Side of neck, right", 3),
        ("Knee, right", 1),
    ]
    assert "No complaint was written down on 19 January 2026: counted with the visit before." in found[2].remarks


def findings(*rows):
    return build({"findings": list(rows)}, code_of).findings


def test_signs_by_level_and_retests_are_tied_to_the_points_between():
    tender = {"sign": "tenderness", "at": "C5 paraspinal", "side": "right"}
    first = findings({**tender, "result": "present"}, {**tender, "result": "absent", "when": "after"})
    second = findings({**tender, "result": "present"})
    made = followed([replace(visit(0, 7), findings=first), replace(visit(1, 7), findings=second), visit(2, 7)])
    assert [(row.level, row.side, row.signs) for row in made.levels] == [("C5", "right", (1, 1, None))]
    (again,) = made.retests
    assert (again.before, again.after, again.kind, again.next_words) == (
        "present",
        "absent",
        "gone, but back",
        "present",
    )
    assert again.points == ("C5 paraspinal, right (twitch 2)", "upper trapezius, neck part, right")
    assert made.signs.words == "No sign found at the first visit was looked for again."


def test_range_is_judged_for_the_neck_only_from_the_error_of_measuring():
    def measured(week, at, value):
        row = {"sign": "range", "at": at, "side": "right", "value": value}
        return replace(visit(week), findings=findings(row))

    neck = range_changes([measured(0, "neck rotation", 40), measured(1, "neck rotation", 50)])
    assert [(one.what, one.kind) for one in neck] == [("neck rotation, right", BETTER)]
    assert range_changes([measured(0, "neck rotation", 40), measured(1, "neck rotation", 49)])[0].kind == SAME
    hip = range_changes([measured(0, "hip flexion", 60), measured(1, "hip flexion", 110)])
    assert (hip[0].kind, hip[0].words) == (UNKNOWN, "from 60 to 110; how much would matter is not known")


def test_a_visit_is_read_from_its_entries():
    def entry(name, kind, late=False, **body):
        return Noted(name, kind, body, position=int(name[1:]), late=late)

    entries = [
        entry("e1", "score.recorded", score="pain-now", items={"score": 6}),
        entry("e2", "score.recorded", score="pain-now", items={"score": 5}),  # another device, differing
        entry("e3", "score.recorded", score="function", total=4),
        entry("e4", "needle.in", needle="n1", point="C5 paraspinal", side="right", out=True),
        entry("e5", "needle.response", insertion="e4", twitch=0, sensation="familiar pain"),
        entry("e6", "alongside.recorded", what="none"),
        entry("e7", "adverse.recorded", late=True, term="bruise", severity="mild", onset="hours after"),
    ]
    made = visited(Kept("v", DAY), None, entries)
    assert made.score("pain-now") is None
    assert made.scores[0].why == "It was entered differently on two devices: settle which is right."
    assert made.score("function").total == 4.0
    assert made.needles == (Needled("n1", "C5 paraspinal", "right", "paraspinal", 0, True),)
    assert (made.alongside, [one.term for one in made.harms]) == ((), ["bruise"])
    assert visited(Kept("v", DAY), None, []).needles is None


def test_needles_are_counted_by_needle_and_by_kind():
    found = needles(visit(0))
    assert (found.needles, found.insertions, found.by_kind) == (2, 2, (("paraspinal", 1), ("symptomatic", 1)))
    assert (found.responses, found.twitches, found.familiar) == (1, 1, 1)
    assert needles(replace(visit(0), needles=None)) is None


def test_a_forecast_is_asked_with_the_scores_before_the_needles():
    made = treatment(followed([visit(0, 7), visit(1, 6, needles=()), visit(2, needles=None)]))
    told = [(one.day, one.pain, one.needled) for one in made.sessions]
    assert told == [(0.0, 7, "both"), (7.0, 6, "none"), (14.0, None, None)]
    assert made.next_needled == "both"
    today = treatment(followed([visit(0, 7), visit(1, 6, needles=())]))
    assert [one.needled for one in today.sessions] == ["both", "both"]  # today's needles are still to come


# --- what is asked when, what is measured, and a visit that is not finished ---


def told(*entries):
    """A visit of these entries: (kind, minute, body)."""
    noted = [
        Noted(f"e{n}", kind, body, made=f"2026-01-05T10:{minute:02}:00+01:00", position=n)
        for n, (kind, minute, body) in enumerate(entries)
    ]
    return visited(Kept("v", DAY), None, noted)


def test_a_score_counts_as_before_when_it_was_asked_before_the_first_needle():
    score = {"score": "pain-now", "items": {"score": 6}, "when": "after"}
    needle = {"needle": "n1", "point": "C5 paraspinal", "side": "right", "out": True}
    early = told(("score.recorded", 5, score), ("needle.in", 10, needle))
    late = told(("score.recorded", 15, score), ("needle.in", 10, needle))
    assert (early.score("pain-now").total, late.score("pain-now")) == (6.0, None)
    assert told(("score.recorded", 15, score)).of_day("pain-now").total == 6.0  # no needle at all
    both = told(("score.recorded", 3, {**score, "when": "before", "items": {"score": 8}}), ("score.recorded", 5, score),
                ("needle.in", 10, needle))  # fmt: skip
    assert both.score("pain-now").total == 8.0


def test_a_score_of_the_last_day_counts_whenever_it_was_asked_and_pain_now_only_before():
    spans = [replace(visit(week), scores=(Taken("pain-average", 7.0, when="after"),)) for week in range(4)]
    assert stop_or_continue(spans).kind == STOP
    now = [replace(visit(week), scores=(Taken("pain-now", 7.0, when="after"),)) for week in range(4)]
    assert stop_or_continue(now).kind == NOT_KNOWN


@pytest.mark.parametrize(
    ("sign", "at", "values", "pain", "kind"),
    [
        ("range", "neck rotation", (40, 41, 40, 52), 7, GO_ON),
        ("range", "neck rotation", (40, 41, 40, 44), 7, STOP),
        ("range", "neck rotation", (40, 41, 40, 44), None, NOT_KNOWN),  # what stayed does not show that nothing changed
        ("strength", "biceps brachii", ("3", "3", "3+", "4+"), 7, GO_ON),
        ("strength", "biceps brachii", ("4", "4", "4", "4+"), 7, STOP),
        ("strength", "biceps brachii", ("4+", "4", "4", "3"), None, STOP),
    ],
)
def test_range_and_strength_tell_of_a_measurable_change(sign, at, values, pain, kind):
    def row(value):
        said = {"value": value} if sign == "range" else {"grade": value, "result": "weak"}
        return findings({"sign": sign, "at": at, "side": "right", **said})

    visits = [replace(visit(week, pain), findings=row(value)) for week, value in enumerate(values)]
    found = stop_or_continue(visits)
    assert found.kind == kind
    if sign == "strength" and kind == GO_ON:
        assert "from 3 to 4+ (1 grade matter" in found.reasons[0]


def test_a_visit_that_is_not_finished_blanks_nothing():
    done = course(8, 8, 8, 5)
    stray = replace(visit(4), needles=NEEDLES[:1], finished=False)
    before, now = followed(done), followed([*done, stray])
    assert before.changes[0].words == now.changes[0].words == "better by 3, from 8 to 5 (2 points matter)"
    assert before.changes[0] == now.changes[0]
    assert now.signs == before.signs
    assert (
        (now.advice.kind, now.advice.sentence)
        == (before.advice.kind, before.advice.sentence)
        == (GO_ON, now.advice.sentence)
    )
    asked = followed([*done, replace(visit(4, 9), finished=False)])
    assert asked.changes[0].kind == SAME
    good = [*done[:3], visit(3, 5, satisfied=1.0), stray]
    assert stop_or_continue(good).kind == ENOUGH


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [("3", "4+", "stronger: 3 to 4+"), ("4+", "4-", "weaker: 4+ to 4-"), ("4", "4", "still there")],
)
def test_a_graded_gain_is_told_as_it_is_written(first, second, kind):
    row = {"sign": "strength", "at": "biceps brachii", "side": "right", "result": "weak"}
    tests = findings({**row, "grade": first}, {**row, "grade": second, "when": "after"})
    (again,) = followed([replace(visit(0, 7), findings=tests)]).retests
    assert (again.kind, again.before, again.after) == (kind, f"weak ({first})", f"weak ({second})")
    assert tests[0].text == f"strength biceps brachii, right: weak (grade {first})"
