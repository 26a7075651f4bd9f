"""Entries made of what somebody typed: refused in words where they cannot be recorded."""

from __future__ import annotations

from typing import TypeVar

from pydantic import ValidationError

from myotome.clinic.entries.entry import Entry
from myotome.clinic.permissions import ROLES
from myotome.errors import EntryError

Kind = TypeVar("Kind", bound=Entry)


def entered(kind: type[Kind], **told: object) -> Kind:
    """An entry of a kind.

    Raises:
        EntryError: a field cannot be recorded as it is.
    """
    try:
        return kind.model_validate(told)
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
    if field == "roles":
        raise EntryError(f"Give at least one role of {', '.join(ROLES)}.")
    said = {"sign_in": "sign-in name"}.get(field, field)
    raise EntryError(f"The {said} cannot be recorded as it is. It is one line of 1 to 200 characters.")
