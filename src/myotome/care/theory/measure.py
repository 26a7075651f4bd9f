"""Everything that docs/theory.md shows, measured anew with fixed seeds: plain numbers, ready for JSON."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from myotome.care.theory.bench import Bench
from myotome.care.theory.claims import LEFT, found, parts, robustness, sensitivity, without
from myotome.care.theory.populations import ARMS, bands, measured, natural, trial
from myotome.mechanism.parameters import Parameters, table

PEOPLE = 12_000  # drawn for the natural course, and for the trial
SETS = 2_000  # scattered sets of parameters
SOBOL = 512
SEEDS = {"natural": 1, "trial": 2, "scatter": 3, "sobol": 4}
SPREADS = (0.1, 0.3)
WEEKS = 26


@lru_cache(maxsize=1)
def measure() -> dict[str, Any]:
    """Numbers of the experiments, robustness, parts switched off, sensitivity, natural course and trial."""
    bench = Bench(Parameters())
    course, tried = natural(PEOPLE, SEEDS["natural"]), trial(PEOPLE, SEEDS["trial"], WEEKS)
    ill = course.chronic()
    indices = sensitivity([name for name in table() if name not in LEFT], 0.1, SOBOL, SEEDS["sobol"])
    return {
        "experiments": {
            name: {key: _plain(value) for key, value in one.numbers.items()} for name, one in found(bench).items()
        },
        "robustness": {f"{spread:g}": _rounded(robustness(SETS, spread, SEEDS["scatter"])) for spread in SPREADS},
        "without": {name: _rounded(without(name)) for name in parts()},
        "sobol": {name: [round(first, 3), round(total, 3)] for name, (first, total) in indices.items()},
        "published": {name: [round(v, 2) for v in values] for name, values in measured(course, tried).items()},
        "bands": [round(weeks, 1) for weeks in bands(course)],
        "natural": {
            "people": len(ill),
            "in pain a quarter later": round(float(ill.mean()), 3),
            "mean": [round(float(course.said[13 + week][ill].mean()), 2) for week in range(53)],
            "free": [round(float((course.pain[13 + week][ill] < 1.0).mean()), 3) for week in range(53)],
        },
        "trial": {
            "people": int(tried.said["no treatment"].shape[1]),
            "arms": {arm: [round(tried.mean(arm, week), 2) for week in range(WEEKS + 1)] for arm in ARMS},
        },
    }


def _plain(values: Any) -> float | str:
    value = float(np.ravel(values)[0])
    return round(value, 2) if np.isfinite(value) else "never"


def _rounded(numbers: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in numbers.items()}
