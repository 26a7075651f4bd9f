"""Words whose plain reading is the opposite of their meaning: a danger must never be read as normal."""

import pytest

import myotome


def only_finding(**row):
    (finding,) = myotome.read_case({"findings": [row]}).findings
    return finding


@pytest.mark.parametrize("name", ["Babinski", "Hoffmann", "ankle clonus"])
@pytest.mark.parametrize("result", ["present", "positive", "brisk"])
def test_a_pathological_reflex_written_as_a_reflex_is_a_positive_test(name, result):
    finding = only_finding(sign="reflex", at=name, side="right", result=result)
    assert (finding.sign, finding.site.kind, finding.result) == ("test", "test", "positive")


@pytest.mark.parametrize("name", ["anal tone", "saddle sensation"])
@pytest.mark.parametrize("result", ["absent", "reduced"])
def test_a_function_that_is_lost_is_a_positive_test(name, result):
    finding = only_finding(sign="test", at=name, side="both", result=result)
    assert finding.result == "positive"
    case = {"findings": [{"sign": "test", "at": name, "side": "both", "result": result}]}
    assert myotome.explain(case, with_next=False, with_intervals=False).referral.urgency == "emergency"


@pytest.mark.parametrize("name", ["anal tone", "saddle sensation"])
def test_a_function_that_is_there_is_a_negative_test(name):
    assert only_finding(sign="test", at=name, side="both", result="present").result == "negative"


def test_an_extensor_plantar_response_is_not_normal():
    case = {"findings": [{"sign": "reflex", "at": "plantar reflex", "side": "left", "result": "extensor"}]}
    assert myotome.explain(case, with_next=False, with_intervals=False).referral.urgency == "urgent"


def test_no_finding_is_no_answer():
    explained = myotome.explain({"screening": {"cancer history": "no"}}, with_next=False, with_intervals=False)
    assert explained.verdict.kind == "indeterminate"
    assert "Not tested is not normal" in explained.verdict.statement
