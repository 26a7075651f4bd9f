"""The NumPy reference: three Euler stages of Shu and Osher on a graded grid, event states exact. Third order.

Every stage mixes states with what draws them, so that all stay between 0 and 1 and more cause never means less of
anything, as in the equations, while a step is no longer than the fastest rate allows. kernel.c takes the same steps
many people at a time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from myotome.mechanism.course import Course
from myotome.mechanism.equations import Inputs, pull
from myotome.mechanism.events import fade, needle
from myotome.mechanism.grid import Grid
from myotome.mechanism.network import Floats, Network
from myotome.mechanism.parameters import Parameters
from myotome.mechanism.state import State

CORE, EVENTS = slice(0, 5), slice(5, 10)
STAGES = ((0.0, 0.0), (3 / 4, 1.0), (1 / 3, 1 / 2))  # share kept of the start, and when the stage looks


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
    """One step: each stage an Euler step from the last, mixed with the start."""
    muscles, levels = state.muscles.copy(), state.levels.copy()
    for keep, share in STAGES:
        seen = state.muscles.copy()
        fade(p, seen, share * days)
        muscles[EVENTS] = seen[EVENTS]
        toward = pull(p, network, muscles, levels, given)
        core = muscles[CORE] + days * toward.muscle_rates * (toward.muscles - muscles[CORE])
        levels = keep * state.levels + (1.0 - keep) * (levels + days * toward.level_rates * (toward.levels - levels))
        muscles[CORE] = keep * state.muscles[CORE] + (1.0 - keep) * core
    fade(p, state.muscles, days)
    state.muscles[CORE], state.levels[:] = muscles[CORE], levels
