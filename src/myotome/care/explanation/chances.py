"""A chance in words."""

from __future__ import annotations

LEAST = 0.005  # below it, and as near to one, whole hundredths would read as never and always


def percent(chance: float) -> str:
    """A chance from 0 to 1 in whole hundredths: never a false nought, never a false certainty."""
    if 0.0 < chance < LEAST:
        return "under 1%"
    return "over 99%" if 1.0 - LEAST < chance < 1.0 else f"{chance:.0%}"
