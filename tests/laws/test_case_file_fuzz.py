"""Whatever the bytes, reading them gives a case or says what is wrong with them: nothing else, ever."""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from myotome.care.examination.case import Case
from myotome.care.examination.case_file import KEYS, parse
from myotome.care.examination.finding_row import FINDING_KEYS
from myotome.care.examination.visit_sections import CLEARANCE, OFFERS, VISIT
from myotome.care.screening.items import code_of
from myotome.errors import CaseError
from tests.reading import EXAMPLES
from tests.strategies import examinations

COMMAND = Path(sys.executable).with_name("myotome")
MANY = settings(max_examples=200, deadline=None, derandomize=True)
FEW = settings(max_examples=80, deadline=None, derandomize=True)
PLANS = tuple(sorted(EXAMPLES[0].parent.glob("plan-*.yaml")))


def outcome(data):
    """'case', 'refused', or a failure of the test."""
    try:
        case = parse(data, code_of)
    except CaseError as error:
        assert error.problems
        for problem in error.problems:
            assert problem.at
            assert problem.message.strip().endswith((".", "?")), problem
            json.dumps(problem.as_dict(), ensure_ascii=False).encode("utf-8")
        return "refused"
    assert isinstance(case, Case)
    assert case.findings or case.screening or b"not tested" in data or b"screening" in data
    return "case"


def outcomes(strategy, limits):
    found = Counter()

    @limits
    @given(strategy)
    def law(data):
        found[outcome(data)] += 1

    law()
    return found


def test_any_bytes():
    assert outcomes(st.binary(max_size=400), MANY)["refused"] >= 100


def test_any_text_of_yaml_signs():
    text = st.text(st.sampled_from("{}[]:,-&*!|>'\"%@`#?~ \n\tab0.<=é\u2028\ufeff"), max_size=80).map(str.encode)
    assert outcomes(text, MANY)["refused"] >= 100


ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def test_any_value_in_any_place():
    """Known keys with values of every sort."""
    row = st.dictionaries(st.sampled_from(FINDING_KEYS), ANY_VALUE | st.sampled_from(["strength", "C6", "deltoid"]))
    words = st.sampled_from(["left plate", "none", "not asked", "yes", "2026-11-21", "night pain", "prone"])
    part = st.dictionaries(st.sampled_from((*VISIT, *OFFERS, *CLEARANCE, "what", "side")), ANY_VALUE | words)
    rows = st.lists(row | part | words, max_size=3)
    document = st.dictionaries(st.sampled_from(KEYS), ANY_VALUE | rows | part, min_size=1)
    found = outcomes(document.map(lambda d: yaml.safe_dump(d, allow_unicode=True).encode()), MANY)
    assert found["refused"] >= 100


@st.composite
def mutated(draw):
    """A published examination with some bytes taken out, put in, doubled or changed."""
    data = bytearray(draw(st.sampled_from((*EXAMPLES, *PLANS))).read_bytes())
    dice = random.Random(draw(st.integers(0, 2**32)))  # a test, not a secret
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(data))
        match dice.randrange(4):
            case 0:
                del data[at : at + dice.randint(1, 30)]
            case 1:
                data[at:at] = bytes(dice.choices(b"{}[]:,-&*!'\"\n 0aZ\xff\x00", k=dice.randint(1, 3)))
            case 2:
                data[at:at] = data[at : at + dice.randint(1, 60)]
            case _:
                data[at] = dice.randrange(256)
    return bytes(data)


def test_damaged_files():
    found = outcomes(mutated(), MANY)
    assert min(found["case"], found["refused"]) >= 20, found


def test_drawn_examinations_are_cases():
    """The other side of the law: what the vocabulary allows is accepted."""
    found = outcomes(examinations().map(lambda d: json.dumps(d).encode()), FEW)
    assert found == {"case": 80}


# The same through the command


@pytest.mark.parametrize("as_json", [False, True], ids=["page", "json"])
def test_command_refuses_and_still_answers_the_others(tmp_path, as_json):
    bad = {
        "empty.yaml": b"",
        "binary.yaml": bytes(range(256)),
        "deep.yaml": b"[" * 5000,
        "tag.yaml": b"findings: !!bool maybe",
        "utf16.yaml": "findings: []".encode("utf-16"),
        "unknown.yaml": b"findings: [{sign: strength, at: deltoyd, side: left, result: weak}]",
        "escape.yaml": b'screening: {"\\e[31m": yes}',
    }
    good = b"findings: [{sign: strength, at: deltoid, side: left, result: weak}]\n"
    for name, data in {**bad, "good.yaml": good}.items():
        (tmp_path / name).write_bytes(data)
    files = [*bad, "missing.yaml", ".", "good.yaml"]
    run = subprocess.run(
        [COMMAND, "explain", "--quick", *(["--json"] if as_json else []), *files],
        cwd=tmp_path,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 2
    assert "Traceback" not in run.stdout + run.stderr
    assert "\x1b" not in run.stdout + run.stderr
    if not as_json:
        assert run.stderr.count("refused, nothing was explained.") == len(files) - 1
        assert "WHAT THE FINDINGS SAY" in run.stdout
        return
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert [a["valid"] for a in answers] == [False] * (len(files) - 1) + [True]
    for answer in answers[:-1]:
        assert set(answer) == {"valid", "errors"}
        for error in answer["errors"]:
            assert set(error) - {"did_you_mean"} == {"at", "message"}
    assert answers[5]["errors"][0]["did_you_mean"][0] == "deltoid"
