"""The first search after a start, which reads everybody, and the searches after it."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator

from benchmarks.measure import Figure, best_of, span
from benchmarks.records.clinics import Clinic
from myotome.clinic.people import People


def figures(clinic: Clinic) -> Iterator[Figure]:
    """Seconds and memory of the index of everybody; then a search by two parts of a name."""
    actor = clinic.access.actor(clinic.signed_in())
    if actor is None:
        raise RuntimeError("Signing in failed.")
    people = People(clinic.practice)
    start = time.perf_counter()
    people.search(actor)
    first = time.perf_counter() - start
    known = f"{clinic.past.people:,} people"
    yield Figure(f"{clinic.kind}: first search", span(first), f"{known}, {_memory(clinic):.0f} MB kept")
    later = best_of(lambda: people.search(actor, "ba mo"), 20)
    yield Figure(f"{clinic.kind}: search by two parts of a name", span(later), known)


def _memory(clinic: Clinic) -> float:
    """Megabytes of the index; filled once more, for being watched takes time."""
    people = People(clinic.practice)
    tracemalloc.start()
    with clinic.practice.within() as shelf:
        people.index.follow(shelf.reading)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return kept / 1e6
