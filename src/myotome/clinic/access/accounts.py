"""Who works here: the first owner, invitations, changes, leaving, forgotten passwords; and the devices."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from myotome.clinic.access import invitations, limits
from myotome.clinic.access.access import DESK, Access
from myotome.clinic.access.choosing import chosen
from myotome.clinic.access.devices import Devices
from myotome.clinic.access.door import folded
from myotome.clinic.access.entered import entered
from myotome.clinic.access.passkeys import DRAWER as PASSKEYS
from myotome.clinic.access.passkeys import HANDLES
from myotome.clinic.access.passwords import DRAWER as PASSWORDS
from myotome.clinic.access.passwords import keep
from myotome.clinic.actor import Actor, Proof
from myotome.clinic.entries.clinics import ClinicFounded, StaffChanged, StaffInvited, StaffJoined, StaffLeft
from myotome.clinic.practice import Acting, Practice
from myotome.clinic.retention.periods import CODE
from myotome.clinic.states import StaffState
from myotome.errors import AccessError, EntryError, MissingError
from myotome.records.event import CLINIC
from myotome.records.writing import Writing

MANAGE = "manage staff"
OWNER = "owner"
MACHINE = "server"  # the author of what is done at the machine itself, beside the master key
NO_OWNER = "The clinic would have no owner. Make somebody else an owner first."
NOT_HELD = "This invitation does not hold: it was used, ran out after 72 hours, or was mistyped. Ask for a new one."


class Accounts(Devices):
    """What is done with accounts and devices."""

    def __init__(self, practice: Practice, access: Access) -> None:
        """``access`` begins and ends the sessions."""
        self.practice, self.access, self.door = practice, access, access.door

    def is_founded(self) -> bool:
        """Whether the clinic has been founded."""
        with self.practice.within() as shelf:
            return shelf.reading.state("clinic", CLINIC) is not None

    def found(
        self,
        clinic: str,
        place: str,
        zone: str,
        name: str,
        sign_in: str,
        password: str,
        *,
        demonstration: bool = False,
        device: str = DESK,
    ) -> str:
        """Begin the clinic and make its owner, all or nothing; returns the owner's session token.

        Raises:
            AccessError: it began already.
            EntryError: the place, zone, a name or the password cannot be used.
        """
        _somewhere(place, zone)
        staff = self.practice.names()
        begun = entered(ClinicFounded, name=clinic, place=place, zone=zone, demonstration=demonstration)
        joined = entered(StaffJoined, staff=staff, name=name, sign_in=sign_in, roles=(OWNER,))
        hashed = self.door.passwords.hashed(chosen(password, (joined.name, joined.sign_in), begun.name))
        with self.practice.changing() as record:
            if record.state("clinic", CLINIC) is not None:
                raise AccessError("This clinic was founded already. Sign in.")
            record.append(self.practice.draft(Actor(staff, name, frozenset(), DESK, zone), begun))
            self.door.note(record, staff, DESK, joined)
            return self._password(record, staff, hashed, DESK, "password", "")

    def people(self, actor: Actor) -> Sequence[StaffState]:
        """Everybody who works or worked here, by name.

        Raises:
            AccessError: this person may not.
        """
        with self.practice.looking(actor, "see staff") as shelf:
            return sorted(shelf.staff().values(), key=lambda one: (one.left, one.name.casefold(), one.id))

    def invite(self, actor: Actor, name: str, sign_in: str, roles: Sequence[str], licence: str = "") -> tuple[str, str]:
        """Invite somebody; returns their staff id and the secret of the link (once, 72 hours).

        Raises:
            AccessError: this person may not.
            EntryError: the sign-in name is taken, or something given cannot be used.
        """
        told = {"name": name, "sign_in": sign_in, "roles": tuple(dict.fromkeys(roles)), "licence": licence}
        with self.practice.acting(actor, MANAGE) as desk:
            staff = self.practice.names()
            entry = entered(StaffInvited, staff=staff, **told)
            if any(folded(one.sign_in) == folded(entry.sign_in) for one in desk.staff().values()):
                raise EntryError(
                    "Somebody has this sign-in name already, perhaps somebody who left. Choose another one."
                )
            desk.record(entry)
            return staff, invitations.invite(desk.writing, staff, self.practice.clock())

    def accept(self, secret: str, password: str, device: str = DESK, address: str = "", old: str = "") -> str:
        """Join (or come back after a reset) with the secret of an invitation; returns a session token.

        Raises:
            AccessError: the invitation does not hold (any more), or too many tries.
            EntryError: the password cannot be used; the invitation still can.
        """
        device, key = self.door.device(device), limits.key_of(limits.network_of(address))
        tries = [(limits.ADDRESS, key)]
        self.door.admit(tries, "", device)
        with self.practice.changing() as record:
            staff = invitations.invited(record, secret, self.practice.clock())
            kept = StaffState.model_validate(record.state("staff", staff)) if staff else None
            if kept is not None and not kept.left:
                clinic = str((record.state("clinic", CLINIC) or {}).get("name", ""))
                hashed = self.door.passwords.hashed(chosen(password, (kept.name, kept.sign_in), clinic))
                if not kept.joined:
                    told = kept.model_dump(include={"name", "sign_in", "roles", "licence"})
                    self.door.note(record, staff, device, entered(StaffJoined, staff=staff, **told))
                self.door.forgive(record, tries)
                return self._password(record, staff, hashed, device, "invitation", old)
            self.door.refuse(record, "", device, "invitation not accepted", key)
        raise AccessError(NOT_HELD)

    def change(self, actor: Actor, entry: StaffChanged) -> None:
        """Change somebody's name, roles or licence.

        Raises:
            AccessError: this person may not.
            EntryError: nothing would change, or the clinic would have no owner.
            MissingError: nobody works here by that id.
        """
        with self.practice.acting(actor, MANAGE) as desk:
            before = _working(desk, entry.staff)
            told = entry.model_dump(mode="json", exclude_none=True, include={"name", "roles", "licence"})
            if all(getattr(before, name) == value for name, value in told.items()):
                raise EntryError("Nothing is different from what is recorded. Change a field, or leave it.")
            if OWNER not in told.get("roles", before.roles):
                _another_owner(desk, before)
            desk.record(entry)

    def leave(self, actor: Actor, staff: str, reason: str) -> None:
        """They work here no more: sessions, password, passkeys and invitations are gone at once.

        Raises:
            AccessError: this person may not.
            EntryError: it is the last owner.
            MissingError: nobody works here by that id.
        """
        with self.practice.acting(actor, MANAGE) as desk:
            _another_owner(desk, _working(desk, staff))
            entry = entered(StaffLeft, staff=staff, reason=reason)
            self._bare(desk.writing, staff, "works here no more", actor.staff, actor.device)
            desk.record(entry)

    def reset(self, actor: Actor, staff: str, proof: Proof) -> str:
        """Forgotten password or lost passkey, or an invitation that ran out: a new invitation's secret.

        Sessions, password and passkeys are gone at once.

        Raises:
            AccessError: this person may not, or the proof does not hold.
            EntryError: it is oneself.
            MissingError: nobody works here by that id.
        """
        self.access.hold(actor, proof)
        with self.practice.acting(actor, MANAGE) as desk:
            if staff == actor.staff:
                raise EntryError("Change your own password on your account page.")
            _working(desk, staff)
            self._bare(desk.writing, staff, "sign-in was reset", actor.staff, actor.device)
            return invitations.invite(desk.writing, staff, self.practice.clock())

    def recover(self, sign_in: str) -> str:
        """For the command line on the clinic's own machine, beside the master key: a new invitation for an owner.

        Raises:
            MissingError: there is no owner by that sign-in name.
        """
        owner = self.door.named(sign_in)
        if owner is None or OWNER not in owner.roles:
            raise MissingError("No owner of this clinic signs in by that name. Give an owner's sign-in name.")
        with self.practice.changing() as record:
            self._bare(record, owner.id, "sign-in was reset", MACHINE, DESK)
            return invitations.invite(record, owner.id, self.practice.clock())

    def _password(self, record: Writing, staff: str, hashed: str, device: str, method: str, old: str) -> str:
        keep(record, staff, hashed)
        self.door.note_credential(record, staff, device, staff, "password set")
        self.door.finish_all(record, staff, "password changed", staff, device)
        return self.door.begin(record, staff, device, method, old)

    def _bare(self, record: Writing, staff: str, why: str, by: str, device: str) -> None:
        """Take away all by which somebody gets in."""
        for drawer in (PASSWORDS, PASSKEYS, HANDLES, invitations.DRAWER):
            record.drawer(drawer).drop_all(staff)
        self.door.note_credential(record, by, device, staff, "all removed")
        self.door.finish_all(record, staff, why, by, device)


def _working(desk: Acting, staff: str) -> StaffState:
    found = desk.staff().get(staff)
    if found is None or found.left:
        raise MissingError("Nobody works here by that number.")
    return found


def _another_owner(desk: Acting, but: StaffState) -> None:
    """See that an owner stays."""
    staying = (one for one in desk.staff().values() if one.joined and not one.left and OWNER in one.roles)
    if OWNER in but.roles and but.joined and all(one.id == but.id for one in staying):
        raise EntryError(NO_OWNER)


def _somewhere(place: str, zone: str) -> None:
    if not CODE.fullmatch(place):
        raise EntryError(f"'{place[:40]}' is no place. Give country, or country and region, such as DE or CA-BC.")
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # unknown, or a path
        raise EntryError(f"'{zone[:40]}' is no time zone. Give one such as America/Vancouver.") from None
