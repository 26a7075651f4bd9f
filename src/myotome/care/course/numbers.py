"""The numbers of the forecast, each a data row with its source."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from myotome.care.simulation.cohort.patients import spreads
from myotome.facts.kept import Table, kept
from myotome.facts.tables import rows
from myotome.mechanism.forecast import Noise

HERE = "myotome.care.course"


@kept
def numbers() -> Mapping[str, float]:
    """All by name."""
    return Table({row["name"]: float(row["value"]) for _, row, _ in rows(HERE, "forecast", "number")})


@kept
def unlike() -> tuple[tuple[float, float, float], ...]:
    """Sessions known, and the lowest means that a simulated person then reaches: of scores and of ranges."""
    found = (row for _, row, _ in rows(HERE, "forecast", "unlike"))
    return tuple((float(row["sessions"]), float(row["scores"]), float(row["ranges"])) for row in found)


def lowest(sessions: int) -> tuple[float, float]:
    """The lowest means of scores and of ranges for any number of sessions, in a straight line between the rows."""
    at, scores, ranges = zip(*unlike(), strict=True)
    return float(np.interp(sessions, at, scores)), float(np.interp(sessions, at, ranges))


def noise() -> Noise:
    """How answers of simulated people stray, and how far that is believed."""
    people, own = spreads(), numbers()
    return Noise(
        people["report slow"],
        people["report quick"],
        people["report slow weeks"],
        people["range error"],
        own["slip"],
        own["temper"],
    )
