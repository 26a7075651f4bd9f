"""``myotome backup``: the record as one file, made while others go on."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from myotome.clinic.upkeep import backed_up


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Write the backup."""
    places = doors["premises"](chosen)
    print(backed_up(places.url, places.key, Path(chosen.file), doors["clock"]()))
    return 0
