"""What a tap may mean: the part seen there, those close by, and those underneath."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from myotome.atlas.library import plate
from myotome.atlas.plate import LAYERS
from myotome.atlas.visible import GRID, skin_area, skins, visible, whole, widest

MOST = 6  # candidates offered at once
SHOWN = 0.04  # share of a part from which it counts as seen
SEEN = 5  # of these, parts seen at the layer where deeper ones are offered too
POINTED = ("muscle", "level")


@dataclass(frozen=True)
class Target:
    """A part that can be pointed at on a plate and layer, the person's right side (or midline).

    ``seen`` is what shows at the layer; ``all`` the whole drawn area; ``depth`` 0 for the topmost layer.
    """

    kind: str
    name: str
    depth: int
    seen: BaseGeometry
    all: BaseGeometry


@dataclass(frozen=True, slots=True)
class Candidate:
    """A part that a tap may mean."""

    kind: str
    name: str
    side: str


@lru_cache(maxsize=64)
def targets(name: str, layer: str) -> tuple[Target, ...]:
    """Everything that can be pointed at, superficial first: muscles and levels, seen or deeper."""
    chosen, seen, areas = plate(name), visible(name, layer), whole(name)
    grouped: dict[tuple[str, str], list[str]] = {}
    for shape in reversed(chosen.shown(layer)):
        if shape.kind in POINTED:
            grouped.setdefault((shape.kind, shape.name), []).append(shape.id)
    depth = {s.id: LAYERS.index(layer) - LAYERS.index(s.layer) for s in chosen.shapes}
    return tuple(
        Target(
            kind,
            part,
            min(depth[i] for i in ids),
            shapely.union_all([seen[i] for i in ids], grid_size=GRID),
            shapely.union_all([areas[i] for i in ids], grid_size=GRID),
        )
        for (kind, part), ids in grouped.items()
    )


@lru_cache(maxsize=64)
def skin_targets(name: str) -> tuple[Target, ...]:
    """The skin patches of a plate as targets."""
    return tuple(Target("patch", patch, 0, area, area) for patch, area in skins(name).items())


def candidates(
    found: tuple[Target, ...], x: float, y: float, reach: float, mirrored: bool, side: str
) -> list[Candidate]:
    """At most six parts that a tap at sheet place (x, y) may mean, likeliest first.

    First what is seen there, then what is seen within ``reach`` (nearest first), then what lies deeper there; last the
    other side of a part already offered, near the midline.

    Args:
        reach: sheet units that a fingertip may miss by.
        mirrored: both sides are drawn, and x is negative on the person's left.
        side: the side of a plate that shows one.
    """
    seen: list[tuple[float, int, Candidate]] = []
    under: list[tuple[float, int, Candidate]] = []
    again: list[tuple[float, int, Candidate]] = []
    for order, target in enumerate(found):
        sides = sorted(((x, "right"), (-x, "left")), reverse=True) if mirrored else [(x, side)]
        for number, (px, who) in enumerate(sides):
            point = shapely.Point(px, y)
            candidate = Candidate(target.kind, target.name, who)
            off = float(shapely.distance(target.seen, point)) if not target.seen.is_empty else np.inf
            if off <= reach:
                (again if number else seen).append((off, order, candidate))
            elif not number and float(shapely.distance(target.all, point)) == 0:
                under.append((0.0, order, candidate))
    first, deeper, other = ([entry[2] for entry in sorted(part, key=lambda e: e[:2])] for part in (seen, under, again))
    room = SEEN if deeper else MOST
    return (first[:room] + deeper + first[room:] + other)[:MOST]


@lru_cache(maxsize=256)
def anchor(name: str, layer: str, kind: str, part: str) -> tuple[float, float, float, bool] | None:
    """The middle of the widest spot of a part: x, y and its radius in sheet units, and whether it is seen at the layer.

    None where the part is not on this plate.
    """
    if kind == "patch":
        area = skin_area(name, part)
        return None if area is None else (*widest(area), True)
    for target in targets(name, layer):
        if (target.kind, target.name) == (kind, part):
            shown = target.seen.area > SHOWN * target.all.area
            return (*widest(target.seen if shown else target.all), shown)
    return None
