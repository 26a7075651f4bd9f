"""The kernel in C, opened with ctypes; absent where the package was built without a compiler."""

from __future__ import annotations

import copy
import ctypes
import threading
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from myotome.built import kernel_beside
from myotome.inference.network import Floats, Ints
from myotome.inference.tree import Tree

MOST_VARIABLES = 64  # sets of variables are the bits of one word in layout.c

_Array = np.ndarray[Any, Any]
_INT = ctypes.POINTER(ctypes.c_int32)
_REAL = ctypes.POINTER(ctypes.c_double)


class _Network(ctypes.Structure):
    """Mirror of ``Network`` in kernel.h, field for field."""

    _fields_ = (
        *((name, ctypes.c_int32) for name in ("variables", "states", "scopes", "nodes")),
        *((name, ctypes.c_int32) for name in ("couplings", "coupling_bits")),
        *((name, _INT) for name in ("card", "state_at")),
        *((name, _INT) for name in ("scope_at", "scope_variable", "scope_size")),
        *((name, _INT) for name in ("node_scope", "node_at", "coupled", "coupling_at")),
        *((name, _REAL) for name in ("coupling", "p", "q")),
    )


@cache
def load() -> ctypes.CDLL | None:
    """The compiled kernel beside this module, or None."""
    built = kernel_beside(__file__)
    return open_library(built) if built else None


def open_library(path: Path) -> ctypes.CDLL:
    """Open a built kernel and say what its functions take and give."""
    library = ctypes.CDLL(str(path))
    pointer, count = ctypes.c_void_p, ctypes.c_int32
    library.myotome_plan.restype = pointer
    library.myotome_plan.argtypes = [pointer, count, pointer, count, pointer]
    library.myotome_forget.restype = None
    library.myotome_forget.argtypes = [pointer]
    library.myotome_workspace.restype = ctypes.c_int64
    library.myotome_workspace.argtypes = [pointer, pointer]
    library.myotome_entries.restype = ctypes.c_int64
    library.myotome_entries.argtypes = [pointer]
    library.myotome_run.restype = None
    library.myotome_run.argtypes = [pointer, pointer, *[count] * 4, *[pointer] * 5, count]
    return library


class FlatNetwork:
    """A tree as the flat arrays that the C kernel reads."""

    def __init__(self, tree: Tree) -> None:
        """Flatten ``tree`` once; the arrays live as long as this object."""
        self._keep: list[_Array] = []
        self.states = tree.states
        pairs = [(a, b) for a, b, _ in tree.couplings]
        tables = [table.ravel() for _, _, table in tree.couplings]
        self.struct = _Network(
            variables=len(tree.cards),
            states=tree.states,
            scopes=len(tree.groups),
            nodes=len(tree.node_group),
            couplings=len(pairs),
            coupling_bits=int(np.ceil(sum(float(np.abs(np.log2(table)).max()) for table in tables))),
            card=self._ints(tree.cards),
            state_at=self._ints(tree.state_offset),
            scope_at=self._ints(np.cumsum([0, *(len(g.scope) for g in tree.groups)])),
            scope_variable=self._ints([v for g in tree.groups for v in g.scope]),
            scope_size=self._ints([g.size for g in tree.groups]),
            node_scope=self._ints(tree.node_group),
            node_at=self._ints(tree.node_offset),
            coupled=self._ints(pairs),
            coupling_at=self._ints(np.cumsum([0, *map(len, tables)])),
            coupling=self._reals(np.concatenate([np.zeros(0), *tables])),
            p=self._reals(tree.p),
            q=self._reals(tree.q),
        )
        self.address = ctypes.addressof(self.struct)

    def with_tables(self, p: Floats, q: Floats) -> FlatNetwork:
        """The same network with other node tables."""
        other = copy.copy(self)
        other._keep = list(self._keep)
        other.struct = _Network.from_buffer_copy(self.struct)
        other.struct.p, other.struct.q = other._reals(p), other._reals(q)
        other.address = ctypes.addressof(other.struct)
        return other

    def _ints(self, values: Any) -> Any:
        self._keep.append(np.ascontiguousarray(values, dtype=np.int32))
        return self._keep[-1].ctypes.data_as(_INT)

    def _reals(self, values: Any) -> Any:
        self._keep.append(np.ascontiguousarray(values, dtype=np.float64))
        return self._keep[-1].ctypes.data_as(_REAL)


class Plan:
    """What the examined and the wanted nodes need of a network, laid out by the kernel."""

    def __init__(self, library: ctypes.CDLL, network: FlatNetwork, active: Ints, wanted: Ints) -> None:
        """Lay it out.

        Raises:
            MemoryError: the kernel got no memory.
        """
        self.wanted = len(wanted)
        self._library = library
        self.address: int | None = library.myotome_plan(
            network.address, len(active), active.ctypes.data, len(wanted), wanted.ctypes.data
        )
        if not self.address:
            raise MemoryError("The kernel got no memory for its tables.")
        self._need = library.myotome_workspace(network.address, self.address)

    def __del__(self) -> None:
        """Give its memory back."""
        if self.address:
            self._library.myotome_forget(self.address)

    @property
    def entries(self) -> int:
        """Entries of all bucket tables together."""
        return int(self._library.myotome_entries(self.address))

    def run(
        self, network: FlatNetwork, lanes: int, arrays: tuple[Floats, Floats, Floats], back: bool
    ) -> tuple[Floats, Floats, Floats]:
        """As :func:`myotome.inference.reference.both`, without ``back`` as its ``evidence``.

        ``arrays`` are on, off and weights; each has a column for every lane, or one for all.
        """
        on, off, weights = (np.ascontiguousarray(array, dtype=np.float64) for array in arrays)
        states = network.states
        found = np.empty((1 + states + self.wanted if back else 1, lanes))
        self._library.myotome_run(
            network.address,
            self.address,
            lanes,
            on.shape[1],
            off.shape[1],
            weights.shape[1],
            on.ctypes.data,
            off.ctypes.data,
            weights.ctypes.data,
            _MEMORY.address(self._need),
            found.ctypes.data,
            back,
        )
        return found[0], found[1 : states + 1], found[states + 1 :]


class _Memory(threading.local):
    """Work space of one thread: the kernel runs outside Python's lock."""

    space: Floats = np.empty(0)
    start: int = 0

    def address(self, need: int) -> int:
        """Where ``need`` doubles lie."""
        if len(self.space) < need:
            self.space = np.empty(need)
            self.start = self.space.ctypes.data
        return self.start


_MEMORY = _Memory()
