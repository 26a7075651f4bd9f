"""Which states an event changes, and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from myotome.clinic.entries import bedside as bedside_entries
from myotome.clinic.entries import clinics as clinic_entries
from myotome.clinic.entries import persons as person_entries
from myotome.clinic.entries import visits as visit_entries
from myotome.clinic.entries.entry import Entry
from myotome.clinic.entries.kinds import read
from myotome.clinic.folding import bedside, checkins, clinics, late, persons, visits
from myotome.clinic.late_state import LateState
from myotome.clinic.states import (
    BedsideState,
    CheckinState,
    ClinicState,
    DeviceState,
    PersonState,
    ReviewState,
    StaffState,
    State,
    VisitState,
    WaitingState,
)
from myotome.records.event import CLINIC, Event
from myotome.records.projection import Folded, Place

# What is only kept as an event: the audit trail.
TRAIL = (
    person_entries.PersonOpened, person_entries.RecordRead, person_entries.RecordExported,
    clinic_entries.CredentialChanged, clinic_entries.SessionBegan, clinic_entries.SessionEnded,
    clinic_entries.SessionRefused, clinic_entries.AccessRefused, clinic_entries.BackupMade,
    clinic_entries.ClinicRestored, clinic_entries.KeysRotated, clinic_entries.KeysPrinted,
)  # fmt: skip
CLASSES: dict[str, type[State]] = {
    "clinic": ClinicState,
    "staff": StaffState,
    "device": DeviceState,
    "review": ReviewState,
    "person": PersonState,
    "visit": VisitState,
    "waiting": WaitingState,
    "bedside": BedsideState,
    "checkin": CheckinState,
    "late": LateState,
}
# What changes whether a note waits for a co-signature.
WAITING = (
    visit_entries.VisitSigned, visit_entries.VisitCosigned, visit_entries.VisitStruck, visit_entries.VisitMoved,
)  # fmt: skip


class ClinicProjector:
    """The states of a clinic: clinic, staff, device, review, person, visit, explanation, plan, waiting,
    bedside, checkin, late."""

    edition = "6"  # raise it with every change that lets states come out differently

    def __init__(self) -> None:
        """It remembers the event it read last: each is asked for once a place."""
        self._last: tuple[Event, Entry] | None = None

    def places(self, event: Event) -> Iterable[Place]:
        """Where an event is seen. One whose key was destroyed is seen nowhere."""
        if event.body is None:
            return ()
        entry = self._entry(event)
        if isinstance(entry, TRAIL):
            return ()
        if event.visit:
            asked = (Place("checkin", event.visit),) if isinstance(entry, checkins.KINDS) else ()
            found = (Place("late", event.visit),) if isinstance(entry, late.KINDS) else ()
            return (*_of_visit(event, entry), *asked, *found)
        if event.person:
            return _of_person(event, entry)
        return (_of_clinic(entry),)

    def fold(self, place: Place, state: Mapping[str, Any] | None, event: Event) -> Folded | None:
        """The state at a place after an event."""
        entry = self._entry(event)
        if place.kind in ("explanation", "plan"):
            return _whole(place, event, entry)
        kept = None if state is None else CLASSES[place.kind].model_validate(state)
        after: State | None
        if place.kind == "person":
            after = persons.fold(kept, event, entry)  # type: ignore[arg-type]  # the class is of its kind
        elif place.kind == "visit":
            after = visits.fold(kept, event, entry)  # type: ignore[arg-type]
        elif place.kind == "bedside":
            after = bedside.fold(kept, event, entry)  # type: ignore[arg-type]
        elif place.kind == "checkin":
            after = checkins.fold(kept, event, entry)  # type: ignore[arg-type]
        elif place.kind == "late":
            after = late.fold(kept, event, entry)  # type: ignore[arg-type]
        elif place.kind == "waiting":
            after = visits.waiting(kept, event, entry)  # type: ignore[arg-type]
        else:
            after = clinics.fold(kept, event, entry)
        return None if after is None else _folded(place, after)

    def _entry(self, event: Event) -> Entry:
        last = self._last  # once, for another thread may be here
        if last is None or last[0] is not event:
            last = self._last = event, read(event.kind, event.version, event.body or {})
        return last[1]


def _of_visit(event: Event, entry: Entry) -> tuple[Place, ...]:
    visit = Place("visit", event.visit)
    if isinstance(entry, bedside_entries.BedsideEntry):
        return (visit, Place("bedside", event.visit))
    if isinstance(entry, visit_entries.VisitSigned):
        return (visit, Place("waiting", event.visit), Place("bedside", event.visit))
    if isinstance(entry, visit_entries.ExplanationFrozen):
        return (visit, Place("explanation", event.visit))
    if isinstance(entry, visit_entries.PlanFrozen):
        return (visit, Place("plan", event.visit))
    if isinstance(entry, visit_entries.ExaminationRecorded):
        return (visit, Place("explanation", event.visit), Place("plan", event.visit))
    return (visit, Place("waiting", event.visit)) if isinstance(entry, WAITING) else (visit,)


def _of_person(event: Event, entry: Entry) -> tuple[Place, ...]:
    person = Place("person", event.person)
    if isinstance(entry, person_entries.PersonMerged):
        return (person, Place("person", entry.into))
    if isinstance(entry, person_entries.PersonUnmerged):
        return (person, Place("person", entry.was))
    return (person,)


def _of_clinic(entry: Entry) -> Place:
    match entry:
        case (
            clinic_entries.StaffInvited()
            | clinic_entries.StaffJoined()
            | clinic_entries.StaffChanged()
            | clinic_entries.StaffLeft()
        ):
            return Place("staff", entry.staff)
        case clinic_entries.DeviceEnrolled() | clinic_entries.DeviceLocked() | clinic_entries.DeviceFound():
            return Place("device", entry.device)
        case clinic_entries.ReviewGiven():
            return Place("review", f"{entry.table}/{entry.row}")
    return Place("clinic", CLINIC)


def _whole(place: Place, event: Event, entry: Entry) -> Folded | None:
    kept = visits.whole(event, entry)
    return None if kept is None else Folded(kept.model_dump(mode="json"), "", event.received, place.id)


def _folded(place: Place, state: State) -> Folded:
    plain = state.model_dump(mode="json", exclude_defaults=True)
    if isinstance(state, PersonState):
        return Folded(plain, place.id, "", CLINIC if state.erased_at else place.id)
    if isinstance(state, VisitState):
        return Folded(plain, state.person, f"{state.day.isoformat()} {state.opened_at}", place.id)
    if isinstance(state, WaitingState):
        return Folded(plain, state.person, state.since, place.id)
    if isinstance(state, BedsideState):
        return Folded(plain, "", "", place.id)
    if isinstance(state, CheckinState | LateState):
        since = state.needled if isinstance(state, CheckinState) else state.since
        return Folded(plain, state.person, since, place.id)
    return Folded(plain, "", place.id)
