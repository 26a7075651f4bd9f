"""``myotome export``: a person's whole record, as open JSON or PDF."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from myotome.cli.signing_in import signed_in
from myotome.clinic.upkeep import write_export
from myotome.errors import EntryError

ENOUGH = 2  # identifiers


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Write the file into a folder, under a name of ids and dates."""
    folder = Path(chosen.output)
    if not folder.is_dir():
        raise EntryError(f"There is no folder '{chosen.output}'. Make it, or name another with --output.")
    with doors["clinic"](chosen) as clinic, signed_in(clinic, "Practitioner or owner") as (actor, _):
        _, identifiers = clinic.people.offered(actor, chosen.person)
        confirmed = list(identifiers)[:ENOUGH]
        said = ", ".join(f"{label} {identifiers[label]}" for label in confirmed)
        print(f"{said}\nIs this the person who is meant? yes or no: ", end="", file=sys.stderr, flush=True)
        if sys.stdin.readline().strip().lower() != "yes":
            raise EntryError("Nothing was exported. Look up the person's id in the list of people.")
        clinic.people.open(actor, chosen.person, confirmed)
        make = clinic.exports.person_pdf if chosen.format == "pdf" else clinic.exports.person_json
        made = make(actor, chosen.person)
        target = write_export(folder, made.name, made.data)
    print(f"{target}: written. It holds a person's record in plain text: hand it over, then delete it.")
    return 0
