"""How often a screening question is asked, and how long its answer may be carried over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from myotome.care.screening.items import HERE, items
from myotome.errors import FactError
from myotome.facts.kept import Table, kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import rows

EACH_VISIT, ALONE, WHEN_CHANGED = "each visit", "alone", "when changed"


@dataclass(frozen=True, slots=True)
class Asked:
    """How a question is asked, and why so."""

    code: str
    how: str
    why: str
    provenance: Provenance


@kept
def asked() -> Mapping[str, Asked]:
    """The questions whose answers are never carried over, by their code.

    Raises:
        FactError: no such item, another way of asking, or a second row.
    """
    found: dict[str, Asked] = {}
    for where, row, provenance in rows(HERE, "asking", "asked"):
        code = row["code"]
        if code not in items() or row["how"] not in (EACH_VISIT, ALONE) or code in found:
            raise FactError(
                f"{where}: '{code}' is no item or has a second row, or its how is not {EACH_VISIT} or {ALONE}. "
                "Correct the row."
            )
        found[code] = Asked(code, row["how"], row["why"], provenance)
    return Table(found)


def how_asked(code: str) -> str:
    """Each visit, alone, or when something changed."""
    return asked()[code].how if code in asked() else WHEN_CHANGED


@kept
def days_carried() -> int:
    """Days after which an answer is not carried over any more.

    Raises:
        FactError: there is no such row.
    """
    for _, row, _ in rows(HERE, "asking", "limit"):
        if row["name"] == "days carried":
            return int(row["value"])
    raise FactError("asking.toml does not say after how many days an answer is asked anew. Put the row back.")
