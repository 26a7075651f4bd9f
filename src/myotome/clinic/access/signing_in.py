"""Coming in and going out: by password or passkey, who is in by a token, out again."""

from __future__ import annotations

import dataclasses
import datetime
import hmac

from myotome.clinic.access import limits
from myotome.clinic.access.door import DESK, Door, tries_of
from myotome.clinic.access.passkeys import Asked, Passkeys
from myotome.clinic.access.passwords import DRAWER as PASSWORDS
from myotome.clinic.access.passwords import keep
from myotome.clinic.access.sessions import NOT_SIGNED_IN, NOTED, Session, Sessions
from myotome.clinic.actor import PROOF_LASTS, Actor
from myotome.errors import AccessError
from myotome.records.event import CLINIC, instant
from myotome.records.reading import Reading
from myotome.records.writing import Writing

WRONG = "This sign-in name and password do not belong together. Check both, or ask the owner for a new invitation."
WRONG_PASSKEY = "This passkey was not accepted. Try again, or sign in by password."
PROVE_FIRST = "Passkeys are changed only just after signing in. Show again who you are, then try again."


class SigningIn:
    """The part of ``Access`` that anybody meets who is not signed in."""

    door: Door

    def sign_in(self, name: str, password: str, address: str, device: str = DESK, old: str = "") -> str:
        """A new session's token. ``old`` is the token of the cookie that came with the request, if any: it ends.

        Raises:
            AccessError: wrong, left, not joined or unknown (the same words and time), too many tries, device locked.
        """
        door, device = self.door, self.door.device(device)
        member, tries = door.named(name), tries_of(address, name, device)
        known, quiet = member.id if member else "", tries[-1][1]
        door.admit(tries, known, device)
        with door.practice.within() as shelf:
            kept = shelf.reading.drawer(PASSWORDS).get(known)
        hashed = kept["hash"] if kept else None
        fits = door.passwords.fits(hashed, password)  # outside of any transaction: it takes its time
        anew = door.passwords.hashed(password) if fits and hashed and door.passwords.is_stale(hashed) else None
        with door.practice.changing() as record:
            if fits and _still(record, door, known, hashed):
                door.forgive(record, tries)
                if anew:
                    keep(record, known, anew)
                return door.begin(record, known, device, "password", old)
            door.refuse(record, known, device, "wrong password or name", quiet)
        raise AccessError(WRONG)

    def passkey_challenge(
        self, purpose: str, origin: str, rp_id: str, token: str | None = None, address: str = ""
    ) -> str:
        """Options (JSON text) for navigator.credentials; good for five minutes, once.

        ``purpose``: ``sign-in`` (no token), ``prove`` or ``add`` (token needed; ``add`` within two minutes of having
        signed in, or signed in again). ``origin`` like ``https://clinic.lan:8443``, ``rp_id`` like ``clinic.lan``.

        Raises:
            AccessError: not signed in, not shown lately who one is, no passkey to prove with, or too many tries.
        """
        door = self.door
        if purpose == "sign-in":
            key = limits.key_of(limits.network_of(address))
            door.admit([(limits.CHALLENGES, key)], "", DESK)
            with door.practice.changing() as record:
                return Passkeys(record, door.practice.clock()).options(Asked(purpose, origin, rp_id))
        actor, session = self._in(token)
        now = door.practice.clock()
        since = now - datetime.datetime.fromisoformat(session.proved)
        if purpose == "add" and not datetime.timedelta(0) <= since <= PROOF_LASTS:
            raise AccessError(PROVE_FIRST)
        with door.practice.changing() as record:
            passkeys, clinic = Passkeys(record, now), record.state("clinic", CLINIC) or {}
            if purpose == "prove" and not passkeys.of(actor.staff):
                raise AccessError("You have no passkey here. Use your password.")
            asked = Asked(purpose, origin, rp_id, actor.staff, actor.session)
            return passkeys.options(asked, actor.name, str(clinic.get("name", "")))

    def sign_in_with_passkey(
        self, response: str, origin: str, rp_id: str, address: str, device: str = DESK, old: str = ""
    ) -> str:
        """A new session's token for the browser's answer (JSON text) to a ``sign-in`` challenge.

        Raises:
            AccessError: it does not hold (always the same words), too many tries, device locked.
        """
        door, device = self.door, self.door.device(device)
        key = limits.key_of(limits.network_of(address))
        tries = [(limits.ADDRESS, key)]
        door.admit(tries, "", device)
        with door.practice.changing() as record:
            found = Passkeys(record, door.practice.clock()).answered(response, Asked("sign-in", origin, rp_id))
            if found and door.member(record, found.staff):
                door.forgive(record, tries)
                return door.begin(record, found.staff, device, "passkey", old)
            door.refuse(record, "", device, "passkey not accepted", key)
        raise AccessError(WRONG_PASSKEY)

    def actor(self, token: str | None) -> Actor | None:
        """Who is signed in by a token, with the roles they have now; None where nobody is."""
        practice, now = self.door.practice, self.door.practice.clock()
        with practice.within() as shelf:
            session = Sessions(shelf.reading).find(token)
            if session is None:
                return None
            found, why = self._standing(shelf.reading, session, now)
        used = datetime.datetime.fromisoformat(session.used)
        if not why and now - used < NOTED:
            return found
        with practice.changing() as record:
            session = Sessions(record).find(token)
            if session is None:
                return None
            found, why = self._standing(record, session, now)
            if why:
                self.door.finish(record, session, why, session.staff)
                return None
            latest = max(session.used, instant(now))
            Sessions(record).put(token or "", dataclasses.replace(session, used=latest))
        return found

    def csrf(self, token: str) -> str:
        """The session's CSRF secret for its forms; '' where there is no session."""
        with self.door.practice.within() as shelf:
            session = Sessions(shelf.reading).find(token)
        return session.csrf if session else ""

    def csrf_holds(self, token: str, given: str) -> bool:
        """Whether a form brought the session's CSRF secret."""
        right = self.csrf(token)
        return bool(right) and hmac.compare_digest(right.encode(), given.encode(errors="replace"))

    def sign_out(self, token: str) -> None:
        """End the session; nothing where there is none."""
        with self.door.practice.changing() as record:
            session = Sessions(record).find(token)
            if session:
                self.door.finish(record, session, "signed out", session.staff)

    def _standing(self, reading: Reading, session: Session, now: datetime.datetime) -> tuple[Actor | None, str]:
        """Who is in a session now, or why it holds no longer."""
        member = self.door.member(reading, session.staff)
        device = reading.state("device", session.device) or {}
        why = session.over(now) or ("the device is locked" if device.get("locked") else "")
        if why or member is None:
            return None, why or "works here no more"
        return self.door.as_actor(reading, member, session), ""

    def _in(self, token: str | None) -> tuple[Actor, Session]:
        actor = self.actor(token)
        with self.door.practice.within() as shelf:
            session = Sessions(shelf.reading).find(token)
        if actor is None or session is None:
            raise AccessError(NOT_SIGNED_IN)
        return actor, session


def _still(record: Writing, door: Door, staff: str, hashed: str | None) -> bool:
    """Whether what was checked before this transaction still stands."""
    kept = record.drawer(PASSWORDS).get(staff)
    return kept is not None and kept["hash"] == hashed and door.member(record, staff) is not None
