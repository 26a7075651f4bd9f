"""The mechanism against other ways to run the same equations, each in its own environment and its own process.

Every peer gets the same people, parameters, sessions and readings from one file. JAX, Numba and NumPy take our steps
(COHORT) by our method, so their error is ours; Brian2 and SciPy have methods of their own, with the step or tolerance
whose error is nearest to ours. Errors are against DOP853 at a relative tolerance of 1e-10, in points of pain, over
every region and day of a few people; where many are asked, the largest error is that of whoever stands on the edge
between recovery and relapse. A rate is person-weeks a second, of the median run; compiling, building and reading
files do not count, for nobody. Ours is measured just before and just after each peer, on the same processors.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.measure import Figure
from benchmarks.mechanism_ours import (
    JUDGED,
    WAYS,
    Ours,
    all_threads,
    error,
    error_of,
    every_muscle,
    of_peak,
    rate,
    told,
)
from benchmarks.mechanism_peers import ALL, YARDSTICK, Peer, answer
from benchmarks.mechanism_task import body, write
from myotome.care.simulation.person.body import body as whole_body
from myotome.mechanism import native
from myotome.mechanism.grid import COHORT

Errors = dict[Ours, tuple[float, float]]


def figures() -> Iterator[Figure]:
    """Every peer, then the person of all muscles, then how far from the machine's peak."""
    if native.load() is None:
        yield Figure("mechanism: the C kernel", "absent", "no compiler was there when Myotome was set up; not measured")
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "task.npz"
        write(file, COHORT)
        exact = answer(YARDSTICK, file, 1)
        if exact is None:
            raise RuntimeError("The yardstick, SciPy's DOP853, did not run; its message is above.")
        errors = {way: error_of(way, exact[1]) for way in WAYS}
        for peer in ALL:
            for threads in peer.threads:
                yield _compared(peer, threads or all_threads(), file, exact[1], errors)
    yield from every_muscle(whole_body().network)
    yield from of_peak()


def _compared(peer: Peer, threads: int, file: Path, exact: np.ndarray, errors: Errors) -> Figure:
    precision = "" if peer.own_steps else " float64" if peer.wide else " float32"
    name = f"mechanism: {peer.name}{precision}, {told(threads)}"
    way = next(way for way in WAYS if (way.name, way.wide) == (peer.ours, peer.wide))
    before = rate(body(), way, threads)
    found = answer(peer, file, threads)
    if found is None:
        return Figure(name, "", f"not measured: {peer.environment} could not be installed or did not run")
    theirs, off = found[0], error(found[1], exact)
    ours = (before + rate(body(), way, threads)) / 2
    sizes = (
        f"person-weeks a second; 40 muscles, {'nearest error' if peer.own_steps else 'same steps'}; ours {way.words}: "
        f"error at most {errors[way][0]:.2g} points, 95 of 100 below {errors[way][1]:.2g} ({JUDGED} people); "
        f"{peer.name} ({peer.words}): {off[0]:.2g}, {off[1]:.2g}; median of {peer.runs} runs"
    )
    ratio, goal = ours / theirs, f">= {peer.goal:g}" if peer.goal else ""
    return Figure(name, f"{ours:,.0f}", sizes, f"{theirs:,.0f}", ratio, goal, ratio >= peer.goal if goal else None)
