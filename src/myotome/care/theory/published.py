"""Published numbers, and how far the drawn people are from them."""

from __future__ import annotations

from dataclasses import dataclass

from myotome.facts.kept import kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import rows


@dataclass(frozen=True, slots=True)
class Target:
    """A published number, or several: how far off the model may be, and what of the model is compared."""

    name: str
    published: tuple[float, ...]
    within: float
    measured: str
    met: bool
    remark: str
    provenance: Provenance

    def near(self, found: list[float]) -> bool:
        """Whether every number is near enough; ``met`` is what the table says of it."""
        return all(abs(a - b) <= self.within for a, b in zip(found, self.published, strict=True))


@kept
def targets() -> tuple[Target, ...]:
    """Every published number."""
    return tuple(
        Target(
            row["name"],
            tuple(map(float, row["published"])),
            float(row["within"]),
            row["measured"],
            row["met"],
            row["remark"],
            provenance,
        )
        for _, row, provenance in rows("myotome.care.theory", "published", "target")
    )
