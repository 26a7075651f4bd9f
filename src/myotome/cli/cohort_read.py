"""Reading the files of a cohort: whether one is whole and whose it is."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from myotome.cli.cohort_manifest import Manifest, differs
from myotome.errors import MechanismError

DRAWN = "drawn"
UNREADABLE = (OSError, ValueError, RecursionError, pa.ArrowException)


def sound(file: Path, schema: Any, first: int, people: int, each: int) -> bool:
    """Whether every page of a file can be read, and it holds these people in order, ``each`` rows a person.

    ``schema`` is what the file should have, with its metadata but for how many people were drawn; ``first`` is the
    number of the first person. A damaged page is told by its checksum.
    """
    seen = 0
    try:
        with pq.ParquetFile(file, page_checksum_verification=True) as held:
            if not _alike(held.schema_arrow, schema):
                return False
            for group in range(held.num_row_groups):
                persons = held.read_row_group(group)["person"].to_numpy()
                if not np.array_equal(persons, first + (seen + np.arange(len(persons))) // each):
                    return False
                seen += len(persons)
    except UNREADABLE:
        return False
    return seen == people * each


def _alike(found: Any, wanted: Any) -> bool:
    about = dict(found.metadata or {})
    counted: bool = about.pop(DRAWN.encode(), b"").isdigit()
    return counted and about == wanted.metadata and found.remove_metadata().equals(wanted.remove_metadata())


def table(file: Path, columns: list[str] | None = None) -> Any:
    """A file, or some of its columns.

    Raises:
        MechanismError: it cannot be read.
    """
    try:
        return pq.read_table(file, columns=columns, page_checksum_verification=True)
    except UNREADABLE:
        raise MechanismError(
            f"'{file}' cannot be read: it was changed or damaged. Move it away and run the same command again."
        ) from None


def read_people(files: Iterable[Path], columns: list[str]) -> tuple[dict[str, Any], int]:
    """Some columns of people as arrays, and how many people were drawn to find them.

    Raises:
        MechanismError: a file cannot be read.
    """
    tables = [table(file, columns) for file in files]
    drawn = sum(int(one.schema.metadata[DRAWN.encode()]) for one in tables)
    every = pa.concat_tables([one.replace_schema_metadata() for one in tables])
    return {name: every[name].to_numpy() for name in columns}, drawn


def manifest_in(file: Path) -> bytes:
    """The manifest in a joined file, or nothing where it holds none."""
    try:
        held = pq.read_schema(file).metadata or {}
        return json.dumps({k.decode(): _plain(v.decode()) for k, v in held.items() if k.decode() != DRAWN}).encode()
    except UNREADABLE:
        return b""


def refuse_other(path: Path, found: bytes, wanted: Manifest | None) -> None:
    """Go on only with the same settings and edition; or, where none are wanted, with those of any cohort.

    Raises:
        MechanismError: they differ, or cannot be read.
    """
    try:
        held = json.loads(found)
        problem = differs(held, held if wanted is None else wanted)
    except (ValueError, RecursionError):
        problem = differs(None, {})
    if problem:
        raise MechanismError(f"'{path}' {problem}, or choose another place with -o.")


def _plain(text: str) -> Any:
    return json.loads(text) if text.startswith("{") else text
