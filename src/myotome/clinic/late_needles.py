"""Needles in somebody that came to light after the note was signed: raised until they are accounted for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from myotome.care.session.against import place
from myotome.care.session.late_in import late_in
from myotome.care.session.ledger import Insertion
from myotome.care.session.noted import Noted
from myotome.clinic.actor import Actor
from myotome.clinic.at_bedside import charted_at_bedside
from myotome.clinic.entries.bedside import BedsideEntry
from myotome.clinic.entries.made import made
from myotome.clinic.entries.needling import IncidentWritten, NeedleOut
from myotome.clinic.late_state import LateState
from myotome.clinic.practice import Made, Practice
from myotome.clinic.shelf import Shelf
from myotome.clinic.states import PersonState, VisitState
from myotome.errors import EntryError
from myotome.records.event import Receipt

SETTLED = "Somebody has said already what became of this needle. Read the visit again."
MOST = 500  # more visits with such a needle no clinic has


@dataclass(frozen=True, slots=True)
class LateNeedle:
    """One of them. What it says of the needle is for whoever may read the record."""

    visit: VisitState
    person: PersonState
    insertion: Insertion

    @property
    def where(self) -> str:
        """Point and side."""
        return place(self.insertion)

    @property
    def by(self) -> str:
        """Who noted it."""
        return self.insertion.entry.by

    @property
    def made(self) -> str:
        """When it went in, by its entry."""
        return self.insertion.made

    @property
    def received(self) -> str:
        """When the clinic was told."""
        return self.insertion.entry.received


class LateNeedles:
    """Finds them."""

    def __init__(self, practice: Practice) -> None:
        """``practice`` is the gate to the record."""
        self.practice = practice

    def all(self, actor: Actor) -> tuple[LateNeedle, ...]:
        """Of everybody, the newest first.

        Raises:
            AccessError: this person may not see whom to call.
        """
        with self.practice.looking(actor, "see check-ins") as shelf:
            return tuple(_found(shelf, None))

    def of(self, person: str) -> tuple[LateNeedle, ...]:
        """Of one person, for whoever was let in to see who it is."""
        with self.practice.within() as shelf:
            return tuple(_found(shelf, shelf.together(shelf.person(person))))

    def out(self, actor: Actor, visit: str, insertion: str) -> Receipt:
        """Note that it is out now.

        Raises:
            EntryError: there is no such needle in this visit any more, or the visit was struck.
        """
        return self._ended(actor, visit, insertion, lambda _: NeedleOut(insertions=(insertion,)))

    def incident(self, actor: Actor, visit: str, insertion: str, text: str) -> Receipt:
        """Write what happened where it is not out, or was not found.

        Raises:
            EntryError: there is no such needle in this visit any more, or the text cannot be recorded.
        """
        return self._ended(actor, visit, insertion, lambda one: made(IncidentWritten, text=text, needles=(one.needle,)))

    def _ended(self, actor: Actor, visit: str, insertion: str, entry: Callable[[Insertion], BedsideEntry]) -> Receipt:
        with self.practice.acting(actor, "chart") as desk:
            kept = desk.visit(visit)
            desk.present(actor, "chart", kept.person)
            found = next((one for one in late_in(desk.bedside(visit)) if one.id == insertion), None)
            if found is None:
                raise EntryError(SETTLED)
            at = self.practice.clock().astimezone(ZoneInfo(actor.zone)).isoformat()
            return charted_at_bedside(desk, kept, entry(found), Made(self.practice.names(), at, actor.zone))

    def of_visit(self, visit: str) -> tuple[LateNeedle, ...]:
        """Of one visit, for whoever was let in to read it."""
        with self.practice.within() as shelf:
            return tuple(_in_visit(shelf, visit))


def told(entries: Sequence[Noted]) -> list[dict[str, Any]]:
    """Those of a visit's entries, for the page at the bedside."""
    return [
        {"id": one.id, "needle": one.needle, "point": one.point, "side": one.side, "by": one.entry.by,
         "on_behalf": one.entry.on_behalf, "made": one.made, "received": one.entry.received}
        for one in late_in(entries)
    ]  # fmt: skip


def _found(shelf: Shelf, people: Sequence[str] | None) -> Iterator[LateNeedle]:
    for _, kept in shelf.reading.states("late", people, limit=MOST):
        state = LateState.model_validate(kept)
        if not state.since:
            return  # those with a needle come first
        if shelf.is_kept(state.person):
            yield from _in_visit(shelf, state.visit)


def _in_visit(shelf: Shelf, visit: str) -> Iterator[LateNeedle]:
    kept = shelf.visit(visit)
    if kept.struck or not kept.late:
        return
    for one in late_in(shelf.bedside(visit)):
        yield LateNeedle(kept, shelf.person(kept.person), one)
