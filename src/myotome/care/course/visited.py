"""One visit as a course is told from it: what was scored, found, needled and noted; plain values, each may be missing.

None, and an empty tuple of scores or findings, means that nobody wrote it down; it is never read as nothing there.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from myotome.care.course.scores import scores
from myotome.care.examination.case import Finding

FINE = frozenset({"normal", "absent", "negative"})


@dataclass(frozen=True, slots=True)
class Taken:
    """A score as it was taken; ``total`` is None where there is none, and ``why`` then says why."""

    score: str
    total: float | None
    parts: tuple[tuple[str, float], ...] = ()
    when: str = "before"
    why: str = ""


@dataclass(frozen=True, slots=True)
class Needled:
    """One insertion; twitch and familiar pain are None where nobody recorded a response."""

    needle: str
    point: str
    side: str = ""
    kind: str = ""
    twitch: int | None = None
    familiar: bool | None = None


@dataclass(frozen=True, slots=True)
class Harm:
    """An adverse event in fixed terms."""

    term: str
    severity: str
    onset: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Visited:
    """A visit. ``needles`` is None where it was not recorded what was needled (an older visit with a case file only).
    ``alongside`` is empty where nothing else was done.

    ``unread`` says why the examination could not be read; one that is not ``finished`` is not signed yet.
    """

    id: str
    day: datetime.date
    area: str = ""
    side: str = ""
    complaint: str = ""
    scores: tuple[Taken, ...] = ()
    findings: tuple[Finding, ...] = ()
    needles: tuple[Needled, ...] | None = None
    alongside: tuple[str, ...] | None = None
    harms: tuple[Harm, ...] = ()
    explained: str = ""
    unread: str = ""
    finished: bool = True

    def score(self, code: str, when: str = "before") -> Taken | None:
        """A score that came to something; None where it was not asked or cannot be used."""
        return next(
            (one for one in self.scores if (one.score, one.when) == (code, when) and one.total is not None), None
        )

    def of_day(self, code: str) -> Taken | None:
        """The score by which days are compared: before the needles; of a span of time, whenever it was asked."""
        found = self.score(code)
        return self.score(code, "after") if found is None and scores()[code].spans else found

    @property
    def is_scored(self) -> bool:
        """Whether anything was scored that a day is compared by."""
        return any(self.of_day(code) is not None for code in scores())

    @property
    def is_session(self) -> bool:
        """Whether it counts as a session: something was needled, or nobody wrote down whether."""
        return self.needles is None or bool(self.needles)

    @property
    def before(self) -> tuple[Finding, ...]:
        """What was found before the needles."""
        return tuple(one for one in self.findings if one.when != "after")


def sides_of(finding: Finding) -> tuple[str, ...]:
    """The sides it speaks of; an empty one where it lies in the middle and no side was named."""
    return ("",) if finding.midline and finding.side == "both" else finding.sides


def is_found(finding: Finding) -> bool:
    """Whether a finding is out of the ordinary."""
    return finding.result not in FINE or (finding.sign == "reflex" and finding.result == "absent")
