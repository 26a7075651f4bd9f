"""Other bodies than the sheet's: limbs turned at a joint, other builds from the measures."""

from __future__ import annotations

import math

from myotome.atlas.frames import Axis, Body, Place
from myotome.atlas.plate import Plate
from myotome.errors import PlateError


def turned(chosen: Plate, frame: str, degrees: float) -> Body:
    """The sheet's body with the limb ``frame`` and everything beyond it turned about its first landmark.

    Positive turns away from the midline on the person's right side.

    Raises:
        PlateError: ``frame`` is no limb of the plate.
    """
    frames, sheet = chosen.binding.frames, dict(chosen.binding.sheet)
    limb = frames.get(frame)
    if not isinstance(limb, Axis):
        limbs = ", ".join(sorted(key for key, value in frames.items() if isinstance(value, Axis)))
        raise PlateError(f"'{frame}' is not a limb of the plate '{chosen.id}'. Turn one of {limbs}.")
    moving, grown = {limb.end}, True
    while grown:
        beyond = {f.end for f in frames.values() if isinstance(f, Axis) and f.start in moving} - moving
        moving, grown = moving | beyond, bool(beyond)
    pivot = sheet[limb.start]
    return Body(sheet | {name: _about(pivot, sheet[name], -degrees) for name in moving})


def _about(pivot: Place, place: Place, degrees: float) -> Place:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    dx, dy = place[0] - pivot[0], place[1] - pivot[1]
    return (pivot[0] + cos * dx - sin * dy, pivot[1] + sin * dx + cos * dy)
