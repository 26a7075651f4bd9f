"""Which visits have needles, when they came in last, and whose they are: where somebody looks for check-ins to make."""

from __future__ import annotations

from myotome.clinic.entries.entry import Entry
from myotome.clinic.entries.needling import NeedleIn
from myotome.clinic.entries.visits import VisitMoved, VisitStruck
from myotome.clinic.states import CheckinState
from myotome.records.event import Event

# What changes it. Which points are near the lung is asked of the tables when it is read: tables change, events do not.
KINDS = (NeedleIn, VisitMoved, VisitStruck)


def fold(state: CheckinState | None, event: Event, entry: Entry) -> CheckinState | None:
    """The visit after ``entry``; None where it has no needle, or was struck as entered in error."""
    if isinstance(entry, VisitStruck):
        return None
    if isinstance(entry, NeedleIn):
        person = state.person if state else event.person
        return CheckinState(visit=event.visit, person=person, needled=event.received)
    if isinstance(entry, VisitMoved) and state is not None:
        return state.model_copy(update={"person": entry.to})
    return state
