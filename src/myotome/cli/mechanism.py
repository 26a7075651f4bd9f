"""``myotome mechanism``: the explorable page of the mechanism, in the browser."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Serve the page on this machine until interrupted; exit status 2 where the port cannot be used."""
    status: int = doors["serve_mechanism"](chosen.port, not chosen.no_browser)
    return status
