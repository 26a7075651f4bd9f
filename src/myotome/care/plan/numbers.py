"""The planner's numbers by name, and what is known of each kind of point."""

from __future__ import annotations

from collections.abc import Mapping

from myotome.facts.kept import Table, kept
from myotome.facts.tables import rows

HERE = "myotome.care.plan"


@kept
def numbers() -> Mapping[str, float]:
    """Every number by its name; ``data/numbers.toml`` says what each is and why."""
    return Table({row["name"]: float(row["value"]) for _, row, _ in rows(HERE, "numbers", "number")})


@kept
def evidence() -> Mapping[str, str]:
    """One line on each kind of point, as plans print it."""
    return Table({row["kind"]: row["words"] for _, row, _ in rows(HERE, "evidence", "evidence")})
