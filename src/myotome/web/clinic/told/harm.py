"""Harm that was recorded, in words for a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from myotome.care.session.adverse import actions, is_open, onsets, outcomes, report_is_due
from myotome.care.session.values import Value


def in_words(values: Iterable[Value]) -> list[dict[str, Any]]:
    """Each harm: what, how bad, when, what was done, what came of it, who wrote that last."""
    return [_in_words(value) for value in values]


def _in_words(value: Value) -> dict[str, Any]:
    told, head = value.body, value.heads[-1]
    outcome, onset, known = outcomes().get(told.get("outcome", "")), onsets().get(told["onset"]), actions()
    return {
        "id": head.id,
        "term": told["term"],
        "severity": told["severity"],
        "onset": onset.words if onset else told["onset"],
        "where": " ".join(part for part in (told.get("point", ""), told.get("side", "").upper()) if part),
        "text": told.get("text", ""),
        "done": [known[code].words if code in known else code for code in told.get("actions", ())],
        "outcome": outcome.words if outcome else "",
        "open": is_open(told),
        "report": report_is_due(told),
        "conflict": value.conflict,
        "late": head.late,
        "by": head.by,
        "at": head.received,
    }
