"""Run a compiled network on lanes of evidence with whichever kernel there is."""

from __future__ import annotations

import ctypes
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from myotome.errors import NetworkError
from myotome.inference import native, reference
from myotome.inference.layout import Layout, lay_out
from myotome.inference.network import Floats, Ints
from myotome.inference.tree import Tree

KERNELS = ("auto", "c", "numpy")
REMEMBERED = 64  # layouts kept: one examination is run many times with the same nodes

_Key = TypeVar("_Key")
_Kept = TypeVar("_Kept")
_NONE = np.zeros(0, dtype=np.int32)
_SHELVING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Lanes:
    """Evidence for many runs side by side.

    ``active`` (examined nodes,): node numbers. ``on`` and ``off`` (examined nodes, lanes):
    P(evidence | node on) and P(evidence | no cause of the network turns the node on).
    ``weights`` (states, lanes): prior times mask of every state of every variable. An array that
    is the same in every lane may have a single column.
    """

    active: Ints
    on: Floats
    off: Floats
    weights: Floats

    def __post_init__(self) -> None:
        count, rows = self.count, len(self.active)
        shapes = self.on.shape, self.off.shape, self.weights.shape
        for (given, columns), needed in zip(shapes, (rows, rows, shapes[2][0]), strict=True):
            if given != needed or columns not in (1, count):
                raise NetworkError(
                    f"The lanes' arrays have shapes {shapes}; 'on' and 'off' need {rows} rows, "
                    f"and each array one column or {count}."
                )

    @property
    def count(self) -> int:
        """Number of lanes."""
        return int(max(self.on.shape[1], self.off.shape[1], self.weights.shape[1]))


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
        if self.weights.shape[1] == 1:
            shared: Floats = self.weights[:, 0] * (self.cavity @ mix)
            return shared
        averaged: Floats = np.einsum("sl,sl,l->s", self.weights, self.cavity, mix)
        return averaged


class Engine:
    """One compiled network with its kernel.

    Only what the examined and wanted nodes need is computed; how that is laid out is remembered,
    so that running the same nodes again with other numbers costs the sums alone.
    """

    def __init__(self, tree: Tree, kernel: str = "auto") -> None:
        """Choose the kernel: ``auto`` takes C where it was built and the network is not too large.

        Raises:
            NetworkError: an unknown kernel, or ``c`` where it was not built or cannot hold the network.
        """
        if kernel not in KERNELS:
            raise NetworkError(f"Kernel '{kernel}' is unknown. Use one of: {', '.join(KERNELS)}.")
        self.tree = tree
        self._library = None if kernel == "numpy" else _library(tree, must=kernel == "c")
        self._flat = None if self._library is None else native.FlatNetwork(tree)
        self._plans: dict[tuple[bytes, bytes], native.Plan] = {}
        self._layouts: dict[frozenset[int], Layout] = {}

    @property
    def kernel(self) -> str:
        """The kernel in use: ``c`` or ``numpy``."""
        return "numpy" if self._library is None else "c"

    def with_tables(self, p: Floats, q: Floats) -> Engine:
        """The same compiled network with other probabilities in its node tables."""
        other = Engine.__new__(Engine)
        other.__dict__.update(self.__dict__)
        other.tree = replace(self.tree, p=p, q=q)
        other._flat = None if self._flat is None else self._flat.with_tables(p, q)
        return other

    def evidence(self, lanes: Lanes) -> Floats:
        """Log of the total weight of all states, shape (lanes,); -inf where a mask leaves nothing."""
        return self._run(lanes, _NONE, back=False)[0]

    def both(self, lanes: Lanes, wanted: Ints | None = None) -> Beliefs:
        """Evidence, cavities of every state, and the sums for the nodes ``wanted`` (None: for none).

        A lane whose evidence is too unlikely for a float beside the others' has -inf and zeros.

        Raises:
            NetworkError: evidence that no state of the network allows in any lane.
        """
        nodes = _NONE if wanted is None else np.ascontiguousarray(wanted, dtype=np.int32)
        log_z, cavity, silent = self._run(lanes, nodes, back=True)
        if not math.isfinite(np.add.reduce(log_z)):
            _leave_out_impossible(log_z, cavity, silent)
        return Beliefs(log_z, cavity, silent, lanes.weights)

    def forget(self) -> None:
        """Give back the memory of all layouts."""
        self._plans.clear()
        self._layouts.clear()

    def entries(self, active: Ints, wanted: Ints | None = None) -> int:
        """Entries of the tables that these nodes need: the work of one lane."""
        nodes = frozenset(map(int, active)) | frozenset(map(int, _NONE if wanted is None else wanted))
        return sum(b.constant.size for b in self._layout(nodes).buckets)

    def _run(self, lanes: Lanes, wanted: Ints, back: bool) -> tuple[Floats, Floats, Floats]:
        if lanes.weights.shape[0] != self.tree.states or not lanes.count:
            raise NetworkError(
                f"The weights have shape {lanes.weights.shape}; the network needs {self.tree.states} rows "
                "and at least one lane."
            )
        active = np.ascontiguousarray(lanes.active, dtype=np.int32)
        if self._library is not None and self._flat is not None:
            plan = self._plan(self._library, self._flat, active, wanted)
            return plan.run(self._flat, lanes.count, (lanes.on, lanes.off, lanes.weights), back)
        layout = self._layout(frozenset(active.tolist()) | frozenset(wanted.tolist()))
        given = reference.Evidence(active, lanes.on, lanes.off, lanes.weights)
        with np.errstate(all="ignore"):  # as in C: what leaves the range of a float is seen in the result
            if back:
                return reference.both(self.tree, layout, given, lanes.count, wanted)
            return reference.evidence(self.tree, layout, given, lanes.count), np.empty(0), np.empty(0)

    def _plan(self, library: ctypes.CDLL, flat: native.FlatNetwork, active: Ints, wanted: Ints) -> native.Plan:
        def make() -> native.Plan:
            self._check(frozenset(active.tolist()) | frozenset(wanted.tolist()))
            return native.Plan(library, flat, active, wanted)

        return _kept(self._plans, (active.tobytes(), wanted.tobytes()), make)

    def _layout(self, nodes: frozenset[int]) -> Layout:
        def make() -> Layout:
            self._check(nodes)
            return lay_out(self.tree, nodes)

        return _kept(self._layouts, nodes, make)

    def _check(self, nodes: frozenset[int]) -> None:
        last = len(self.tree.node_group) - 1
        for node in nodes:
            if not 0 <= node <= last:
                raise NetworkError(f"There is no node number {node}; the network's nodes are 0 to {last}.")


def _kept(shelf: dict[_Key, _Kept], key: _Key, make: Callable[[], _Kept]) -> _Kept:
    """The value of ``key``, made if it is not there; the oldest makes room."""
    found = shelf.get(key)
    if found is None:
        found = make()
        with _SHELVING:
            while len(shelf) >= REMEMBERED:
                del shelf[next(iter(shelf))]
            shelf[key] = found
    return found


def _library(tree: Tree, must: bool) -> ctypes.CDLL | None:
    library = native.load()
    if must and library is None:
        raise NetworkError("The C kernel was not built. Install a C compiler and reinstall, or use 'numpy'.")
    if len(tree.cards) > native.MOST_VARIABLES:
        if must:
            raise NetworkError(
                f"The network has {len(tree.cards)} variables; the C kernel holds at most "
                f"{native.MOST_VARIABLES}. Use 'numpy'."
            )
        return None
    return library


def _leave_out_impossible(log_z: Floats, cavity: Floats, silent: Floats) -> None:
    impossible = ~np.isfinite(log_z)
    if impossible.all():
        raise NetworkError(
            "The evidence has probability zero under this network. Loosen a rate that is exactly 0 or 1."
        )
    log_z[impossible] = -np.inf
    cavity[:, impossible] = 0.0
    silent[:, impossible] = 0.0
