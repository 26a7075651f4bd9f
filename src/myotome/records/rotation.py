"""A new master key in the place of the old one, safe to interrupt at any moment.

What is kept where:

- ``NAME`` (the key file) holds the current key, and during a rotation the old one too.
- ``NAME.retired-KEY`` holds an old key. No record needs it any more, only backups made before the rotation. Keep it
  apart from those backups, for as long as one of them may be restored.
- ``forget_retired`` destroys such a file. From then on every backup that was locked with it is unreadable for good, and
  with it the people in it who have been erased since. Copies on paper or elsewhere must be destroyed by hand.

After a rotation the paper copy is the old key's: print a new one.
"""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from myotome.errors import RecordError
from myotome.records.files import sync_folder
from myotome.records.ledger import Ledger
from myotome.records.master import MasterKey, read_master, write_master
from myotome.records.seal import Randomness
from myotome.records.tables import KEY


def rotate(ledger: Ledger, key_file: Path, now: datetime, randomness: Randomness = secrets.token_bytes) -> MasterKey:
    """Lock everything with a new master key and retire the old one; one that was interrupted is brought to its end.

    Both keys are in the file before the record is locked anew, and until it is, so that it opens at any moment.

    Raises:
        RecordError: the key file is missing or another clinic's, or cannot be written; the record still opens.
    """
    master = read_master(key_file)
    if master.clinic != ledger.clinic:
        raise RecordError(
            f"The key file {key_file} is of clinic {master.clinic[:40]}, the record of {ledger.clinic}. Nothing was "
            "changed. Give the key file that belongs to it."
        )
    Ledger(ledger.database, master, ledger.projector)  # another clinic's key of the same name is refused here
    if len(master.keys) == 1:
        master = master.with_new(randomness)
        write_master(key_file, master)
    ledger.master = master  # from here on, new keys are wrapped with the new one
    ledger.rotate(master, now)
    ledger.database.forget()
    _retire(ledger, key_file, master)
    ledger.master = master.only_current()
    return ledger.master


def _retire(ledger: Ledger, key_file: Path, master: MasterKey) -> None:
    """Move the old keys out of the file, each into one of its own that is written first."""
    for name in sorted(set(master.keys) - {master.current}):
        if _locked_with(ledger, name):
            raise RecordError(
                "Another Myotome on this record still locks with the old master key. Both keys stay in the file. "
                "Restart the other one, then rotate again."
            )
        write_master(_retired_file(key_file, name), MasterKey(master.clinic, name, {name: master.keys[name]}))
    write_master(key_file, master.only_current())


def retired(key_file: Path) -> list[str]:
    """Names of the retired keys that are still kept beside the key file."""
    start = f"{key_file.name}.retired-"
    names = (file.name for file in key_file.parent.iterdir())
    return sorted(name.removeprefix(start) for name in names if name.startswith(start))


def with_retired(key_file: Path) -> MasterKey:
    """The master key with the retired ones, to restore a backup from before a rotation.

    Raises:
        RecordError: one of the files is damaged or readable by others.
    """
    master = read_master(key_file)
    kept = {name: read_master(_retired_file(key_file, name)).of(name) for name in retired(key_file)}
    return MasterKey(master.clinic, master.current, {**kept, **master.keys})


def forget_retired(ledger: Ledger, key_file: Path, name: str) -> None:
    """Destroy a retired key: backups that were locked with it become unreadable for good.

    The file is overwritten before it is removed; a disk may keep what was overwritten, which only destroying or
    encrypting the disk prevents.

    Raises:
        RecordError: there is none by that name, or something in the record is still locked with it.
    """
    if name not in retired(key_file):
        raise RecordError(f"There is no retired key '{name[:40]}' beside {key_file}. Nothing was destroyed.")
    if _locked_with(ledger, name):
        raise RecordError(
            f"The record is still locked with the key '{name}'. Nothing was destroyed. Rotate again first."
        )
    file = _retired_file(key_file, name)
    try:
        with file.open("r+b") as opened:
            opened.write(bytes(file.stat().st_size))
            opened.flush()
            os.fsync(opened.fileno())
        file.unlink()
        sync_folder(file.parent)
    except OSError as error:
        raise RecordError(f"{file} could not be destroyed ({error.strerror}). Destroy it by hand.") from None


def _retired_file(key_file: Path, name: str) -> Path:
    return key_file.with_name(f"{key_file.name}.retired-{name}")


def _locked_with(ledger: Ledger, name: str) -> int:
    with ledger.reading() as record:
        locked = select(func.count()).where(KEY.c.clinic == ledger.clinic, KEY.c.master == name)
        return record.connection.execute(locked).scalar_one()
