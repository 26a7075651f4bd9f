"""What is done to a record on the clinic's own machine, by whoever holds its master key."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Sequence
from pathlib import Path

from myotome.clinic.folding.projector import ClinicProjector
from myotome.clinic.verified import Verified
from myotome.errors import RecordError
from myotome.records.backup import backup
from myotome.records.chain import Head, read_head
from myotome.records.database import Database
from myotome.records.heads import heads_in, signer_of
from myotome.records.ledger import Ledger, clinics
from myotome.records.master import MasterKey, from_paper, on_paper, read_master, write_master
from myotome.records.restore import restore
from myotome.records.rotation import retired, rotate, with_retired
from myotome.records.verification.verify import verify

CONSOLE = "console"  # author of what is done here
MOST_SECONDS = 3600.0


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
        known = [read_head(text) for text in against]
        known = [Head(name, head.position, head.hash) if not head.clinic else head for head in known]
        ledger = Ledger(database, master, ClinicProjector()) if master else None
        known += _exported(heads, name, ledger)
        report = verify(ledger or database, name, against=known)
    finally:
        database.close()
    notices = report.notices
    if master is None:
        notices += ("Without the master key only rows, order and heads were looked at.",)
    said = tuple(fault.sentence for fault in report.faults)
    return Verified(not said, report.rows, report.last, len(known), said, notices)


def backed_up(url: str, key: Path, target: Path, now: datetime.datetime) -> str:
    """Copy the record into a file, or into a folder under a name with clinic and time; beside a running Myotome or not.

    Raises:
        RecordError: it cannot be opened or written; no file is left.
    """
    database = Database(url, exclusive=False)
    master = read_master(key)
    if target.is_dir():
        target /= f"{master.clinic}-{now:%Y-%m-%d-%H%M%S}.backup"
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
    done = restore(source, url, master, ClinicProjector(), heads_folder=heads, now=now, by=CONSOLE)
    said = [f"{done.clinic}: restored to row {done.position}, as of {done.made}."]
    if done.lost_to > done.position:
        said.append(f"A head shows that there were {done.lost_to} rows: what came after row {done.position} is lost.")
    if done.erased:
        said.append(f"{len(done.erased)} people who were erased after the backup were left out.")
    return "\n".join(said)


def remade(url: str, key: Path, now: datetime.datetime) -> str:
    """Remake every state from the events; returns what was done in a sentence."""
    database = Database(url)
    try:
        count = Ledger(database, read_master(key), ClinicProjector()).rebuild(now)
    finally:
        database.close()
    return f"Every state was made anew from {count} events."


def rotated(url: str, key: Path, now: datetime.datetime) -> str:
    """Lock everything with a new master key; returns what is to be done next in a sentence."""
    database = Database(url)
    try:
        ledger = Ledger(database, read_master(key), ClinicProjector())
        master = rotate(ledger, key, now)
    finally:
        database.close()
    old = ", ".join(str(key.with_name(f"{key.name}.retired-{name}")) for name in retired(key))
    return (
        f"Everything is locked with the new key {master.current}. Print it: myotome keys paper.\n"
        f"Older backups need the old key: {old}. Once no backup needs it, destroy that file and its paper."
    )


def paper(key: Path) -> list[str]:
    """The master key as lines to print and lock away."""
    master = read_master(key)
    return [f"Clinic {master.clinic} · key {master.current}", *on_paper(master)]


def recovered(key: Path, clinic: str, lines: Sequence[str]) -> str:
    """Write a lost key file anew from its paper copy; returns the key's name.

    Raises:
        RecordError: there is a key file, or a line was mistyped.
    """
    if key.exists():
        raise RecordError(f"There is a master key at {key} already. Move it away first, if it is not the right one.")
    master: MasterKey = from_paper(clinic, list(lines))
    write_master(key, master)
    return master.current


def new_sign_in_secret() -> str:
    """A password for the demonstration practice, random and easy to type."""
    return "-".join(secrets.token_hex(2) for _ in range(4))


def _clinic_of(database: Database, key: Path) -> str:
    found = clinics(database)
    if key.exists() and (name := read_master(key).clinic) in found:
        return name
    if len(found) != 1:
        raise RecordError(f"There are {len(found)} clinics in this database. Give the master key of the one you mean.")
    return found[0]


def _exported(folder: Path, clinic: str, ledger: Ledger | None) -> list[Head]:
    if not folder.is_dir():
        return []
    if ledger is None:
        return heads_in(folder, clinic)
    with ledger.reading() as record:
        return heads_in(folder, clinic, signer_of(record))
