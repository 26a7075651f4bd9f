"""Reading and judging forecasts of whole-number answers: quantiles, ranked score, where the truth lies."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]


def quantiles(found: Floats, levels: ArrayLike) -> Ints:
    """(..., levels): the least score that is not exceeded with each probability; ``found`` (..., 11) chances."""
    below = np.cumsum(found, axis=-1)[..., None, :]
    wanted = np.asarray(levels, np.float64)[:, None] - 1e-9
    return np.asarray(np.minimum((below < wanted).sum(axis=-1), found.shape[-1] - 1))


def ranked_score(found: Floats, happened: ArrayLike) -> Floats:
    """(...,): continuous ranked probability score, points; ``found`` (..., scores) chances, ``happened`` (...,)."""
    below = np.cumsum(found, axis=-1)[..., :-1]
    reached = np.arange(below.shape[-1]) >= np.asarray(happened)[..., None]
    return np.asarray(((below - reached) ** 2).sum(axis=-1))


def place(found: Floats, happened: ArrayLike, draws: ArrayLike) -> Floats:
    """(...,): where what happened lies in the forecast, 0..1, spread evenly within its score by ``draws`` 0..1.

    Evenly distributed where forecasts are right (the randomised probability integral transform).
    """
    below = np.concatenate([np.zeros((*found.shape[:-1], 1)), np.cumsum(found, axis=-1)], axis=-1)
    at = np.asarray(happened, np.int64)[..., None]
    low, high = (np.take_along_axis(below, at + more, axis=-1)[..., 0] for more in (0, 1))
    return np.asarray(low + np.asarray(draws) * (high - low))
