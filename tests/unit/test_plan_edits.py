"""What the practitioner changes meets the same rules, each by its sentence; what a written reason lifts."""

import re

import pytest

from myotome.errors import UnknownNameError
from tests.neck_plan import SIDE, document, edited, ids, made_of, usual

LEG = [("tibialis anterior", "right"), ("L5 paraspinal", "right")]


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


@pytest.mark.parametrize(
    ("parts", "add", "remove", "sentence"),
    [
        ({"visit": {"max_needles": 2}}, LEG, [],
         r"4 needles; this visit has at most 2 \(asked for\)\. Take some out\."),
        ({"visit": {"minutes": 18}}, LEG, [],
         r"It takes \d+ minutes; this visit has 18. Take some points or a turn out."),
        ({"visit": {"positions": ["prone"]}}, LEG, [],
         "tibialis anterior, right is reached supine.*, not in the positions of this visit. Allow one of them."),
        ({}, LEG[:1], [], "tibialis anterior, right needs a paraspinal point of its segment: add L.*, right."),
        ({}, [("T5 paraspinal", "left"), ("T5 paraspinal", "right")], [],
         "Points over the lung on both sides in one visit. Keep those of one side."),
        ({"settings": {"specialist_points": True}}, [("H20 spinous process of T7", "both")], [],
         "Points over the lung on both sides in one visit. Keep those of one side."),
        ({}, [("H20 spinous process of T7", "both")], [],
         "H20 .*, both may not be planned: for specially .*; this clinic's settings do not offer such points"),
        ({}, [("H4 saphenous", "right")], [],
         "H4 .*, right may not be planned: a traditional point; this clinic's settings do not offer such points"),
        ({"settings": {"homeostatic_points": "yes"}},
         [("H1 deep radial", "left"), ("extensor carpi radialis longus", "left"), ("C6 paraspinal", "left")], [],
         "extensor carpi radialis longus, left and H1 deep radial, left lie in the same place. Keep one of the two."),
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


def test_a_plan_made_before_something_was_known_is_judged_anew():
    """Points that warfarin or an implant now bars are named, though the plan that held them was sound."""
    _, plan = usual()
    held = [p.candidate.id for p in plan.points if "pleura" in p.candidate.point.structures]
    assert held
    _, said = made_of(document(medicines=["warfarin"])).edited(plan)
    barred = [one.split(" may not be planned: ")[0] for one in said if " may not be planned: " in one]
    assert set(held) <= set(barred)


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
    assert made.edited(usual()[1])[0] == plan, "nor does an older plan pass"
    assert made.reordered(usual()[1], [])[0] == plan


def test_positions_in_another_order_keep_their_points_the_turns_and_the_rules():
    made, plan = usual()
    more, _ = made.edited(plan, add=LEG)
    lies = more.positions
    assert len(lies) > 1
    turned = more.lying(lies[::-1])
    assert turned.positions == lies[::-1] and turned.minutes == more.minutes
    assert [point.number for point in turned.points] == list(range(1, len(more.points) + 1))
    for position in lies:
        there = [[one.candidate.id for one in of.points if one.position == position] for of in (more, turned)]
        assert there[0] == there[1]
    assert made.edited(turned) == (more, ()), "the rules are of the points, not of their order"
    assert more.lying(["seated", lies[-1]]).positions == (lies[-1], *lies[:-1]), "others follow as planned"
    assert more.lying(()) == more


def test_reorder():
    made, plan = usual()
    names = [(p.candidate.point.name, p.candidate.side) for p in plan.points]
    backwards, _ = made.reordered(plan, names[::-1])
    assert ids(backwards) == ids(plan)[::-1]
    assert [point.number for point in backwards.points] == list(range(1, len(names) + 1))
    assert ids(made.reordered(plan, names[-1:])[0]) == [*ids(plan)[-1:], *ids(plan)[:-1]]
    for order in ([("C1 paraspinal", "right")], [names[0], names[0]]):
        with pytest.raises(UnknownNameError, match=r"is not in the plan, or named twice\. It holds C"):
            made.reordered(plan, order)


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
