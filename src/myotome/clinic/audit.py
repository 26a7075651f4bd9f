"""The audit trail: everything that was done, by whom, from where, to whose record, in words; and is it still whole?"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from myotome.clinic.actor import Actor
from myotome.clinic.audit_words import sentence
from myotome.clinic.entries.kinds import read
from myotome.clinic.permissions import allowed
from myotome.clinic.practice import Practice
from myotome.clinic.shelf import Shelf
from myotome.clinic.verified import Verified, verified
from myotome.errors import MissingError
from myotome.records.event import Event

MOST = 500  # lines of a page
AT_THE_MACHINE = "Somebody at the machine"
NOBODY = {"server": AT_THE_MACHINE, "console": AT_THE_MACHINE, "nobody": "Somebody unknown"}


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One entry of the trail. ``at`` is in the clinic's zone, ``when`` the same in words; ``what`` reads after ``who``.

    ``person_name`` is empty where the viewer may not see people, and once the person was erased.
    """

    position: int
    at: datetime.datetime
    when: str
    who: str
    author: str
    device: str
    kind: str
    what: str
    person: str
    person_name: str
    visit: str


class Audit:
    """The trail of a clinic."""

    def __init__(self, practice: Practice, heads: Path | None = None) -> None:
        """``heads`` is the folder of exported heads: ``verify`` compares with those too."""
        self.practice, self.heads = practice, heads

    def trail(
        self,
        actor: Actor,
        person: str | None = None,
        author: str | None = None,
        kinds: Sequence[str] = (),
        before: int | None = None,
        limit: int = 50,
    ) -> list[TrailLine]:
        """The newest lines first; ``before`` is the position of the last line of the page before.

        Looking at one person's trail is itself in it.

        Raises:
            AccessError: this person may not.
        """
        limit = max(1, min(limit, MOST))
        kept = person if person and self._is_kept(person) else ""
        with self.practice.looking(actor, "see audit", "audit trail" if kept else "", kept) as shelf:
            events = shelf.entries(
                person=person, author=author, kinds=tuple(kinds), before=before, newest=True, limit=limit
            )
            wording = _Wording(shelf, names=allowed(actor.roles, "see people"))
            return [wording.line(event) for event in events]

    def of_person(self, actor: Actor, person: str, before: int | None = None, limit: int = 50) -> list[TrailLine]:
        """The trail of one person, also one who was erased: then acts are left, and ids.

        Raises:
            AccessError: this person may not.
        """
        return self.trail(actor, person=person, before=before, limit=limit)

    def verify(self, actor: Actor, heads: Sequence[str] = ()) -> Verified:
        """Whether the whole record is as it was recorded, also against ``heads``: POSITION:HASH, or a head file's text.

        Raises:
            AccessError: this person may not.
            RecordError: a head is none, or another clinic's.
        """
        with self.practice.looking(actor, "verify record"):
            pass  # allowed; every row is then read in a transaction of its own
        return verified(self.practice.ledger, heads, self.heads)

    def _is_kept(self, person: str) -> bool:
        with self.practice.within() as shelf:
            try:
                shelf.person(person)
            except MissingError:
                return False
            return True


class _Wording:
    """What the lines of one page have in common: the zone, and the names of staff, devices and people."""

    def __init__(self, shelf: Shelf, *, names: bool) -> None:
        self.shelf, self.names = shelf, names
        self.zone = ZoneInfo(shelf.clinic().zone)
        self.staff = {name: one.name for name, one in shelf.staff().items()}
        self.devices = {name: one.name for name, one in shelf.devices().items()}
        self.people: dict[str, str] = {"": ""}

    def line(self, event: Event) -> TrailLine:
        """An event in words."""
        at = datetime.datetime.fromisoformat(event.received).astimezone(self.zone)
        entry = None if event.body is None else read(event.kind, event.version, event.body)
        return TrailLine(
            position=event.position,
            at=at,
            when=f"{at:%Y-%m-%d %H:%M:%S}",
            who=self.called(event.author),
            author=event.author,
            device=self.called(event.device),
            kind=event.kind,
            what=sentence(event.kind, entry, self.called),
            person=event.person,
            person_name=self._person(event.person) if self.names else "",
            visit=event.visit,
        )

    def called(self, name: str) -> str:
        """The name of a member of staff or a device; the id of one that is not known."""
        return self.staff.get(name) or self.devices.get(name) or NOBODY.get(name, name)

    def _person(self, name: str) -> str:
        if name not in self.people:
            self.people[name] = _or_nothing(lambda: self.shelf.person(name).name)
        return self.people[name]


def _or_nothing(told: Callable[[], str]) -> str:
    try:
        return told()
    except MissingError:
        return ""
