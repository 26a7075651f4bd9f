"""The sessions of a demonstration person, charted at the bedside as a tablet charts them, one entry a tap."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from myotome.care.screening.asking import WHEN_CHANGED, how_asked
from myotome.care.screening.items import RED_FLAG, code_of, items
from myotome.clinic.actor import Actor
from myotome.clinic.clinic import Clinic
from myotome.clinic.drafts import Drafted
from myotome.clinic.practice import Made

LISTS = ("medicines", "conditions", "implants")
FIELDS = ("complaint", "build", "visit", "settings")
NOT_TOLD = ("date", "number")  # the visit knows them itself
AT_ONCE = 100
Told = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Session:
    """How one session went: pain before, function, needle responses (twitch and sensation) in turn, what stayed."""

    pain: int
    after: int
    function: float
    strength: str
    twitches: Sequence[int]
    sensations: Sequence[str]
    event: str = ""


COURSE = (
    Session(7, 6, 3.0, "4", (3, 2, 2, 1), ("familiar pain", "ache"), "bruise"),
    Session(5, 4, 5.0, "4+", (2, 2, 1, 1), ("familiar pain", "plain")),
    Session(4, 3, 6.0, "4+", (1, 1, 1, 0), ("ache", "plain")),
)


class Charting:
    """Charts one visit for somebody; every entry gets an id and the time at which it would have been made."""

    def __init__(self, clinic: Clinic, actor: Actor, visit: str, began: datetime.datetime) -> None:
        """``began``: when the first entry was made, with its offset."""
        self.clinic, self.actor, self.visit, self.at = clinic, actor, visit, began

    def chart(self, told: Sequence[Told]) -> list[str]:
        """Record entries in their order; returns their ids."""
        drafts = []
        for kind, body in told:
            self.at += datetime.timedelta(seconds=7)
            made = Made(self.clinic.practice.names(), self.at.isoformat(), self.actor.zone)
            drafts.append(Drafted(kind, self.visit, body, made, self.actor.staff))
        for first in range(0, len(drafts), AT_ONCE):
            self.clinic.drafts.record(self.actor, drafts[first : first + AT_ONCE])
        return [one.made.id for one in drafts]


def chart_session(charting: Charting, case: Mapping[str, Any], session: Session, before: str = "") -> None:
    """Chart a whole session of a case; ``before`` is the visit since which nothing changed."""
    charting.chart([*_asked(case, before), *_examined(case, session)])
    points = charting.clinic.bedside.whole(charting.actor, charting.visit, ())["plan"]["points"]
    charting.chart([("plan.taken", {"points": [{"point": one["point"], "side": one["side"]} for one in points]})])
    _needle(charting, points, session)
    charting.chart(_closed(case, session))


def _asked(case: Mapping[str, Any], before: str) -> Iterator[Told]:
    answers = {code: "no" for code, item in items().items() if item.kind == RED_FLAG}
    answers |= {code_of(name): answer for name, answer in (case.get("screening") or {}).items()}
    lists = {part: case[part] for part in LISTS if part in case}
    if before:
        fresh = {code for code in answers if code == "consent" or how_asked(code) != WHEN_CHANGED}
        carried = {code: answer for code, answer in answers.items() if code not in fresh}
        body = {"since": before, "answers": carried, "told": lists, "gesture": "nothing changed"}
        yield "screening.unchanged", body
        answers = {code: answer for code, answer in answers.items() if code in fresh}
    for item, answer in answers.items():
        yield "screening.answered", {"item": item, "answer": answer, "gesture": "tap"}
    for part, value in () if before else lists.items():
        yield "case.told", {"part": part, "value": value, "gesture": "typed"}
    for part in FIELDS:
        for field, value in (case.get(part) or {}).items():
            if field not in NOT_TOLD:
                yield "case.told", {"part": part, "field": field, "value": value, "gesture": "tap"}


def _examined(case: Mapping[str, Any], session: Session) -> Iterator[Told]:
    yield "score.recorded", {"score": "pain-now", "items": {"score": session.pain}, "gesture": "tap"}
    yield "score.recorded", {"score": "function", "items": {"reach a shelf": session.function}, "gesture": "typed"}
    for row in case.get("findings") or ():
        told = {name: row[name] for name in ("sign", "at", "side", "result", "grade") if name in row}
        if "grade" in told:
            told["grade"] = session.strength
        yield "finding.recorded", {**told, "gesture": "tap"}


def _needle(charting: Charting, points: Sequence[Mapping[str, Any]], session: Session) -> None:
    names = charting.clinic.practice.names
    sizes = [{size: one["needle"][size] for size in ("gauge_mm", "length_mm")} for one in points]
    into = [
        {"needle": names(), "point": one["point"], "side": one["side"], **size, "gesture": "tap"}
        for one, size in zip(points, sizes, strict=True)
    ]
    if not into:
        return
    insertions = charting.chart([("needle.in", body) for body in into])
    responses = [
        {
            "insertion": insertion,
            "twitch": session.twitches[place % len(session.twitches)],
            "sensation": session.sensations[place % len(session.sensations)],
            "gesture": "tap",
        }
        for place, insertion in enumerate(insertions)
    ]
    charting.chart([("needle.response", body) for body in responses])
    charting.at += datetime.timedelta(minutes=10)
    charting.chart([("needle.out", {"insertions": insertions, "gesture": "group"})])
    charting.chart([("sharps.counted", {"count": len(into), "gesture": "tap"})])
    if session.event:
        told = {"term": session.event, "severity": "mild", "onset": "during", "actions": ["pressure"]}
        place = {"point": points[-1]["point"], "side": points[-1]["side"], "gesture": "tap"}
        charting.chart([("adverse.recorded", {**told, **place})])


def _closed(case: Mapping[str, Any], session: Session) -> list[Told]:
    retested = [row for row in case.get("findings") or () if row.get("grade") is not None][:1]
    told: list[Told] = [
        ("finding.recorded", {"sign": row["sign"], "at": row["at"], "side": row["side"], "grade": session.strength,
                              "when": "after", "gesture": "tap"})
        for row in retested
    ]  # fmt: skip
    return [
        *told,
        ("score.recorded", {"score": "pain-now", "when": "after", "items": {"score": session.after}}),
        ("alongside.recorded", {"what": "heat"}),
        ("aftercare.given", {"advice": [], "how": "print"}),
        ("followup.planned", {"days": 7}),
    ]
