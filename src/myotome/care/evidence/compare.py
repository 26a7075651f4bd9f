"""Intramuscular stimulation against acupuncture, as one page in sections."""

from __future__ import annotations

from dataclasses import dataclass

from myotome.errors import FactError
from myotome.facts.kept import kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import rows

HERE = "myotome.care.evidence"


@dataclass(frozen=True, slots=True)
class Section:
    """One section; ``quoted`` holds words of the source texts that are being answered."""

    heading: str
    text: str
    quoted: tuple[str, ...]
    reviewed_by: str
    provenance: Provenance


@kept
def sections() -> tuple[Section, ...]:
    """The sections in reading order.

    Raises:
        FactError: a heading stands twice, or a section says nothing.
    """
    found: list[Section] = []
    for where, row, provenance in rows(HERE, "compare", "section"):
        if not row["text"].strip() or row["heading"] in {s.heading for s in found}:
            raise FactError(f"{where}: no text, or a second '{row['heading']}'. Say something, under its own heading.")
        found.append(Section(row["heading"], row["text"], tuple(row["quoted"]), row["reviewed_by"], provenance))
    return tuple(found)
