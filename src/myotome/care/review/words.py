"""A row of a data file in words for reading: a label for each field, and its value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Where a table says nothing else (``SafetyTable.labels``); a field that is not listed is called by its own name.
_LABELS = {
    "site": "Point",
    "structure": "Structure at risk",
    "keep": "How to keep clear of it",
    "given": "Holds when this is known",
    "action": "What it does",
    "where": "For which points",
    "but_not": "But not for",
    "same_side": "Only on the same side",
    "practitioner": "Told to the practitioner",
    "patient": "Told to the patient",
    "means": "Counts as",
    "synonyms": "Also called",
    "applies": "Asked of",
    "also": "Also",
    "answered_by": "Answered by",
    "listed_in": "Answered by the list of",
    "age_min": "From age",
    "age_max": "To age",
    "says": "Said as",
    "kind": "Kind",
    "what": "What counts",
    "unless": "Unless",
    "only_one": "On one side only",
    "find": "How to find it",
    "positions": "Positions",
    "grip": "Grip",
    "compressible": "Bleeding can be pressed on",
    "specialist": "For specially trained hands only",
    "expect": "What to expect",
    "acupoint": "Acupuncture point",
    "midline": "On the midline",
    "why": "Why not",
    "instead": "Instead",
    "from": "From so many tender points",
    "to": "To so many tender points",
    "sessions": "Sessions said to be needed",
    "near": "Beside the point",
    "hours_from": "From hour",
    "hours_to": "To hour (0: no end)",
    "per_100": "Lowest and highest of 100 (none: no rate is known)",
    "n": "How many were counted (0: not printed)",
    "unit": "Counted in",
    "plain": "Told as",
    "known": "What is known",
    "not_known": "What is not known",
    "wording": "Told to the patient",
}


def label(name: str, own: Mapping[str, str]) -> str:
    """The label of a field: the table's own, the usual one, or the field's name."""
    return own.get(name) or _LABELS.get(name) or name.replace("_", " ").capitalize()


def said(value: Any) -> str:
    """A value in words; lists and tables within it are read out, and what is empty in them is passed over."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{name.replace('_', ' ')}: {said(one)}" for name, one in value.items() if one)
    if isinstance(value, list | tuple):
        if any(isinstance(one, Mapping) for one in value):
            return " ".join(f"({number}) {said(one)}." for number, one in enumerate(value, start=1))
        return ", ".join(" and ".join(map(said, one)) if isinstance(one, list | tuple) else said(one) for one in value)
    return str(value).strip()
