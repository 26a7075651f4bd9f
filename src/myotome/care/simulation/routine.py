"""What an examiner may look at for a complaint, and what is left out this time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from numpy.random import Generator

from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Complaint
from myotome.care.examination.tables import special_tests, trophic_kinds
from myotome.care.examination.vocabulary import Site, resolve
from myotome.care.explanation.likelihoods import SIDES
from myotome.facts.kept import Table, kept
from myotome.facts.tables import rows

HERE = "myotome.care.simulation"
SPINE = "spine"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be looked at: sign, site, side, the region of the body, and its results."""

    sign: str
    site: Site
    side: str
    region: str
    results: tuple[str, ...]
    midline: bool = False

    @property
    def name(self) -> tuple[str, str, str]:
        """Unique in one examination."""
        return self.sign, self.site.name, self.side


RESULTS: Mapping[str, tuple[str, ...]] = {
    "strength": ("weak", "normal"),
    "reflex": ("absent", "reduced", "brisk", "normal"),
    "sensation": ("reduced", "normal"),
    "range": ("limited", "normal"),
    "test": ("positive", "negative"),
}


@kept
def routines() -> Mapping[str, dict[str, Any]]:
    """The rows of routines by limb."""
    return Table({row["limb"]: row for _, row, _ in rows(HERE, "routines", "routine")})


@kept
def habits() -> Mapping[str, float]:
    """How examinations vary."""
    ((_, row, _),) = rows(HERE, "routines", "habit")
    return Table({k: float(v) for k, v in row.items() if isinstance(v, int | float)})


@kept
def _limbs() -> Mapping[str, tuple[str, ...]]:
    return Table({row["name"]: tuple(row["segments"]) for _, row, _ in rows("myotome.anatomy", "limbs", "limb")})


def limb_of(area: str) -> str:
    """The limb that serves most of the roots felt in an area."""
    felt = anatomy().areas[area].segments
    return max(_limbs(), key=lambda name: sum(s in _limbs()[name] for s in felt))


def item(sign: str, kind: str, name: str, side: str, region: str, midline: bool = False) -> Item:
    """An item with the results its sign can have; a midline one is looked at once, on both sides."""
    if sign == "trophic":
        results: tuple[str, ...] = (next(iter(trophic_kinds())), "absent")
    else:
        results = RESULTS.get(sign, ("present", "absent"))
    return Item(sign, Site(kind, name), "both" if midline else side, region, results, midline)


@lru_cache(maxsize=512)
def candidates(area: str, side: str) -> tuple[tuple[Item, ...], tuple[Item, ...], tuple[Item, ...]]:
    """All that bears on a complaint: always considered, tests and movements to choose among, elsewhere."""
    row, other = routines()[limb_of(area)], routines()["elsewhere"]
    fixed = [*_of_row(row, side), *_levels(area, side), *_pains(area, side), *_places(area, side)]
    chosen = [*_tests(area, side), *_movements(area, side), *_local_muscles(area, side)]
    return _once(fixed), _once(chosen), _once(_of_row(other, side))


def _once(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple({i.name: i for i in items}.values())


def _of_row(row: Mapping[str, Any], side: str) -> list[Item]:
    body = anatomy()

    def region(name: str) -> str:
        muscle = name if name in body.muscles else body.groups[name].members[0]
        return body.muscles[muscle].region

    def muscle(sign: str, name: str) -> Item:
        return item(sign, "muscle" if name in body.muscles else "group", name, side, region(name))

    found = [muscle("strength", name) for name in row["strength"]]
    found += [item("reflex", "reflex", name, side, where) for name, where in row["reflexes"]]
    found += [
        item("sensation", "patch", name, side, body.areas[body.patches[name].area].region) for name in row["skin"]
    ]
    return found + [muscle("tenderness", name) for name in row["muscles"]]


def _levels(area: str, side: str) -> list[Item]:
    """The levels felt in the area and their neighbours, by hand and by eye."""
    order = list(anatomy().segments)
    felt = [order.index(s) for s in anatomy().areas[area].segments[:5]]
    near = sorted({n + step for n in felt for step in (-1, 0, 1) if 0 <= n + step < len(order)})
    found = [item("tenderness", "paraspinal", order[n], side, SPINE) for n in near]
    found += [item("taut band", "paraspinal", order[n], side, SPINE) for n in felt[:3]]
    found += [item("trophic", "segment", order[n], side, SPINE) for n in felt[:3]]
    return found + [item("tenderness", "place", f"facet joint {order[n]}", side, SPINE) for n in felt[:2]]


def _pains(area: str, side: str) -> list[Item]:
    body = anatomy()
    near = [a for a in body.areas.values() if a.region == body.areas[area].region][:4]
    return [item("pain", "area", a.name, side, a.region) for a in (body.areas[area], *near)]


def _places(area: str, side: str) -> list[Item]:
    """Tender places of the area, those that a case file can name."""
    body = anatomy()
    near = [p for p in body.places.values() if not p.per_segment and p.area == area and _nameable(p.name)]
    return [item("tenderness", "place", p.name, side, body.areas[area].region) for p in near[:4]]


def _nameable(place: str) -> bool:
    return Site("place", place) in resolve("tenderness", place)


def _causes(area: str) -> list[str]:
    return [c.name for c in anatomy().local.values() if area in c.areas]


def _tests(area: str, side: str) -> list[Item]:
    """Tests for a local cause, nerve or root that may be felt in the area."""
    here = anatomy().areas[area]
    wanted = {("local", c) for c in _causes(area)} | {("nerve", n) for n in here.nerves}
    wanted |= {("segments", s) for s in here.segments[:4]}
    return [
        item("test", "test", test.name, side, test.region, test.midline)
        for test in special_tests().values()
        if wanted & {(target.kind, name) for target in test.detects for name in target.names}
    ]


def _movements(area: str, side: str) -> list[Item]:
    body, causes = anatomy(), set(_causes(area))
    return [
        item("range", "movement", m.name, side, body.areas[m.area].region, m.midline)
        for m in body.movements.values()
        if m.area == area or causes & set(m.local)
    ]


def _local_muscles(area: str, side: str) -> list[Item]:
    body = anatomy()
    names = dict.fromkeys(m for c in _causes(area) for m in body.local[c].muscles if m in body.muscles)
    return [item("tenderness", "muscle", name, side, body.muscles[name].region) for name in names]


def routine(whom: Complaint, rng: Generator) -> list[Item]:
    """One examiner's list for a complaint, before anything is left out."""
    area, side = str(whom.area), str(whom.side)
    fixed, chosen, elsewhere = candidates(area, side)
    found = list(fixed)
    for sign, limit in (("test", "tests"), ("range", "movements"), ("tenderness", "muscles")):
        found += _some([i for i in chosen if i.sign == sign], int(habits()[limit]), rng)
    found = list(_once(found))
    compared = [i for i in found if not i.midline and i.sign != "pain" and rng.random() < habits()["other_side"]]
    opposite = SIDES[1 - SIDES.index(side)]
    found += [Item(i.sign, i.site, opposite, i.region, i.results) for i in compared]
    size = rng.integers(int(habits()["routine_least"]), int(habits()["routine_most"]) + 1)
    return _some(list(_once([*found, *elsewhere])), int(size), rng)


def _some(items: list[Item], most: int, rng: Generator) -> list[Item]:
    return [items[n] for n in rng.permutation(len(items))[:most]]


Missing = Callable[[list[Item], Complaint, Generator], list[Item]]


def at_random(items: list[Item], whom: Complaint, rng: Generator) -> list[Item]:
    """Leave out a share of the items, each as likely as any other."""
    habit = habits()
    share = rng.uniform(habit["missing_least"], habit["missing_most"])
    left = round((1.0 - share) * len(items))
    return _some(items, int(min(max(left, habit["fewest"]), habit["most"])), rng)


def by_region(items: list[Item], whom: Complaint, rng: Generator) -> list[Item]:
    """Leave out a whole region, or everything outside the painful one, chosen by a coin."""
    painful = anatomy().areas[str(whom.area)].region
    if rng.random() < 0.5:
        return _some([i for i in items if i.region == painful], int(habits()["most"]), rng)
    regions = sorted({i.region for i in items})
    left_out = regions[int(rng.integers(len(regions)))]
    return at_random([i for i in items if i.region != left_out], whom, rng)
