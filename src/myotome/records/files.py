"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from myotome.errors import RecordError


def write_whole(file: Path, data: bytes, mode: int = 0o600) -> None:
    """Write, force to disk, then give the name.

    Raises:
        RecordError: the folder cannot be written to, or the disk is full.
    """
    name = ""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".", delete=False) as temporary:
            name = temporary.name
            temporary.write(data)
            temporary.flush()
            os.fsync(temporary.fileno())
        Path(name).chmod(mode)
        Path(name).replace(file)
        sync_folder(file.parent)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        raise RecordError(f"{file} could not be written ({error.strerror}). Nothing was changed.") from None


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to disk, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
