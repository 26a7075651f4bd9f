"""What can be read of a clinic, as typed states."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from myotome.care.session.noted import Noted, noted
from myotome.clinic.states import (
    BedsideState,
    ClinicState,
    DeviceState,
    PersonState,
    ReviewState,
    StaffState,
    VisitState,
    WaitingState,
    WholeState,
)
from myotome.errors import MissingError
from myotome.records.event import CLINIC, IDENTIFIER, Event
from myotome.records.reading import Reading

OPENED = "opened"  # drawer: which session opened whose record
MANY = 10_000


class Shelf:
    """One moment of a clinic's record, by what it means."""

    def __init__(self, reading: Reading) -> None:
        """``reading`` is open as long as this is used."""
        self.reading = reading

    def clinic(self) -> ClinicState:
        """The clinic.

        Raises:
            MissingError: it was not founded yet.
        """
        state = self.reading.state("clinic", CLINIC)
        if state is None:
            raise MissingError("This clinic was not founded yet. Start it and make its owner.")
        return ClinicState.model_validate(state)

    def staff(self) -> dict[str, StaffState]:
        """Everybody who works or worked here, by id."""
        return {name: StaffState.model_validate(state) for name, state in self.reading.states("staff", limit=MANY)}

    def devices(self) -> dict[str, DeviceState]:
        """Tablets and desks by id."""
        return {name: DeviceState.model_validate(state) for name, state in self.reading.states("device", limit=MANY)}

    def reviews(self) -> list[ReviewState]:
        """The latest opinion of every row that has one."""
        return [ReviewState.model_validate(state) for _, state in self.reading.states("review", limit=MANY)]

    def person(self, name: str) -> PersonState:
        """A person.

        Raises:
            MissingError: there is none by that id here, or their record was erased.
        """
        state = self._one("person", name)
        if state is None or state.get("erased_at"):
            raise MissingError("There is nobody by that number in this clinic.")
        return PersonState.model_validate(state)

    def _one(self, kind: str, name: str) -> dict[str, Any] | None:
        """A state by an id that somebody may have made up: PostgreSQL does not even take every text in a question."""
        return self.reading.state(kind, name) if IDENTIFIER.fullmatch(name) else None

    def is_kept(self, name: str) -> bool:
        """Whether there is such a person, not erased."""
        state = self._one("person", name)
        return state is not None and not state.get("erased_at")

    def together(self, person: PersonState) -> list[str]:
        """The ids whose records are read as one: the person and merged duplicates, theirs included."""
        found = [person.id]
        for name in found:
            state = self.reading.state("person", name)
            found.extend(one for one in (state or {}).get("merged_from", []) if one not in found)
        return found

    def visit(self, name: str) -> VisitState:
        """A visit.

        Raises:
            MissingError: there is none by that id here.
        """
        state = self._one("visit", name)
        if state is None:
            raise MissingError("There is no such visit in this clinic.")
        return VisitState.model_validate(state)

    def visits(self, people: Sequence[str], limit: int = 50, before: str | None = None) -> list[VisitState]:
        """Visits of people, the latest first."""
        found = self.reading.states("visit", people, limit, before)
        return [VisitState.model_validate(state) for _, state in found]

    def bedside(self, visit: str) -> list[Noted]:
        """The small entries of a visit, in the order in which they came; a device's own order within it."""
        state = self._one("bedside", visit)
        return [noted(one) for one in BedsideState.model_validate(state).entries] if state else []

    def whole(self, kind: str, visit: str) -> WholeState | None:
        """The frozen ``explanation`` or ``plan`` of a visit."""
        state = self.reading.state(kind, visit)
        return None if state is None else WholeState.model_validate(state)

    def waiting(self, limit: int = 50) -> list[WaitingState]:
        """Signed notes that wait for a co-signature, the latest first."""
        found = [WaitingState.model_validate(state) for _, state in self.reading.states("waiting", limit=limit)]
        return [one for one in found if self.is_kept(one.person)]  # a restore may leave a visit of an erased person

    def is_opened(self, session: str, person: str) -> bool:
        """Whether this session opened that record."""
        return self.reading.drawer(OPENED).get(f"{session}:{person}") is not None

    def entries(self, **wanted: object) -> list[Event]:
        """Events, as ``Reading.events`` gives them."""
        return self.reading.events(**wanted)  # type: ignore[arg-type]  # passed through
