"""What the mechanism and its peers are all given: many people of forty muscles, twelve weeks, six sessions."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from myotome.mechanism.course import Course
from myotome.mechanism.grid import FINE, Steps, grid
from myotome.mechanism.network import Network
from myotome.mechanism.parameters import Parameters, reading_table, table
from myotome.mechanism.run import run
from myotome.mechanism.state import State

LEVELS, FIVE, END, WEEKS, PEOPLE = 8, 5, 84.0, 12, 256
SESSIONS = 7.0 * np.arange(6)
READINGS = np.arange(END + 1.0)


@cache
def body() -> Network:
    """Eight levels of five muscles, the first beside the spine; one root each; two regions a level."""
    muscles = np.arange(LEVELS * FIVE)
    level, first = muscles // FIVE, muscles % FIVE == 0
    supply = (level[:, None] == np.arange(LEVELS)).astype(np.float64)
    return Network(supply, supply.T * first, 2 * level + ~first)


@cache
def people() -> tuple[State, np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
    """PEOPLE ill people with histories of their own, and what still disrupts their roots (levels, people)."""
    rng = np.random.default_rng(5)
    history = Course(body(), 28.0, [28.0], rng.uniform(0.5, 1.0, (1, LEVELS, PEOPLE)))
    return run(body(), history, steps=FINE).end, rng.uniform(0.02, 0.3, (LEVELS, PEOPLE))


def course(network: Network, cause: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Course:
    """Twelve weeks with six sessions in which every muscle is needled and responds as expected; daily readings."""
    draws = np.full((len(SESSIONS), network.muscles, 1), -1.0)
    return Course(network, END, READINGS, cause[None], events=SESSIONS, draws=draws)


def repeated(count: int) -> tuple[State, Course]:
    """``count`` people: those of people(), again and again."""
    start, cause = people()
    who = np.arange(count) % PEOPLE
    return State(start.muscles[..., who], start.levels[..., who]), course(body(), cause[:, who])


def write(path: Path, steps: Steps) -> None:
    """The task as a file for the peers, with the steps laid out; values of the parameters are those of today."""
    start, cause = people()
    laid = grid(END, np.array([0.0, END]), SESSIONS, READINGS, steps)
    np.savez(
        path,
        muscles=start.muscles,
        levels=start.levels,
        cause=cause,
        events=SESSIONS,
        readings=READINGS,
        end=END,
        **{name: getattr(laid, name) for name in ("length", "count", "event", "reading")},
        **{f"p_{name}": Parameters().array()[k, 0] for k, name in enumerate(table())},
        **{f"w_{name}": row.value for name, row in reading_table().items()},
    )
