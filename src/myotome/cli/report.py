"""``myotome report``: the practitioner's page and the patient's as PDF or HTML."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from myotome.care.examination.case import Case
from myotome.care.plan.plan import BLOCKED, REFUSED, Plan
from myotome.care.plan.planner import Planner
from myotome.cli.case_files import REFUSED as BAD_INPUT
from myotome.cli.case_files import read_case
from myotome.cli.plan import edited, planned, refuse, visit_day
from myotome.errors import CaseError, CaseProblem, PaperError, UnknownNameError
from myotome.paper.document import Document
from myotome.paper.report import report

PAPERS = {"a4": "a4", "letter": "letter"}
KINDS = (".pdf", ".html")


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Write the pages. They are made whatever the plan says; exit status 2 only where nothing can be made."""
    try:
        _check(chosen)
        doors["planning"]()
        case = read_case(chosen.case)
        made = planned(case, chosen, doors)
        plan, broken = edited(made, made.plan(), chosen)
        if broken and plan.status not in (BLOCKED, REFUSED):
            raise CaseError([CaseProblem("edit", text) for text in broken])
        _write(chosen, _document(case, made, plan, chosen))
    except CaseError as error:
        refuse(chosen.case, error.problems, False, "no report was made")
        return BAD_INPUT
    except (UnknownNameError, PaperError) as error:
        refuse(chosen.case, [CaseProblem("report", str(error))], False, "no report was made")
        return BAD_INPUT
    except OSError as error:
        reason = error.strerror or "it cannot be written"
        refuse(chosen.output, [CaseProblem("output", f"the file could not be written ({reason}).")], False, "no report")
        return BAD_INPUT
    if plan.status in (BLOCKED, REFUSED):
        changed = " Nothing was added or taken out." if broken else ""
        print(f"The plan is {plan.status}; the pages say why.{changed}", file=sys.stderr)
    print(f"{chosen.output}: written", file=sys.stderr)
    return 0


def _check(chosen: Namespace) -> None:
    """Refuse an output or paper that is not known, before anything is computed."""
    if Path(chosen.output).suffix.lower() not in KINDS:
        problem = f"'{chosen.output}' ends in neither .pdf nor .html. Name the file for what it is to be."
        raise CaseError([CaseProblem("--output", problem)])
    if chosen.paper.lower() not in PAPERS:
        raise CaseError([CaseProblem("--paper", f"there is no paper '{chosen.paper[:40]}'. Use A4 or Letter.")])


def _document(case: Case, made: Planner, plan: Plan, chosen: Namespace) -> Document:
    return report(case, made.ground.explanation, plan, visit_day(case, chosen))


def _write(chosen: Namespace, document: Document) -> None:
    """Write beside the file first, so that a report is there whole or not at all."""
    size: Any = PAPERS[chosen.paper.lower()]
    target = Path(chosen.output)
    if target.suffix.lower() == ".pdf":
        from myotome.paper.pdf import pdf  # noqa: PLC0415  # the typesetter is slow to load

        data = pdf(document, size)
    else:
        from myotome.paper.html import html  # noqa: PLC0415

        data = html(document, size).encode("utf-8")
    beside = target.with_name(f".{target.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
