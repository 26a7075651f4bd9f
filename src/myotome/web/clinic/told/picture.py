"""The findings of an examination as marks on the body: the figures that show them, and the legend."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from myotome.atlas.compiled import place_on
from myotome.atlas.finder import View
from myotome.atlas.library import plate
from myotome.atlas.marks import SHAPES, Part
from myotome.atlas.render import render
from myotome.atlas.style import style_of
from myotome.care.chart.findings import LEGEND, Chart, chart_of
from myotome.care.examination.case import Case

WHOLE = ("front", "back")
LAYER = "surface"
LEAST = 0.42  # share of the height of a body that is always shown, so that one sees where one is
MARGIN = 0.08  # share of the height kept above and below the outermost marks
MARK = 40  # a mark's radius is this part of the height of its picture


@dataclass(frozen=True, slots=True)
class Pictures:
    """Figures as elements of a page, the legend of what stands on them, and the findings beside them."""

    figures: tuple[tuple[str, Markup], ...]
    legend: tuple[tuple[Markup, str], ...]
    listed: tuple[str, ...]


def pictures(case: Case) -> Pictures:
    """Front and back, as far as there is something to be seen on them."""
    chart = chart_of(case)
    shown = [(plate(name).title, _figure(name, chart)) for name in WHOLE if _heights(name, chart)]
    used = {(mark.symbol, mark.tone) for mark in chart.marks} | {("ring", "mark-1")} & _rings(chart)
    legend = [(_sign(symbol, tone), words) for symbol, tone, words in LEGEND if (symbol, tone) in used]
    return Pictures(tuple(shown), tuple(legend), tuple(one.text for one in chart.listed))


def _rings(chart: Chart) -> set[tuple[str, str]]:
    """A ring means examined and ordinary, whatever its colour."""
    return {("ring", "mark-1")} if any(mark.symbol == "ring" for mark in chart.marks) else set()


def _figure(name: str, chart: Chart) -> Markup:
    view = _window(name, chart)
    drawn = render(name, LAYER, marks=chart.marks, fibres=False, inline=True, view=view, radius=view[3] / MARK)
    return Markup(drawn)  # noqa: S704  # our own drawing; names in it are escaped


def _heights(name: str, chart: Chart) -> list[float]:
    parts = [mark.at for mark in chart.marks if isinstance(mark.at, Part)]
    found = (place_on(name, LAYER, part.kind, part.name) for part in parts)
    return [place[1] for place in found if place is not None]


def _window(name: str, chart: Chart) -> View:
    """The whole breadth of a plate and as much of its height as the marks need."""
    x, y, w, h = plate(name).view
    heights = _heights(name, chart)
    middle, needed = (min(heights) + max(heights)) / 2, max(heights) - min(heights) + 2 * MARGIN * h
    tall = min(h, max(needed, LEAST * h))
    return x, min(max(middle - tall / 2, y), y + h - tall), w, tall


def _sign(symbol: str, tone: str) -> Markup:
    return Markup('<g class="mark {}">{}</g>').format(tone, Markup(SHAPES[symbol]))  # noqa: S704  # drawn by us


def style() -> str:
    """The style sheet of the figures, light and dark."""
    return f"{style_of('light')}@media(prefers-color-scheme:dark){{{style_of('dark')}}}"
