"""Measures of calibration: small functions of stated probabilities and what was true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BINS = 10


@dataclass(frozen=True, slots=True)
class Reliability:
    """For each bin of stated probability: how many, what was stated on average, how often it was true."""

    count: Floats
    stated: Floats
    true: Floats

    @property
    def error(self) -> float:
        """Expected calibration error: the mean distance between stated and true, by how many were stated."""
        filled = self.count > 0
        gaps = np.abs(self.stated[filled] - self.true[filled]) * self.count[filled]
        return float(gaps.sum() / max(self.count.sum(), 1.0))


def reliability(stated: Floats, true: Floats | NDArray[np.bool_]) -> Reliability:
    """Ten bins of equal width."""
    place = np.minimum((stated * BINS).astype(int), BINS - 1)
    count = np.bincount(place, minlength=BINS).astype(float)
    full = np.maximum(count, 1.0)
    return Reliability(
        count,
        np.bincount(place, stated, minlength=BINS) / full,
        np.bincount(place, true.astype(float), minlength=BINS) / full,
    )


def noise(stated: Floats, rng: Generator, draws: int = 200, quantile: float = 0.95) -> tuple[float, float]:
    """Calibration error that chance alone gives exact, independent statements: mean and a quantile."""
    errors = [reliability(stated, rng.random(len(stated)) < stated).error for _ in range(draws)]
    return float(np.mean(errors)), float(np.quantile(errors, quantile))


def brier(stated: Floats, true: Floats) -> float:
    """Mean squared distance between what was stated and what was true."""
    return float(np.mean((stated - true) ** 2)) if len(stated) else float("nan")


def risk_coverage(stated: Floats, true: Floats) -> tuple[Floats, Floats]:
    """Share answered, and share of those answers that is wrong, answering the surest first."""
    order = np.argsort(-stated, kind="stable")
    number = np.arange(1, len(order) + 1)
    return number / len(order), np.cumsum(1.0 - true[order]) / number


def deviation(stated: Floats, true: Floats) -> float:
    """How far the number of true statements is from the number stated, in standard deviations."""
    spread = float(np.sqrt((stated * (1.0 - stated)).sum()))
    return float((true.sum() - stated.sum()) / spread) if spread > 0 else 0.0


def summary(data: dict[str, Any], rng: Generator) -> dict[str, Any]:
    """All measures of one examiner's examinations."""
    verdict = data["verdict"] >= 0
    sure = verdict & (data["verdict_p"] > 0.9)
    found: dict[str, Any] = {"examinations": len(verdict)}
    for what in ("row", "top", "verdict", "segment"):
        chosen = verdict if what == "verdict" else slice(None)
        found[what] = _measured(data[f"{what}_p"][chosen], data[f"{what}_true"][chosen], rng)
    coverage, risk = risk_coverage(data["top_p"], data["top_true"])
    found["risk_coverage"] = {
        f"{share:.1f}": _share(risk[np.searchsorted(coverage, share) :][:1]) for share in np.arange(0.1, 1.01, 0.1)
    }
    found["stated_above_0.9"] = float(sure.mean())
    found["right_above_0.9"] = _share(data["verdict_true"][sure])
    found["named_right_above_0.9"] = _share(data["verdict_named"][sure])
    found["abstained"] = float(1.0 - verdict.mean())
    found["right_of_stated"] = _share(data["verdict_true"][verdict])
    found["named_right_of_stated"] = _share(data["verdict_named"][verdict])
    return found


def _share(values: Floats) -> float | None:
    return float(np.mean(values)) if len(values) else None


def _measured(stated: Floats, true: Floats, rng: Generator) -> dict[str, Any]:
    table = reliability(stated, true)
    mean, high = noise(stated, rng, draws=100)
    return {
        "statements": len(stated),
        "calibration_error": table.error,
        "calibration_error_by_chance": mean,
        "calibration_error_by_chance_95": high,
        "brier": brier(stated, true),
        "bins": [
            list(row) for row in zip(table.count.tolist(), table.stated.tolist(), table.true.tolist(), strict=True)
        ],
    }
