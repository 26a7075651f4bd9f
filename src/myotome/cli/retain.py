"""``myotome retain``: whose record has been kept as long as it must be."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from myotome.cli.signing_in import signed_in


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """List who is due by the clinic's retention period, with the rule and its source."""
    with doors["clinic"](chosen) as clinic, signed_in(clinic, "Owner or clinical lead") as (actor, _):
        due = clinic.erasure.due(actor)
        for one in due:
            when = f"may be destroyed since {one.first_day}" if one.first_day else one.trouble
            print(f"{one.person}  last entry {one.last_entry}  {when}")
        if due:
            print(f"\nRule: {due[0].rule} ({due[0].source})")
            print("To destroy one: myotome erase PERSON --reason '...', with a second person.", file=sys.stderr)
        else:
            print("Nobody's record is past its period.")
    return 0
