"""Documents that speak of the code are held to it."""

import ast
import re
import tomllib

import pytest
from tools import make_docs, make_plates

from myotome.errors import CaseError
from tests.house.tree import PACKAGE, ROOT


@pytest.mark.parametrize("path", [
    "docs/reference/muscles.md",
    "docs/reference/vocabulary.md",
    "docs/reference/facts.md",
    "docs/safety/hazard-log.md",
    "docs/safety/soup.md",
    "docs/reference/points.md",
    "docs/reference/safety-rules.md",
    "docs/reference/medicines.md",
    "docs/evidence.md",
])  # fmt: skip
def test_generated_pages_are_current(path):
    """Run `make docs` and commit the difference."""
    made = make_docs.pages()
    assert path in made
    assert (ROOT / path).exists(), "run make docs"
    assert (ROOT / path).read_text("utf-8") == made[path], "the tables have moved on: run make docs"


def test_plates_in_the_docs_are_current():
    """Pictures, page and review sheet are those of the plates as they stand: run `make docs`."""
    made = make_plates.pages()
    there = {p.relative_to(ROOT).as_posix() for p in (ROOT / "docs/plates").glob("*.svg")}
    assert there == {name for name in made if name.endswith(".svg")}
    stale = [name for name, text in made.items() if (ROOT / name).read_text("utf-8") != text]
    assert not stale, "run make docs"


def test_architecture_has_one_line_for_each_folder():
    """Every package of src/myotome is in the table of ARCHITECTURE.md, and nothing else is."""
    told = re.findall(r"^\| `([a-z_/]+)/` \|", (ROOT / "ARCHITECTURE.md").read_text("utf-8"), re.MULTILINE)
    there = {p.parent.relative_to(PACKAGE).as_posix() for p in PACKAGE.rglob("__init__.py")} - {"."}
    assert len(told) == len(set(told)), "a folder is told twice"
    assert set(told) == there


def test_folders_outside_the_package_exist():
    """What ARCHITECTURE.md calls a folder is one: no empty rooms."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    outside = re.findall(r"`((?:examples|tests|benchmarks|tools|docs)(?:/[a-z]+)?)/`", text)
    assert {"examples", "tests", "docs"} <= set(outside)
    assert not [folder for folder in outside if not any((ROOT / folder).glob("*"))]


def test_every_hazard_is_watched_by_a_test():
    """The log's tests exist by file and name, and every field is filled."""
    log = tomllib.loads((ROOT / "docs/safety/hazard-log.toml").read_text("utf-8"))["hazard"]
    assert [h["id"] for h in log] == [f"H{n:02d}" for n in range(1, len(log) + 1)]
    for hazard in log:
        assert set(hazard) == {"id", "hazard", "harm", "severity", "control", "test"}, hazard["id"]
        assert all(hazard.values()), hazard["id"]
        assert hazard["severity"] in {"minor", "moderate", "serious", "critical"}, hazard["id"]
        file, name = hazard["test"].split("::")
        assert name in names_of_tests(file), f"{hazard['id']}: {hazard['test']} does not exist"


def test_every_control_of_the_security_list_is_watched():
    """What applies has a control, a test that exists, or says plainly that it is missing."""
    told = tomllib.loads((ROOT / "docs/safety/asvs.toml").read_text("utf-8"))
    ids = [one["id"] for one in told["item"]] + [name for group in told["group"] for name in group["ids"]]
    assert len(ids) == len(set(ids)) == told["edition"]["level_1"] + told["edition"]["level_2"]
    for one in told["item"]:
        if not one["applies"]:
            assert one["why"], one["id"]
            continue
        assert one["control"] or one.get("gap"), one["id"]
        assert not one["control"] or one["test"], f"{one['id']} promises a control that no test watches"
        if one["test"]:
            file, name = one["test"].split("::")
            assert name in names_of_tests(file), f"{one['id']}: {one['test']} does not exist"


def names_of_tests(file):
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")}


def test_decisions_are_numbered_without_gaps():
    """0001, 0002, ...: each a page of one title, a status and a decision."""
    found = sorted((ROOT / "docs/adr").glob("[0-9]*.md"))
    assert [p.name[:4] for p in found] == [f"{n:04d}" for n in range(1, len(found) + 1)]
    for path in found:
        text = path.read_text("utf-8")
        assert text.startswith(f"# {path.name[:4]} "), path
        assert "\nStatus: " in text, path
        assert "\n## Decision\n" in text, path
        assert len(text.splitlines()) <= 90, f"{path}: a decision is one page"


def test_documents_point_at_files_that_exist():
    """A path written as code in a document leads somewhere; the example of a naming scheme does not count."""
    missing = []
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for name in re.findall(
            r"`((?:src|docs|tests|tools|examples|benchmarks)/[\w./-]+\.\w+)`", path.read_text("utf-8")
        ):
            if not (ROOT / name).exists():
                missing.append(f"{path.relative_to(ROOT)}: {name}")
    assert not missing, missing


def test_every_make_target_calls_something_that_exists():
    """A target whose program was moved is found before a newcomer finds it."""
    text = (ROOT / "Makefile").read_text("utf-8")
    for module in re.findall(r"python -m ([a-z]+(?:\.[a-z]+)*)", text):
        if module.split(".")[0] == "benchmarks":
            parts = ROOT.joinpath(*module.split("."))
            assert parts.with_suffix(".py").exists() or (parts / "__main__.py").exists(), module
    for script in re.findall(r"python (tools/\w+\.py)", text):
        assert (ROOT / script).exists(), script


def test_error_families_are_documented():
    """Each own error has a sentence of its own, and all share one base."""
    from myotome import errors

    family = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, Exception)]
    assert CaseError in family
    assert all(issubclass(e, errors.MyotomeError) and e.__doc__ for e in family)
