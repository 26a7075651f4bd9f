"""Does a clinic with a million past sessions answer as fast as one with ten? ``MYOTOME_SESSIONS`` sets another number.

``MYOTOME_BENCH_FOLDER`` names a folder where the large clinic is kept from run to run (it takes minutes to make and
some 7 GB); without it everything is thrown away. Small and large take turns in one run; the people whose pages are
opened are drawn anew each time among those with ten sessions each, so that both clinics show pages alike.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.stores import KINDS

from benchmarks.measure import Figure, span
from benchmarks.records import pages, people, writes
from benchmarks.records.clinics import Clinic, made, opened
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
        made(own / "small", ALIKE)
        past = made(kept, sessions)
        told = f"{past.people:,} people, {past.rows:,} events, {kept.stat().st_size and _size(kept):.2g} GB"
        yield Figure(f"loading {sessions:,} sessions", span(time.perf_counter() - start), told)
        for kind in KINDS:
            with opened(kind, own / "small", made(own / "small", ALIKE)) as small, opened(kind, kept, past) as large:
                yield from _of(small, large, own)
        shutil.rmtree(own / "small")


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


def _size(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.iterdir()) / 1e9
