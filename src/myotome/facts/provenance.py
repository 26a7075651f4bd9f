"""Where a fact comes from, how it was seen, and how far that carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from myotome.errors import FactError

SEEN = ("full", "abstract", "excerpt", "not seen")
FIELDS = ("source", "seen", "quote", "grade")
GRADES = ("read", "recalled", "assumed")
QUOTE_WORDS = 25
JUDGEMENT = "judgement:"


@dataclass(frozen=True, slots=True)
class Provenance:
    """The four source fields that every fact row carries."""

    source: str
    seen: str
    quote: str
    grade: str

    @property
    def is_judgement(self) -> bool:
        """True where the source is somebody's judgement, written out, rather than a key."""
        return self.source.startswith(JUDGEMENT)


def provenance_of(row: Mapping[str, Any], where: str, known: frozenset[str] | None = None) -> Provenance:
    """Check the source fields of ``row`` and return them.

    Raises:
        FactError: a field is missing or contradicts another; ``where`` names the row.
    """
    missing = [name for name in FIELDS if name not in row]
    if missing:
        raise FactError(f"{where}: no {', '.join(missing)}. Every fact row names its source; add the field.")
    found = Provenance(*(str(row[name]).strip() for name in FIELDS))
    problem = _problem(found, known)
    if problem:
        raise FactError(f"{where}: {problem}")
    return found


def _problem(found: Provenance, known: frozenset[str] | None) -> str | None:
    opened = found.seen != "not seen"
    rules = [
        (not found.source, "source is empty. An assumed row says whose judgement and why."),
        (found.seen not in SEEN, f"seen is '{found.seen}'; it must be one of {', '.join(SEEN)}."),
        (found.grade not in GRADES, f"grade is '{found.grade}'; it must be one of {', '.join(GRADES)}."),
        (
            (found.grade == "read") != opened,
            f"grade '{found.grade}' with seen '{found.seen}'. A row is 'read' exactly when its source was opened.",
        ),
        (
            opened and not found.quote,
            "seen without a quote. Give the words, at most 25, that support the row.",
        ),
        (
            len(found.quote.split()) > QUOTE_WORDS,
            f"the quote has {len(found.quote.split())} words; at most {QUOTE_WORDS} are allowed. Shorten it.",
        ),
        (
            known is not None and not found.is_judgement and found.source not in known,
            f"source '{found.source}' is not in the list of sources. Add it, or write 'judgement: who and why'.",
        ),
    ]
    return next((text for broken, text in rules if broken), None)
