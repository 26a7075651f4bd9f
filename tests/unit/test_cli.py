"""Every command: what it prints, and its exit status."""

import io
import json
import sys

import pytest

from myotome.app import main
from myotome.care.examination.case_file import build
from myotome.care.examination.levels import levels
from myotome.care.examination.names import tokens
from myotome.care.explanation.partition import KINDS
from myotome.care.screening.items import code_of
from myotome.cli import vocabulary as vocabulary_command
from myotome.store import Store

CASE = """\
person: {age: 46, sex: female}
complaint: {text: Arm pain, side: left, area: arm}
screening: {cancer history: no}
findings:
  - {sign: strength, at: triceps brachii, side: left, grade: 4}
  - {sign: reflex, at: triceps reflex, side: left, result: absent}
  - {sign: sensation, at: middle finger, side: left, result: reduced}
  - {sign: tenderness, at: paraspinal C7, side: left, result: present}
"""


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("MYOTOME_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "110")


@pytest.fixture
def case(tmp_path):
    file = tmp_path / "case.yaml"
    file.write_text(CASE, "utf-8")
    return str(file)


@pytest.fixture
def myotome(capsys):
    def run(*arguments):
        status = main(list(arguments))
        return status, *capsys.readouterr()

    return run


SHAPE = {
    "": {
        "valid", "referral", "verdict", "explanations", "other", "segments", "nerves", "plexus", "whole_person",
        "local", "muscles", "conflicts", "next_tests", "profile", "profile_changes_answer", "engine", "data_edition",
    },
    "referral": {"urgency", "screen", "not_asked", "reasons"},
    "verdict": {"kind", "statement", "confidence"},
    "explanations": {"kind", "names", "side", "probability", "interval"},
    "segments": {"segment", "side", "irritated", "deficient", "reasons"},
    "nerves": {"nerve", "side", "probability"},
    "plexus": {"lesion", "side", "probability"},
    "whole_person": {"polyneuropathy", "generalised"},
    "local": {"cause", "side", "probability"},
    "muscles": {"muscle", "side", "weakened", "irritable"},
    "next_tests": {"sign", "at", "side", "gain", "seconds"},
}  # fmt: skip


def test_explain_as_json_has_every_key_of_the_design(myotome, case):
    status, out, err = myotome("explain", "--json", case, case)
    assert (status, err) == (0, "")
    first, second = out.splitlines()
    assert first == second
    answer = json.loads(first)
    for part, keys in SHAPE.items():
        found = answer[part] if part else answer
        for row in found if isinstance(found, list) else [found]:
            assert keys <= set(row), part
    assert answer["valid"] is True
    assert answer["verdict"]["kind"] in (*KINDS, "indeterminate")
    assert {"finding", "decibels"} <= set(answer["segments"][0]["reasons"][0])
    filled = [part for part in SHAPE if part and answer[part]]
    assert set(filled) >= {"explanations", "segments", "muscles", "next_tests"}, "vacuous"
    assert answer["referral"]["screen"] == "partial"
    assert "cancer history" not in answer["referral"]["not_asked"]


def test_explain_as_a_page(myotome, case):
    status, out, err = myotome("explain", case)
    assert (status, err) == (0, "")
    parts = ["REFER FIRST?", "WHAT THE FINDINGS SAY", "EXPLANATIONS", "SEGMENTS, AND WHY", "TEST NEXT", "Profile emg"]
    assert [out.index(part) for part in parts] == sorted(out.index(part) for part in parts)
    assert "Not clinically reviewed: not for use on patients." in out.splitlines()[1]


def test_quick_leaves_out_what_takes_time(myotome, case):
    status, out, _ = myotome("explain", "--json", "--quick", case)
    answer = json.loads(out)
    assert status == 0
    assert answer["next_tests"] == []
    assert all("interval" not in e for e in answer["explanations"])
    assert answer["profile_changes_answer"] is None


def test_standard_input(myotome, case, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(CASE.encode())))
    assert myotome("explain", "--json", "--quick", "-") == myotome("explain", "--json", "--quick", case)


def test_missing_file_is_said_and_the_rest_answered(myotome, case):
    status, out, err = myotome("explain", "--json", "--quick", "nowhere.yaml", case)
    refused, answered = map(json.loads, out.splitlines())
    assert (status, err) == (2, "")
    assert refused == {
        "valid": False,
        "errors": [
            {"at": "file", "message": "the file could not be read (No such file or directory). Check its name."}
        ],
    }
    assert answered["valid"] is True
    status, out, err = myotome("explain", "--quick", "nowhere.yaml")
    assert (status, out) == (2, "")
    assert err.splitlines() == [
        "nowhere.yaml: refused, nothing was explained.",
        "  file: the file could not be read (No such file or directory). Check its name.",
    ]


@pytest.mark.parametrize("profile", ["emg", "textbook", "gunn"])
def test_profiles(myotome, case, profile):
    status, out, _ = myotome("explain", "--json", "--quick", "--profile", profile, case)
    assert (status, json.loads(out)["profile"]) == (0, profile)


@pytest.mark.parametrize("arguments", [["explain", "x.yaml"], ["anatomy", "C6"]], ids=lambda a: a[0])
def test_unknown_profile(myotome, arguments):
    status, out, err = myotome(*arguments, "--profile", "gun")
    assert (status, out) == (2, "")
    assert "'gun'" in err
    assert "emg" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "arguments", [[], ["explain"], ["anatomy"], ["nothing"], ["explain", "--nothing", "x"]], ids=str
)
def test_wrong_usage(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage: myotome" in capsys.readouterr().err


def test_help_names_the_commands_and_what_it_is_not(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert stopped.value.code == 0
    assert all(command in text for command in ("explain", "vocabulary", "anatomy", "demo"))
    assert "not for use on patients" in text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (["soleus"], ["soleus", "tibial nerve", "Roots (emg profile)", "S1", "Sources"]),
        (["extensor", "digitorum"], ["extensor digitorum", "posterior interosseous nerve", "C7"]),
        (["C7"], ["C7", "muscles", "triceps brachii", "skin", "middle finger", "reflexes", "triceps reflex"]),
        (["C5-C7"], ["C5", "C6", "C7"]),
        (["median nerve at wrist"], ["median nerve at wrist", "muscles beyond", "abductor pollicis brevis"]),
        (["median nerve"], ["median nerve", "arises from", "muscles beyond", "pronator teres"]),
        (["little finger"], ["little finger", "Roots", "C8", "ulnar"]),
        (["wrist extensors"], ["wrist extensors", "extensor carpi ulnaris"]),
        (["ankle jerk"], ["ankle reflex", "S1"]),
        (["lumbar plexus"], ["lumbar plexus", "L3"]),
        (["tennis elbow"], ["lateral elbow"]),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) and len(v) < 3 else None,
)
def test_anatomy(myotome, name, shown):
    status, out, err = myotome("anatomy", *name)
    assert (status, err) == (0, "")
    flat = " ".join(out.split())
    assert [word for word in shown if word not in flat] == []


def test_anatomy_of_nothing_known(myotome):
    status, out, err = myotome("anatomy", "soleos")
    assert (status, out) == (2, "")
    assert err.startswith("myotome: 'soleos' is in no table. Did you mean soleus")


def test_demo(myotome, case, tmp_path):
    (tmp_path / "refused.yaml").write_text("findings: 3\n", "utf-8")
    status, out, _ = myotome("demo", str(tmp_path))
    first, second, *rest = out.splitlines()
    assert status == 2
    assert first.startswith("case")
    assert "%" in first
    assert second.split(maxsplit=1) == [
        "refused",
        "refused: 'findings' is a number; it must be a list, one finding a line.",
    ]
    assert "WHAT THE FINDINGS SAY" in "\n".join(rest)
    status, out, err = myotome("demo", str(tmp_path / "nothing"))
    assert (status, out) == (2, "")
    assert "no case file (*.yaml)" in err


# Vocabulary


SIGN_OF = {
    "muscles": ("strength", "tenderness", "taut band"),
    "muscle groups": ("strength", "tenderness"),
    "paraspinal levels": ("tenderness", "taut band"),
    "segments": ("trophic", "imaging"),
    "reflexes": ("reflex",),
    "pathological reflexes": ("reflex", "test"),
    "skin patches": ("sensation",),
    "body areas": ("pain",),
    "movements": ("range",),
    "special tests": ("test",),
    "tender places": ("tenderness",),
    "nerve sites": ("electrodiagnosis", "imaging"),
    "plexus lesions": ("electrodiagnosis",),
}
A_RESULT = {
    "strength": "weak",
    "reflex": "normal",
    "sensation": "reduced",
    "range": "limited",
    "test": "positive",
    "trophic": "absent",
}


def accepted(sign, name):
    """The sites of a finding by name, as a case file reads it."""
    row = {"sign": sign, "at": name, "result": A_RESULT.get(sign, "present")}
    if not any(side in name.split() for side in ("left", "right", "both")):
        row["side"] = "left"
    return {f.site.name for f in build({"findings": [row]}, code_of).findings}


@pytest.mark.parametrize("title", SIGN_OF)
def test_every_name_of_the_vocabulary_is_read(title):
    """Each is accepted for its signs, and means its own entry, or another entry that has the same name."""
    everything = vocabulary_command.whole()
    entries = everything[title]
    bearers = {}
    for table in everything.values():
        for entry in table:
            for name in (entry["name"], *entry["synonyms"]):
                bearers.setdefault(frozenset(tokens(name)), set()).add(entry["name"].removeprefix("paraspinal "))
    checked, astray = 0, []
    for entry in entries:
        for name in (entry["name"], *entry["synonyms"]):
            for sign in SIGN_OF[title]:
                found = accepted(sign, name)
                checked += 1
                own = entry["name"].removeprefix("paraspinal ")
                # A pathological reflex is a test of nearly the same name; "L5/S1" is two levels before it is a joint.
                same = accepted(sign, own) if title == "pathological reflexes" else set(levels(name))
                if own not in found and not found & (bearers[frozenset(tokens(name))] | same):
                    astray.append((sign, name, own, sorted(found)))
    assert checked >= len(entries)
    assert not astray, astray[:10]


def test_every_sign_and_result_of_the_vocabulary_is_read():
    site = {
        "reflex": "triceps reflex",
        "sensation": "thumb",
        "trophic": "C6",
        "range": "neck rotation",
        "test": "Spurling",
        "pain": "arm",
        "imaging": "C6",
    }
    everything, checked = vocabulary_command.whole(), 0
    for entry in everything["signs"]:
        results = entry["results"]
        for sign in (entry["name"], *entry["synonyms"]):
            by_loss = any(word in sign for word in ("weakness", "numbness", "sensory loss"))
            for result in results if not by_loss else ("present", "absent"):
                row = {"sign": sign, "at": site.get(entry["name"], "deltoid"), "side": "left", "result": result}
                (found,) = build({"findings": [row]}, code_of).findings
                assert found.sign == entry["name"]
                assert found.result == result or by_loss
                checked += 1
    assert checked >= 100


def test_every_screening_name_and_trophic_change_of_the_vocabulary_is_read():
    everything = vocabulary_command.whole()
    for entry in everything["screening"]:
        for name in (entry["name"], *entry["synonyms"]):
            assert build({"screening": {name: "yes"}}, code_of).answers == {entry["name"]: "yes"}, name
    for entry in everything["trophic changes"]:
        for name in (entry["name"], *entry["synonyms"]):
            row = {"sign": "trophic", "at": "C6", "side": "left", "result": name}
            (found,) = build({"findings": [row]}, code_of).findings
            assert found.result == entry["name"], name


def test_vocabulary_command(myotome):
    status, out, err = myotome("vocabulary", "--json")
    assert (status, err) == (0, "")
    everything = json.loads(out)
    assert everything == vocabulary_command.whole()
    assert set(SIGN_OF) | {"signs", "screening", "trophic changes", "local causes"} == set(everything)
    assert len(everything["muscles"]) >= 150
    status, out, _ = myotome("vocabulary", "carpi", "RADIALIS")
    lines = [line for line in out.splitlines() if line.startswith("  ")]
    assert status == 0
    assert len(lines) >= 3
    assert all("carpi" in line.lower() and "radialis" in line.lower() for line in lines)
    assert "MUSCLES" in out
    assert "SCREENING" not in out


def test_a_damaged_cache_is_made_anew(tmp_path):
    """Whatever stands in the file; and the next run has a sound one."""
    store = Store({"MYOTOME_CACHE": str(tmp_path)})
    assert store._stored("tables", "dict", lambda: {"a": 1}) == {"a": 1}
    (kept,) = tmp_path.glob("tables-*.pickle")
    for damage in (b"", b"\x80\x05X\x03\x00\x00\x00\xff\xfe\xfd.", b"nonsense", kept.read_bytes()[:-3]):
        kept.write_bytes(damage)
        assert store._stored("tables", "dict", lambda: {"a": 2}) == {"a": 2}
        assert store._stored("tables", "dict", lambda: {"a": 3}) == {"a": 2}


def test_interrupted_is_said_in_a_word(monkeypatch, capsys):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("myotome.app.run", interrupted)
    assert main(["vocabulary"]) == 130
    assert capsys.readouterr().err == "Stopped.\n"
