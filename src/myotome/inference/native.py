"""The kernel in C, opened with ctypes; absent where the package was built without a compiler."""

from __future__ import annotations

import copy
import ctypes
import importlib.machinery
from pathlib import Path
from typing import Any

import numpy as np

from myotome.inference.network import Floats, Ints
from myotome.inference.tree import Tree

WIDTH = 8

_INT = ctypes.POINTER(ctypes.c_int32)
_LONG = ctypes.POINTER(ctypes.c_int64)
_REAL = ctypes.POINTER(ctypes.c_double)


class _Tree(ctypes.Structure):
    """Mirror of ``Tree`` in kernel.c, field for field."""

    _fields_ = (
        *((name, ctypes.c_int32) for name in ("buckets", "groups", "nodes", "states")),
        *((name, _INT) for name in ("variable", "card", "separator_size", "entries")),
        *((name, _LONG) for name in ("table_at", "message_at")),
        *((name, _INT) for name in ("first_group", "first_child", "bucket_group", "child")),
        ("child_map_at", _LONG),
        ("constant", _REAL),
        *((name, _INT) for name in ("group_size", "group_host", "group_bucket")),
        *((name, _LONG) for name in ("group_at", "group_map_at")),
        *((name, _INT) for name in ("group_target", "first_node", "group_node", "maps")),
        *((name, _INT) for name in ("state_offset", "node_offset")),
        *((name, _REAL) for name in ("p", "q")),
        *((name, ctypes.c_int64) for name in ("table_size", "message_size", "group_table_size")),
    )


def load() -> ctypes.CDLL | None:
    """The compiled kernel beside this module, or None."""
    for suffix in importlib.machinery.EXTENSION_SUFFIXES:
        path = Path(__file__).with_name("_kernel" + suffix)
        if path.exists():
            library = ctypes.CDLL(str(path))
            library.myotome_workspace.restype = ctypes.c_int64
            library.myotome_evidence.restype = None
            library.myotome_both.restype = None
            return library
    return None


class Plan:
    """A tree laid out as the flat arrays that the C kernel reads, with its work space."""

    def __init__(self, tree: Tree) -> None:
        """Flatten ``tree`` once; the arrays live as long as the plan."""
        self._keep: list[np.ndarray[Any, Any]] = []
        self.struct = self._flatten(tree)
        self.states = tree.states
        self.nodes = len(tree.network.nodes)
        self.row_of = np.full(self.nodes, -1, dtype=np.int32)
        self.place_of = np.full(self.nodes, -1, dtype=np.int32)
        self._work: Floats | None = None

    def with_tables(self, p: Floats, q: Floats) -> Plan:
        """The same layout with other node tables; the work space is shared."""
        other = copy.copy(self)
        other._keep = list(self._keep)
        other.struct = _Tree.from_buffer_copy(self.struct)
        other.struct.p, other.struct.q = other._reals(p), other._reals(q)
        return other

    def work(self, library: ctypes.CDLL) -> Floats:
        """The work space, made at first use."""
        if self._work is None:
            self._work = np.zeros(library.myotome_workspace(ctypes.byref(self.struct)) + 64)
        return self._work

    def _ints(self, values: Any) -> Any:
        array = np.ascontiguousarray(values, dtype=np.int32)
        self._keep.append(array)
        return array.ctypes.data_as(_INT)

    def _longs(self, values: Any) -> Any:
        array = np.ascontiguousarray(values, dtype=np.int64)
        self._keep.append(array)
        return array.ctypes.data_as(_LONG)

    def _reals(self, values: Any) -> Any:
        array = np.ascontiguousarray(values, dtype=np.float64)
        self._keep.append(array)
        return array.ctypes.data_as(_REAL)

    def _flatten(self, tree: Tree) -> _Tree:
        buckets, groups = tree.buckets, tree.groups
        separator = [b.entries // b.card for b in buckets]
        table_at = _starts(b.entries for b in buckets)
        message_at = _starts(separator)
        group_at = _starts(g.size for g in groups)
        maps = [g.to_host for g in groups] + [m for b in buckets for m in b.to_children]
        map_at = _starts(len(m) for m in maps)
        return _Tree(
            buckets=len(buckets),
            groups=len(groups),
            nodes=len(tree.network.nodes),
            states=tree.states,
            variable=self._ints([b.variable for b in buckets]),
            card=self._ints([b.card for b in buckets]),
            separator_size=self._ints(separator),
            entries=self._ints([b.entries for b in buckets]),
            table_at=self._longs(table_at),
            message_at=self._longs(message_at),
            first_group=self._ints(_starts(len(b.groups) for b in buckets)),
            first_child=self._ints(_starts(len(b.children) for b in buckets)),
            bucket_group=self._ints([g for b in buckets for g in b.groups]),
            child=self._ints([c for b in buckets for c in b.children]),
            child_map_at=self._longs(map_at[len(groups) :]),
            constant=self._reals(np.concatenate([b.constant for b in buckets])),
            group_size=self._ints([g.size for g in groups]),
            group_host=self._ints([g.host for g in groups]),
            group_bucket=self._ints([g.bucket for g in groups]),
            group_at=self._longs(group_at),
            group_map_at=self._longs(map_at),
            group_target=self._ints([len(g.to_host) for g in groups]),
            first_node=self._ints(_starts(len(g.nodes) for g in groups)),
            group_node=self._ints([n for g in groups for n in g.nodes]),
            maps=self._ints(np.concatenate(maps) if maps else []),
            state_offset=self._ints(tree.state_offset),
            node_offset=self._ints(tree.node_offset),
            p=self._reals(tree.p),
            q=self._reals(tree.q),
            table_size=table_at[-1],
            message_size=message_at[-1],
            group_table_size=group_at[-1],
        )


def _starts(lengths: Any) -> list[int]:
    starts = [0]
    for length in lengths:
        starts.append(starts[-1] + int(length))
    return starts



def evidence(
    library: ctypes.CDLL, plan: Plan, active: Ints, on: Floats, off: Floats, weights: Floats
) -> Floats:
    """As :func:`myotome.inference.reference.evidence`; lanes must be a multiple of eight."""
    lanes = weights.shape[1]
    log_z = np.empty(lanes)
    plan.row_of[:] = -1
    plan.row_of[active] = np.arange(len(active), dtype=np.int32)
    library.myotome_evidence(
        ctypes.byref(plan.struct),
        ctypes.c_int32(lanes),
        *_addresses(plan.row_of, on, off, weights, plan.work(library), log_z),
    )
    return log_z


def both(
    library: ctypes.CDLL,
    plan: Plan,
    active: Ints,
    on: Floats,
    off: Floats,
    weights: Floats,
    wanted: Ints,
) -> tuple[Floats, Floats, Floats]:
    """As :func:`myotome.inference.reference.both`; lanes must be a multiple of eight."""
    lanes = weights.shape[1]
    log_z = np.empty(lanes)
    cavity = np.empty((plan.states, lanes))
    silent = np.empty((len(wanted), lanes))
    plan.place_of[:] = -1
    plan.place_of[wanted] = np.arange(len(wanted), dtype=np.int32)
    plan.row_of[:] = -1
    plan.row_of[active] = np.arange(len(active), dtype=np.int32)
    library.myotome_both(
        ctypes.byref(plan.struct),
        ctypes.c_int32(lanes),
        *_addresses(plan.row_of, on, off, weights),
        ctypes.c_int32(len(wanted)),
        *_addresses(plan.place_of, plan.work(library), log_z, cavity, silent),
    )
    return log_z, cavity, silent


def _addresses(*arrays: np.ndarray[Any, Any]) -> list[ctypes.c_void_p]:
    return [ctypes.c_void_p(array.ctypes.data) for array in arrays]
