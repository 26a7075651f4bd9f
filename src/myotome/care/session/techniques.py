"""What was done with the needle once it was in, in fixed terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from myotome.care.session.adverse import HERE
from myotome.facts.kept import kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import by_code


@dataclass(frozen=True, slots=True)
class Technique:
    """One technique. ``code`` is what the record holds, ``term`` what a paper calls it."""

    code: str
    words: str
    term: str
    provenance: Provenance


@kept
def techniques() -> Mapping[str, Technique]:
    """Every one by its code, in the order of the file.

    Raises:
        FactError: a code stands twice.
    """
    return by_code(HERE, "techniques", "technique", Technique)


def in_words(said: str) -> str:
    """A recorded technique as it is printed, with its standard term; one in other words stays as it was written."""
    one = techniques().get(said)
    return f"{one.code} ({one.term})" if one else said
