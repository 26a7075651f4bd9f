"""Which limb a site belongs to and which roots reach it, from the anatomical tables, never from names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from myotome.anatomy.parts import Supply
from myotome.anatomy.tables import anatomy
from myotome.care.examination.tables import special_tests
from myotome.care.examination.vocabulary import Site
from myotome.errors import FactError
from myotome.facts.kept import Table, kept
from myotome.facts.tables import rows

HERE = "myotome.care.screening"


@kept
def limbs() -> Mapping[str, str]:
    """The limb of every region, of every segment and of every sign that has neither, by name.

    Raises:
        FactError: one of them stands in two limbs.
    """
    found: dict[str, str] = {}
    for where, row, _ in rows(HERE, "patterns", "limb"):
        for part in (*row["regions"], *row["segments"], *row["signs"]):
            if part in found:
                raise FactError(f"{where}: '{part}' is also in '{found[part]}'. Keep one limb for it.")
            found[part] = row["name"]
    return Table(found)


@cache
def regions_of(site: Site) -> tuple[str, ...]:
    """The regions a site lies in, the one that holds most of it first; empty where no table says."""
    body = anatomy()
    if site.kind == "muscle":
        return (body.muscles[site.name].region,)
    if site.kind == "group":
        return _most(body.muscles[name].region for name in body.groups[site.name].members)
    if site.kind == "patch":
        return (body.areas[body.patches[site.name].area].region,)
    if site.kind == "area":
        return (body.areas[site.name].region,)
    if site.kind == "test" and site.name in special_tests():
        return (special_tests()[site.name].region,)
    return ()


@cache
def limb_of(site: Site) -> str:
    """The limb of a site, empty where it has none: by its own name, its region, or its roots."""
    if site.name in limbs():
        return limbs()[site.name]
    if site.kind == "reflex":
        arc = anatomy().reflexes[site.name].supplies
        return next(iter(_most(limbs().get(s.supply, "") for s in arc if s.role == "main")), "")
    if site.kind == "group":
        members = anatomy().groups[site.name].members
        return next(iter(_most(limb_of(Site("muscle", name)) for name in members)), "")
    return limbs().get(next(iter(regions_of(site)), ""), "")


@cache
def roots_of(site: Site) -> frozenset[str]:
    """The segments that supply a site as main or secondary; empty where the tables name none."""
    body = anatomy()
    supplies: tuple[Supply, ...] = ()
    if site.kind == "muscle":
        supplies = body.muscles[site.name].innervation
    elif site.kind == "reflex":
        supplies = body.reflexes[site.name].supplies
    elif site.kind == "patch":
        supplies = body.patches[site.name].supplies
    elif site.kind == "group":
        supplies = tuple(s for name in body.groups[site.name].members for s in body.muscles[name].innervation)
    return frozenset(s.supply for s in supplies if s.role in ("main", "secondary") and s.supply in body.segments)


def _most(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name, _ in Counter(names).most_common())
