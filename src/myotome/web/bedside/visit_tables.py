"""The fixed words of a visit: techniques of the needle, harm, check-ins, what goes alongside, scores."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from myotome.care.course.scores import catalogue as scores
from myotome.care.screening.asking import days_carried
from myotome.care.session import adverse
from myotome.care.session.alongside import catalogue as alongside
from myotome.care.session.checkin import catalogue as checkins
from myotome.care.session.techniques import techniques


def visit_tables() -> dict[str, Any]:
    """Each table by its name."""
    return {
        "adverse": {
            "terms": _rows(adverse.terms().values(), "code", "group", "patient", "severity", "serious", "do", "report"),
            "severities": _rows(adverse.severities().values(), "code", "words", "full"),
            "onsets": _rows(adverse.onsets().values(), "code", "words"),
            "actions": _rows(adverse.actions().values(), "code", "words"),
            "outcomes": _rows(adverse.outcomes().values(), "code", "words", "open"),
        },
        "scores": scores(),
        "checkins": checkins(),
        "alongside": alongside(),
        "techniques": _rows(techniques().values(), "code", "words"),
        "carried_days": days_carried(),
    }


def _rows(found: Iterable[Any], *names: str) -> list[dict[str, Any]]:
    return [{name: getattr(one, name) for name in names} for one in found]
