"""The JSON shape of an explanation: the keys that other programs rely on."""

from __future__ import annotations

from typing import Any

from myotome.care.explanation.explain import Explanation
from myotome.care.explanation.partition import Row


def as_dict(explained: Explanation) -> dict[str, Any]:
    """One JSON object; probabilities to four places."""
    return {
        "valid": True,
        "referral": explained.referral.as_dict(),
        "verdict": {
            "kind": explained.verdict.kind,
            "statement": explained.verdict.statement,
            "confidence": _round(explained.verdict.confidence),
            "because": explained.verdict.because,
        },
        "explanations": _explanations(explained),
        "other": _round(max(1.0 - sum(_round(r.probability) for r in explained.rows), 0.0)),
        "segments": [
            {
                "segment": s.segment,
                "side": s.side,
                "irritated": _round(s.irritated),
                "deficient": _round(s.deficient),
                "pattern": s.pattern,
                "reasons": [{"finding": r.finding, "decibels": r.decibels} for r in s.reasons],
            }
            for s in explained.segments
        ],
        "nerves": [{"nerve": b.name, "side": b.side, "probability": _round(b.probability)} for b in explained.nerves],
        "plexus": [{"lesion": b.name, "side": b.side, "probability": _round(b.probability)} for b in explained.plexus],
        "whole_person": {
            "polyneuropathy": _round(explained.polyneuropathy),
            "generalised": _round(explained.generalised),
        },
        "local": [{"cause": b.name, "side": b.side, "probability": _round(b.probability)} for b in explained.local],
        "muscles": [
            {
                "muscle": m.muscle,
                "side": m.side,
                "weakened": _round(m.weakened),
                "irritable": _round(m.irritable),
            }
            for m in explained.muscles
        ],
        "conflicts": list(explained.conflicts),
        "next_tests": [
            {"sign": t.sign, "at": t.at, "side": t.side, "gain": t.gain, "seconds": t.seconds}
            for t in explained.next_tests
        ],
        "profile": explained.profile,
        "profile_changes_answer": explained.profile_changes_answer,
        "engine": explained.engine,
        "data_edition": explained.data_edition,
        "notice": NOTICE,
    }


NOTICE = "Not clinically reviewed: not for use on patients"


def _explanations(explained: Explanation) -> list[dict[str, Any]]:
    found = []
    for place, row in enumerate(explained.rows):
        one: dict[str, Any] = {
            "kind": row.kind,
            "names": list(row.names),
            "side": row.side,
            "probability": _round(row.probability),
        }
        if explained.intervals:
            one["interval"] = list(explained.intervals[place])
        if len(row.names) > 1:
            one["meaning"] = meaning(row)
        found.append(one)
    return found


def meaning(row: Row) -> str:
    """How the names of a row belong together."""
    if row.kind == "irritation":
        return "one or more"
    return "one of these" if row.one_of else "all of these"


def _round(value: float) -> float:
    return round(float(value), 4)
