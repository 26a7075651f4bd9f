"""A followed course as the one that a forecast takes: scores before the needles, and what was needled."""

from __future__ import annotations

from collections.abc import Sequence

from myotome.care.course.changes import PAINS
from myotome.care.course.course import Alongside, Session, TreatmentCourse
from myotome.care.course.followed import Followed
from myotome.care.course.visited import Visited
from myotome.care.examination.case import Complaint

BESIDE_SPINE = "paraspinal"


def treatment(course: Followed) -> TreatmentCourse:
    """The sessions of a course; of several visits on one day the first. Range is left out: degrees are not % of full.

    Average pain and pain now are never mixed: the one that was asked oftener is taken.
    """
    code = max(PAINS, key=lambda one: sum(visit.score(one) is not None for visit in course.visits))
    sessions: dict[int, Session] = {}
    usual, last = _usual(course.visits), course.visits[-1]
    for day, visit in zip(course.days, course.visits, strict=True):
        taken = visit.score(code)
        pain = None if taken is None or taken.total is None else round(taken.total)
        needled = usual or "none" if is_open(course) and visit is last else _needled(visit)
        sessions.setdefault(day, Session(float(day), visit.day, pain, needled=needled))
    beside = dict.fromkeys(what for visit in course.visits for what in visit.alongside or ())
    side = last.side if last.side in ("left", "right", "both") else None
    return TreatmentCourse(
        tuple(sessions.values()),
        Complaint(course.title, side, last.area or None),
        tuple(Alongside(what) for what in beside),
        next_needled=usual,
    )


def is_open(course: Followed) -> bool:
    """Whether no needle is noted at the last visit: it may still be to come, and is reckoned like those before."""
    return course.visits[-1].needles == ()


def _usual(visits: Sequence[Visited]) -> str | None:
    """What was needled when something last was: today's needles may still be to come."""
    return next((what for visit in reversed(visits) if (what := _needled(visit)) not in (None, "none")), None)


def _needled(visit: Visited) -> str | None:
    """Spine, limb, both or none; None where it was not recorded."""
    if visit.needles is None:
        return None
    spine = any(one.kind == BESIDE_SPINE for one in visit.needles)
    limb = any(one.kind != BESIDE_SPINE for one in visit.needles)
    return "both" if spine and limb else "spine" if spine else "limb" if limb else "none"
