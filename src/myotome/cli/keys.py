"""``myotome keys``: the master key on paper, typed in again, or changed."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from myotome.clinic.key_upkeep import paper, recovered, rotated


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Print, recover or rotate the master key."""
    places = doors["premises"](chosen)
    if chosen.what == "paper":
        print("\n".join(paper(places.key)))
        print("Print these lines, lock them away, and do not keep them on this machine.", file=sys.stderr)
    elif chosen.what == "rotate":
        print(rotated(places.url, places.key, doors["clock"]()))
    else:
        print("Type the lines of the paper copy:", file=sys.stderr)
        name = recovered(places.url, places.key, chosen.clinic, iter(sys.stdin.readline, ""))
        print(f"{places.key}: the key {name} is back. Check it: myotome verify")
    return 0
