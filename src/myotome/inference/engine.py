"""Run a compiled network on lanes of evidence with whichever kernel there is."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import numpy as np

from myotome.errors import NetworkError
from myotome.inference import native, reference
from myotome.inference.network import Floats, Ints
from myotome.inference.tree import Tree

KERNELS = ("auto", "c", "numpy")


@dataclass(frozen=True, slots=True)
class Lanes:
    """Evidence for many runs side by side.

    ``active`` (examined nodes,): node numbers. ``on`` and ``off`` (examined nodes, lanes):
    P(evidence | node on) and P(evidence | no cause of the network turns the node on).
    ``weights`` (states, lanes): prior times mask of every state of every variable.
    """

    active: Ints
    on: Floats
    off: Floats
    weights: Floats

    @property
    def count(self) -> int:
        """Number of lanes."""
        return int(self.weights.shape[1])

    def take(self, lanes: Ints) -> Lanes:
        """Only these lanes, in this order."""
        return Lanes(self.active, self.on[:, lanes], self.off[:, lanes], self.weights[:, lanes])


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What both sweeps give; the last axis is the lane.

    ``cavity`` times the weights are the marginals. ``silent`` (nodes, lanes) is the expectation of
    P(node off | causes) / P(evidence of the node | causes), empty where nodes were not wanted.
    """

    log_z: Floats
    cavity: Floats
    silent: Floats


class Engine:
    """One compiled network with its kernel."""

    def __init__(self, tree: Tree, kernel: str = "auto") -> None:
        """Choose the kernel: ``auto`` takes C where it was built.

        Raises:
            NetworkError: an unknown kernel, or ``c`` where it was not built.
        """
        if kernel not in KERNELS:
            raise NetworkError(f"Kernel '{kernel}' is unknown. Use one of: {', '.join(KERNELS)}.")
        self.tree = tree
        self._library: ctypes.CDLL | None = None if kernel == "numpy" else native.load()
        if kernel == "c" and self._library is None:
            raise NetworkError("The C kernel was not built. Install a C compiler and reinstall, or use 'numpy'.")
        self._plan = None if self._library is None else native.Plan(tree)

    @property
    def kernel(self) -> str:
        """The kernel in use: ``c`` or ``numpy``."""
        return "numpy" if self._library is None else "c"

    def evidence(self, lanes: Lanes) -> Floats:
        """Log of the total weight of all states, shape (lanes,); -inf where a mask leaves nothing."""
        distinct, back = self._distinct(lanes)
        arguments = (distinct.active, distinct.on, distinct.off, distinct.weights)
        if self._library is None or self._plan is None:
            return reference.evidence(self.tree, *arguments)[back]
        return native.evidence(self._library, self._plan, *arguments)[back]

    def both(self, lanes: Lanes, want_nodes: bool = True) -> Beliefs:
        """Evidence, cavities of every state and, if wanted, the sums for every node.

        Raises:
            NetworkError: evidence that no state of the network allows.
        """
        distinct, back = self._distinct(lanes)
        arguments = (distinct.active, distinct.on, distinct.off, distinct.weights, want_nodes)
        if self._library is None or self._plan is None:
            log_z, cavity, silent = reference.both(self.tree, *arguments)
        else:
            log_z, cavity, silent = native.both(self._library, self._plan, *arguments)
        log_z = log_z[back]
        if not np.isfinite(log_z).all():
            raise NetworkError(
                "The evidence has probability zero under this network. Loosen a rate that is exactly 0 or 1."
            )
        return Beliefs(log_z, cavity[:, back], silent[:, back])

    def _distinct(self, lanes: Lanes) -> tuple[Lanes, Ints]:
        """Lanes that are the same are run once; C takes them in multiples of eight."""
        rows = np.ascontiguousarray(np.concatenate([lanes.on, lanes.off, lanes.weights]).T)
        seen: dict[bytes, int] = {}
        back = np.empty(lanes.count, dtype=np.int32)
        keep: list[int] = []
        for lane in range(lanes.count):
            key = rows[lane].tobytes()
            place = seen.setdefault(key, len(keep))
            if place == len(keep):
                keep.append(lane)
            back[lane] = place
        if self._library is not None:
            keep.extend([keep[0]] * (-len(keep) % native.WIDTH))
        chosen = lanes.take(np.asarray(keep, dtype=np.int32))
        return (
            Lanes(
                np.ascontiguousarray(chosen.active, dtype=np.int32),
                np.ascontiguousarray(chosen.on),
                np.ascontiguousarray(chosen.off),
                np.ascontiguousarray(chosen.weights),
            ),
            back,
        )
