"""What keeps a clinic's record safe: exported heads, tombstones, backups, keys; and bringing it back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from myotome.clinic.actor import Actor
from myotome.clinic.practice import Practice


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A finished backup."""

    file: Path
    head: str
    rows: int
    bytes: int
    seconds: float


class Keeper:
    """Looks after one clinic's record on this machine."""

    def __init__(self, practice: Practice, heads: Path, key_file: Path) -> None:
        """``heads``: the folder of exported heads and tombstones; ``key_file``: the master key's file."""
        self.practice, self.heads, self.key_file = practice, heads, key_file

    def tick(self) -> None:
        """Once at start and then now and again: export the day's head, make up tombstones that a crash kept back.

        Raises:
            RecordError: the folder of heads cannot be written to.
        """
        raise NotImplementedError

    def head(self, actor: Actor) -> str:
        """The end of the chain as it is printed on notes: POSITION:HASH.

        Raises:
            AccessError: this person may not.
        """
        raise NotImplementedError

    def backup(self, actor: Actor, target: Path, deadline_seconds: float = 600.0) -> BackedUp:
        """Copy the record into a new file while others go on; into a folder, under a name with clinic and date.

        Raises:
            AccessError: this person may not.
            RecordError: the file exists, the disk is full, time is up; no file is left.
        """
        raise NotImplementedError

    def rotate(self, actor: Actor) -> str:
        """Lock everything with a new master key; returns its name. Print a new paper copy afterwards.

        Raises:
            AccessError: this person may not.
            RecordError: the key file cannot be written; the record still opens.
        """
        raise NotImplementedError

    def on_paper(self, actor: Actor) -> list[str]:
        """The master key as lines to print and lock away. Whoever has them can read a copy of the record.

        Raises:
            AccessError: this person may not.
        """
        raise NotImplementedError
