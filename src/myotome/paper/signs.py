"""Small drawings of the pages: a mark as the atlas draws it, and people counted as signs."""

from __future__ import annotations

import re
from html import escape

from myotome.atlas.marks import SHAPES
from myotome.atlas.style import palette
from myotome.errors import PlateError

FILLED, BETWEEN, HOLLOW = "filled", "between", "hollow"
STEP = 10.0
WIDE = {100: 10, 1000: 50}  # up to so many signs, so many in a row
LOW = {"triangle": 0.54, "diamond": 0.38}  # where letters stand in a shape, in its radii below the middle
VIEW = re.compile(r'viewBox="([^"]*)"')
NOTICES = {  # shape, what is written in it and where
    "stop": ('<path d="M3.2.6h5.6l3.9 3.9v5.6l-3.9 3.9H3.2L-.7 10.1V4.5z" transform="translate(1 -.3)"/>', "!", 10.9),
    "warning": ('<path d="M7 .6l6.6 12.2H.4z"/>', "!", 11.6),
    "note": ('<rect x=".6" y=".6" width="12.8" height="12.8" rx="2"/>', "i", 10.8),
    "ask": ('<circle cx="7" cy="7" r="6.5"/>', "?", 10.8),
}
INKS = {"stop": "#8f1d14", "warning": "#7a4f00", "note": "#404040", "ask": "#0b5cad"}


def symbol_svg(shape: str, tone: str, text: str, label: str) -> str:
    """A mark with its letters, in the atlas's shape and colour, readable on white and in grey."""
    colour = palette("light")[tone]
    drawn = SHAPES[shape].replace('class="hollow"', f'fill="#fff" stroke="{colour}" stroke-width=".3"')
    ink = colour if shape == "ring" else "#fff"
    size = {0: 1.2, 1: 1.25, 2: 1.0}.get(len(text), 0.72) * (0.85 if shape in ("triangle", "diamond") else 1.0)
    letters = (
        f'<text y="{LOW.get(shape, 0.42)}" font-family="Myotome Sans" font-weight="700" font-size="{size:.2f}" '
        f'fill="{ink}" text-anchor="middle">{escape(text)}</text>'
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1.3 -1.3 2.6 2.6" role="img" class="symbol" '
        f'aria-label="{escape(label)}"><title>{escape(label)}</title><g fill="{colour}">{drawn}</g>'
        f"{letters if text else ''}</svg>"
    )


def counts_svg(number: int, most: int, of: int, label: str) -> str:
    """``of`` signs: the first ``number`` filled, up to ``most`` half so, the others hollow."""
    across = next((wide for upto, wide in WIDE.items() if of <= upto), 50)
    signs = []
    for place in range(of):
        row, column = divmod(place, across)
        kind = FILLED if place < number else BETWEEN if place < most else HOLLOW
        signs.append(sign(kind, (column + 0.5) * STEP, (row + 0.5) * STEP))
    wide, high = across * STEP, -(-of // across) * STEP
    return _drawing(f"0 0 {wide:g} {high:g}", "".join(signs), label)


def sign_svg(kind: str, label: str) -> str:
    """One sign of the counts, for its legend."""
    return _drawing("0 0 10 10", sign(kind, 5, 5), label)


def sign(kind: str, x: float, y: float) -> str:
    """A sign about a place: shape, size and colour each tell the three apart."""
    colour = palette("light")["mark-1"]
    if kind == FILLED:
        return f'<circle cx="{x:g}" cy="{y:g}" r="4.3" fill="{colour}"/>'
    if kind == BETWEEN:
        box = f"M{x:g} {y - 4.2:g}l4.2 4.2-4.2 4.2-4.2-4.2z"
        return f'<path d="{box}" fill="#fff" stroke="{colour}" stroke-width="1.5"/>'
    return f'<circle cx="{x:g}" cy="{y:g}" r="2.6" fill="#fff" stroke="#767676" stroke-width=".8"/>'


def notice_svg(kind: str) -> str:
    """The sign of a notice: another shape for each kind."""
    shape, letter, y = NOTICES[kind]
    return _drawing(
        "0 0 14 14",
        f'<g fill="{INKS[kind]}">{shape}</g><text x="7" y="{y}" font-family="Myotome Sans" font-weight="700" '
        f'font-size="10.5" fill="#fff" text-anchor="middle">{letter}</text>',
        kind,
    )


def ratio(svg: str) -> float:
    """Breadth over height of a drawing; 1 where it does not say."""
    found = VIEW.search(svg[:1000])
    numbers = [float(n) for n in found[1].replace(",", " ").split()] if found else []
    return numbers[2] / numbers[3] if len(numbers) == 4 and numbers[3] else 1.0


def cropped(svg: str, view: tuple[float, float, float, float]) -> str:
    """A plate cut to a piece of it (left, top, width, height in its own measure): marks grow with the piece.

    Raises:
        PlateError: the drawing says nothing of its size.
    """
    if not VIEW.search(svg[:1000]):
        raise PlateError("The drawing has no viewBox, so that no piece of it can be cut out. Give a plate.")
    return VIEW.sub('viewBox="{:g} {:g} {:g} {:g}"'.format(*view), svg, count=1)


def _drawing(view: str, body: str, label: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" role="img" aria-label="{escape(label)}">'
        f"<title>{escape(label)}</title>{body}</svg>"
    )
