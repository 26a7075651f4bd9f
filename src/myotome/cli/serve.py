"""``myotome serve``: the clinic in the browser; with ``--demo`` the demonstration practice."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Serve until interrupted; exit status 1 where it cannot begin."""
    status: int = doors["serve_clinic"](chosen)
    return status
