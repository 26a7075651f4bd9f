"""The experiments by name: each answers, for every set of parameters on the bench, whether what is claimed happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from myotome.care.theory.bench import Bench
from myotome.care.theory.found import Found
from myotome.care.theory.illness import health, onset, outlives, signs, untreated
from myotome.care.theory.needling import aftermath, carries, course, discomfort, gaps, others, places

EXPERIMENTS: Mapping[str, Callable[[Bench], Found]] = {
    f.__name__: f
    for f in (health, onset, outlives, untreated, signs, course, places, discomfort, aftermath, carries, others, gaps)
}
