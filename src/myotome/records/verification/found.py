"""What a verification says: what is at fault, where, and in which words."""

from __future__ import annotations

from dataclasses import dataclass

MOST = 1000  # of faults that are told one by one

CHANGED = "changed"
COLUMN = "column changed"
HASH = "hash changed"
MISSING = "missing"
EXCHANGED = "exchanged"
MOVED = "moved"
INSERTED = "inserted"
DOUBLED = "doubled"
UNOPENED = "does not open"
CUT = "cut"
REWRITTEN = "rewritten"
RESTORED_OVER = "restored over"
SIGNER = "signer"
KEY = "key"
STATE = "state"
FILE = "file"
MANY = "many"

OF_ROWS = frozenset({CHANGED, HASH, MISSING, EXCHANGED, MOVED, INSERTED, DOUBLED, UNOPENED, MANY})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was recorded: at which position, of which id, what kind, in a sentence."""

    position: int
    id: str
    what: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was found: how many rows there are, the last one as on a note, faults in order, and what is only unusual."""

    rows: int
    last: str
    faults: tuple[Fault, ...]
    notices: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Nothing is at fault."""
        return not self.faults


def span(start: int, end: int) -> str:
    """Rows in words."""
    return f"Row {start}" if start == end else f"Rows {start} to {end}"
