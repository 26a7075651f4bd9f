"""Centripetal Catmull-Rom rings as Bézier curves, with sharp corners kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def beziers(points: Floats, corners: Sequence[bool]) -> Floats:
    """One cubic for each step from a ring point to the next.

    Args:
        points: shape (n, 2), a closed ring.
        corners: n flags; the curve is sharp there.

    Returns:
        Shape (n, 4, 2): start, two controls, end.
    """
    n = len(points)
    p1, p2 = points, np.roll(points, -1, axis=0)
    p0, p3 = np.roll(points, 1, axis=0), np.roll(points, -2, axis=0)
    sharp = np.asarray(corners, dtype=bool)
    p0 = np.where(sharp[:, None], p1 - (p2 - p1), p0)
    p3 = np.where(np.roll(sharp, -1)[:, None], p2 + (p2 - p1), p3)
    d1, d2, d3 = (np.sqrt(np.maximum(np.hypot(*(b - a).T), 1e-9)) for a, b in ((p0, p1), (p1, p2), (p2, p3)))
    d1, d2, d3 = d1[:, None], d2[:, None], d3[:, None]
    # Centripetal (alpha = 1/2) to Bézier; tests/unit/test_atlas_geometry.py holds it to the recursion.
    c1 = (d1**2 * p2 - d2**2 * p0 + (2 * d1**2 + 3 * d1 * d2 + d2**2) * p1) / (3 * d1 * (d1 + d2))
    c2 = (d3**2 * p1 - d2**2 * p3 + (2 * d3**2 + 3 * d3 * d2 + d2**2) * p2) / (3 * d3 * (d3 + d2))
    c1 = np.where(sharp[:, None] & np.roll(sharp, -1)[:, None], p1 + (p2 - p1) / 3, c1)
    c2 = np.where(sharp[:, None] & np.roll(sharp, -1)[:, None], p2 - (p2 - p1) / 3, c2)
    out = np.stack([p1, c1, c2, p2], axis=1)
    assert out.shape == (n, 4, 2)  # noqa: S101  # shape, not input
    return out


def open_beziers(points: Floats) -> Floats:
    """The same for an open line: shape (n - 1, 4, 2)."""
    return beziers(points, [i in (0, len(points) - 1) for i in range(len(points))])[:-1]


def flatten(cubics: Floats, steps: int = 6) -> Floats:
    """Points along the cubics, the last end left out: shape (n * steps, 2)."""
    t = np.arange(steps)[:, None] / steps
    weights = np.concatenate([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3], axis=1)
    points: Floats = np.einsum("sk,nkd->nsd", weights, cubics).reshape(-1, 2)
    return points


def resample(line: Floats, count: int) -> Floats:
    """``count`` points evenly spaced along ``line`` by its length."""
    if len(line) == 1:
        return np.repeat(line, count, axis=0)
    reach = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    at = np.linspace(0.0, reach[-1], count)
    return np.stack([np.interp(at, reach, line[:, 0]), np.interp(at, reach, line[:, 1])], axis=1)
