"""Examinations to measure with: the published ones, and variants with other results on the same facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from myotome.care.examination.case import Case
from myotome.care.examination.case_file import parse
from myotome.care.explanation.posterior import Posterior
from myotome.care.explanation.reasoner import Reading, Reasoner
from myotome.care.screening.items import code_of
from myotome.cli.case_files import examinations_in

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
TURNED = 0.3  # share of the findings whose result is turned round in a variant


@cache
def published() -> tuple[tuple[Path, Case], ...]:
    """Every published examination with at least one finding."""
    cases = ((path, parse(path.read_bytes(), code_of)) for path in examinations_in(EXAMPLES))
    return tuple((path, case) for path, case in cases if case.findings)


def readings(reasoner: Reasoner) -> list[Reading]:
    """All of them read."""
    found = [reasoner.read(case) for _, case in published()]
    return [reading for reading in found if reading.views]


def variant(reading: Reading, rng: np.random.Generator) -> Posterior:
    """The same facts examined, some with the opposite result."""
    turned = rng.random(len(reading.views)) < TURNED
    return reading.posterior_of(
        tuple(
            replace(view, on=1.0 - view.on, off=1.0 - view.off) if turn else view
            for view, turn in zip(reading.views, turned, strict=True)
        )
    )


def patterns(found: list[Reading]) -> Iterator[tuple[Reading, Callable[[np.random.Generator], Posterior]]]:
    """Each reading with the maker of its variants."""
    for reading in found:
        yield reading, lambda rng, reading=reading: variant(reading, rng)


def findings(posterior: Posterior) -> int:
    """Examined facts of both sides."""
    return sum(len(side.evidence.active) for side in posterior.sides)
