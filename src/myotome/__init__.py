"""Myotome: examine, explain, plan, needle, follow.

>>> import myotome
>>> explained = myotome.explain({"findings": [
...     {"sign": "strength", "at": "triceps", "side": "left", "grade": 4},
...     {"sign": "reflex", "at": "triceps reflex", "side": "left", "result": "absent"}]})
>>> explained.segments[0].segment
'C7'
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime

    from myotome.care.examination.case import Case
    from myotome.care.explanation.explain import Explanation
    from myotome.care.plan.plan import Plan

__all__ = ["explain", "plan", "read_case"]


def read_case(source: str | Path | bytes | Mapping[str, Any]) -> Case:
    """The case in a YAML file (path), in YAML text (bytes) or in plain values (mapping).

    Raises:
        CaseError: with every problem, its place and its remedy.
    """
    from myotome.care.examination.case_file import build, parse  # noqa: PLC0415  # importing myotome stays quick
    from myotome.care.screening.items import code_of  # noqa: PLC0415

    if isinstance(source, Mapping):
        return build(source, code_of)
    return parse(source if isinstance(source, bytes) else Path(source).read_bytes(), code_of)


def explain(
    case: Case | str | Path | bytes | Mapping[str, Any],
    profile: str = "emg",
    *,
    with_next: bool = True,
    with_intervals: bool = True,
) -> Explanation:
    """Explain one case: referral first, then verdict, explanations, reasons and next tests.

    The same thing as ``myotome explain``. Not clinically reviewed: not for use on patients.

    Raises:
        CaseError: the case is refused, with every problem.
        UnknownNameError: no profile of that name.
    """
    from myotome.care.examination.case import Case  # noqa: PLC0415
    from myotome.care.explanation.explain import explain_case  # noqa: PLC0415
    from myotome.store import Store  # noqa: PLC0415  # importing myotome stays quick

    store = _stores.setdefault(os.environ.get("MYOTOME_KERNEL", "auto"), Store(os.environ))
    store.tables()
    known = case if isinstance(case, Case) else read_case(case)
    return explain_case(known, store.reasoner, profile, with_next=with_next, with_intervals=with_intervals)


def plan(
    case: Case | str | Path | bytes | Mapping[str, Any], profile: str = "emg", *, on: datetime.date | None = None
) -> Plan:
    """The plan of one case: points with reason, needle and safety rule, or why there is none.

    The same thing as ``myotome plan``; ``on`` is the day of the visit where the case does not say it, else today.
    Not clinically reviewed: not for use on patients.

    Raises:
        CaseError: the case is refused, an answer and a list disagree, or a clearance names no flag.
        UnknownNameError: no profile of that name.
    """
    import datetime  # noqa: PLC0415  # importing myotome stays quick

    from myotome.care.examination.case import Case  # noqa: PLC0415
    from myotome.care.plan.planner import planner  # noqa: PLC0415

    known = case if isinstance(case, Case) else read_case(case)
    explained = explain(known, profile, with_next=False, with_intervals=False)
    day = known.visit.date or on or datetime.datetime.now(tz=datetime.UTC).astimezone().date()
    return planner(known, explained, day).plan()


_stores: dict[str, Any] = {}
