"""Our own kernel as it is measured: ways to run it, its rate, its error, and how far it is from the machine's peak."""

from __future__ import annotations

import gc
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.measure import Figure, best_of
from benchmarks.mechanism_peers import RUNS, YARDSTICK
from benchmarks.mechanism_task import END, READINGS, SESSIONS, WEEKS, body, course, repeated
from myotome import mechanism
from myotome.mechanism import readings
from myotome.mechanism.grid import COHORT, FINE, FINEST, Steps, grid
from myotome.mechanism.network import Network
from myotome.mechanism.run import run

PEOPLE = 2048  # ours, in each run
JUDGED = YARDSTICK.people  # people whose error is known
STAGES = 3  # of a step


@dataclass(frozen=True)
class Ours:
    """One way to run the kernel: step lengths, and float64 where ``wide``."""

    name: str
    steps: Steps
    wide: bool = False

    @property
    def words(self) -> str:
        """Steps and precision."""
        return f"{self.name}, {'float64' if self.wide else 'float32'}"


WAYS = tuple(
    Ours(name, steps, wide)
    for wide in (False, True)
    for name, steps in (("COHORT", COHORT), ("FINE", FINE), ("FINEST", FINEST))
)


def error(drives: np.ndarray, exact: np.ndarray) -> tuple[float, float]:
    """Largest error and its 95th percentile, in points of pain."""
    off = np.abs(readings.pain(drives[..., :JUDGED].astype(np.float64)) - readings.pain(exact[..., : drives.shape[-1]]))
    return float(off.max()), float(np.percentile(off, 95))


def error_of(way: Ours, exact: np.ndarray) -> tuple[float, float]:
    """The same of ours."""
    start, given = repeated(JUDGED)
    return error(run(body(), given, start=start, steps=way.steps, wide=way.wide).drive, exact)


@contextmanager
def _only(threads: int) -> Iterator[None]:
    """As many threads and processors for ours."""
    before, asked = os.sched_getaffinity(0), os.environ.get("MYOTOME_THREADS")
    os.sched_setaffinity(0, sorted(before)[:threads])
    os.environ["MYOTOME_THREADS"] = str(threads)
    gc.collect()
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
        os.environ.pop("MYOTOME_THREADS")
        if asked is not None:
            os.environ["MYOTOME_THREADS"] = asked


def rate(network: Network, way: Ours, threads: int) -> float:
    """Our person-weeks a second, of the median run."""
    people = PEOPLE if way.name == "COHORT" else PEOPLE // 4
    if network is body():
        start, given = repeated(people)
    else:
        people //= 8
        rng = np.random.default_rng(6)
        start, given = None, course(network, rng.uniform(0.3, 1.0, (network.levels, people)))
    seconds = []
    with _only(threads):
        for _ in range(RUNS + 1):
            begun = time.perf_counter()
            run(network, given, start=start, steps=way.steps, wide=way.wide)
            seconds.append(time.perf_counter() - begun)
    return people * WEEKS / median(seconds[1:])


def every_muscle(network: Network) -> Iterator[Figure]:
    """The person of all muscles, on one thread and on all."""
    pairs = int((network.supply > 0).sum())
    sizes = (
        f"person-weeks a second; {network.muscles} muscles, {network.levels} levels, {pairs} roots; COHORT; {RUNS} runs"
    )
    for wide in (False, True):
        for threads in (1, all_threads()):
            found = rate(network, Ours("COHORT", COHORT, wide), threads)
            precision = "float64" if wide else "float32"
            yield Figure(f"mechanism: every muscle, {precision}, {told(threads)}", f"{found:,.0f}", sizes)


def of_peak() -> Iterator[Figure]:
    """Operations as counted in the source of the kernel; the peak is that of a matrix product, all multiply-adds."""
    steps = int(grid(END, np.array([0.0, END]), SESSIONS, READINGS, COHORT).count.sum())
    for wide, real in ((False, np.float32), (True, np.float64)):
        peak = _product(real)
        found = rate(body(), Ours("COHORT", COHORT, wide), 1)
        muscle, level = operations("move_muscles"), operations("move_levels")
        whole = STAGES * steps / WEEKS * (body().muscles * muscle + body().levels * level)
        name = f"mechanism: share of multiply-add peak, {np.dtype(real).name}"
        sizes = (
            f"one thread; {muscle} operations a muscle and {level} a level, {STAGES} times a step, counted in lanes.h, "
            f"a division as one; {found * whole / 1e9:.3g} of {peak / 1e9:.3g} Gflop/s (matrix product)"
        )
        yield Figure(name, f"{100 * found * whole / peak:.0f} %", sizes)


def operations(function: str) -> int:
    """Sums, products and quotients a lane in the innermost loop of a function of lanes.h."""
    source = (Path(str(mechanism.__path__[0])) / "lanes.h").read_text()
    found = re.search(rf"void NAME\({function}\).*?EACH \{{(.*?)\n        \}}", source, re.DOTALL)
    if not found:
        raise RuntimeError(f"lanes.h has no innermost loop in {function}() as this counter expects it.")
    fixed = r"/\*.*?\*/|#.*|\(1 - keep\)|\[[^\[\]]*\]|REAL \*|->"  # no operations when it runs
    text = re.sub(fixed, "", found.group(1), flags=re.DOTALL)
    return len(re.findall(r"[-+*/]", re.sub(r"\[[^\[\]]*\]", "", text)))


def _product(real: type) -> float:
    n = 1024
    a, b = np.random.default_rng(0).random((2, n, n)).astype(real)
    out = np.empty((n, n), real)
    return 2 * n**3 / best_of(partial(np.matmul, a, b, out=out), 20)


def all_threads() -> int:
    """As many as this process has processors."""
    return len(os.sched_getaffinity(0))


def told(threads: int) -> str:
    """In words."""
    return f"{threads} thread{'s' if threads > 1 else ''}"
