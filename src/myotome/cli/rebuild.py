"""``myotome rebuild``: every state that screens read is made anew from the events."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from myotome.clinic.upkeep import remade


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Remake the states."""
    places = doors["premises"](chosen)
    print(remade(places.url, places.key, doors["clock"]()))
    return 0
