"""What keeps a clinic's record safe while it runs: exported heads, tombstones, backups, keys."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from myotome.clinic.actor import Actor
from myotome.clinic.entries.clinics import BackupMade, KeysPrinted, KeysRotated
from myotome.clinic.erasure import forgotten
from myotome.clinic.practice import Practice
from myotome.records.backup import backup
from myotome.records.heads import bury, export_head
from myotome.records.master import on_paper
from myotome.records.rotation import rotate


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A finished backup: where, the end of its chain as POSITION:HASH, how many rows, how large, how long it took."""

    file: Path
    head: str
    rows: int
    bytes: int
    seconds: float


def backup_name(clinic: str, now: datetime.datetime) -> str:
    """The name of a backup made now."""
    return f"backup-{clinic}-{now.astimezone(datetime.UTC):%Y-%m-%dT%H%M%S}.myotome"


class Keeper:
    """Looks after one clinic's record on this machine."""

    def __init__(self, practice: Practice, heads: Path, key_file: Path) -> None:
        """``heads``: the folder of exported heads and tombstones; ``key_file``: the master key's file."""
        self.practice, self.heads, self.key_file = practice, heads, key_file

    def tick(self) -> None:
        """At every opening and then now and again: export the day's head, make up for what a crash kept back.

        A clinic where nothing was recorded yet has no head.

        Raises:
            RecordError: the folder of heads cannot be written to, or bytes of destroyed keys still lie in the files.
        """
        ledger, now = self.practice.ledger, self.practice.clock()
        bury(ledger, self.heads, now)
        if ledger.head(now).position:
            export_head(ledger, self.heads, now)
        forgotten(ledger, now)  # last, for somebody who reads all day must not keep the head from the folder

    def close(self) -> None:
        """At the end of the day: export the head once more, so that it covers the whole day.

        Raises:
            RecordError: the folder of heads cannot be written to.
        """
        ledger, now = self.practice.ledger, self.practice.clock()
        if ledger.head(now).position:
            export_head(ledger, self.heads, now, force=True)

    def head(self, actor: Actor) -> str:
        """The end of the chain as it is printed on notes: POSITION:HASH.

        Raises:
            AccessError: this person may not.
        """
        with self.practice.looking(actor, "verify record"):
            return self.practice.ledger.head(self.practice.clock()).words

    def backup(self, actor: Actor, target: Path, deadline_seconds: float = 600.0) -> BackedUp:
        """Copy the record into a new file while others go on; into a folder, under a name with clinic and time.

        Raises:
            AccessError: this person may not.
            RecordError: the file exists, the disk is full, time is up; no file is left.
        """
        with self.practice.looking(actor, "back up"):
            pass  # allowed; it reads over a connection of its own
        ledger, now = self.practice.ledger, self.practice.clock()
        if target.is_dir():
            target = target / backup_name(ledger.clinic, now)
        done = backup(ledger.database, ledger.master, target, deadline_seconds=deadline_seconds, now=now)
        with self.practice.acting(actor, "back up") as desk:
            desk.record(BackupMade(head=done.head.words))
        return BackedUp(target, done.head.words, done.rows, done.bytes, done.seconds)

    def rotate(self, actor: Actor) -> str:
        """Lock everything with a new master key; returns its name. Print a new paper copy afterwards.

        Raises:
            AccessError: this person may not.
            RecordError: the key file cannot be written; the record still opens.
        """
        with self.practice.looking(actor, "back up"):
            pass  # allowed; every key is then locked anew in a transaction of its own
        master = rotate(self.practice.ledger, self.key_file, self.practice.clock())
        with self.practice.acting(actor, "back up") as desk:
            desk.record(KeysRotated(master=master.current))
        return master.current

    def on_paper(self, actor: Actor) -> list[str]:
        """The master key as lines to print and lock away. Whoever has them can read a copy of the record.

        Raises:
            AccessError: this person may not.
        """
        master = self.practice.ledger.master
        with self.practice.acting(actor, "back up") as desk:
            desk.record(KeysPrinted(master=master.current))
        return on_paper(master)
