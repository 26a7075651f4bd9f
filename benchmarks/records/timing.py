"""The same act in turns in two places, each time by the clock, so that what else the machine does meets both alike."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.measure import Figure, span

BLOCK = 50  # in one turn, so that what an act leaves behind (such as a log to be emptied) meets its own kind
LONGEST = 60.0  # seconds; on a slow day fewer rounds are made, and the figure says how many
FEWEST = 100
GOAL = 1.5
Act = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of every run of one act."""

    seconds: np.ndarray

    def at(self, percent: float) -> float:
        """The time that so many per cent of the runs kept to."""
        return float(np.percentile(self.seconds, percent))

    @property
    def rate(self) -> float:
        """Runs a second of one client that does nothing else."""
        return len(self.seconds) / float(self.seconds.sum())


def in_turns(*preparing: Callable[[], Act], times: int) -> list[Times]:
    """Prepare an act (not timed) and do it (timed), a block of them, then the next one's turn. One block warms up."""
    seconds: list[list[float]] = [[] for _ in preparing]
    began, block = time.perf_counter(), min(BLOCK, times)
    for turn in range(-block, times, block):
        for kept, prepare in zip(seconds, preparing, strict=True):
            kept += [_timed(prepare()) for _ in range(block)]
        if turn < 0:
            seconds = [[] for _ in preparing]
        if turn >= FEWEST and time.perf_counter() - began > LONGEST:
            break
    return [Times(np.array(kept)) for kept in seconds]


def _timed(act: Act) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def compared(name: str, small: Times, large: Times, sizes: str) -> Iterator[Figure]:
    """Median and 99th percentile in the large clinic beside those in the small one; the latter has the goal."""
    sizes = f"{sizes}; {said(large)}"
    for percent, goal in ((50, ""), (99, f"<= {GOAL}")):
        own, peer = large.at(percent), small.at(percent)
        ratio = own / peer
        met = ratio <= GOAL if goal else None
        yield Figure(f"{name}, p{percent}", span(own), sizes, span(peer), ratio, goal, met)


def said(times: Times) -> str:
    """How it was measured."""
    return f"{len(times.seconds)} of each in turns, load of the machine {os.getloadavg()[0]:.1f}"
