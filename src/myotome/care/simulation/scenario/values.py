"""Single values of a scenario file: numbers, words and lists of rows, each with one wording for what cannot be."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from myotome.care.examination.checks import kind_of, shortened
from myotome.errors import CaseProblem

FAR = 1e9  # a number beyond this is a slip of the keyboard
LONGEST_TEXT = 2000
MOST_ROWS = 40  # of disruptions, or of spans of exercise, stretch, heat and medicine
MOST_SAID = 20  # nobody mends from a longer list
Problems = list[CaseProblem]


def as_written(value: Any) -> str:
    """A value as it stands in the file, cut to a readable length."""
    if value is None or isinstance(value, bool):
        return {None: "empty", True: "true", False: "false"}[value]
    return shortened(value)


def number(value: Any, at: str, problems: Problems) -> float | None:
    """A plain number, or None where it is missing or none; whether it is possible is judged with the scenario."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or _no_number(value):
        problems.append(CaseProblem(at, f"'{as_written(value)}' is not a number. Write digits, such as 252."))
        return None
    if not -FAR <= value <= FAR:
        problems.append(CaseProblem(at, f"'{as_written(value)}' is too far from 0 to be meant. Check its digits."))
        return None
    return float(value)


def _no_number(value: float) -> bool:
    return isinstance(value, float) and math.isnan(value)


def number_in(row: Mapping[Any, Any], key: str, at: str, problems: Problems, default: float = 0.0) -> float:
    """A number of a row or section, or the default."""
    value = number(row.get(key), f"{at}.{key}" if at else key, problems)
    return default if value is None else value


def words_in(row: Mapping[Any, Any], key: str, at: str, default: str, problems: Problems) -> str:
    """Words of a row or section, or the default where they are missing or empty."""
    value = row.get(key)
    if isinstance(value, list | Mapping):
        problems.append(CaseProblem(f"{at}.{key}" if at else key, f"{key} is {kind_of(value)}; write it as words."))
        return default
    return default if value is None or value == "" else (as_written(value) if value is True else str(value))


def listed(value: Any, at: str, most: int, problems: Problems) -> Iterator[tuple[str, Mapping[Any, Any]]]:
    """The rows of a list of mappings, each with its place; too long a list is refused and none of it read."""
    if value is None:
        return
    if not isinstance(value, list):
        problems.append(CaseProblem(at, f"'{at}' is {kind_of(value)}; it must be a list, one a line."))
        return
    if len(value) > most:
        problems.append(CaseProblem(at, f"there are {len(value):,} rows; at most {most} are read. Leave some out."))
        return
    for place, row in enumerate(value):
        if isinstance(row, Mapping):
            yield f"{at}[{place}]", row
        else:
            problems.append(CaseProblem(f"{at}[{place}]", f"this is {kind_of(row)}; it must be a mapping."))


def readable(problems: Problems) -> Problems:
    """The problems without what is said twice of one place, and no more of them than anyone reads."""
    once = list(dict.fromkeys(problems))
    if len(once) <= MOST_SAID:
        return once
    rest = f"and {len(once) - MOST_SAID:,} more problems like these. Mend these first."
    return [*once[:MOST_SAID], CaseProblem("file", rest)]
