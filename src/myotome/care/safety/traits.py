"""Traits of a person that rules and needles turn on: age, build, this visit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from myotome.care.examination.case import Build, Case
from myotome.errors import FactError
from myotome.facts.kept import Table, kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import rows

HERE = "myotome.care.safety"
MEASURES = ("age", "body mass index")
BUILDS = {"lean build": "lean", "large build": "large"}
SEXES = ("female", "male")
AGE_UNKNOWN = "age not known"
BUILD_UNKNOWN = "build not known"


@dataclass(frozen=True, slots=True)
class Trait:
    """A measure of the person at least ``low`` and below ``high``."""

    name: str
    measure: str
    low: float
    high: float
    provenance: Provenance


@kept
def traits() -> Mapping[str, Trait]:
    """The traits with their limits.

    Raises:
        FactError: an unknown measure, or limits in the wrong order.
    """
    found = {}
    for where, row, provenance in rows(HERE, "traits", "trait"):
        if row["measure"] not in MEASURES or not row["low"] < row["high"]:
            raise FactError(f"{where}: measure '{row['measure']}' or limits are wrong. Use {', '.join(MEASURES)}.")
        found[row["name"]] = Trait(row["name"], row["measure"], row["low"], row["high"], provenance)
    return Table(found)


def body_mass_index(build: Build) -> float | None:
    """Kilograms over metres squared, or None where one of the two was not measured."""
    if build.height_cm is None or build.weight_kg is None:
        return None
    return build.weight_kg / (build.height_cm / 100) ** 2


def traits_of(case: Case) -> tuple[str | None, tuple[tuple[str, str], ...]]:
    """The build (lean, average, large; None where not measured), and the traits with what says so."""
    index, age = body_mass_index(case.build), case.person.age
    found = tuple(_measured(age, index))
    names = [BUILDS[name] for name, _ in found if name in BUILDS]
    return (None if index is None else names[0] if names else "average"), (*found, *_of_this_visit(case, index))


def _measured(age: float | None, index: float | None) -> Iterator[tuple[str, str]]:
    for trait in traits().values():
        value = age if trait.measure == "age" else index
        if value is not None and trait.low <= value < trait.high:
            yield trait.name, f"{trait.measure} {value:.3g}"


def _of_this_visit(case: Case, index: float | None) -> Iterator[tuple[str, str]]:
    if case.person.sex in SEXES:
        yield case.person.sex, case.person.sex
    if case.person.age is None:
        yield AGE_UNKNOWN, "the age was not said"
    if index is None:
        yield BUILD_UNKNOWN, "height or weight was not measured"
    if case.visit.number in (None, 1):
        yield "first visit", "the first visit" if case.visit.number else "the number of the visit was not said"
    if case.visit.needle_fear == "yes":
        yield "needle fear", "afraid of needles"
    if case.visit.last_reaction not in ("none", "not asked"):
        yield "reacted before", f"after the last needling: {case.visit.last_reaction}"
