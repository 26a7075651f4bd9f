"""The people of a clinic: found, registered, opened by two identifiers, corrected, related, merged."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from myotome.clinic.actor import Actor
from myotome.clinic.entries import persons as entries
from myotome.clinic.people_index import PeopleIndex
from myotome.clinic.practice import Practice
from myotome.clinic.states import PersonState
from myotome.errors import EntryError

STAYS_OPEN = datetime.timedelta(hours=12)
FEWEST = 2  # identifiers that must be confirmed


class People:
    """What is done with people's records as such; what happens in a visit is ``Visits``."""

    def __init__(self, practice: Practice) -> None:
        """The index is filled at the first search and follows the record from then on."""
        self.practice, self.index = practice, PeopleIndex()

    def search(self, actor: Actor, words: str = "", limit: int = 50) -> list[PersonState]:
        """People by parts of name, birth date or number, in the order of lists; merged ones under who they are.

        Raises:
            AccessError: this person may not.
        """
        with self.practice.looking(actor, "see people", "list of people") as shelf:
            self.index.follow(shelf.reading)
            return self.index.search(words, limit)

    def alike(self, entry: entries.PersonRegistered) -> list[PersonState]:
        """People who may be the same as one about to be registered: same birth date, or same number, or same name."""
        with self.practice.within() as shelf:
            self.index.follow(shelf.reading)
            return self.index.alike(entry)

    def register(self, actor: Actor, entry: entries.PersonRegistered) -> str:
        """A new person; returns their id.

        Raises:
            AccessError: this person may not.
            EntryError: the birth date is to come.
        """
        self._born(entry.birth_date)
        with self.practice.acting(actor, "register person") as desk:
            person = desk.new_key()
            desk.record(entry, person=person)
            return person

    def identifiers(self, person: PersonState) -> dict[str, str]:
        """By what a person can be told from others: label and value."""
        found = {"name": person.name}
        if person.birth_date:
            found["birth date"] = person.birth_date.isoformat()
        found |= {label: value for label, value in (("phone", person.phone), ("email", person.email)) if value}
        for one in person.identifiers:
            found.setdefault(one["system"], one["value"])  # a number called 'name' does not hide the name
        return found

    def offered(self, actor: Actor, person: str) -> tuple[PersonState, dict[str, str]]:
        """Somebody whose record is about to be opened, and the identifiers to ask them for."""
        with self.practice.looking(actor, "open person", "identifiers to be asked for", person) as shelf:
            found = shelf.person(person)
            return found, self.identifiers(found)

    def open(self, actor: Actor, person: str, confirmed: Sequence[str]) -> None:
        """Open a record for this session, by the labels of identifiers that were asked and fitted.

        Raises:
            EntryError: fewer than two were confirmed, or one that the person has not.
        """
        with self.practice.acting(actor, "open person", person) as desk:
            known = self.identifiers(desk.person(person))
            chosen = tuple(dict.fromkeys(confirmed))
            unknown = [label for label in chosen if label not in known]
            if unknown or len(chosen) < FEWEST:
                raise EntryError(f"Confirm two of these with the person: {', '.join(known)}.")
            desk.record(entries.PersonOpened(identifiers=chosen), person=person)
            desk.open_for(actor.session, person, self.practice.clock() + STAYS_OPEN)

    def correct(self, actor: Actor, person: str, entry: entries.PersonCorrected) -> None:
        """Change what was wrong, with a reason; what was recorded before stays in the trail.

        Raises:
            EntryError: nothing is changed, no name would be left, or the birth date is to come.
        """
        if entry.birth_date:
            self._born(entry.birth_date)
        with self.practice.acting(actor, "correct person", person) as desk:
            before = desk.person(person)
            told = entry.model_dump(exclude_none=True, exclude={"reason", "on_behalf"})
            after = PersonState.model_validate({**before.model_dump(), **told})
            if after == before:
                raise EntryError("Nothing is different from what is recorded. Change a field, or leave it.")
            if not (after.family or after.given or after.text):
                raise EntryError("A person has a name: give the family name, the given name, or both.")
            desk.record(entry, person=person)

    def relate(self, actor: Actor, person: str, entry: entries.PersonRelated) -> None:
        """Add a guardian, chaperone, interpreter or other."""
        with self.practice.acting(actor, "relate person", person) as desk:
            desk.record(entry, person=person)

    def unrelate(self, actor: Actor, person: str, entry: entries.PersonUnrelated) -> None:
        """They belong to the person no more.

        Raises:
            EntryError: there is no such relative.
        """
        with self.practice.acting(actor, "relate person", person) as desk:
            if entry.relative not in {one.relative for one in desk.person(person).relatives}:
                raise EntryError("There is nobody by that number beside this person.")
            desk.record(entry, person=person)

    def merge(self, actor: Actor, duplicate: str, into: str, reason: str) -> None:
        """A duplicate's record is read with another's from now on; both keep their keys, and it can be undone.

        Raises:
            EntryError: they are one already, or it would go in a circle.
        """
        with self.practice.acting(actor, "merge people", duplicate) as desk:
            one, other = desk.person(duplicate), desk.person(into)
            if one.id == other.id or one.merged_into or other.merged_into:
                raise EntryError("Choose two different people, neither of them merged already.")
            if one.erasure or other.erasure:
                raise EntryError("The erasure of one of them was asked for. Confirm or refuse that first, then merge.")
            desk.record(entries.PersonMerged(into=into, reason=reason), person=duplicate)

    def unmerge(self, actor: Actor, duplicate: str, reason: str) -> None:
        """They are not the same after all.

        Raises:
            EntryError: the record was not merged.
        """
        with self.practice.acting(actor, "merge people", duplicate) as desk:
            was = desk.person(duplicate).merged_into
            if not was:
                raise EntryError("This record was not merged into another.")
            desk.record(entries.PersonUnmerged(was=was, reason=reason), person=duplicate)

    def _born(self, day: datetime.date) -> None:
        if day > self.practice.today():
            raise EntryError(f"The birth date {day.isoformat()} is still to come. Give the day of birth.")
