"""What speaks against needles in a person on a day: against any, and against one at a single point."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from myotome.care.examination.case import Case
from myotome.care.plan.keeps_out import keeps_out
from myotome.care.plan.plan import BLOCKED
from myotome.care.points.tables import points
from myotome.care.safety.gate import BLOCKING, blocking
from myotome.care.safety.ruling import Rulings, rulings
from myotome.care.safety.standing import standing


@dataclass(frozen=True)
class Against:
    """``visit``: the sentences against any needle, as the plan gives them; empty where nothing speaks against."""

    case: Case
    rulings: Rulings
    visit: tuple[str, ...]
    withdrawn: Mapping[str, str]

    def at(self, name: str, side: str) -> str:
        """What keeps needles out of one point of this person; empty where nothing does, or where nobody knows it."""
        point = points().get(name)
        if point is None:
            return ""
        if name in self.withdrawn:
            return f"Withdrawn by the clinic's lead: {self.withdrawn[name].rstrip('.')}."
        whole = self.rulings.forbids_all  # said of the visit already
        there = (one for one in self.rulings.at(point, side or "both") if one not in whole)
        rule = keeps_out(self.case, there)
        return "" if rule is None else f"{_capital(rule.code)}: {rule.practitioner}"

    def points(self) -> dict[str, list[str]]:
        """Every point that may not be planned in this person, as "name, side", under what keeps needles out of it."""
        found: dict[str, list[str]] = {}
        for point in points().values():
            for side in point.sides:
                if why := self.at(point.name, side):
                    found.setdefault(why, []).append(f"{point.name}, {side}")
        return found


def against(case: Case, on: datetime.date, withdrawn: Mapping[str, str]) -> Against:
    """What speaks against needles in the person of a case on a day.

    Raises:
        CaseError: an answer and a list disagree, or a clearance names no flag.
    """
    person = standing(case)
    ruled = rulings(person)
    flags = (_flag(one.flag, one.urgency, one.because) for one in blocking(case, person, on))
    rules = (_rule(one.practitioner, one.because) for one in ruled.forbids_all)
    return Against(case, ruled, tuple(dict.fromkeys((*flags, *rules))), withdrawn)


def in_plan(whole: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The same sentences against any needle, from a plan as it was frozen; none where it was not blocked."""
    if not whole or whole.get("status") != BLOCKED:
        return ()
    reasons = (one for one in whole["referral"]["reasons"] if one["urgency"] in BLOCKING)
    rules = (one for one in whole["rules"] if one["action"] == "block")
    flags = (_flag(one["flag"], one["urgency"], one["because"]) for one in reasons)
    return tuple(dict.fromkeys((*flags, *(_rule(one["practitioner"], one["because"]) for one in rules))))


def _flag(flag: str, urgency: str, because: Any) -> str:
    return f"{_capital(flag)} ({urgency}): {'; '.join(because)}."


def _rule(practitioner: str, because: Any) -> str:
    return f"{practitioner} ({'; '.join(because)})"


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
