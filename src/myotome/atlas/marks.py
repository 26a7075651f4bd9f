"""Marks on a plate: a sign on a named part, or at a spot of the body."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

import shapely

from myotome.atlas.compiled import place_on
from myotome.atlas.finder import places
from myotome.atlas.plate import Plate
from myotome.atlas.spot import Spot, place_of
from myotome.atlas.visible import silhouette
from myotome.errors import PlateError

SHAPES = {
    "circle": '<circle r="1"/>',
    "ring": '<circle r="1" class="hollow"/>',
    "triangle": '<path d="M0-1.2l1.1 1.9h-2.2z"/>',
    "square": '<path d="M-.9-.9h1.8v1.8h-1.8z"/>',
    "diamond": '<path d="M0-1.25l1.1 1.25-1.1 1.25-1.1-1.25z"/>',
    "cross": '<path d="M-.35-1.1h.7v.75h.75v.7h-.75v.75h-.7v-.75h-.75v-.7h.75z"/>',
}
SYMBOLS = tuple(SHAPES)
RINGS = 6  # how far from its place a mark may be set aside, in marks
STEPS, TURNS = 4, 3  # how finely room is looked for, outwards and round
TONES = ("mark-1", "mark-2", "mark-3", "mark-4")


@dataclass(frozen=True, slots=True)
class Part:
    """A named part on a side; ``kind`` is muscle, level or patch; ``side`` right, left or both."""

    kind: str
    name: str
    side: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign at a part or spot: shape and colour say the same, so that colour alone decides nothing."""

    at: Part | Spot
    symbol: str
    tone: str
    text: str
    label: str


def check_marks(marks: tuple[Mark, ...]) -> None:
    """Refuse marks that no plate can show.

    Raises:
        PlateError: an unknown symbol, tone, side, or a part that is drawn nowhere.
    """
    for mark in marks:
        if mark.symbol not in SYMBOLS:
            raise PlateError(f"There is no symbol '{mark.symbol}'. Choose one of {', '.join(SYMBOLS)}.")
        if mark.tone not in TONES:
            raise PlateError(f"There is no mark colour '{mark.tone}'. Choose one of {', '.join(TONES)}.")
        sides = ("right", "left", "both") if isinstance(mark.at, Part) else ("right", "left")
        if mark.at.side not in sides:
            raise PlateError(f"The mark '{mark.label}' has the side '{mark.at.side}'; it must be {', '.join(sides)}.")
        if isinstance(mark.at, Part) and (mark.at.kind, mark.at.name) not in places():
            raise PlateError(f"No plate shows a {mark.at.kind} called '{mark.at.name}'. Use its proper name.")


def drawn_marks(marks: tuple[Mark, ...], chosen: Plate, layer: str, side: str, radius: float | None = None) -> str:
    """The marks that this plate shows, as SVG; marks on one another are set side by side.

    ``radius`` is in sheet units; without it, what suits the whole plate on a screen.
    """
    radius = radius or chosen.view[3] / 130
    placed: list[tuple[float, float]] = []
    out = []
    for mark in marks:
        for x, y, seen in _places(mark, chosen, layer, side):
            at = _free((x, y), 2.1 * radius, placed, chosen, side)
            placed.append(at)
            out.append(_sign(mark, *at, radius, seen))
    return f'<g class="marks">{"".join(out)}</g>' if out else ""


def _free(
    place: tuple[float, float], apart: float, placed: list[tuple[float, float]], chosen: Plate, side: str
) -> tuple[float, float]:
    """The place itself, or the nearest round it where a mark covers no other: on the body, and never on the other side.

    Where there is no room on the body a mark lies beside it rather than on another.
    """
    inside = silhouette(chosen.id)
    turn_over = not chosen.mirrored and side == "left"
    beside: list[tuple[float, float]] = []
    for step in range(RINGS * STEPS):
        far = step * apart / STEPS
        for turn in range(max(TURNS * step, 1)):
            angle = math.tau * turn / max(TURNS * step, 1)
            at = (place[0] + far * math.cos(angle), place[1] + far * math.sin(angle))
            if any(math.hypot(at[0] - px, at[1] - py) < 0.97 * apart for px, py in placed):
                continue
            if step == 0:
                return at
            if chosen.mirrored and (at[0] * place[0] <= 0.0 or abs(at[0]) < apart / 4):
                continue
            sheet_x = 2 * chosen.view[0] + chosen.view[2] - at[0] if turn_over else at[0]
            if shapely.intersects_xy(inside, sheet_x, at[1]):
                return at
            beside.append(at)
    return beside[0] if beside else place


def _places(mark: Mark, chosen: Plate, layer: str, side: str) -> list[tuple[float, float, bool]]:
    """Screen places of a mark and whether its part is seen at the layer."""
    if isinstance(mark.at, Spot):
        place = place_of(mark.at, chosen.id)
        sides, x, y, seen = [mark.at.side], *(place or (0.0, 0.0)), True
        if place is None:
            return []
    else:
        found = place_on(chosen.id, layer, mark.at.kind, mark.at.name)
        if found is None:
            return []
        x, y, _, seen = found
        sides = ["right", "left"] if mark.at.side == "both" else [mark.at.side]
    if not chosen.mirrored:
        left, _, width, _ = chosen.view
        return [(2 * left + width - x if side == "left" else x, y, seen)] if side in sides else []
    turn = -1.0 if chosen.facing == "front" else 1.0
    return [(turn * x if who == "right" else -turn * x, y, seen) for who in sides]


def _sign(mark: Mark, x: float, y: float, r: float, seen: bool) -> str:
    where = f"translate({x:.1f} {y:.1f})scale({r:.2f})"
    shape = SHAPES[mark.symbol]
    text = f'<text y=".42" font-size="1.15" text-anchor="middle">{escape(mark.text)}</text>' if mark.text else ""
    deep = "" if seen else " deeper"
    label = escape(mark.label if seen else f"{mark.label} (deeper)")
    return f'<g class="mark {mark.tone}{deep}" transform="{where}"><title>{label}</title>{shape}{text}</g>'
