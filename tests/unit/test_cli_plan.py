"""``myotome plan`` and ``myotome report``: exit statuses, what is printed where, JSON, edits, files that are made."""

import datetime
import io
import json
import sys

import pytest
import yaml

from myotome.app import main
from tests.neck_plan import document

EDIT = ("--add", "tibialis anterior, right", "--add", "L5 paraspinal, right")
BLOCKED = {"screening": {"saddle numbness": "yes"}, "complaint": {"area": "low back"}}
REFUSED = {"medicines": "not asked"}
LAPSES = {"flag": "saddle numbness", "by": "Dr A", "role": "physician", "found": "normal scan"}
CLEARED = {**BLOCKED, "clearances": [{**LAPSES, "date": "2026-01-02", "valid_until": "2026-06-30"}]}


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path_factory):
    monkeypatch.setenv("MYOTOME_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "110")


@pytest.fixture
def case(tmp_path):
    def write(**parts):
        file = tmp_path / "case.yaml"
        file.write_text(yaml.safe_dump(document(**parts)), "utf-8")
        return str(file)

    return write


@pytest.fixture
def myotome(capsys):
    def run(*arguments):
        status = main(list(arguments))
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return status, out, err

    return run


# Plan


@pytest.mark.parametrize(
    ("parts", "status", "exit_status"),
    [
        ({}, "ready", 0),
        ({"findings": []}, "nothing to needle", 0),
        ({"visit": {"minutes": 5}}, "nothing to needle", 0),
        (REFUSED, "refused", 3),
        (BLOCKED, "blocked", 4),
        ({**BLOCKED, **REFUSED}, "blocked", 4),
        ({"screening": {"consent": "no"}}, "blocked", 4),
        ({"screening": {"unexplained weight loss": "yes"}}, "ready", 0),
    ],
    ids=str,
)
def test_exit_status_and_json(myotome, case, parts, status, exit_status):
    code, out, err = myotome("plan", "--json", case(**parts))
    (line,) = out.splitlines()
    plan = json.loads(line)
    assert (code, err, plan["status"], plan["valid"]) == (exit_status, "", status, True)
    assert bool(plan["points"]) == (status == "ready")
    assert bool(plan["questions"]) == ("medicines" in parts)
    assert plan["notice"].startswith("Not clinically reviewed: not for use on patients.")
    if status == "blocked":
        assert plan["referral"]["reasons"] or [rule for rule in plan["rules"] if rule["action"] == "block"]


def test_page_of_a_ready_plan(myotome, case):
    status, out, err = myotome("plan", case(medicines=["Zorblax 5", "ibuprofin"], visit={"tender_points": 6}))
    assert (status, err) == (0, "")
    flat = " ".join(out.split())
    assert "Not clinically reviewed: not for use on patients." in flat
    assert "Not recognised in medicines: 'Zorblax 5'. Find out what it is." in flat
    assert "'ibuprofin' was read as ibuprofen" in flat
    assert "6 of 16 test points: group B" in flat
    assert "1. ▲ " in flat
    assert "paraspinal, LEFT" in flat


def test_page_of_a_refused_plan_lists_the_questions(myotome, case):
    status, out, _ = myotome("plan", case(medicines="not asked", screening={"infection": "not asked"}))
    assert status == 3
    flat = " ".join(out.split())
    assert "Nothing is planned until these are answered. Not asked is not no." in flat
    for question in ("medicines: yes | no", "infection: yes | no"):
        assert question in flat
    assert "POINTS" not in out
    assert "LEFT OUT" not in out


def test_page_of_a_blocked_plan_prints_the_referral_first(myotome, case):
    status, out, _ = myotome("plan", case(**BLOCKED, medicines="not asked"))
    assert status == 4
    assert (
        out.index("DO NOT NEEDLE") < out.index("cauda equina syndrome (emergency)") < out.index("medicines: yes | no")
    )
    assert "POINTS" not in out
    status, out, _ = myotome("plan", case(screening={"consent": "no"}))
    assert (status, "answered no: consent" in out) == (4, True)


def test_day_of_the_visit(myotome, case):
    """A clearance holds on the day of the file, else of --on, else today."""
    cleared = case(**CLEARED)
    for arguments, expected in (("--on", "2026-03-03"), 0), (("--on", "2026-07-01"), 4), (("--on", "2025-12-31"), 4):
        assert myotome("plan", *arguments, cleared)[0] == expected
    today = datetime.datetime.now(tz=datetime.UTC).date()
    assert myotome("plan", cleared)[0] == (0 if today <= datetime.date(2026, 6, 30) else 4)
    dated = case(**CLEARED, visit={"date": "2026-03-03"})
    assert [myotome("plan", dated)[0], myotome("plan", "--on", "2026-03-03", dated)[0]] == [0, 0]
    for on, message in (
        ("soon", "'soon' is no date. Write it as 2026-11-21."),
        ("2026-07-01", "2026-07-01 is not the visit.date of the file, 2026-03-03. Keep one."),
    ):
        for command in (("plan",), ("report", "-o", "never.pdf")):
            status, out, err = myotome(*command, "--on", on, dated)
            assert (status, out, err.splitlines()[1]) == (2, "", f"  --on: {message}")


@pytest.mark.parametrize(
    ("arguments", "at", "begins"),
    [
        (
            ("--add", "C7 paraspinal"),
            "command",
            "'C7 paraspinal' has no side. Write a point as 'C6 paraspinal, right'.",
        ),
        (("--add", "C7 paraspinal, up"), "command", "'C7 paraspinal, up' has no side."),
        (("--add", "C7 paraspinl, left"), "command", "There is no point 'C7 paraspinl'. Did you mean C7 paraspinal"),
        (("--add", "C7 paraspinal, both"), "command", "'C7 paraspinal' has no side 'both'. Write left or right."),
        (("--remove", "C1 paraspinal, left"), "command", "'C1 paraspinal, left' is not in the plan. It holds C"),
        (("--add", "tibialis anterior, right"), "edit", "tibialis anterior, right needs a paraspinal point"),
        (("--add", "psoas major, left"), "edit", "psoas major, left may not be planned: for specially trained hands;"),
        (("--profile", "gun"), "command", "'gun'"),
    ],
)
def test_bad_edit(myotome, case, arguments, at, begins):
    status, out, err = myotome("plan", "--json", *arguments, case())
    answer = json.loads(out)
    assert (status, err, answer["valid"], set(answer)) == (2, "", False, {"valid", "errors"})
    assert answer["errors"][0]["at"] == at
    assert begins in answer["errors"][0]["message"]
    status, out, err = myotome("plan", *arguments, case())
    assert (status, out) == (2, "")
    what = "the change was not made" if at == "edit" else "nothing was planned"
    assert err.splitlines()[0].endswith(f"case.yaml: refused, {what}.")


def test_good_edit(myotome, case):
    first = json.loads(myotome("plan", "--json", case())[1])["points"]
    gone = f"{first[-1]['point']}, {first[-1]['side']}"
    status, out, _ = myotome("plan", "--json", case(), *EDIT, "--remove", gone)
    names = [f"{point['point']}, {point['side']}" for point in json.loads(out)["points"]]
    assert status == 0
    assert {"tibialis anterior, right", "L5 paraspinal, right"} <= set(names)
    assert gone not in names


@pytest.mark.parametrize(("parts", "expected"), [(REFUSED, 3), (BLOCKED, 4)], ids=["refused", "blocked"])
def test_an_edit_hides_neither_questions_nor_referral(myotome, case, parts, expected):
    plain = myotome("plan", "--json", case(**parts))[1]
    status, out, err = myotome("plan", "--json", case(**parts), *EDIT)
    assert (status, out) == (expected, plain)
    assert err.endswith("it cannot be changed.\n")


def test_bad_input(myotome, case, tmp_path, monkeypatch):
    status, out, err = myotome("plan", case(visit={"number": 0}))
    assert (status, out) == (2, "")
    assert err.splitlines()[1] == "  visit.number: '0' is not a number from 1 to 1000 (counted from 1)."
    status, out, _ = myotome("plan", "--json", case(medicines=["warfarin"], screening={"anticoagulant": "no"}))
    assert (status, json.loads(out)["errors"][0]["at"]) == (2, "medicines")
    assert myotome("plan", str(tmp_path / "nowhere.yaml"))[0] == 2
    text = yaml.safe_dump(document()).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert myotome("plan", "--json", "-") == myotome("plan", "--json", case())


# Report


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({}, ""),
        (REFUSED, "The plan is refused; the pages say why."),
        (BLOCKED, "The plan is blocked; the pages say why."),
    ],
    ids=["ready", "refused", "blocked"],
)
def test_report_always_makes_its_pages(myotome, case, tmp_path, parts, says):
    target = tmp_path / "Report.HTML"
    status, out, err = myotome("report", case(**parts), "-o", str(target))
    assert (status, out) == (0, "")
    assert err.splitlines() == [*([says] if says else []), f"{target}: written"]
    page = target.read_text("utf-8")
    for words in (
        ("which medicines",) if parts is REFUSED else ("cauda equina",) if parts is BLOCKED else ("paraspinal",)
    ):
        assert words in page.lower()
    if parts:
        status, _, err = myotome("report", case(**parts), "-o", str(target), *EDIT)
        assert (status, err.splitlines()[0]) == (0, f"{says} Nothing was added or taken out.")


@pytest.mark.parametrize("paper", ["A4", "letter"])
def test_report_as_pdf(myotome, case, tmp_path, paper):
    target = tmp_path / "report.pdf"
    assert myotome("report", case(), "-o", str(target), "--paper", paper)[0] == 0
    assert target.read_bytes()[:5] == b"%PDF-"
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["case.yaml", "report.pdf"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ("-o", "report.txt"),
            "  --output: 'report.txt' ends in neither .pdf nor .html. Name the file for what it is to be.",
        ),
        (("-o", "r.pdf", "--paper", "A3"), "  --paper: there is no paper 'A3'. Use A4 or Letter."),
        (("-o", "no/such/r.html"), "  output: the file could not be written (No such file or directory)."),
        (("-o", "folder.html"), "  output: the file could not be written (Is a directory)."),
        (("-o", "r.html", "--add", "psoas major, left"), "  edit: psoas major, left may not be planned: "),
    ],
)
def test_report_that_cannot_be_made(myotome, case, tmp_path, monkeypatch, arguments, line):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.html").mkdir()
    file = case()
    status, out, err = myotome("report", file, *arguments)
    assert (status, out) == (2, "")
    assert err.splitlines()[1].startswith(line)
    assert {path.name for path in tmp_path.iterdir()} == {"case.yaml", "folder.html"}, "nothing half made is left"


def test_evidence_is_wired(myotome):
    status, out, _ = myotome("evidence", "tennis", "elbow")
    assert (status, "tennis elbow" in out.lower()) == (0, True)
    assert myotome("evidence", "zorblax")[0] == 2
