"""Shapes placed on a body: outlines as curves and polygons, once for each plate and body."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from myotome.atlas.coons import Sheet, sheet_of
from myotome.atlas.curve import Floats, beziers, flatten
from myotome.atlas.frames import Body
from myotome.atlas.library import plate
from myotome.atlas.plate import Inset, Plate, Region, Shape, Skin
from myotome.atlas.ring import Ring


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
    return {s.id: Outline(s, _cubics(s, plate, body, f"{plate.id}: '{s.id}'")) for s in plate.shapes}


def _cubics(shape: Shape | Skin, chosen: Plate, body: Body, where: str) -> Floats:
    if shape.inset is None:
        return cubics_of(shape.ring, chosen, body, where)
    inset = shape.inset
    if isinstance(shape, Skin):
        there = drawn_skins(inset.plate)[int(inset.shape)][1].cubics
    else:
        there = drawn(inset.plate)[inset.shape].cubics
    return set_in(there, inset, body)


def set_in(points: Floats, inset: Inset, body: Body) -> Floats:
    """``points`` of the plate that is set in as they lie on the one that takes it: turned, scaled, maybe mirrored."""
    sheet = plate(inset.plate).binding.sheet
    turn = -1.0 if inset.flip else 1.0
    a, b = (complex(turn * sheet[name][0], sheet[name][1]) for name in inset.start)
    to_a, to_b = (complex(*body.landmarks[name]) for name in inset.end)
    moved = to_a + (turn * points[..., 0] + 1j * points[..., 1] - a) * (to_b - to_a) / (b - a)
    return np.stack([moved.real, moved.imag], axis=-1)


def window(inset: Inset, body: Body) -> Floats:
    """The corners of the part of the sheet that an inset fills: across its axis at both ends of ``within``."""
    a, b = (complex(*body.landmarks[name]) for name in inset.end)
    wide = 1j * (b - a)
    ends = [a + share * (b - a) for share in inset.within]
    corners = [ends[0] - wide, ends[0] + wide, ends[1] + wide, ends[1] - wide]
    return np.array([[corner.real, corner.imag] for corner in corners])


def as_drawn(plate: Plate) -> Body:
    """The body of the sheet itself: the ordinary adult of the measures."""
    return Body(plate.binding.sheet)


@cache
def drawn(name: str) -> dict[str, Outline]:
    """The outlines of the plate ``name`` on the body of its sheet."""
    chosen = plate(name)
    return outlines(chosen, as_drawn(chosen))


@cache
def drawn_skins(name: str) -> tuple[tuple[str, Outline], ...]:
    """The skin patches of the plate ``name`` with their outlines."""
    chosen = plate(name)
    body = as_drawn(chosen)
    return tuple(
        (skin.name, Outline(skin, _cubics(skin, chosen, body, f"{name}: patch '{skin.name}'"))) for skin in chosen.skins
    )
