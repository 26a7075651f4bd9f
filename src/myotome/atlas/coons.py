"""A ring of four sides as a sheet of fibres: bilinearly blended Coons patch."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from myotome.atlas.curve import Floats, flatten, resample

COUNT = 25


@dataclass(frozen=True)
class Sheet:
    """Origin and insertion run from left to right, the sides from origin to insertion; each (COUNT, 2)."""

    origin: Floats
    right: Floats
    insertion: Floats
    left: Floats

    def at(self, across: Floats, along: Floats) -> Floats:
        """Places at shares ``across`` (0 left, 1 right) and ``along`` (0 origin, 1 insertion); any one shape."""
        u, v = np.broadcast_arrays(np.asarray(across, float), np.asarray(along, float))
        u, v = u[..., None], v[..., None]
        sides = (1 - v) * _on(self.origin, u) + v * _on(self.insertion, u)
        sides = sides + (1 - u) * _on(self.left, v) + u * _on(self.right, v)
        corners: Floats = (
            (1 - u) * (1 - v) * self.origin[0]
            + u * (1 - v) * self.origin[-1]
            + (1 - u) * v * self.insertion[0]
            + u * v * self.insertion[-1]
        )
        patch: Floats = sides - corners
        return patch

    @property
    def width(self) -> float:
        """Greatest width over the length, in sheet units."""
        v = np.linspace(0.1, 0.9, 5)
        return float(np.max(np.hypot(*(self.at(np.ones(5), v) - self.at(np.zeros(5), v)).T)))

    @property
    def length(self) -> float:
        """Length of the middle fibre."""
        middle = self.at(np.full(COUNT, 0.5), np.linspace(0, 1, COUNT))
        return float(np.sum(np.hypot(*np.diff(middle, axis=0).T)))


def _on(line: Floats, share: Floats) -> Floats:
    at = np.clip(share[..., 0], 0, 1) * (len(line) - 1)
    grid = np.arange(len(line))
    return np.stack([np.interp(at, grid, line[:, 0]), np.interp(at, grid, line[:, 1])], axis=-1)


def sheet_of(cubics: Floats, counts: tuple[int, ...]) -> Sheet:
    """The sheet of a ring whose four sides have ``counts`` points each."""
    flat = flatten(cubics)
    steps = len(flat) // len(cubics)
    closed = np.concatenate([flat, flat[:1]])
    n0, n1, n2, _ = counts
    first = [0, n0 - 1, n0 + n1, n0 + n1 + n2 - 1, len(cubics)]
    origin, right, insertion, left = (resample(closed[a * steps : b * steps + 1], COUNT) for a, b in pairwise(first))
    return Sheet(origin, right, insertion[::-1], left[::-1])
