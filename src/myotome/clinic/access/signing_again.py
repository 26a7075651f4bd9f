"""Showing again who one is, and what is done with one's own password, passkeys and sessions."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from pydantic import TypeAdapter, ValidationError

from myotome.clinic.access import limits
from myotome.clinic.access.choosing import chosen
from myotome.clinic.access.door import Door, Tries
from myotome.clinic.access.passkeys import Asked, Passkeys
from myotome.clinic.access.passwords import DRAWER as PASSWORDS
from myotome.clinic.access.passwords import keep
from myotome.clinic.access.sessions import Session, Sessions, here
from myotome.clinic.access.signing_in import SigningIn
from myotome.clinic.actor import Actor, Proof
from myotome.clinic.entries.entry import Line
from myotome.clinic.on_behalf import remember
from myotome.clinic.permissions import CHARTS_FOR_ANOTHER, allowed
from myotome.errors import AccessError, EntryError, MissingError
from myotome.records.writing import Writing

WRONG_AGAIN = "The password is wrong. Type the one that you sign in with."
STALE = "Show again who you are, then do it within two minutes."


class SigningAgain(SigningIn):
    """The part of ``Access`` for who is signed in."""

    door: Door

    def prove(self, actor: Actor, password: str, address: str) -> Proof:
        """Show again by password who one is; ``proof.token`` takes the place of the session's token.

        Raises:
            AccessError: the password is wrong, or too many tries.
        """
        tries = self._checked(actor, password, address)
        return self._proved(actor, "password", tries)

    def prove_with_passkey(self, actor: Actor, response: str, origin: str, rp_id: str, address: str) -> Proof:
        """The same by the answer to a ``prove`` challenge.

        Raises:
            AccessError: it does not hold, or too many tries.
        """
        door, tries = self.door, _again(actor, address)
        door.admit(tries, actor.staff, actor.device, actor.staff)
        asked = Asked("prove", origin, rp_id, actor.staff, actor.session)
        with door.practice.changing() as record:
            found = Passkeys(record, door.practice.clock()).answered(response, asked)
            if found is None:
                door.refuse(record, actor.staff, actor.device, "passkey not accepted", actor.staff, actor.staff)
        if found is None:
            raise AccessError("This passkey was not accepted. Try again, or use your password.")
        return self._proved(actor, "passkey", tries)

    def charts_for(self, token: str, staff: str) -> None:
        """Choose for whom an assistant charts in this session; '' for nobody.

        Raises:
            AccessError: not signed in, no assistant, or somebody chosen who does not treat here.
        """
        actor, _ = self._in(token)
        if CHARTS_FOR_ANOTHER not in actor.roles:
            raise AccessError("Only an assistant charts for somebody else. You chart in your own name.")
        with self.door.practice.changing() as record:
            chosen_one = self.door.member(record, staff) if staff else None
            if staff and (chosen_one is None or not allowed(frozenset(chosen_one.roles), "sign")):
                raise AccessError("Choose somebody who treats in this clinic.")
            item, session = here(record, actor.staff, actor.session, self.door.practice.clock())
            Sessions(record).update(item, dataclasses.replace(session, on_behalf=staff))
            if staff:
                remember(record, actor.staff, staff)

    def change_password(self, actor: Actor, old: str, new: str, address: str) -> str:
        """Set a new password by the old one; all other sessions of this person end. Returns this session's new token.

        Raises:
            AccessError: the old one is wrong, or too many tries.
            EntryError: the new one cannot be used, with why.
        """
        door, tries = self.door, self._checked(actor, old, address)
        with door.practice.within() as shelf:
            name, clinic = shelf.staff()[actor.staff].sign_in, shelf.clinic().name
        if old == new:
            raise EntryError("The new password is the old one. Choose another.")
        hashed = door.passwords.hashed(chosen(new, (actor.name, name), clinic))
        with door.practice.changing() as record:
            item, session = self._here(record, actor)
            door.forgive(record, tries)
            keep(record, actor.staff, hashed)
            door.note_credential(record, actor.staff, actor.device, actor.staff, "password set")
            door.finish_all(record, actor.staff, "password changed", actor.staff, actor.device, actor.session)
            return door.renewed(record, item, session)

    def passkeys(self, actor: Actor) -> Sequence[tuple[str, str, str]]:
        """One's own passkeys: id, label, day it was added."""
        with self.door.practice.within() as shelf:
            kept = Passkeys(shelf.reading, self.door.practice.clock()).of(actor.staff)
        return [(one.id, one.label, one.added[:10]) for one in kept]

    def add_passkey(self, actor: Actor, response: str, origin: str, rp_id: str, label: str) -> str:
        """Add the passkey that answers an ``add`` challenge of this session; returns this session's new token.

        Raises:
            AccessError: it does not hold.
            EntryError: the label is empty or too long.
        """
        door, asked = self.door, Asked("add", origin, rp_id, actor.staff, actor.session)
        label = line(label, "label of the passkey")
        with door.practice.changing() as record:
            item, session = self._here(record, actor)
            if Passkeys(record, door.practice.clock()).added(response, asked, label):
                door.note_credential(record, actor.staff, actor.device, actor.staff, "passkey added", label)
                return door.renewed(record, item, session)
        raise AccessError("This passkey was not accepted, or is known here already. Begin again on your account page.")

    def remove_passkey(self, actor: Actor, passkey: str, proof: Proof) -> None:
        """Take a passkey away.

        Raises:
            AccessError: the proof does not hold.
            MissingError: this person has none by that id.
        """
        self.hold(actor, proof)
        door = self.door
        with door.practice.changing() as record:
            self._here(record, actor)
            passkeys = Passkeys(record, door.practice.clock())
            found = next((one for one in passkeys.of(actor.staff) if one.id == passkey), None)
            if found is None:
                raise MissingError("You have no such passkey.")
            passkeys.drop(found)
            door.note_credential(record, actor.staff, actor.device, actor.staff, "passkey removed", found.label)

    def hold(self, actor: Actor, proof: Proof) -> None:
        """See that somebody has just shown who they are.

        Raises:
            AccessError: they have not.
        """
        if not proof.holds(actor, self.door.practice.clock()):
            raise AccessError(STALE)

    def _checked(self, actor: Actor, password: str, address: str) -> Tries:
        """See that it is this person's password; returns the tries that this used up."""
        door, tries = self.door, _again(actor, address)
        door.admit(tries, actor.staff, actor.device, actor.staff)
        with door.practice.within() as shelf:
            kept = shelf.reading.drawer(PASSWORDS).get(actor.staff)
        if door.passwords.fits(kept["hash"] if kept else None, password):
            return tries
        with door.practice.changing() as record:
            door.refuse(
                record, actor.staff, actor.device, "wrong password on signing in again", actor.staff, actor.staff
            )
        raise AccessError(WRONG_AGAIN)

    def _proved(self, actor: Actor, method: str, tries: Tries) -> Proof:
        with self.door.practice.changing() as record:
            self.door.forgive(record, tries)
            token = self.door.renewed(record, *self._here(record, actor))
        return Proof(actor.staff, method, self.door.practice.clock(), token)

    def _here(self, record: Writing, actor: Actor) -> tuple[str, Session]:
        return here(record, actor.staff, actor.session, self.door.practice.clock())


def line(text: str, what: str) -> str:
    """One line of text as it may be recorded.

    Raises:
        EntryError: it is empty, too long, or holds what cannot be shown.
    """
    try:
        return TypeAdapter(Line).validate_python(text)
    except ValidationError:
        raise EntryError(f"The {what} cannot be recorded as it is. It is one line of 1 to 200 characters.") from None


def _again(actor: Actor, address: str) -> Tries:
    return (
        (limits.ADDRESS, limits.key_of(limits.network_of(address))),
        (limits.AGAIN, limits.key_of(f"{actor.staff}\n{actor.session}")),
    )
