"""Which signed visits have a needle in that came to light after the signature: so that it is found again."""

from __future__ import annotations

from myotome.care.session.late_in import late_in
from myotome.care.session.noted import noted as read
from myotome.clinic.entries.bedside import EntryTakenBack
from myotome.clinic.entries.entry import Entry
from myotome.clinic.entries.needling import IncidentWritten, NeedleIn, NeedleOut, NeedlesRemoved
from myotome.clinic.entries.visits import VisitMoved, VisitSigned, VisitStruck
from myotome.clinic.folding.bedside import noted
from myotome.clinic.late_state import LateState
from myotome.records.event import Event

OF_NEEDLES = (NeedleIn, NeedleOut, NeedlesRemoved, IncidentWritten, EntryTakenBack)
KINDS = (*OF_NEEDLES, VisitSigned, VisitMoved, VisitStruck)


def fold(state: LateState | None, event: Event, entry: Entry) -> LateState | None:
    """The visit after ``entry``; None before it is signed, and where it was struck as entered in error."""
    if isinstance(entry, VisitSigned):
        return LateState(visit=event.visit, person=event.person)
    if state is None or isinstance(entry, VisitStruck):
        return None
    if isinstance(entry, VisitMoved):
        return state.model_copy(update={"person": entry.to})
    if isinstance(entry, OF_NEEDLES):
        entries = (*state.entries, noted(event, entry, late=True))
        left = late_in(map(read, entries))
        since = min((one.entry.received for one in left), default="")
        return state.model_copy(update={"entries": entries, "since": since})
    return state
