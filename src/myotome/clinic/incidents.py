"""What an incident must tell before it can stand for needles that are not accounted for."""

from __future__ import annotations

from collections.abc import Sequence

from myotome.care.session.ledger import ledger
from myotome.care.session.noted import Noted
from myotome.clinic.entries.needling import IncidentWritten
from myotome.errors import EntryError

LEAST = 10  # characters: fewer tell nobody what happened


def told_enough(entry: IncidentWritten, entries: Sequence[Noted]) -> None:
    """See that it says what happened, and, while needles are in, of which.

    Older records hold shorter ones: those stay as they are.

    Raises:
        EntryError: it does not.
    """
    if (count := len(entry.text.strip())) < LEAST:
        plural = "character" if count == 1 else "characters"
        raise EntryError(
            f"The incident is {count} {plural}; at least {LEAST} tell somebody else what happened. Write more."
        )
    if not entry.needles and (held := ledger(entries).still_in):
        raise EntryError(f"The incident names no needle, and {held} are in by the record. Choose those it is about.")
