"""``myotome demo``: published examinations, one line each, and the first in full."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from myotome.care.explanation.explain import explain_case
from myotome.cli.case_files import REFUSED, examinations_in, read_case
from myotome.cli.page import print_page
from myotome.errors import CaseError


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Explain every examination of a folder. Exit status 2 if there is none or one is refused."""
    files = examinations_in(Path(chosen.folder))
    if not files:
        print(f"myotome: no case file (*.yaml) in '{chosen.folder}'. Name a folder that holds some.", file=sys.stderr)
        return REFUSED
    status, first = 0, None
    for file in files:
        try:
            case = read_case(str(file))
        except CaseError as error:
            print(f"{file.stem[:40]:<40}  refused: {error.problems[0].message}")
            status = REFUSED
            continue
        explained = explain_case(case, doors["reasoners"], with_next=False, with_intervals=False)
        urgency = "" if explained.referral.urgency == "none" else f"refer: {explained.referral.urgency}"
        print(
            f"{file.stem[:40]:<40}  {urgency:<16}  {explained.verdict.confidence:4.0%}  {explained.verdict.statement}"
        )
        first = first or case
    if first is not None:
        print()
        print_page(first, explain_case(first, doors["reasoners"]))
    return status
