"""Words that no text for patients may hold, found in every form and however they are hyphenated.

A negation is not read: "not safe to drive" is refused too, for "do not drive" says it better. A claim that is being
corrected is quoted in a field of its own (`claim`, `quoted`), which is no text for patients: no exception is needed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from myotome.care.evidence.claims import HERE
from myotome.errors import FactError
from myotome.facts.kept import Table, kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import rows

GAP = " ... "
_UP_TO_FOUR_WORDS = r"(?:[^\w.!?;:]+\w+){0,4}?[^\w.!?;:]+"
_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−﹣-"), "-")
_UNSEEN = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))


@dataclass(frozen=True, slots=True)
class Forbidden:
    """One word with the forms it takes, what to say instead and why."""

    word: str
    forms: tuple[str, ...]
    instead: str
    why: str
    provenance: Provenance


@kept
def forbidden_words() -> Mapping[str, Forbidden]:
    """Every forbidden word.

    Raises:
        FactError: a word stands twice, has no forms, or does not say what to write instead.
    """
    found: dict[str, Forbidden] = {}
    for where, row, provenance in rows(HERE, "words", "word"):
        if row["word"] in found or not row["forms"] or not row["instead"].strip():
            raise FactError(f"{where}: '{row['word']}' twice, without forms, or without what to say instead. Mend it.")
        found[row["word"]] = Forbidden(row["word"], tuple(row["forms"]), row["instead"], row["why"], provenance)
    return Table(found)


def forbidden_in(text: str) -> tuple[str, ...]:
    """The forbidden words of a text as they stand in it, in its order."""
    plain = unicodedata.normalize("NFKC", text).translate(_UNSEEN).translate(_HYPHENS)
    return tuple(hit.group() for hit in _pattern().finditer(plain))


def instead_of(hit: str) -> str:
    """What to say instead of a word that :func:`forbidden_in` found, or an empty text."""
    return next((word.instead for word in forbidden_words().values() if _of((word,)).fullmatch(hit)), "")


@kept
def _pattern() -> re.Pattern[str]:
    return _of(tuple(forbidden_words().values()))


def _of(words: tuple[Forbidden, ...]) -> re.Pattern[str]:
    forms = sorted((form for word in words for form in word.forms), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(_form, forms)) + r")\b", re.IGNORECASE)


def _form(form: str) -> str:
    """Spaces may be hyphens, a hyphen may be missing, and a gap holds up to four words."""
    parts = (re.escape(part).replace(r"\ ", r"[\s-]+").replace(r"\-", r"[\s-]*") for part in form.split(GAP))
    return _UP_TO_FOUR_WORDS.join(parts)
