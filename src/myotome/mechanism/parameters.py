"""The parameters: each a row of data/parameters.toml with value, unit and source; one for all, or one a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from myotome.errors import MechanismError
from myotome.facts.kept import Table, kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import rows
from myotome.mechanism.network import Floats

HERE = "myotome.mechanism"


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter as it stands in the table."""

    name: str
    symbol: str
    value: float
    unit: str
    words: str
    least: float
    most: float
    provenance: Provenance


@kept
def table() -> Mapping[str, Row]:
    """Every parameter of the equations by name, in the order in which the kernel reads them."""
    return _read("parameter")


@kept
def reading_table() -> Mapping[str, Row]:
    """Every number of the readings (pain, range ...) by name."""
    return _read("reading")


def _read(kind: str) -> Mapping[str, Row]:
    return Table(
        {
            row["name"]: Row(
                row["name"],
                row["symbol"],
                float(row["value"]),
                row["unit"],
                row["words"],
                float(row["least"]),
                float(row["most"]),
                provenance,
            )
            for _, row, provenance in rows(HERE, "parameters", kind)
        }
    )


class Parameters:
    """The parameters as attributes, each an array of shape (1,) or (people,).

    ``Parameters(root_half=0.5)`` changes one; the rest are the table's.

    Raises:
        MechanismError: there is no such parameter, or a value is outside what the table allows.
    """

    def __init__(self, /, **changed: Any) -> None:
        known = table()
        for name, value in changed.items():
            possible(name, value)
        self._values = {
            name: np.atleast_1d(np.asarray(changed.get(name, row.value), np.float64)) for name, row in known.items()
        }
        self.people = max(len(value) for value in self._values.values())
        for name, value in self._values.items():
            if value.ndim != 1 or len(value) not in (1, self.people):
                raise MechanismError(
                    f"'{name}' has {len(value)} values for {self.people} people. Give one, or one each."
                )

        if (self.pain_of_ischaemia + self.pain_of_receptors > 1.0 + 1e-9).any():
            raise MechanismError("pain_of_ischaemia and pain_of_receptors sum to more than 1. They are shares.")
        if (np.abs(self.trauma_time - self.soreness_time) < 1e-6 * self.soreness_time).any():
            raise MechanismError("trauma_time equals soreness_time. The formula for soreness needs them apart.")

    def __getattr__(self, name: str) -> Floats:
        try:
            found: Floats = self.__dict__["_values"][name]
        except KeyError:
            raise AttributeError(name) from None
        return found

    def changed(self, /, **changed: Any) -> Parameters:
        """The same with some changed."""
        return Parameters(**{**self._values, **changed})

    def taken(self, people: Any) -> Parameters:
        """Those of some people, by number or slice."""
        return Parameters(**{n: v if len(v) == 1 else v[people] for n, v in self._values.items()})

    def array(self) -> Floats:
        """(parameters, people) as the kernel reads them."""
        return np.stack([np.broadcast_to(value, self.people) for value in self._values.values()])


def possible(name: str, value: Any) -> None:
    """Whether one parameter may have a value, or values, whatever the others are.

    Raises:
        MechanismError: there is no such parameter, or a value is outside what the table allows.
    """
    row = table().get(name)
    if row is None:
        raise MechanismError(f"There is no parameter '{name[:60]}'. Choose one of {', '.join(table())}.")
    given = np.atleast_1d(np.asarray(value, np.float64))
    bad = given[~((given >= row.least) & (given <= row.most))]
    if bad.size:
        unit = "" if row.unit == "1" else f" {row.unit}"
        raise MechanismError(f"{name} = {bad[0]:g}{unit} is outside {row.least:g} to {row.most:g}. {row.words}")
