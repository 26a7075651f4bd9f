"""What is done to a record on the clinic's own machine, by whoever holds its master key."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from myotome.clinic.folding.projector import ClinicProjector
from myotome.clinic.keeper import backup_name
from myotome.clinic.places import record_file
from myotome.clinic.verified import Verified, told
from myotome.errors import RecordError
from myotome.records.backup import backup
from myotome.records.chain import Head, read_head
from myotome.records.database import Database
from myotome.records.files import write_whole
from myotome.records.heads import bury, export_head, heads_in, signer_of
from myotome.records.ledger import Ledger, clinics
from myotome.records.master import read_master
from myotome.records.restore import restore
from myotome.records.rotation import with_retired
from myotome.records.verification.verify import verify

CONSOLE = "console"  # author of what is done here
MOST_SECONDS = 3600.0
ROWS_ONLY = "Without the master key only rows, order and heads were looked at."


def verified(url: str, key: Path, heads: Path, against: Sequence[str] = (), clinic: str = "") -> Verified:
    """Go over every row, beside a running Myotome or not; without the master key what needs none.

    ``against``: head files' texts or POSITION:HASH; the exported heads in the folder ``heads`` are compared with too.

    Raises:
        RecordError: the record cannot be opened, or a head is none.
    """
    database = Database(url, exclusive=False)
    try:
        name = clinic or _clinic_of(database, key)
        master = read_master(key) if key.exists() else None
        given = [read_head(text, name) for text in against]
        ledger = Ledger(database, master, ClinicProjector()) if master else None
        exported = _exported(heads, name, ledger)
        outcome = told(verify(ledger or database, name, against=[*given, *exported]), given, exported)
    finally:
        database.close()
    if master is None:
        return replace(outcome, notices=(*outcome.notices, ROWS_ONLY))
    return outcome


def backed_up(url: str, key: Path, target: Path, now: datetime.datetime) -> str:
    """Copy the record into a file, or into a folder under a name with clinic and time; beside a running Myotome or not.

    Raises:
        RecordError: it cannot be opened or written; no file is left.
    """
    master = read_master(key)
    database = Database(url, exclusive=False)
    if target.is_dir():
        target /= backup_name(master.clinic, now)
    try:
        made = backup(database, master, target, deadline_seconds=MOST_SECONDS, now=now)
    finally:
        database.close()
    return (
        f"{target}: {made.rows} rows, {made.bytes // 1024 + 1} kB, in {made.seconds:.1f} s. "
        f"Its head is {made.head.words}\n"
        "It is worth nothing without the master key: keep that, or its paper copy, elsewhere."
    )


def restored(source: Path, url: str, key: Path, heads: Path, now: datetime.datetime) -> str:
    """Make the clinic of a backup anew in an empty database; returns what was done in sentences.

    Raises:
        RecordError: why not; nothing was restored.
    """
    master = with_retired(key) if key.exists() else read_master(key)
    if not source.is_file():
        raise RecordError(f"There is no backup at {source}. Give the file that 'myotome backup' wrote.")
    done = restore(source, url, master, ClinicProjector(), heads_folder=heads, now=now, by=CONSOLE)
    said = [f"{done.clinic}: restored to row {done.position}, as of {done.made}."]
    if done.lost_to > done.position:
        said.append(f"A head shows that there were {done.lost_to} rows: what came after row {done.position} is lost.")
    if done.erased:
        count = len(done.erased)
        who = "One person" if count == 1 else f"{count} people"
        said.append(f"{who} erased after the backup stayed erased.")
    said += _told(url, key, heads, now)
    return "\n".join(said)


def remade(url: str, key: Path, now: datetime.datetime) -> str:
    """Remake every state from the events; returns what was done in a sentence."""
    with alone(url, key) as ledger:
        count = ledger.rebuild(now)
    return f"Every state was made anew from {count} events."


def write_export(folder: Path, name: str, data: bytes) -> Path:
    """Write what is handed over, whole and readable by this user only; returns the file.

    Raises:
        RecordError: the folder cannot be written to.
    """
    write_whole(folder / name, data)
    return folder / name


@contextmanager
def alone(url: str, key: Path) -> Iterator[Ledger]:
    """The record, for nobody else. Nothing is made where there is none.

    Raises:
        RecordError: it or its master key is missing, damaged or in use.
    """
    master, file = read_master(key), record_file(url)
    if file is not None and not file.exists():
        raise RecordError(f"There is no record at {file}.")
    database = Database(url)
    try:
        yield Ledger(database, master, ClinicProjector())
    finally:
        database.close()


def _told(url: str, key: Path, heads: Path, now: datetime.datetime) -> list[str]:
    """Export the head of a record that was just restored; it is whole without, but that is said."""
    try:
        with alone(url, key) as ledger:
            bury(ledger, heads, now)
            export_head(ledger, heads, now, force=True)
    except RecordError as error:
        return [f"Its head could not be exported. {error}"]
    return []


def _clinic_of(database: Database, key: Path) -> str:
    found = clinics(database)
    if key.exists() and (name := read_master(key).clinic) in found:
        return name
    if not found:
        raise RecordError("There is no clinic in this database yet. Begin one: myotome serve.")
    if len(found) > 1:
        raise RecordError(f"There are {len(found)} clinics in this database. Give the master key of the one you mean.")
    return found[0]


def _exported(folder: Path, clinic: str, ledger: Ledger | None) -> list[Head]:
    if not folder.is_dir():
        return []
    if ledger is None:
        return heads_in(folder, clinic)
    with ledger.reading() as record:
        return heads_in(folder, clinic, signer_of(record))
