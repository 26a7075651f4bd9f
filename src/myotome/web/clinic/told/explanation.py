"""A frozen explanation in words: referral first, then the verdict, what explains the findings, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from myotome.care.explanation.chances import percent
from myotome.care.explanation.numbers import cautions
from myotome.care.explanation.partition import Row
from myotome.care.explanation.verdict import describe
from myotome.care.screening.items import items

SHOWN = 6  # explanations that are listed
SEGMENTS = 3
REASONS = 6  # of each segment, for and against together
HEADLINES = {
    "none": "No reason to refer in what was recorded",
    "soon": "Refer soon",
    "urgent": "Refer urgently, before any needle",
    "emergency": "Emergency: refer now, do not needle",
}
SCREENS = {
    "complete": "Every red flag of this area was asked.",
    "partial": "Red flags were asked in part.",
    "not done": "No red flag was asked.",
}

Plain = Mapping[str, Any]


def in_words(whole: Plain) -> dict[str, Any]:
    """What a page shows of an explanation as it was frozen."""
    verdict = whole["verdict"]
    return {
        "referral": referral(whole["referral"]),
        "verdict": verdict | {"sureness": percent(verdict["confidence"])},
        "rows": [_row(one) for one in whole["explanations"][:SHOWN]],
        "rest": _rest(whole["explanations"][:SHOWN]),
        "segments": [_segment(one) for one in whole["segments"][:SEGMENTS]],
        "more_segments": [_segment(one) for one in whole["segments"][SEGMENTS:]],
        "beliefs": list(_beliefs(whole)),
        "conflicts": whole["conflicts"],
        "cautions": whole.get("cautions") or cautions(),
        "next": [_next(one) for one in whole["next_tests"]],
        "profiles": {True: "another profile would answer otherwise", False: "all profiles agree"}.get(
            whole["profile_changes_answer"], "other profiles were not asked"
        ),
    }


def referral(said: Plain) -> dict[str, Any]:
    """Whether to send somebody on, how soon, why; and what nobody asked."""
    urgency = said["urgency"]
    known = items()
    asked = [{"code": code, "ask": known[code].question if code in known else code} for code in said["not_asked"]]
    return {
        "urgency": urgency,
        "stop": urgency in ("urgent", "emergency"),
        "headline": HEADLINES.get(urgency, urgency),
        "reasons": said["reasons"],
        "screen": SCREENS.get(said["screen"], said["screen"]),
        "not_asked": asked,
    }


def _row(said: Plain) -> dict[str, Any]:
    one_of = said.get("meaning") in ("one of these", "one or more")
    row = Row(said["kind"], tuple(said["names"]), said["side"], said["probability"], one_of)
    words = describe(row)
    return {"words": words[:1].upper() + words[1:], **_bar(said["probability"], said.get("interval"))}


def _rest(rows: Iterable[Plain]) -> dict[str, Any]:
    left = max(1.0 - sum(one["probability"] for one in rows), 0.0)
    return {"words": "Anything else", **_bar(left, None)}


def _bar(chance: float, interval: list[float] | None) -> dict[str, Any]:
    """A chance as a length of 100, with its interval where there is one."""
    told = {"percent": percent(chance), "length": round(100 * chance, 1), "interval": "", "low": 0.0, "span": 0.0}
    if interval:
        low, high = interval
        told |= {"interval": f"{percent(low)} to {percent(high)}", "low": round(100 * low, 1)}
        told["span"] = round(100 * (high - low), 1)
    return told


def _segment(said: Plain) -> dict[str, Any]:
    reasons = sorted(said["reasons"], key=lambda one: -abs(one["decibels"]))[:REASONS]
    return {
        "name": f"{said['segment']} {said['side']}",
        "words": f"deficient {percent(said['deficient'])}, {said['pattern']} pattern of irritation "
        f"({percent(said['irritated'])})",
        "speaks_for": [_reason(one) for one in reasons if one["decibels"] > 0],
        "speaks_against": [_reason(one) for one in reasons if one["decibels"] <= 0],
    }


def _reason(said: Plain) -> dict[str, str]:
    return {"finding": said["finding"], "weight": f"{said['decibels']:+.1f} dB".replace("-", "−")}


def _beliefs(whole: Plain) -> Iterable[dict[str, str]]:
    """The smaller beliefs, largest first: lesions, local causes, the whole person."""
    for kind, key, words in (("nerves", "nerve", ""), ("plexus", "lesion", ""), ("local", "cause", "local: ")):
        for one in whole[kind]:
            yield {"words": f"{words}{one[key]}, {one['side']}", "percent": percent(one["probability"])}
    for name, chance in whole["whole_person"].items():
        yield {"words": {"generalised": "generalised tenderness"}.get(name, name), "percent": percent(chance)}


def _next(said: Plain) -> dict[str, str]:
    side = f", {said['side']}" if said["side"] else ""
    if said["sign"] == "screening":
        known = items().get(said["at"])
        return {"task": f"Ask: {known.question if known else said['at']}", "takes": f"{said['seconds']:.0f} s"}
    task = f"{said['sign'][:1].upper()}{said['sign'][1:]}: {said['at']}{side}"
    return {"task": task, "takes": f"{said['seconds']:.0f} s"}
