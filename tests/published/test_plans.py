"""Plans of published examinations: what is asked first, what forbids needling, which points are in and which never.

Background, visit and answers are invented and say so; the findings are those of the publication. What a clinician would
expect stands in the files.
"""

import contextlib
import io
import json
from collections import Counter
from functools import cache

import pytest

from myotome.app import main
from myotome.care.examination import yaml12
from myotome.care.points.tables import points
from myotome.cli.case_files import PLANS
from tests.house.tree import ROOT

FILES = sorted((ROOT / "examples").glob(f"{PLANS}*.yaml"))
MARK = "# invented"
LINE = "# ---- invented below this line ----"
OF_A_PLAN = {"medicines", "conditions", "implants", "build", "visit", "settings", "clearances", "reasons"}
each = pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)


def answer(*arguments):
    """Exit status and output of the command that people use."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = main(list(arguments))
    return status, out.getvalue()


@cache
def document(path):
    return yaml12.read(path.read_bytes())


@cache
def planned(path):
    """The exit status, the plan as JSON, and everything that JSON and page say."""
    status, text = answer("plan", "--json", str(path))
    page_status, page = answer("plan", str(path))
    assert status == page_status
    return status, json.loads(text), " ".join(f"{text} {page}".split()).lower()


def ids(plan):
    return [f"{point['point']}, {point['side']}" for point in plan["points"]]


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("MYOTOME_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "400")


@each
def test_status_and_exit_status(path):
    status, plan, _ = planned(path)
    expected = document(path)["expected"]
    assert (plan["status"], status) == (expected["plan"], expected["plan_exit"])
    assert bool(plan["points"]) == (expected["plan"] == "ready")


@each
def test_number_of_needles(path):
    _, plan, _ = planned(path)
    least, most = document(path)["expected"].get("needles", (0, 0))
    assert least <= len(plan["points"]) <= most, ids(plan)
    assert len(plan["points"]) <= plan["limits"]["needles"]
    assert plan["minutes"] <= plan["limits"]["minutes"]


@each
def test_points_that_must_be_in_and_those_that_must_not(path):
    _, plan, _ = planned(path)
    expected = document(path)["expected"]
    chosen = set(ids(plan))
    assert set(expected.get("contains", ())) <= chosen, chosen
    assert not set(expected.get("never", ())) & chosen


@each
def test_what_is_said(path):
    _, _, said = planned(path)
    unsaid = [phrase for phrase in document(path)["expected"]["says"] if phrase.lower() not in said]
    assert not unsaid


@each
def test_findings_are_those_of_the_publication(path):
    """Whatever is not marked as invented is the published examination, and nothing of that is missing."""
    case, origin = document(path), document(ROOT / document(path)["source"]["from"])
    text = path.read_text("utf-8")
    kept = yaml12.read("".join(line for line in text.splitlines(True) if not line.endswith(f"{MARK}\n")).encode())
    assert (kept.get("findings") or []) == (origin.get("findings") or [])
    above = yaml12.read(text.replace(text[text.index(LINE) : text.index("\nfindings:")], "").encode())
    assert (above.get("screening") or {}) == (origin.get("screening") or {})
    assert {key: case.get(key) for key in ("person", "complaint")} == {
        key: origin.get(key) for key in ("person", "complaint")
    }
    assert set(case) - set(origin) <= OF_A_PLAN | {"screening"}


@each
def test_named_points_exist(path):
    """A point that is misspelt under ``never`` would forbid nothing."""
    expected = document(path)["expected"]
    for name in (*expected.get("contains", ()), *expected.get("never", ())):
        point, _, side = name.rpartition(", ")
        assert side in points()[point].sides, name


@each
def test_lung_on_one_side_only(path):
    """Harm: a collapsed lung on both sides at one visit."""
    _, plan, _ = planned(path)
    over = {p["side"] for p in plan["points"] if any(risk["structure"] == "pleura" for risk in p["at_risk"])}
    assert len(over) <= 1 and "both" not in over


def test_the_dangers_are_among_them():
    """Each of these decided at least one of the files: a rule, a flag, a question or a trait of the person."""
    said = Counter()
    for path in FILES:
        _, plan, _ = planned(path)
        said.update({fact["fact"] for fact in plan["person"]["facts"]})
        said.update(question["code"] for question in plan["questions"] if plan["status"] == "refused")
        said.update(f"{reason['urgency']}" for reason in plan["referral"]["reasons"] if plan["status"] == "blocked")
        said.update(kind for kind in ("lifted", "lapsed") if plan["clearances"][kind])
        said.update(kind for kind in ("unrecognised", "read_as") if plan["person"][kind])
        said.update(point["kind"] for point in plan["points"])
    wanted = {
        "anticoagulant", "pregnancy", "breast implant", "lymphoedema of the arm", "lean build", "pacemaker",
        "previous pneumothorax", "needle fear", "young person", "hip replacement", "diabetes", "first visit",
        "no consent", "infection", "medicines", "emergency", "urgent", "lifted", "lapsed", "unrecognised", "read_as",
        "paraspinal", "symptomatic", "homeostatic",
    }  # fmt: skip
    assert not wanted - set(said)


def test_demo_leaves_plans_out(tmp_path):
    """An examination that is there twice would count twice."""
    for path in (FILES[0], ROOT / document(FILES[0])["source"]["from"]):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    status, out = answer("demo", str(tmp_path))
    assert status == 0
    assert PLANS not in out
