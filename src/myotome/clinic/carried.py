"""Answers of an earlier visit that may stand in this one: asked lately enough, and not of those asked each time."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from myotome.care.screening.asking import WHEN_CHANGED, days_carried, how_asked
from myotome.care.session.keys import ANSWERED, UNCHANGED
from myotome.care.session.noted import Noted
from myotome.care.session.values import values
from myotome.clinic.shelf import Shelf
from myotome.clinic.states import VisitState
from myotome.errors import MissingError

MOST_BACK = 60  # visits looked back through; more than anybody has in the days that an answer holds


def as_carried(shelf: Shelf, kept: VisitState, entries: Sequence[Noted]) -> list[Noted]:
    """The entries, with "nothing has changed" saying no more than it may: what it may not say was not asked."""
    return [_held_to(shelf, kept, one) if one.kind == UNCHANGED else one for one in entries]


def last_told(shelf: Shelf, kept: VisitState, last: VisitState, entries: Sequence[Noted]) -> dict[str, Any]:
    """The visit before as a page is told of it; ``carries``: the questions whose answers may be carried over."""
    told = {"visit": last.id, "day": last.day.isoformat(), "entries": [asdict(one) for one in entries]}
    return {**told, "carries": may_carry(shelf, kept, last.id)}


def _held_to(shelf: Shelf, kept: VisitState, entry: Noted) -> Noted:
    said = entry.body.get("answers")
    if not isinstance(said, Mapping) or not said:
        return entry
    may = may_carry(shelf, kept, entry.word("since"))
    return replace(entry, body={**entry.body, "answers": {code: said[code] for code in may if code in said}})


def may_carry(shelf: Shelf, kept: VisitState, since: str) -> list[str]:
    """The questions whose answers of another visit may still stand in this one."""
    return sorted(code for code in _asked_lately(shelf, kept, since) if how_asked(code) == WHEN_CHANGED)


def _asked_lately(shelf: Shelf, kept: VisitState, since: str) -> set[str]:
    """What was really asked, in that visit or in those that it carried over from, and not too long ago."""
    people, found, seen = set(shelf.together(shelf.person(kept.person))), set[str](), {kept.id}
    oldest = kept.day - datetime.timedelta(days=days_carried())
    while since not in seen and len(seen) < MOST_BACK:
        seen.add(since)
        try:
            visit = shelf.visit(since)
        except MissingError:
            break
        if visit.person not in people or visit.struck or not oldest <= visit.day <= kept.day:
            break
        known = values(one for one in shelf.bedside(since) if not one.late)
        found |= {
            str(code) for code, one in known.all(ANSWERED).items() if one.heads[0].word("answer") in ("yes", "no")
        }
        carried = known.one(UNCHANGED)
        since = carried.heads[0].word("since") if carried else since
    return found
