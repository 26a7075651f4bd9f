"""The steps in time: graded after each needle, with every session, change of input and reading on a node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from myotome.mechanism.network import Floats, Ints


@dataclass(frozen=True)
class Steps:
    """Longest steps, in days: in the first hours after an event, in the days after it, and later."""

    early: float
    middle: float
    late: float
    early_until: float = 0.5
    middle_until: float = 3.0

    def halved(self) -> Steps:
        """The same grading, each step half as long."""
        return Steps(self.early / 2, self.middle / 2, self.late / 2, self.early_until, self.middle_until)


COHORT = Steps(1 / 8, 1 / 6, 1 / 4)
FINE = COHORT.halved()
FINEST = FINE.halved()


@dataclass(frozen=True)
class Grid:
    """Stretches of equal steps, in order.

    ``length`` and ``count`` (stretches,) are the step in days and how many; ``forced`` the row of the inputs that
    holds; ``event`` the event at the start of the stretch and ``reading`` the reading before it, -1 for none.
    A last stretch without steps holds a reading at the end.
    """

    length: Floats
    count: Ints
    forced: Ints
    event: Ints
    reading: Ints


def grid(end: float, edges: Floats, events: Floats, readings: Floats, steps: Steps, fastest: float = 0.0) -> Grid:
    """Lay out the steps from day 0 to ``end``; all times are in days, sorted, within 0 and ``end``.

    No step is longer than the time constant of the ``fastest`` rate (1/day).
    """
    soon = np.concatenate([events + steps.early_until, events + steps.middle_until])
    nodes = np.unique(np.concatenate([[0.0, end], edges, events, readings, soon]))
    nodes = nodes[(nodes >= 0.0) & (nodes <= end)]
    starts, spans = nodes[:-1], np.diff(nodes)
    longest = np.minimum(_longest(starts, events, steps), 1.0 / fastest if fastest else np.inf)
    count = np.maximum(np.ceil(spans / longest - 1e-9), 1.0)
    return Grid(
        length=np.append(spans / count, 0.0),
        count=np.append(count, 0).astype(np.int32),
        forced=_at(np.searchsorted(edges, nodes, side="right") - 1, len(edges) - 2),
        event=_named(nodes, events),
        reading=_named(nodes, readings),
    )


def _longest(starts: Floats, events: Floats, steps: Steps) -> Floats:
    """The longest step allowed from each node on: what is late without an event before it."""
    if not len(events):
        return np.full(len(starts), steps.late)
    before = np.searchsorted(events, starts, side="right") - 1
    age = np.where(before >= 0, starts - events[np.maximum(before, 0)], np.inf)
    return np.select(
        [age < steps.early_until - 1e-12, age < steps.middle_until - 1e-12], [steps.early, steps.middle], steps.late
    )


def _at(index: Any, last: int) -> Ints:
    found: Ints = np.clip(index, 0, last).astype(np.int32)
    return found


def _named(nodes: Floats, times: Floats) -> Ints:
    found = np.full(len(nodes), -1, dtype=np.int32)
    found[np.searchsorted(nodes, times)] = np.arange(len(times))
    return found
