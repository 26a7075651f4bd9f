"""Measuring on a machine that others use too: the best of many runs, and one line for each figure."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass

HEADER = f"{'figure':<46}{'value':>12}{'peer':>12}{'ratio':>9}  {'goal':<14}{'':<8}with"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, what it is compared with, its goal, and the sizes that it was measured with."""

    name: str
    value: str
    sizes: str
    peer: str = ""
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None

    def line(self) -> str:
        """The figure as it is printed."""
        verdict = {True: "ok", False: "MISSED", None: ""}[self.met]
        ratio = "" if self.ratio is None else f"{self.ratio:,.4g}"
        return f"{self.name:<46}{self.value:>12}{self.peer:>12}{ratio:>9}  {self.goal:<14}{verdict:<8}{self.sizes}"


def best_of(action: Callable[[], object], times: int, most: float = 2.0) -> float:
    """Seconds of the fastest of ``times`` runs; no new run starts after ``most`` seconds."""
    best, began = float("inf"), time.perf_counter()
    gc.collect()
    gc.disable()
    try:
        for _ in range(times):
            start = time.perf_counter()
            action()
            end = time.perf_counter()
            best = min(best, end - start)
            if end - began > most:
                break
    finally:
        gc.enable()
    return best


def span(seconds: float) -> str:
    """A time in the unit that reads best."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e6:.3g} us"
