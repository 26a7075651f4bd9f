"""The kernel in C, opened with ctypes; absent where the package was built without a compiler."""

from __future__ import annotations

import ctypes
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from myotome.built import kernel_beside
from myotome.mechanism.course import Course
from myotome.mechanism.grid import Grid
from myotome.mechanism.network import Network, Sparse
from myotome.mechanism.parameters import Parameters, reading_table, table
from myotome.mechanism.state import State

_Array = np.ndarray[Any, Any]
_POINTER = ctypes.c_void_p
_COUNT = ctypes.c_int32


class _Sparse(ctypes.Structure):
    _fields_ = (("at", _POINTER), ("column", _POINTER), ("weight", _POINTER))


class _Body(ctypes.Structure):
    _fields_ = (
        *((name, _COUNT) for name in ("muscles", "levels", "regions")),
        *((name, _Sparse) for name in ("supply", "beside", "drive")),
        ("region", _POINTER),
    )


class _Table(ctypes.Structure):
    _fields_ = (("value", _POINTER), ("people", _COUNT))


class _Course(ctypes.Structure):
    _fields_ = (
        ("stretches", _COUNT),
        *((name, _POINTER) for name in ("length", "count", "forced", "event", "reading")),
        *((name, _Table) for name in ("cause", "closing", "movement", "stretch", "draws", "heat")),
    )


class _Run(ctypes.Structure):
    _fields_ = (
        ("people", _COUNT),
        ("parameter_people", _COUNT),
        *((name, _POINTER) for name in ("parameters", "weights", "start_muscles", "start_levels", "muscles")),
        *((name, _POINTER) for name in ("levels", "end_muscles", "end_levels", "drive", "shortening")),
        *((name, _POINTER) for name in ("twitches", "outcome")),
    )


@dataclass(frozen=True)
class Wanted:
    """Arrays that the kernel fills; shapes as in kernel.h, the last two without rows where no states are kept."""

    outcome: _Array
    end_muscles: _Array
    end_levels: _Array
    drive: _Array
    shortening: _Array
    twitches: _Array
    muscles: _Array
    levels: _Array


@cache
def load() -> ctypes.CDLL | None:
    """The compiled kernel beside this module, or None."""
    built = kernel_beside(__file__)
    return open_library(built) if built else None


def open_library(path: Path) -> ctypes.CDLL:
    """Open a built kernel and say what its functions take and give."""
    library = ctypes.CDLL(str(path))
    library.myotome_mechanism_names.restype = ctypes.c_char_p
    library.myotome_mechanism_run.argtypes = [_POINTER] * 3 + [_COUNT] * 3
    return library


def threads() -> int:
    """How many threads a run may use: MYOTOME_THREADS, or as many as this process has processors."""
    asked = os.environ.get("MYOTOME_THREADS", "")
    if asked.isdigit() and int(asked):
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Kernel:
    """One body and course as flat arrays, ready to be run."""

    def __init__(self, network: Network, course: Course, grid: Grid) -> None:
        """Lay them out; the arrays live as long as this object. :func:`load` found a library."""
        library = load()
        assert library is not None  # noqa: S101  # run.py asks first
        self._library = library
        self._keep: list[_Array] = []
        sizes = (network.muscles, network.levels, network.regions)
        self._body = _Body(*sizes, *map(self._sparse, network.rows), self._address(network.region))
        steps = (getattr(grid, name) for name in ("length", "count", "forced", "event", "reading"))
        tables = (course.cause, course.closing, course.movement, course.stretch, course.draws, course.heat)
        self._course = _Course(
            len(grid.count), *map(self._address, steps), *(_Table(self._address(t), t.shape[-1]) for t in tables)
        )

    def _address(self, array: _Array) -> int:
        self._keep.append(np.ascontiguousarray(array))
        return int(self._keep[-1].ctypes.data)

    def _sparse(self, rows: Sparse) -> _Sparse:
        return _Sparse(*(self._address(a) for a in (rows.at, rows.column, rows.weight)))

    def run(self, p: Parameters, start: State, wanted: Wanted, wide: bool, keep: bool) -> None:
        """Run everybody and fill ``wanted``, in float64 where ``wide``, else in float32.

        Raises:
            MemoryError: the kernel got no memory.
        """
        people = len(wanted.outcome)
        given, weights = _in_order(self._library, p)
        begin = [np.ascontiguousarray(a) for a in (start.muscles, start.levels)]
        run = _Run(people=people, weights=weights.ctypes.data)
        run.parameters, run.parameter_people = given.ctypes.data, given.shape[1]
        run.start_muscles, run.start_levels = (a.ctypes.data for a in begin)
        for name in ("end_muscles", "end_levels", "drive", "shortening", "twitches", "outcome"):
            setattr(run, name, getattr(wanted, name).ctypes.data)
        if keep:
            run.muscles, run.levels = wanted.muscles.ctypes.data, wanted.levels.ctypes.data
        self._in_blocks(run, people, wide)

    def _in_blocks(self, run: _Run, people: int, wide: bool) -> None:
        lanes = self._library.myotome_mechanism_lanes(wide)
        blocks = -(-people // lanes)
        workers = min(threads(), blocks)
        cuts = np.linspace(0, blocks, workers + 1).astype(int)

        def part(k: int) -> int:
            body, course = ctypes.addressof(self._body), ctypes.addressof(self._course)
            status: int = self._library.myotome_mechanism_run(
                body, course, ctypes.addressof(run), int(cuts[k]), int(cuts[k + 1]), wide
            )
            return status

        if workers <= 1:
            failed = [part(0)] if blocks else []
        else:
            with ThreadPoolExecutor(workers) as pool:
                failed = list(pool.map(part, range(workers)))
        if any(failed):
            raise MemoryError("The kernel got no memory for its states.")


def _in_order(library: ctypes.CDLL, p: Parameters) -> tuple[_Array, _Array]:
    """Parameters and weights in the kernel's own order."""
    names, weighed = (library.myotome_mechanism_names(k).decode().split() for k in (0, 1))
    known = list(table())
    given = p.array()[[known.index(name) for name in names]]
    return np.ascontiguousarray(given), np.array([reading_table()[name].value for name in weighed])
