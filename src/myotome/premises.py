"""Where a clinic lives on this machine: its folder, database, master key and heads, and how it is opened."""

from __future__ import annotations

import datetime
import secrets
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
from myotome.clinic.visits import Visits
from myotome.records.database import Database
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
    reading: bool = False,
) -> Iterator[Clinic]:
    """The clinic, open; where there is none yet, its keys are made (an owner comes with the first start).

    ``reading``: beside a running Myotome, for looking only.

    Raises:
        RecordError: database or master key are missing, damaged, in use or not each other's.
    """
    database = Database(places.url, exclusive=not reading)
    try:
        ledger = Ledger(database, _master(places, database, reading), ClinicProjector())
        if not reading:
            ledger.bring_up_to_date(clock())
        yield assembled(Practice(ledger, clock, lambda: str(uuid.uuid4())), places, reasoners)
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
    file = Path(places.url.removeprefix("sqlite:///"))
    if not places.demonstration or not file.exists():
        return
    Database(places.url).close()
    for part in (file, *file.parent.glob(f"{file.name}-*"), *places.heads.glob("*"), places.key):
        part.unlink(missing_ok=True)


def _master(places: Premises, database: Database, reading: bool) -> MasterKey:
    if places.key.exists() or clinics(database) or reading:
        master = read_master(places.key)
        if master.clinic not in clinics(database) and not reading:
            found(database, master)  # stopped between making the key and the clinic
        return master
    master = new_master(f"clinic-{secrets.token_hex(4)}", secrets.token_bytes)
    write_master(places.key, master)
    found(database, master)
    return master
