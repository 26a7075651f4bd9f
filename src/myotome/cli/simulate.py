"""``myotome simulate``: what happens to one simulated person under each schedule of a scenario file."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from myotome.care.simulation.person.body import body
from myotome.care.simulation.scenario.file import parse_scenario
from myotome.care.simulation.scenario.follow import Followed, Scenario, follow
from myotome.care.simulation.scenario.outcome import outcome
from myotome.cli.case_files import REFUSED, bytes_of
from myotome.cli.figures import KINDS, curves, save
from myotome.cli.plan import refuse
from myotome.errors import CaseError, CaseProblem, MyotomeError
from myotome.mechanism import CAUTION


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Follow the person through every schedule. Exit status 2 for bad input."""
    del doors
    try:
        _check(chosen)
        scenario = _read(chosen.scenario)
        followed = [follow(scenario, schedule, body(scenario.profile)) for schedule in scenario.schedules]
        if chosen.output:
            save(curves().side_by_side(followed, scenario.name), Path(chosen.output))
    except CaseError as error:
        refuse(chosen.scenario, error.problems, chosen.json, "nothing was simulated")
        return REFUSED
    except MyotomeError as error:
        problem = CaseProblem("figure" if chosen.output else "scenario", str(error))
        refuse(chosen.scenario, [problem], chosen.json, "nothing was simulated")
        return REFUSED
    if chosen.json:
        print(json.dumps(as_dict(scenario, followed), ensure_ascii=False))
    else:
        from myotome.cli.simulate_page import print_outcomes  # noqa: PLC0415  # the terminal library is slow

        print_outcomes(scenario, [outcome(one) for one in followed])
    return 0


def as_dict(scenario: Scenario, followed: list[Followed]) -> dict[str, Any]:
    """The one JSON shape of a followed scenario: the outcomes, and a reading of each curve a day."""
    return {
        "scenario": scenario.name,
        "caution": CAUTION,
        "schedules": [{**outcome(one).as_dict(), "curves": _curves(one)} for one in followed],
    }


def _curves(one: Followed) -> dict[str, Any]:
    names = [f"{region}, {side}" for region, side in one.part.regions]
    felt = one.pain.max(axis=0) >= 0.5
    return {
        "day": one.days.round(3).tolist(),
        "pain": one.worst.round(2).tolist(),
        "reported": one.reported.round(2).tolist(),
        "regions": {name: one.pain[:, r].round(2).tolist() for r, name in enumerate(names) if felt[r]},
    }


def _check(chosen: Namespace) -> None:
    """Refuse a figure of an unknown kind before anything is computed."""
    if chosen.output and Path(chosen.output).suffix.lower() not in KINDS:
        text = f"'{chosen.output}' ends in none of {', '.join(KINDS)}. Name the figure for what it is to be."
        raise CaseError([CaseProblem("--output", text)])


def _read(name: str) -> Scenario:
    try:
        data = bytes_of(name)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise CaseError([CaseProblem("file", f"the file could not be read ({reason}). Check its name.")]) from None
    return parse_scenario(data)
