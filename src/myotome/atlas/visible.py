"""What is seen of each shape when those above it are laid over it: the planar partition, derived with shapely."""

from __future__ import annotations

import math
from functools import lru_cache

import shapely
from shapely import Polygon
from shapely.affinity import scale
from shapely.geometry.base import BaseGeometry

from myotome.atlas.library import plate, unions
from myotome.atlas.outline import Outline, as_drawn, drawn, drawn_skins, window

HALF = shapely.box(0, -1e5, 1e5, 1e5)
GRID = 0.05  # sheet units; far finer than a line, and keeps the overlays robust


def area_of(outline: Outline) -> BaseGeometry:
    """The area a shape covers, mended where its ring touches itself."""
    return _areal(shapely.set_precision(_areal(shapely.make_valid(Polygon(outline.polygon))), GRID))


def _areal(found: BaseGeometry) -> BaseGeometry:
    """Only the parts that have an area."""
    if found.geom_type in ("Polygon", "MultiPolygon"):
        return found
    return shapely.union_all([p for p in shapely.get_parts(found) if p.geom_type in ("Polygon", "MultiPolygon")])


def mirrored(area: BaseGeometry) -> BaseGeometry:
    """The same on the other side of the midline."""
    return scale(area, -1, 1, origin=(0, 0))


@lru_cache(maxsize=64)
def whole(name: str) -> dict[str, BaseGeometry]:
    """The whole area of every shape of the plate, the person's right side."""
    return {key: _cut(area_of(outline), outline, name) for key, outline in drawn(name).items()}


def _cut(area: BaseGeometry, outline: Outline, name: str) -> BaseGeometry:
    """The area without what sticks out of the window of a set-in plate."""
    inset = getattr(outline.shape, "inset", None)
    if inset is None:
        return area
    frame = Polygon(window(inset, as_drawn(plate(name))))
    return _areal(shapely.intersection(area, frame, grid_size=GRID))


@lru_cache(maxsize=64)
def visible(name: str, layer: str) -> dict[str, BaseGeometry]:
    """What is seen of each shape at ``layer``; on mirrored plates of the right half."""
    chosen, areas = plate(name), whole(name)
    shown = chosen.shown(layer)
    halves = [_areal(shapely.intersection(areas[s.id], HALF)) for s in shown]
    placed = halves if chosen.mirrored else [areas[s.id] for s in shown]
    tree = shapely.STRtree(placed)
    seen = {}
    for order, (shape, area) in enumerate(zip(shown, placed, strict=True)):
        above = [placed[n] for n in tree.query(area, predicate="intersects") if n > order]
        if above:
            # Only what is near matters; the union of whole neighbours would take twice as long.
            over = shapely.union_all([_areal(p) for p in shapely.clip_by_rect(above, *area.bounds)])
            seen[shape.id] = _areal(shapely.difference(area, over))
        else:
            seen[shape.id] = area
    return seen


def widest(area: BaseGeometry) -> tuple[float, float, float]:
    """Middle and radius of the largest circle that fits into the largest piece of an area."""
    piece = max((p for p in shapely.get_parts(area) if isinstance(p, Polygon)), key=lambda p: float(p.area))
    (x, y), (rx, ry) = shapely.get_coordinates(shapely.maximum_inscribed_circle(piece))
    return float(x), float(y), float(math.hypot(rx - x, ry - y))


@lru_cache(maxsize=64)
def silhouette(name: str) -> BaseGeometry:
    """The body's outline: the union of the base shapes, both sides where both are drawn."""
    chosen = plate(name)
    base = shapely.union_all([whole(name)[s.id] for s in chosen.shapes if s.layer == "base"], grid_size=GRID)
    return shapely.union(base, mirrored(base), grid_size=GRID) if chosen.mirrored else base


@lru_cache(maxsize=64)
def skins(name: str) -> dict[str, BaseGeometry]:
    """The skin patches of the plate inside the silhouette, the person's right side."""
    inside = silhouette(name)
    found: dict[str, BaseGeometry] = {}
    for patch, outline in drawn_skins(name):
        area = _areal(shapely.intersection(_cut(area_of(outline), outline, name), inside, grid_size=GRID))
        found[patch] = shapely.union(found[patch], area, grid_size=GRID) if patch in found else area
    return found


@lru_cache(maxsize=256)
def skin_area(name: str, patch: str) -> BaseGeometry | None:
    """The area of a skin patch, or of one that gathers others, on a plate; None where no part of it is drawn there."""
    drawn_here = [skins(name)[part] for part in unions().get(patch, (patch,)) if part in skins(name)]
    return shapely.union_all(drawn_here, grid_size=GRID) if drawn_here else None
