"""A visit's state after an event."""

from __future__ import annotations

from typing import Any

from myotome.clinic.entries import visits as entries
from myotome.clinic.entries.bedside import BedsideEntry
from myotome.clinic.entries.entry import Entry
from myotome.clinic.states import Move, Note, Said, Signature, VisitState, WaitingState, WholeState
from myotome.records.event import Event


def fold(state: VisitState | None, event: Event, entry: Entry) -> VisitState | None:
    """The visit after ``entry``; None where there is no visit to change."""
    if isinstance(entry, entries.VisitOpened):
        return VisitState(
            id=event.visit,
            person=event.person,
            day=entry.day,
            opened_by=event.author,
            opened_at=event.received,
            on_behalf=entry.on_behalf,
            reason=entry.reason,
            last_entry=event.received,
        )
    if state is None:
        return None
    return state.model_copy(update={"last_entry": event.received, **_changes(state, event, entry)})


def whole(event: Event, entry: Entry) -> WholeState | None:
    """The explanation or plan that an event froze."""
    if isinstance(entry, entries.ExplanationFrozen):
        return WholeState(said=_said(event, entry, entry.urgency), whole=entry.explanation)
    if isinstance(entry, entries.PlanFrozen):
        return WholeState(said=_said(event, entry), whole=entry.plan)
    return None


def waiting(state: WaitingState | None, event: Event, entry: Entry) -> WaitingState | None:
    """The note as it waits for a co-signature; None where it waits for none."""
    if isinstance(entry, entries.VisitSigned) and entry.needs_cosignature:
        return WaitingState(visit=event.visit, person=event.person, by=event.author, since=event.received)
    if isinstance(entry, entries.VisitMoved) and state is not None:
        return state.model_copy(update={"person": entry.to})
    return None


def _changes(state: VisitState, event: Event, entry: Entry) -> dict[str, Any]:  # noqa: PLR0911  # a case a kind
    match entry:
        case entries.ExaminationRecorded():
            # What was said of another examination no longer stands beside this one.
            examined = _note(event, "", on_behalf=entry.on_behalf)
            told = {"case": entry.case, "assembled": bool(entry.assembled), "examined": examined}
            if not entry.assembled:
                told["handed_in"] = None
            elif not state.assembled:
                told["handed_in"] = state.case
            return {**told, "explanation": None, "plan": None}
        case entries.ExplanationFrozen():
            return {"explanation": _said(event, entry, entry.urgency)}
        case entries.PlanFrozen():
            return {"plan": _said(event, entry)}
        case entries.VisitSigned():
            return {"signature": _signature(event, entry, entry.needs_cosignature)}
        case entries.VisitCosigned():
            return {"cosignature": _signature(event, entry)}
        case entries.VisitAmended():
            note = _note(event, entry.text, entry.reason, entry.amendment, entry.on_behalf)
            return {"amendments": [*state.amendments, note]}
        case entries.VisitMoved():
            moved = Move(by=event.author, at=event.received, came_from=state.person, to=entry.to, reason=entry.reason)
            return {"person": entry.to, "moves": [*state.moves, moved]}
        case BedsideEntry():
            return _charted(state, event, entry)
        case entries.VisitStruck():
            return {"struck": _note(event, "", entry.reason)}
    return {}


def _charted(state: VisitState, event: Event, entry: BedsideEntry) -> dict[str, Any]:
    """A small entry more; a hypothesis that came before the explanation stands in the visit itself."""
    counted = {"charted": state.charted + 1, "late": state.late + (state.signature is not None)}
    if not isinstance(entry, entries.HypothesisRecorded) or state.explanation or state.signature:
        return counted
    return {**counted, "hypothesis": _note(event, entry.text, on_behalf=entry.on_behalf)}


def _note(event: Event, text: str, reason: str = "", name: str = "", on_behalf: str = "") -> Note:
    return Note(by=event.author, at=event.received, text=text, reason=reason, id=name, on_behalf=on_behalf)


def _said(event: Event, entry: entries.ExplanationFrozen | entries.PlanFrozen, urgency: str = "") -> Said:
    told = {"engine": entry.engine, "edition": entry.edition, "profile": entry.profile, "says": entry.says}
    return Said(at=event.received, urgency=urgency, **told)


def _signature(event: Event, entry: entries.VisitSigned | entries.VisitCosigned, needs: bool = False) -> Signature:
    return Signature(
        by=event.author,
        at=event.received,
        digest=entry.digest,
        method=entry.method,
        position=event.position,
        hash=event.hash,
        needs_cosignature=needs,
    )
