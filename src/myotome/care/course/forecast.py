"""The forecast of a course: a band of pain by week, sessions still needed, the chance of not responding; or why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from myotome.care.course.assumptions import assumptions
from myotome.care.course.course import TreatmentCourse
from myotome.care.course.library import Plan, again, library, waiting
from myotome.care.course.numbers import lowest, numbers
from myotome.care.course.plan import Planned, answers, planned, usual_gap
from myotome.care.simulation.cohort.patients import WEEK, spreads
from myotome.care.simulation.cohort.treatment import Waiting
from myotome.mechanism import CAUTION
from myotome.mechanism.forecast import Library, Weighed, chances, weigh
from myotome.mechanism.judging import quantiles

READY, WAITS, UNLIKE, FEW, OUTSIDE = "forecast", "waits", "unlike", "few", "outside"
LEVELS = (0.1, 0.5, 0.9)
EVIDENCE = "Judged on simulated people only (docs/forecast.md); nobody knows how well it forecasts patients."

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Made:
    """A library made for a plan, the seed it was made from, and the door to its waiting room."""

    plan: Plan
    library: Library
    seed: tuple[int, ...]
    room: Callable[[], Waiting]


@dataclass(frozen=True)
class Week:
    """Pain that a person like this would report in a week of the course: 10, 50 and 90 % are at or below, and mean."""

    week: int
    day: float
    low: int
    middle: int
    high: int
    mean: float


@dataclass(frozen=True)
class Forecast:
    """What is forecast, or in ``sentence`` why nothing is (``status`` other than 'forecast').

    ``days``: of all planned sessions, from the first; ``had`` of them were had. ``needed``: sessions in all at 10, 50
    and 90 %, one more than planned for "more".
    ``not_responding``: chance that the score on day ``judged``, a gap after the last planned session, is not at least
    30 % below the first. ``needled``: what is needled at the sessions to come.
    ``carriers``: how many simulated people of equal weight the forecast rests on; ``parents``: of how many these were
    made where they were simulated ``again``, otherwise 0.
    """

    status: str
    sentence: str
    known: int
    had: int = 0
    planned: int = 0
    days: tuple[float, ...] = ()
    weeks: tuple[Week, ...] = ()
    needed: tuple[int, int, int] = (0, 0, 0)
    not_responding: float = 0.0
    carriers: float = 0.0
    again: bool = False
    assumptions: tuple[str, ...] = field(default=())
    judged: float = 0.0
    needled: str = "both"
    parents: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """The one JSON shape of a forecast."""
        shape: dict[str, Any] = {"status": self.status, "sentence": self.sentence, "sessions_known": self.known}
        if self.status == READY:
            low, middle, high = (None if n > self.planned else n for n in self.needed)
            shape |= {
                "weeks": [
                    {"week": w.week, "day": w.day, "low": w.low, "median": w.middle, "high": w.high,
                     "mean": round(w.mean, 2)}
                    for w in self.weeks
                ],
                "sessions_had": self.had,
                "sessions_planned": self.planned,
                "session_days": list(self.days),
                "sessions_needed": {"low": low, "median": middle, "high": high},
                "chance_of_not_responding": round(self.not_responding, 3),
                "judged_on_day": self.judged,
                "rests_on": round(self.carriers),
                "simulated_again": self.again,
                "simulated_again_from": round(self.parents) if self.again else None,
                "assumptions": list(self.assumptions),
            }  # fmt: skip
        return {**shape, "evidence": EVIDENCE, "caution": CAUTION}


def room() -> Waiting:
    """The waiting room of the library: made once, some ten seconds with the C kernel."""
    return waiting(int(numbers()["members drawn"]), (int(numbers()["library seed"]),))


def kept(plan: Plan, people: Callable[[], Waiting]) -> Library:
    """The people of a waiting room under a plan, as they can be kept on disk; some seconds."""
    return library(people(), plan, _seed())


def made(plan: Plan, found: Library, people: Callable[[], Waiting]) -> Made:
    """A library made by :func:`kept`, ready to forecast."""
    return Made(plan, found, _seed(), people)


def _seed() -> tuple[int, ...]:
    return (int(numbers()["library seed"]), 1)


def forecast(course: TreatmentCourse, made_for: Callable[[Plan], Made]) -> Forecast:
    """The forecast of a course; ``made_for`` gives the library for a plan, made or kept."""
    refused = _too_early(course)
    if refused is not None:
        return refused
    coming = planned(course)
    if coming is None:
        return Forecast(OUTSIDE, _too_long(course), course.known)
    return read(course, coming, made_for(coming.plan))


def read(course: TreatmentCourse, coming: Planned, made: Made) -> Forecast:
    """Weigh the library by the course, and read the forecast off it."""
    scores, ranges = answers(course, coming)
    members, weighed = made.library, weigh(made.library, scores, ranges)
    if strange(weighed):
        text = (
            "This course is unlike any simulated person: nothing is forecast. Ask what else is going on, and whether "
            "the scores are right."
        )
        return Forecast(UNLIKE, text, course.known)
    parents, few = weighed.effective, weighed.effective < numbers()["carriers least"]
    if parents < numbers()["carriers alike"]:
        return Forecast(FEW, _too_few(parents, "carriers alike"), course.known)
    if few:
        members, weighed = again(made.room(), made.plan, members, weighed, scores, ranges, made.seed)
    if weighed.effective < numbers()["carriers too few"]:
        return Forecast(FEW, _too_few(weighed.effective, "carriers too few"), course.known, again=few)
    return _read_off(course, coming, members, weighed, parents if few else 0.0)


def _read_off(course: TreatmentCourse, coming: Planned, members: Library, weighed: Weighed, parents: float) -> Forecast:
    first = next(session.pain for session in course.sessions if session.pain is not None)
    sooner = _after(members, weighed.last)
    found = chances(members, weighed, [*sooner, coming.judged])
    reached = needed(members, coming, weighed.members)
    counts = np.bincount(reached, weighed.weights, len(coming.plan.days) + 2).astype(np.float64)
    low, middle, high = (int(n) for n in quantiles(counts, LEVELS))
    return Forecast(
        READY,
        "A band of what a simulated person like this would report, not a promise.",
        course.known,
        had=coming.had,
        planned=len(coming.plan.days),
        days=coming.plan.days,
        weeks=tuple(_week(members.days[look], one) for look, one in zip(sooner, found, strict=False)),
        needed=(low, middle, high),
        not_responding=float(found[-1, unresponsive(first)].sum()),
        carriers=weighed.effective,
        again=parents > 0.0,
        assumptions=assumptions(course, coming),
        judged=coming.plan.looks[coming.judged],
        needled=coming.plan.needled[-1],
        parents=parents,
    )


def _too_few(carriers: float, rule: str) -> str:
    count, least = int(carriers), numbers()[rule]
    return (
        f"Too few simulated people are like this course ({count}; a band takes {least:g}): nothing is forecast. "
        "Check the scores and ranges; the more are known, the fewer people fit them all."
    )


def strange(weighed: Weighed) -> bool:
    """Whether no simulated person would have such scores, or such ranges."""
    scores, ranges = weighed.fit[:, 0], weighed.fit[:, 1:]
    known = ~np.isnan(scores)
    least_scores, least_ranges = lowest(int(known.sum()))
    moved = ranges[~np.isnan(ranges)]
    return bool(scores[known].mean() < least_scores or (moved.size and moved.mean() < least_ranges))


def needed(members: Library, coming: Planned, chosen: NDArray[Any]) -> NDArray[np.intp]:
    """(chosen,): sessions after which felt pain stays low while sessions go on; one more than planned for never."""
    looks = [*coming.before[1:], coming.judged]
    hurting = np.stack([members.felt[look].take(chosen) for look in looks]) >= np.float32(numbers()["still hurting"])
    after_last = hurting[::-1].argmax(axis=0)
    return np.where(hurting.any(axis=0), len(looks) + 1 - after_last, 1)


def unresponsive(first: int) -> NDArray[np.bool_]:
    """(11,): scores at the end that count as no response to a first score."""
    return np.arange(11) > numbers()["eased"] * first


def _too_early(course: TreatmentCourse) -> Forecast | None:
    least, enrolled = int(numbers()["sessions known"]), spreads()["enrolled from"]
    if course.known < least:
        text = f"A forecast waits until the pain at {least} sessions is known; it is known at {course.known}."
        return Forecast(WAITS, text, course.known)
    first = course.sessions[0].pain
    if first is None or first < enrolled:
        said = "not known" if first is None else f"{first}"
        text = (
            f"Forecasts were judged on people who begin with {enrolled:g} or more; here the first score is {said}. "
            "Nothing is forecast."
        )
        return Forecast(OUTSIDE, text, course.known)
    return None


def _too_long(course: TreatmentCourse) -> str:
    weeks, last = numbers()["weeks"], course.sessions[-1].day
    if last > weeks * WEEK:
        return f"A forecast follows {weeks:g} weeks from the first session; this course is longer."
    return (
        f"A forecast follows {weeks:g} weeks from the first session; the next one, on day "
        f"{last + usual_gap(course):g}, would come after that. Give a shorter 'every' under 'next'."
    )


def _after(members: Library, last: float) -> list[int]:
    """Numbers of the looks at whole weeks after a day, as many as a band shows."""
    later = [n for n, day in enumerate(members.days) if day > last + 1e-6 and day % WEEK == 0.0]
    return later[: int(numbers()["weeks after"])]


def _week(day: float, found: Floats) -> Week:
    low, middle, high = (int(n) for n in quantiles(found, LEVELS))
    return Week(round(day / WEEK), float(day), low, middle, high, float(found @ np.arange(11)))
