"""What the software says of a case, ready to be frozen with a visit."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from myotome.care.examination import yaml12
from myotome.care.examination.case import Case
from myotome.care.examination.case_file import build
from myotome.care.explanation.explain import Explanation, explain_case
from myotome.care.plan.plan import Plan
from myotome.care.plan.planner import planner
from myotome.care.screening.items import code_of
from myotome.clinic.entries.visits import ExplanationFrozen, PlanFrozen
from myotome.errors import CaseError, CaseProblem

PROFILE = "emg"


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

    def think(self, case: Case, day: datetime.date) -> tuple[ExplanationFrozen, PlanFrozen]:
        """What is said of a case on a day."""
        explained, plan = self.of(case, day)
        notice = self.notice()
        known = {"engine": explained.engine, "edition": explained.data_edition, "profile": explained.profile}
        frozen = ExplanationFrozen(
            **known,
            says=explained.verdict.statement[:200],
            urgency=explained.referral.urgency,
            explanation=explained.as_dict(notice),
        )
        return frozen, PlanFrozen(**known, says=said_of(plan), plan=plan.as_dict(notice))

    def of(self, case: Case, day: datetime.date) -> tuple[Explanation, Plan]:
        """Explanation and plan themselves, for a page or a print."""
        explained = explain_case(case, self.reasoners, PROFILE)
        return explained, planner(case, explained, case.visit.date or day, self.withdrawn()).plan()


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
