"""The tender-count score of the homeostatic system: counted as its authors did, labelled for what it is."""

from __future__ import annotations

from myotome.care.plan.plan import TenderCount
from myotome.errors import FactError
from myotome.facts.kept import kept
from myotome.facts.tables import rows

HERE = "myotome.care.points"
NONE_TENDER = "none"


@kept
def groups() -> tuple[tuple[str, int, int, str], ...]:
    """The historical groups: name, first and last count, what their author said.

    Raises:
        FactError: counts that no group, or two, hold.
    """
    found = tuple((r["name"], r["from"], r["to"], r["words"]) for _, r, _ in rows(HERE, "tender-count", "group"))
    counts = [n for _, low, high, _ in found for n in range(low, high + 1)]
    if counts != list(range(1, 17)):
        raise FactError(f"The groups of tender-count.toml hold {counts}; they must hold 1 to 16 once each.")
    return found


def tender_count(tender: int | None) -> TenderCount | None:
    """The group of a count; None where it was not counted."""
    if tender is None:
        return None
    for name, low, high, words in groups():
        if low <= tender <= high:
            return TenderCount(tender, name, words)
    return TenderCount(tender, NONE_TENDER, "No test point was tender.")
