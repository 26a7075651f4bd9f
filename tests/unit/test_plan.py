"""The plan: limits and edits by their sentences, order, caps, needles in words, the same answer mirrored and by kernel."""

import copy
import datetime
import json
import re
from functools import cache

import pytest

from myotome.care.examination.case_file import build
from myotome.care.explanation.explain import explain_case
from myotome.care.explanation.reasoner import Reasoner
from myotome.care.plan.planner import ORDER, planner
from myotome.care.screening.items import RED_FLAG, code_of, items
from myotome.errors import UnknownNameError
from tests.reading import reasoner

DAY = datetime.date(2026, 11, 21)
TIGHT = ("upper trapezius", "levator scapulae", "infraspinatus", "triceps brachii", "paraspinal C5-C7")
ASKED = {"pregnancy": "no", "bleeding disorder": "no", "pneumothorax or lung disease": "no", "infection": "no"}
BASE = {
    "person": {"age": 40, "sex": "female"},
    "complaint": {"area": "neck", "side": "left"},
    "screening": {**{c: "no" for c, i in items().items() if i.kind == RED_FLAG}, **ASKED, "consent": "yes"},
    "medicines": "none",
    "conditions": "none",
    "implants": "none",
    "build": {"height_cm": 170, "weight_kg": 68},
    "visit": {"number": 3, "minutes": 60, "needle_fear": "no", "last_reaction": "none"},
    "findings": [{"sign": "tenderness", "at": at, "side": "left", "result": "present"} for at in TIGHT]
    + [{"sign": "taut band", "at": at, "side": "left", "result": "present"} for at in TIGHT[:4]],
}
SIDE = {"left": "right", "right": "left"}


def document(**parts):
    found = copy.deepcopy(BASE)
    for name, value in parts.items():
        found[name] = {**found[name], **value} if isinstance(found.get(name), dict) else value
    return found


def made_of(found, reasoners=reasoner):
    case = build(found, code_of)
    return planner(case, explain_case(case, reasoners, with_next=False, with_intervals=False), DAY)


@cache
def usual():
    made = made_of(document())
    return made, made.plan()


def ids(plan):
    return [point.candidate.id for point in plan.points]


def edited(add=(), remove=(), **parts):
    made = made_of(document(**parts))
    return made.edited(made.plan(), add, remove)


# The plan as it stands


def test_order_of_points():
    """Numbered from 1; position by position, in each the spine first, from head to foot."""
    _, plan = usual()
    assert plan.status == "ready"
    assert [point.number for point in plan.points] == list(range(1, len(plan.points) + 1))
    kinds = [
        (plan.positions.index(p.position), ORDER.index(p.candidate.point.kind), p.candidate.point.level)
        for p in plan.points
    ]
    assert kinds == sorted(kinds)
    assert {"paraspinal", "symptomatic"} == {point.candidate.point.kind for point in plan.points}
    assert all(point.candidate.reason and point.candidate.evidence for point in plan.points)
    assert plan.left_out
    assert all(out.why.endswith((".", "points")) for out in plan.left_out)


@pytest.mark.parametrize(
    ("parts", "most", "why"),
    [
        ({}, 16, "the most of any visit"),
        ({"visit": {"max_needles": 100}}, 16, "the most of any visit"),
        ({"visit": {"max_needles": 3}}, 3, "asked for"),
        ({"visit": {"number": 1, "max_needles": 12}}, 8, "first visit"),
        ({"visit": {"number": None, "max_needles": 12}}, 8, "first visit"),
        ({"visit": {"number": 1, "needle_fear": "yes"}}, 4, "needle fear"),
        ({"visit": {"last_reaction": "fainted"}}, 4, "reacted before"),
        ({"person": {"age": 80}}, 6, "older person"),
        ({"person": {"age": 16}}, 4, "young person"),
    ],
    ids=str,
)
def test_caps_of_needles(parts, most, why):
    made = made_of(document(**parts))
    assert (made.problem.bounds.needles, made.problem.bounds.why) == (most, why)
    assert len(made.plan().points) <= most


@pytest.mark.parametrize("visit", [{"minutes": 1}, {"minutes": 12}, {"max_needles": 0}, {"positions": ["seated"]}])
def test_a_visit_too_small_for_any_needle_says_so(visit):
    plan = made_of(document(visit=visit)).plan()
    assert (plan.status, plan.points, plan.minutes) == ("nothing to needle", (), 0.0)
    assert all(out.why for out in plan.left_out)


def test_nothing_found_nothing_to_needle():
    plan = made_of(document(findings=[])).plan()
    assert (plan.status, plan.points, plan.left_out, plan.positions) == ("nothing to needle", (), (), ())
    assert json.loads(json.dumps(plan.as_dict()))["points"] == []


def test_mirrored_case_gives_the_mirrored_plan():
    other = document(complaint={"side": "right"}, findings=[{**f, "side": "right"} for f in BASE["findings"]])
    mirrored = made_of(other).plan()
    swapped = [(p.candidate.point.name, SIDE[p.candidate.side], p.needle) for p in mirrored.points]
    assert swapped == [(p.candidate.point.name, p.candidate.side, p.needle) for p in usual()[1].points]
    assert {out.candidate.point.name for out in mirrored.left_out} == {
        out.candidate.point.name for out in usual()[1].left_out
    }


def test_either_kernel_gives_the_same_plan():
    for parts in ({}, {"visit": {"max_needles": 3}}, {"findings": BASE["findings"][:3]}):
        one, other = (made_of(document(**parts), lambda p, k=k: Reasoner(p, k)).plan() for k in ("auto", "numpy"))
        assert ids(one) == ids(other)
        assert [o.candidate.priority for o in one.left_out] == [o.candidate.priority for o in other.left_out]


# Edits


def test_add_and_remove():
    made, plan = usual()
    last = plan.points[-1].candidate
    shorter, said = made.edited(plan, remove=[(last.point.name, last.side)])
    assert (ids(shorter), said) == (ids(plan)[:-1], ())
    again, said = made.edited(shorter, add=[(last.point.name, last.side), (last.point.name, last.side)])
    assert (ids(again), said) == (ids(plan), ())
    more, said = made.edited(plan, add=[("tibialis anterior", "right"), ("L5 paraspinal", "right")])
    assert said == ()
    (added,) = [point for point in more.points if point.candidate.point.name == "tibialis anterior"]
    assert added.candidate.reason == "added by the practitioner"
    assert ids(plan) == ids(usual()[1]), "the plan that was edited stays as it was"


@pytest.mark.parametrize(
    ("add", "remove", "message"),
    [
        ([("C7 paraspinl", "left")], [], r"There is no point 'C7 paraspinl'\. Did you mean C7 paraspinal or .*\?"),
        ([("tibialis anter", "left")], [], r"There is no point 'tibialis anter'\. Did you mean tibialis anterior\?"),
        ([("$$$", "left")], [], r"There is no point '\$\$\$'\. docs/reference/points\.md lists them\."),
        ([("C7 paraspinal", "both")], [], r"'C7 paraspinal' has no side 'both'\. Write left or right\."),
        ([("H20 spinous process of T7", "left")], [], r"'H20 .* T7' has no side 'left'\. Write both\."),
        ([], [("C1 paraspinal", "right")], r"'C1 paraspinal, right' is not in the plan\. It holds C.*, left; .*\."),
    ],
)
def test_edits_of_what_does_not_exist(add, remove, message):
    made, plan = usual()
    with pytest.raises(UnknownNameError, match=f"^{message}$"):
        made.edited(plan, add, remove)


LEG = [("tibialis anterior", "right"), ("L5 paraspinal", "right")]


@pytest.mark.parametrize(
    ("parts", "add", "remove", "sentence"),
    [
        ({"visit": {"max_needles": 2}}, LEG, [],
         r"4 needles; this visit has at most 2 \(asked for\)\. Take some out\."),
        ({"visit": {"minutes": 18}}, LEG, [],
         r"It takes \d+ minutes; this visit has 18. Take some points or a turn out."),
        ({"visit": {"positions": ["prone"]}}, LEG, [],
         "tibialis anterior, right is reached supine.*, not in the positions of this visit. Allow one of them."),
        ({}, LEG[:1], [], "tibialis anterior, right needs a paraspinal point of its segment: add L.* paraspinal, right."),
        ({}, [("T5 paraspinal", "left"), ("T5 paraspinal", "right")], [],
         "Points over the lung on both sides in one visit. Keep those of one side."),
        ({"settings": {"specialist_points": True}}, [("H20 spinous process of T7", "both")], [],
         "Points over the lung on both sides in one visit. Keep those of one side."),
        ({}, [("H20 spinous process of T7", "both")], [],
         "H20 .*, both may not be planned: for specially trained hands; this clinic's settings do not offer such points"),
        ({}, [("H4 saphenous", "right")], [],
         "H4 .*, right may not be planned: a traditional point; this clinic's settings do not offer such points"),
        ({"settings": {"homeostatic_points": "yes"}},
         [("H1 deep radial", "left"), ("extensor carpi radialis longus", "left"), ("C6 paraspinal", "left")], [],
         "extensor carpi radialis longus, left and a homeostatic point lie in the same muscle. Keep one of the two."),
        ({"medicines": ["warfarin"]}, [("psoas major", "left")], [],
         "psoas major, left may not be planned: .*"),
    ],
)  # fmt: skip
def test_every_limit_by_its_sentence(parts, add, remove, sentence):
    """Whatever the practitioner adds meets the same rules as what the planner chooses."""
    _, said = edited(add, remove, **parts)
    assert any(re.fullmatch(sentence, one) for one in said), said


def test_each_edit_is_checked_against_the_whole_plan():
    """The spine point of a muscle that was added earlier may not be taken out from under it."""
    made, plan = usual()
    more, said = made.edited(plan, LEG)
    assert said == ()
    _, said = made.edited(more, remove=LEG[1:])
    assert len(said) == 1
    assert said[0].startswith("tibialis anterior, right needs a paraspinal point of its segment: add ")
    assert "paraspinal" in said[0]


@pytest.mark.parametrize(
    ("parts", "status"),
    [({"screening": {"consent": "no"}}, "blocked"), ({"screening": {"saddle numbness": "yes"}}, "blocked"),
     ({"medicines": "not asked"}, "refused"), ({"screening": {"consent": "no", "infection": "not asked"}}, "blocked")],
)  # fmt: skip
def test_nothing_is_planned_or_added_where_it_is_blocked_or_refused(parts, status):
    made = made_of(document(**parts))
    plan = made.plan()
    assert (plan.status, plan.points, plan.left_out) == (status, (), ())
    assert made.edited(plan, add=LEG) == (plan, (f"The plan is {status}; it cannot be changed.",))


# Limits with a written reason


def limits(**parts):
    """The code of every limit that bars a candidate at this visit, with its whole sentence."""
    made = made_of(document(**parts))
    barred = [one.barred for one in made.all if one.barred.startswith("limited, ")]
    return {text.split(":")[0].removeprefix("limited, "): text for text in barred}


def test_a_reason_lifts_the_limits_of_its_fact_and_no_other():
    thin = {"build": {"height_cm": 180, "weight_kg": 55}, "conditions": ["eating disorder"]}
    (said,) = {text for code, text in limits(**thin).items() if code == "lean build over the lung"}
    assert said.endswith("Write the reason under 'reasons: {eating disorder: ..., lean build: ...}' to plan it.")
    why = "in the lifted fold, seen before"
    for facts, still in (
        (("lean build",), True),  # the other fact has no reason yet
        (("eating disorder",), True),
        (("build",), True),
        (("anticoagulant", "pregnancy", "lung"), True),
        (("eating disorder", "Lean build"), False),
        (("lean build over the lung",), False),
    ):
        reasons = dict.fromkeys(facts, why)
        assert ("lean build over the lung" in limits(**thin, reasons=reasons)) == still, facts


def test_no_reason_lifts_a_block_and_a_block_keeps_its_side():
    reasons = dict.fromkeys(("breast implant", "implants"), "they asked for it")
    add = [("clavicular pectoralis major", side) for side in SIDE]
    _, said = edited(add, implants=["left breast implant"], reasons=reasons)
    blocked = [one for one in said if "blocked, breast implant: " in one]
    assert [one.split(" may not")[0] for one in blocked] == ["clavicular pectoralis major, left"]
    _, said = edited(add, implants=["left and right breast implants"], reasons=reasons)
    assert len([one for one in said if "blocked, breast implant: " in one]) == 2


# JSON


def test_json_shape():
    plan = usual()[1].as_dict()
    assert set(plan) == {
        "valid", "status", "questions", "referral", "clearances", "points", "left_out", "not_needled", "person", "rules",
        "limits", "positions", "minutes", "tender_count", "notice",
    }  # fmt: skip
    assert set(plan["points"][0]) == {
        "number", "point", "kind", "muscle", "level", "side", "position", "find", "needle", "direction", "technique",
        "at_risk", "reason", "evidence", "priority", "risk", "expect", "rules", "grade", "reviewed_by",
    }  # fmt: skip
    assert set(plan["points"][0]["needle"]) == {"gauge_mm", "length_mm", "ceiling_mm", "words", "source"}
    assert set(plan["left_out"][0]) == {"point", "side", "priority", "why"}
    assert set(plan["limits"]) == {"needles", "why", "minutes", "positions"}
    assert set(plan["person"]) == {"facts", "unrecognised", "read_as", "build"}
    assert all(one["why"] for one in plan["left_out"])
    assert json.loads(json.dumps(plan)) == plan
