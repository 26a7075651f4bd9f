"""Places of the body that outlive a redrawing: along and across a limb, or up and out on head and trunk."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from myotome.atlas.frames import Axis, Body, Ladder, Place
from myotome.atlas.library import plate
from myotome.atlas.plate import Plate
from myotome.atlas.visible import silhouette
from myotome.errors import PlateError

SIDES = ("right", "left")
WHOLE = {"front": "front", "back": "back", "right": "side"}  # the whole figure of each view


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the body.

    On a limb (``hum``, ``fore``, ``fem`` ...) ``along`` is the share of its length and ``across`` thousandths of body
    height lateral of its axis. On ``axial``, ``along`` counts rungs from the crown and ``across`` is the share of the
    half-breadth there (thousandths of body height on a side view). ``seen_from`` is front, back, right or below, the
    body in the anatomical position. Where a plate's frame goes by other landmarks than the whole figure's, its name
    stands before it: ``spine:axial``.
    """

    frame: str
    along: float
    across: float
    side: str
    seen_from: str


def spot_at(name: str, x: float, y: float, side: str) -> Spot:
    """The spot at sheet place (x, y) of the plate ``name``; x lateral from the midline where both sides are drawn.

    Raises:
        PlateError: the place is not on the body.
    """
    chosen = plate(name)
    _on_body(chosen, (x, y))
    frames, sheet = chosen.binding.frames, chosen.binding.sheet
    axes = {key: frame for key, frame in frames.items() if isinstance(frame, Axis)}
    ladders = {key: frame for key, frame in frames.items() if isinstance(frame, Ladder)}
    lines = {key: shapely.LineString([sheet[a.start], sheet[a.end]]) for key, a in axes.items()}
    near = min(lines, key=lambda key: float(shapely.distance(lines[key], shapely.Point(x, y))), default=None)
    for key, ladder in ladders.items():
        along, across = _ladder_share(ladder, (x, y), chosen)
        reach = max(abs(p[0]) for p in sheet.values()) if near is None else abs(across)
        if near is None or (reach <= 1.0 and y <= sheet[ladder.rungs[-1][0]][1]):
            return Spot(_told(chosen, key), round(along, 4), round(across, 4), side, chosen.seen_from)
    if near is None:
        raise PlateError(f"The plate '{name}' has no frame to say where a place lies. Add one to its plate.toml.")
    frame = axes[near]
    (ax, ay), (bx, by) = sheet[frame.start], sheet[frame.end]
    d = np.array([bx - ax, by - ay])
    length = float(np.hypot(*d))
    along = float(((x - ax) * d[0] + (y - ay) * d[1]) / length**2)
    across = float(((x - ax) * d[1] - (y - ay) * d[0]) / length) / chosen.scale * chosen.lateral
    return Spot(_told(chosen, near), round(along, 4), round(across, 3), side, chosen.seen_from)


def place_of(spot: Spot, name: str, body: Body | None = None) -> Place | None:
    """Where ``spot`` lies on the plate ``name``, on the sheet's own body or another; None where it is not shown there.

    Raises:
        PlateError: the spot is on this plate's part of the body, yet outside the drawn body.
    """
    chosen = plate(name)
    frame = chosen.binding.frames.get(spot.frame.rpartition(":")[2])
    if frame is None or spot.seen_from != chosen.seen_from or frame != _meant(spot):
        return None
    there = (body or Body(chosen.binding.sheet)).landmarks
    if isinstance(frame, Axis):
        (ax, ay), (bx, by) = there[frame.start], there[frame.end]
        d = np.array([bx - ax, by - ay])
        across = spot.across * chosen.scale * chosen.lateral / float(np.hypot(*d))
        place = (float(ax + spot.along * d[0] + across * d[1]), float(ay + spot.along * d[1] - across * d[0]))
    else:
        heights = [there[inner][1] for inner, _ in frame.rungs]
        y = _beyond(spot.along, list(range(len(heights))), heights)
        place = (spot.across * _half_breadth(frame, y, there, chosen.scale), y)
    if body is None:
        if not shapely.intersects_xy(shapely.box(*_shown(chosen)), *place):
            return None
        _on_body(chosen, place)
    return place


def _told(chosen: Plate, key: str) -> str:
    """A frame's name, with the plate's before it where the whole figure has none like it."""
    return key if chosen.binding.frames[key] == _whole_frame(chosen.seen_from, key) else f"{chosen.id}:{key}"


def _meant(spot: Spot) -> Axis | Ladder | None:
    """The frame that a spot counts in."""
    name, _, key = spot.frame.rpartition(":")
    return plate(name).binding.frames.get(key) if name else _whole_frame(spot.seen_from, key)


def _whole_frame(seen_from: str, key: str) -> Axis | Ladder | None:
    name = WHOLE.get(seen_from)
    return plate(name).binding.frames.get(key) if name else None


def _shown(chosen: Plate) -> tuple[float, float, float, float]:
    x, y, w, h = chosen.view
    return (-max(abs(x), abs(x + w)), y, max(abs(x), abs(x + w)), y + h)


def _ladder_share(ladder: Ladder, place: Place, chosen: Plate) -> Place:
    sheet = chosen.binding.sheet
    heights = [sheet[inner][1] for inner, _ in ladder.rungs]
    along = _beyond(place[1], heights, list(range(len(heights))))
    return along, place[0] / _half_breadth(ladder, place[1], sheet, chosen.scale)


def _beyond(at: float, known: Sequence[float], values: Sequence[float]) -> float:
    """Straight between the known ones, and straight on beyond the first and the last."""
    left = min(max(bisect(known, at) - 1, 0), len(known) - 2)
    share = (at - known[left]) / (known[left + 1] - known[left])
    return float(values[left] + share * (values[left + 1] - values[left]))


def _half_breadth(ladder: Ladder, y: float, landmarks: Mapping[str, Place], scale: float) -> float:
    """Half the breadth at a height; a thousandth of body height where the ladder has no lateral landmark."""
    wide = [(landmarks[inner][1], landmarks[outer][0]) for inner, outer in ladder.rungs if outer]
    return float(np.interp(y, [h for h, _ in wide], [w for _, w in wide])) if wide else scale


def _on_body(chosen: Plate, place: Place) -> None:
    inside = silhouette(chosen.id)
    if not shapely.intersects_xy(inside, *place) and not shapely.dwithin(inside, shapely.Point(place), chosen.scale):
        raise PlateError(
            f"The place ({place[0]:.0f}, {place[1]:.0f}) on the plate '{chosen.id}' lies outside the body. "
            "Mark a place on the figure."
        )
