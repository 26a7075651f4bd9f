"""The controls of docs/safety/hazard-log.toml, through the door that people use.

Each test runs the installed command on whole files, so that nothing between file and answer is left out.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reading import EXAMPLES

COMMAND = Path(sys.executable).with_name("myotome")


def explain(*files, json_lines=True):
    arguments = [COMMAND, "explain", *(["--json"] if json_lines else []), *files]
    return subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=False)


def answers(*files):
    run = explain(*files)
    assert run.returncode == 0, run.stdout + run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


@pytest.fixture
def case(tmp_path):
    """Write a case file and give its path."""

    def write(text, name="case.yaml"):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write


def findings(side="right", *lines):
    return "findings:\n" + "".join(f"  - {{{line}, side: {side}}}\n" for line in lines)


TENNIS_ELBOW = (
    *(f"sign: tenderness, at: {m}, result: present" for m in ("extensor carpi radialis brevis", "extensor digitorum")),
    "sign: tenderness, at: extensor carpi radialis longus, result: present",
    "sign: strength, at: wrist extensors, result: weak",
    "sign: test, at: Cozen, result: positive",
    "sign: test, at: Spurling, result: negative",
    *(f"sign: tenderness, at: paraspinal {level}, result: absent" for level in ("C5", "C6", "C7")),
    *(f"sign: reflex, at: {r}, result: normal" for r in ("biceps reflex", "brachioradialis reflex", "triceps reflex")),
    *(f"sign: strength, at: {m}, result: normal" for m in ("biceps brachii", "triceps brachii", "deltoid")),
    *(f"sign: sensation, at: {p}, result: normal" for p in ("lateral forearm", "thumb", "middle finger")),
)
C7 = (
    "sign: strength, at: triceps brachii, result: weak",
    "sign: strength, at: wrist flexors, result: weak",
    "sign: reflex, at: triceps reflex, result: absent",
    "sign: sensation, at: middle finger, result: reduced",
    "sign: tenderness, at: paraspinal C7, result: present",
)


def test_recorded_danger_is_an_emergency(case):
    """H01: numb saddle with bladder change is an emergency, also beside an examination of the elbow."""
    danger = "screening: {saddle numbness: yes, bladder or bowel change: yes}\n"
    alone, with_elbow = answers(case(danger, "a.yaml"), case(danger + findings("right", *TENNIS_ELBOW), "b.yaml"))
    for answer in (alone, with_elbow):
        assert answer["referral"]["urgency"] == "emergency"
        assert answer["referral"]["reasons"], "an alarm says why"


def test_not_asked_is_not_no(case):
    """H02: without screening the answer says so; writing 'not asked' changes nothing."""
    plain = findings("right", *C7)
    written = "screening: {saddle numbness: not asked, anticoagulant: not asked}\n" + plain
    silent, said = answers(case(plain, "a.yaml"), case(written, "b.yaml"))
    assert silent["referral"]["screen"] == "not done"
    assert silent["referral"]["not_asked"]
    assert silent["referral"] == said["referral"]


def test_harmless_examination_is_no_emergency(case):
    """H03: an elbow with everything asked and answered no."""
    unasked = answers(case(findings("right", *TENNIS_ELBOW), "first.yaml"))[0]["referral"]["not_asked"]
    screen = "screening:\n" + "".join(f"  {item}: no\n" for item in unasked)
    (answer,) = answers(case(screen + findings("right", *TENNIS_ELBOW)))
    assert answer["referral"]["urgency"] == "none", answer["referral"]
    assert answer["referral"]["screen"] == "complete"


def test_tender_wrist_extensors_are_local(case):
    """H04: tender, pain-weak wrist extensors with the rest normal are an elbow, not a root."""
    (answer,) = answers(case(findings("right", *TENNIS_ELBOW)))
    assert answer["verdict"]["kind"] == "local", answer["verdict"]
    assert all(s["deficient"] < 0.1 for s in answer["segments"])


def test_explanations_sum_to_one_with_intervals():
    """H05: on every published examination nothing is hidden, nothing counted twice, and doubt is shown."""
    files = EXAMPLES[::6]
    for answer in answers(*files):
        explanations = answer["explanations"]
        assert sum(e["probability"] for e in explanations) + answer["other"] == pytest.approx(1.0, abs=1e-3)
        for e in explanations:
            low, high = e["interval"]
            assert 0.0 <= low <= high <= 1.0
        assert 0.0 <= answer["verdict"]["confidence"] <= 1.0


def test_mirrored_case_gives_mirrored_answer(case):
    """H06: the same findings on the other side give the same answer on the other side."""
    right, left = answers(case(findings("right", *C7), "r.yaml"), case(findings("left", *C7), "l.yaml"))
    exchange = {"left": "right", "right": "left"}
    mirrored = [
        (e["kind"], tuple(e["names"]), exchange.get(e["side"], e["side"]), round(e["probability"], 6))
        for e in left["explanations"]
        if e["kind"] != "multiple"
    ]
    given = [
        (e["kind"], tuple(e["names"]), e["side"], round(e["probability"], 6))
        for e in right["explanations"]
        if e["kind"] != "multiple"
    ]
    assert sorted(given, key=str) == sorted(mirrored, key=str)
    assert any(e["side"] == "right" for e in right["explanations"]), "vacuous: no side was named"


def test_unknown_name_is_refused_with_suggestions(case):
    """H07: a misspelt muscle is neither dropped nor guessed; other files are still answered."""
    bad = case(findings("right", "sign: strength, at: bicpes brachi, result: weak"), "bad.yaml")
    run = explain(bad, case(findings("right", *C7), "good.yaml"))
    refused, answered = (json.loads(line) for line in run.stdout.splitlines())
    assert run.returncode == 2
    assert refused["valid"] is False
    assert refused["errors"][0]["at"] == "findings[0]"
    assert "biceps brachii" in refused["errors"][0]["did_you_mean"]
    assert answered["valid"] is True


def test_contradiction_is_refused(case):
    """H08: one muscle weak and normal at one time names both lines; nothing is answered."""
    both = ("sign: strength, at: deltoid, result: weak", "sign: strength, at: deltoid, result: normal")
    run = explain(case(findings("right", *both)))
    (error,) = json.loads(run.stdout)["errors"]
    assert run.returncode == 2
    assert "findings[0]" in error["at"] + error["message"]
    assert "findings[1]" in error["at"] + error["message"]


def test_every_page_says_not_clinically_reviewed(case):
    """H09: the printed page carries the sentence, also where the answer is harmless."""
    run = explain(case(findings("right", *TENNIS_ELBOW)), json_lines=False)
    assert run.returncode == 0
    assert "not clinically reviewed: not for use on patients" in " ".join(run.stdout.split()).lower()


def test_no_stays_the_word_no(case):
    """H11: an unquoted no is an answer: the item leaves the list of what was not asked."""
    body = findings("right", *C7)
    unasked = answers(case(body, "first.yaml"))[0]["referral"]["not_asked"]
    before, after = (
        unasked,
        answers(case(f"screening: {{{unasked[0]}: no}}\n" + body))[0]["referral"]["not_asked"],
    )
    assert set(before) - set(after) == {unasked[0]}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"findings: [",
        b"- 1",
        b"findings: 7",
        b"findings: [{sign: strength}]",
        b"a: &a [*a]",
    ],
)
def test_bad_input_prints_no_traceback(tmp_path, content):
    """H14: whatever the bytes: a sentence, exit status 2, and none of the program's insides."""
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    run = explain(path)
    assert run.returncode == 2
    assert json.loads(run.stdout)["errors"][0]["message"]
    assert "Traceback" not in run.stdout + run.stderr
