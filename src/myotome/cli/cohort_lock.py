"""One run at a time in a place: two that write there would take each other's files away."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from myotome.errors import MechanismError

if sys.platform != "win32":
    import fcntl

LOCK = ".lock"


@contextmanager
def writing(folder: Path, place: Path) -> Iterator[None]:
    """Hold a folder, made where it is missing, for this process alone; taken away at the end if nothing is in it.

    The system frees it however the process ends. ``place`` is what the user knows the folder by.

    Raises:
        MechanismError: another run holds it.
        OSError: it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / LOCK
    held = _taken(file, place)
    try:
        yield
    finally:
        # Before it is freed: otherwise another run could take a file that is gone a moment later.
        with suppress(OSError):
            file.unlink()
        os.close(held)
        with suppress(OSError):
            folder.rmdir()


def _taken(file: Path, place: Path) -> int:
    while True:
        held = os.open(file, os.O_CREAT | os.O_RDWR, 0o666)
        try:
            _hold(held)
            if file.exists() and os.path.samestat(os.fstat(held), file.stat()):
                return held
        except BlockingIOError:
            os.close(held)
            raise MechanismError(
                f"Another run is writing '{place}'. Wait until it has ended, or choose another place with -o."
            ) from None
        os.close(held)


def _hold(held: int) -> None:
    if sys.platform != "win32":
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:
            return  # a file system that cannot hold files: go on as if alone
