"""What a person agreed to: given, withdrawn, and what holds today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from myotome.clinic.actor import Actor
from myotome.clinic.consents.texts import ConsentText, consent_text
from myotome.clinic.entries.made import made
from myotome.clinic.entries.persons import ConsentGiven, ConsentWithdrawn
from myotome.clinic.practice import Practice
from myotome.clinic.shelf import Shelf
from myotome.clinic.states import Consent, PersonState
from myotome.errors import EntryError, MissingError

By = Literal["self", "guardian"]


@dataclass(frozen=True, slots=True)
class Agreed:
    """A consent that holds today; ``is_newest`` is False where the words have changed since it was signed."""

    consent: Consent
    is_newest: bool

    @property
    def treatment(self) -> str:
        """To what."""
        return self.consent.treatment

    @property
    def text(self) -> ConsentText:
        """The words as they were signed."""
        return consent_text(self.consent.text_version)


class Consents:
    """Consents of people."""

    def __init__(self, practice: Practice) -> None:
        """Everything is recorded with the person."""
        self.practice = practice

    def give(
        self,
        actor: Actor,
        person: str,
        treatment: str,
        by: By,
        signature: str,
        copy_given: bool,
        version: str | None = None,
    ) -> str:
        """Record a consent to ``treatment``; returns its id.

        ``signature`` is the name as it was signed; ``version`` the consent text that was read, by default the newest.

        Raises:
            EntryError: the signature or the treatment is blank, or a guardian signed who is not recorded.
            MissingError: there is no such text, or no such person.
            AccessError: this person may not, or has not opened the record.
        """
        if not signature.strip():
            raise EntryError("The signature is blank. Nobody has consented yet: let the person sign with their name.")
        text = consent_text(version)
        with self.practice.acting(actor, "record consent", person) as desk:
            found = desk.person(person)
            if found.merged_into:
                raise EntryError("This record was merged into another. Record the consent there.")
            if by == "guardian" and not any(one.relation == "guardian" for one in found.relatives):
                raise EntryError("No guardian is recorded for this person. Add the guardian first, then the consent.")
            name = self.practice.names()
            told = {"consent": name, "treatment": treatment, "by": by, "signature": signature, "copy_given": copy_given}
            words = {"text_version": text.version, "text_digest": text.digest, "day": self.practice.today()}
            desk.record(made(ConsentGiven, **told, **words), person=person)
            return name

    def withdraw(self, actor: Actor, person: str, consent: str, reason: str = "") -> None:
        """Withdraw a consent: whatever was agreed before to the same treatment holds no more.

        Raises:
            MissingError: there is no such consent of this person.
            EntryError: it was withdrawn before.
            AccessError: this person may not, or has not opened the record.
        """
        with self.practice.acting(actor, "record consent", person) as desk:
            for owner in _together(desk, desk.person(person)):
                for one in owner.consents:
                    if one.consent == consent:
                        if one.withdrawn_at:
                            raise EntryError("This consent was withdrawn already.")
                        desk.record(made(ConsentWithdrawn, consent=consent, reason=reason), person=owner.id)
                        return
            raise MissingError("There is no such consent of this person.")

    def standing(self, person: str | PersonState) -> tuple[Agreed, ...]:
        """What holds today: the latest consent to each treatment that was not withdrawn since, duplicates' included.

        It records no reading: the page that shows it has read the record already.

        Raises:
            MissingError: there is no such person.
        """
        with self.practice.within() as shelf:
            found = shelf.person(person) if isinstance(person, str) else person
            given = [one for owner in _together(shelf, found) for one in owner.consents]
        newest = consent_text().digest
        holding = {one.treatment: one for one in sorted(given, key=lambda c: c.recorded_at) if _holds(one, given)}
        return tuple(Agreed(one, one.text_digest == newest) for one in holding.values())


def withdrawn_from(shelf: Shelf, person: PersonState) -> Consent | None:
    """The consent that was withdrawn last and not given anew to the same treatment; None where every one holds."""
    given = [one for owner in _together(shelf, person) for one in owner.consents]
    holding = {one.treatment for one in given if _holds(one, given)}
    gone = [one for one in given if one.withdrawn_at and one.treatment not in holding]
    return max(gone, key=lambda one: one.withdrawn_at, default=None)


def _together(shelf: Shelf, person: PersonState) -> list[PersonState]:
    return [person, *(shelf.person(name) for name in shelf.together(person)[1:])]


def _holds(one: Consent, given: Sequence[Consent]) -> bool:
    """A withdrawal counts for what was agreed before it, also where the clock was set back between the two."""
    return not any(
        max(other.withdrawn_at, other.recorded_at) >= one.recorded_at
        for other in given
        if other.treatment == one.treatment and other.withdrawn_at
    )
