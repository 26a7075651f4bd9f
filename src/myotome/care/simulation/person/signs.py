"""What an examiner who never errs finds on a simulated person, one look at a time.

The mechanism speaks of muscles and roots. Strength, tenderness, taut bands, range, coolness of skin and pain come from
its readings. It has no reflex arc and no sensory nerve: those are judged from the irritation of their roots, by data
rows. Of anything else (wasting, special tests, tender joints, skin signs other than coolness) it says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from myotome.anatomy.innervation import profile, root_weights
from myotome.anatomy.parts import Area, Supply
from myotome.anatomy.tables import anatomy
from myotome.care.explanation.likelihoods import SIDES
from myotome.care.simulation.person.body import HERE, Body, numbers, paraspinal_name
from myotome.care.simulation.routine import Item
from myotome.facts.kept import kept
from myotome.facts.tables import rows
from myotome.mechanism import readings
from myotome.mechanism.network import Floats
from myotome.mechanism.parameters import reading_table
from myotome.mechanism.state import ROOT, SHORTENING, State

MUSCULAR = ("muscle", "group", "paraspinal")  # the kinds of site that are muscle


@dataclass(frozen=True, slots=True)
class Seen:
    """A result in the words of a case file, whether it is a sign of something, and a measure beside it."""

    result: str
    is_sign: bool
    measured: Mapping[str, Any] = field(default_factory=dict)


@kept
def grades() -> tuple[tuple[float, int], ...]:
    """(least strength in %, MRC grade), strongest first."""
    return tuple((float(row["least"]), int(row["mrc"])) for _, row, _ in rows(HERE, "read-off", "grade"))


@dataclass(frozen=True, eq=False)
class Simulated:
    """One person of a state of the mechanism: what can be seen of every muscle and level, by number."""

    body: Body
    state: State

    @classmethod
    def of(cls, body: Body, state: State, person: int) -> Simulated:
        """One of the people of ``state``."""
        one = slice(person, person + 1)
        return cls(body, State(state.muscles[..., one], state.levels[..., one]))

    @cached_property
    def strength(self) -> Floats:
        """(muscles,) % of full."""
        return readings.strength(self.state)[:, 0]

    @cached_property
    def threshold(self) -> Floats:
        """(muscles,) pressure-pain threshold as a share of a healthy one's."""
        return readings.threshold(self.body.network, self.state)[:, 0] / reading_table()["threshold_healthy"].value

    @cached_property
    def shortening(self) -> Floats:
        """(muscles,) 0 to 1."""
        return self.state.muscles[SHORTENING, :, 0]

    @cached_property
    def skin(self) -> Floats:
        """(muscles,) change of skin temperature, °C."""
        return readings.skin(self.state)[:, 0]

    @cached_property
    def pain(self) -> Mapping[tuple[str, str], float]:
        """Pain 0 to 10 by region and side."""
        drive = readings.by_region(self.body.network, readings.drive(self.body.network, self.state))
        return dict(zip(self.body.regions, map(float, readings.pain(drive)[:, 0]), strict=True))

    def irritation(self, roots: Mapping[str, float], side: str) -> float:
        """Irritation of roots on a side, averaged by their weights."""
        total = sum(roots.values())
        each = ((self.state.levels[ROOT, self.body.level(s, side), 0], weight) for s, weight in roots.items())
        return float(sum(irritated * weight for irritated, weight in each) / total) if total else 0.0

    def muscles_at(self, item: Item) -> list[int]:
        """Numbers of the muscles that a look is at; none where they have cranial nerves only."""
        name, kind = item.site.name, item.site.kind
        if kind == "paraspinal":
            names: tuple[str, ...] = (paraspinal_name(name),)
        else:
            names = anatomy().groups[name].members if kind == "group" else (name,)
        without = set(self.body.without_roots)
        return [self.body.muscle(n, side) for side in _sides(item) for n in names if n not in without]

    def look(self, item: Item) -> Seen | None:
        """What is found; None where the mechanism cannot say."""
        return _LOOKS[item.sign](self, item) if item.sign in _LOOKS else None


def painful_areas(whom: Simulated) -> dict[tuple[str, str], float]:
    """For each region and side that hurts the area that fits its irritated roots best, with its pain 0 to 10."""
    found = {}
    for (region, side), pain in whom.pain.items():
        areas = [a for a in anatomy().areas.values() if a.region == region and a.segments]
        if pain >= numbers()["hurts from"] and areas:
            best = max(areas, key=lambda area: _fits(whom, area, side))
            found[best.name, side] = pain
    return found


def _fits(whom: Simulated, area: Area, side: str) -> tuple[float, bool, int]:
    """How well an area fits: each root felt there counts half of the one before; then the narrower one."""
    rank = sum(whom.irritation({s: 1.0}, side) / 2.0**n for n, s in enumerate(area.segments))
    within = bool(area.part_of) and anatomy().areas.get(area.part_of, area).region == area.region
    return round(rank, 6), within, -len(area.segments)


def _sides(item: Item) -> tuple[str, ...]:
    return SIDES if item.side == "both" else (item.side,)


def _strength(whom: Simulated, item: Item) -> Seen | None:
    at = whom.muscles_at(item)
    if not at:
        return None
    # The muscles of a group pull together.
    percent = float(whom.strength[at].mean())
    grade = next((mrc for least, mrc in grades() if percent >= least), 0)
    return Seen("normal" if grade == 5 else "weak", grade < 5, {"grade": grade})


def _tenderness(whom: Simulated, item: Item) -> Seen | None:
    at = whom.muscles_at(item) if item.site.kind in MUSCULAR else []
    return _present(bool(whom.threshold[at].min() < numbers()["tender below"])) if at else None


def _tightness(whom: Simulated, item: Item) -> Seen | None:
    at = whom.muscles_at(item)
    return _present(bool(whom.shortening[at].max() >= numbers()["taut from"])) if at else None


def _reflex(whom: Simulated, item: Item) -> Seen | None:
    roots = _roots(whom, anatomy().reflexes[item.site.name].supplies)
    if not roots:
        return None
    irritated = max(whom.irritation(roots, side) for side in _sides(item))
    if irritated >= numbers()["reflex absent from"]:
        return Seen("absent", True)
    return Seen("reduced", True) if irritated >= numbers()["reflex reduced from"] else Seen("normal", False)


def _sensation(whom: Simulated, item: Item) -> Seen | None:
    patch = anatomy().patches.get(item.site.name)
    roots = _roots(whom, patch.supplies) if patch else {}
    if not roots:
        return None
    numb = max(whom.irritation(roots, side) for side in _sides(item)) >= numbers()["numb from"]
    return Seen("reduced" if numb else "normal", numb)


def _skin(whom: Simulated, item: Item) -> Seen | None:
    if item.site.kind != "segment":
        return None
    at = [whom.body.muscle(paraspinal_name(item.site.name), side) for side in _sides(item)]
    cool = bool(whom.skin[at].min() <= -numbers()["cool from"])
    return Seen("coolness" if cool else "absent", cool)


def _range(whom: Simulated, item: Item) -> Seen | None:
    """The tightest muscle of the region, of the roots whose muscles limit the movement, holds it back."""
    movement = anatomy().movements[item.site.name]
    here = {(anatomy().areas[movement.area].region, side) for side in _sides(item)}
    at = [
        m
        for m, number in enumerate(whom.body.network.region)
        if whom.body.regions[number] in here and _share(whom.body, m, movement.segments) >= numbers()["limb share"]
    ]
    if not at or movement.normal_degrees <= 0.0:
        return None
    percent = float(readings.movement_range(whom.shortening[at]).min())
    degrees = round(movement.normal_degrees * percent / 100.0, 1)
    limited = degrees < movement.limited_below
    return Seen("limited" if limited else "normal", limited, {"value": degrees})


def _pain(whom: Simulated, item: Item) -> Seen | None:
    area = anatomy().areas.get(item.site.name)
    pains = {side: whom.pain.get((area.region, side)) for side in _sides(item)} if area else {}
    told = [
        pain
        for side, pain in pains.items()
        if pain is not None and pain >= numbers()["hurts from"] and _is_felt(whom, item.site.name, side)
    ]
    if not pains or None in pains.values():
        return None
    return Seen("present", True, {"intensity": round(max(told))}) if told else Seen("absent", False)


def _is_felt(whom: Simulated, area: str, side: str) -> bool:
    first = anatomy().areas[area].segments[:1]
    enough = first and whom.irritation({first[0]: 1.0}, side) >= numbers()["felt from"]
    return bool(enough) or (area, side) in painful_areas(whom)


def _present(is_there: bool) -> Seen:
    return Seen("present" if is_there else "absent", is_there)


def _roots(whom: Simulated, supplies: tuple[Supply, ...]) -> dict[str, float]:
    spinal = tuple(s for s in supplies if s.supply in anatomy().segments)
    believed = profile(whom.body.profile)
    return {s: w.weight for s, w in root_weights(spinal, believed).items()} if spinal else {}


def _share(body: Body, muscle: int, segments: Iterable[str]) -> float:
    side = body.muscles[muscle][1]
    return float(sum(body.network.supply[muscle, body.level(s, side)] for s in segments))


_LOOKS: Mapping[str, Callable[[Simulated, Item], Seen | None]] = {
    "strength": _strength,
    "tenderness": _tenderness,
    "taut band": _tightness,
    "shortening": _tightness,
    "reflex": _reflex,
    "sensation": _sensation,
    "trophic": _skin,
    "range": _range,
    "pain": _pain,
}
