"""The door itself: who is known, how often somebody may try, and how sessions begin and end in the record."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Sequence

from myotome.clinic.access import limits
from myotome.clinic.access.limits import Limit
from myotome.clinic.access.passwords import Cost, Passwords
from myotome.clinic.access.sessions import Session, Sessions, new_secret
from myotome.clinic.actor import Actor
from myotome.clinic.entries.clinics import CredentialChanged, SessionBegan, SessionEnded, SessionRefused
from myotome.clinic.entries.entry import Entry
from myotome.clinic.practice import Practice
from myotome.clinic.states import ClinicState, StaffState
from myotome.errors import AccessError
from myotome.records.event import CLINIC, IDENTIFIER, instant
from myotome.records.reading import Reading
from myotome.records.writing import Writing

DESK = "desk"  # whatever is used without being enrolled
NOBODY = "nobody"  # the author of what somebody unknown did
LOCKED = "This device was locked as lost. Use another one; if it is back, the owner takes it into use again."
Tries = Sequence[tuple[Limit, str]]  # the address first: what it may not do, it may not use up for others


class Door:
    """What signing in, signing in again and accounts have in common."""

    def __init__(self, practice: Practice, cost: Cost) -> None:
        """``cost`` is how dear a password check is."""
        self.practice, self.passwords = practice, Passwords(cost, practice.ledger.randomness)

    def member(self, record: Reading, staff: str) -> StaffState | None:
        """Somebody who works here now."""
        kept = record.state("staff", staff) if IDENTIFIER.fullmatch(staff) else None
        found = None if kept is None else StaffState.model_validate(kept)
        return found if found and found.joined and not found.left else None

    def named(self, sign_in: str) -> StaffState | None:
        """Somebody who works here now, by sign-in name."""
        wanted = folded(sign_in)
        people = self.practice.staff().values()
        return next((one for one in people if one.joined and not one.left and folded(one.sign_in) == wanted), None)

    def device(self, device: str) -> str:
        """An enrolled device, or the desk for any other.

        Raises:
            AccessError: it was locked.
        """
        if not IDENTIFIER.fullmatch(device):
            return DESK
        with self.practice.within() as shelf:
            kept = shelf.reading.state("device", device)
        if kept and kept.get("locked"):
            with self.practice.changing() as record:
                self.refuse(record, "", device, "the device is locked", device)
            raise AccessError(LOCKED)
        return device if kept else DESK

    def as_actor(self, record: Reading, member: StaffState, session: Session) -> Actor:
        """Somebody in their session."""
        told = {"device": session.device, "session": session.id, "on_behalf": session.on_behalf}
        return Actor(member.id, member.name, frozenset(member.roles), zone=self.zone(record), **told)

    def zone(self, record: Reading) -> str:
        """The clinic's time zone."""
        kept = record.state("clinic", CLINIC)
        return ClinicState.model_validate(kept).zone if kept else "UTC"

    def admit(self, tries: Tries, staff: str, device: str, by: str = NOBODY) -> None:
        """Use up a try of each kind.

        Raises:
            AccessError: there is none left; it says when there will be.
        """
        now = self.practice.clock()
        with self.practice.changing() as record:
            wait = None
            for limit, key in tries:
                wait = limits.take(record, limit, key, now)
                if wait is not None:
                    self.refuse(record, staff, device, "too many tries", key, by)
                    break
        if wait is not None:
            raise limits.too_many(wait)

    def forgive(self, record: Writing, tries: Tries) -> None:
        """A try that succeeded does not count."""
        for limit, key in tries:
            limits.give_back(record, limit, key, self.practice.clock())

    def refuse(self, record: Writing, staff: str, device: str, why: str, quiet: str, by: str = NOBODY) -> None:
        """Record a refusal; at most one a minute for a key, and no more in all than the trail can bear.

        ``staff`` is whose name was given; who gave it is not known before they are signed in.
        """
        now = self.practice.clock()
        limits.sweep(record, now)
        if limits.take(record, limits.QUIET, f"{why} {quiet}", now) is not None:
            return
        if limits.take(record, limits.TRAIL, "", now) is None:
            self.note(record, by, device, SessionRefused(staff=staff, why=why))

    def begin(self, record: Writing, staff: str, device: str, method: str, old: str = "") -> str:
        """Begin a session under a new token; the one that the browser had ends."""
        now, sessions = self.practice.clock(), Sessions(record)
        sessions.sweep(now)
        before = sessions.find(old)
        if before is not None:
            self.finish(record, before, "signed in anew", before.staff)
        for _, one in sessions.crowded(staff):
            self.finish(record, one, "too many sessions of one person", staff)
        at, token = instant(now), new_secret(record)
        sessions.put(token, Session(self.practice.names(), staff, device, method, at, at, at, new_secret(record)))
        self.note(record, staff, device, SessionBegan.model_validate({"staff": staff, "method": method}))
        return token

    def finish(self, record: Writing, session: Session, why: str, by: str, device: str = "") -> None:
        """End a session."""
        sessions = Sessions(record)
        found = sessions.by_id(session.staff, session.id)
        if found is not None:
            sessions.drop(*found)
            self.note(record, by, device or session.device, SessionEnded(staff=session.staff, why=why))

    def finish_all(self, record: Writing, staff: str, why: str, by: str, device: str, but: str = "") -> int:
        """End every session of somebody, but one; returns how many."""
        others = [one for _, one in Sessions(record).of(staff) if one.id != but]
        for one in others:
            self.finish(record, one, why, by, device)
        return len(others)

    def renewed(self, record: Writing, item: str, session: Session) -> str:
        """A new token for a session whose owner has just shown again who they are."""
        at = instant(self.practice.clock())
        return Sessions(record).renew(item, dataclasses.replace(session, proved=at, used=at))

    def note_credential(self, record: Writing, by: str, device: str, staff: str, what: str, label: str = "") -> None:
        """Record that a password or passkey changed."""
        entry = CredentialChanged.model_validate({"staff": staff, "what": what, "label": label})
        self.note(record, by, device, entry)

    def note(self, record: Writing, by: str, device: str, entry: Entry) -> None:
        """Record what the program itself saw."""
        actor = Actor(by, "", frozenset(), device, self.zone(record))
        record.append(self.practice.draft(actor, entry))


def folded(sign_in: str) -> str:
    """A sign-in name as names are compared: without regard to case, width and spaces around it."""
    return unicodedata.normalize("NFKC", sign_in).casefold().strip()


def tries_of(address: str, name: str, device: str) -> Tries:
    """What signing in uses up. A device that is enrolled has tries of its own, which strangers cannot use up."""
    own = device if device != DESK else ""
    account = limits.key_of(f"{folded(name)}\n{own}")
    return ((limits.ADDRESS, limits.key_of(limits.network_of(address))), (limits.ACCOUNT, account))
