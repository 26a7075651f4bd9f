"""What is kept of needles that came to light after a signature."""

from __future__ import annotations

from typing import Any

from myotome.clinic.states import State


class LateState(State):
    """A signed visit, with the entries about needles that came after the signature.

    ``since``: when the first needle of them came that is in still, by these entries alone; empty where none is.
    """

    visit: str
    person: str
    entries: tuple[dict[str, Any], ...] = ()
    since: str = ""
