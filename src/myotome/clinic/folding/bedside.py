"""The small entries of a visit, gathered; what they mean together is folded where it is needed (care/session)."""

from __future__ import annotations

from typing import Any

from myotome.clinic.entries.bedside import BedsideEntry
from myotome.clinic.entries.entry import Entry
from myotome.clinic.entries.visits import VisitSigned
from myotome.clinic.states import BedsideState
from myotome.records.event import Event


def fold(state: BedsideState | None, event: Event, entry: Entry) -> BedsideState | None:
    """The entries after ``entry``; what comes after the signature is marked as late."""
    kept = state or BedsideState()
    if isinstance(entry, VisitSigned):
        return kept.model_copy(update={"signed": event.position})
    if not isinstance(entry, BedsideEntry):
        return state
    return kept.model_copy(update={"entries": [*kept.entries, noted(event, entry, late=bool(kept.signed))]})


def noted(event: Event, entry: BedsideEntry, *, late: bool) -> dict[str, Any]:
    """An entry as ``care.session.noted`` reads it."""
    body = entry.body()
    behalf = body.pop("on_behalf", "")
    return {
        "id": event.id,
        "kind": event.kind,
        "body": body,
        "by": event.author,
        "on_behalf": behalf,
        "device": event.device,
        "made": event.device_time,
        "zone": event.zone,
        "received": event.received,
        "position": event.position,
        "late": late,
    }
