"""An entry of what somebody typed, or a sentence that says what would be right."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import ValidationError

from myotome.clinic.entries.entry import Entry
from myotome.errors import EntryError

E = TypeVar("E", bound=Entry)
SAID = {
    "string_too_short": "It is blank; write at least a word",
    "string_too_long": "It is too long; at most {max_length} characters are kept",
    "too_long": "There are too many; at most {max_length} are kept",
    "missing": "It is missing",
    "literal_error": "It must be {expected}",
}


def made(kind: type[E], /, **told: Any) -> E:
    """The entry.

    Raises:
        EntryError: a field cannot be recorded as it is; which, and why, never what was in it.
    """
    try:
        return kind.model_validate(told)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = str(first["loc"][0]).replace("_", " ") if first["loc"] else "entry"
        why = SAID.get(first["type"], "").format_map(first.get("ctx", {}))
        own = str(first["ctx"]["error"]) if first["type"] == "value_error" else ""
        raise EntryError(f"The {field} cannot be recorded. {why or _begun(own) or 'Write it another way'}.") from None


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]
