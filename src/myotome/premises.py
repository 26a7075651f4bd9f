"""Opening a clinic in its places on this machine, or beginning one."""

from __future__ import annotations

import datetime
import secrets
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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
from myotome.clinic.places import Premises, premises, record_file, unborn
from myotome.clinic.practice import Practice
from myotome.clinic.visits import Visits
from myotome.errors import RecordError
from myotome.records.database import Database
from myotome.records.instance import Instance
from myotome.records.ledger import Ledger, clinics, found
from myotome.records.master import MasterKey, new_master, read_master, write_master

__all__ = ["Premises", "assembled", "clear_demonstration", "opened", "premises"]


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
        for part in (file, *file.parent.glob(f"{file.name}-*"), *places.heads.glob("*"), places.key, unborn(places)):
            part.unlink(missing_ok=True)
    finally:
        held.release()


def _master(places: Premises, database: Database, beginning: bool) -> MasterKey:
    """The master key that opens this database; a new one, and a clinic, where there is neither."""
    here, coming = clinics(database), unborn(places)
    if here and not places.key.exists() and coming.exists() and read_master(coming).clinic in here:
        coming.replace(places.key)  # stopped between making the clinic and giving its key the name
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
    write_master(coming, master)
    found(database, master)
    coming.replace(places.key)
    return master


def _nothing(places: Premises) -> str:
    where = record_file(places.url) or "the database of MYOTOME_DATABASE_URL"
    if not places.key.exists():
        return f"There is no clinic at {where}. Name its folder with --data, or begin one: myotome serve."
    return (
        f"There is no clinic at {where}, but its master key is at {places.key}. Is its disk there, and --data right? "
        "A lost record comes back from a backup: myotome restore. To begin a new clinic, move that key away first."
    )
