"""The kernel against pyAgrum's fastest exact engine, on the same examinations in one run.

Both answer the same question: every state of every segment and local cause, every peripheral
lesion and every examined fact of both sides. pyAgrum gets what suits it best: one thread, soft evidence
on hidden facts, targets that let it leave out unexamined facts, a junction tree kept over the
whole-person states, and whichever engine and form of the lesion is fastest. Building its network
is not counted. The answers must agree to 1e-9.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from tests.oracle.peer import ENGINES, Answer, Peer, join

from benchmarks.examinations import findings, readings, variant
from benchmarks.kernel_runs import Prepared, prepare, solve
from benchmarks.measure import Figure, best_of, span
from myotome.care.explanation.model import build_model
from myotome.care.explanation.posterior import Posterior
from myotome.care.explanation.reasoner import Reasoner
from myotome.inference.engine import Engine

AGREEMENT = 1e-9
EXAMINATIONS, PROBES, REPEATS = 60, 5, 3
CHUNK = 8  # examinations of a batch that are run together, so that they stay in the cache
WAVE = 200
SIDES = (0, 1)


@dataclass
class Comparison:
    """Seconds of both on the same examinations, and the largest difference of any number."""

    ours: float
    theirs: float
    worst: float


def figures(batch: int) -> Iterator[Figure]:
    """Single examinations with three and two states a segment, then the batch."""
    for binary, goal in ((False, 50.0), (True, 250.0)):
        reasoner = Reasoner(model=build_model("emg", binary=binary))
        chosen = _chosen(reasoner)
        peer, which = _fastest(reasoner, chosen)
        found = [_compared(reasoner.engine, peer, posterior) for posterior in chosen]
        ours, theirs = (sum(getattr(c, who) for c in found) / len(found) for who in ("ours", "theirs"))
        sizes = _sizes(reasoner, chosen)
        states = "2 states" if binary else "3 states"
        yield Figure(
            f"one examination, {states}, against pyAgrum",
            span(ours),
            f"{len(found)} examinations, {sizes}; pyAgrum: {which}",
            span(theirs),
            theirs / ours,
            f">= {goal:g}",
            theirs >= goal * ours,
        )
        worst = max(c.worst for c in found)
        yield Figure(
            f"largest difference, {states}", f"{worst:.1e}", "any probability", "", None, "<= 1e-9", worst <= AGREEMENT
        )
        if not binary:
            yield from _batch(reasoner, batch, theirs, sizes)


def _chosen(reasoner: Reasoner) -> list[Posterior]:
    """Published examinations spread over the list, and one variant of every second one."""
    rng = np.random.default_rng(7)
    found = readings(reasoner)
    step = max(1, len(found) * 3 // (2 * EXAMINATIONS))
    chosen = []
    for n, reading in enumerate(found[::step]):
        chosen += [reading.posterior] if n % 2 else [reading.posterior, variant(reading, rng)]
    return chosen[: max(EXAMINATIONS, 50)]


def _sizes(reasoner: Reasoner, chosen: list[Posterior]) -> str:
    tree = reasoner.model.tree
    lanes = np.mean([sum(len(side.first) for side in p.sides) for p in chosen])
    return (
        f"profile {reasoner.model.profile}, 2 sides of {len(tree.cards)} variables, {tree.states} states and "
        f"{len(tree.node_group)} facts, {lanes:.0f} lanes, {np.mean([findings(p) for p in chosen]):.0f} examined facts"
    )


def _fastest(reasoner: Reasoner, chosen: list[Posterior]) -> tuple[Peer, str]:
    """The engine and form of the lesion with which pyAgrum is fastest, tried on a few examinations."""
    tried: list[tuple[float, str, Peer, str]] = []
    for form, lesion_variable in (("lesion as a variable", True), ("a run for each lesion class", False)):
        peer = Peer(reasoner.model, lesion_variable=lesion_variable)
        for engine in ENGINES:
            peer.use(engine)
            seconds = sum(_theirs(peer, p)[0] for p in chosen[:: max(1, len(chosen) // PROBES)])
            tried.append((seconds, f"{engine}, {form}", peer, engine))
    _, which, peer, engine = min(tried, key=lambda one: one[0])
    peer.use(engine)
    return peer, which


def _theirs(peer: Peer, posterior: Posterior, repeats: int = 1) -> tuple[float, Answer]:
    """Seconds of pyAgrum's own work on both sides, best of ``repeats``, and its answer."""
    sides, seconds = [], 0.0
    for s in SIDES:
        answers = [peer.answer(posterior.sides[s], posterior.lesion_priors[s]) for _ in range(repeats)]
        seconds += min(answer.seconds for answer in answers)
        sides.append(answers[0])
    return seconds, join(sides, posterior.priors.whole)


def _compared(engine: Engine, peer: Peer, posterior: Posterior) -> Comparison:
    prepared = prepare([posterior], 0), prepare([posterior], 1)
    ours = best_of(partial(_fresh, engine, prepared, posterior), 20)
    theirs, answer = _theirs(peer, posterior, REPEATS)
    (mine,) = solve(engine, prepared, posterior.priors.whole)
    return Comparison(ours, theirs, _difference(mine, answer))


def _fresh(engine: Engine, prepared: tuple[Prepared, Prepared], posterior: Posterior) -> None:
    """As an examination never seen before: the layout is made anew."""
    engine.forget()
    solve(engine, prepared, posterior.priors.whole)


def _difference(one: Answer, other: Answer) -> float:
    pairs = [(one.log_evidence, other.log_evidence), (one.people, other.people)]
    for part in ("states", "lesions", "facts"):
        pairs += zip(getattr(one, part), getattr(other, part), strict=True)
    return max(float(np.max(np.abs(np.subtract(a, b)), initial=0.0)) for a, b in pairs)


def _batch(reasoner: Reasoner, count: int, theirs: float, sizes: str) -> Iterator[Figure]:
    """Variants of every published examination; pyAgrum's time is that of the single ones, extrapolated."""
    done = -(-count // WAVE) * WAVE
    threads = os.cpu_count() or 1
    seconds = {1: 0.0, threads: 0.0}
    run = partial(_solve_chunk, reasoner.engine)
    with ThreadPoolExecutor(threads) as pool:
        for wave in _waves(reasoner, done):
            seconds[1] += best_of(partial(_all, map, run, wave), 3)
            if threads > 1:
                seconds[threads] += best_of(partial(_all, pool.map, run, wave), 3)
    for used, spent in seconds.items():
        whole = used == threads
        yield Figure(
            f"batch of {done:,} examinations, {used} thread{'s' if used > 1 else ''}",
            span(spent),
            f"{span(spent / done)} each, {sizes}; pyAgrum extrapolated",
            span(theirs * done),
            theirs * done / spent,
            ">= 1000" if whole else "",
            theirs * done >= 1000.0 * spent if whole else None,
        )


def _all(over: Callable[..., Iterable[object]], run: Callable[..., object], wave: list[Any]) -> None:
    for _ in over(run, wave):
        pass


def _solve_chunk(engine: Engine, chunk: tuple[tuple[Prepared, Prepared], Posterior]) -> list[Answer]:
    prepared, posterior = chunk
    return solve(engine, prepared, posterior.priors.whole)


def _waves(reasoner: Reasoner, count: int) -> Iterator[list[tuple[tuple[Prepared, Prepared], Posterior]]]:
    """The batch in waves that fit in memory, each in chunks of examinations of the same facts."""
    rng = np.random.default_rng(11)
    found = readings(reasoner)
    for start in range(0, count // CHUNK, WAVE // CHUNK):
        wave = []
        for n in range(start, start + WAVE // CHUNK):
            posteriors = [variant(found[n % len(found)], rng) for _ in range(CHUNK)]
            wave.append(((prepare(posteriors, 0), prepare(posteriors, 1)), posteriors[0]))
        yield wave
