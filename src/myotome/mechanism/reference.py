"""The NumPy reference: exponential midpoint on a graded grid, event states exact. Second order.

kernel.c takes the same steps many people at a time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from myotome.mechanism.course import Course
from myotome.mechanism.equations import Inputs, Pull, pull
from myotome.mechanism.events import fade, needle
from myotome.mechanism.grid import Grid
from myotome.mechanism.network import Floats, Network
from myotome.mechanism.parameters import Parameters
from myotome.mechanism.state import RECEPTORS, SHORTENING, State

CORE = slice(0, 5)
VARYING = slice(RECEPTORS, SHORTENING + 1)  # the states whose rate changes from step to step


def decay(z: Floats) -> Floats:
    """exp(-z) to z**4/24, always between 0 and 1, from sums and one division: what a kernel does many at a time."""
    return 1.0 / (1.0 + z * (1.0 + z * (1 / 2 + z / 6)))


def follow(
    p: Parameters, network: Network, course: Course, grid: Grid, state: State, read: Callable[[int, State], None]
) -> Floats:
    """Take ``state`` through the course, calling ``read`` at each reading; the twitches (events, muscles, people)."""
    twitches = np.zeros((len(course.events), *state.muscles.shape[1:]))
    for stretch in range(len(grid.count)):
        if grid.reading[stretch] >= 0:
            read(int(grid.reading[stretch]), state)
        event = grid.event[stretch]
        if event >= 0:
            twitches[event] = needle(p, network, state, course.draws[event], course.heat[event])
        given = course.inputs(int(grid.forced[stretch]))
        for _ in range(grid.count[stretch]):
            step(p, network, state, given, float(grid.length[stretch]))
    return twitches


def step(p: Parameters, network: Network, state: State, given: Inputs, days: float) -> None:
    """One step of exponential midpoint: pull at the start to the middle, pull at the middle for the whole."""
    muscles, levels = state.muscles.copy(), state.levels.copy()
    _advance(muscles, levels, state, pull(p, network, state.muscles, state.levels, given), days / 2)
    fade(p, muscles, days / 2)
    _advance(state.muscles, state.levels, state, pull(p, network, muscles, levels, given), days)
    fade(p, state.muscles, days)


def _advance(muscles: Floats, levels: Floats, start: State, toward: Pull, days: float) -> None:
    kept = np.exp(-days * toward.muscle_rates)
    kept[VARYING] = decay(days * toward.muscle_rates[VARYING])
    muscles[CORE] = toward.muscles + (start.muscles[CORE] - toward.muscles) * kept
    kept = np.exp(-days * toward.level_rates)
    levels[:] = toward.levels + (start.levels - toward.levels) * kept
