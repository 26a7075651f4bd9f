"""A ring of points as it is written in a plate: four sides, each point bound to a frame of landmarks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from myotome.errors import PlateError

SIDES = ("origin", "right", "insertion", "left")
TOKEN = re.compile(r"(-?\d*\.?\d+),(-?\d*\.?\d+)(!?)$")
WORD = re.compile(r"(?:@([A-Za-z][\w+-]*)|([A-Za-z][\w-]*):)(.*)$")


@dataclass(frozen=True, slots=True)
class Point:
    """One point: on the sheet (``sheet``) or along and across a frame's axis; sharp where ``corner``."""

    frame: str
    a: float
    b: float
    corner: bool
    sheet: bool


@dataclass(frozen=True, slots=True)
class Ring:
    """Four sides (origin, right, insertion, left) or one."""

    sides: tuple[tuple[Point, ...], ...]

    @property
    def points(self) -> tuple[Point, ...]:
        """All points in order."""
        return tuple(point for side in self.sides for point in side)

    @property
    def has_direction(self) -> bool:
        """True where origin and insertion are told apart, so that fibres can be drawn."""
        return len(self.sides) == len(SIDES)


def read_ring(text: str, bind: str, where: str) -> Ring:
    """Read ``text`` such as ``0,0! 12,1 / @hum 30,40 / fore:.35,8! / 3,20``.

    A bare ``x,y`` is a place on the sheet bound to the frame ``bind``; ``@hum`` binds the places after it to ``hum``.
    ``fore:.35,8`` is 35 % along the frame ``fore`` and 8 units lateral of it; ``fore:`` alone says so of all pairs
    after it, until ``abs:``. ``!`` marks a sharp corner.

    Raises:
        PlateError: a point that cannot be read, or neither one nor four sides.
    """
    frame, sheet = bind, True
    sides: list[list[Point]] = [[]]
    for token in text.split():
        if token == "/":  # noqa: S105  # a separator, not a secret
            sides.append([])
            continue
        word = WORD.match(token)
        named, here = (word[1] or word[2], word[1] is not None or word[2] == "abs") if word else (frame, sheet)
        named = bind if named == "abs" else named
        rest = word[3] if word else token
        if not rest:
            frame, sheet = named, here
            continue
        pair = TOKEN.match(rest)
        if not pair:
            raise PlateError(
                f"{where}: '{token}' is not a point. Write x,y or frame:along,across, with ! for a corner."
            )
        sides[-1].append(Point(named, float(pair[1]), float(pair[2]), bool(pair[3]), here))
    return _checked(sides, where)


def _checked(sides: list[list[Point]], where: str) -> Ring:
    if len(sides) not in (1, len(SIDES)):
        raise PlateError(f"{where}: {len(sides)} sides. A ring has four, {' / '.join(SIDES)}, or one.")
    if len(sides) > 1 and (not sides[0] or not sides[2]):
        empty = SIDES[0] if not sides[0] else SIDES[2]
        raise PlateError(f"{where}: the side {empty} has no point. Give it at least one.")
    if sum(map(len, sides)) < 3:
        raise PlateError(f"{where}: fewer than three points. A ring encloses an area.")
    return Ring(tuple(tuple(side) for side in sides))
