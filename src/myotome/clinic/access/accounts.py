"""Who works here: the first owner, invitations, changes, leaving, forgotten passwords; and the devices."""

from __future__ import annotations

from collections.abc import Sequence

from myotome.clinic.access.access import DESK, Access
from myotome.clinic.actor import Actor, Proof
from myotome.clinic.entries.clinics import StaffChanged, StaffInvited
from myotome.clinic.practice import Practice
from myotome.clinic.states import DeviceState, StaffState


class Accounts:
    """What is done with accounts and devices."""

    def __init__(self, practice: Practice, access: Access) -> None:
        """``access`` begins and ends the sessions."""

    def is_founded(self) -> bool:
        """Whether the clinic has been founded."""

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

    def people(self, actor: Actor) -> Sequence[StaffState]:
        """Everybody who works or worked here, by name.

        Raises:
            AccessError: this person may not.
        """

    def invite(self, actor: Actor, name: str, sign_in: str, roles: Sequence[str], licence: str = "") -> tuple[str, str]:
        """Invite somebody; returns their staff id and the secret of the link (once, 72 hours).

        Raises:
            AccessError: this person may not.
            EntryError: the sign-in name is taken, or something given cannot be used.
        """

    def accept(self, secret: str, password: str, device: str = DESK, address: str = "", old: str = "") -> str:
        """Join (or come back after a reset) with the secret of an invitation; returns a session token.

        Raises:
            AccessError: the invitation does not hold (any more), or too many tries.
            EntryError: the password cannot be used; the invitation still can.
        """

    def change(self, actor: Actor, entry: StaffChanged) -> None:
        """Change somebody's name, roles or licence.

        Raises:
            AccessError: this person may not.
            EntryError: nothing would change, or the clinic would have no owner.
            MissingError: nobody works here by that id.
        """

    def leave(self, actor: Actor, staff: str, reason: str) -> None:
        """They work here no more: sessions, password, passkeys and invitations are gone at once.

        Raises:
            AccessError: this person may not.
            EntryError: it is the last owner.
            MissingError: nobody works here by that id.
        """

    def reset(self, actor: Actor, staff: str, proof: Proof) -> str:
        """Forgotten password or lost passkey, or an invitation that ran out: a new invitation's secret.

        Sessions, password and passkeys are gone at once.

        Raises:
            AccessError: this person may not, or the proof does not hold.
            EntryError: it is oneself.
            MissingError: nobody works here by that id.
        """

    def recover(self, sign_in: str) -> str:
        """For the command line on the clinic's own machine, beside the master key: a new invitation for an owner.

        Raises:
            MissingError: there is no owner by that sign-in name.
        """

    def enrol(self, actor: Actor, name: str) -> str:
        """A new device; returns its id, which is kept on it in a cookie.

        Raises:
            AccessError: this person may not.
            EntryError: the name cannot be used, or is that of another device in use.
        """

    def lock(self, actor: Actor, device: str, reason: str) -> None:
        """A device is lost: its sessions end, and nobody signs in on it.

        Raises:
            AccessError: this person may not.
            EntryError: no reason, or it is locked already.
            MissingError: there is no such device.
        """

    def devices(self, actor: Actor) -> Sequence[DeviceState]:
        """Every device, by name.

        Raises:
            AccessError: this person may not.
        """
