"""Small secret files: written whole or not at all, and refused when others can read them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from myotome.errors import ServingError

LARGEST = 65_536  # bytes of a key or certificate file
POSIX = os.name == "posix"


def write(file: Path, data: bytes, mode: int) -> None:
    """Write, sync and rename; what stood there stays until the new file is whole."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(handle, "wb") as out:
            if POSIX:
                os.fchmod(handle, mode)  # whatever the umask and a left-over file say
            out.write(data)
            out.flush()
            os.fsync(handle)
        fresh.replace(file)
        sync(file.parent)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise ServingError(cannot("written", file, error)) from None


def sync(folder: Path) -> None:
    """Make a rename in a folder last through a power cut."""
    if POSIX:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read(file: Path, secret: bool) -> bytes:
    """The bytes of a file; a secret one must be this user's alone."""
    try:
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise ServingError(cannot("read", file, error)) from None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise ServingError(f"{file} is not a file. Move it away, or give another folder.")
        if secret and POSIX and status.st_mode & 0o077:
            raise ServingError(
                f"{file} can be opened by others on this machine (mode {stat.S_IMODE(status.st_mode):04o}; it must be "
                f"0600). Run: chmod 600 {file}. If somebody else may have read it, start `myotome serve` once with "
                "--new-authority added; every tablet must then trust the new one."
            )
        return os.read(handle, LARGEST)
    except OSError as error:
        raise ServingError(cannot("read", file, error)) from None
    finally:
        os.close(handle)


def cannot(what: str, file: Path, error: OSError) -> str:
    """The sentence for a file that the system would not give."""
    return f"{file} cannot be {what} ({error.strerror or 'no reason given'}). Check the folder, its owner and its disk."
