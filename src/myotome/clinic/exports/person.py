"""A person's record as open JSON: states, and every event with what is needed to check it (docs/reference/export.md).

Nothing of anybody else is in it. A visit that was moved away gives only that an entry was moved. Of a visit that was
moved here, the id of the record it came from and the reason, which may name somebody, are withheld.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import asdict
from typing import Any

from myotome.clinic.shelf import Shelf
from myotome.clinic.states import PersonState, VisitState
from myotome.records.chain import Head
from myotome.records.event import Event
from myotome.records.witness import Witness, witnesses

FORMAT, VERSION = "myotome person record", 1
WITHHELD = "withheld"
MOVED = "visit.moved"
# What may name another person, by kind: ids are withheld where they are of somebody else, reasons always with them.
NAMING = {MOVED: "to", "person.merged": "into", "person.unmerged": "was", "person.parted": "other"}
OF_VISITS = ("since", "from_visit")  # what names another visit: one that was moved may name somebody else's
PAGE = 500


def gathered(shelf: Shelf, people: Sequence[PersonState], visits: Sequence[VisitState]) -> dict[str, Any]:
    """Everything of a person and their duplicates, but for what the clinic says of itself."""
    ours, group = {visit.id for visit in visits}, [one.id for one in people]
    events = {event.position: event for event in _events(shelf, group, ours)}
    theirs = [event for event in events.values() if not event.visit or event.visit in ours]
    proofs = witnesses(shelf.reading, (event.position for event in theirs))
    staff = shelf.staff()
    rows = [_row(event, proofs[event.position], group, ours) for event in sorted(theirs, key=lambda one: one.position)]
    away = sorted(one.position for one in events.values() if one.kind == MOVED and one.visit and one.visit not in ours)
    return {
        "people": [one.model_dump(mode="json", exclude_defaults=True) for one in people],
        "visits": [_visit(shelf, one, group, ours) for one in visits],
        "moved_away": [{"position": position, "received": events[position].received} for position in away],
        "staff": {name: staff[name].name for name in sorted(_authors(theirs)) if name in staff},
        "devices": {name: one.name for name, one in shelf.devices().items() if name in {e.device for e in theirs}},
        "events": rows,
    }


def as_json(clinic: dict[str, Any], exported: dict[str, str], told: dict[str, Any], head: Head) -> bytes:
    """The file."""
    about = {"format": FORMAT, "version": VERSION, "clinic": clinic, "exported": exported}
    whole = {**about, **told, "head": asdict(head)}
    return (json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _events(shelf: Shelf, group: Iterable[str], visits: Iterable[str]) -> Iterator[Event]:
    for wanted in [*({"person": one} for one in group), *({"visit": one} for one in visits)]:
        after = 0
        while found := shelf.entries(**wanted, after=after, limit=PAGE):
            yield from found
            after = found[-1].position


def _row(event: Event, proof: Witness, group: Sequence[str], ours: Set[str]) -> dict[str, Any]:
    header, (body, hidden) = dict(proof.header), _hidden(event.body or {}, ours)
    withheld = [f"body.{name}" for name in hidden]
    if header["person"] not in ("", *group):
        header["person"] = WITHHELD
        withheld.append("header.person")
    other = NAMING.get(event.kind)
    if other and (event.kind == MOVED or body.get(other) not in group):
        for name in (other, "reason"):
            if name in body and body[name] not in group:
                body[name] = WITHHELD
                withheld.append(f"body.{name}")
    chain = {name: value for name, value in asdict(proof).items() if name != "header"}
    row: dict[str, Any] = {"header": header, "body": body, "chain": chain}
    return {**row, "withheld": withheld} if withheld else row


def _hidden(body: Mapping[str, Any], ours: Set[str]) -> tuple[dict[str, Any], list[str]]:
    """A body without the ids of visits that are not of this person, and which fields those were."""
    hidden = [name for name in OF_VISITS if isinstance(body.get(name), str) and body[name] and body[name] not in ours]
    return {**body, **dict.fromkeys(hidden, WITHHELD)}, hidden


def _visit(shelf: Shelf, visit: VisitState, group: Sequence[str], ours: Set[str]) -> dict[str, Any]:
    state = visit.model_dump(mode="json", exclude_defaults=True)
    for move in state.get("moves", ()):
        move["reason"] = WITHHELD
        for name in ("came_from", "to"):
            if move[name] not in group:
                move[name] = WITHHELD
    told: dict[str, Any] = {"state": state}
    if entries := shelf.bedside(visit.id):
        told["bedside"] = [{**asdict(one), "body": _hidden(one.body, ours)[0]} for one in entries]
    for kind in ("explanation", "plan"):
        if (whole := shelf.whole(kind, visit.id)) is not None:
            told[kind] = whole.model_dump(mode="json")
    return told


def _authors(events: Iterable[Event]) -> set[str]:
    return {name for event in events for name in (event.author, (event.body or {}).get("on_behalf", "")) if name}
