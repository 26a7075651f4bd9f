"""Marks on a plate: a sign on a named part, or at a place of the body that outlives any redrawing."""

from __future__ import annotations

from dataclasses import dataclass

from myotome.atlas.plate import Plate


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign on a part."""

    kind: str
    name: str
    side: str
    symbol: str
    label: str


def drawn_mark(mark: Mark, chosen: Plate, side: str) -> str:
    """To be drawn."""
    return ""
