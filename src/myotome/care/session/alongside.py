"""What else is done for the same complaint, so that a change is not put down to the needles alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from myotome.care.session.adverse import HERE, as_dict
from myotome.facts.kept import kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import by_code

NOTHING = "none"  # an answer, not a gap


@dataclass(frozen=True, slots=True)
class Alongside:
    """Something done beside the needling."""

    code: str
    words: str
    provenance: Provenance


@kept
def alongside() -> Mapping[str, Alongside]:
    """Every one by its code, in the order of the file.

    Raises:
        FactError: a code stands twice.
    """
    return by_code(HERE, "alongside", "alongside", Alongside)


def catalogue() -> list[dict[str, Any]]:
    """All of them as plain values."""
    return [as_dict(row) for row in alongside().values()]
