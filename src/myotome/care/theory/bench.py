"""A level and its five muscles on which experiments are made, for one set of parameters or many side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from myotome.care.simulation.cohort.patients import LIMB, SPINE, circle
from myotome.mechanism.course import Course
from myotome.mechanism.events import EXPECTED, NOT_NEEDLED
from myotome.mechanism.grid import FINE, Steps
from myotome.mechanism.network import Floats, Network
from myotome.mechanism.parameters import Parameters
from myotome.mechanism.run import Trajectory, run
from myotome.mechanism.state import State

BOTH = (SPINE, *LIMB)
WEEK = 7.0
INJURY = (0.9, 28.0)  # strength and days of the cause that makes everybody ill on the bench
SETTLED = 70.0


@dataclass(frozen=True, eq=False)
class Bench:
    """Parameters under test; ``loop`` 0 takes the root loop away (a shortened muscle squeezes nothing)."""

    parameters: Parameters
    loop: float = 1.0
    steps: Steps = FINE
    network: Network = field(default_factory=circle)
    wide: bool = True

    def follow(
        self,
        end: float,
        readings: ArrayLike,
        *,
        cause: Sequence[tuple[float, float]] = (),
        sessions: ArrayLike = (),
        muscles: Sequence[int] | Sequence[Sequence[int]] = BOTH,
        start: State | None = None,
        movement: float = 0.0,
        stretch: Sequence[tuple[float, float]] = (),
        heat: Mapping[float, float] | None = None,
        keep: bool = False,
    ) -> Trajectory:
        """Follow everybody to ``end``.

        ``cause`` and ``stretch`` are (amount, days) one after the other from day 0; ``muscles`` those of every
        session, or a list of each session's; ``heat`` hyperaemia by day, to all muscles.
        """
        edges, (causes, stretches) = _pieces(end, cause, stretch)
        held, warm = np.asarray(sessions, np.float64), heat or {}
        events = np.union1d(held, list(warm))
        course = Course(
            self.network,
            end,
            readings,
            causes[:, None, None],
            edges=edges,
            closing=np.full((len(causes), 1, 1), self.loop),
            movement=np.full((len(causes), 1), movement),
            stretch=stretches[:, None],
            events=events,
            draws=_draws(events, held, muscles),
            heat=np.array([warm.get(day, 0.0) for day in events])[:, None, None] * np.ones((1, 5, 1)),
        )
        p = self.parameters
        return run(self.network, course, p, start=start, steps=self.steps, wide=self.wide, keep_states=keep)

    def weekly(self, count: int, muscles: Sequence[int] = BOTH, days: float = 150.0, gap: float = WEEK) -> Trajectory:
        """Sessions from the ill state on.

        Read before each session, 2 days, a gap and a gap and 3 days after the last, and ``days`` after it.
        """
        held = np.arange(count) * gap
        last = held[-1]
        readings = np.unique([*held, last + 2.0, last + gap, last + gap + 3.0, last + days])
        return self.follow(last + days, readings, sessions=held, muscles=muscles, start=self.ill)

    def changed(self, **parameters: float) -> Bench:
        """Another bench with some parameters changed; it starts as ill as this one."""
        other = replace(self, parameters=self.parameters.changed(**parameters))
        other.__dict__["falling_ill"] = self.falling_ill
        return other

    @cached_property
    def falling_ill(self) -> Trajectory:
        """From health through the injury to the settled state; read every quarter of a day, states kept."""
        return self.follow(SETTLED, np.arange(0.0, SETTLED + 0.1, 0.25), cause=(INJURY,), keep=True)

    @property
    def ill(self) -> State:
        """Everybody ill, long after the cause has gone."""
        return self.falling_ill.end


def _draws(events: Floats, held: Floats, muscles: Sequence[int] | Sequence[Sequence[int]]) -> Floats:
    """Expected responses of the muscles needled at each session."""
    draws = np.full((len(events), 5, 1), NOT_NEEDLED)
    for k, day in enumerate(held):
        chosen = muscles if not muscles or np.isscalar(muscles[0]) else muscles[k]
        draws[np.searchsorted(events, day), chosen] = EXPECTED
    return draws


def _pieces(end: float, *courses: Sequence[tuple[float, float]]) -> tuple[Floats, list[Floats]]:
    """Edges at which any of the courses changes, and the amount of each between them."""
    ends = [np.minimum(np.cumsum([days for _, days in course]), end) for course in courses]
    edges = np.unique(np.concatenate([[0.0, end], *ends]))
    amounts = []
    for course, until in zip(courses, ends, strict=True):
        values = np.array([amount for amount, _ in course] + [0.0])
        amounts.append(values[np.searchsorted(until, edges[:-1], side="right")])
    return edges, amounts
