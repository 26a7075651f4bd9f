"""When one person's record may be destroyed: the clinic's period over what was recorded of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from myotome.clinic.people_index import folded
from myotome.clinic.retention.periods import Period, RetentionError, due, period_of
from myotome.clinic.shelf import Shelf
from myotome.clinic.states import Asked, PersonState
from myotome.facts.tables import sources

SHORTEST_WORD = 3  # letters of a name that are looked for in a text
PAGE = 1000


@dataclass(frozen=True, slots=True)
class Due:
    """When a person's record may be destroyed, and by which rule.

    ``first_day`` is None where it cannot be worked out; ``trouble`` then says why. ``asked`` where somebody asked.
    """

    person: str
    name: str
    last_entry: datetime.date
    first_day: datetime.date | None
    rule: str
    source: str
    trouble: str = ""
    asked: Asked | None = None
    is_due: bool = False


class Term:
    """The rule of the clinic's place, over the people on a shelf."""

    def __init__(self, shelf: Shelf, today: datetime.date) -> None:
        """Reads once when each person's last visit was written to."""
        self.shelf, self.today = shelf, today
        settings = shelf.clinic()
        self.zone, self.trouble = ZoneInfo(settings.zone), ""
        self.period: Period | None = None
        try:
            self.period = period_of(settings.place)
        except RetentionError as error:
            self.trouble = str(error)
        self.visits: Mapping[str, str] = shelf.reading.latest("visit")

    def of(self, person: PersonState) -> Due:
        """When this record, duplicates and all, may be destroyed."""
        group = [person, *(self.shelf.person(name) for name in self.shelf.together(person)[1:])]
        last = max(self._last(one) for one in group)
        first, trouble = None, self.trouble
        if self.period is not None:
            try:
                first = due(self.period, last, person.birth_date, self.today)
            except RetentionError as error:
                trouble = str(error)
        told = (self.period.in_words, source_of(self.period)) if self.period else ("", "")
        is_due = first is not None and first <= self.today
        return Due(person.id, person.name, last, first, *told, trouble, person.erasure, is_due)

    def everybody(self) -> Iterator[PersonState]:
        """Everybody whose record is kept; duplicates count with the record they were merged into."""
        seen = 0
        while found := self.shelf.reading.changed("person", seen, PAGE):
            for _, state, position in found:
                seen = position
                if not state.get("erased_at") and not state.get("merged_into"):
                    yield PersonState.model_validate(state)

    def _last(self, person: PersonState) -> datetime.date:
        """The day of the last entry: of a visit, a consent or its withdrawal, or the registration."""
        moments = [person.registered_at, self.visits.get(person.id, "")]
        moments += [moment for one in person.consents for moment in (one.recorded_at, one.withdrawn_at)]
        return datetime.datetime.fromisoformat(max(moments)).astimezone(self.zone).date()


def source_of(period: Period) -> str:
    """What the rule says where it was read, and where that is."""
    told = []
    for rule in (period.adult, period.child):
        known = sources().get(rule.provenance.source)
        told.append(f"{rule.says} {known.citation if known else rule.provenance.source}")
    return " ".join(dict.fromkeys(told))


def names_somebody(text: str, people: list[PersonState]) -> bool:
    """Whether a text holds a name, number or address of one of these people."""
    words = set(_words(text))
    run = "".join(folded(text).split())
    for one in people:
        name = {word for word in _words(f"{one.given} {one.family} {one.text}") if len(word) >= SHORTEST_WORD}
        born = one.birth_date.isoformat() if one.birth_date else ""
        told = [born, one.phone, one.email, *(number["value"] for number in one.identifiers)]
        if words & name or any(part and "".join(folded(part).split()) in run for part in told):
            return True
    return False


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in folded(text)).split()
