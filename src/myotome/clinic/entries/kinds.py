"""Every kind of entry by its name, and how a recorded body of any version is read."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from myotome.clinic.entries import afterwards, against, bedside, clinics, needling, persons, visits
from myotome.clinic.entries.bedside import BedsideEntry
from myotome.clinic.entries.entry import Entry
from myotome.errors import RecordError


def _all() -> dict[str, type[Entry]]:
    found = {}
    for module in (clinics, persons, visits, bedside, needling, against, afterwards):
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, Entry) and "kind" in vars(thing):
                found[thing.kind] = thing
    return found


KINDS = _all()
BEDSIDE = {kind: one for kind, one in KINDS.items() if issubclass(one, BedsideEntry)}  # what a tap makes


def read(kind: str, version: int, body: dict[str, Any]) -> Entry:
    """A recorded body of any released version, as today's class.

    Raises:
        RecordError: the kind or version is of a newer Myotome, or the body is not what was ever written.
    """
    known = KINDS.get(kind)
    if known is None or version > known.version:
        raise RecordError(
            f"The record holds '{kind}' of version {version}; this Myotome is older. Open it with a newer one."
        )
    try:
        return known.model_validate(known.brought_up(body, version))
    except (ValidationError, ValueError, KeyError, TypeError):
        raise RecordError(f"An entry '{kind}' of version {version} cannot be read. Run 'myotome verify'.") from None
