"""``myotome plan``: what may be needled at this visit, why, with which needle, and what was left out."""

from __future__ import annotations

import datetime
import json
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from myotome.anatomy.innervation import profile as profile_named
from myotome.care.examination.case import Case
from myotome.care.explanation.explain import explain_case
from myotome.care.plan.plan import BLOCKED, REFUSED, Plan
from myotome.care.plan.planner import Planner, planner
from myotome.cli.case_files import REFUSED as BAD_INPUT
from myotome.cli.case_files import read_case
from myotome.errors import CaseError, CaseProblem, UnknownNameError

STATUS = {REFUSED: 3, BLOCKED: 4}


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Plan one case. Exit status 2 for bad input, 3 where something vital was not asked, 4 where a flag blocks."""
    try:
        doors["planning"]()
        case = read_case(chosen.case)
        made = planned(case, chosen, doors)
        plan = made.plan()
        plan, broken = edited(made, plan, chosen)
    except CaseError as error:
        refuse(chosen.case, error.problems, chosen.json, "nothing was planned")
        return BAD_INPUT
    except UnknownNameError as error:
        refuse(
            chosen.case, [CaseProblem("command", str(error), error.did_you_mean)], chosen.json, "nothing was planned"
        )
        return BAD_INPUT
    if broken and plan.status not in STATUS:
        refuse(chosen.case, [CaseProblem("edit", text) for text in broken], chosen.json, "the change was not made")
        return BAD_INPUT
    for sentence in broken:
        print(f"{chosen.case}: {sentence}", file=sys.stderr)
    if chosen.json:
        print(json.dumps(plan.as_dict(), ensure_ascii=False))
    else:
        from myotome.cli.plan_page import print_plan  # noqa: PLC0415  # the terminal library is slow to import

        print_plan(case, made.ground.explanation, plan)
    return STATUS.get(plan.status, 0)


def planned(case: Case, chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> Planner:
    """The planner of a case on the day of the visit: that of the file, of ``--on``, or today.

    Raises:
        UnknownNameError: no profile of that name.
        CaseError: an answer and a list disagree, a clearance names no flag, or ``--on`` is no date.
    """
    profile_named(chosen.profile)
    explanation = explain_case(case, doors["reasoners"], chosen.profile, with_next=False, with_intervals=False)
    return planner(case, explanation, visit_day(case, chosen))


def edited(made: Planner, plan: Plan, chosen: Namespace) -> tuple[Plan, tuple[str, ...]]:
    """The plan with what ``--add``, ``--remove`` and ``--order`` ask for, and the rules it would break."""
    broken: tuple[str, ...] = ()
    if chosen.add or chosen.remove:
        plan, broken = made.edited(plan, [_point(t) for t in chosen.add], [_point(t) for t in chosen.remove])
    if chosen.order and not broken:
        plan, broken = made.reordered(plan, [_point(text) for text in chosen.order.split(";")])
    return plan, broken


def refuse(name: str, problems: Any, as_json: bool, what: str) -> None:
    """Say what is wrong, as JSON on standard output or in lines on standard error."""
    if as_json:
        print(json.dumps({"valid": False, "errors": [p.as_dict() for p in problems]}, ensure_ascii=False))
        return
    print(f"{name}: refused, {what}.", file=sys.stderr)
    for problem in problems:
        print(f"  {problem.at}: {problem.message}", file=sys.stderr)


def visit_day(case: Case, chosen: Namespace) -> datetime.date:
    """The day of the visit: that of the file, of ``--on``, or today.

    Raises:
        CaseError: ``--on`` is no date, or another than the file says.
    """
    text, written = chosen.on, case.visit.date
    if text is None:
        return written or datetime.datetime.now(tz=datetime.UTC).astimezone().date()
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        problem = CaseProblem("--on", f"'{text[:40]}' is no date. Write it as 2026-11-21.")
        raise CaseError([problem]) from None
    if written not in (None, day):
        raise CaseError([CaseProblem("--on", f"{day} is not the visit.date of the file, {written}. Keep one.")])
    return day


def _point(text: str) -> tuple[str, str]:
    """A point as it is written: name, then side after the last comma.

    Raises:
        UnknownNameError: there is no side.
    """
    name, _, side = text.rpartition(",")
    if side.strip() not in ("left", "right", "both") or not name.strip():
        raise UnknownNameError(f"'{text[:60]}' has no side. Write a point as 'C6 paraspinal, right'.")
    return name.strip(), side.strip()
