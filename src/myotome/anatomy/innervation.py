"""How strongly each root supplies a part, as the sources of a profile see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from myotome.anatomy.parts import Supply
from myotome.errors import UnknownNameError
from myotome.facts.kept import Table, kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import rows, sources

SERIES = frozenset({"surgery", "EMG", "stimulation"})


@dataclass(frozen=True, slots=True)
class Profile:
    """Which kinds of source are believed, and how much."""

    name: str
    plain: str
    trust: Mapping[str, float]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Roles:
    """What a role is worth where no series counts it, and how firmly that is held."""

    value: Mapping[str, float]
    held_as: float
    negligible: float


@dataclass(frozen=True, slots=True)
class Strength:
    """A weight 0..1 with the number of examinations it is worth (for its uncertainty)."""

    weight: float
    worth: float


@kept
def profiles() -> Mapping[str, Profile]:
    """The profiles by name; the first is the default."""
    found = {}
    for _, row, provenance in rows("myotome.anatomy", "profiles", "profile"):
        trust = Table({str(k): float(v) for k, v in row["trust"].items()})
        found[row["name"]] = Profile(row["name"], row["plain"], trust, provenance)
    return Table(found)


@kept
def roles() -> Roles:
    """What main, secondary, minor, absent and (in a series) unlisted are worth."""
    _, row, _ = next(iter(rows("myotome.anatomy", "profiles", "roles")))
    value = {name: float(row[name]) for name in ("main", "secondary", "minor", "absent", "unlisted")}
    return Roles(Table(value), float(row["held_as"]), float(row["negligible"]))


def profile(name: str) -> Profile:
    """The profile of that name.

    Raises:
        UnknownNameError: there is none.
    """
    known = profiles()
    if name not in known:
        raise UnknownNameError(f"Profile '{name}' is unknown. Use one of: {', '.join(known)}.", tuple(known))
    return known[name]


def root_weights(supplies: tuple[Supply, ...], chosen: Profile) -> dict[str, Strength]:
    """Weight of each supply (root or nerve), averaged over the sources that speak of it.

    A chart that lists the part without a root says that the root is absent; a series of patients
    that does not name it says little, and nothing at all of roots it did not study. So disputed
    roots stay between 0 and 1. Where the profile trusts none of the sources, all count alike.
    """
    believed = [s for s in supplies if chosen.trust.get(s.basis, 0.0) > 0.0] or list(supplies)
    by_source: dict[tuple[str, str], dict[str, Supply]] = defaultdict(dict)
    for row in believed:
        by_source[row.provenance.source, row.basis][row.supply] = row
    named = list(dict.fromkeys(s.supply for s in believed))
    result: dict[str, Strength] = {}
    for supply in named:
        weight = total = worth = 0.0
        for (source, basis), listed in by_source.items():
            if supply not in listed and not _speaks_of(source, supply):
                continue
            trust = chosen.trust.get(basis, 0.0) or 1.0
            if supply not in listed and basis in SERIES:
                trust, value, count = trust / 2, roles().value["unlisted"], 0.0
            else:
                value, count = _value(listed.get(supply))
            weight, total, worth = weight + trust * value, total + trust, worth + count
        mean = weight / total
        if mean >= roles().negligible:
            result[supply] = Strength(mean, worth)
    return result


def _speaks_of(source: str, supply: str) -> bool:
    known = sources().get(source)
    return known is None or not known.covers or supply in known.covers


def _value(row: Supply | None) -> tuple[float, float]:
    table = roles()
    if row is None:
        return table.value["absent"], table.held_as
    value = table.value[row.role]
    if row.abnormal is None or row.tested is None:
        return value, table.held_as
    # Beta posterior mean with the role as prior: 4 of 4 is not certainty.
    return (row.abnormal + table.held_as * value) / (row.tested + table.held_as), row.tested + table.held_as
