"""What the software says of a case, ready to be frozen with a visit."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from myotome.care.examination import yaml12
from myotome.care.examination.case import Case
from myotome.care.examination.case_file import build
from myotome.care.explanation.explain import Explanation, explain_case
from myotome.care.explanation.glance import Glance, glance
from myotome.care.plan.plan import Plan
from myotome.care.plan.planner import Planner, planner
from myotome.care.points.tables import points
from myotome.care.screening.items import code_of
from myotome.clinic.entries.visits import ExplanationFrozen, PlanFrozen
from myotome.errors import CaseError, CaseProblem

PROFILE = "emg"


@dataclass(frozen=True, slots=True)
class Edits:
    """Points that the practitioner added to a plan and took out of it, by name and side; positions in their order."""

    added: tuple[tuple[str, str], ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
    positions: tuple[str, ...] = ()


NO_EDITS = Edits()


@dataclass(frozen=True, slots=True)
class Mind:
    """Explains and plans. ``reasoners`` gives the compiled reasoner of a profile; ``withdrawn`` the points, with the
    reason, that the clinic's lead rejected; ``notice`` the words that stand on every page while rows are unsigned.
    """

    reasoners: Any
    notice: Callable[[], str]
    withdrawn: Callable[[], Mapping[str, str]]

    def read(self, case: Mapping[str, Any] | bytes) -> tuple[dict[str, Any], Case]:
        """A case as plain values and as a case.

        Raises:
            CaseError: with every problem, its place and its remedy.
        """
        document = yaml12.read(case) if isinstance(case, bytes) else case
        read = build(document, code_of)
        return _plain(document), read

    def think(self, case: Case, day: datetime.date, edits: Edits = NO_EDITS) -> tuple[ExplanationFrozen, PlanFrozen]:
        """What is said of a case on a day; the plan with what the practitioner changed in it."""
        explained, planning = self.thought(case, day)
        plan, broken = edited(planning, edits)
        notice = self.notice()
        known = {"engine": explained.engine, "edition": explained.data_edition, "profile": explained.profile}
        frozen = ExplanationFrozen(
            **known,
            says=explained.verdict.statement,
            urgency=explained.referral.urgency,
            explanation=explained.as_dict(notice),
        )
        return frozen, PlanFrozen(**known, says=said_of(plan), plan=plan.as_dict(notice) | _broken(broken))

    def of(self, case: Case, day: datetime.date) -> tuple[Explanation, Plan]:
        """Explanation and plan themselves, for a page or a print."""
        explained, planning = self.thought(case, day)
        return explained, planning.plan()

    def thought(self, case: Case, day: datetime.date) -> tuple[Explanation, Planner]:
        """The explanation, and what every plan of this case is made from."""
        explained = explain_case(case, self.reasoners, PROFILE)
        return explained, planner(case, explained, case.visit.date or day, self.withdrawn())

    def glance(self, case: Case) -> Glance:
        """The quick part of the explanation."""
        return glance(case, self.reasoners, PROFILE)


def written(case: Mapping[str, Any]) -> bytes:
    """The case as text, so that one reader holds every bound: JSON is YAML too.

    Raises:
        CaseError: it holds a number that is none, or half a character.
    """
    try:
        return json.dumps(case, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise CaseError([CaseProblem("file", "it cannot be written down. Send text, numbers and lists.")]) from None


def edited(planning: Planner, edits: Edits) -> tuple[Plan, tuple[str, ...]]:
    """The plan with points added and removed, in the practitioner's order of positions, and every rule it then breaks.

    A point that is gone from the tables, or that was removed and is not in the plan today, changes nothing.
    """
    plan = planning.plan()
    held = {(point.candidate.point.name, point.candidate.side) for point in plan.points}
    added = [one for one in edits.added if one not in held and _is_point(one)]
    removed = [one for one in edits.removed if one in held]
    made, broken = planning.edited(plan, added, removed) if added or removed else (plan, ())
    return made.lying(edits.positions), broken


def _is_point(one: tuple[str, str]) -> bool:
    return one[0] in points() and one[1] in points()[one[0]].sides


def _broken(sentences: tuple[str, ...]) -> dict[str, Any]:
    return {"broken": list(sentences)} if sentences else {}


def said_of(plan: Plan) -> str:
    """A plan in a few words."""
    count = len(plan.points)
    return f"{plan.status}: {count} point{'' if count == 1 else 's'}"


def _plain(value: Any) -> Any:
    """Dates of a case file as text, so that they can be recorded."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise CaseError([CaseProblem("file", "it holds a number too large to be written down. Mend the number.")])
    return value.isoformat() if isinstance(value, datetime.date) else value
