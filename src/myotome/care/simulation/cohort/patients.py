"""People with a disrupted root, drawn for the mechanism: what disturbed them, how they heal, live, hope and report.

Each is one level with the muscle beside the spine and four limb muscles: enough for a course, fast enough for many.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from myotome.facts.kept import Table, kept
from myotome.facts.tables import rows
from myotome.mechanism.network import Network
from myotome.mechanism.parameters import Parameters, reading_table, table

Floats = NDArray[np.float64]

SPINE, LIMB = 0, (1, 2, 3, 4)
WEEK = 7.0


def circle() -> Network:
    """One level: the muscle beside the spine (region 0) and four limb muscles (region 1)."""
    return Network(np.ones((5, 1)), [[1.0, 0.0, 0.0, 0.0, 0.0]], [0, 1, 1, 1, 1])


@kept
def spreads() -> Mapping[str, float]:
    """How people differ, by name."""
    return Table(
        {row["name"]: float(row["value"]) for _, row, _ in rows("myotome.care.simulation.cohort", "patients", "number")}
    )


@kept
def varied() -> tuple[str, ...]:
    """The parameters of the mechanism that differ between people."""
    ((_, row, _),) = rows("myotome.care.simulation.cohort", "patients", "varied")
    return tuple(row["parameters"])


@dataclass(frozen=True)
class World:
    """How a world differs from the model's own: to see what a forecast made in the one is worth in the other.

    ``rates`` multiplies every rate of the mechanism, ``noise`` every error of report and measurement;
    ``root_loop`` is False where a shortened muscle squeezes no root, ``needle`` False where a needle does nothing
    but what its context does; ``changes`` replaces numbers of the table by name.
    """

    name: str = "own"
    rates: float = 1.0
    noise: float = 1.0
    root_loop: bool = True
    needle: bool = True
    changes: Mapping[str, float] = field(default_factory=dict)

    def number(self, name: str) -> float:
        """A number of the table, as it is in this world."""
        return self.changes.get(name, spreads()[name])


@dataclass(frozen=True)
class Patients:
    """Drawn people; the first session may be from week ``first``, before which each has waited since onset.

    ``cause``, ``closing`` and ``movement`` are (weeks, people), the same throughout a week; ``persisting``, ``gain``
    and ``context_dose`` (people,).
    """

    world: World
    first: int
    parameters: Parameters
    cause: Floats
    closing: Floats
    movement: Floats
    persisting: NDArray[np.bool_]
    gain: Floats
    context_dose: Floats

    @property
    def count(self) -> int:
        """How many people."""
        return len(self.gain)

    @property
    def weeks(self) -> int:
        """Weeks from the earliest onset."""
        return len(self.cause)

    def taken(self, people: Any) -> Patients:
        """Some of them, by number or mask."""
        columns = {name: getattr(self, name)[:, people] for name in ("cause", "closing", "movement")}
        each = {name: getattr(self, name)[people] for name in ("persisting", "gain", "context_dose")}
        return replace(self, parameters=self.parameters.taken(people), **columns, **each)

    def inputs(self, weeks: slice) -> dict[str, Floats]:
        """Inputs of a course on :func:`circle` over some weeks, day 0 at their start."""
        count = len(range(*weeks.indices(self.weeks)))
        return {
            "edges": np.arange(count + 1, dtype=np.float64) * WEEK,
            "cause": self.cause[weeks][:, None],
            "closing": self.closing[weeks][:, None],
            "movement": self.movement[weeks],
        }


def draw(count: int, after: int, rng: Generator, world: World | None = None) -> Patients:
    """Draw people with ``after`` weeks to follow from the earliest first session."""
    here = world or World()
    first = int(here.number("wait most"))
    onset = first - rng.integers(int(here.number("wait least")), first + 1, count)
    since = np.arange(first + after)[:, None] - onset
    persisting, cause = _cause(count, since, rng, here)
    slow = here.number("repair days median") / here.rates * _spread(count, rng, here.number("repair days spread"))
    most = rng.uniform(here.number("repair least"), here.number("repair most"), count)
    closing = 1.0 - most * -np.expm1(-np.maximum(since + 0.5, 0.0) * WEEK / slow)
    movement = np.minimum(rng.exponential(here.number("movement mean"), since.shape), here.number("movement most"))
    return Patients(
        here,
        first,
        _parameters(count, rng, here),
        cause,
        closing if here.root_loop else np.zeros_like(closing),
        movement,
        persisting,
        here.number("report gain") * _spread(count, rng, here.number("report gain spread")),
        np.minimum(reading_table()["context_dose"].value * _spread(count, rng, here.number("context spread")), 1.0),
    )


def _cause(count: int, since: NDArray[Any], rng: Generator, here: World) -> tuple[NDArray[np.bool_], Floats]:
    """Disruption by week: what began it, in some what stays, and the strains of life. Nothing before onset."""
    strength = rng.uniform(here.number("cause least"), here.number("cause most"), count)
    days = here.number("cause days median") * _spread(count, rng, here.number("cause days spread"))
    persisting = rng.random(count) < here.number("persisting")
    staying = persisting * rng.uniform(here.number("persisting least"), here.number("persisting most"), count)
    cause = np.maximum(strength * np.clip(days / WEEK - since, 0.0, 1.0), staying)
    strained = rng.random(since.shape) < here.number("strain a week")
    strain = strained * rng.uniform(here.number("strain least"), here.number("strain most"), since.shape)
    return persisting, np.where(since >= 0, 1.0 - (1.0 - cause) * (1.0 - strain), 0.0)


def _parameters(count: int, rng: Generator, here: World) -> Parameters:
    known, changed = table(), {}
    for name in varied():
        row = known[name]
        changed[name] = np.clip(row.value * _spread(count, rng, here.number("parameter spread")), row.least, row.most)
    for name, row in known.items():
        if here.rates != 1.0 and row.unit in ("d", "1/d"):
            quick = 1.0 / here.rates if row.unit == "d" else here.rates
            changed[name] = np.clip(changed.get(name, np.array([row.value])) * quick, row.least, row.most)
    return Parameters(**changed)


def _spread(count: int, rng: Generator, spread: float) -> Floats:
    return np.exp(spread * rng.standard_normal(count))


def reports(patients: Patients, pain: Floats, context: Floats, days: Floats, rng: Generator) -> Floats:
    """Pain as people say it, whole numbers 0..10, (days, people), from the model's ``pain`` and share of ``context``.

    A person without pain says 0; ups and downs of some weeks and the error of each answer are added for the others.
    """
    here = patients.world
    slow, quick = (here.noise * here.number(f"report {name}") for name in ("slow", "quick"))
    felt = pain * (1.0 - context) * patients.gain
    drift, found = slow * rng.standard_normal(patients.count), np.empty_like(felt)
    for k in range(len(days)):
        if k:
            stays = np.exp(-(days[k] - days[k - 1]) / (WEEK * here.number("report slow weeks")))
            drift = stays * drift + np.sqrt(1.0 - stays**2) * slow * rng.standard_normal(patients.count)
        found[k] = felt[k] + np.minimum(felt[k], 1.0) * (drift + quick * rng.standard_normal(patients.count))
    return np.clip(np.round(found), 0.0, 10.0)
