"""What is done to the master key on the clinic's own machine: changed, put on paper, brought back."""

from __future__ import annotations

import datetime
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from myotome.clinic.folding.projector import ClinicProjector
from myotome.clinic.upkeep import alone
from myotome.errors import RecordError
from myotome.records.database import Database
from myotome.records.event import IDENTIFIER
from myotome.records.heads import signer_of
from myotome.records.ledger import Ledger, clinics
from myotome.records.master import MasterKey, from_paper, on_paper, read_master, write_master
from myotome.records.rotation import retired, rotate

PAPER_LINES = 4
TITLE = re.compile(r"clinic (?P<clinic>\S+) · key", re.IGNORECASE)


def rotated(url: str, key: Path, now: datetime.datetime) -> str:
    """Lock everything with a new master key; returns what is to be done next in a sentence."""
    with alone(url, key) as ledger:
        master = rotate(ledger, key, now)
    old = ", ".join(str(key.with_name(f"{key.name}.retired-{name}")) for name in retired(key))
    return (
        f"Everything is locked with the new key {master.current}. Print it: myotome keys paper.\n"
        f"Older backups need the old key: {old}. Once no backup needs it, destroy that file and its paper."
    )


def paper(key: Path) -> list[str]:
    """The master key as lines to print and lock away."""
    master = read_master(key)
    return [f"Clinic {master.clinic} · key {master.current}", *on_paper(master)]


def recovered(url: str, key: Path, clinic: str, lines: Iterable[str]) -> str:
    """Write a lost key file anew from its paper copy; returns the key's name.

    ``lines`` may begin with the paper's first line, which names the clinic; else ``clinic`` does.

    Raises:
        RecordError: there is a key file, a line was mistyped, or the record here is another clinic's.
    """
    if key.exists():
        raise RecordError(f"There is a master key at {key} already. Move it away first, if it is not the right one.")
    typed: list[str] = []
    for line in filter(str.strip, lines):
        if named := TITLE.match(line.strip()):
            clinic = clinic or named["clinic"]
            continue
        typed.append(line)
        if len(typed) == PAPER_LINES:
            break
    if not IDENTIFIER.fullmatch(clinic):
        raise RecordError("Which clinic? Its name stands in the first line of the paper copy: give it by --clinic.")
    master: MasterKey = from_paper(clinic, typed)
    _fits(url, master)
    write_master(key, master)
    return master.current


def new_sign_in_secret() -> str:
    """A password for the demonstration practice, random and easy to type."""
    return "-".join(secrets.token_hex(2) for _ in range(4))


def _fits(url: str, master: MasterKey) -> None:
    """See that a recovered key opens the record that is here; without one, there is nothing to see."""
    try:
        database = Database(url, exclusive=False)
    except RecordError:
        return
    try:
        here = clinics(database)
        if here and master.clinic not in here:
            raise RecordError(
                f"The record is of clinic {', '.join(here)[:80]}, not '{master.clinic}'. Give --clinic as on the paper."
            )
        if here:
            with Ledger(database, master, ClinicProjector()).reading() as record:
                signer_of(record)
    finally:
        database.close()
