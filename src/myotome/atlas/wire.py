"""What a page needs of a plate besides its picture: targets and regions as small JSON."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from myotome.atlas.curve import flatten
from myotome.atlas.hits import Target, skin_targets, targets
from myotome.atlas.library import plate
from myotome.atlas.outline import as_drawn, cubics_of
from myotome.atlas.plate import Plate

FINE = 2  # coordinates are sent in halves of a sheet unit
TOLERANCE = 0.45  # thousandths of body height that a sent outline may differ from the drawn one


def pointed(name: str, layer: str) -> dict[str, Any]:
    """The targets of a plate at a layer as they are sent: muscles and levels, then skin patches."""
    chosen = plate(name)
    return {
        "plate": name,
        "layer": layer,
        "fine": FINE,
        "parts": [_target(t, chosen) for t in targets(name, layer)],
        "skins": [_target(t, chosen) for t in skin_targets(name)],
    }


def plate_json(name: str) -> dict[str, Any]:
    """A plate's title, view, layers and regions."""
    chosen = plate(name)
    body = as_drawn(chosen)
    regions = []
    for region in chosen.regions:
        ring = flatten(cubics_of(region.ring, chosen, body, f"{name}: region '{region.name}'"), 2)
        regions.append(
            {
                "name": region.name,
                "plate": region.plate,
                "view": region.view,
                "midline": region.midline,
                "ring": [round(float(v)) for v in ring.ravel()],
            }
        )
    return {
        "id": name,
        "title": chosen.title,
        "facing": chosen.facing,
        "view": chosen.view,
        "scale": chosen.scale,
        "layers": chosen.layers,
        "regions": regions,
    }


def _target(target: Target, chosen: Plate) -> dict[str, Any]:
    seen = _rings(target.seen, chosen, 1.0)
    sent: dict[str, Any] = {"kind": target.kind, "name": target.name, "depth": target.depth, "seen": seen}
    if target.all.area > 1.01 * target.seen.area:
        sent["all"] = _rings(target.all, chosen, 2.0)
    return sent


def _rings(area: BaseGeometry, chosen: Plate, coarse: float) -> list[list[int]]:
    out = []
    for part in shapely.get_parts(area):
        if part.geom_type == "Polygon" and part.area > 0.2 * chosen.scale**2:
            simple = part.simplify(coarse * TOLERANCE * chosen.scale)
            for ring in (simple.exterior, *simple.interiors):
                out.append([round(float(v) * FINE) for v in shapely.get_coordinates(ring)[:-1].ravel()])
    return out
