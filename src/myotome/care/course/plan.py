"""From a written course to what is simulated: its sessions, those to come, and when to look."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from myotome.care.course.course import TreatmentCourse
from myotome.care.course.library import MOVEMENTS, Plan
from myotome.care.course.numbers import numbers
from myotome.care.simulation.cohort.patients import WEEK

USUAL = WEEK  # days between sessions where only one is known


@dataclass(frozen=True)
class Planned:
    """A plan, days between its sessions to come, and how many of its sessions were had (written down)."""

    plan: Plan
    gap: float
    had: int

    @property
    def judged(self) -> int:
        """Number of the look at which the whole course is judged: one gap after its last session."""
        return self.plan.looks.index(round(self.plan.days[-1] + self.gap, 6))

    @property
    def before(self) -> list[int]:
        """Numbers of the looks just before each session."""
        return [self.plan.looks.index(day) for day in self.plan.days]


def usual_gap(course: TreatmentCourse) -> float:
    """Days between the sessions to come: as was said, otherwise the median of those before."""
    days = [session.day for session in course.sessions]
    return course.every or (round(float(np.median(np.diff(days))), 6) if len(days) > 1 else USUAL)


def planned(course: TreatmentCourse) -> Planned | None:
    """The sessions of a course and, at their usual gap, those to come; None where it is too long to follow."""
    own, end = numbers(), numbers()["weeks"] * WEEK
    days, gap = [round(session.day, 6) for session in course.sessions], usual_gap(course)
    if days[-1] + gap > end:
        return None
    had, needled = len(days), [session.needled or "both" for session in course.sessions]
    most = max(own["sessions planned"], had + own["sessions more"])
    while len(days) < most and days[-1] + 2.0 * gap <= end:
        days.append(round(days[-1] + gap, 6))
        needled.append(course.next_needled or needled[had - 1])
    last = min(days[-1] + own["weeks after"] * WEEK, end)
    weekly = np.arange(0.0, last + 1e-9, WEEK).tolist()
    looks = sorted({*weekly, *days, round(days[-1] + gap, 6)})
    return Planned(Plan(tuple(days), tuple(needled), tuple(looks)), gap, had)


def answers(course: TreatmentCourse, made: Planned) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Scores (looks so far,) and ranges (looks so far, movements) as they are weighed; NaN where not known."""
    at = made.before[: made.had]
    scores = np.full(at[-1] + 1, np.nan, np.float32)
    ranges = np.full((at[-1] + 1, len(MOVEMENTS)), np.nan, np.float32)
    for look, session in zip(at, course.sessions, strict=True):
        scores[look] = np.nan if session.pain is None else session.pain
        for column, name in enumerate(MOVEMENTS):
            value = getattr(session, name)
            ranges[look, column] = np.nan if value is None else value
    return scores, ranges
