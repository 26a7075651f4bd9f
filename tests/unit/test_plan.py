"""The plan as it stands: order, caps, why points are left out, the same mirrored and by either kernel, its JSON."""

import json

import pytest

from myotome.care.explanation.reasoner import Reasoner
from myotome.care.plan.planner import ORDER
from tests.neck_plan import BASE, SIDE, document, ids, made_of, usual


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


# JSON


def test_json_shape():
    plan = usual()[1].as_dict()
    assert set(plan) == {
        "valid", "status", "questions", "referral", "clearances", "points", "left_out", "not_needled", "person",
        "rules", "limits", "positions", "minutes", "tender_count", "notice",
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
