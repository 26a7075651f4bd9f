"""Harms of needling as different studies report them, side by side, and why they differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from myotome.anatomy.tables import anatomy
from myotome.care.evidence.claims import HERE
from myotome.errors import FactError
from myotome.facts.kept import kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import rows

UNITS = ("treatments", "patients")
REPORTERS = ("practitioners", "patients", "practitioners and patients", "trial staff")
BASES = {100: "100", 1_000: "1,000", 10_000: "10,000", 100_000: "100,000", 1_000_000: "a million"}
NO_RATE = "known from reports of single cases; how often it happens is not known"
# A share is told of the smallest base that holds about one of it.
_ABOUT_ONE = 0.95


@dataclass(frozen=True, slots=True)
class Harm:
    """One harm in one study; ``per_100`` is empty where no rate is known, ``n`` 0 where the page does not print it."""

    name: str
    plain: str
    per_100: tuple[float, ...]
    unit: str
    n: int
    reported_by: str
    regions: frozenset[str]
    serious: bool
    reviewed_by: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Why:
    """One reason why studies of harms differ."""

    text: str
    provenance: Provenance


@kept
def harms() -> tuple[Harm, ...]:
    """Every row of the table, in its order: studies of one harm stand together.

    Raises:
        FactError: an unknown unit, reporter or region, or a rate that is no range within 0 and 100.
    """
    known = {area.region for area in anatomy().areas.values()}
    found: list[Harm] = []
    for where, row, provenance in rows(HERE, "harms", "harm"):
        rate, strange = tuple(float(share) for share in row["per_100"]), sorted(set(row["regions"]) - known)
        if row["unit"] not in UNITS or row["reported_by"] not in REPORTERS or strange:
            raise FactError(
                f"{where}: unit '{row['unit']}', reported by '{row['reported_by']}', regions {strange}. Units are "
                f"{', '.join(UNITS)}; reporters {', '.join(REPORTERS)}; regions those of the areas. Correct the row."
            )
        if len(rate) not in (0, 2) or list(rate) != sorted(rate) or any(not 0 <= share <= 100 for share in rate):
            raise FactError(f"{where}: per_100 is {list(rate)}. Give the lowest and highest of 100, or [] for no rate.")
        found.append(
            Harm(
                row["name"],
                row["plain"],
                rate,
                row["unit"],
                int(row["n"]),
                row["reported_by"],
                frozenset(row["regions"]),
                bool(row["serious"]),
                row["reviewed_by"],
                provenance,
            )
        )
    return tuple(found)


@kept
def reasons() -> tuple[Why, ...]:
    """Why the studies differ, in reading order."""
    return tuple(Why(row["text"], provenance) for _, row, provenance in rows(HERE, "harms", "why"))


def for_regions(regions: Iterable[str]) -> tuple[Harm, ...]:
    """The harms that can happen at any of these regions, those of anywhere included."""
    wanted = frozenset(regions)
    return tuple(harm for harm in harms() if not harm.regions or harm.regions & wanted)


def in_words(harm: Harm) -> str:
    """One line: how often, of what, and who reported it."""
    if not harm.per_100:
        return f"{NO_RATE}."
    low, high = harm.per_100
    often = f"about {_share(low)}" if low < 100 else "all"
    if low < high:
        often = (
            f"between {_share(low)} and {_share(high)}" if low else f"none seen, which allows for up to {_share(high)}"
        )
    size = f"{harm.n:,} {harm.unit}, " if harm.n else ""
    return f"{often} {harm.unit} ({size}reported by {harm.reported_by})."


def in_range(same: Iterable[Harm]) -> str:
    """How often one harm was seen by whoever counted least and most, or that nobody knows."""
    rates = [rate for harm in same for rate in harm.per_100]
    if not rates:
        return f"{NO_RATE}."
    low, high = min(rates), max(rates)
    most = "nearly all" if high >= 100 else _share(high)
    if low == high:
        return f"about {most}."
    if not low:
        return f"none seen in some studies, up to {most} in others."
    return f"from {_share(low)} to {most}, as different studies counted."


def _share(per_100: float) -> str:
    base = next((b for b in BASES if per_100 * b / 100 >= _ABOUT_ONE), max(BASES))
    return f"{per_100 * base / 100:.0f} in {BASES[base]}"
