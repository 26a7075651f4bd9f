"""Times and places as devices tell them."""

from __future__ import annotations

import datetime
from functools import cache
from zoneinfo import available_timezones

FIRST, LAST = 1900, 2200  # years that a clock may show; what lies beyond cannot be reckoned with


def has_offset(text: str) -> bool:
    """Whether it is a time with its offset, of a year that a clock may show."""
    try:
        told = datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return told.utcoffset() is not None and FIRST <= told.year <= LAST


@cache
def zones() -> frozenset[str]:
    """The names of time zones; reading them takes longer than recording an entry."""
    return frozenset(available_timezones())
