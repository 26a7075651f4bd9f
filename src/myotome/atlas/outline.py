"""Shapes placed on a body: outlines as curves and polygons, once for each plate and body."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from myotome.atlas.coons import Sheet, sheet_of
from myotome.atlas.curve import Floats, beziers, flatten
from myotome.atlas.frames import Body
from myotome.atlas.plate import Plate, Region, Shape, Skin
from myotome.atlas.ring import Ring
from functools import lru_cache


@dataclass(frozen=True)
class Outline:
    """One placed outline, in sheet units, the person's right side (or midline)."""

    shape: Shape | Skin | Region
    cubics: Floats

    @cached_property
    def polygon(self) -> Floats:
        """The outline as points, shape (n, 2)."""
        return flatten(self.cubics)

    @cached_property
    def sheet(self) -> Sheet | None:
        """The fibre sheet; None for a ring without direction."""
        ring = self.shape.ring
        return sheet_of(self.cubics, tuple(map(len, ring.sides))) if ring.has_direction else None


def cubics_of(ring: Ring, plate: Plate, body: Body, where: str) -> Floats:
    """The curve of ``ring`` on ``body``: shape (points, 4, 2)."""
    places = [plate.binding.place(point, body, where) for point in ring.points]
    return beziers(np.array(places, dtype=float), [point.corner for point in ring.points])


def outlines(plate: Plate, body: Body) -> dict[str, Outline]:
    """Every shape of ``plate`` on ``body`` by its id, deep to superficial."""
    return {s.id: Outline(s, cubics_of(s.ring, plate, body, f"{plate.id}: '{s.id}'")) for s in plate.shapes}


def as_drawn(plate: Plate) -> Body:
    """The body of the sheet itself: the ordinary adult of the measures."""
    return Body(plate.binding.sheet)


@lru_cache(maxsize=None)
def drawn(name: str) -> dict[str, Outline]:
    """The outlines of the plate ``name`` on the body of its sheet."""
    from myotome.atlas.plate import plate  # noqa: PLC0415  # by name only

    chosen = plate(name)
    return outlines(chosen, as_drawn(chosen))
