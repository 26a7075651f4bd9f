"""The files of a cohort: a folder of chunks that a stopped run goes on with, and one file for all where it is wanted.

Everything is written beside its place and then put there, so that a file is there whole or not at all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from numpy import isnan

from myotome.care.simulation.cohort.chunk import Chunk, Cohort
from myotome.care.simulation.cohort.columns import FLAG, VISITS, WHOLE, Column, people_columns
from myotome.cli.cohort_manifest import Manifest, differs
from myotome.errors import MechanismError

PEOPLE, VISIT = "people", "visits"
TABLES: Mapping[str, tuple[Column, ...]] = {PEOPLE: people_columns(), VISIT: VISITS}
MANIFEST, PART, DRAWN = "manifest.json", ".part", "drawn"


@dataclass(frozen=True)
class Folder:
    """Chunks as ``people/00000.parquet``, ``visits/00000.parquet`` and so on, and what they were drawn with."""

    path: Path
    cohort: Cohort
    manifest: Manifest

    def open(self) -> None:
        """Begin, or go on with what an earlier run of the same settings kept.

        Raises:
            MechanismError: the folder holds other settings, another edition, or something else.
            OSError: it cannot be written.
        """
        file = self.path / MANIFEST
        if file.exists():
            refuse_other(self.path, file.read_bytes(), self.manifest)
        elif self.path.is_dir() and any(not entry.name.startswith(".") for entry in self.path.iterdir()):
            raise MechanismError(f"'{self.path}' is not empty and holds no cohort. Choose another folder with -o.")
        else:
            self.path.mkdir(parents=True, exist_ok=True)
            put(file, (json.dumps(self.manifest, indent=2, ensure_ascii=False) + "\n").encode())
        for name in TABLES:
            (self.path / name).mkdir(exist_ok=True)

    def file(self, name: str, number: int) -> Path:
        """The file of a table and chunk."""
        return self.path / name / f"{number:05d}.parquet"

    def missing(self) -> list[int]:
        """Numbers of the chunks that are still to be drawn; a file that cannot be read counts as missing."""
        visits = len(self.cohort.visit_days)
        return [
            number
            for number in range(self.cohort.chunks)
            if _rows(self.file(PEOPLE, number)) != self.cohort.people_of(number)
            or _rows(self.file(VISIT, number)) != self.cohort.people_of(number) * visits
        ]

    def write(self, number: int, chunk: Chunk) -> None:
        """Keep a chunk."""
        about = {DRAWN: str(chunk.drawn)}
        for name, columns in ((VISIT, chunk.visits), (PEOPLE, chunk.people)):
            schema = self.schema(name, about)
            arrays = [_array(columns[field.name], field.type) for field in schema]
            with Beside(self.file(name, number)) as temporary:
                pq.write_table(pa.Table.from_arrays(arrays, schema=schema), temporary, compression="zstd")

    def schema(self, name: str, about: Mapping[str, str]) -> Any:
        """Columns with units and meaning; ``about`` is told of the file beside the manifest."""
        told = {key: value if isinstance(value, str) else json.dumps(value) for key, value in self.manifest.items()}
        return pa.schema([_field(column) for column in TABLES[name]], metadata={**told, **about})

    @cached_property
    def drawn(self) -> int:
        """How many people were drawn to find those who came."""
        chunks = range(self.cohort.chunks)
        return sum(int(pq.read_schema(self.file(PEOPLE, k)).metadata[DRAWN.encode()]) for k in chunks)

    def clean(self) -> None:
        """Take away what a killed run left half written."""
        for name in TABLES:
            for left in (self.path / name).glob(f".*{PART}"):
                left.unlink(missing_ok=True)

    def join(self, file: Path) -> None:
        """Write all chunks as one file of people and, beside it, one of visits."""
        for name in (VISIT, PEOPLE):
            schema = self.schema(name, {DRAWN: str(self.drawn)})
            with (
                Beside(joined(file)[name]) as temporary,
                pq.ParquetWriter(temporary, schema, compression="zstd") as writer,
            ):
                for number in range(self.cohort.chunks):
                    writer.write_table(pq.read_table(self.file(name, number)).cast(schema))


def joined(file: Path) -> Mapping[str, Path]:
    """The two files of a cohort that was joined: ``x.parquet`` and ``x-visits.parquet``."""
    return {PEOPLE: file, VISIT: file.with_name(f"{file.stem}-{VISIT}{file.suffix}")}


def read_people(files: Iterable[Path], columns: list[str]) -> tuple[dict[str, Any], int]:
    """Some columns of people as arrays, and how many people were drawn to find them."""
    found = list(files)
    table = pa.concat_tables([pq.read_table(file, columns=columns).replace_schema_metadata() for file in found])
    drawn = sum(int(pq.read_schema(file).metadata[DRAWN.encode()]) for file in found)
    return {name: table[name].to_numpy() for name in columns}, drawn


def manifest_in(file: Path) -> bytes:
    """The manifest in a joined file, or nothing where it holds none."""
    try:
        held = pq.read_schema(file).metadata or {}
        return json.dumps({k.decode(): _plain(v.decode()) for k, v in held.items() if k.decode() != DRAWN}).encode()
    except (OSError, pa.ArrowException, UnicodeDecodeError):
        return b""


def refuse_other(path: Path, found: bytes, wanted: Manifest) -> None:
    """Go on only with the same settings and edition.

    Raises:
        MechanismError: they differ, or cannot be read.
    """
    try:
        problem = differs(json.loads(found), wanted)
    except ValueError:
        problem = "holds something else than a cohort. Check the name"
    if problem:
        raise MechanismError(f"'{path}' {problem}, or choose another place with -o.")


class Beside:
    """A name to write to beside a file; put in its place when all went well, taken away otherwise."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.temporary = file.with_name(f".{file.name}.{os.getpid()}{PART}")

    def __enter__(self) -> Path:
        return self.temporary

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self.temporary.replace(self.file)
        finally:
            self.temporary.unlink(missing_ok=True)


def put(file: Path, data: bytes) -> None:
    """Write a small file whole or not at all."""
    with Beside(file) as temporary:
        temporary.write_bytes(data)


def _field(column: Column) -> Any:
    kind = {WHOLE: pa.int32(), FLAG: pa.bool_()}.get(column.kind, pa.float64())
    return pa.field(column.name, kind, metadata={"unit": column.unit, "words": column.words})


def _array(values: Any, kind: Any) -> Any:
    return pa.array(values, mask=isnan(values)).cast(kind)


def _rows(file: Path) -> int:
    try:
        return int(pq.read_metadata(file).num_rows)
    except (OSError, pa.ArrowException):
        return -1


def _plain(text: str) -> Any:
    return json.loads(text) if text.startswith("{") else text
