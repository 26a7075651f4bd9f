"""`myotome simulate` and `myotome figures`: exit status, table, JSON, figures."""

import json
import sys

import pytest

from myotome.app import main
from myotome.cli.figures import FIGURES
from tests.house.tree import ROOT

EXAMPLES = ROOT / "examples" / "scenarios"
SMALL = b"""name: small
days: 70
disruptions: [{level: C6, side: right}]
schedules:
  - {name: no treatment, sessions: 0}
  - {name: weekly, first: 42, every: 7, sessions: 2, needle: both}
  - {name: sham, days: [42], sham: true}
"""


@pytest.fixture
def small(tmp_path):
    file = tmp_path / "small.yaml"
    file.write_bytes(SMALL)
    return str(file)


def test_table_and_figure(small, tmp_path, capsys):
    figure = tmp_path / "small.svg"
    assert main(["simulate", small, "-o", str(figure)]) == 0
    printed = capsys.readouterr().out
    assert "not evidence that the theory is true" in printed
    for words in ("no treatment", "weekly", "1 sham", "day 42–49", "Settled: pain stays under 2"):
        assert words in printed
    drawn = figure.read_bytes()
    assert drawn.startswith(b"<?xml")
    assert main(["simulate", small, "-o", str(figure)]) == 0
    assert figure.read_bytes() == drawn, "the same scenario gives the same file"
    assert [f.name for f in tmp_path.iterdir() if f.name.startswith(".")] == []


def test_json_is_one_line_with_the_caution(small, capsys):
    assert main(["simulate", small, "--json"]) == 0
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    found = json.loads(out)
    assert found["caution"].startswith("A theory made to run")
    weekly = found["schedules"][1]
    assert weekly["days"] == [42.0, 49.0]
    assert len(weekly["curves"]["day"]) == len(weekly["curves"]["pain"]) == len(weekly["curves"]["reported"])
    assert weekly["before"][1] < weekly["before"][0]
    assert found["schedules"][2]["reported_before"] == found["schedules"][2]["before"]


def test_bad_input_is_refused_with_status_2(small, tmp_path, capsys):
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(SMALL.replace(b"days: [42]", b"days: [42, 42]"))
    assert main(["simulate", str(bad)]) == 2
    assert "two sessions on day 42" in capsys.readouterr().err
    assert main(["simulate", str(bad), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["errors"][0]["at"] == "schedules[2].sessions[1]"
    assert main(["simulate", str(tmp_path / "missing.yaml")]) == 2
    assert "could not be read" in capsys.readouterr().err
    assert main(["simulate", small, "-o", "figure.bmp"]) == 2
    assert "ends in none of .svg, .png, .pdf" in capsys.readouterr().err
    assert main(["simulate", small, "-o", str(bad / "figure.svg")]) == 2
    assert "could not be written" in capsys.readouterr().err


def test_without_the_drawing_library_the_remedy_is_said(small, capsys, monkeypatch):
    for name in [n for n in sys.modules if n.startswith(("matplotlib", "myotome.paper.curves", "myotome.paper.ink"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.delattr("myotome.paper.curves", raising=False)
    assert main(["simulate", small, "-o", "figure.svg"]) == 2
    assert "need matplotlib" in capsys.readouterr().err


def test_figures_by_name(tmp_path, capsys):
    assert main(["figures", "doses", "-o", str(tmp_path / "new"), "--format", "png"]) == 0
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["doses.png"]
    assert main(["figures", "dosis"]) == 2
    assert f"Choose of {', '.join(FIGURES)}" in capsys.readouterr().err


def test_every_figure_says_that_it_is_a_theory():
    for name in ("circle", "limb-and-spine"):
        figure = FIGURES[name]()
        assert figure.get_supxlabel().startswith("A theory made to run"), name
        assert figure.legends[0].get_title().get_text(), name


def test_the_examples_teach_what_they_say(capsys):
    """A needle in a healthy person does nothing lasting; a cause that stays is not needled away."""
    assert main(["simulate", str(EXAMPLES / "healthy-person.yaml"), "--json"]) == 0
    needled = json.loads(capsys.readouterr().out)["schedules"][1]
    assert needled["twitches"] == [0.0] * 6
    assert needled["end"] < 0.001
    assert main(["simulate", str(EXAMPLES / "cause-that-stays.yaml"), "--json"]) == 0
    untreated, six, twelve = json.loads(capsys.readouterr().out)["schedules"]
    assert min(untreated["end"], six["end"], twelve["end"]) > 4.0
    assert twelve["before"][-1] < twelve["before"][0] - 1.0
