"""Case files named on the command line."""

from __future__ import annotations

import sys
from pathlib import Path

from myotome.care.examination.case import Case
from myotome.care.examination.case_file import parse
from myotome.care.examination.yaml12 import MOST_BYTES
from myotome.care.screening.items import code_of
from myotome.errors import CaseError, CaseProblem

REFUSED = 2
PLANS = "plan-"  # how the name of an example of a plan begins


def read_case(name: str) -> Case:
    """The case in a file, or on standard input for ``-``.

    Raises:
        CaseError: the file cannot be read, or holds no sound case.
    """
    try:
        data = bytes_of(name)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise CaseError([CaseProblem("file", f"the file could not be read ({reason}). Check its name.")]) from None
    return parse(data, code_of)


def examinations_in(folder: Path) -> list[Path]:
    """The case files of a folder in the order of their names, without the examples of plans (``plan-*.yaml``).

    Those repeat an examination that the folder already holds, so they count in no statistic.
    """
    return sorted(path for path in folder.glob("*.yaml") if not path.name.startswith(PLANS))


def bytes_of(name: str) -> bytes:
    """One byte more than is read of a case tells that it is too long, however long it is."""
    if name == "-":
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    with Path(name).open("rb") as file:
        return file.read(MOST_BYTES + 1)
