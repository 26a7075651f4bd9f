"""What every peer shares: the task from a file, pinning to processors, taking times. Needs NumPy alone.

The body is that of the task: ``levels`` levels with five muscles each, the first beside the spine, one root each.
So a peer may shape muscles as (levels, 5, people) and needs no table of nerves; Myotome's kernel does not know this.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

FIVE = 5
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Task:
    """``p`` parameters and ``w`` weights of the drive of pain as plain numbers; the rest arrays.

    ``muscles`` (10, levels, 5, people), ``levels`` (2, levels, people) and ``cause`` (levels, people); of each stretch
    ``length`` (days a step), ``count`` (steps), ``event`` and ``reading`` (numbers, -1 for none).
    """

    p: SimpleNamespace
    w: SimpleNamespace
    muscles: Array
    levels: Array
    cause: Array
    length: Array
    count: Array
    event: Array
    reading: Array
    events: Array
    readings: Array
    end: float


def read_task(path: str, people: int) -> Task:
    """The task for that many people: those of the file, again and again."""
    with np.load(path) as file:
        held = {name: file[name] for name in file.files}
    who = np.arange(people) % held["cause"].shape[-1]
    plain = [
        SimpleNamespace(**{name[2:]: float(value) for name, value in held.items() if name.startswith(kind)})
        for kind in ("p_", "w_")
    ]
    levels = held["cause"].shape[0]
    return Task(
        *plain,
        muscles=held["muscles"][..., who].reshape(10, levels, FIVE, people),
        levels=held["levels"][..., who],
        cause=held["cause"][..., who],
        end=float(held["end"]),
        **{name: held[name] for name in ("length", "count", "event", "reading", "events", "readings")},
    )


def asked(description: str) -> argparse.Namespace:
    """The arguments of a peer's script; pins this process to as many processors as it may use threads."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("task")
    parser.add_argument("answer")
    parser.add_argument("--people", type=int, default=256)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--wide", action="store_true", help="float64 instead of float32")
    parser.add_argument("--method", default="", help="where there are several")
    parser.add_argument("--step", type=float, default=0.0, help="days, where the peer has a step of its own")
    found = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: found.threads])
    return found


def timed(action: Callable[[], Any], repeats: int) -> tuple[list[float], Any]:
    """Seconds of each run after a first that is not counted (compiling), and the last answer."""
    answer, seconds = action(), []
    for _ in range(repeats):
        start = time.perf_counter()
        answer = action()
        seconds.append(time.perf_counter() - start)
    return seconds, answer


def finish(path: str, seconds: list[float], people: int, drive: Array, most: int = 64) -> None:
    """Leave the drives (readings, regions, people) of the first people, and print the times."""
    np.save(path, np.asarray(drive, dtype=np.float64)[..., :most])
    json.dump({"seconds": seconds, "people": people}, sys.stdout)


def by_region(drives: Array) -> Array:
    """(levels, 5, people) to (2 levels, people): beside the spine, and away from it."""
    eighth = drives**8
    regions = np.stack([eighth[:, 0], eighth[:, 1:].sum(axis=1)], axis=1)
    root: Array = np.sqrt(np.sqrt(np.sqrt(regions))).reshape(-1, drives.shape[-1])
    return root
