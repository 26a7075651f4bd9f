"""``myotome erase``: a person's record is destroyed, by two people."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from myotome.cli.signing_in import signed_in


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Ask as one member of staff and confirm as another, each signing in; all of it, or nothing is destroyed."""
    with doors["clinic"](chosen) as clinic:
        with signed_in(clinic, "Who asks") as (first, _):
            if clinic.erasure.when(first, chosen.person).asked is None:
                clinic.erasure.ask(first, chosen.person, chosen.reason, chosen.law)
        print("A second person confirms. This cannot be undone.", file=sys.stderr)
        with signed_in(clinic, "Who confirms") as (second, proof):
            clinic.erasure.confirm(second, chosen.person, chosen.reason, proof)
    print(f"{chosen.person}: erased. Backups from before still hold it until their master key is destroyed.")
    return 0
