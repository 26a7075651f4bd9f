"""Every published examination says where it comes from and what was expected before it was first run."""

import pytest

from myotome.care.examination import yaml12
from myotome.facts.provenance import QUOTE_WORDS
from tests.house.tree import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
LESIONS = {"root", "irritation", "nerve", "plexus", "polyneuropathy", "multiple"}
KINDS = LESIONS | {"generalised", "local", "none", "indeterminate"}
URGENCIES = {"none", "soon", "urgent", "emergency"}


def test_there_are_enough():
    """At least thirty, of at least five kinds, with at least eight that must be referred."""
    expected = [yaml12.read(path.read_bytes())["expected"] for path in EXAMPLES]
    assert len(EXAMPLES) >= 30
    assert len({e["verdict"] for e in expected}) >= 5
    assert sum("emergency" in str(e.get("referral")) or "urgent" in str(e.get("referral")) for e in expected) >= 8


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_example_names_its_source_and_what_is_expected(path):
    """Citation, address, how it was seen, a short quotation, findings as printed, the answer expected."""
    case = yaml12.read(path.read_bytes())
    source, expected = case["source"], case["expected"]
    for field in ("citation", "url", "seen", "quote", "findings_as_printed"):
        assert str(source.get(field) or "").strip(), f"source.{field} is empty"
    assert source["seen"] in ("full", "abstract", "excerpt"), "an example was opened, or it is no example"
    assert source["url"].startswith(("https://", "http://"))
    assert len(source["quote"].split()) <= QUOTE_WORDS
    assert set(expected["verdict"].split(" or ")) <= KINDS, expected["verdict"]
    if expected.get("referral"):
        assert set(expected["referral"].split(" or ")) <= URGENCIES, expected["referral"]
    assert case.get("findings") or case.get("screening")
