"""Read the data files that lie beside the code, and refuse a row without its source."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from myotome.errors import FactError
from myotome.facts.kept import Table, kept
from myotome.facts.provenance import FIELDS, Provenance, provenance_of

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that can be cited: a paper, a page, a book."""

    key: str
    title: str
    authors: str
    year: int
    where: str
    url: str
    seen: str
    opened: str
    covers: tuple[str, ...]

    @property
    def citation(self) -> str:
        """One line: authors, title, where, year."""
        parts = [self.authors, self.title, self.where, str(self.year) if self.year else "undated"]
        return ". ".join(part.strip().rstrip(".") for part in parts if part.strip()) + "."


@kept
def sources() -> dict[str, Source]:
    """Every source by key.

    Raises:
        FactError: a key is used twice, or a field is missing.
    """
    found: dict[str, Source] = {}
    for file in _sorted(files("myotome.facts") / "sources", ".toml"):
        for key, row in tomllib.loads(file.read_text("utf-8")).items():
            if key in found:
                raise FactError(f"{file.name}: source '{key}' is listed twice. Keep one of the two.")
            try:
                found[key] = Source(
                    key=key,
                    title=row["title"],
                    authors=row["authors"],
                    year=int(row["year"]),
                    where=row["where"],
                    url=row["url"],
                    seen=row["seen"],
                    opened=row["opened"],
                    covers=tuple(row.get("covers", ())),
                )
            except KeyError as missing:
                raise FactError(f"{file.name}: source '{key}' has no {missing.args[0]}. Add it.") from None
    return found


def rows(package: str, pattern: str, table: str) -> Iterator[tuple[str, dict[str, Any], Provenance]]:
    """Rows named ``table`` of every TOML file whose name starts with ``pattern``.

    Yields where the row stands, the row and its checked source fields.
    """
    known = frozenset(sources())
    for file in _sorted(files(package) / "data", ".toml", pattern):
        for number, row in enumerate(tomllib.loads(file.read_text("utf-8")).get(table, []), start=1):
            where = f"{file.name}: {table} {number} '{row.get('name', row.get('code', row.get('flag', '')))}'"
            yield where, row, provenance_of(row, where, known)


def by_code(package: str, pattern: str, table: str, kind: Callable[..., Kind]) -> Mapping[str, Kind]:
    """Rows by their code, in the order of the file, each made into ``kind`` from its own fields and its provenance.

    Raises:
        FactError: a code stands twice.
    """
    found: dict[str, Kind] = {}
    for where, row, provenance in rows(package, pattern, table):
        if row["code"] in found:
            raise FactError(f"{where}: the code '{row['code']}' stands twice. Keep one of the rows.")
        found[row["code"]] = kind(**facts_of(row), provenance=provenance)
    return Table(found)


def facts_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row tells, without where that is from."""
    return {name: value for name, value in row.items() if name not in FIELDS}


def lines(package: str, pattern: str) -> Iterator[tuple[str, dict[str, str], Provenance]]:
    """Rows of every CSV file whose name starts with ``pattern``, as :func:`rows` gives them."""
    known = frozenset(sources())
    for file in _sorted(files(package) / "data", ".csv", pattern):
        for number, row in enumerate(csv.DictReader(io.StringIO(file.read_text("utf-8"))), start=2):
            where = f"{file.name}: line {number}"
            if None in row or None in row.values():
                raise FactError(f"{where}: the number of fields is not that of the header. Quote the commas.")
            yield where, row, provenance_of(row, where, known)


def _sorted(folder: Traversable, ending: str, start: str = "") -> list[Traversable]:
    found = [f for f in folder.iterdir() if f.name.endswith(ending) and f.name.startswith(start)]
    return sorted(found, key=lambda f: f.name)
