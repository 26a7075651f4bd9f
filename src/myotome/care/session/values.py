"""The values that a set of entries holds: for each key its heads, one or several that differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from myotome.care.session.keys import ACTS, ANSWERED, KEYS, UNCHANGED, Key, apart, place_of
from myotome.care.session.links import covered, standing
from myotome.care.session.noted import Noted, in_order

CAREFUL = ("yes", "not asked", "no")  # of two answers that differ the first counts
CONSENT = "consent"  # where yes is the daring answer


@dataclass(frozen=True, slots=True)
class Value:
    """What stands under one key: the newest entries, of which none had seen the others."""

    kind: str
    key: Key
    heads: tuple[Noted, ...]

    @property
    def conflict(self) -> bool:
        """Whether the heads say different things."""
        return len(self.heads) > 1 and len({head.says for head in self.heads}) > 1

    @property
    def body(self) -> Mapping[str, Any]:
        """What the first head says."""
        return self.heads[0].body

    @property
    def differing(self) -> tuple[Noted, ...]:
        """The first head of each different statement."""
        seen: dict[str, Noted] = {}
        for head in self.heads:
            seen.setdefault(head.says, head)
        return tuple(seen.values())


@dataclass(frozen=True, slots=True)
class Values:
    """All values by kind and key; ``entries`` are those that stand, ``late`` those that came after the signature."""

    entries: tuple[Noted, ...]
    late: tuple[Noted, ...]
    found: Mapping[str, Mapping[Key, Value]]

    def one(self, kind: str, key: Key = "") -> Value | None:
        """The value, or None where nothing stands."""
        return self.all(kind).get(key)

    def all(self, kind: str) -> Mapping[Key, Value]:
        """Every value of a kind by its key."""
        return self.found.get(kind, {})

    @property
    def conflicts(self) -> tuple[Value, ...]:
        """Every value whose heads differ."""
        return tuple(value for kind in sorted(self.found) for value in self.found[kind].values() if value.conflict)

    def answers(self) -> dict[str, str]:
        """The screening answers; of several that differ, the more careful one."""
        said: dict[str, set[str]] = {}
        carried = self.one(UNCHANGED)
        for head in carried.heads if carried else ():
            told = head.body.get("answers")
            for item, answer in told.items() if isinstance(told, Mapping) else ():
                said.setdefault(item, set()).add(str(answer))
        for item, own in self.all(ANSWERED).items():
            said[str(item)] = {head.word("answer") for head in own.heads}
        return {item: careful(item, said[item]) for item in sorted(said)}


def values(entries: Iterable[Noted]) -> Values:
    """The values of the entries, in whatever order they come. Late ones change nothing."""
    return values_of(in_order(entries))


def values_of(every: tuple[Noted, ...]) -> Values:
    """The values of entries that are in order already, each once."""
    early = tuple(entry for entry in every if not entry.late)
    stand = standing(early)
    ids = {entry.id for entry in stand}
    kinds: dict[str, list[Noted]] = {}
    for entry in early:
        kinds.setdefault(entry.kind, []).append(entry)
    found = {kind: _values_of(kind, listed, ids) for kind, listed in kinds.items()}
    return Values(stand, tuple(entry for entry in every if entry.late), found)


def careful(item: str, answers: Iterable[str]) -> str:
    """Of several answers to one item the one that counts."""
    order = CAREFUL[::-1] if item == CONSENT else CAREFUL
    given = set(answers)
    return next((answer for answer in order if answer in given), "not asked")


def _values_of(kind: str, listed: list[Noted], ids: set[str]) -> dict[Key, Value]:
    if kind in ACTS:
        return {entry.id: Value(kind, entry.id, (entry,)) for entry in listed if entry.id in ids}
    found = {}
    if kind not in KEYS:
        for begun, thread in _threads(listed, ids).items():
            if heads := _heads(thread, ids):
                found[begun] = Value(kind, begun, heads)
        return found
    for place, group in _by_place(listed).items():
        for key, heads in apart(place, _heads(group, ids)).items():
            found[key] = Value(kind, key, heads)
    return found


def _by_place(listed: list[Noted]) -> dict[Key, list[Noted]]:
    groups: dict[Key, list[Noted]] = {}
    for entry in listed:
        groups.setdefault(place_of(entry), []).append(entry)
    return groups


def _heads(group: list[Noted], ids: set[str]) -> tuple[Noted, ...]:
    stand = [entry for entry in group if entry.id in ids]
    if len(stand) < 2:
        return tuple(stand)
    under, _ = covered({entry.id: entry.ids("replaces") for entry in group}, ids)
    return tuple(entry for entry in stand if entry.id not in under)


def _threads(listed: list[Noted], ids: set[str]) -> dict[Key, list[Noted]]:
    """The entries of a list with what replaces them, each thread under the id that it began with."""
    links = {entry.id: entry.ids("replaces") for entry in listed}
    _, counts = covered(links, ids)
    beside: dict[str, set[str]] = {one: set() for one in links}
    for one in counts:
        for target in set(links[one]) & set(links) - {one}:
            beside[one].add(target)
            beside[target].add(one)
    groups: dict[Key, list[Noted]] = {}
    place: dict[str, str] = {}
    for one in links:
        if one not in place:
            thread = _reached(one, beside)
            begun = [each for each in thread if not thread & set(links[each]) - {each}]
            place.update(dict.fromkeys(thread, min(begun or thread)))
    for entry in listed:
        groups.setdefault(place[entry.id], []).append(entry)
    return groups


def _reached(one: str, beside: Mapping[str, set[str]]) -> set[str]:
    found, ends = {one}, [one]
    while ends:
        more = beside[ends.pop()] - found
        found |= more
        ends.extend(more)
    return found
