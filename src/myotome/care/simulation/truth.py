"""What is true of a simulated person, in the words of an explanation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from myotome.care.explanation.likelihoods import SIDES
from myotome.care.explanation.partition import Row
from myotome.care.simulation.people import Person

KIND_ONLY = ("polyneuropathy", "generalised", "local", "none")  # rows whose probability is that of their kind


@dataclass(frozen=True, slots=True)
class Truth:
    """The row that is true, and the parts it was made from, each a pair (left, right)."""

    kind: str
    names: tuple[str, ...]
    side: str | None
    deficient: tuple[tuple[str, ...], tuple[str, ...]]
    irritated: tuple[tuple[str, ...], tuple[str, ...]]
    lesions: tuple[tuple[str, ...], tuple[str, ...]]
    local: tuple[tuple[str, ...], tuple[str, ...]]


def truth(person: Person, examined: Collection[tuple[int, int]] = ()) -> Truth:
    """The true row by the precedence of the partition.

    ``examined`` (side, fact): a muscle's own local cause counts only where the muscle was looked at.
    """
    deficient, irritated = _segments(person, person.model.deficient), _segments(person, 1)
    lesions = _pair([person.model.lesions[k].names for k in person.lesions])
    local = _pair([_causes(person, s) for s in (0, 1)])
    kind = _kind(person, deficient, irritated, lesions, local, examined)
    names, side = _words(kind, deficient, irritated, lesions, local)
    return Truth(kind, names, side, deficient, irritated, lesions, local)


def _kind(
    person: Person,
    deficient: tuple[tuple[str, ...], ...],
    irritated: tuple[tuple[str, ...], ...],
    lesions: tuple[tuple[str, ...], ...],
    local: tuple[tuple[str, ...], ...],
    examined: Collection[tuple[int, int]],
) -> str:
    kinds = ["root" for held in deficient if held]
    kinds += [person.model.lesions[k].kind for k in person.lesions if k]
    if kinds:
        return kinds[0] if len(kinds) == 1 and kinds[0] != "pair" else "multiple"
    if any(irritated):
        return "irritation"
    if person.whole:
        return "polyneuropathy" if person.whole >= 2 else "generalised"
    own = any(person.private.get(seen, False) for seen in examined)
    return "local" if any(local) or own else "none"


def _words(
    kind: str,
    deficient: tuple[tuple[str, ...], ...],
    irritated: tuple[tuple[str, ...], ...],
    lesions: tuple[tuple[str, ...], ...],
    local: tuple[tuple[str, ...], ...],
) -> tuple[tuple[str, ...], str | None]:
    if kind == "multiple":
        both = zip(SIDES, deficient, lesions, strict=True)
        return tuple(f"{n} {side}" for side, roots, cut in both for n in (*roots, *cut)), None
    if kind in ("polyneuropathy", "generalised"):
        return (), "both"
    parts = {"root": deficient, "irritation": irritated, "local": local}.get(kind, lesions)
    if kind == "none" or not any(parts):
        return (), None
    names = tuple(dict.fromkeys((*parts[0], *parts[1])))
    return names, "both" if all(parts) else SIDES[int(bool(parts[1]))]


def holds(row: Row, true: Truth) -> bool:
    """Whether what a row's probability speaks of is the case.

    A local row speaks of its kind; :func:`named` asks whether its names are right as well.
    """
    if row.kind != true.kind or row.kind in KIND_ONLY:
        return row.kind == true.kind
    if row.kind == "multiple":
        return sorted(row.names) == sorted(true.names)
    if row.side != true.side:
        return False
    if row.one_of or row.kind == "irritation":
        single = len(true.names) == 1 or row.kind == "irritation"
        return single and set(true.names) <= set(row.names)
    return sorted(row.names) == sorted(true.names)


def named(row: Row, true: Truth) -> bool:
    """Whether a row holds and, for a local cause, one of its names is at work on its side."""
    if row.kind != "local" or not holds(row, true):
        return holds(row, true)
    here = [true.local[s] for s, side in enumerate(SIDES) if row.side in (side, "both")]
    return any(name in causes for causes in here for name in row.names)


def _segments(person: Person, state: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names = person.model.segments
    return _pair([tuple(n for n, held in zip(names, row, strict=False) if held == state) for row in person.states])


def _causes(person: Person, s: int) -> tuple[str, ...]:
    model = person.model
    return tuple(
        name
        for name, cause in model.local.items()
        if person.states[s, model.tree.variable_index[cause.variable]] == cause.state
    )


def _pair(found: list[tuple[str, ...]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    left, right = found
    return left, right
