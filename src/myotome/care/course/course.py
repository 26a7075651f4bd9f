"""A course of treatment as it was written down: what hurts, and each session with its score, range and needles."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from myotome.care.examination.case import Complaint

NEEDLED = ("spine", "limb", "both", "none")


@dataclass(frozen=True, slots=True)
class Session:
    """One visit; score and range were taken before the needles.

    ``day`` counts whole days from the first session; ``pain`` is the numeric rating 0..10, whole, None where not asked;
    ``spine`` and ``limb`` are range of movement in % of full, None where not measured; ``needled`` is one of NEEDLED,
    None where it was not written down.
    """

    day: float
    date: datetime.date | None = None
    pain: int | None = None
    spine: float | None = None
    limb: float | None = None
    needled: str | None = None


@dataclass(frozen=True, slots=True)
class Alongside:
    """Something else that was done: what, and from which day to which, None where it was not said."""

    what: str
    from_day: float | None = None
    to_day: float | None = None


@dataclass(frozen=True, slots=True)
class TreatmentCourse:
    """A person's sessions in order, and what is meant to come: every so many days, and what is to be needled."""

    sessions: tuple[Session, ...]
    complaint: Complaint = field(default_factory=Complaint)
    alongside: tuple[Alongside, ...] = ()
    every: float | None = None
    next_needled: str | None = None

    @property
    def known(self) -> int:
        """At how many sessions the pain was asked."""
        return sum(session.pain is not None for session in self.sessions)
