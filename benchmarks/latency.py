"""How long one examination takes, inside a running program and as whole processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import numpy as np

from benchmarks.examinations import EXAMPLES, published
from benchmarks.measure import Figure, best_of, span
from myotome.care.examination.case import Case
from myotome.care.examination.case_file import parse
from myotome.care.explanation.explain import explain_case
from myotome.care.explanation.intervals import intervals
from myotome.care.explanation.next_tests import next_tests
from myotome.care.explanation.reasoner import Reading, Reasoner
from myotome.care.screening.items import code_of

KERNELS = {"c": "kernel", "numpy": "NumPy"}
GOALS = {  # milliseconds; None: reported only
    "case to verdict": {"c": 3.0, "numpy": 60.0},
    "file to JSON": {"c": 30.0, "numpy": 600.0},
    "next tests": {"c": 60.0, "numpy": None},
    "intervals": {"c": 150.0, "numpy": None},
}
COMMAND = Path(sys.executable).with_name("myotome")
ONE_FILE = EXAMPLES / "clinicalpub-nd-c7-root.yaml"


def figures() -> Iterator[Figure]:
    """Every published examination with both kernels; the value is the median, the slowest stands beside it."""
    for kernel in KERNELS:
        reasoners = cache(partial(Reasoner, kernel=kernel))
        reasoner = reasoners("emg")
        cases = published() if kernel == "c" else published()[::4]
        seconds: dict[str, list[float]] = {name: [] for name in GOALS}
        for n, (path, case) in enumerate(cases):
            seconds["case to verdict"].append(best_of(partial(_read, reasoner, case), 10, 0.2))
            seconds["file to JSON"].append(best_of(partial(_json, reasoners, path.read_bytes()), 5, 0.2))
            if n % 4 == 0:
                reading = _read(reasoner, case)
                seconds["next tests"].append(best_of(partial(next_tests, reading), 3, 0.5))
                seconds["intervals"].append(best_of(partial(_intervals, reading), 2, 0.5))
        for name, found in seconds.items():
            yield _figure(name, kernel, found, reasoner)


def _figure(name: str, kernel: str, seconds: list[float], reasoner: Reasoner) -> Figure:
    goal, middle, tree = GOALS[name][kernel], float(np.median(seconds)), reasoner.model.tree
    facts = [len(case.findings) for _, case in published()]
    return Figure(
        f"{name}, {KERNELS[kernel]}",
        span(middle),
        f"median of {len(seconds)}, slowest {span(max(seconds))}; profile emg, 2 sides of {tree.states} states and "
        f"{len(tree.node_group)} facts, {np.mean(facts):.0f} findings",
        goal="" if goal is None else f"<= {goal:g} ms",
        met=None if goal is None else middle <= goal / 1e3,
    )


def _read(reasoner: Reasoner, case: Case) -> Reading:
    """Marginals, node posteriors and verdict, as if the examination had never been seen."""
    reasoner.engine.forget()
    reading = reasoner.read(case)
    posterior = reading.posterior
    for s, side in enumerate(posterior.sides):
        posterior.states(s)
        posterior.lesions(s)
        if len(side.evidence.active):
            posterior.facts(s, side.evidence.active)
    _ = reading.verdict
    return reading


def _json(reasoners: Callable[[str], Reasoner], data: bytes) -> str:
    reasoners("emg").engine.forget()
    explained = explain_case(parse(data, code_of), reasoners, with_next=False, with_intervals=False)
    return json.dumps(explained.as_dict())


def _intervals(reading: Reading) -> None:
    intervals(reading, tuple(row for row in reading.partition.rows if row.probability >= 0.01)[:12])


def processes() -> Iterator[Figure]:
    """Whole processes, started anew; the first explanation, which fills the cache, is not counted."""
    yield _process("myotome --help", ["--help"], {}, 0.2)
    with tempfile.TemporaryDirectory() as folder:
        for kernel, goal in (("auto", 0.6), ("numpy", None)):
            settings = {"MYOTOME_KERNEL": kernel, "MYOTOME_CACHE": folder}
            name = f"myotome explain, {KERNELS['c' if kernel == 'auto' else kernel]}"
            yield _process(name, ["explain", str(ONE_FILE)], settings, goal)


def _process(name: str, arguments: list[str], settings: dict[str, str], goal: float | None) -> Figure:
    seconds = []
    for _ in range(8):
        start = time.perf_counter()
        subprocess.run([COMMAND, *arguments], check=True, capture_output=True, env={**os.environ, **settings})
        seconds.append(time.perf_counter() - start)
    best = min(seconds[1:])
    limit = "" if goal is None else f"< {goal:g} s"
    sizes = f"best of {len(seconds) - 1} whole processes, all parts of the answer, one file, profile emg"
    return Figure(name, span(best), sizes, goal=limit, met=None if goal is None else best < goal)
