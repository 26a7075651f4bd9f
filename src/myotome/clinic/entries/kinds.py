"""Every kind of entry by its name, and how a recorded body of any version is read."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from myotome.clinic.entries import clinics, persons, visits
from myotome.clinic.entries.entry import Entry
from myotome.errors import RecordError


def _all() -> dict[str, type[Entry]]:
    found = {}
    for module in (clinics, persons, visits):
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, Entry) and thing is not Entry:
                found[thing.kind] = thing
    return found


KINDS = _all()


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
