"""Does a clinic with a million past sessions answer as fast as one with ten? ``MYOTOME_SESSIONS`` sets another number.

``MYOTOME_BENCH_FOLDER`` names a folder where the large clinic is kept from run to run (it takes minutes to make and
some 7 GB); without it everything is thrown away. Small and large take turns in one run; the people whose pages are
opened are drawn anew each time among those with ten sessions each, so that both clinics show pages alike.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.stores import KINDS

from benchmarks.measure import Figure, span
from benchmarks.records import pages, people, writes
from benchmarks.records.clinics import Clinic, made, opened
from benchmarks.records.load import Past
from benchmarks.records.past import ALIKE
from myotome.records.verification.verify import verify

TIMES = 1000


def figures(sessions: int) -> Iterator[Figure]:
    """Loading, pages, writing, searching and verifying on each database."""
    sessions = int(os.environ.get("MYOTOME_SESSIONS", sessions))
    with tempfile.TemporaryDirectory(prefix="myotome-bench-") as temporary:
        own = Path(temporary)
        kept = Path(os.environ.get("MYOTOME_BENCH_FOLDER", own)) / f"{sessions}"
        start = time.perf_counter()
        few, past = made(own / "small", ALIKE), made(kept, sessions)
        took = span(time.perf_counter() - start)
        size = (kept / "clinic.db").stat().st_size / 1e9
        yield Figure("loading a clinic in bulk", took, f"{_told(past)}, {past.people:,} people, {size:.2g} GB")
        for kind in KINDS:
            with opened(kind, own / "small", few) as small, opened(kind, kept, past) as large:
                yield from _of(small, large, own)


def _told(past: Past) -> str:
    return f"{past.sessions:,} past sessions, {past.rows:,} events"


def _of(small: Clinic, large: Clinic, folder: Path) -> Iterator[Figure]:
    sizes = f"{large.past.sessions:,} past sessions; peer: {ALIKE}"
    yield from writes.figures(small, large, TIMES, sizes)
    yield from pages.figures(small, large, TIMES, sizes)
    yield from writes.rates(large, folder, TIMES)
    yield from people.figures(large)
    start = time.perf_counter()
    found = verify(large.practice.ledger, large.practice.ledger.clinic, states=False)
    took = span(time.perf_counter() - start)
    told = f"{found.rows:,} rows, every body and key opened, states not compared"
    yield Figure(f"{large.kind}: verify", took, told, goal="no fault", met=not found.faults)
