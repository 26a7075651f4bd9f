"""Rows, sections and words of a course file: what is there instead of them is said, with the remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from myotome.care.examination.checks import MOST_KEYS_NAMED, kind_of, shortened
from myotome.errors import CaseProblem

MOST_TEXT = 2000

Problems = list[CaseProblem]


def rows_of(
    value: Any, name: str, most: int, problems: Problems, words: str = ""
) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    """The rows of a list of mappings; a row of plain words means its key ``words``, where there is one."""
    if value is None:
        return
    if not isinstance(value, list) or len(value) > most:
        text = f"a list of {len(value)}" if isinstance(value, list) else kind_of(value)
        problems.append(CaseProblem(name, f"'{name}' is {text}; it must be a list of at most {most}, one a line."))
        return
    for number, given in enumerate(value):
        row = {words: given} if words and isinstance(given, str) else given
        if isinstance(row, Mapping):
            yield f"{name}[{number}]", row
        else:
            problems.append(CaseProblem(f"{name}[{number}]", f"this is {kind_of(row)}; it must be a mapping."))


def mapping_of(value: Any, name: str, problems: Problems) -> Mapping[Any, Any]:
    """A section of named values; empty where it is missing."""
    if value is None or isinstance(value, Mapping):
        return value or {}
    problems.append(CaseProblem(name, f"'{name}' is {kind_of(value)}; it must be a mapping such as {{a: 1}}."))
    return {}


def only(section: Mapping[Any, Any], known: tuple[str, ...], at: str, problems: Problems) -> None:
    """Refuse keys that are not known here, and name the nearest that are."""
    for key in [key for key in section if key not in known][:MOST_KEYS_NAMED]:
        near = get_close_matches(str(key), known, 1)
        text = f"'{shortened(key)}' is not known here. Use: {', '.join(known)}.{meant(near)}"
        problems.append(CaseProblem(at, text, tuple(near)))


def meant(near: list[str]) -> str:
    """The nearest known word as a question; nothing where none is near."""
    return f" Did you mean '{near[0]}'?" if near else ""


def words_of(value: Any, at: str, problems: Problems) -> str:
    """Words, cut to a readable length; empty where they are missing."""
    if value is None or isinstance(value, str):
        return (value or "")[:MOST_TEXT]
    problems.append(CaseProblem(at, f"this is {kind_of(value)}; write it in words."))
    return ""
