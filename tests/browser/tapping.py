"""Where to tap for each muscle: the opening tap on the whole figures, the layer, and the muscle itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import shapely

from myotome.anatomy.tables import anatomy
from myotome.atlas.compiled import place_on
from myotome.atlas.curve import flatten
from myotome.atlas.library import plate, plate_ids
from myotome.atlas.outline import as_drawn, cubics_of
from myotome.atlas.visible import widest

STAGE = (812, 690)  # about what both tablet positions leave for the figure, in pixels
EDGE = 24  # pixels from the edge of the picture; nearer than that nobody aims
FIGURES = ("front", "back", "side")


@dataclass(frozen=True)
class Opening:
    """What a first tap on the page opens: a window of a plate, by a ``region`` of ``figure`` or by its button."""

    plate: str
    view: tuple[float, ...]
    figure: str = ""
    region: str = ""
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True)
class Aim:
    """A muscle's place: the opening, the layer and the sheet place on which a fingertip has most room."""

    muscle: str
    opening: Opening
    layer: str
    x: float
    y: float
    pixels: float


@lru_cache(maxsize=2)
def openings(side: str) -> tuple[Opening, ...]:
    """Every first tap that leads to the person's ``side``: regions of the whole figures, then the plates' buttons.

    The figure seen from the side, and the buttons of plates that show one side, give the right.
    """
    found = []
    for figure in FIGURES:
        chosen = plate(figure)
        if side == "left" and not chosen.mirrored:
            continue
        for region in chosen.regions:
            ring = flatten(cubics_of(region.ring, chosen, as_drawn(chosen), region.name))
            x, y, _ = widest(shapely.make_valid(shapely.Polygon(ring)))
            view = region.view or plate(region.plate).view
            if side == "left" and region.midline and not plate(region.plate).mirrored:
                continue
            found.append(Opening(region.plate, tuple(view), figure, region.name, x, y))
    buttons = [name for name in plate_ids() if side == "right" or plate(name).mirrored]
    # Buttons first: of two ways to the same view a finger takes the larger target.
    return (*(Opening(name, plate(name).view) for name in buttons), *found)


@lru_cache(maxsize=2)
def aims(side: str) -> tuple[Aim, ...]:
    """The best aim for every muscle of a side, in the order of the tables."""
    best: dict[str, Aim] = {}
    for opening in openings(side):
        chosen = plate(opening.plate)
        left, top, width, height = opening.view
        pixel = min(STAGE[0] / width, STAGE[1] / height)
        edge = EDGE / pixel
        here = {shape.name for shape in chosen.shapes if shape.kind == "muscle"} & set(anatomy().muscles)
        for layer in chosen.layers:
            for muscle in here:
                x, y, radius, seen = place_on(opening.plate, layer, "muscle", muscle) or (0, 0, 0, False)
                if seen and left + edge < x < left + width - edge and top + edge < y < top + height - edge:
                    pixels = radius * pixel
                    if muscle not in best or pixels > best[muscle].pixels:
                        best[muscle] = Aim(muscle, opening, layer, x, y, pixels)
    return tuple(best[muscle] for muscle in anatomy().muscles if muscle in best)
