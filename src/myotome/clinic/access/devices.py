"""The tablets and desks of a clinic: enrolled by name, locked when one is lost, used again when it is found."""

from __future__ import annotations

from collections.abc import Sequence

from myotome.clinic.access.door import Door
from myotome.clinic.access.entered import entered
from myotome.clinic.access.sessions import Sessions
from myotome.clinic.actor import Actor
from myotome.clinic.entries.clinics import DeviceEnrolled, DeviceFound, DeviceLocked
from myotome.clinic.practice import Acting, Practice
from myotome.clinic.states import DeviceState
from myotome.errors import EntryError, MissingError

MANAGE = "manage devices"


class Devices:
    """The part of ``Accounts`` for devices."""

    practice: Practice
    door: Door

    def enrol(self, actor: Actor, name: str) -> str:
        """A new device; returns its id, which is kept on it in a cookie.

        Raises:
            AccessError: this person may not.
            EntryError: the name cannot be used, or is that of another device in use.
        """
        with self.practice.acting(actor, MANAGE) as desk:
            entry = entered(DeviceEnrolled, device=self.practice.names(), name=name)
            _own_name(desk, entry.name)
            desk.record(entry)
            return entry.device

    def lock(self, actor: Actor, device: str, reason: str) -> None:
        """A device is lost: its sessions end, and nobody signs in on it.

        Raises:
            AccessError: this person may not.
            EntryError: no reason, or it is locked already.
            MissingError: there is no such device.
        """
        with self.practice.acting(actor, MANAGE) as desk:
            if _known(desk, device).locked:
                raise EntryError("This device is locked already.")
            desk.record(entered(DeviceLocked, device=device, reason=reason))
            for staff in desk.staff():
                for _, session in Sessions(desk.writing).of(staff):
                    if session.device == device:
                        self.door.finish(desk.writing, session, "the device is locked", actor.staff, actor.device)

    def take_back(self, actor: Actor, device: str, reason: str) -> None:
        """A device that was locked is in the clinic's hands again: people sign in on it, and what waited there is sent.

        Raises:
            AccessError: this person may not.
            EntryError: no reason, it is not locked, or another device in use has its name.
            MissingError: there is no such device.
        """
        with self.practice.acting(actor, MANAGE) as desk:
            kept = _known(desk, device)
            if not kept.locked:
                raise EntryError("This device is not locked.")
            _own_name(desk, kept.name)
            desk.record(entered(DeviceFound, device=device, reason=reason))

    def devices(self, actor: Actor) -> Sequence[DeviceState]:
        """Every device, by name.

        Raises:
            AccessError: this person may not.
        """
        with self.practice.looking(actor, MANAGE) as shelf:
            return sorted(shelf.devices().values(), key=lambda one: (one.locked, one.name.casefold(), one.id))


def _known(desk: Acting, device: str) -> DeviceState:
    found = desk.devices().get(device)
    if found is None:
        raise MissingError("There is no such device in this clinic.")
    return found


def _own_name(desk: Acting, name: str) -> None:
    if any(one.name.casefold() == name.casefold() and not one.locked for one in desk.devices().values()):
        raise EntryError("Another device has this name. Give each a name of its own.")
