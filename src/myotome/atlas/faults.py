"""Faults of a drawing, each as a sentence that names the shape and the remedy."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import shapely
from shapely import LinearRing

from myotome.atlas.attachments import missed
from myotome.atlas.library import plate
from myotome.atlas.outline import drawn
from myotome.atlas.visible import GRID, mirrored, silhouette, visible, whole

BARE = 0.02  # share of the silhouette that may show no structure
OUTSIDE = 0.004  # share of the silhouette that shapes may stand out of it
UNEVEN = 0.02  # share of a midline shape that its mirror may miss


def crossings(name: str) -> list[str]:
    """Rings that cross themselves."""
    return [
        f"{name}: the ring of '{key}' ({outline.shape.name}) crosses itself. Put its points in order round the shape."
        for key, outline in drawn(name).items()
        if not LinearRing(outline.polygon).is_simple
    ]


def unknown(name: str, known: Mapping[str, Collection[str]]) -> list[str]:
    """Muscles, levels and skin patches that ``known`` does not list under their kind."""
    chosen = plate(name)
    named = [(s.kind, s.name) for s in chosen.shapes if s.kind in known] + [("patch", s.name) for s in chosen.skins]
    return [f"{name}: no {kind} is called '{what}'." for kind, what in dict.fromkeys(named) if what not in known[kind]]


def uneven(name: str) -> list[str]:
    """Shapes across the midline that are not their own mirror image."""
    chosen = plate(name)
    found = []
    for shape in chosen.shapes:
        if chosen.mirrored and shape.midline:
            area = whole(name)[shape.id]
            off = shapely.symmetric_difference(area, mirrored(area), grid_size=GRID).area
            if off > UNEVEN * area.area:
                found.append(f"{name}: '{shape.id}' crosses the midline but its halves differ. Mirror its points.")
    return found


def bare(name: str, layer: str) -> float:
    """Share of the silhouette in which no muscle, bone or tissue is seen at ``layer``."""
    chosen, seen = plate(name), visible(name, layer)
    base = sum(seen[s.id].area for s in chosen.shown(layer) if s.layer == "base")
    total = silhouette(name).area / (2 if chosen.mirrored else 1)
    return float(base / total)


def outside(name: str) -> float:
    """Share of the silhouette's area that shapes stand out of it."""
    everything = shapely.union_all(list(whole(name).values()), grid_size=GRID)
    return float(shapely.difference(everything, silhouette(name), grid_size=GRID).area / silhouette(name).area)


def faults(name: str, known: Mapping[str, Collection[str]], ends: Mapping[str, tuple[str, str]]) -> list[str]:
    """Everything wrong with a plate."""
    found = crossings(name) + unknown(name, known) + uneven(name)
    found += [str(end) for end in missed(name, ends)[0]]
    share = bare(name, plate(name).layers[0])
    if share > BARE:
        found.append(f"{name}: {share:.1%} of the body shows nothing at the surface; at most {BARE:.0%}. Fill it.")
    if outside(name) > OUTSIDE:
        found.append(f"{name}: shapes stand {outside(name):.1%} out of the silhouette; widen it or draw within it.")
    return found
