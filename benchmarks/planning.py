"""How long a plan takes: candidates, rules and choice, once the tables are read and the case is explained."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np

from benchmarks.examinations import published
from benchmarks.measure import Figure, span
from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Build, Case, Finding, Person
from myotome.care.examination.visit import Background, Settings, Visit
from myotome.care.examination.vocabulary import resolve
from myotome.care.explanation.explain import explain_case
from myotome.care.explanation.reasoner import Reasoner
from myotome.care.plan.planner import Planner, planner
from myotome.care.safety.gate import vitals
from myotome.care.screening.items import RED_FLAG, items

DAY = date(2026, 11, 21)
MOST = 60  # candidates of a typical plan, at most
GOAL = 0.1  # seconds
PLANS = 300


def figures() -> Iterator[Figure]:
    """Median and 99th percentile over published examinations with tight muscles added, each planned once, anew."""
    reasoner = Reasoner("emg", os.environ.get("MYOTOME_KERNEL", "auto"))
    rng = random.Random(4)
    made, counts = [], []
    while len(made) < PLANS:
        case = _typical(rng, rng.choice(published())[1])
        explained = explain_case(case, lambda _: reasoner, with_next=False, with_intervals=False)
        ready = planner(case, explained, DAY)
        if 4 <= len(ready.problem.candidates) <= MOST and ready.status == "ready":
            made.append(ready)
            counts.append(len(ready.problem.candidates))
    choosing = [_seconds(one.plan) for one in made]
    whole = [_seconds(lambda one=one: _again(one).plan()) for one in made]
    words = f"{len(made)} cases, {min(counts)} to {max(counts)} candidates, median {np.median(counts):.0f}; 12 needles"
    for name, seconds in (("choice of points", choosing), ("rules, candidates and choice", whole)):
        middle, late = (float(v) for v in np.percentile(seconds, (50, 99)))
        yield Figure(f"plan: {name}, median", span(middle), words, goal=f"< {GOAL * 1e3:g} ms", met=middle < GOAL)
        yield Figure(f"plan: {name}, 99th percentile", span(late), words)


def _again(one: Planner) -> Planner:
    return planner(one.case, one.ground.explanation, DAY)


def _seconds(action: object) -> float:
    start = time.perf_counter()
    action()  # type: ignore[operator]
    return time.perf_counter() - start


def _typical(rng: random.Random, case: Case) -> Case:
    """A published examination of a healthy person with up to a dozen tight muscles added."""
    muscles = sorted(anatomy().muscles)
    tight = [
        Finding("tenderness", resolve("tenderness", rng.choice(muscles))[0], rng.choice(("left", "right")), "present")
        for _ in range(rng.randint(2, 14))
    ]
    answers = {code: "no" for code, item in items().items() if item.kind == RED_FLAG}
    answers |= {code: "no" for code in vitals() if code in items()} | {"consent": "yes"}
    return replace(
        case,
        person=Person(40, "female"),
        build=Build(170, 68),
        screening=tuple(sorted(answers.items())),
        findings=tuple({(f.sign, f.site.name, f.side): f for f in (*case.findings, *tight)}.values()),
        background=Background((), (), ()),
        visit=Visit(3, 45.0, 12, ("prone", "supine", "side-lying"), "no", "none"),
        settings=Settings(True, True),
    )
