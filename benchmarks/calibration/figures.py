"""The figures of the calibration page, drawn so that they can be read without colour."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.calibration.measures import Floats, risk_coverage

# Okabe and Ito: told apart by people with every common kind of colour blindness.
COLOURS = ("#000000", "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7")
LINES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1, 1, 1)))
MARKS = ("o", "s", "^", "D", "v", "P")
WHAT = {"row": "every row stated at 0.01 or more", "top": "the likeliest row", "segment": "states of segments"}
FEWEST = 10  # a bin of fewer statements is not drawn

STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "svg.hashsalt": "myotome",
    "svg.fonttype": "path",
    "figure.dpi": 120,
}


def write(numbers: dict[str, Any], data: dict[str, dict[str, Any]], folder: Path, ending: str = "svg") -> None:
    """Draw the three figures."""
    with mpl.rc_context(STYLE):
        for name, figure in (
            ("calibration", _own(numbers)),
            ("calibration-wrong-models", _wrong(numbers)),
            ("calibration-risk-coverage", _risk(data)),
        ):
            kept: dict[str, Any] = {"metadata": {"Date": None}} if ending == "svg" else {}
            figure.savefig(folder / f"{name}.{ending}", **kept)
            plt.close(figure)


def _own(numbers: dict[str, Any]) -> Figure:
    """What was stated against how often it was true, and how often each was stated, own model."""
    own = next(iter(numbers["examiners"].values()))
    figure, axes = plt.subplots(
        2, 3, figsize=(9.0, 4.4), sharex=True, sharey="row", height_ratios=(3, 1), layout="constrained"
    )
    for column, (what, words) in enumerate(WHAT.items()):
        top, under = axes[0, column], axes[1, column]
        _reliability(top, own[what]["bins"], column)
        error, chance = own[what]["calibration_error"], own[what]["calibration_error_by_chance"]
        top.set_title(words)
        top.text(0.03, 0.97, f"calibration error {error:.3f}\nby chance alone {chance:.3f}", va="top")
        counts = np.array(own[what]["bins"])[:, 0]
        under.bar(np.arange(0.05, 1.0, 0.1), np.maximum(counts, 0.5), width=0.085, color=COLOURS[column])
        under.set_yscale("log")
        under.set_ylim(0.7, 2.0 * own["segment"]["statements"])
        under.set_xlabel("probability stated")
    axes[0, 0].set_ylabel("share true")
    axes[1, 0].set_ylabel("statements")
    figure.suptitle(f"Own model: {own['examinations']:,} simulated examinations, calibrated against itself")
    return figure


def _reliability(axes: Axes, bins: list[list[float]], style: int) -> None:
    """Points with 95 % bars, over the diagonal of exact statements."""
    count, stated, true = np.array(bins).T
    drawn = count >= FEWEST
    middle, half = _wilson(count[drawn], true[drawn])
    below, above = true[drawn] - middle + half, middle + half - true[drawn]
    axes.plot((0, 1), (0, 1), color="#777777", linewidth=0.8, zorder=1)
    axes.errorbar(
        stated[drawn],
        true[drawn],
        yerr=np.maximum((below, above), 0.0),
        color=COLOURS[style],
        marker=MARKS[style],
        linestyle="none",
        markersize=4.5,
        elinewidth=1.2,
        zorder=2,
    )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)


def _wilson(count: Floats, share: Floats) -> tuple[Floats, Floats]:
    """Middle and half width of the 95 % interval of a share. Source: Wilson 1927, restated."""
    z = 1.96
    size = 1 + z**2 / count
    half = z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2)) / size
    return (share + z**2 / (2 * count)) / size, half


def _wrong(numbers: dict[str, Any]) -> Figure:
    """The likeliest row under every examiner."""
    found = numbers["examiners"]
    figure, axes = plt.subplots(2, 3, figsize=(9.0, 6.2), sharex=True, sharey=True, layout="constrained")
    for place, (panel, (name, own)) in enumerate(zip(axes.flat, found.items(), strict=True)):
        _reliability(panel, own["top"]["bins"], place)
        panel.set_title(name)
        error, abstained = own["top"]["calibration_error"], own["abstained"]
        panel.text(0.03, 0.97, f"calibration error {error:.3f}\nabstained {abstained:.0%}", va="top")
    figure.supxlabel("probability stated of the likeliest row", fontsize=9)
    figure.supylabel("share true", fontsize=9)
    figure.suptitle("The model read with its own examiner, and with five that it does not know")
    return figure


def _risk(data: dict[str, dict[str, Any]]) -> Figure:
    """How often the surest answers are wrong, by the share answered."""
    figure, axes = plt.subplots(figsize=(7.6, 4.4), layout="constrained")
    for place, (name, part) in enumerate(data.items()):
        coverage, risk = risk_coverage(part["top_p"], part["top_true"])
        shown = np.searchsorted(coverage, np.linspace(0.02, 1.0, 99))
        axes.plot(
            coverage[shown],
            risk[shown],
            color=COLOURS[place],
            linestyle=LINES[place],
            linewidth=1.5,
            marker=MARKS[place],
            markevery=(8 + place, 16),
            markersize=4.5,
            label=name,
        )
    axes.set_xlim(0, 1)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("share of examinations answered, the surest first")
    axes.set_ylabel("share of those answers that is wrong")
    axes.legend(frameon=False, loc="lower right", handlelength=4)
    axes.set_title("Risk and coverage of the likeliest row", loc="left")
    return figure
