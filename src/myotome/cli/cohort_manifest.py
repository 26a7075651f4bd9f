"""What a cohort was drawn with: enough to tell whether two runs give the same people."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from myotome.care.simulation.cohort.chunk import Cohort
from myotome.care.simulation.cohort.patients import circle
from myotome.mechanism import CAUTION
from myotome.mechanism.course import Course
from myotome.mechanism.run import run

Manifest = Mapping[str, Any]
FORMAT = "myotome cohort 1"
PARTS = ("myotome.mechanism", "myotome.care.simulation.cohort")
MADE_BY = ("edition", "format", "kernel", "version")
SUFFIXES = (".py", ".c", ".h", ".toml")


def manifest(cohort: Cohort) -> Manifest:
    """Settings, release, edition and kernel in plain values.

    Raises:
        MechanismError: the kernel asked for is not there.
    """
    try:
        release = version("myotome")
    except PackageNotFoundError:
        release = "not installed"
    return {
        "format": FORMAT,
        "caution": CAUTION,
        "version": release,
        "edition": edition(),
        "kernel": _kernel(),
        "settings": cohort.as_dict(),
    }


def _kernel() -> str:
    """The kernel that will follow people: told by a body at rest, so that what cannot be is refused early."""
    return run(circle(), Course(circle(), 1.0, (1.0,), np.zeros((1, 1, 1)))).kernel


def edition() -> str:
    """Changes whenever a parameter, another number or an equation does that a cohort is drawn with."""
    digest = hashlib.sha256()
    for package in PARTS:
        root = Path(str(files(package)))
        for file in sorted(path for path in root.rglob("*") if path.suffix in SUFFIXES):
            digest.update(f"{file.relative_to(root).as_posix()}:".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def differs(found: Any, wanted: Manifest) -> str:
    """What is other in a manifest and what to do, in words; nothing where all is the same."""
    there = dict(_flat(found)) if isinstance(found, Mapping) else {}
    if "edition" not in there:
        return "holds something else than a cohort. Check the name"
    here = dict(_flat(wanted))
    for name in sorted((here.keys() | there.keys()) - {"caution"}):
        was, now = there.get(name, "unknown"), here.get(name, "unknown")
        if was != now:
            if name in MADE_BY:
                return f"was begun by another Myotome ({name} {was}, now {now}). Finish it with that one"
            return f"holds a cohort of {name} {was}, not {now}. Give the same options"
    return ""


def _flat(values: Manifest, above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, "" if name == "settings" else f"{name} ")
        else:
            yield f"{above}{name}", value
