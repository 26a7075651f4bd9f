"""One running Myotome for one SQLite file."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from myotome.errors import RecordError

try:
    import fcntl
except ImportError:  # pragma: no cover  # Windows has no such locks; SQLite's own still keep writers apart
    fcntl = None  # type: ignore[assignment]


class Instance:
    """A lock beside the file; the system gives it back when the process ends, however it ends."""

    def __init__(self, file: Path) -> None:
        """Take the lock.

        Raises:
            RecordError: another process has it, or the folder cannot be written to.
        """
        self.lock = file.with_name(file.name + ".lock")
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.handle = os.open(self.lock, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise RecordError(f"The record at {file} cannot be opened for writing ({error.strerror}).") from None
        if fcntl is not None:
            try:
                fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                owner = os.read(self.handle, 32).decode("ascii", "replace").strip() or "unknown"
                os.close(self.handle)
                raise RecordError(
                    f"The record at {file} is already open in another Myotome (process {owner}). "
                    "Use that one, or end it first."
                ) from None
        with suppress(OSError):  # on a full disk the lock holds all the same; it only cannot say whose it is
            os.ftruncate(self.handle, 0)
            os.pwrite(self.handle, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Give the lock back; the empty file stays."""
        if self.handle >= 0:  # closed twice, the number might be another file's
            os.close(self.handle)
        self.handle = -1
