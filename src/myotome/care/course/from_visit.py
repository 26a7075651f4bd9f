"""A visit as a course tells it, from its examination and the small entries of its bedside."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from myotome.care.course.scores import scored, scores
from myotome.care.course.visited import Harm, Needled, Taken, Visited
from myotome.care.examination.case import Case, Complaint
from myotome.care.examination.case_file import painful_area
from myotome.care.points.tables import points
from myotome.care.session.alongside import NOTHING, alongside
from myotome.care.session.ledger import Insertion, ledger
from myotome.care.session.noted import Noted
from myotome.care.session.values import Value, Values, values

SCORE, ALONGSIDE, HARM = "score.recorded", "alongside.recorded", "adverse.recorded"
DIFFER = "It was entered differently on two devices: settle which is right."


@dataclass(frozen=True, slots=True)
class Kept:
    """What the record holds of a visit: its id and day, what was explained, why its examination cannot be read.

    ``finished``: its note is signed.
    """

    id: str
    day: datetime.date
    explained: str = ""
    unread: str = ""
    finished: bool = True


def visited(kept: Kept, case: Case | None, entries: Sequence[Noted]) -> Visited:
    """The visit. Without any entry it is an older one, and what was needled is not known."""
    found = Visited(kept.id, kept.day, explained=kept.explained, unread=kept.unread, finished=kept.finished)
    if case is not None:
        told = case.complaint
        found = replace(found, area=told.area or "", side=told.side or "", complaint=told.text, findings=case.findings)
    if not entries:
        return found
    known, needled = values(entries), ledger(entries).insertions
    return replace(
        found,
        scores=_scores(known, [one.entry for one in needled]),
        needles=tuple(_needled(one) for one in needled),
        alongside=_alongside(known),
        harms=_harms(known),
    )


def with_complaint_only(document: Mapping[str, Any]) -> Case:
    """A case that holds no more than the complaint, of a visit without an examination that can be read."""
    told = document.get("complaint")
    section = told if isinstance(told, Mapping) else {"text": told} if isinstance(told, str) else {}
    side, area = painful_area(section, [])
    text = section.get("text")
    return Case(complaint=Complaint(text if isinstance(text, str) else "", side, area))


def _scores(known: Values, needles: Sequence[Noted]) -> tuple[Taken, ...]:
    """The scores; what was asked before any needle counts as before, whatever the page had chosen."""
    first = min((moment for one in needles if (moment := _moment(one)) is not None), default=None)
    found: dict[tuple[str, str], Taken] = {}
    for value in known.all(SCORE).values():
        taken, asked = _taken(value), _moment(value.heads[0])
        early = not needles or (first is not None and asked is not None and asked < first)
        moved = replace(taken, when="before") if early else taken
        if taken is moved or (taken.score, "before") not in found:
            found[moved.score, moved.when] = moved
    return tuple(found.values())


def _moment(entry: Noted) -> datetime.datetime | None:
    """When it happened, by the clinic's clock; None where that cannot be told."""
    off = entry.body.get("clock_off")
    ahead = off if isinstance(off, int | float) and not isinstance(off, bool) and not entry.word("happened") else 0
    try:
        told = datetime.datetime.fromisoformat(entry.happened)
    except ValueError:
        return None
    return told - datetime.timedelta(seconds=ahead) if told.tzinfo else None


def _taken(value: Value) -> Taken:
    body, code = value.body, value.heads[0].word("score")
    when = value.heads[0].word("when") or "before"
    if value.conflict:
        return Taken(code, None, when=when, why=DIFFER)
    items = body.get("items")
    found = scored(code, items if isinstance(items, Mapping) else {})
    if found.total is None and not items and (total := _whole(code, body.get("total"))) is not None:
        return Taken(code, total, when=when)  # only the sum was written down, as on paper
    return Taken(code, found.total, found.parts, when, found.why)


def _whole(code: str, total: Any) -> float | None:
    """A total that was entered without its items, where it can be one."""
    score = scores().get(code)
    if score is None or not isinstance(total, int | float) or isinstance(total, bool):
        return None
    return float(total) if score.least <= total <= score.most else None


def _alongside(known: Values) -> tuple[str, ...] | None:
    """What else was done, in words; empty where it was said that nothing was."""
    codes = [str(key) for key in known.all(ALONGSIDE)]
    named = [alongside()[code].words if code in alongside() else code for code in codes if code != NOTHING]
    return tuple(sorted(named)) if codes else None


def _needled(one: Insertion) -> Needled:
    known = points().get(one.point)
    said = None if one.response is None or one.response.conflict else one.response.body
    twitch = said.get("twitch") if said else None
    return Needled(
        one.needle,
        one.point,
        one.side,
        known.kind if known is not None else "",
        twitch if isinstance(twitch, int) else None,
        said.get("sensation") == "familiar pain" if said else None,
    )


def _harms(known: Values) -> tuple[Harm, ...]:
    """Harms of the visit; those told later, after the signature, among them."""
    late = [entry for entry in known.late if entry.kind == HARM]
    replaced = {name for entry in late for name in entry.ids("replaces")}
    heads = [value.heads[0] for value in known.all(HARM).values() if value.heads[0].id not in replaced]
    found = [*heads, *(entry for entry in late if entry.id not in replaced)]
    return tuple(
        Harm(entry.word("term"), entry.word("severity"), entry.word("onset"), entry.word("outcome")) for entry in found
    )
