"""Every figure of speed in one run: name, value, peer, ratio, goal, and whether the goal is met.

The exit status is 1 where a goal is missed. ``--scale`` runs longer batches, ``--only`` one part.
"""

from __future__ import annotations

import argparse
import platform
from collections.abc import Callable, Iterable
from importlib import import_module

from benchmarks.measure import HEADER, Figure

PARTS = (
    "pyagrum",
    "limits",
    "latency",
    "processes",
    "atlas",
    "planning",
    "mechanism",
    "forecast",
    "records",
    "bedside",
)


def main(arguments: list[str]) -> int:
    """Run the parts asked for and print each figure as soon as it is known."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--scale",
        action="store_true",
        help="100,000 examinations, not 10,000; records of 1,000,000 sessions, not 20,000",
    )
    parser.add_argument("--only", choices=PARTS, action="append", help="run this part; may be given again")
    asked = parser.parse_args(arguments)
    print(f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}")
    print(HEADER, flush=True)
    missed = 0
    for part in asked.only or PARTS:
        for figure in _part(part, asked.scale)():
            print(figure.line(), flush=True)
            missed += figure.met is False
    print(f"{missed} goals missed." if missed else "All goals met.")
    return 1 if missed else 0


def _part(name: str, scale: bool) -> Callable[[], Iterable[Figure]]:
    if name == "pyagrum":
        from benchmarks import against_pyagrum  # noqa: PLC0415  # each part is slow to import

        return lambda: against_pyagrum.figures(100_000 if scale else 10_000)
    if name in ("limits", "atlas", "planning", "mechanism", "bedside"):
        figures: Callable[[], Iterable[Figure]] = import_module(f"benchmarks.{name}").figures
        return figures
    if name == "forecast":
        from benchmarks.forecast import figures as of_forecast  # noqa: PLC0415

        return of_forecast.figures
    if name == "records":
        from benchmarks.records import figures as of_records  # noqa: PLC0415

        return lambda: of_records.figures(1_000_000 if scale else 20_000)
    from benchmarks import latency  # noqa: PLC0415

    return latency.figures if name == "latency" else latency.processes
