"""What makes two entries say something of one thing: the key under which their value stands. As keys.js in the page."""

from __future__ import annotations

from collections.abc import Sequence

from myotome.care.session.noted import Noted

Key = str | tuple[str, ...]
UNCHANGED = "screening.unchanged"
ANSWERED = "screening.answered"
FINDING = "finding.recorded"
# The fields of a body that make its key. Kinds that are not here are lists: each entry, with what replaces it, is one.
KEYS: dict[str, tuple[str, ...]] = {
    ANSWERED: ("item",),
    UNCHANGED: (),
    "case.told": ("part", "field"),
    FINDING: ("sign", "at", "side", "when"),
    "explanation.judged": (),
    "plan.changed": ("point", "side"),
    "plan.ordered": (),
    "plan.taken": (),
    "needle.response": ("insertion",),
    "needle.noted": ("insertion", "what"),
    "sharps.counted": (),
    "score.recorded": ("score", "when"),
    "alongside.recorded": ("what",),
    "aftercare.given": (),
    "followup.planned": (),
}
# Each is an act by itself: it is taken back, never replaced.
ACTS = frozenset({"needle.in", "needle.out", "needles.removed", "entry.taken-back"})
MANIFOLD = "trophic"  # the sign of which several results may be seen at one place
OF_ALL = frozenset({"", "absent", "not tested"})  # but these say something of all of them


def place_of(entry: Noted) -> Key:
    """What it says something of; its own id where its kind is a list."""
    fields = KEYS.get(entry.kind)
    if fields is None:
        return entry.id
    parts = tuple(entry.word(name) or ("before" if name == "when" else "") for name in fields)
    return parts[0] if len(parts) == 1 else parts or ""


def key_of(entry: Noted) -> Key:
    """The key of an entry's value: its place, and for a trophic change which one it is."""
    place, change = place_of(entry), entry.word("result")
    manifold = entry.kind == FINDING and entry.word("sign") == MANIFOLD and change not in OF_ALL
    return (*place, change) if manifold else place


def excludes(one: Key, other: Key) -> bool:
    """Whether what is said under two keys cannot both stand: of one place only different trophic changes can."""
    return one == other or _below(one, other) or _below(other, one)


def _below(place: Key, key: Key) -> bool:
    return len(place) == len(KEYS[FINDING]) and not isinstance(key, str) and key[:-1] == place


def apart(place: Key, heads: Sequence[Noted]) -> dict[Key, tuple[Noted, ...]]:
    """The heads of a place under their keys; under that of the place where one says something of all of them."""
    found: dict[Key, tuple[Noted, ...]] = {}
    for head in heads:
        found[key_of(head)] = (*found.get(key_of(head), ()), head)
    return {place: tuple(heads)} if place in found else found
