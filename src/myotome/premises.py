"""Where a clinic lives on this machine: its folder, database, master key and heads, and how it is opened."""

from __future__ import annotations

import datetime
import secrets
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from myotome.clinic.access.access import Access
from myotome.clinic.access.accounts import Accounts
from myotome.clinic.audit import Audit
from myotome.clinic.clinic import Clinic
from myotome.clinic.consents.consents import Consents
from myotome.clinic.erasure import Erasure
from myotome.clinic.exports.exports import Exports
from myotome.clinic.folding.projector import ClinicProjector
from myotome.clinic.governance import Governance
from myotome.clinic.keeper import Keeper
from myotome.clinic.mind import Mind
from myotome.clinic.people import People
from myotome.clinic.practice import Practice
from myotome.clinic.upkeep import record_file
from myotome.clinic.visits import Visits
from myotome.errors import RecordError
from myotome.records.database import Database
from myotome.records.instance import Instance
from myotome.records.ledger import Ledger, clinics, found
from myotome.records.master import MasterKey, new_master, read_master, write_master

DEMONSTRATION = "demonstration"


@dataclass(frozen=True, slots=True)
class Premises:
    """The places of one clinic. ``new`` where nothing of it exists yet."""

    folder: Path
    url: str
    key: Path
    heads: Path
    demonstration: bool = False


def premises(environment: Mapping[str, str], folder: str | None = None, demonstration: bool = False) -> Premises:
    """The places that the environment names, else the usual ones of this user.

    ``MYOTOME_DATA`` is the folder, ``MYOTOME_DATABASE_URL`` another database than the SQLite file in it,
    ``MYOTOME_KEY`` the master key's file (by default among the user's settings, away from the data), ``MYOTOME_HEADS``
    the folder of exported heads (better on another disk). The demonstration has a folder, file and key of its own and
    takes none of these but the first.
    """
    home = Path(environment.get("HOME") or Path.home())
    usual = Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "myotome"
    settings = Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "myotome"
    chosen = Path(folder or environment.get("MYOTOME_DATA") or usual).absolute()
    if demonstration:
        chosen = chosen / DEMONSTRATION
        file, key = chosen / f"{DEMONSTRATION}.db", settings / f"{DEMONSTRATION}-{_short(chosen)}.key"
        return Premises(chosen, f"sqlite:///{file}", key, chosen / "heads", demonstration=True)
    url = environment.get("MYOTOME_DATABASE_URL") or f"sqlite:///{chosen / 'clinic.db'}"
    key = Path(environment.get("MYOTOME_KEY") or settings / f"clinic-{_short(chosen)}.key")
    return Premises(chosen, url, key, Path(environment.get("MYOTOME_HEADS") or chosen / "heads"))


def _short(folder: Path) -> str:
    """Clinics in different folders have different key files."""
    return uuid.uuid5(uuid.NAMESPACE_URL, str(folder)).hex[:8]


@contextmanager
def opened(
    places: Premises,
    reasoners: Callable[[str], object],
    clock: Callable[[], datetime.datetime],
    *,
    beginning: bool = False,
) -> Iterator[Clinic]:
    """The clinic, open, with the day's head and every tombstone in the folder of heads.

    ``beginning``: where there is no clinic yet, its keys are made (an owner comes with the first start).

    Raises:
        RecordError: there is no clinic, or database and master key are missing, damaged, in use or not each other's.
    """
    file = record_file(places.url)
    if file is not None and not file.exists() and (places.key.exists() or not beginning):
        raise RecordError(_nothing(places))  # before an empty file is made
    database = Database(places.url)
    try:
        ledger = Ledger(database, _master(places, database, beginning), ClinicProjector())
        ledger.bring_up_to_date(clock())
        clinic = assembled(Practice(ledger, clock, lambda: str(uuid.uuid4())), places, reasoners)
        try:
            clinic.keeper.tick()
        except RecordError as error:  # people must be treated though a disk with heads is missing
            sys.stderr.write(f"myotome: {error}\n")
        yield clinic
    finally:
        database.close()


def assembled(practice: Practice, places: Premises, reasoners: Callable[[str], object]) -> Clinic:
    """Everything that can be done in a clinic, over one practice."""
    governance = Governance(practice)
    mind = Mind(reasoners, governance.notice, governance.withdrawn)
    access = Access(practice)
    return Clinic(
        practice=practice,
        people=People(practice),
        visits=Visits(practice, mind),
        access=access,
        accounts=Accounts(practice, access),
        consents=Consents(practice),
        governance=governance,
        audit=Audit(practice, places.heads),
        erasure=Erasure(practice, places.heads),
        exports=Exports(practice, governance),
        keeper=Keeper(practice, places.heads, places.key),
    )


def clear_demonstration(places: Premises) -> None:
    """Throw away a demonstration that was interrupted while it was made; nobody in it is real.

    Raises:
        RecordError: another Myotome has it open.
    """
    file = record_file(places.url)
    if not places.demonstration or file is None:
        return
    held = Instance(file)
    try:
        for part in (file, *file.parent.glob(f"{file.name}-*"), *places.heads.glob("*"), places.key, _unborn(places)):
            part.unlink(missing_ok=True)
    finally:
        held.release()


def _master(places: Premises, database: Database, beginning: bool) -> MasterKey:
    """The master key that opens this database; a new one, and a clinic, where there is neither."""
    here, unborn = clinics(database), _unborn(places)
    if here and not places.key.exists() and unborn.exists() and read_master(unborn).clinic in here:
        unborn.replace(places.key)  # stopped between making the clinic and giving its key the name
    if here or places.key.exists():
        master = read_master(places.key)
        if not here:
            raise RecordError(_nothing(places))
        if master.clinic not in here:
            raise RecordError(
                f"The master key at {places.key} belongs to clinic {master.clinic[:40]}; this record is of "
                f"{', '.join(here)[:80]}. Give the key that belongs to it (MYOTOME_KEY), or its paper copy: "
                f"myotome keys recover."
            )
        return master
    if not beginning:
        raise RecordError(_nothing(places))
    master = new_master(f"clinic-{secrets.token_hex(4)}", secrets.token_bytes)
    write_master(unborn, master)
    found(database, master)
    unborn.replace(places.key)
    return master


def _unborn(places: Premises) -> Path:
    """The master key of a clinic that is being made. So a key under its own name always has a clinic."""
    return places.key.with_name(f"{places.key.name}.new")


def _nothing(places: Premises) -> str:
    where = record_file(places.url) or "the database of MYOTOME_DATABASE_URL"
    if not places.key.exists():
        return f"There is no clinic at {where}. Name its folder with --data, or begin one: myotome serve."
    return (
        f"There is no clinic at {where}, but its master key is at {places.key}. Is its disk there, and --data right? "
        "A lost record comes back from a backup: myotome restore. To begin a new clinic, move that key away first."
    )
