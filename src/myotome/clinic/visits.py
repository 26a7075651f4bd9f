"""Visits: opened, examined, explained, planned, signed, co-signed, amended, moved, struck."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from myotome.clinic.actor import Actor, Proof
from myotome.clinic.against import signable
from myotome.clinic.at_bedside import Thought, thought_so_far
from myotome.clinic.entries import visits as entries_of
from myotome.clinic.gone import StruckError, strikable
from myotome.clinic.mind import Mind
from myotome.clinic.permissions import allowed
from myotome.clinic.practice import Acting, Made, Practice
from myotome.clinic.states import VisitState
from myotome.errors import AccessError, EntryError
from myotome.records.event import Receipt

AFTER_SIGNING = "This note is signed: it is amended, never changed. Write an amendment."


class Visits:
    """What is done in and to visits."""

    def __init__(self, practice: Practice, mind: Mind) -> None:
        """``mind`` explains and plans; what it says is frozen with the visit."""
        self.practice, self.mind = practice, mind

    def open(self, actor: Actor, person: str, entry: entries_of.VisitOpened) -> str:
        """A visit begins; returns its id.

        Raises:
            EntryError: the day is to come, or the record goes on under another person.
        """
        if entry.day > self.practice.today():
            raise EntryError(
                f"The day {entry.day.isoformat()} is still to come. A visit is opened on its day or later."
            )
        with self.practice.acting(actor, "chart", person) as desk:
            found = desk.person(person)
            if found.merged_into:
                raise EntryError("This record was merged into another. Open the visit there.")
            if found.birth_date and entry.day < found.birth_date:
                raise EntryError(f"The day {entry.day.isoformat()} is before the person was born. Correct one of them.")
            visit = desk.new_key(person)
            desk.charted(entry, person, visit)
            return visit

    def suppose(self, actor: Actor, visit: str, entry: entries_of.HypothesisRecorded) -> None:
        """The practitioner's own hypothesis, before the software says anything.

        Raises:
            EntryError: the visit was explained already.
        """
        with self._charting(actor, visit) as (desk, kept):
            supposed(desk, kept, entry)

    def examine(self, actor: Actor, visit: str, case: Mapping[str, Any] | bytes) -> VisitState:
        """Record an examination, a case file or its plain values, with what the software says of it.

        All of it is recorded, or nothing.

        Raises:
            CaseError: the case is refused, with every problem.
        """
        thought = self.thought(actor, visit, case)
        with self._charting(actor, visit) as (desk, kept):
            examined(desk, kept, thought)
        with self.practice.within() as shelf:
            return shelf.visit(visit)

    def thought(self, actor: Actor, visit: str, case: Mapping[str, Any] | bytes) -> Thought:
        """An examination with what the software says of it, still to be recorded.

        Raises:
            CaseError: the case is refused, with every problem.
        """
        plain, read = self.mind.read(case)
        # Before it is thought through: whoever may not, or a signed visit, costs nothing.
        with self._charting(actor, visit) as (_, kept):
            day = kept.day
        return (entries_of.ExaminationRecorded(case=plain), *self.mind.think(read, day))

    def sign(self, actor: Actor, visit: str, proof: Proof, shown: str = "") -> Receipt:
        """Sign the note, having signed in again; an intern's note then waits for a co-signature.

        ``shown`` is the ``last_entry`` of the visit as the signer saw it: nobody signs what somebody else has entered
        since.

        Raises:
            AccessError: the proof is not this person's, or older than two minutes.
            EntryError: it is signed or struck already, holds nothing, was changed since it was shown, or a needle is
                unaccounted for, or went in against what the software says and nobody wrote why.
        """
        self._proved(actor, proof)
        with self._acting(actor, "sign", visit) as (_, kept):
            unsigned(kept)
            _as_shown(kept, shown)
            before = kept.last_entry
        thought, withdrawn = thought_so_far(self.practice, self.mind, visit, whole=True), self.mind.withdrawn()
        with self._acting(actor, "sign", visit) as (desk, kept):
            unsigned(kept)
            _as_shown(kept, shown or before)
            signable(desk, kept, withdrawn)
            if thought:
                examined(desk, kept, thought)
            if kept.case is None and kept.hypothesis is None and not kept.charted:
                raise EntryError(
                    "There is nothing in this visit to sign. Record the examination first, or strike the visit."
                )
            needs = not allowed(desk.actor.roles, "cosign")
            digest = self._digest(desk, visit)
            signed = entries_of.VisitSigned(digest=digest, method=_method(proof), needs_cosignature=needs)
            return desk.record(signed, person=kept.person, visit=visit)

    def cosign(self, actor: Actor, visit: str, proof: Proof, shown: str = "") -> Receipt:
        """Stand for an intern's signed note, as it was ``shown``.

        Raises:
            AccessError: the proof is not this person's, or they signed it themselves.
            EntryError: it waits for no co-signature, or was amended since it was shown.
        """
        self._proved(actor, proof)
        with self._acting(actor, "cosign", visit) as (desk, kept):
            if kept.stage != "waits for co-signature" or kept.signature is None:
                raise EntryError("This note waits for no co-signature.")
            if kept.signature.by == actor.staff:
                raise AccessError("A co-signature is somebody else's: you signed this note yourself.")
            _as_shown(kept, shown)
            cosigned = entries_of.VisitCosigned(digest=self._digest(desk, visit), method=_method(proof))
            return desk.record(cosigned, person=kept.person, visit=visit)

    def amend(self, actor: Actor, visit: str, text: str, reason: str) -> None:
        """Write beside a signed note what was wrong or missing; the note stays as it was signed.

        Raises:
            EntryError: the note is not signed yet: then it can simply be entered.
        """
        with self._acting(actor, "amend", visit) as (desk, kept):
            if kept.signature is None or kept.struck:
                raise EntryError("Only a signed note is amended. This one can still be charted.")
            name = self.practice.names()
            desk.charted(entries_of.VisitAmended(amendment=name, text=text, reason=reason), kept.person, visit)

    def strike(self, actor: Actor, visit: str, reason: str) -> None:
        """Entered in error: it stays readable, struck through, and counts no more.

        Raises:
            EntryError: it was struck before, or needles are in.
        """
        with self._acting(actor, "amend", visit) as (desk, kept):
            strikable(desk, kept)
            desk.record(entries_of.VisitStruck(reason=reason), person=kept.person, visit=visit)

    def move(self, actor: Actor, visit: str, to: str, reason: str) -> None:
        """It was charted on the wrong person: visit and key belong to ``to`` from now on.

        Both records must be open in this session. The first person's record says only that an entry was moved away.

        Raises:
            EntryError: it is there already.
        """
        with self._acting(actor, "move visit", visit) as (desk, kept):
            desk.present(actor, "move visit", to)
            if kept.person == to or desk.person(to).merged_into:
                raise EntryError("Choose another person, one whose record was not merged away.")
            desk.record(entries_of.VisitMoved(to=to, reason=reason), person=kept.person, visit=visit)
            desk.writing.keys.hand_over(visit, to)

    def see(self, actor: Actor, act: str, visit: str) -> None:
        """See that somebody may do this to a visit, before anything that they sent with it is read or judged.

        Raises:
            AccessError: this person may not, or has not opened the record; MissingError where there is no such visit.
        """
        with self._acting(actor, act, visit):
            pass

    @contextmanager
    def _acting(self, actor: Actor, act: str, visit: str) -> Iterator[tuple[Acting, VisitState]]:
        """A transaction on one visit, with the visit as it stands."""
        with self.practice.acting(actor, act) as desk:
            kept = desk.visit(visit)
            desk.present(actor, act, kept.person)
            yield desk, kept

    @contextmanager
    def _charting(self, actor: Actor, visit: str) -> Iterator[tuple[Acting, VisitState]]:
        with self._acting(actor, "chart", visit) as (desk, kept):
            unsigned(kept)
            yield desk, kept

    def _proved(self, actor: Actor, proof: Proof) -> None:
        if not proof.holds(actor, self.practice.clock()):
            raise AccessError("Sign in again to sign: the signature needs your password or passkey within two minutes.")

    @staticmethod
    def _digest(desk: Acting, visit: str) -> str:
        """SHA-256 over the hashes of the visit's rows so far: what exactly is signed."""
        digest, seen = hashlib.sha256(), 0
        while rows := desk.entries(visit=visit, after=seen, bodies=False, limit=1000):
            for row in rows:
                digest.update(bytes.fromhex(row.hash))
            seen = rows[-1].position
        return digest.hexdigest()


def unsigned(kept: VisitState) -> None:
    """Refuse to chart in a visit that is signed or struck.

    Raises:
        EntryError: it is.
    """
    if kept.signature:
        raise EntryError(AFTER_SIGNING)
    if kept.struck:
        raise StruckError("This visit was struck as entered in error. Open another.")


def supposed(desk: Acting, kept: VisitState, entry: entries_of.HypothesisRecorded, made: Made | None = None) -> Receipt:
    """Record a hypothesis in a visit that is being charted.

    Raises:
        EntryError: the visit was explained already.
    """
    if kept.explanation:
        raise EntryError("The explanation was shown already; a hypothesis is entered before it.")
    return desk.charted(entry, kept.person, kept.id, made)


def examined(desk: Acting, kept: VisitState, thought: Thought, made: Made | None = None) -> Receipt:
    """Record an examination and what was said of it, in a visit that is being charted."""
    examination, *said = thought
    receipt = desk.charted(examination, kept.person, kept.id, made)
    for entry in said:
        desk.charted(entry, kept.person, kept.id)
    return receipt


def _as_shown(kept: VisitState, shown: str) -> None:
    if shown and shown != kept.last_entry:
        raise EntryError("Somebody has entered something since this note was shown. Read it again, then sign.")


def _method(proof: Proof) -> Any:
    return proof.method
