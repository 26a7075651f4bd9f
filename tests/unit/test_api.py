"""``myotome.explain``: the same answer from a mapping, a path, text and a case."""

import doctest
import json

import pytest

import myotome
from myotome.errors import CaseError, MyotomeError, UnknownNameError

TEXT = b"findings: [{sign: strength, at: triceps, side: left, grade: 4}]\n"
MAPPING = {"findings": [{"sign": "strength", "at": "triceps", "side": "left", "grade": 4}]}
QUICK = {"with_next": False, "with_intervals": False}


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("MYOTOME_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setattr(myotome, "_stores", {})


def test_every_way_in_gives_the_same_answer(tmp_path):
    file = tmp_path / "case.yaml"
    file.write_bytes(TEXT)
    case = myotome.read_case(MAPPING)
    answers = [
        myotome.explain(way, **QUICK).as_dict()
        for way in (MAPPING, TEXT, file, str(file), case, myotome.read_case(TEXT))
    ]
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["valid"] is True
    assert answers[0]["profile"] == "emg"
    assert json.loads(json.dumps(answers[0])) == answers[0]


def test_parts_can_be_left_out():
    whole, quick = myotome.explain(MAPPING), myotome.explain(MAPPING, **QUICK)
    assert whole.next_tests
    assert len(whole.intervals) == len(whole.rows)
    assert quick.next_tests == quick.intervals == ()
    assert quick.profile_changes_answer is None
    assert quick.rows == whole.rows


def test_errors_are_one_family():
    with pytest.raises(CaseError, match="the file is empty"):
        myotome.explain(b"")
    with pytest.raises(UnknownNameError, match=r"'gun'.*emg"):
        myotome.explain(MAPPING, profile="gun")
    assert issubclass(CaseError, MyotomeError)
    assert issubclass(UnknownNameError, MyotomeError)


def test_example_of_the_module():
    found = doctest.testmod(myotome)
    assert found.attempted >= 3
    assert found.failed == 0


def test_import_stays_light():
    """``import myotome`` loads neither NumPy nor the tables: the command's help stays quick."""
    import subprocess
    import sys

    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, myotome, myotome.app; print([m for m in ('numpy', 'rich', 'yaml') if m in sys.modules])",
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert loaded.stdout.strip() == "[]"


def test_a_plan_is_that_of_the_command_line(capsys):
    """Refused while something vital was not asked; otherwise the same points as ``myotome plan``."""
    from myotome.app import main
    from tests.house.tree import ROOT

    assert myotome.plan(MAPPING).status == "refused"
    file = ROOT / "examples" / "plan-tennis-elbow-first-visit.yaml"
    assert main(["plan", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(myotome.plan(file).as_dict()))
