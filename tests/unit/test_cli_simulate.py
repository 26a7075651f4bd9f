"""`myotome simulate` and `myotome figures`: exit status, table, JSON, figures."""

import json
import sys

import pytest

from myotome.app import main
from myotome.care.simulation.person.body import body
from myotome.care.simulation.scenario.file import parse_scenario
from myotome.care.simulation.scenario.follow import follow
from myotome.cli.figures import FIGURES, save
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


@pytest.fixture
def odd(tmp_path):
    """Names that people give: prices, half a formula, a long sentence, letters that the font lacks."""
    file = tmp_path / "odd.yaml"
    names = "$^$", "a very long name of a schedule which nobody can read on a panel", "\u91dd\u7078", "prices $5 and $6"
    rows = "".join(f"  - {{name: '{name}', sessions: 0}}\n" for name in names)
    head = r"name: '$\frac{$ " + "a heading that goes on and on " * 5 + "'\ndays: 1\n"
    file.write_text(head + "disruptions: [{level: C6, side: right}]\nschedules:\n" + rows, encoding="utf-8")
    return str(file)


def test_names_of_people_are_drawn_as_they_are_within_the_figure(odd, tmp_path, monkeypatch, capsys):
    """A price is no formula, a long name is cut, letters that the font lacks are no warning, capitals no fault."""
    from myotome.cli import figures, simulate

    drawn = []
    monkeypatch.setattr(simulate, "save", lambda figure, file: (drawn.append(figure), figures.save(figure, file)))
    assert main(["simulate", odd, "-o", str(tmp_path / "ODD.SVG")]) == 0
    assert (tmp_path / "ODD.SVG").read_bytes().startswith(b"<?xml")
    (figure,) = drawn
    assert capsys.readouterr().err == ""
    names = [axes.get_title("left").strip() for axes in figure.axes]
    assert names == ["$^$", "a very long name of a schedule wh…", "\u91dd\u7078", "prices $5 and $6"]
    title = figure.legends[0].get_title()
    assert title.get_text().startswith(r"$\frac{$ a heading")
    assert title.get_text().count("\n") == 1
    inside = figure.bbox
    for text in figure.findobj(lambda artist: "a " in getattr(artist, "get_text", str)()):
        assert text.get_window_extent().x1 <= inside.x1, text.get_text()


def test_the_caution_is_whole_under_a_single_panel():
    from myotome.cli.figures import curves

    person = parse_scenario(b"days: 7\ndisruptions: [{level: C6, side: right}]\nschedules: [{name: a, sessions: 0}]")
    figure = curves().side_by_side([follow(person, person.schedules[0], body())], person.name)
    (caution,) = figure.findobj(lambda artist: getattr(artist, "get_text", str)().startswith("A theory made to run"))
    figure.draw_without_rendering()
    assert caution.get_window_extent().x1 <= figure.bbox.x1


@pytest.mark.parametrize("ending", ["PNG", "Pdf"])
def test_the_ending_may_be_in_capitals(ending, tmp_path):
    from matplotlib.figure import Figure

    save(Figure(figsize=(1, 1)), tmp_path / f"figure.{ending}")
    assert [file.name for file in tmp_path.iterdir()] == [f"figure.{ending}"]


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
