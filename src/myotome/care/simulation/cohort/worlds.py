"""Named worlds: the model's own, and those in which it is wrong in one way."""

from __future__ import annotations

from collections.abc import Mapping

from myotome.care.simulation.cohort.patients import World
from myotome.errors import MechanismError
from myotome.facts.kept import Table, kept
from myotome.facts.tables import rows

TRAITS = ("rates", "noise", "root_loop", "needle", "changes")


@kept
def worlds() -> Mapping[str, World]:
    """Every world by name, the model's own first."""
    found = (row for _, row, _ in rows("myotome.care.simulation.cohort", "worlds", "world"))
    return Table({row["name"]: World(row["name"], **{t: row[t] for t in TRAITS if t in row}) for row in found})


def world(name: str) -> World:
    """The world of a name.

    Raises:
        MechanismError: there is none.
    """
    if name not in worlds():
        raise MechanismError(f"There is no world '{name[:40]}'. Choose one of {', '.join(worlds())}.")
    return worlds()[name]
