"""Run people through a course: which kernel, which precision, what is healthy and can be left out."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from myotome.errors import MechanismError
from myotome.mechanism import native, readings, reference
from myotome.mechanism.course import Course
from myotome.mechanism.equations import fastest
from myotome.mechanism.grid import COHORT, Grid, Steps, grid
from myotome.mechanism.network import Floats, Ints, Network
from myotome.mechanism.parameters import Parameters
from myotome.mechanism.quiet import disturbed
from myotome.mechanism.state import POTENTIAL, SHORTENING, State

KERNELS = ("auto", "c", "numpy")
OUTCOMES = (
    "Followed to the end.",
    "Left off: a state became no number. Check the parameters of this person; shorter steps may help.",
)


@dataclass(frozen=True)
class Trajectory:
    """What became of people.

    ``days`` (readings,); ``drive`` and ``shortening`` (readings, regions, people); ``twitches``
    (events, muscles, people); ``outcome`` (people,) numbers a sentence of OUTCOMES; ``end`` the last states;
    ``states`` those at every reading where they were asked for; ``kernel`` names what ran.
    """

    days: Floats
    drive: Floats
    shortening: Floats
    twitches: Floats
    outcome: Ints
    end: State
    states: tuple[State, ...]
    kernel: str

    @property
    def pain(self) -> Floats:
        """Pain 0..10 by region, (readings, regions, people)."""
        return readings.pain(self.drive)

    @property
    def worst(self) -> Floats:
        """Pain of the worst region, (readings, people)."""
        worst: Floats = self.pain.max(axis=1)
        return worst

    @property
    def range(self) -> Floats:
        """Range of movement in % by region, (readings, regions, people)."""
        return readings.movement_range(self.shortening)


def run(
    network: Network,
    course: Course,
    parameters: Parameters | None = None,
    *,
    start: State | None = None,
    steps: Steps = COHORT,
    wide: bool = True,
    keep_states: bool = False,
    kernel: str = "auto",
) -> Trajectory:
    """Follow people through a course.

    ``wide`` computes in float64, otherwise the C kernel computes in float32; ``kernel`` is 'c' or 'numpy';
    'auto' is what MYOTOME_KERNEL says, or C where it was built.

    Raises:
        MechanismError: numbers of people disagree, or the kernel asked for is not there.
    """
    p = parameters or Parameters()
    _check_body(network, course, start)
    people = _people(course, p, start)
    left = np.zeros(1) if start is None else start.of(POTENTIAL)
    bound = fastest(p, course.events, left, course.stretch)
    laid = grid(course.end, course.edges, course.events, course.readings, steps, bound)
    muscles, levels = disturbed(network, course, start)
    small, inputs = network.part(muscles, levels), course.part(muscles, levels)
    state = _spread(State.rest(small, people) if start is None else start.part(muscles, levels), people)
    by_kernel = _chosen(kernel) != "numpy" and native.load() is not None
    follow = _by_kernel if by_kernel else _by_numpy
    found = follow(p, small, inputs, laid, state, wide, keep_states)
    return (
        found
        if len(muscles) == network.muscles and len(levels) == network.levels
        else _whole(found, network, muscles, levels)
    )


def _check_body(network: Network, course: Course, start: State | None) -> None:
    if course.cause.shape[1] != network.levels or course.draws.shape[1] != network.muscles:
        raise MechanismError("The course was made for another body. Make it with this network.")
    wanted = ((10, network.muscles), (2, network.levels))
    if start is not None and (start.muscles.shape[:2], start.levels.shape[:2]) != wanted:
        raise MechanismError("The start is of another body. Use State.rest of this network.")


def _spread(state: State, people: int) -> State:
    """A start of one for all, given to each; always a copy."""
    return State(*(np.array(np.broadcast_to(a, (*a.shape[:-1], people))) for a in (state.muscles, state.levels)))


def _whole(found: Trajectory, network: Network, muscles: Ints, levels: Ints) -> Trajectory:
    """The same with what stayed healthy put back."""

    def put(state: State) -> State:
        full = State.rest(network, state.muscles.shape[-1])
        full.muscles[:, muscles], full.levels[:, levels] = state.muscles, state.levels
        return full

    twitches = np.zeros((len(found.twitches), network.muscles, found.twitches.shape[-1]), found.twitches.dtype)
    twitches[:, muscles] = found.twitches
    return replace(found, twitches=twitches, end=put(found.end), states=tuple(map(put, found.states)))


def _chosen(kernel: str) -> str:
    asked = os.environ.get("MYOTOME_KERNEL", "auto") if kernel == "auto" else kernel
    if asked not in KERNELS:
        raise MechanismError(f"Kernel '{asked}' is unknown. Use one of: {', '.join(KERNELS)}.")
    if asked == "c" and native.load() is None:
        raise MechanismError("The C kernel was not built. Install a C compiler and reinstall, or use 'numpy'.")
    return asked


def _people(course: Course, p: Parameters, start: State | None) -> int:
    counts = {course.people, p.people, 1 if start is None else start.muscles.shape[-1]}
    if len(counts - {1}) > 1:
        raise MechanismError(
            f"Course, parameters and start are for {sorted(counts)} people. Give one for all, or one each."
        )
    return max(counts)


def _by_numpy(
    p: Parameters, network: Network, course: Course, laid: Grid, state: State, wide: bool, keep: bool
) -> Trajectory:
    """Always in float64."""
    shape = (len(course.readings), network.regions, state.muscles.shape[-1])
    drive, shortening, kept = np.zeros(shape), np.zeros(shape), []

    def read(k: int, now: State) -> None:
        drive[k] = readings.by_region(network, readings.drive(network, now))
        shortening[k] = readings.tightest(network, now.muscles[SHORTENING])
        if keep:
            kept.append(now.copy())

    with np.errstate(over="ignore", invalid="ignore"):
        twitches = reference.follow(p, network, course, laid, state, read)
    bad: Any = ~(np.isfinite(state.muscles).all(axis=(0, 1)) & np.isfinite(state.levels).all(axis=(0, 1)))
    return Trajectory(course.readings, drive, shortening, twitches, bad.astype(np.int32), state, tuple(kept), "numpy")


def _by_kernel(
    p: Parameters, network: Network, course: Course, laid: Grid, state: State, wide: bool, keep: bool
) -> Trajectory:
    people, readings_kept = state.muscles.shape[-1], len(course.readings) if keep else 0
    shape, real = (len(course.readings), network.regions, people), np.float64 if wide else np.float32
    drive: Any = np.zeros(shape, real)
    shortening: Any = np.zeros(shape, real)
    twitches: Any = np.zeros((len(course.events), network.muscles, people), np.float32)
    outcome, end = np.zeros(people, np.int32), State.rest(network, people)
    muscles = np.zeros((readings_kept, *end.muscles.shape))
    levels = np.zeros((readings_kept, *end.levels.shape))
    wanted = native.Wanted(outcome, end.muscles, end.levels, drive, shortening, twitches, muscles, levels)
    native.Kernel(network, course, laid).run(p, state, wanted, wide, keep)
    states = tuple(map(State, muscles, levels))
    drive = np.sqrt(np.sqrt(np.sqrt(drive)))
    return Trajectory(course.readings, drive, shortening, twitches, outcome, end, states, "c")
