"""Checks of single values in a case file: one wording for every bad value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from myotome.care.examination.case import SIDES
from myotome.errors import CaseProblem

MOST_KEYS_NAMED = 10


def side_of(value: Any, at: str, problems: list[CaseProblem]) -> str | None:
    """Left, right, both, or None where it is not given."""
    if value is None:
        return None
    text = str(value).strip().lower()
    text = {"l": "left", "r": "right", "bilateral": "both", "both sides": "both", "midline": "both"}.get(text, text)
    if text not in SIDES:
        problems.append(CaseProblem(at, f"side is '{shortened(value)}'; use left, right or both."))
        return None
    return text


def agreed_side(given: str | None, named: str | None, at: str, problems: list[CaseProblem]) -> str | None:
    """The side given beside a name that may say its side itself; a problem where the two differ."""
    if given and named and given != named:
        problems.append(CaseProblem(at, f"the name says {named} and the side says {given}. Keep the right one."))
    return given or named


def number_of(value: Any, at: str, low: float, high: float, unit: str, problems: list[CaseProblem]) -> float | None:
    """A number within its bounds, or None."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        problems.append(CaseProblem(at, f"'{shortened(value)}' is not a number from {low:g} to {high:g} ({unit})."))
        return None
    return float(value)


def only_keys(section: Mapping[Any, Any], known: tuple[str, ...], at: str, problems: list[CaseProblem]) -> None:
    """Refuse keys that are not known here."""
    for key in [k for k in section if k not in known][:MOST_KEYS_NAMED]:
        problems.append(CaseProblem(at, f"'{shortened(key)}' is not known here. Use: {', '.join(known)}."))


def shortened(value: Any) -> str:
    """The value as text, cut to a readable length."""
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def kind_of(value: Any) -> str:
    """What sort of value this is, in plain words."""
    names: dict[type, str] = {
        list: "a list", str: "text", dict: "a mapping", int: "a number", float: "a number",
        bool: "true or false", type(None): "empty",
    }  # fmt: skip
    return names.get(type(value), f"a {type(value).__name__}")
