"""How every curve is drawn: colours that all eyes tell apart, days in weeks, session marks, the caution."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from myotome.care.simulation.scenario.schedule import Session
from myotome.mechanism import CAUTION

# No figure holds mathematics; names given by people hold prices. It is read when text is made, not when it is drawn.
rcParams["text.parse_math"] = False

# Okabe and Ito: told apart by people with every common kind of colour blindness.
BLACK, BLUE, ORANGE, GREEN, RED, PINK = "#000000", "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7"
PALE, FAINT = "#8a8a8a", "#d9d9d9"
SIZE = 9.0  # points of ordinary text
FULL = 10.0  # pain
ABREAST, LONGEST = 8.5, 34  # letters of a heading to an inch; of the name of a panel


def sheet(width: float, height: float, rows: int, columns: int) -> tuple[Figure, list[Axes]]:
    """A figure of ``width`` by ``height`` inches, its panels row by row (a row shares its scale), the caution below."""
    figure = Figure(figsize=(width, height), layout="constrained")
    panels = figure.subplots(rows, columns, sharex=True, sharey="row", squeeze=False)
    figure.supxlabel(CAUTION, x=0.01, ha="left", fontsize=SIZE - 1, style="italic", color="#444444")
    found = list(panels.flat)
    for axes in found:
        plain(axes)
    return figure, found


def heading(figure: Figure, title: str, key: Sequence[Line2D] = (), columns: int = 3) -> None:
    """The title at the top left, and under it what lines and marks mean."""
    figure.legend(
        handles=list(key), title=title, loc="outside upper left", alignment="left", ncols=columns, frameon=False,
        fontsize=SIZE - 1, title_fontproperties={"weight": "bold", "size": SIZE + 3}, borderpad=0.2,
    )  # fmt: skip


def line(colour: str, words: str, width: float = 1.6, dashes: object = "-") -> Line2D:
    """A line for the key."""
    return Line2D([], [], color=colour, linewidth=width, linestyle=dashes, label=words)  # type: ignore[arg-type]


def marks(sessions: Iterable[Session]) -> list[Line2D]:
    """The marks of sessions for the key, only those that are used."""
    shams = {session.sham for session in sessions}
    words = {False: (BLACK, "session"), True: ("white", "sham session")}
    return [
        Line2D([], [], marker="^", linestyle="", color=BLACK, markerfacecolor=face, markersize=4.5, label=text)
        for sham, (face, text) in words.items()
        if sham in shams
    ]


def plain(axes: Axes) -> None:
    """No box, small ticks, no ink without meaning."""
    for edge in ("top", "right"):
        axes.spines[edge].set_visible(False)
    for edge in ("left", "bottom"):
        axes.spines[edge].set_color(PALE)
    axes.tick_params(labelsize=SIZE - 1, colors="#333333", length=3)
    axes.tick_params(axis="x", pad=9)  # room for the marks of sessions


def weeks(axes: Axes, end: float) -> None:
    """The axis of time: data in days, ticks at whole weeks."""
    step = next(n for n in (1, 2, 4, 8, 12, 26, 52) if end / 7.0 / n <= 8 or n == 52)
    ticks = [7.0 * week for week in range(0, int(end / 7.0) + 1, step)]
    axes.set_xticks(ticks, [f"{tick / 7.0:.0f}" for tick in ticks])
    axes.set_xlim(0.0, end)


def short(text: str, most: int = LONGEST) -> str:
    """A name that people gave, cut so that it stays within its panel."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def wrapped(text: str, width: float) -> str:
    """A heading that people gave, in two lines at most, for a figure of ``width`` inches."""
    letters = int(ABREAST * width)
    return "\n".join(textwrap.wrap(short(text, 2 * letters - 20), letters))


def name(axes: Axes, title: str, below: str = "") -> None:
    """The name of a panel, and a line under it."""
    axes.set_title(title + ("\n" if below else ""), loc="left", fontsize=SIZE, fontweight="bold", pad=4)
    if below:
        axes.text(0.0, 1.015, below, transform=axes.transAxes, fontsize=SIZE - 1, color="#333333", va="bottom")


def visits(axes: Axes, sessions: Sequence[Session]) -> None:
    """A mark at each session just under the axis: filled for needles, open for a sham."""
    under = axes.get_xaxis_transform() + ScaledTranslation(0.0, -6.5 / 72.0, axes.figure.dpi_scale_trans)
    for session in sessions:
        face = "white" if session.sham else BLACK
        axes.plot(
            session.day, 0.0, marker="^", markersize=4.5, markeredgewidth=0.8, color=BLACK, markerfacecolor=face,
            transform=under, clip_on=False, zorder=5,
        )  # fmt: skip


def during(axes: Axes, spans: Iterable[tuple[float, float]], words: str = "", at: float = 0.93) -> None:
    """A shade while something acts, with its name at this part of the height."""
    for number, (start, end) in enumerate(spans):
        axes.axvspan(start, end, color=FAINT, alpha=0.55, linewidth=0, zorder=0)
        if words and not number:
            axes.text(
                start, at, f" {words}", transform=axes.get_xaxis_transform(), fontsize=SIZE - 2, va="center",
                color="#444444",
            )  # fmt: skip


def label(axes: Axes, x: float, y: float, text: str, colour: str, **placed: object) -> None:
    """Words beside a line, in its colour."""
    options: dict[str, object] = {"fontsize": SIZE - 1, "color": colour, "va": "center", **placed}
    axes.text(x, y, text, **options)  # type: ignore[arg-type]  # matplotlib's options are not typed one by one
