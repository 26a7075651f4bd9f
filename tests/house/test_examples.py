"""Every published examination says where it comes from and what was expected before it was first run.

An example of a plan says from which examination it is made, what was invented, and what was expected of the plan.
"""

import pytest

from myotome.care.examination import yaml12
from myotome.cli.case_files import PLANS, examinations_in
from myotome.facts.provenance import QUOTE_WORDS
from tests.house.tree import ROOT

EXAMPLES = examinations_in(ROOT / "examples")
PLANNED = sorted((ROOT / "examples").glob(f"{PLANS}*.yaml"))
LESIONS = {"root", "irritation", "nerve", "plexus", "polyneuropathy", "multiple"}
KINDS = LESIONS | {"generalised", "local", "none", "indeterminate"}
URGENCIES = {"none", "soon", "urgent", "emergency"}
EXITS = {"ready": 0, "nothing to needle": 0, "refused": 3, "blocked": 4}
INVENTED = (
    "# Invented for this example: medicines, conditions, implants, build, visit, settings, clearances, reasons and the "
    "screening answers below the line.\n"
)


def check_source(source):
    """Citation, address, how it was seen, a short quotation, findings as printed."""
    for field in ("citation", "url", "seen", "quote", "findings_as_printed"):
        assert str(source.get(field) or "").strip(), f"source.{field} is empty"
    assert source["seen"] in ("full", "abstract", "excerpt"), "an example was opened, or it is no example"
    assert source["url"].startswith(("https://", "http://"))
    assert len(source["quote"].split()) <= QUOTE_WORDS


def test_there_are_enough():
    """At least thirty, of at least five kinds, with at least eight that must be referred."""
    expected = [yaml12.read(path.read_bytes())["expected"] for path in EXAMPLES]
    assert len(EXAMPLES) >= 30
    assert len({e["verdict"] for e in expected}) >= 5
    assert sum("emergency" in str(e.get("referral")) or "urgent" in str(e.get("referral")) for e in expected) >= 8


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_example_names_its_source_and_what_is_expected(path):
    """The source, the answer expected, and something that was examined."""
    case = yaml12.read(path.read_bytes())
    expected = case["expected"]
    check_source(case["source"])
    assert "from" not in case["source"], f"an example of a plan is named {PLANS}..."
    assert set(expected["verdict"].split(" or ")) <= KINDS, expected["verdict"]
    if expected.get("referral"):
        assert set(expected["referral"].split(" or ")) <= URGENCIES, expected["referral"]
    assert case.get("findings") or case.get("screening")


def test_plans_of_every_outcome():
    """At least fourteen, and each outcome among them."""
    expected = [yaml12.read(path.read_bytes())["expected"]["plan"] for path in PLANNED]
    assert len(PLANNED) >= 14
    assert set(expected) == set(EXITS)


@pytest.mark.parametrize("path", PLANNED, ids=lambda p: p.stem)
def test_plan_names_its_source_what_was_invented_and_what_is_expected(path):
    """The source block of the examination that it is made from, unchanged; what was invented; the plan expected."""
    text = path.read_text("utf-8")
    case = yaml12.read(text.encode())
    source, expected = dict(case["source"]), case["expected"]
    check_source(source)
    origin = ROOT / source.pop("from")
    assert origin in EXAMPLES, "made from a published examination, never from another plan"
    assert source == yaml12.read(origin.read_bytes())["source"]
    assert text.startswith(INVENTED)
    assert text.count("# ---- invented below this line ----") == 1
    assert expected["plan_exit"] == EXITS[expected["plan"]]
    assert ("needles" in expected) == (expected["plan"] == "ready")
    assert ("contains" in expected) == (expected["plan"] == "ready")
    assert expected["says"]
    assert len(expected["why"].split()) >= 5
