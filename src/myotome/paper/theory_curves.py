"""Figures of the theory put to the test: measured numbers in, a matplotlib figure out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from myotome.care.theory.claims import claims, parts
from myotome.care.theory.published import Target
from myotome.paper.ink import (
    BLACK,
    BLUE,
    FULL,
    GREEN,
    ORANGE,
    PALE,
    RED,
    SIZE,
    heading,
    label,
    line,
    name,
    sheet,
    weeks,
)

COLOURS = {"pass": BLUE, "partial": ORANGE, "fail": RED}


def robustness(measured: Mapping[str, Any]) -> Figure:
    """For each claim, how many sets of parameters it survives: all off by about 10 % (filled), 30 % (open)."""
    every = claims()[::-1]
    figure, (axes,) = sheet(8.6, 0.26 * len(every) + 1.6, 1, 1)
    for row, claim in enumerate(every):
        little, much = (100.0 * measured["robustness"][spread][claim.name] for spread in ("0.1", "0.3"))
        colour = COLOURS[claim.verdict]
        axes.plot([little, much], [row, row], color=PALE, linewidth=1.0, zorder=1)
        axes.plot(little, row, "o", color=colour, markersize=6)
        axes.plot(much, row, "o", color=colour, markerfacecolor="white", markersize=6)
    axes.set_yticks(range(len(every)), [claim.name for claim in every], fontsize=SIZE - 1)
    axes.set_xlim(0.0, 101.5)
    axes.set_ylim(-0.6, len(every) - 0.4)
    axes.set_xlabel("comes out the same, % of parameter sets that fall ill", fontsize=SIZE)
    key = [_dot(colour, f"claim: {verdict}") for verdict, colour in COLOURS.items()]
    key += [_dot(BLACK, "parameters off by about 10 %"), _dot(BLACK, "by about 30 %", "white")]
    heading(figure, "How much hangs on the choice of the parameters", key, 3)
    return figure


def _dot(colour: str, words: str, face: str = "") -> Line2D:
    return Line2D([], [], marker="o", linestyle="", color=colour, markerfacecolor=face or colour, label=words)


def switched_off(measured: Mapping[str, Any]) -> Figure:
    """Pain without each part: of the ill, and long after six sessions to both, limb or spine."""
    columns = {"ill": "untreated", "both": "six sessions,\nspine and limb", "limb": "limb only", "spine": "spine only"}
    names = list(parts())
    figure, (axes,) = sheet(7.4, 0.36 * len(names) + 2.0, 1, 1)
    for row, part in enumerate(names[::-1]):
        for column, key in enumerate(columns):
            pain = measured["without"][part][key]
            axes.barh(row + 0.02, 0.8 * pain / FULL, left=column, height=0.62, color=RED if pain > 1 else BLUE)
            label(axes, column + 0.8 * pain / FULL + 0.04, row, f"{pain:.0f}", BLACK)
    axes.set_yticks(range(len(names)), [f"without {part}" for part in names[::-1]], fontsize=SIZE)
    axes.set_xticks(np.arange(len(columns)) + 0.0, list(columns.values()), fontsize=SIZE, ha="left")
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.set_xlim(0.0, len(columns))
    for edge in ("left", "bottom"):
        axes.spines[edge].set_visible(False)
    heading(figure, "Parts switched off, one at a time: pain 0–10, 150 days after the last session")
    return figure


def sobol(measured: Mapping[str, Any], most: int = 12) -> Figure:
    """Which parameters decide pain before the sixth session, each varied by 10 %: total and first order."""
    ranked = sorted(measured["sobol"].items(), key=lambda item: item[1][1], reverse=True)[:most][::-1]
    figure, (axes,) = sheet(7.4, 0.3 * len(ranked) + 1.6, 1, 1)
    for row, (_, (first, total)) in enumerate(ranked):
        axes.barh(row, total, height=0.66, color=PALE)
        axes.barh(row, max(first, 0.0), height=0.34, color=BLUE)
    axes.set_yticks(range(len(ranked)), [parameter.replace("_", " ") for parameter, _ in ranked], fontsize=SIZE)
    axes.set_xlabel("share of the variance of pain before the sixth weekly session", fontsize=SIZE)
    key = [line(BLUE, "alone (first order)", 5.0), line(PALE, "with all it does through others (total)", 5.0)]
    heading(figure, "Which parameters the course hangs on", key)
    return figure


def natural(measured: Mapping[str, Any], published: Sequence[Target]) -> Figure:
    """Chronic pain without needles: drawn people as lines, published cohorts as marks."""
    found = {target.measured: target for target in published}
    figure, panels = sheet(7.4, 5.4, 2, 1)
    days = 7.0 * np.arange(53)
    _beside(panels[0], days, measured["natural"]["mean"], (0, 6, 26, 52), found["chronic mean"].published)
    _beside(panels[1], days, measured["natural"]["free"], (39, 52), found["chronic free"].published)
    panels[0].set_ylim(0.0, FULL)
    panels[0].set_ylabel("mean reported pain, 0–10", fontsize=SIZE)
    name(panels[0], "Mean pain")
    name(panels[1], "Share without pain")
    panels[1].set_ylim(0.0, 1.0)
    panels[1].set_xlabel("weeks", fontsize=SIZE)
    key = [
        line(BLUE, "drawn people, untreated"),
        Line2D([], [], marker="D", linestyle="", color=RED, label="published cohort"),
    ]
    heading(figure, "The natural course of pain that has lasted a quarter of a year", key)
    return figure


def _beside(axes: Axes, days: Any, drawn: Sequence[float], at: Sequence[int], published: Sequence[float]) -> None:
    axes.plot(days, drawn, color=BLUE, linewidth=1.6)
    axes.plot([7.0 * week for week in at], published, "D", color=RED, markersize=5, clip_on=False, zorder=5)
    weeks(axes, 364.0)


def trial(measured: Mapping[str, Any]) -> Figure:
    """Mean reported pain by arm of a simulated trial, three and six sessions."""
    arms = measured["trial"]["arms"]
    figure, panels = sheet(8.6, 4.0, 1, 2)
    kinds = {"sham sessions": ORANGE, "sessions, limb": GREEN, "sessions, spine and limb": BLUE}
    for axes, count in zip(panels, ("three", "six"), strict=True):
        days = 7.0 * np.arange(len(arms["no treatment"]))
        axes.plot(days, arms["no treatment"], color=PALE, linewidth=1.4)
        for kind, colour in kinds.items():
            axes.plot(days, arms[f"{count} {kind}"], color=colour, linewidth=1.6)
        name(axes, f"{count.capitalize()} weekly sessions")
        axes.set_xlabel("weeks", fontsize=SIZE)
        axes.set_ylim(0.0, 6.0)
        weeks(axes, float(days[-1]))
    panels[0].set_ylabel("mean reported pain, 0–10", fontsize=SIZE)
    key = [line(PALE, "no treatment", 1.4), *(line(colour, kind) for kind, colour in kinds.items())]
    heading(figure, f"A simulated trial: {measured['trial']['people']:,} people, the same in every arm", key, 4)
    return figure
