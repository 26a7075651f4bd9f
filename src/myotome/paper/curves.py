"""Curves of simulated people as figures: followed schedules in, a matplotlib figure out; nothing is computed here."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from myotome.care.simulation.scenario.follow import Followed
from myotome.care.simulation.scenario.outcome import LITTLE, outcome
from myotome.mechanism.state import NOCICEPTORS, RECEPTORS, ROOT, SHORTENING
from myotome.paper.ink import (
    BLACK,
    BLUE,
    FULL,
    ORANGE,
    PALE,
    RED,
    SIZE,
    during,
    heading,
    label,
    line,
    marks,
    name,
    sheet,
    short,
    visits,
    weeks,
    wrapped,
)

ABREAST = 3
NARROWEST = 5.0  # inches: the caution below must be read whole
DOTS, DASHES = (0, (1, 1)), (0, (4, 2))


def side_by_side(followed: Sequence[Followed], title: str) -> Figure:
    """Each schedule in its own panel: pain of the worst region, pain as reported, sessions; the first in grey behind.

    Where the first schedule holds no session it is drawn behind all others, to compare with.
    """
    columns = 2 if len(followed) == 4 else min(ABREAST, len(followed))
    rows = math.ceil(len(followed) / columns)
    figure, panels = sheet(max(NARROWEST, 3.1 * columns + 0.5), 2.25 * rows + 0.9, rows, columns)
    ghost = followed[0] if len(followed) > 1 and not followed[0].schedule.sessions else None
    for number, (axes, one) in enumerate(zip(panels, followed, strict=False)):
        found = outcome(one)
        during(axes, _disrupted(one), "" if number else "root disrupted")
        if ghost is not None and one is not ghost:
            axes.plot(ghost.days, ghost.worst, color=PALE, linewidth=0.9, linestyle=DOTS)
        axes.axhline(LITTLE, color=PALE, linewidth=0.6)
        _pain(axes, one)
        visits(axes, one.schedule.sessions)
        name(axes, short(one.schedule.name), found.verdict)
        axes.set_ylim(0.0, FULL)
        weeks(axes, one.scenario.days)
        if number % columns == 0:
            axes.set_ylabel("pain, 0–10", fontsize=SIZE)
        if number + columns >= len(followed):
            axes.set_xlabel("weeks", fontsize=SIZE)
            axes.tick_params(labelbottom=True)
    for axes in panels[len(followed) :]:
        axes.remove()
    heading(figure, wrapped(title, figure.get_figwidth()), _key(followed, ghost), min(columns, 3))
    return figure


def _pain(axes: Axes, one: Followed) -> None:
    axes.plot(one.days, one.worst, color=BLUE, linewidth=1.6, zorder=4)
    if (np.abs(one.reported - one.worst) > 0.05).any():
        axes.plot(one.days, one.reported, color=ORANGE, linewidth=1.3, zorder=3)


def _disrupted(one: Followed) -> list[tuple[float, float]]:
    spans = {(d.from_day, min(d.from_day + d.days, one.scenario.days)) for d in one.scenario.disruptions if d.strength}
    return sorted(spans)


def _key(followed: Sequence[Followed], ghost: Followed | None) -> list[Line2D]:
    """What lines and marks mean; only what is used."""
    used = [line(BLUE, "pain of the worst region, from muscle and nerve")]
    if any((np.abs(one.reported - one.worst) > 0.05).any() for one in followed):
        used.append(line(ORANGE, "as reported (context, medicine)", 1.3))
    if ghost is not None:
        used.append(line(PALE, short(ghost.schedule.name), 0.9, DOTS))
    return used + marks(session for one in followed for session in one.schedule.sessions)


# What the circle shows of a muscle: panel, its states.
CIRCLE = {"supersensitivity": RECEPTORS, "shortening": SHORTENING, "sensitised nociceptors": NOCICEPTORS}


def circle(one: Followed, muscle: int, level: int, title: str) -> Figure:
    """The circle in time: root, receptors, shortening, nociceptors and pain of a muscle and of the one beside its root.

    ``muscle`` and ``level`` are numbers in ``one.part``.
    """
    figure, panels = sheet(8.2, 8.6, len(CIRCLE) + 2, 1)
    beside = int(one.part.network.beside[level].argmax())
    drawn = ((muscle, BLUE, "-"), (beside, RED, DASHES))
    panels[0].plot(one.days, one.levels[:, ROOT, level], color=BLACK, linewidth=1.5)
    shown = [(f"irritation of the {one.part.levels[level][0]} root", 1.0), *((words, 1.0) for words in CIRCLE)]
    for number, colour, dashes in drawn:
        for axes, state in zip(panels[1:], CIRCLE.values(), strict=False):
            axes.plot(one.days, one.muscles[:, state, number], color=colour, linestyle=dashes, linewidth=1.5)
        panels[-1].plot(one.days, one.own_pain[:, number], color=colour, linestyle=dashes, linewidth=1.5)
    for axes, (words, most) in zip(panels, [*shown, ("pain of each muscle", FULL)], strict=True):
        during(axes, _disrupted(one), "root disrupted" if axes is panels[0] else "", 0.1)
        visits(axes, one.schedule.sessions)
        name(axes, words)
        axes.set_ylim(0.0, most)
        axes.set_ylabel(f"0–{most:g}", fontsize=SIZE - 1)
    weeks(panels[-1], one.scenario.days)
    panels[-1].set_xlabel("weeks", fontsize=SIZE)
    figure.align_ylabels(panels)
    key = [line(colour, one.part.muscles[number][0], dashes=dashes) for number, colour, dashes in drawn]
    heading(figure, title, [*key, *marks(one.schedule.sessions)])
    return figure


def limb_and_spine(followed: Sequence[Followed], limb: int, spine: int, title: str) -> Figure:
    """Schedules abreast: shortening above and pain below, of a limb muscle and of the muscle beside its root.

    ``limb`` and ``spine`` are numbers of muscles in the part, which is the same for all schedules.
    """
    figure, panels = sheet(3.1 * len(followed) + 0.5, 4.6, 2, len(followed))
    part = followed[0].part
    drawn = ((limb, BLUE, "-"), (spine, RED, DASHES))
    for number, one in enumerate(followed):
        above, below = panels[number], panels[number + len(followed)]
        for axes in (above, below):
            during(axes, _disrupted(one), "" if number or axes is below else "root disrupted")
            visits(axes, one.schedule.sessions)
        for muscle, colour, dashes in drawn:
            pain = one.pain[:, part.network.region[muscle]]
            above.plot(one.days, one.muscles[:, SHORTENING, muscle], color=colour, linestyle=dashes, linewidth=1.5)
            below.plot(one.days, pain, color=colour, linestyle=dashes, linewidth=1.5)
        name(above, short(one.schedule.name), outcome(one).verdict)
        below.set_xlabel("weeks", fontsize=SIZE)
        weeks(below, one.scenario.days)
    panels[0].set_ylim(0.0, 1.0)
    panels[0].set_ylabel("shortening, 0–1", fontsize=SIZE)
    panels[len(followed)].set_ylim(0.0, FULL)
    panels[len(followed)].set_ylabel("pain of the region, 0–10", fontsize=SIZE)
    words = [
        line(colour, f"{part.muscles[m][0]} ({part.regions[part.network.region[m]][0]})", dashes=dashes)
        for m, colour, dashes in drawn
    ]
    heading(figure, title, [*words, *marks(s for one in followed for s in one.schedule.sessions)], 3)
    return figure


def doses(followed: Sequence[Followed], title: str) -> Figure:
    """Fewer and more sessions in one panel: what comes back in one colour, what holds in another, with how many."""
    figure, (axes,) = sheet(8.2, 4.4, 1, 1)
    during(axes, _disrupted(followed[0]), "root disrupted")
    axes.axhline(LITTLE, color=PALE, linewidth=0.6)
    holding = [one for one in followed if outcome(one).settled_on is not None]
    for one in followed:
        held = one in holding
        axes.plot(one.days, one.worst, color=BLUE if held else RED, linewidth=1.4, zorder=3 if held else 4)
        if not held:
            lowest = one.before[0] + int(one.worst[one.before[0] :].argmin())
            label(axes, one.days[lowest] - 1.0, one.worst[lowest] - 0.3, _count(one), RED, ha="right")
    if holding:
        most = holding[-1]
        words = f"{len(holding[0].sessions)} to {_count(most)}" if len(holding) > 1 else _count(most)
        label(axes, most.sessions[-1] + 6.0, 0.9, words, BLUE)
    visits(axes, max((one.schedule.sessions for one in followed), key=len))
    axes.set_ylim(0.0, FULL)
    axes.set_ylabel("pain of the worst region, 0–10", fontsize=SIZE)
    axes.set_xlabel("weeks", fontsize=SIZE)
    weeks(axes, followed[0].scenario.days)
    key = [line(RED, "comes back"), line(BLUE, "stays under 2"), *marks(followed[-1].schedule.sessions)]
    heading(figure, title, key)
    return figure


def _count(one: Followed) -> str:
    return f"{len(one.sessions)} session" + ("s" if len(one.sessions) != 1 else "")
