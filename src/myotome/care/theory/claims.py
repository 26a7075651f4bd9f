"""The claims, what came of each, and how firmly: robustness, parts switched off, which parameters matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from myotome.care.simulation.cohort.patients import LIMB, SPINE
from myotome.care.theory.bench import Bench
from myotome.care.theory.experiments import EXPERIMENTS
from myotome.care.theory.found import HURTS, Found
from myotome.facts.kept import Table, kept
from myotome.facts.tables import rows
from myotome.mechanism.grid import COHORT
from myotome.mechanism.network import Floats
from myotome.mechanism.parameters import Parameters, table

HERE = "myotome.care.theory"
# Dose, time and drawing constants that no claim turns on are left as they are.
LEFT = ("trauma_dose", "trauma_alone", "trauma_time", "soreness_time", "pain_of_receptors")


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim: who says it, in what words, which checks of which experiment hold and fail, and what that means."""

    name: str
    made_by: str
    says: str
    experiment: str
    holds: tuple[str, ...]
    fails: tuple[str, ...]
    remark: str

    @property
    def verdict(self) -> str:
        """pass, partial or fail."""
        return "partial" if self.holds and self.fails else "fail" if self.fails else "pass"


@dataclass(frozen=True, slots=True)
class Said:
    """A claim without an experiment of its own: by construction, or judged by the natural course."""

    name: str
    made_by: str
    says: str
    verdict: str
    remark: str


@kept
def claims() -> tuple[Claim, ...]:
    """Every claim with an experiment, in the order of the table."""
    return tuple(
        Claim(
            row["name"],
            row["made_by"],
            row["says"],
            row["experiment"],
            tuple(row["holds"]),
            tuple(row["fails"]),
            row["remark"],
        )
        for _, row, _ in rows(HERE, "claims", "claim")
    )


@kept
def said() -> tuple[Said, ...]:
    """Claims without an experiment of their own."""
    names = ("name", "made_by", "says", "verdict", "remark")
    return tuple(Said(*(row[name] for name in names)) for _, row, _ in rows(HERE, "claims", "said"))


@kept
def beyond() -> tuple[tuple[str, str, str], ...]:
    """What the model cannot express: what, who speaks of it, and in what words."""
    return tuple((row["name"], row["made_by"], row["says"]) for _, row, _ in rows(HERE, "claims", "beyond"))


@kept
def parts() -> Mapping[str, tuple[str, float, str]]:
    """Parts that can be switched off: parameter (or 'loop'), its value then, and what that means."""
    return Table(
        {row["name"]: (row["parameter"], float(row["off"]), row["words"]) for _, row, _ in rows(HERE, "claims", "part")}
    )


@lru_cache(maxsize=4)
def found(bench: Bench) -> Mapping[str, Found]:
    """Every experiment on one bench."""
    return {name: experiment(bench) for name, experiment in EXPERIMENTS.items()}


def held(claim: Claim, results: Mapping[str, Found]) -> Floats:
    """Whether the checks that hold do hold, for every set of parameters."""
    checks = results[claim.experiment].checks
    return np.asarray(np.logical_and.reduce([checks[name] for name in claim.holds or claim.fails]), np.float64)


def scattered(count: int, spread: float, seed: int) -> Parameters:
    """Sets of parameters, each off by a log-normal ``spread``."""
    rng, changed = np.random.default_rng(seed), {}
    for name, row in table().items():
        factor = np.exp(spread * rng.standard_normal(count))
        if name not in LEFT:
            changed[name] = np.clip(row.value * factor, row.least, row.most)
    return _shared(changed)


def _shared(changed: dict[str, Floats]) -> Parameters:
    """What pain does not have from lack of blood it has from receptors: the two shares sum to 1."""
    if "pain_of_ischaemia" in changed:
        changed["pain_of_receptors"] = 1.0 - changed["pain_of_ischaemia"]
    return Parameters(**changed)


def robustness(count: int, spread: float, seed: int) -> dict[str, float]:
    """Share of scattered sets of parameters for which each claim still holds, by its name.

    Signs and courses are asked of those sets only whose person fell ill at all; 'falls ill' is their share.
    """
    bench = Bench(scattered(count, spread, seed), steps=COHORT, wide=False)
    results = found(bench)
    ill = bench.falling_ill.worst[-1] > HURTS
    shares = {claim.name: float(held(claim, results)[ill].mean()) for claim in claims()}
    return {"falls ill": float(ill.mean()), **shares}


def without(part: str) -> dict[str, float]:
    """The same person with a part switched off: ill or not, and after six sessions to both, limb or spine."""
    name, value, _ = parts()[part]
    bench = Bench(Parameters(), loop=value) if name == "loop" else Bench(Parameters(**{name: value}))
    late = {where: bench.weekly(6, muscles).worst for where, muscles in _WHERE.items()}
    return {"ill": float(bench.falling_ill.worst[-1, 0]), **{where: float(pain[-1, 0]) for where, pain in late.items()}}


_WHERE = {"both": (SPINE, *LIMB), "limb": LIMB, "spine": (SPINE,)}


def sensitivity(names: Iterable[str], spread: float, size: int, seed: int) -> dict[str, tuple[float, float]]:
    """Sobol indices of pain before the sixth weekly session, first order and total, by parameter.

    Each parameter varies evenly within ``spread`` (0.1: 10 %) of its value, alone and with the others;
    ``size`` is a power of two.
    """
    from scipy.stats import sobol_indices, uniform  # noqa: PLC0415  # slow to import; nothing else here needs it

    chosen = list(names)
    value = {name: table()[name].value for name in chosen}

    def before_sixth(x: Floats) -> Floats:
        columns = x.reshape(len(chosen), -1)
        p = _shared(dict(zip(chosen, columns, strict=True)))
        pain = Bench(p, steps=COHORT, wide=False).weekly(6).worst[5]
        return np.asarray(pain, np.float64).reshape(1, *x.shape[1:])

    dists: Any = [uniform(value[n] * (1 - spread), 2 * spread * value[n]) for n in chosen]
    result = sobol_indices(func=before_sixth, n=size, dists=dists, rng=np.random.default_rng(seed))
    first, total = np.ravel(result.first_order), np.ravel(result.total_order)
    return {name: (float(first[k]), float(total[k])) for k, name in enumerate(chosen)}


def verdicts() -> dict[str, int]:
    """How many claims pass, pass in part, fail, hold by construction, and are beyond the model."""
    every = [claim.verdict for claim in claims()] + [one.verdict for one in said()]
    return {name: every.count(name) for name in ("pass", "partial", "fail", "by construction")} | {
        "cannot be expressed": len(beyond())
    }
