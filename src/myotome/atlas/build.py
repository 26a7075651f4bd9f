"""The cited proportions: where the measures put the landmarks of the whole body, for women, men and their mean."""

from __future__ import annotations

import math
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

from myotome.atlas.frames import Body, Place
from myotome.atlas.plate import Plate
from myotome.errors import PlateError
from myotome.facts.tables import lines

BUILDS = ("ordinary", "women", "men")


@lru_cache(maxsize=1)
def measures() -> dict[str, tuple[float, float]]:
    """Each measure as thousandths of the stature of women and of men."""
    rows = [row for _, row, _ in lines("myotome.atlas", "measures")]
    found = {row["name"]: (float(row["women_mm"]), float(row["men_mm"])) for row in rows}
    women, men = found["stature"]
    return {name: (1000 * w / women, 1000 * m / men) for name, (w, m) in found.items()}


def measured(name: str, build: str) -> float:
    """A measure in thousandths of stature; ``ordinary`` is the mean of women and men.

    Raises:
        PlateError: there is no such build.
    """
    if build not in BUILDS:
        raise PlateError(f"There is no build '{build}'. Choose one of {', '.join(BUILDS)}.")
    women, men = measures()[name]
    return {"ordinary": (women + men) / 2, "women": women, "men": men}[build]


@lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    return tomllib.loads((files("myotome.atlas") / "data" / "landmarks.toml").read_text("utf-8"))


def fixed(build: str) -> dict[tuple[str, str], float]:
    """Coordinates that the measures fix: (landmark, x or y) to thousandths of stature."""
    return {
        (row["landmark"], axis): sum(factor * measured(name, build) for name, factor in row[axis].items())
        for row in _rules()["at"]
        for axis in ("x", "y")
        if axis in row
    }


def apart(build: str) -> dict[tuple[str, str], float]:
    """Distances that the measures fix: (landmark, landmark) to thousandths of stature."""
    return {(row["start"], row["end"]): measured(row["measure"], build) for row in _rules()["apart"]}


def body_of(chosen: Plate, build: str) -> Body:
    """A whole-body plate's landmarks for a build: measured ones as measured, limbs carried along, the rest as drawn.

    Raises:
        PlateError: there is no such build.
    """
    at: dict[str, Place] = dict(chosen.binding.sheet)
    for (name, axis), value in fixed(build).items():
        if name in at:
            change = value - fixed("ordinary")[name, axis]
            at[name] = (at[name][0] + change * (axis == "x"), at[name][1] + change * (axis == "y"))
    shoulder = [now - then for now, then in zip(at["AC"], chosen.binding.sheet["AC"], strict=True)]
    for name in ("GH", "ELB", "WR", "TIP"):
        at[name] = (chosen.binding.sheet[name][0] + shoulder[0], chosen.binding.sheet[name][1] + shoulder[1])
    arm = ["ELB", "WR", "TIP"]
    for (start, end), length in apart(build).items():
        drawn = math.dist(at[start], at[end])
        change = (length - apart("ordinary")[start, end]) / drawn
        dx, dy = ((b - a) * change for a, b in zip(at[start], at[end], strict=True))
        for name in arm[arm.index(end) :]:
            at[name] = (at[name][0] + dx, at[name][1] + dy)
    return Body(at)
