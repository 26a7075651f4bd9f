"""The files of a cohort: a folder of chunks that a stopped run goes on with, and one file for all where it is wanted.

Everything is written beside its place and then put there, so that a file is there whole or not at all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from numpy import isnan

from myotome.care.simulation.cohort.chunk import Chunk, Cohort
from myotome.care.simulation.cohort.columns import FLAG, VISITS, WHOLE, Column, people_columns
from myotome.cli.cohort_lock import writing
from myotome.cli.cohort_manifest import Manifest
from myotome.cli.cohort_read import DRAWN, manifest_in, refuse_other, sound, table
from myotome.errors import MechanismError

PEOPLE, VISIT = "people", "visits"
TABLES: Mapping[str, tuple[Column, ...]] = {PEOPLE: people_columns(), VISIT: VISITS}
MANIFEST, PART = "manifest.json", ".part"


@dataclass(frozen=True)
class Folder:
    """Chunks as ``people/00000.parquet``, ``visits/00000.parquet`` and so on, and what they were drawn with."""

    path: Path
    cohort: Cohort
    manifest: Manifest

    def refuse(self) -> None:
        """Go on only in a place where a run of the same settings can; nothing is written.

        Raises:
            MechanismError: the folder holds other settings, another edition, or something else.
        """
        file = self.path / MANIFEST
        if file.exists():
            # A run that drew nothing has left nothing that other settings could be mixed with.
            begun = any(chunk for name in TABLES for chunk in (self.path / name).glob("*.parquet"))
            refuse_other(self.path, file.read_bytes(), self.manifest if begun else None)
        elif self.path.is_dir() and any(not entry.name.startswith(".") for entry in self.path.iterdir()):
            raise MechanismError(f"'{self.path}' is not empty and holds no cohort. Choose another folder with -o.")

    @contextmanager
    def open(self, place: Path) -> Iterator[None]:
        """Begin, or go on with what an earlier run of the same settings kept; no other run can until this is left.

        ``place`` is what the user asked for.

        Raises:
            MechanismError: as ``refuse``, or another run is writing.
            OSError: it cannot be written.
        """
        with writing(self.path, place):
            self.refuse()
            wanted = (json.dumps(self.manifest, indent=2, ensure_ascii=False) + "\n").encode()
            file = self.path / MANIFEST
            if not file.exists() or file.read_bytes() != wanted:
                put(file, wanted)
            for name in TABLES:
                (self.path / name).mkdir(exist_ok=True)
            self.clean()
            yield

    def file(self, name: str, number: int) -> Path:
        """The file of a table and chunk."""
        return self.path / name / f"{number:05d}.parquet"

    def missing(self) -> list[int]:
        """Numbers of the chunks still to be drawn; a file that is damaged or of another cohort counts as missing."""
        return [number for number in range(self.cohort.chunks) if not self._kept(number)]

    def _kept(self, number: int) -> bool:
        first, people = number * self.cohort.chunk + 1, self.cohort.people_of(number)
        return all(
            sound(self.file(name, number), self.schema(name, {}), first, people, self._rows_each(name))
            for name in TABLES
        )

    def _rows_each(self, name: str) -> int:
        return len(self.cohort.visit_days) if name == VISIT else 1

    def write(self, number: int, chunk: Chunk) -> None:
        """Keep a chunk."""
        about = {DRAWN: str(chunk.drawn)}
        for name, columns in ((VISIT, chunk.visits), (PEOPLE, chunk.people)):
            schema = self.schema(name, about)
            arrays = [_array(columns[field.name], field.type) for field in schema]
            with Beside(self.file(name, number)) as temporary:
                pq.write_table(
                    pa.Table.from_arrays(arrays, schema=schema), temporary, compression="zstd", write_page_checksum=True
                )

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
        """Write all chunks as one file of people and, beside it, one of visits.

        Raises:
            MechanismError: a chunk cannot be read.
        """
        for name in (VISIT, PEOPLE):
            schema = self.schema(name, {DRAWN: str(self.drawn)})
            with (
                Beside(joined(file)[name]) as temporary,
                pq.ParquetWriter(temporary, schema, compression="zstd", write_page_checksum=True) as writer,
            ):
                for number in range(self.cohort.chunks):
                    writer.write_table(table(self.file(name, number)).cast(schema))

    def is_joined(self, file: Path) -> bool:
        """Whether both files of the whole cohort are there and sound.

        Raises:
            MechanismError: one of them is another cohort's, or something else.
        """
        found = joined(file)
        for one in found.values():
            if one.exists():
                refuse_other(one, manifest_in(one), self.manifest)
        return all(
            sound(one, self.schema(name, {}), 1, self.cohort.people, self._rows_each(name))
            for name, one in found.items()
        )

    def remove(self) -> None:
        """Take away what was written here, and nothing else that somebody may have put in."""
        for name in TABLES:
            for number in range(self.cohort.chunks):
                self.file(name, number).unlink(missing_ok=True)
            with suppress(OSError):
                (self.path / name).rmdir()
        (self.path / MANIFEST).unlink(missing_ok=True)


def joined(file: Path) -> Mapping[str, Path]:
    """The two files of a cohort that was joined: ``x.parquet`` and ``x-visits.parquet``."""
    return {PEOPLE: file, VISIT: file.with_name(f"{file.stem}-{VISIT}{file.suffix}")}


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
