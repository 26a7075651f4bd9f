"""The same act in turns in two places, each time by the clock, so that what else the machine does meets both alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.measure import Figure, span

WARM = 20
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
    """Prepare an act (not timed), do it (timed), then the next one's turn; ``times`` rounds after some to warm up."""
    seconds = np.empty((len(preparing), times))
    for turn in range(-WARM, times):
        for place, prepare in enumerate(preparing):
            act = prepare()
            start = time.perf_counter()
            act()
            seconds[place, turn] = time.perf_counter() - start  # the rounds before the first are written over
    return [Times(row) for row in seconds]


def compared(name: str, small: Times, large: Times, sizes: str) -> Iterator[Figure]:
    """Median and 99th percentile in the large clinic beside those in the small one; the latter has the goal."""
    for percent, goal in ((50, ""), (99, f"<= {GOAL}")):
        own, peer = large.at(percent), small.at(percent)
        ratio = own / peer
        met = ratio <= GOAL if goal else None
        yield Figure(f"{name}, p{percent}", span(own), sizes, span(peer), ratio, goal, met)
