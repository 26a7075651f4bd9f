"""Who supplies whom: muscles, levels and regions as arrays; knows no anatomy."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from myotome.errors import MechanismError

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Sparse:
    """Rows of (column, weight) pairs: ``at`` (rows + 1,), ``column`` and ``weight`` (pairs,)."""

    at: Ints
    column: Ints
    weight: Floats

    @classmethod
    def of(cls, table: Floats) -> Sparse:
        """The entries of a dense table that are not zero."""
        rows, columns = np.nonzero(table)
        at = np.searchsorted(rows, np.arange(len(table) + 1)).astype(np.int32)
        return cls(at, columns.astype(np.int32), np.ascontiguousarray(table[rows, columns]))


@dataclass(frozen=True)
class Network:
    """The nerves of a body as weights.

    Args:
        supply: (muscles, levels) share of each level in a muscle's impulses; each row sums to 1.
        beside: (levels, muscles) how far a muscle's shortening closes in on the root of a level; each row sums to 1,
            or to 0 where no muscle lies beside the level.
        region: (muscles,) number of the region where a muscle's pain is felt, 0 and up.

    ``drive`` (levels, muscles) is the share of each muscle away from the spine in what a level hears; its rows sum
    to 1, or to 0 where there is none.

    Raises:
        MechanismError: a weight is negative or not finite, a row does not sum to 1, or shapes disagree.
    """

    supply: Floats
    beside: Floats
    region: Ints
    drive: Floats = field(repr=False)
    regions: int

    def __init__(self, supply: ArrayLike, beside: ArrayLike, region: ArrayLike) -> None:
        shares, near = (np.ascontiguousarray(value, dtype=np.float64) for value in (supply, beside))
        numbers = np.ascontiguousarray(region, dtype=np.int32)
        _check(shares, near, numbers)
        self._set(shares, near, numbers, _drive(shares, near), int(numbers.max()) + 1)

    def _set(self, *values: Any) -> None:
        for name, value in zip(("supply", "beside", "region", "drive", "regions"), values, strict=True):
            object.__setattr__(self, name, value)

    def part(self, muscles: Ints, levels: Ints) -> Network:
        """Some muscles and levels by number, with their weights as they are here: the rest counts as healthy."""
        found = object.__new__(Network)
        tables = self.supply[np.ix_(muscles, levels)], self.beside[np.ix_(levels, muscles)]
        found._set(*tables, self.region[muscles], self.drive[np.ix_(levels, muscles)], self.regions)
        return found

    @property
    def muscles(self) -> int:
        """How many muscles."""
        return int(self.supply.shape[0])

    @property
    def levels(self) -> int:
        """How many levels, each side counted."""
        return int(self.supply.shape[1])

    @cached_property
    def rows(self) -> tuple[Sparse, Sparse, Sparse]:
        """Supply, beside and drive without their zeros, as the kernel reads them."""
        return Sparse.of(self.supply), Sparse.of(self.beside), Sparse.of(self.drive)


def _drive(supply: Floats, beside: Floats) -> Floats:
    away = supply.T * (beside.sum(axis=0) == 0.0)
    total = away.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(away, total, out=np.zeros_like(away), where=total > 0.0)
    return shares


def _check(supply: Floats, beside: Floats, region: Ints) -> None:
    if supply.ndim != 2 or not supply.size or beside.shape != supply.shape[::-1] or region.shape != supply.shape[:1]:
        raise MechanismError(
            f"Shapes disagree: supply {supply.shape}, beside {beside.shape}, region {region.shape}. "
            "Give (muscles, levels), (levels, muscles) and (muscles,)."
        )
    for name, table in (("supply", supply), ("beside", beside)):
        if not np.isfinite(table).all() or (table < 0.0).any():
            raise MechanismError(f"A weight of '{name}' is negative or no number. Shares lie between 0 and 1.")
    sums = beside.sum(axis=1)
    if not np.allclose(supply.sum(axis=1), 1.0) or not (np.isclose(sums, 1.0) | (sums == 0.0)).all():
        raise MechanismError("Shares do not sum to 1. Each muscle's supply does, and each level's 'beside' (or to 0).")
    if (region < 0).any():
        raise MechanismError(f"Region {region.min()} is negative. Number regions from 0.")
