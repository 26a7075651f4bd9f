"""Run a compiled network on lanes of evidence with whichever kernel there is."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What both sweeps give; the last axis is the lane.

    ``cavity`` times the weights are the marginals. ``silent`` (wanted nodes, lanes) is the
    expectation of P(node off | causes) / P(evidence of the node | causes).
    """

    log_z: Floats
    cavity: Floats
    silent: Floats
    weights: Floats

    def marginals(self, mix: Floats) -> Floats:
        """P(state) of every state averaged over the lanes with weights ``mix`` (lanes,), (states,)."""
        averaged: Floats = (self.weights * self.cavity) @ mix
        return averaged


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

    def with_tables(self, p: Floats, q: Floats) -> Engine:
        """The same compiled network with other probabilities in its node tables."""
        other = Engine.__new__(Engine)
        other.tree = replace(self.tree, p=p, q=q)
        other._library = self._library
        other._plan = None if self._plan is None else self._plan.with_tables(p, q)
        return other

    def evidence(self, lanes: Lanes) -> Floats:
        """Log of the total weight of all states, shape (lanes,); -inf where a mask leaves nothing."""
        if self._library is None or self._plan is None:
            return reference.evidence(self.tree, lanes.active, lanes.on, lanes.off, lanes.weights)
        padded = _padded(lanes)
        arguments = (padded.active, padded.on, padded.off, padded.weights)
        return native.evidence(self._library, self._plan, *arguments)[: lanes.count]

    def both(self, lanes: Lanes, wanted: Ints | None = None) -> Beliefs:
        """Evidence, cavities of every state, and the sums for the nodes ``wanted`` (None: for none).

        Raises:
            NetworkError: evidence that no state of the network allows.
        """
        nodes = np.zeros(0, dtype=np.int32) if wanted is None else np.asarray(wanted, dtype=np.int32)
        if self._library is None or self._plan is None:
            log_z, cavity, silent = reference.both(
                self.tree, lanes.active, lanes.on, lanes.off, lanes.weights, nodes
            )
        else:
            padded = _padded(lanes)
            arguments = (padded.active, padded.on, padded.off, padded.weights, nodes)
            log_z, cavity, silent = native.both(self._library, self._plan, *arguments)
        if not np.isfinite(log_z[: lanes.count]).all():
            raise NetworkError(
                "The evidence has probability zero under this network. Loosen a rate that is exactly 0 or 1."
            )
        return Beliefs(log_z[: lanes.count], cavity[:, : lanes.count], silent[:, : lanes.count], lanes.weights)


def _padded(lanes: Lanes) -> Lanes:
    """C takes lanes in multiples of eight: the last one is repeated."""
    extra = -lanes.count % native.WIDTH

    def pad(array: Floats) -> Floats:
        return np.ascontiguousarray(np.pad(array, ((0, 0), (0, extra)), mode="edge") if extra else array)

    return Lanes(
        np.ascontiguousarray(lanes.active, dtype=np.int32), pad(lanes.on), pad(lanes.off), pad(lanes.weights)
    )
