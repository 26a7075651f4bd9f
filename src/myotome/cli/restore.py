"""``myotome restore``: a backup becomes a clinic again, here or on another machine."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from myotome.clinic.upkeep import restored


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Restore into an empty database."""
    places = doors["premises"](chosen)
    print(restored(Path(chosen.file), places.url, places.key, places.heads, doors["clock"]()))
    return 0
