"""Frames of landmarks: how a point of the drawing follows when a landmark moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from myotome.atlas.ring import Point
from myotome.errors import PlateError

Place = tuple[float, float]
BLEND = (-0.05, 0.40)  # share of a limb axis over which its first points pass from the frame before it


@dataclass(frozen=True, slots=True)
class Axis:
    """A limb: from landmark ``start`` to landmark ``end``; across is lateral of it."""

    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """Head and trunk: rungs from the midline to a lateral landmark, crown to crotch."""

    rungs: tuple[tuple[str, str], ...]


Frame = Axis | Ladder


@dataclass(frozen=True)
class Body:
    """Where the landmarks of one person are, and how thick each limb is against the sheet."""

    landmarks: Mapping[str, Place]
    girth: Mapping[str, float] = field(default_factory=dict)


class Binding:
    """The landmarks as drawn on a sheet and its frames: places the sheet's points on any body."""

    def __init__(self, sheet: Mapping[str, Place], frames: Mapping[str, Frame]) -> None:
        """Keep both; ``frames`` name landmarks of ``sheet``."""
        self.sheet, self.frames = sheet, frames

    def place(self, point: Point, body: Body, where: str) -> Place:
        """Where ``point`` lies on ``body``.

        Raises:
            PlateError: the frame is not one of this plate.
        """
        before, _, name = point.frame.rpartition("+")
        frame = self._frame(name, where)
        if not point.sheet:
            if not isinstance(frame, Axis):
                raise PlateError(f"{where}: '{name}' is not a limb axis. Write places on it as x,y after @{name}.")
            return _on_axis(frame, point.a, point.b * body.girth.get(name, 1.0), body.landmarks)
        there = (point.a, point.b)
        moved = self._moved(name, frame, there, body)
        if not before:
            return moved
        first = self._moved(before, self._frame(before, where), there, body)
        along = _along(frame, there, self.sheet) if isinstance(frame, Axis) else 1.0
        share = float(np.clip((along - BLEND[0]) / (BLEND[1] - BLEND[0]), 0.0, 1.0))
        share = share * share * (3 - 2 * share)
        return (first[0] + share * (moved[0] - first[0]), first[1] + share * (moved[1] - first[1]))

    def _frame(self, name: str, where: str) -> Frame:
        try:
            return self.frames[name]
        except KeyError:
            raise PlateError(
                f"{where}: the frame '{name}' is not known here. Use one of {', '.join(sorted(self.frames))}."
            ) from None

    def _moved(self, name: str, frame: Frame, there: Place, body: Body) -> Place:
        if isinstance(frame, Ladder):
            return _on_ladder(frame, there, self.sheet, body.landmarks)
        (ax, ay), (bx, by) = self.sheet[frame.start], self.sheet[frame.end]
        dx, dy = bx - ax, by - ay
        length = float(np.hypot(dx, dy))
        across = ((there[0] - ax) * dy - (there[1] - ay) * dx) / length
        return _on_axis(frame, _along(frame, there, self.sheet), across * body.girth.get(name, 1.0), body.landmarks)


def _along(frame: Axis, there: Place, landmarks: Mapping[str, Place]) -> float:
    (ax, ay), (bx, by) = landmarks[frame.start], landmarks[frame.end]
    dx, dy = bx - ax, by - ay
    return ((there[0] - ax) * dx + (there[1] - ay) * dy) / (dx * dx + dy * dy)


def _on_axis(frame: Axis, along: float, across: float, landmarks: Mapping[str, Place]) -> Place:
    (ax, ay), (bx, by) = landmarks[frame.start], landmarks[frame.end]
    dx, dy = bx - ax, by - ay
    length = float(np.hypot(dx, dy))
    return (ax + along * dx + across * dy / length, ay + along * dy - across * dx / length)


def _on_ladder(frame: Ladder, there: Place, sheet: Mapping[str, Place], body: Mapping[str, Place]) -> Place:
    heights = [sheet[inner][1] for inner, _ in frame.rungs]
    y = float(np.interp(there[1], heights, [body[inner][1] for inner, _ in frame.rungs]))
    y += there[1] - float(np.clip(there[1], heights[0], heights[-1]))
    wide = [(sheet[inner][1], body[outer][0] / sheet[outer][0]) for inner, outer in frame.rungs if outer]
    scale = float(np.interp(there[1], [h for h, _ in wide], [ratio for _, ratio in wide])) if wide else 1.0
    return (there[0] * scale, y)
