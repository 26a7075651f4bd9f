"""The body with the points of a plan on it: as many plates as are needed to show every point."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np
import shapely

from myotome.atlas.finder import View
from myotome.atlas.library import plate
from myotome.atlas.marks import Mark
from myotome.atlas.plate import Plate
from myotome.atlas.render import render
from myotome.atlas.spot import Spot, place_of, spot_at
from myotome.atlas.visible import silhouette
from myotome.care.plan.plan import PlannedPoint
from myotome.errors import PlateError
from myotome.paper.document import Figures, Picture, Symbol

# A drawing convention, explained in the legend below every figure.
SIGNS = {"paraspinal": ("triangle", "mark-1"), "symptomatic": ("circle", "mark-2"), "homeostatic": ("square", "mark-3")}
LEGEND = {
    "paraspinal": "beside the spine",
    "symptomatic": "in a tight or sore muscle",
    "homeostatic": "traditional point",
}
WHOLE = ("front", "back", "side")
ABREAST = 3  # pictures in a row
MARK = 34  # a mark's radius is this part of the height of its picture
LEAST = 0.42  # share of the height of a body that is always shown, so that one sees where one is
SAME = 16.0  # thousandths of body height by which two drawings of one landmark may differ
RINGS = 24  # how far a mark may be moved aside, in quarters of its breadth
MARGIN = 0.08  # share of the height kept above and below the outermost points
# Where a whole figure is too small to show a place.
CLOSER = {
    **dict.fromkeys(("head", "jaw"), ("head-side", "head-front")),
    "suboccipital": ("neck-back",),
    "hand": ("hand-palm", "hand-dorsum"),
    "foot": ("foot-dorsum", "foot-sole"),
}
Sheet = tuple[str, str]  # a plate, and the side it shows where it shows one


def symbol(planned: PlannedPoint) -> Symbol:
    """The sign of a point with its number in it."""
    shape, tone = SIGNS[planned.candidate.point.kind]
    return Symbol(shape, tone, planned.candidate.point.kind, str(planned.number))


def figures(points: Iterable[PlannedPoint], height: float = 110.0) -> tuple[Figures, ...]:
    """The plates with their marks, a few in a row, and the legend of what is used; empty without points."""
    shown = tuple(points)
    sheets: dict[Sheet, list[PlannedPoint]] = {}
    for planned in shown:
        sheets.setdefault(_sheet(planned), []).append(planned)
    ordered = sorted(
        sheets, key=lambda sheet: (sheet[0] not in WHOLE, WHOLE.index(sheet[0]) if sheet[0] in WHOLE else 0, sheet)
    )
    pictures = [_picture(sheet, sheets[sheet]) for sheet in ordered]
    kinds = dict.fromkeys(planned.candidate.point.kind for planned in shown)
    legend = tuple((Symbol(*SIGNS[kind], kind), LEGEND[kind]) for kind in SIGNS if kind in kinds)
    rows = [tuple(pictures[start : start + ABREAST]) for start in range(0, len(pictures), ABREAST)]
    return tuple(
        Figures(row, legend if number == len(rows) else (), height) for number, row in enumerate(rows, start=1)
    )


def _sheet(planned: PlannedPoint) -> Sheet:
    """The plate of the part for head, hand and foot; else the whole figure on which a point is seen."""
    spot, point = _spot(planned), planned.candidate.point
    likely = (*CLOSER.get(point.region, ()), *WHOLE)
    name = next((p for p in likely if _on(planned, p) is not None), point.spot.plate)
    return name, "" if plate(name).mirrored else spot.side


def _on(planned: PlannedPoint, name: str) -> Spot | None:
    """The spot as a plate counts it, None where it does not show it.

    A frame of one name may go by other landmarks on another plate: on the spine it counts from the occiput, on the back
    from the crown. There the place itself is carried over, from sheet to sheet.
    """
    spot, home, there = _spot(planned), plate(planned.candidate.point.spot.plate), plate(name)
    if there.binding.frames.get(spot.frame) == home.binding.frames[spot.frame]:
        return spot if place_of(spot, name) is not None else None
    place = place_of(spot, home.id)
    if place is None or spot.seen_from != there.seen_from or not _agree(home, there):
        return None
    try:
        return spot_at(name, place[0] / home.scale * there.scale, _height(place[1], home, there), spot.side)
    except PlateError:
        return None


def _agree(one: Plate, other: Plate) -> bool:
    """Whether two sheets put the landmarks that they share at about the same places of the body."""
    a, b = one.binding.sheet, other.binding.sheet
    far = [math.hypot(*(p / one.scale - q / other.scale for p, q in zip(a[n], b[n], strict=True))) for n in a if n in b]
    return bool(far) and max(far) <= SAME


def _height(y: float, home: Plate, there: Plate) -> float:
    """A height of one sheet on another, straight between the landmarks of the midline that both have."""
    a, b = home.binding.sheet, there.binding.sheet
    known = sorted((a[n][1], b[n][1]) for n in a if n in b and a[n][0] == b[n][0] == 0)
    if len(known) < 2 or not known[0][0] <= y <= known[-1][0]:
        return y / home.scale * there.scale
    return float(np.interp(y, [here for here, _ in known], [at for _, at in known]))


def _spot(planned: PlannedPoint) -> Spot:
    where = planned.candidate.point.spot
    side = "right" if planned.candidate.side == "both" else planned.candidate.side
    return Spot(where.frame, where.along, where.across, side, where.seen_from)


def _picture(sheet: Sheet, there: Iterable[PlannedPoint]) -> Picture:
    name, side = sheet
    listed = tuple(there)
    spots = [_on(p, name) or _spot(p) for p in listed]
    view = _window(name, [place for spot in spots if (place := place_of(spot, name)) is not None])
    radius = view[3] / MARK
    marks = [
        Mark(spot, *SIGNS[p.candidate.point.kind], str(p.number), p.candidate.id)
        for spot, p in zip(_apart(name, spots, 2.05 * radius), listed, strict=True)
    ]
    svg = render(name, marks=marks, fibres=False, side=side or "right", view=view, radius=radius)
    title = plate(name).title if not side else f"{plate(name).title}, {side}"
    points = "; ".join(f"{p.number} {p.candidate.id}" for p in listed)
    return Picture(svg, f"{title} with the points {points}", title)


def _apart(name: str, spots: Iterable[Spot], far: float) -> Iterator[Spot]:
    """The spots, those too near an earlier one moved to the nearest free place of the body on their own side."""
    mirrored, inside = plate(name).mirrored, silhouette(name)
    taken: list[tuple[float, float]] = []
    for spot in spots:
        x, y = place_of(spot, name) or (0.0, 0.0)
        turn = -1.0 if mirrored and spot.side == "left" else 1.0
        for at in ((x, y), *_round(x, y, far / 4)):
            free = all(math.hypot(turn * at[0] - there[0], at[1] - there[1]) >= far for there in taken)
            own = at == (x, y) or ((at[0] > far / 4 or not mirrored) and shapely.intersects_xy(inside, *at))
            if free and own:
                break
        else:
            at = (x, y)
        taken.append((turn * at[0], at[1]))
        yield spot if at == (x, y) else spot_at(name, *at, spot.side)


def _round(x: float, y: float, step: float) -> Iterator[tuple[float, float]]:
    """Places round one, the nearest first, above and below before beside."""
    for ring in range(1, RINGS):
        for turn in range(4 * ring + 4):
            angle = math.pi / 2 + math.pi * ((turn + 1) // 2 * (-1) ** turn) / (2 * ring + 2)
            yield x + ring * step * math.cos(angle), y + ring * step * math.sin(angle)


def _window(name: str, places: Iterable[tuple[float, float]]) -> View:
    """The whole breadth of a plate and as much of its height as the points need, never less than a good part of it."""
    x, y, w, h = plate(name).view
    heights = [place[1] for place in places]
    if name not in WHOLE or not heights:
        return x, y, w, h
    middle, needed = (min(heights) + max(heights)) / 2, max(heights) - min(heights) + 2 * MARGIN * h
    tall = min(h, max(needed, LEAST * h))
    top = min(max(middle - tall / 2, y), y + h - tall)
    return x, top, w, tall
