"""Small disks that really fill up, and a root that has to keep to permissions."""

from __future__ import annotations

import ctypes
import os
import subprocess
from contextlib import contextmanager
from pathlib import Path

VERSION = 0x20080522  # of the kernel's structure for capabilities
IGNORES_PERMISSIONS = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


@contextmanager
def small_disk(folder: Path, megabytes: int):
    """A disk of that size mounted at ``folder``; yields False where that is not allowed (it is a plain one)."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = os.geteuid() == 0 and not _mount("-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder))
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def read_only(folder: Path) -> bool:
    """Mount ``folder`` over itself for reading only, where that is allowed."""
    return os.geteuid() == 0 and not (
        _mount("--bind", str(folder), str(folder)) or _mount("-o", "remount,bind,ro", str(folder))
    )


def _mount(*words: str) -> int:
    return subprocess.run(["mount", *words], capture_output=True, check=False).returncode


def fill(folder: Path, leave: int) -> Path:
    """A file that leaves so many bytes on the disk; remove it to make room."""
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    ballast = folder / "ballast"
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free - leave)
    return ballast


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("process", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


@contextmanager
def bound_by_permissions():
    """Root ignores the permissions of files; inside this it does not."""
    system = ctypes.CDLL(None, use_errno=True)
    header, data = _Header(VERSION, 0), (_Data * 2)()
    assert system.capget(ctypes.byref(header), data) == 0
    before = data[0].effective
    data[0].effective = before & ~IGNORES_PERMISSIONS
    assert system.capset(ctypes.byref(header), data) == 0
    try:
        yield
    finally:
        data[0].effective = before
        assert system.capset(ctypes.byref(header), data) == 0
