"""Finding people by parts of their names or numbers, without a name in plain sight in the database."""

from __future__ import annotations

import threading
import unicodedata

from myotome.clinic.entries.persons import PersonRegistered
from myotome.clinic.states import PersonState
from myotome.records.reading import Reading


class PeopleIndex:
    """Everybody's words in memory; it follows the record by asking only for what changed."""

    def __init__(self) -> None:
        """Empty until it follows a record."""
        self._seen = 0
        self._people: dict[str, PersonState] = {}
        self._words: dict[str, tuple[str, ...]] = {}
        self._lock = threading.Lock()

    def follow(self, reading: Reading) -> None:
        """Take in what changed since the last time."""
        with self._lock:
            while changed := reading.changed("person", self._seen):
                for name, state, position in changed:
                    self._take(PersonState.model_validate(state), name)
                    self._seen = position

    def search(self, words: str, limit: int) -> list[PersonState]:
        """People with a word that begins with each of the words asked for; all where none is."""
        wanted = folded(words).split()
        with self._lock:
            hits = {
                self._whole(person).id: self._whole(person)
                for name, person in self._people.items()
                if all(any(word.startswith(part) for word in self._words[name]) for part in wanted)
            }
        return sorted(hits.values(), key=lambda person: (folded(person.listed), person.id))[:limit]

    def alike(self, entry: PersonRegistered) -> list[PersonState]:
        """Those with the same birth date and a like name, the same number, or the very same name."""
        name = set(folded(f"{entry.given} {entry.family} {entry.text}").split())
        numbers = {(one.system, one.value) for one in entry.identifiers}
        found: dict[str, PersonState] = {}
        with self._lock:
            for person in self._people.values():
                other = set(folded(person.name).split())
                born = person.birth_date == entry.birth_date and bool(name & other)
                numbered = any((one["system"], one["value"]) in numbers for one in person.identifiers)
                if born or numbered or name == other:
                    found[self._whole(person).id] = self._whole(person)
        return sorted(found.values(), key=lambda person: person.id)

    def _whole(self, person: PersonState) -> PersonState:
        """Under whom somebody's record is read; whoever was merged into a record that is gone, under themselves."""
        while person.merged_into in self._people:
            person = self._people[person.merged_into]
        return person

    def _take(self, person: PersonState, name: str) -> None:
        if person.erased_at:
            self._people.pop(name, None)
            self._words.pop(name, None)
            return
        born = person.birth_date.isoformat() if person.birth_date else ""
        numbers = " ".join(one["value"].replace(" ", "") for one in person.identifiers)
        text = f"{person.given} {person.family} {person.text} {born} {numbers} {person.phone.replace(' ', '')}"
        self._people[name], self._words[name] = person, tuple(folded(text).split())


def folded(text: str) -> str:
    """Without accents and case, so that Muller finds Müller."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))
