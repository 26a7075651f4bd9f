"""``myotome verify``: whether the record is as it was recorded."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from myotome.clinic.upkeep import verified

AT_FAULT = 5  # exit status


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Say what was found; exit status 5 where something is not as it was recorded."""
    places = doors["premises"](chosen)
    heads = [_head(text) for text in chosen.against]
    outcome = verified(places.url, places.key, places.heads, heads)
    print(outcome.said)
    for sentence in outcome.faults:
        print(f"  {sentence}", file=sys.stderr)
    for notice in outcome.notices:
        print(f"Notice: {notice}")
    return 0 if outcome.sound else AT_FAULT


def _head(text: str) -> str:
    """A head file's text, or the head as typed in."""
    try:
        file = Path(text)
        return file.read_text("utf-8") if file.is_file() else text
    except (OSError, ValueError):  # too long for a name, not to be read, or not text: said when it is read as a head
        return text
