"""The body with the points of a plan on it: as many plates as are needed to show every point."""

from __future__ import annotations

from collections.abc import Iterable

from myotome.atlas.finder import View
from myotome.atlas.library import plate
from myotome.atlas.marks import Mark
from myotome.atlas.render import render
from myotome.atlas.spot import Spot, place_of
from myotome.care.plan.plan import PlannedPoint
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
VEIL = 0.72  # how much of a plate to draw on is hidden
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


def outlines(height: float) -> Figures:
    """The body from both sides, pale and without marks, to draw on."""
    shown = (("front", "The body from the front", "R", "L"), ("back", "The body from behind", "L", "R"))
    return Figures(tuple(Picture(_pale(name), says, "", *ends) for name, says, *ends in shown), height=height)


def _pale(name: str) -> str:
    """A plate under a veil, so that a pen is seen on it."""
    x, y, w, h = plate(name).view
    veil = f'<rect x="{x:g}" y="{y:g}" width="{w:g}" height="{h:g}" fill="#fff" opacity="{VEIL}"/>'
    return render(name, fibres=False).removesuffix("</svg>") + f"{veil}</svg>"


def _sheet(planned: PlannedPoint) -> Sheet:
    """The plate of the part for head, hand and foot; else the whole figure on which a point is seen."""
    spot, point = _spot(planned), planned.candidate.point
    likely = (*CLOSER.get(point.region, ()), *WHOLE)
    name = next((p for p in likely if place_of(spot, p) is not None), point.spot.plate)
    return name, "" if plate(name).mirrored else spot.side


def _spot(planned: PlannedPoint) -> Spot:
    where = planned.candidate.point.spot
    side = "right" if planned.candidate.side == "both" else planned.candidate.side
    return Spot(where.frame, where.along, where.across, side, where.seen_from)


def _picture(sheet: Sheet, there: Iterable[PlannedPoint]) -> Picture:
    name, side = sheet
    listed = tuple(there)
    view = _window(name, [place for p in listed if (place := place_of(_spot(p), name)) is not None])
    marks = [Mark(_spot(p), *SIGNS[p.candidate.point.kind], str(p.number), p.candidate.id) for p in listed]
    svg = render(name, marks=marks, fibres=False, side=side or "right", view=view, radius=view[3] / MARK)
    title = plate(name).title if not side else f"{plate(name).title}, {side}"
    points = "; ".join(f"{p.number} {p.candidate.id}" for p in listed)
    return Picture(svg, f"{title} with the points {points}", title)


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
