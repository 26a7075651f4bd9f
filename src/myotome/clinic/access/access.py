"""Signing in and what follows from it: sessions, signing in again, one's own password and passkeys."""

from __future__ import annotations

from collections.abc import Sequence

from myotome.clinic.access.door import DESK, Door
from myotome.clinic.access.passwords import OWASP, Cost
from myotome.clinic.access.sessions import Session, Sessions, SessionSeen, seen
from myotome.clinic.access.signing_again import SigningAgain
from myotome.clinic.actor import Actor, Proof
from myotome.clinic.permissions import allowed
from myotome.clinic.practice import Practice
from myotome.errors import MissingError
from myotome.records.reading import Reading

OWN, STAFF = "manage own account", "manage staff"


class Access(SigningAgain):
    """Lets people in, keeps them in for as long as is right, and lets them prove again who they are.

    Every token handed out is for the session cookie; the one before it is dead at once. That holds for signing in
    again too: after ``prove`` the cookie must be set to ``proof.token``, whatever comes of the act it was for.
    """

    def __init__(self, practice: Practice, cost: Cost = OWASP) -> None:
        """``cost`` is how dear a password check is; smaller in tests only."""
        self.door = Door(practice, cost)

    def sessions(self, actor: Actor, staff: str = "") -> Sequence[SessionSeen]:
        """One's own sessions, latest first; another's (``staff``) for who may manage staff.

        Raises:
            AccessError: another's, and this person may not.
        """
        whose, now = staff or actor.staff, self.door.practice.clock()
        with self.door.practice.looking(actor, _act(actor, whose)) as shelf:
            names = {name: one.name for name, one in shelf.devices().items()}
            kept = [one for _, one in Sessions(shelf.reading).of(whose) if not one.over(now)]
        kept.sort(key=lambda one: one.used, reverse=True)
        return [seen(one, names.get(one.device, one.device), one.id == actor.session) for one in kept]

    def end(self, actor: Actor, session: str, proof: Proof) -> None:
        """End one session by its public id: one's own, or anybody's for who may manage staff.

        Raises:
            AccessError: the proof does not hold.
            MissingError: there is no such session that this person may end.
        """
        self.hold(actor, proof)
        with self.door.practice.acting(actor, OWN) as desk:
            others = allowed(desk.actor.roles, STAFF)
            whose = [actor.staff, *(desk.staff() if others else ())]
            found = _find(desk.reading, whose, session)
            if found is None:
                raise MissingError("There is no such session; it may have ended.")
            why = "ended by its owner" if found.staff == actor.staff else "ended by who manages staff"
            self.door.finish(desk.writing, found, why, actor.staff, actor.device)

    def end_all(self, actor: Actor, staff: str, proof: Proof) -> int:
        """End every session of somebody, of oneself all but this one; returns how many.

        Raises:
            AccessError: the proof does not hold, or it is another's and this person may not.
        """
        self.hold(actor, proof)
        with self.door.practice.acting(actor, _act(actor, staff)) as desk:
            why = "ended by its owner" if staff == actor.staff else "ended by who manages staff"
            return self.door.finish_all(desk.writing, staff, why, actor.staff, actor.device, but=actor.session)


def _act(actor: Actor, staff: str) -> str:
    return OWN if staff == actor.staff else STAFF


def _find(record: Reading, staff: Sequence[str], session: str) -> Session | None:
    found = (Sessions(record).by_id(one, session) for one in staff)
    return next((one for _, one in filter(None, found)), None)


__all__ = ["DESK", "OWASP", "Access", "Cost", "SessionSeen"]
