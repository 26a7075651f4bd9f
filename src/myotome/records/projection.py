"""What screens read: states folded from events, kept encrypted, remade by one command."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from myotome.records.event import Event

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A state by kind (such as ``visit``) and id."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Folded:
    """A state after an event: whose it is, how it is sorted among others, the key that it is kept with."""

    state: State
    person: str = ""
    sort: str = ""
    key: str = "clinic"


class Projector(Protocol):
    """How events become states; pure, so that the same events always give the same states.

    ``edition`` changes whenever the states would come out differently: then they are remade.
    """

    edition: str

    def places(self, event: Event) -> Iterable[Place]:
        """The states that an event changes."""
        ...

    def fold(self, place: Place, state: Mapping[str, Any] | None, event: Event) -> Folded | None:
        """The state after the event; None where it is thrown away."""
        ...
