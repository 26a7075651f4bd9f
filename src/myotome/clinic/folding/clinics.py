"""The states of the clinic, its staff, devices and reviews after an event."""

from __future__ import annotations

import datetime

from myotome.clinic.entries import clinics as entries
from myotome.clinic.entries.entry import Entry
from myotome.clinic.states import ClinicState, DeviceState, ReviewState, StaffState, State
from myotome.records.event import Event


def fold(state: State | None, event: Event, entry: Entry) -> State | None:
    """The state after ``entry``; None where there is none to change."""
    match entry:
        case entries.ClinicFounded():
            return ClinicState(name=entry.name, place=entry.place, zone=entry.zone, demonstration=entry.demonstration)
        case entries.StaffInvited() | entries.StaffJoined():
            return _joined(entry)
        case entries.DeviceEnrolled():
            return DeviceState(id=entry.device, name=entry.name)
        case entries.ReviewGiven():
            return ReviewState(
                by=event.author,
                day=datetime.datetime.fromisoformat(event.device_time).date(),
                **entry.model_dump(exclude={"on_behalf"}),
            )
    if state is None:
        return None
    return _changed(state, entry)


def _joined(entry: entries.StaffInvited | entries.StaffJoined) -> StaffState:
    return StaffState(
        id=entry.staff,
        name=entry.name,
        sign_in=entry.sign_in,
        roles=list(entry.roles),
        licence=entry.licence,
        joined=isinstance(entry, entries.StaffJoined),
    )


def _changed(state: State, entry: Entry) -> State:
    match entry:
        case entries.ClinicChanged():
            return state.model_copy(update=entry.model_dump(mode="json", exclude_none=True, exclude={"on_behalf"}))
        case entries.StaffChanged():
            told = entry.model_dump(mode="json", exclude_none=True, exclude={"on_behalf", "staff", "reason"})
            return state.model_copy(update=told)
        case entries.StaffLeft():
            return state.model_copy(update={"left": True})
        case entries.DeviceLocked():
            return state.model_copy(update={"locked": True})
        case entries.DeviceFound():
            return state.model_copy(update={"locked": False})
    return state
