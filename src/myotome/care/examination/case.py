"""One person's examination as plain values, after every name has been understood."""

from __future__ import annotations

from dataclasses import dataclass, field

from myotome.care.examination.visit import Background, Clearance, Settings, Visit
from myotome.care.examination.vocabulary import Site

SIDES = ("left", "right", "both")
ANSWERS = ("yes", "no", "not asked")


def grade_words(grade: float) -> str:
    """A grade as it is written: 4+ for a quarter above 4, 4- for a quarter below."""
    shift = {0.25: "+", 0.75: "-"}.get(grade % 1, "")
    return f"{round(grade)}{shift}" if shift else f"{grade:g}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at on one side, and what was seen.

    ``side`` is left, right or both (a midline sign without a side is ``both``); ``grade`` is MRC
    0-5 for strength and 0-4 for reflexes; ``value`` is degrees for a range, 0-10 for pain.
    """

    sign: str
    site: Site
    side: str
    result: str
    grade: float | None = None
    value: float | None = None
    quality: str = ""
    midline: bool = False
    when: str = "before"
    at: str = ""

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides it speaks of: left, right or both of them."""
        return ("left", "right") if self.side == "both" else (self.side,)

    @property
    def text(self) -> str:
        """The finding as a person says it."""
        side = "" if self.midline and self.side == "both" else f", {self.side}"
        grade = "" if self.grade is None else f" (grade {grade_words(self.grade)})"
        level = "paraspinal " if self.site.kind == "paraspinal" else ""
        return f"{self.sign} {level}{self.site.name}{side}: {self.result}{grade}"


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the person came with; every part may be unknown."""

    text: str = ""
    side: str | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What matters of the person; every part may be unknown."""

    age: float | None = None
    sex: str | None = None


@dataclass(frozen=True, slots=True)
class Build:
    """Height and weight, where measured."""

    height_cm: float | None = None
    weight_kg: float | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A whole examination. ``screening`` maps item code to yes, no or not asked.

    ``reasons`` are the practitioner's own for going on under a limit, by fact.
    """

    person: Person = field(default_factory=Person)
    build: Build = field(default_factory=Build)
    complaint: Complaint = field(default_factory=Complaint)
    screening: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    background: Background = field(default_factory=Background)
    visit: Visit = field(default_factory=Visit)
    settings: Settings = field(default_factory=Settings)
    clearances: tuple[Clearance, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()

    @property
    def answers(self) -> dict[str, str]:
        """Screening answers by item code."""
        return dict(self.screening)
