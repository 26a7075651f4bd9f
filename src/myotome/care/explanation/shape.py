"""The JSON shape of an explanation: the keys that other programs rely on."""

from __future__ import annotations

from typing import Any

from myotome.care.explanation.explain import Belief, Explanation, MuscleBelief, SegmentBelief
from myotome.care.explanation.numbers import cautions
from myotome.care.explanation.partition import Row
from myotome.care.explanation.verdict import Verdict
from myotome.care.review.notice import NOT_REVIEWED

NOTICE = NOT_REVIEWED


def as_dict(explained: Explanation, banner: str = NOT_REVIEWED) -> dict[str, Any]:
    """One JSON object; probabilities to four places. ``banner`` is the notice that a clinic's standing asks for."""
    return {
        "valid": True,
        "referral": explained.referral.as_dict(),
        "verdict": verdict_as_dict(explained.verdict),
        "explanations": _explanations(explained),
        "other": _round(max(1.0 - sum(_round(r.probability) for r in explained.rows), 0.0)),
        "segments": [_segment(s) for s in explained.segments],
        "nerves": [_belief(b, "nerve") for b in explained.nerves],
        "plexus": [_belief(b, "lesion") for b in explained.plexus],
        "whole_person": {
            "polyneuropathy": _round(explained.polyneuropathy),
            "generalised": _round(explained.generalised),
        },
        "local": [_belief(b, "cause") for b in explained.local],
        "muscles": [_muscle(m) for m in explained.muscles],
        "conflicts": list(explained.conflicts),
        "cautions": list(cautions()),
        "next_tests": [
            {"sign": t.sign, "at": t.at, "side": t.side, "gain": t.gain, "seconds": t.seconds}
            for t in explained.next_tests
        ],
        "profile": explained.profile,
        "profile_changes_answer": explained.profile_changes_answer,
        "engine": explained.engine,
        "data_edition": explained.data_edition,
        "notice": banner,
    }


def verdict_as_dict(verdict: Verdict) -> dict[str, Any]:
    """The JSON shape of a verdict."""
    return {
        "kind": verdict.kind,
        "statement": verdict.statement,
        "confidence": _round(verdict.confidence),
        "because": verdict.because,
    }


def level_as_dict(belief: SegmentBelief) -> dict[str, Any]:
    """The JSON shape of a level, without its reasons."""
    return {
        "segment": belief.segment,
        "side": belief.side,
        "irritated": _round(belief.irritated),
        "deficient": _round(belief.deficient),
        "pattern": belief.pattern,
    }


def _segment(belief: SegmentBelief) -> dict[str, Any]:
    return {
        **level_as_dict(belief),
        "reasons": [{"finding": r.finding, "decibels": r.decibels} for r in belief.reasons],
        "facts": [{"fact": r.finding, "decibels": r.decibels} for r in belief.facts],
    }


def _belief(belief: Belief, key: str) -> dict[str, Any]:
    return {key: belief.name, "side": belief.side, "probability": _round(belief.probability)}


def _muscle(belief: MuscleBelief) -> dict[str, Any]:
    return {
        "muscle": belief.muscle,
        "side": belief.side,
        "weakened": _round(belief.weakened),
        "irritable": _round(belief.irritable),
    }


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
