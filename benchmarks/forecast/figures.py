"""The forecast in `make bench`: time of an update, time of the library, and CRPS on a few people."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.forecast.__main__ import SEED, library
from benchmarks.forecast.judge import forecasts, judged, update_times
from benchmarks.forecast.people import come
from benchmarks.measure import Figure, span
from myotome.care.simulation.cohort.worlds import worlds

PEOPLE, TRAINED, SESSIONS = 300, 2000, 5
GOAL = 0.02  # seconds


def figures() -> Iterator[Figure]:
    """The goals of CRPS and cover are judged on 3,000 people by `python -m benchmarks.forecast`, not here."""
    ready, seconds = library()
    sizes = f"{ready.library.members:,} members, 14 weekly sessions, {len(ready.library.days)} weeks"
    for what, taken in seconds.items():
        yield Figure(f"forecast: library, {what}", span(taken), sizes)
    people, trained = (come(n, (SEED, 5, n), worlds()["own"]) for n in (PEOPLE, TRAINED))
    times = update_times(ready, people, SESSIONS)
    words = f"{times['people']} people, {SESSIONS} sessions known, 12 weeks, {sizes}"
    middle, late = times["median"] / 1e3, times["95 %"] / 1e3
    yield Figure("forecast: update, median", span(middle), words, goal=f"< {1e3 * GOAL:g} ms", met=middle < GOAL)
    yield Figure("forecast: update, 95th percentile", span(late), words)
    found = judged(forecasts(ready, people, SESSIONS), people, trained, SESSIONS, (SEED, 6))
    own = sum(found["crps"]) / len(found["crps"])
    best = own / (1.0 - found["better than the best simple"])
    words = f"{PEOPLE} people, {SESSIONS} sessions known; peer: best of three simple forecasts"
    yield Figure("forecast: CRPS, points", f"{own:.3f}", words, f"{best:.3f}", best / own)
