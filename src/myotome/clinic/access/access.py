"""Signing in and what follows from it: sessions, signing in again, one's own password and passkeys."""

from __future__ import annotations

from collections.abc import Sequence

from myotome.clinic.access.passwords import OWASP, Cost
from myotome.clinic.access.sessions import SessionSeen
from myotome.clinic.actor import Actor, Proof
from myotome.clinic.practice import Practice

DESK = "desk"  # whatever is used without being enrolled


class Access:
    """Lets people in, keeps them in for as long as is right, and lets them prove again who they are.

    Every token handed out is for the session cookie; the one before it is dead at once. That holds for signing in
    again too: after ``prove`` the cookie must be set to ``proof.token``, whatever comes of the act it was for.
    """

    def __init__(self, practice: Practice, cost: Cost = OWASP) -> None:
        """``cost`` is how dear a password check is; smaller in tests only."""

    def sign_in(self, name: str, password: str, address: str, device: str = DESK, old: str = "") -> str:
        """A new session's token. ``old`` is the token of the cookie that came with the request, if any: it ends.

        Raises:
            AccessError: wrong, left, not joined or unknown (the same words and time), too many tries, device locked.
        """

    def passkey_challenge(
        self, purpose: str, origin: str, rp_id: str, token: str | None = None, address: str = ""
    ) -> str:
        """Options (JSON text) for navigator.credentials; good for five minutes, once.

        ``purpose``: ``sign-in`` (no token), ``prove`` or ``add`` (token needed; ``add`` within two minutes of having
        signed in, or signed in again). ``origin`` like ``https://clinic.lan:8443``, ``rp_id`` like ``clinic.lan``.

        Raises:
            AccessError: not signed in, not shown lately who one is, no passkey to prove with, or too many tries.
        """

    def sign_in_with_passkey(
        self, response: str, origin: str, rp_id: str, address: str, device: str = DESK, old: str = ""
    ) -> str:
        """A new session's token for the browser's answer (JSON text) to a ``sign-in`` challenge.

        Raises:
            AccessError: it does not hold (always the same words), too many tries, device locked.
        """

    def actor(self, token: str | None) -> Actor | None:
        """Who is signed in by a token, with the roles they have now; None where nobody is."""

    def csrf(self, token: str) -> str:
        """The session's CSRF secret for its forms; '' where there is no session."""

    def csrf_holds(self, token: str, given: str) -> bool:
        """Whether a form brought the session's CSRF secret."""

    def sign_out(self, token: str) -> None:
        """End the session; nothing where there is none."""

    def sessions(self, actor: Actor, staff: str = "") -> Sequence[SessionSeen]:
        """One's own sessions, latest first; another's (``staff``) for who may manage staff.

        Raises:
            AccessError: another's, and this person may not.
        """

    def end(self, actor: Actor, session: str, proof: Proof) -> None:
        """End one session by its public id: one's own, or anybody's for who may manage staff.

        Raises:
            AccessError: the proof does not hold, or it is another's and this person may not.
            MissingError: there is no such session.
        """

    def end_all(self, actor: Actor, staff: str, proof: Proof) -> int:
        """End every session of somebody, of oneself all but this one; returns how many.

        Raises:
            AccessError: the proof does not hold, or it is another's and this person may not.
        """

    def prove(self, actor: Actor, password: str, address: str) -> Proof:
        """Show again by password who one is; ``proof.token`` takes the place of the session's token.

        Raises:
            AccessError: the password is wrong, or too many tries.
        """

    def prove_with_passkey(self, actor: Actor, response: str, origin: str, rp_id: str, address: str) -> Proof:
        """The same by the answer to a ``prove`` challenge.

        Raises:
            AccessError: it does not hold, or too many tries.
        """

    def charts_for(self, token: str, staff: str) -> None:
        """Choose for whom an assistant charts in this session; '' for nobody.

        Raises:
            AccessError: not signed in, no assistant, or somebody chosen who does not treat here.
        """

    def change_password(self, actor: Actor, old: str, new: str, address: str) -> str:
        """Set a new password by the old one; all other sessions of this person end. Returns this session's new token.

        Raises:
            AccessError: the old one is wrong, or too many tries.
            EntryError: the new one cannot be used, with why.
        """

    def passkeys(self, actor: Actor) -> Sequence[tuple[str, str, str]]:
        """One's own passkeys: id, label, day it was added."""

    def add_passkey(self, actor: Actor, response: str, origin: str, rp_id: str, label: str) -> str:
        """Add the passkey that answers an ``add`` challenge of this session; returns this session's new token.

        Raises:
            AccessError: it does not hold.
            EntryError: the label is empty or too long, or the passkey is known already.
        """

    def remove_passkey(self, actor: Actor, passkey: str, proof: Proof) -> None:
        """Take a passkey away.

        Raises:
            AccessError: the proof does not hold.
            MissingError: this person has none by that id.
        """
