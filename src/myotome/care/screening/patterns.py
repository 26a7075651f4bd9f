"""Patterns of findings with a name: what counts is data, how it must be spread is here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from myotome.care.examination.tables import signs
from myotome.care.examination.vocabulary import resolve
from myotome.care.screening.places import limbs, roots_of
from myotome.care.screening.view import CaseView, Seen
from myotome.errors import FactError, UnknownNameError
from myotome.facts.kept import Table, kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import rows

HERE = "myotome.care.screening"
SIDES = ("left", "right")
MOST_SAID = 4


@dataclass(frozen=True, slots=True)
class What:
    """What counts for a pattern; an empty field asks nothing."""

    sign: str
    results: frozenset[str]
    limbs: frozenset[str]
    regions: frozenset[str]
    names: frozenset[str]
    grade_at_most: float | None

    def __contains__(self, seen: Seen) -> bool:
        return (
            seen.sign == self.sign
            and seen.result in self.results
            and (not self.limbs or seen.limb in self.limbs)
            and (not self.regions or not self.regions.isdisjoint(seen.regions[:1]))
            and (not self.names or seen.site.name in self.names)
            and (self.grade_at_most is None or (seen.grade is not None and seen.grade <= self.grade_at_most))
        )


@dataclass(frozen=True, slots=True)
class Pattern:
    """A named pattern of findings."""

    name: str
    says: str
    kind: str
    what: tuple[What, ...]
    also: tuple[What, ...]
    unless: tuple[What, ...]
    limbs: tuple[str, ...]
    count: int
    only_one: bool
    provenance: Provenance
    reviewed_by: str

    def holds(self, view: CaseView) -> str | None:
        """The sentence of what makes it hold, or None."""
        if _found(self.unless, view):
            return None
        made = tuple(dict.fromkeys(seen.text for seen in _SPREAD[self.kind](self, view)))
        more = f"; and {len(made) - MOST_SAID} more" if len(made) > MOST_SAID else ""
        return f"{self.says} ({'; '.join(made[:MOST_SAID])}{more})" if made else None


@kept
def patterns() -> Mapping[str, Pattern]:
    """The patterns by name.

    Raises:
        FactError: an unknown kind, sign, limb or site, or a name used twice.
    """
    found: dict[str, Pattern] = {}
    for where, row, provenance in rows(HERE, "patterns", "pattern"):
        if row["kind"] not in _SPREAD or row["name"] in found:
            raise FactError(
                f"{where}: kind '{row['kind']}' or a second row of this name. Kinds are {', '.join(_SPREAD)}."
            )
        found[row["name"]] = Pattern(
            name=row["name"],
            says=row["says"],
            kind=row["kind"],
            what=_whats(row["what"], where),
            also=_whats(row["also"], where),
            unless=_whats(row["unless"], where),
            limbs=tuple(row["limbs"]),
            count=int(row["count"]),
            only_one=bool(row["only_one"]),
            provenance=provenance,
            reviewed_by=row["reviewed_by"],
        )
    return Table(found)


def _whats(listed: Iterable[Mapping[str, Any]], where: str) -> tuple[What, ...]:
    return tuple(_what(row, where) for row in listed)


def _what(row: Mapping[str, Any], where: str) -> What:
    sign = row["sign"]
    strange = set(row.get("limbs", ())) - set(limbs().values())
    if sign not in signs() or strange:
        raise FactError(f"{where}: sign '{sign}' or limbs {sorted(strange)} are not known. Correct the row.")
    try:
        names = frozenset(resolve(sign, name)[0].name for name in row.get("names", ()))
    except UnknownNameError as error:
        raise FactError(f"{where}: {error} Correct the row.") from None
    return What(
        sign,
        frozenset(row["results"]),
        frozenset(row.get("limbs", ())),
        frozenset(row.get("regions", ())),
        names,
        row.get("grade_at_most"),
    )


def _found(what: Iterable[What], view: CaseView) -> list[Seen]:
    return [seen for seen in view.seen if any(seen in part for part in what)]


def _on(found: Iterable[Seen], side: str, limb: str | None = None) -> list[Seen]:
    return [s for s in found if side in s.sides and limb in (None, s.limb)]


def _any(pattern: Pattern, view: CaseView) -> list[Seen]:
    return _found(pattern.what, view)


def _both_sides(pattern: Pattern, view: CaseView) -> list[Seen]:
    found = _found(pattern.what, view)
    there = dict.fromkeys(seen.limb for seen in found)
    both = [limb for limb in there if all(_on(found, side, limb) for side in SIDES)]
    if not both or not set(pattern.limbs) <= set(both):
        return []
    return [seen for seen in found if seen.limb in both]


def _one_side(pattern: Pattern, view: CaseView) -> list[Seen]:
    found = _found(pattern.what, view)
    whole = [side for side in SIDES if all(_on(found, side, limb) for limb in pattern.limbs)]
    if not whole or (pattern.only_one and len(whole) > 1):
        return []
    return [seen for seen in found if set(whole) & set(seen.sides)]


def _same_limb(pattern: Pattern, view: CaseView) -> list[Seen]:
    made: list[Seen] = []
    also = _found(pattern.also, view)
    for seen in _found(pattern.what, view):
        beside = [other for side in seen.sides for other in _on(also, side, seen.limb)]
        made.extend([seen, *beside] if beside else [])
    return made


def _several_limbs(pattern: Pattern, view: CaseView) -> list[Seen]:
    found = _found(pattern.what, view)
    few = len({(seen.limb, side) for seen in found for side in seen.sides}) < pattern.count
    # Both knees, or both shoulders, weak and thin are the joints' own doing.
    one_joint = pattern.also and not _found(pattern.also, view) and len({seen.regions[:1] for seen in found}) == 1
    return [] if few or one_joint else found


def _level(pattern: Pattern, view: CaseView) -> list[Seen]:
    band, below = _found(pattern.what, view), _found(pattern.also, view)
    if band and (all(_on(band, side) for side in SIDES) or all(_on(below, side) for side in SIDES)):
        return band + below
    return []


def _many_roots(pattern: Pattern, view: CaseView) -> list[Seen]:
    found = [seen for seen in _found(pattern.what, view) if roots_of(seen.site)]
    many = all(_on(found, side) and not _shared(_on(found, side)) for side in SIDES)
    return found if many else []


def _shared(found: Iterable[Seen]) -> frozenset[str]:
    return frozenset.intersection(*(roots_of(seen.site) for seen in found))


_SPREAD: dict[str, Callable[[Pattern, CaseView], list[Seen]]] = {
    "any": _any,
    "both sides": _both_sides,
    "one side": _one_side,
    "same limb": _same_limb,
    "several limbs": _several_limbs,
    "level": _level,
    "many roots": _many_roots,
}
