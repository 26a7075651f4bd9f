"""A harmless verdict names what points to a nerve; percentages say what they were checked on; reasons are no noise."""

import datetime
import re

import pytest

import myotome
from myotome.app import main
from myotome.care.explanation.chances import percent
from myotome.care.explanation.glance import Glance
from myotome.care.explanation.numbers import cautions
from myotome.care.explanation.partition import Partition, Row
from myotome.care.explanation.towards import Towards
from myotome.care.explanation.verdict import HARMLESS, decide, statement
from myotome.care.plan.candidates import NO_LEVEL
from myotome.care.plan.numbers import numbers
from tests.charted import NECK, case_of

NONE_OF_NERVE = dict.fromkeys(("root", "irritation", "nerve", "plexus", "polyneuropathy", "multiple"), 0.0)
WEAK = "strength biceps brachii, right: weak (grade 4)"


def said(kind, irritation, towards):
    kinds = {**NONE_OF_NERVE, "generalised": 0.0, "local": 0.0, "none": 0.0, "irritation": irritation}
    kinds[kind] += 1.0 - irritation
    row = Row(kind, ("shoulder",) if kind == "local" else (), "right" if kind == "local" else None, kinds[kind])
    return statement(row, Partition((row,), kinds), towards)


def test_a_chance_is_never_a_false_nought_or_a_false_certainty():
    chances = {0.0: "0%", 0.004: "under 1%", 0.006: "1%", 0.994: "99%", 0.996: "over 99%", 1.0: "100%"}
    assert {chance: percent(chance) for chance in chances} == chances


@pytest.mark.parametrize("kind", HARMLESS)
def test_a_sign_of_a_nerve_is_named_and_not_excluded_however_unlikely(kind):
    for chance in (0.0, 0.12):
        told = said(kind, chance, Towards((WEAK,), True))
        assert told.endswith(f"; {WEAK} points to a nerve or level, not excluded ({chance:.0%}).")
        assert "nothing" not in told


def test_nothing_is_said_to_point_there_only_where_nothing_does():
    assert said("local", 0.01, Towards((), True)).endswith("shoulder on the right; nothing found points to a nerve.")
    assert said("local", 0.12, Towards((), True)).endswith("; a nerve or level is not excluded (12%).")
    assert said("local", 0.01, Towards((), False)).endswith("points to a nerve, and no sign of one was looked for.")
    many = said("local", 0.2, Towards(("a", "b", "c", "d", "e"), True))
    assert "; a, b, c and 2 more point to a nerve or level, not excluded (20%)." in many


def test_other_verdicts_and_the_reason_are_in_plain_words():
    row = Row("root", ("C6",), "right", 1.0)
    found = decide(Partition((row,), {**NONE_OF_NERVE, "root": 1.0, "generalised": 0.0, "local": 0.0, "none": 0.0}))
    assert found.statement == "The findings fit a loss of function of C6 on the right."
    assert not re.search(r"\d|cost table", found.because)


def test_weakness_beside_a_local_cause_is_in_the_verdict():
    rows = [
        {"sign": "tenderness", "at": "infraspinatus", "side": "right", "result": "present"},
        {"sign": "range", "at": "shoulder abduction", "side": "right", "result": "limited"},
    ]
    weak = {"sign": "strength", "at": "biceps brachii", "side": "right", "result": "weak", "grade": 4}
    case = {"complaint": {"area": "shoulder", "side": "right"}}
    found = myotome.explain({**case, "findings": [*rows, weak]})
    assert found.verdict.kind == "local"
    assert f"; {WEAK} points to a nerve or level, not excluded (" in found.verdict.statement
    clear = myotome.explain({**case, "findings": [*rows, {**weak, "result": "normal", "grade": 5}]})
    assert WEAK not in clear.verdict.statement


def test_every_percentage_says_that_it_was_checked_on_simulated_people(capsys, tmp_path):
    assert any("simulated people, not on patients" in one for one in cautions())
    found = myotome.explain({"findings": [{"sign": "pain", "at": "neck", "side": "left", "result": "present"}]})
    assert found.as_dict()["cautions"] == list(cautions())
    assert Glance(found.referral, found.verdict, (), "").as_dict()["cautions"] == list(cautions())
    file = tmp_path / "case.yaml"
    file.write_bytes(case_of(NECK))
    main(["explain", str(file)])
    assert cautions()[0] in " ".join(capsys.readouterr().out.split())


def test_no_level_is_a_reason_below_the_share_that_is_one():
    whole = myotome.plan(case_of(NECK), on=datetime.date(2026, 3, 1)).as_dict()
    reasons = [one["reason"] for part in ("points", "left_out") for one in whole[part] if "reason" in one]
    shares = [int(found) for reason in reasons for found in re.findall(r"\((\d+)% involved\)", reason)]
    assert all(share >= 100 * numbers()["level as a reason"] for share in shares)
    assert NO_LEVEL and reasons
