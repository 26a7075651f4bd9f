"""The part of a body that a scenario touches; all else stays healthy, an exact fixed point, and is left out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from myotome.care.simulation.person.body import Body
from myotome.mechanism.network import Floats, Network

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Part:
    """Some muscles, levels and regions of a body, each a pair (name, side), and their nerves.

    ``ill`` are the numbers of the muscles that can fall ill; ``kept`` and ``kept_levels`` the numbers that its muscles
    and levels have in the whole body, which has ``whole`` muscles.
    """

    muscles: tuple[tuple[str, str], ...]
    levels: tuple[tuple[str, str], ...]
    regions: tuple[tuple[str, str], ...]
    network: Network
    ill: tuple[int, ...]
    kept: tuple[int, ...]
    kept_levels: tuple[int, ...]
    whole: int

    def muscle(self, name: str, side: str) -> int:
        """Number here of a muscle by its proper name; -1 where it is not in this part."""
        return self.muscles.index((name, side)) if (name, side) in self.muscles else -1


def part_of(body: Body, disrupted: Collection[int], needled: Collection[int]) -> Part:
    """The part that disrupted levels and needled muscles (numbers in ``body``) can change.

    What can fall ill are the muscles of a disrupted root, and of any root that such a muscle lies beside. With them
    are kept every level that hears them and every muscle of those levels, so that all weights stay as they were.
    """
    net = body.network
    roots: Flags = np.zeros(net.levels, bool)
    roots[list(disrupted)] = True
    ill, spread = _supplied(net, roots), True
    while spread:
        squeezed = (net.beside[:, ill] > 0.0).any(axis=1) & ~roots
        spread = bool(squeezed.any())
        roots[squeezed] = True
        ill = _supplied(net, roots)
    touched = ill.copy()
    touched[list(needled)] = True
    hearing: Flags = np.asarray((net.supply[touched] > 0.0).any(axis=0))
    muscles = np.flatnonzero(touched | _supplied(net, hearing))
    levels = np.flatnonzero((net.supply[muscles] > 0.0).any(axis=0) | hearing)
    regions, numbered = np.unique(net.region[muscles], return_inverse=True)
    network = Network(net.supply[np.ix_(muscles, levels)], _whole(net.beside[np.ix_(levels, muscles)]), numbered)
    return Part(
        tuple(body.muscles[m] for m in muscles),
        tuple(body.levels[n] for n in levels),
        tuple(body.regions[r] for r in regions),
        network,
        tuple(int(n) for n in np.flatnonzero(ill[muscles])),
        tuple(int(m) for m in muscles),
        tuple(int(n) for n in levels),
        net.muscles,
    )


def _supplied(net: Network, roots: Flags) -> Flags:
    """(muscles,) which have impulses from any of these levels."""
    return np.asarray((net.supply[:, roots] > 0.0).any(axis=1))


def _whole(beside: Floats) -> Floats:
    # A level that lost a muscle beside it stays healthy here, so nothing needs to lie beside it.
    complete = np.isclose(beside.sum(axis=1, keepdims=True), 1.0)
    return np.where(complete, beside, 0.0)
