"""Kernels in C that were built into the package; absent where it was installed without a compiler."""

from __future__ import annotations

import importlib.machinery
from pathlib import Path


def kernel_beside(module: str) -> Path | None:
    """The compiled kernel in the folder of a module's file, or None."""
    files = (Path(module).with_name("_kernel" + suffix) for suffix in importlib.machinery.EXTENSION_SUFFIXES)
    return next((file for file in files if file.exists()), None)
