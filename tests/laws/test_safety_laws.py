"""Laws of safety over random people. Each reports how often it was not vacuous.

A few thousand people in `make test`; a million through the rules and ten thousand through the solver in `make safety`,
where each law must have been put to the test at least a thousand times.
"""

import datetime
import itertools
import os
import random
from collections import Counter
from dataclasses import replace

import pytest

from myotome.care.examination.case import Case
from myotome.care.examination.visit import Stated
from myotome.care.explanation.explain import explain_case
from myotome.care.explanation.reasoner import Reasoner
from myotome.care.plan.limits import broken
from myotome.care.plan.plan import BLOCKED, NOTHING, READY, REFUSED
from myotome.care.plan.planner import planner
from myotome.care.points.tables import points
from myotome.care.safety.gate import gate, vitals
from myotome.care.safety.rules import ACTIONS, rules
from myotome.care.safety.ruling import rulings
from myotome.care.safety.standing import standing
from myotome.errors import CaseError
from tests.people import DAY, NONSENSE, Crowd

SHARDS = 2
PEOPLE = int(os.environ.get("MYOTOME_PEOPLE", "800"))
PLANS = int(os.environ.get("MYOTOME_PLANS", "80"))
TRIED = 0.05 if PEOPLE > 10_000 else 1.0  # the share of people on whom the slower laws are tried
HITS = int(os.environ.get("MYOTOME_HITS", "2"))  # how often, at least, each law must have bitten in each shard


def report(record_property, name, hits):
    """Every law's count goes into the report of the run; a law that was hardly tried fails."""
    for law, count in sorted(hits.items()):
        record_property(f"{name}: {law}", count)
    rare = {law: count for law, count in hits.items() if count < HITS}
    assert not rare, f"tried too seldom: {rare}"


@pytest.mark.parametrize("shard", range(SHARDS))
def test_rules_keep_their_laws(shard, record_property):
    """What is known of a person only ever forbids more; nothing written is dropped; sides and unasked count."""
    crowd, rng = Crowd(1000 + shard), random.Random(shard)
    hits = Counter(dict.fromkeys(RULE_LAWS, 0))
    names = list(points())
    for _ in range(PEOPLE // SHARDS):
        case = crowd.person(asked=rng.choice((0.98, 0.6)))
        try:
            person = standing(case)
        except CaseError as error:
            assert "screening says" in str(error), "only two answers can disagree"
            hits["two answers that disagree are refused"] += 1
            continue
        said = rulings(person)
        for law in RULE_LAWS.values():
            law(hits, crowd, rng, case, person, said, names)
    report(record_property, "rules", hits)


def strongest_rule_wins(hits, crowd, rng, case, person, said, names):
    """The action at a point is the strongest of the rules that list a fact of the person and mean the point."""
    point, side = points()[rng.choice(names)], rng.choice(("left", "right"))
    meant = [
        ACTIONS.index(rule.action)
        for rule in rules().values()
        if rule.given & person.codes
        and rule.acts_on(point)
        and (not rule.same_side or any(side in person.sides_of(code) for code in rule.given))
    ]
    hits["the strongest rule wins"] += bool(meant)
    assert said.action(point, side) == ACTIONS[max(meant, default=0)]


def more_is_known(hits, crowd, rng, case, person, said, names):
    """One more medicine never allows what was forbidden."""
    if case.background.medicines is None:
        return
    text = rng.choice(crowd.names["medicines"])
    more = replace(case, background=replace(case.background, medicines=(*case.background.medicines, Stated(text))))
    try:
        after = rulings(standing(more))
    except CaseError:
        return
    assert (after.actions >= said.actions).all(), text
    hits["one more medicine never allows more"] += bool((after.actions > said.actions).any())


def one_more_yes(hits, crowd, rng, case, person, said, names):
    """One more yes never allows what was forbidden."""
    code = rng.choice(crowd.needling)
    if case.answers.get(code) in ("yes", "no") or code == "consent":
        return
    try:
        after = rulings(standing(replace(case, screening=tuple(sorted({**case.answers, code: "yes"}.items())))))
    except CaseError:
        return
    assert (after.actions >= said.actions).all(), code
    hits["one more yes never allows more"] += bool((after.actions > said.actions).any())


def nothing_is_dropped(hits, crowd, rng, case, person, said, names):
    """Everything written is either recognised or shown as not recognised."""
    listed = [stated for name in LISTS for stated in getattr(case.background, name) or ()]
    unknown = {text for _, text in person.unrecognised}
    hits["what is not recognised is shown"] += bool(unknown)
    assert {s.text for s in listed if s.text in NONSENSE} <= unknown
    for stated in listed:
        assert stated.text in unknown or any(f"'{stated.text}'" in fact.because for fact in person.facts), stated


def mirrored(hits, crowd, rng, case, person, said, names):
    """The mirrored person has the mirrored rulings."""
    turn = {"left": "right", "right": "left"}

    def flip(stated):
        return None if stated is None else tuple(Stated(s.text, turn.get(s.side, s.side)) for s in stated)

    there = case.background
    if not any(s.side for s in (*(there.conditions or ()), *(there.implants or ()))):
        return
    lists = (flip(there.medicines), flip(there.conditions), flip(there.implants))
    try:
        after = rulings(standing(replace(case, background=replace(there, **dict(zip(LISTS, lists, strict=True))))))
    except CaseError:
        return
    assert (after.actions[:, ::-1] == said.actions).all()
    hits["left and right are never exchanged"] += bool((said.actions[:, 0] != said.actions[:, 1]).any())


def unasked_refuses(hits, crowd, rng, case, person, said, names):
    """Whoever was not asked a vital question that concerns them gets no plan."""
    if rng.random() > TRIED:
        return
    seen = gate(case, person, DAY)
    asked = {question.code for question in seen.questions}
    for code, vital in vitals().items():
        if code in asked:
            hits[f"not asked is not no: {code}"] += 1
            assert case.answers.get(code) not in ("yes", "no")
            if vital.listed_in:
                assert getattr(case.background, vital.listed_in) is None
    hits["a flag blocks"] += bool(seen.blocking)
    assert all(reason.urgency in ("urgent", "emergency") for reason in seen.blocking)
    if seen.blocking:
        flag = rng.choice(seen.blocking).flag
        cleared = gate(replace(case, clearances=(crowd.clearance(flag),)), person, DAY)
        assert {r.flag for r in cleared.blocking} == {r.flag for r in seen.blocking} - {flag}
        late = gate(replace(case, clearances=(crowd.clearance(flag),)), person, DAY + datetime.timedelta(days=31))
        assert {r.flag for r in late.blocking} == {r.flag for r in seen.blocking}
        hits["a clearance lifts its flag alone, while it holds"] += 1


LISTS = ("medicines", "conditions", "implants")
RULE_LAWS = {
    "the strongest rule wins": strongest_rule_wins,
    "one more medicine never allows more": more_is_known,
    "one more yes never allows more": one_more_yes,
    "what is not recognised is shown": nothing_is_dropped,
    "left and right are never exchanged": mirrored,
    "a flag blocks": unasked_refuses,
}


@pytest.mark.parametrize("shard", range(SHARDS))
def test_plans_keep_their_laws(shard, record_property):
    """Whole plans of random people with random findings, by the solver."""
    crowd = Crowd(2000 + shard)
    reasoner = Reasoner("emg", os.environ.get("MYOTOME_KERNEL", "auto"))
    hits = Counter(dict.fromkeys(PLAN_LAWS, 0))
    solved = 0
    for number in itertools.count():
        many = crowd.rng.randint(1, 14)
        forgetful = crowd.person(alarms=0.01, asked=crowd.rng.choice((0.99, 0.6, 0.6)), findings=many)
        case = crowd.plain(many) if number % 3 else forgetful
        explained = explain_case(case, lambda _: reasoner, with_next=False, with_intervals=False)
        try:
            made = planner(case, explained, DAY)
        except CaseError:
            continue
        plan = made.plan()
        keep_the_laws(hits, case, made, plan)
        solved += plan.status in (READY, NOTHING)
        if solved >= PLANS // SHARDS:
            break
    report(record_property, "plans", hits)


PLAN_LAWS = (
    "a blocked person gets no point", "a refused person gets no point", "a planned point is not blocked",
    "a limited point has a written reason", "one lung only", "a limb muscle comes with its level",
    "no more needles than allowed", "in the time", "few positions", "no needle beyond its ceiling",
    "specialist points only where offered", "strong candidates left out are explained", "the same every time",
)  # fmt: skip


def keep_the_laws(hits, case: Case, made, plan):
    """Every law on one plan."""
    hits["a blocked person gets no point"] += plan.status == BLOCKED
    hits["a refused person gets no point"] += plan.status == REFUSED
    if plan.status in (BLOCKED, REFUSED):
        assert not plan.points
        return
    assert plan.status in (READY, NOTHING)
    assert not plan.gate.blocking
    assert not plan.gate.questions
    chosen = [p.candidate for p in plan.points]
    assert broken(made.problem, chosen) == ()
    said = made.ground.rulings
    barred = [one for one in made.all if one.barred]
    hits["a planned point is not blocked"] += bool(barred)
    for planned in plan.points:
        one, needle = planned.candidate, planned.needle
        action = said.action(one.point, one.side)
        assert action != "block"
        hits["a limited point has a written reason"] += any(b.barred.startswith("limited") for b in barred)
        assert action != "limit" or case.reasons
        hits["no needle beyond its ceiling"] += needle.length_mm is not None
        assert needle.length_mm is None or needle.length_mm <= needle.ceiling_mm
        assert planned.position.split(",")[0] in one.point.positions
        hits["specialist points only where offered"] += one.point.specialist
        assert not one.point.specialist or case.settings.specialist_points
        if one.needs and (near := made.problem.companions(one)):
            hits["a limb muscle comes with its level"] += 1
            assert set(near) & set(chosen)
    lungs = {one.side for one in chosen if one.at_lung}
    hits["one lung only"] += any(one.at_lung and one.side == "left" for one in made.problem.candidates) and any(
        one.at_lung and one.side == "right" for one in made.problem.candidates
    )
    assert len(lungs) <= 1
    assert "both" not in lungs
    hits["no more needles than allowed"] += len(made.problem.candidates) > plan.bounds.needles
    assert len(chosen) <= plan.bounds.needles
    hits["in the time"] += bool(chosen)
    assert plan.minutes <= plan.bounds.minutes
    hits["few positions"] += len(plan.positions) > 0
    hits["strong candidates left out are explained"] += bool(plan.left_out)
    assert all(out.why for out in plan.left_out)
    assert made.plan() == plan
    hits["the same every time"] += bool(chosen)
