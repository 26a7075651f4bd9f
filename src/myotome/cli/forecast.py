"""``myotome forecast``: what a simulated person like this would do next, as a band; or why nothing is forecast."""

from __future__ import annotations

import json
import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from myotome.care.course.course_file import parse_course
from myotome.care.course.forecast import READY, forecast
from myotome.cli.case_files import REFUSED, bytes_of
from myotome.cli.figures import KINDS, save
from myotome.cli.plan import refuse
from myotome.errors import CaseError, CaseProblem, MyotomeError


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Forecast a course. Exit status 2 for bad input; 0 also where nothing is forecast, which is an answer."""
    try:
        course = parse_course(_bytes(chosen.course))
        if chosen.output:
            _check(Path(chosen.output))
        found = forecast(course, doors["forecasts"])
        if chosen.output and found.status == READY:
            save(_drawing()(course, found), Path(chosen.output))
    except CaseError as error:
        refuse(chosen.course, error.problems, chosen.json, "nothing was forecast")
        return REFUSED
    except MyotomeError as error:
        refuse(chosen.course, [CaseProblem("forecast", str(error))], chosen.json, "nothing was forecast")
        return REFUSED
    if chosen.json:
        print(json.dumps(found.as_dict(), ensure_ascii=False))
    else:
        from myotome.cli.forecast_page import print_forecast  # noqa: PLC0415  # the terminal library is slow

        print_forecast(course, found)
    if chosen.output and found.status != READY:
        print(f"{chosen.output}: not drawn, as nothing is forecast.", file=sys.stderr)
    return 0


def _check(file: Path) -> None:
    """Refuse a figure of an unknown kind, or where nothing can be written, before people are simulated."""
    if file.suffix.lower() not in KINDS:
        text = f"'{file}' ends in none of {', '.join(KINDS)}. Name the figure for what it is to be."
        raise CaseError([CaseProblem("--output", text)])
    try:
        if file.is_dir():
            raise IsADirectoryError(0, "a folder has this name")
        there = next(folder for folder in file.absolute().parents if folder.exists())
        with tempfile.TemporaryFile(dir=there):  # the folders that are missing are made when the figure is
            pass
    except OSError as error:
        text = f"'{file}' cannot be written ({error.strerror or 'no such place'}). Choose another place with -o."
        raise CaseError([CaseProblem("--output", text)]) from None


def _drawing() -> Callable[..., Any]:
    from myotome.cli.figures import curves  # noqa: PLC0415

    curves()  # says what to do where the drawing library is missing
    from myotome.paper.forecast_curve import band  # noqa: PLC0415  # slow to import

    return band


def _bytes(name: str) -> bytes:
    try:
        return bytes_of(name)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise CaseError([CaseProblem("file", f"the file could not be read ({reason}). Check its name.")]) from None
