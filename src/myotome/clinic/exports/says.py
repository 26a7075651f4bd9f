"""What one entry of the bedside says, who made it and when, in the words of a printed note."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from myotome.care.session.noted import BESIDE, Noted
from myotome.clinic.exports.told import Told, day_of, words

NOT_RECORDED = "not recorded"
ABOUT = frozenset({*BESIDE, "insertion", "insertions", "needle", "needles", "after"})  # said elsewhere, or only ids
Body = Mapping[str, Any]


def place_of(body: Body) -> str:
    """A point or a structure with its side."""
    return ", ".join(part for part in (words(body.get("point") or body.get("at")), words(body.get("side"))) if part)


def found_in(body: Body) -> str:
    """What a finding says, without where."""
    grade = f"grade {words(body['grade'])}" if body.get("grade") is not None else ""
    strength = f"{words(body['intensity'])} of 10" if body.get("intensity") is not None else ""
    parts = (words(body.get("result")), grade, words(body.get("value")), strength, words(body.get("quality")))
    return ", ".join(part for part in parts if part)


def response_in(body: Body) -> str:
    """Twitch and sensation."""
    felt = {"plain": "nothing felt but the needle", "ache": "ache", "familiar pain": "familiar pain"}
    return f"twitch {words(body.get('twitch'))} of 3, {felt.get(str(body.get('sensation')), NOT_RECORDED)}"


def size_in(body: Body) -> str:
    """Diameter and length of the needles of a packet, in millimetres."""
    sizes = [words(body.get(name)) for name in ("diameter_mm", "length_mm")]
    return " × ".join(size or NOT_RECORDED for size in sizes) if any(sizes) else ""


def packet_in(body: Body) -> str:
    """From which packet needles come: maker, lot, size and until when they may be used."""
    size = size_in(body)
    until = body.get("expires")
    parts = (
        words(body.get("maker")) or f"maker {NOT_RECORDED}",
        f"lot {words(body['lot'])}" if body.get("lot") else f"lot {NOT_RECORDED}",
        size and f"{size} mm",
        f"use by {day_of(datetime.date.fromisoformat(until))}" if until else "",
    )
    return ", ".join(part for part in parts if part)


def _case_told(body: Body) -> str:
    name = " ".join(part for part in (words(body.get("part")), words(body.get("field")).replace("_", " ")) if part)
    return f"{name}: {words(body.get('value')) or 'nothing'}"


def _stay(body: Body) -> str:
    return f"to stay in {words(body['minutes'])} minutes" if body.get("minutes") else "timer called off"


SAID: Mapping[str, Callable[[Body], str]] = {
    "screening.answered": lambda b: f"{b.get('item')}: {b.get('answer')}",
    "case.told": _case_told,
    "finding.recorded": lambda b: f"{words(b.get('sign'))}, {place_of(b)}: {found_in(b)}",
    "plan.changed": lambda b: f"plan, {b.get('change')}: {place_of(b)}",
    "plan.ordered": lambda b: f"plan, order of positions: {words(b.get('positions'))}",
    "packet.opened": lambda b: f"needles from {packet_in(b)}",
    "needle.in": lambda b: f"needle in{' and out' if b.get('out') else ''}, {place_of(b)}",
    "needle.response": response_in,
    "needle.noted": lambda b: f"{words(b.get('what')).replace('_mm', ', mm')}: {words(b.get('value'))}",
    "needles.timed": lambda b: f"{_stay(b)}: {len(b.get('insertions', ()))}",
    "needle.out": lambda b: f"out: {len(b.get('insertions', ()))}",
    "needle.unused": lambda b: f"opened and not used: {words(b.get('count'))}",
    "needles.removed": lambda b: f"all removed at once: {len(b.get('insertions', ()))}",
    "sharps.counted": lambda b: f"in the sharps container: {words(b.get('count'))}",
    "incident.written": lambda b: f"incident: {words(b.get('text'))}",
    "needled.against": lambda b: f"needled although: {words(b.get('said'))} Reason: {words(b.get('reason'))}",
    "adverse.recorded": lambda b: f"{words(b.get('term'))}, {words(b.get('severity'))}",
    "remark.written": lambda b: words(b.get("text")),
    "entry.taken-back": lambda b: f"taken back {words(b.get('why'))}".rstrip(),
}


def says(entry: Noted, insertions: Mapping[str, Noted] | None = None) -> str:
    """An entry in a line; one about an insertion names its place."""
    made = SAID.get(entry.kind)
    left = {name: one for name, one in entry.body.items() if name not in ABOUT}
    said = made(entry.body) if made else f"{entry.kind.partition('.')[0]}: {words(left)}"
    about = (insertions or {}).get(entry.word("insertion"))
    return f"{place_of(about.body)}: {said}" if about else said


class Hours:
    """Times of a visit as they are printed: in the clinic's zone, with the day where it is another than the visit's."""

    def __init__(self, told: Told) -> None:
        """The day and the zone come from the visit and its clinic."""
        self.zone, self.day = ZoneInfo(told.house.clinic.zone), told.visit.day

    def of(self, entry: Noted) -> datetime.datetime | None:
        """When it happened; by a clock known to be wrong, put right. None where nobody can read it."""
        off = entry.body.get("clock_off")
        ahead = off if isinstance(off, int | float) and not entry.word("happened") else 0
        try:
            at = datetime.datetime.fromisoformat(entry.happened).astimezone(self.zone)
            return at - datetime.timedelta(seconds=ahead)
        except (ValueError, OverflowError):
            return None

    def said(self, at: datetime.datetime | None) -> str:
        """A time in words."""
        if at is None:
            return NOT_RECORDED
        return f"{at:%H:%M}" if at.date() == self.day else f"{day_of(at.date())}, {at:%H:%M}"


def by_whom(told: Told, entry: Noted) -> str:
    """Who made it, for whom, and on which device."""
    device = told.devices.get(entry.device, "")
    return told.house.charted(entry.by, entry.on_behalf) + (f" on {device}" if device else "")


def signed_by(told: Told, entry: Noted, hours: Hours) -> str:
    """Who and when."""
    return f"{by_whom(told, entry)}, {hours.said(hours.of(entry))}"


def counted(names: Iterable[str]) -> str:
    """How often each is named, the most frequent first."""
    found: dict[str, int] = {}
    for name in names:
        found[name] = found.get(name, 0) + 1
    return "; ".join(f"{name} {count}" for name, count in sorted(found.items(), key=lambda one: (-one[1], one[0])))
