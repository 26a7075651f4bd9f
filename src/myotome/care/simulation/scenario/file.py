"""Read a scenario file whole or not at all: every problem with its place, the rule and the remedy."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from myotome.anatomy.innervation import profiles
from myotome.care.examination import yaml12
from myotome.care.examination.checks import kind_of, only_keys, shortened
from myotome.care.simulation.person.body import body
from myotome.care.simulation.scenario.faults import faults
from myotome.care.simulation.scenario.rows import schedules_in, side_in
from myotome.care.simulation.scenario.schedule import EXPECTED, Context, Disruption, Repair, Scenario
from myotome.care.simulation.scenario.values import (
    LONGEST_TEXT,
    MOST_ROWS,
    as_written,
    listed,
    number,
    number_in,
    readable,
    words_in,
)
from myotome.errors import CaseError, CaseProblem

KEYS = (
    "name", "note", "profile", "days", "disruptions", "repair", "context", "parameters", "twitches", "seed",
    "schedules",
)  # fmt: skip


def parse_scenario(data: bytes) -> Scenario:
    """The scenario in ``data``, sound in itself and on the body of its profile.

    Raises:
        CaseError: with every problem found.
    """
    return build_scenario(yaml12.read(data))


def build_scenario(document: Any) -> Scenario:
    """The scenario in an already read document of plain values.

    Raises:
        CaseError: with every problem found.
    """
    if not isinstance(document, Mapping):
        text = f"the file holds {kind_of(document)}; a scenario is a mapping with 'disruptions' and 'schedules'."
        raise CaseError([CaseProblem("file", text)])
    problems: list[CaseProblem] = []
    only_keys(document, KEYS, "file", problems)
    found = _scenario(document, problems)
    if found.profile in profiles():
        # Where something could not be read, what stands there instead is not judged.
        said = {problem.at for problem in problems}
        problems.extend(problem for problem in faults(found, body(found.profile)) if problem.at not in said)
    else:
        text = f"profile '{shortened(found.profile)}' is unknown. Use one of: {', '.join(profiles())}."
        problems.append(CaseProblem("profile", text))
    if problems:
        raise CaseError(readable(problems))
    return found


def _scenario(document: Mapping[Any, Any], problems: list[CaseProblem]) -> Scenario:
    if "schedules" not in document or document["schedules"] in (None, []):
        problems.append(
            CaseProblem("schedules", "there is no schedule. Give at least one; 'sessions: 0' is no treatment.")
        )
    disruptions = _disruptions(document.get("disruptions"), problems)
    sides = {one.side for one in disruptions}
    return Scenario(
        name=words_in(document, "name", "", "scenario", problems)[:LONGEST_TEXT],
        disruptions=disruptions,
        schedules=schedules_in(document.get("schedules"), sides.pop() if len(sides) == 1 else "", problems),
        days=number_in(document, "days", "", problems, 365.0),
        repair=_repair(_section(document, "repair", problems), problems),
        context=_context(_section(document, "context", problems), problems),
        parameters=_parameters(_section(document, "parameters", problems), problems),
        twitches=words_in(document, "twitches", "", EXPECTED, problems)[:LONGEST_TEXT],
        seed=_seed(document.get("seed", 0), problems),
        profile=words_in(document, "profile", "", "emg", problems)[:LONGEST_TEXT],
        note=words_in(document, "note", "", "", problems)[:LONGEST_TEXT],
    )


def _seed(value: Any, problems: list[CaseProblem]) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31:
        return value
    problems.append(CaseProblem("seed", f"seed is '{as_written(value)}'; use a whole number from 0 to 2147483647."))
    return 0


def _section(document: Mapping[Any, Any], name: str, problems: list[CaseProblem]) -> Mapping[Any, Any]:
    value = document.get(name)
    if value is None or isinstance(value, Mapping):
        return value or {}
    problems.append(CaseProblem(name, f"'{name}' is {kind_of(value)}; it must be a mapping such as {{a: 1}}."))
    return {}


def _disruptions(value: Any, problems: list[CaseProblem]) -> tuple[Disruption, ...]:
    found = []
    for at, row in listed(value, "disruptions", MOST_ROWS, problems):
        only_keys(row, ("level", "side", "from", "days", "strength"), at, problems)
        given = {key: number_in(row, key, at, problems, default) for key, default in _DISRUPTION.items()}
        level = words_in(row, "level", at, "", problems)
        if row.get("level") in (None, ""):
            problems.append(CaseProblem(f"{at}.level", "the level is missing. Write one from C1 to S4, such as C6."))
        found.append(Disruption(level, side_in(row, at, problems), *given.values()))
    return tuple(found)


_DISRUPTION = {"from": 0.0, "days": 28.0, "strength": 0.9}


def _repair(section: Mapping[Any, Any], problems: list[CaseProblem]) -> Repair:
    only_keys(section, ("closing", "time", "least"), "repair", problems)
    defaults = {"closing": 1.0, "time": math.inf, "least": 0.0}
    return Repair(*(number_in(section, key, "repair", problems, value) for key, value in defaults.items()))


def _context(section: Mapping[Any, Any], problems: list[CaseProblem]) -> Context:
    keys = ("dose", "time", "most")
    only_keys(section, keys, "context", problems)
    return Context(*(number(section.get(key), f"context.{key}", problems) for key in keys))


def _parameters(section: Mapping[Any, Any], problems: list[CaseProblem]) -> tuple[tuple[str, float], ...]:
    found = []
    for name, value in section.items():
        if value is None:
            text = f"'{shortened(name)}' has no number. Write one, or take the line away."
            problems.append(CaseProblem(f"parameters.{shortened(name)}", text))
        given = number(value, f"parameters.{shortened(name)}", problems)
        if given is not None:
            found.append((str(name), given))
    return tuple(found)
