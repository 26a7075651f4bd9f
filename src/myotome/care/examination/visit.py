"""What is known of the person and of this visit before needling, as plain values."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

POSITIONS = ("prone", "supine", "side-lying", "seated")


@dataclass(frozen=True, slots=True)
class Stated:
    """A medicine, condition or implant as it was written, with its side where one was given."""

    text: str
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Background:
    """Three lists; None is *not asked*, an empty tuple is *none*."""

    medicines: tuple[Stated, ...] | None = None
    conditions: tuple[Stated, ...] | None = None
    implants: tuple[Stated, ...] | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """This visit; what is not given is None, empty or *not asked*."""

    number: int | None = None
    minutes: float | None = None
    max_needles: int | None = None
    positions: tuple[str, ...] = ()
    needle_fear: str = "not asked"
    last_reaction: str = "not asked"
    tender_points: int | None = None
    date: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What this clinic offers: homeostatic points, and points for specially trained hands; None where not said."""

    homeostatic_points: bool | None = None
    specialist_points: bool | None = None


@dataclass(frozen=True, slots=True)
class Clearance:
    """Somebody's word that one flag was looked into: who, when, what was found, until when it holds."""

    flag: str
    by: str
    role: str
    date: datetime.date
    found: str
    valid_until: datetime.date

    def holds_on(self, day: datetime.date) -> bool:
        """Whether ``day`` lies between the day it was given and its last day."""
        return self.date <= day <= self.valid_until
