"""The numbers of the model, each a data row with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from myotome.errors import FactError
from myotome.facts.kept import Table, kept
from myotome.facts.tables import lines, rows

HERE = "myotome.care.explanation"


@dataclass(frozen=True, slots=True)
class Number:
    """A value, how many examinations it is worth, and what it means."""

    value: float
    held_as: float
    what: str
    grade: str


@kept
def numbers() -> Mapping[str, Number]:
    """All numbers by name.

    Raises:
        FactError: a name given twice, or a value that is negative or not a number.
    """
    found: dict[str, Number] = {}
    for where, row, provenance in lines(HERE, "numbers"):
        try:
            made = Number(float(row["value"]), float(row["held_as"]), row["what"], provenance.grade)
        except ValueError:
            raise FactError(f"{where}: value '{row['value']}' or held_as is not a number. Correct it.") from None
        if row["name"] in found or not made.value >= 0.0:
            raise FactError(f"{where}: '{row['name']}' is given twice or below zero. Keep one sound row.")
        found[row["name"]] = made
    return Table(found)


def number(name: str) -> float:
    """The value of one number.

    Raises:
        FactError: there is no such row.
    """
    try:
        return numbers()[name].value
    except KeyError:
        raise FactError(f"The number '{name}' is missing from numbers.csv. Add its row.") from None


def optional(name: str, otherwise: str) -> float:
    """The number ``name`` where it has a row of its own, else the number ``otherwise``."""
    return number(name) if name in numbers() else number(otherwise)


@cache
def decision(name: str) -> Mapping[str, float]:
    """One row of the decision table: its numbers by name."""
    for _, row, _ in rows(HERE, "decision", "decision"):
        if row["name"] == name:
            return Table({k: float(v) for k, v in row.items() if isinstance(v, int | float)})
    raise FactError(f"The decision row '{name}' is missing from decision.toml. Add it.")


@kept
def cautions() -> tuple[str, ...]:
    """What every percentage of an explanation is to be read with."""
    return tuple(str(row["words"]) for _, row, _ in rows(HERE, "decision", "caution"))
