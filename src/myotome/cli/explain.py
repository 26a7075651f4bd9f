"""``myotome explain``: case files in, pages or JSON lines out."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from myotome.anatomy.innervation import profile as profile_named
from myotome.care.explanation.explain import explain_case
from myotome.cli.case_files import REFUSED, read_case
from myotome.errors import CaseError, UnknownNameError


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Explain every file; a refused one does not stop the others. Exit status 2 if any was refused."""
    try:
        profile_named(chosen.profile)
    except UnknownNameError as error:
        print(f"myotome: {error}", file=sys.stderr)
        return REFUSED
    status = 0
    for number, name in enumerate(chosen.cases):
        try:
            case = read_case(name)
        except CaseError as error:
            status = REFUSED
            _print_refusal(name, error, chosen.json)
            continue
        explained = explain_case(
            case, doors["reasoners"], chosen.profile, with_next=not chosen.quick, with_intervals=not chosen.quick
        )
        if chosen.json:
            print(json.dumps(explained.as_dict(), ensure_ascii=False))
        else:
            from myotome.cli.page import print_page  # noqa: PLC0415  # the terminal library is slow to import

            print_page(case, explained, first=number == 0)
    return status


def _print_refusal(name: str, error: CaseError, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"valid": False, "errors": [p.as_dict() for p in error.problems]}, ensure_ascii=False))
        return
    print(f"{name}: refused, nothing was explained.", file=sys.stderr)
    for problem in error.problems:
        print(f"  {problem.at}: {problem.message}", file=sys.stderr)
