"""A frozen plan in words: what stands before any needle, then the points in the order of the visit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from myotome.care.plan.plan import BLOCKED, NOTHING, READY, REFUSED

HEADLINES = {
    BLOCKED: "Do not needle",
    REFUSED: "Nothing is planned until these are asked",
    NOTHING: "No point is planned",
    READY: "Points to needle",
}
SIGNS = {"paraspinal": "▲", "symptomatic": "●", "homeostatic": "■"}
MOST_LEFT_OUT = 12
KEEP_CLEAR = re.compile(r"[.;] keep clear of: ", re.IGNORECASE)  # parts the depth of a needle from what lies near it

Plain = Mapping[str, Any]


def in_words(whole: Plain) -> dict[str, Any]:
    """What a page shows of a plan as it was frozen."""
    status, rules = whole["status"], whole["rules"]
    said = frozenset(rule["rule"] for rule in rules if rule["action"] in ("caution", "note"))
    reasons = whole["referral"]["reasons"]
    return {
        "status": status,
        "blocked": status == BLOCKED,
        "refused": status == REFUSED,
        "headline": HEADLINES.get(status, status),
        "blocking": [one for one in reasons if one["urgency"] in ("emergency", "urgent")],
        "warning": [one for one in reasons if one["urgency"] not in ("emergency", "urgent")],
        "blocking_rules": [one for one in rules if one["action"] == "block"],
        "rules": [one for one in rules if one["action"] != "block"],
        "questions": whole["questions"],
        "to_know": list(_to_know(whole)),
        "stations": _stations(whole["points"], said),
        "count": len(whole["points"]),
        "limits": _limits(whole),
        "left_out": _left_out(whole["left_out"]),
        "tender_count": whole["tender_count"],
    }


def _stations(points: list[Plain], said: frozenset[str]) -> list[dict[str, Any]]:
    together = groupby(points, key=lambda point: str(point["position"]))
    return [{"position": lies, "points": [_point(one, said) for one in there]} for lies, there in together]


def _point(point: Plain, once: frozenset[str]) -> dict[str, Any]:
    """One point; ``once`` are the rules that are told once for the whole person, above the points."""
    needle, clear = point["needle"], ", ".join(one["structure"] for one in point["at_risk"])
    how = ". ".join(part.rstrip(".") for part in (point["direction"], point["technique"]) if part)
    depth, *listed = KEEP_CLEAR.split(needle["words"], maxsplit=1)
    rules = [rule for rule in point["rules"] if rule["rule"] not in once]
    return {
        **point,
        "sign": SIGNS.get(point["kind"], "●"),
        "name": f"{point['point']}, {point['side'].upper()}",
        "size": _size(needle),
        "depth": f"{depth.rstrip('.')}.",
        "clear_of": listed[0] if listed else f"{clear or 'nothing named'}.",
        "how": f"{how}." if how else "",
        "cautions": [rule for rule in rules if rule["action"] != "note"],
        "notes": [rule for rule in rules if rule["action"] == "note"],
    }


def _size(needle: Plain) -> str:
    return "by judgement" if needle["length_mm"] is None else f"{needle['gauge_mm']:.2f} × {needle['length_mm']} mm"


def _limits(whole: Plain) -> str:
    limits, count = whole["limits"], len(whole["points"])
    return (
        f"{count} needle{'' if count == 1 else 's'} of at most {limits['needles']} ({limits['why']}); "
        f"about {whole['minutes']:.0f} of {limits['minutes']:.0f} minutes."
    )


def _to_know(whole: Plain) -> Any:
    person = whole["person"]
    yield from (
        f"Not recognised in {one['list']}: “{one['text']}”. Find out what it is." for one in person["unrecognised"]
    )
    yield from (f"“{one['text']}” was read as {one['read_as']}. Check the spelling." for one in person["read_as"])
    yield from (f"Cleared: {text}" for text in whole["clearances"]["lifted"])
    yield from (f"Not cleared: {text}" for text in whole["clearances"]["lapsed"])
    yield from (f"No point is offered for {one['muscle']}: {one['why']}" for one in whole["not_needled"])


def _left_out(left: list[Plain]) -> dict[str, Any]:
    """The points that were left out, those of one reason together."""
    found: dict[str, list[str]] = {}
    for one in left:
        found.setdefault(one["why"], []).append(f"{one['point']}, {one['side']}")
    rows = [{"names": "; ".join(names), "why": why} for why, names in found.items()]
    return {"rows": rows[:MOST_LEFT_OUT], "more": rows[MOST_LEFT_OUT:]}
