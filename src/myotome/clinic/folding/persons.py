"""A person's state after an event."""

from __future__ import annotations

from typing import Any

from myotome.clinic.entries import persons as entries
from myotome.clinic.entries.entry import Entry
from myotome.clinic.states import Asked, Consent, PersonState, Relative
from myotome.records.event import Event


def fold(state: PersonState | None, event: Event, entry: Entry) -> PersonState | None:
    """The person after ``entry``; None where there is no person to change."""
    if isinstance(entry, entries.PersonErased):
        return PersonState(id=event.person, erased_at=event.received)
    if isinstance(entry, entries.PersonRegistered):
        return PersonState(id=event.person, registered_at=event.received, **_plain(entry))
    if state is None:
        return None
    return state.model_copy(update=_changes(state, event, entry))


def _changes(state: PersonState, event: Event, entry: Entry) -> dict[str, Any]:  # noqa: PLR0911  # a case a kind
    match entry:
        case entries.PersonCorrected():
            told = _plain(entry)
            told.pop("reason")
            named = {"text": ""} if entry.family or entry.given else {}
            return {**named, **told}
        case entries.PersonRelated():
            kept = [one for one in state.relatives if one.relative != entry.relative]
            return {"relatives": [*kept, Relative(**_plain(entry))]}
        case entries.PersonUnrelated():
            return {"relatives": [one for one in state.relatives if one.relative != entry.relative]}
        case entries.ConsentGiven():
            told = entry.model_dump(exclude={"on_behalf"})
            given = Consent(recorded_by=event.author, recorded_at=event.received, **told)
            return {"consents": [*state.consents, given]}
        case entries.ConsentWithdrawn():
            told = {"withdrawn_at": event.received, "withdrawn_reason": entry.reason}
            return {
                "consents": [c.model_copy(update=told) if c.consent == entry.consent else c for c in state.consents]
            }
        case entries.PersonParted():
            return {"merged_from": [one for one in state.merged_from if one != entry.other]}
        case entries.PersonMerged():
            return _merged(state, event, entry.into)
        case entries.PersonUnmerged():
            return _unmerged(state, event, entry.was)
        case entries.ErasureAsked():
            return {"erasure": Asked(by=event.author, at=event.received, reason=entry.reason, law=entry.law)}
        case entries.ErasureRefused():
            return {"erasure": None}
    return {}


def _merged(state: PersonState, event: Event, into: str) -> dict[str, Any]:
    if state.id == into:
        return {"merged_from": [*state.merged_from, event.person]}
    return {"merged_into": into}


def _unmerged(state: PersonState, event: Event, was: str) -> dict[str, Any]:
    if state.id == was:
        return {"merged_from": [one for one in state.merged_from if one != event.person]}
    return {"merged_into": ""}


def _plain(entry: Entry) -> dict[str, Any]:
    return entry.model_dump(exclude_none=True, exclude={"on_behalf"})
