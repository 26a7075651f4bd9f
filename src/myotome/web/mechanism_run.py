"""Ask the model for one run, with and without treatment, and say it as the page draws it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from myotome.care.simulation.person.body import body
from myotome.care.simulation.scenario.follow import (
    Context,
    Disruption,
    Followed,
    Repair,
    Scenario,
    Schedule,
    Session,
    Span,
    follow,
)
from myotome.care.theory.claims import parts
from myotome.errors import MechanismError
from myotome.mechanism.context import reported
from myotome.mechanism.network import Floats
from myotome.mechanism.state import CENTRAL, ISCHAEMIA, RECEPTORS, ROOT, SHORTENING
from myotome.web.mechanism_part import Story, story
from myotome.web.mechanism_wish import Wish, planned
from myotome.web.mechanism_words import Days, numbers, plain, told, words

REGIONS = 3  # of which pain is drawn: the spine's and the worst of the limb


def answer(asked: Wish) -> dict[str, Any]:
    """What the page draws: whole days 0 to the end, each list one value a day.

    Raises:
        MechanismError: a muscle that is not of this story.
    """
    about = story(asked.levels, asked.side)
    needled = _needled(asked, about)
    run, untreated = _treated(asked, about, needled), _untreated(asked)
    at = _whole_days(run, asked.days)
    shown = {name: values[at] for name, values in _stations(run, about, asked).items()}
    seen = Days(
        cause=(np.arange(asked.days + 1) < asked.disturbed).astype(np.float64),
        nerve=shown["nerve"],
        sensitivity=shown["sensitivity"],
        shortening=shown["shortening"],
        spine=shown["spine"],
        pain=run.reported[at],
        twitch=_twitches(run, needled, asked),
    )
    number = {name: run.part.muscle(name, asked.side) for name in about.muscles}
    return {
        "days": asked.days,
        "stations": {name: _short(values) for name, values in shown.items()} | {"cause": seen.cause.tolist()},
        "pain": _short(seen.pain),
        "regions": _regions(run, about, untreated, at),
        "untreated": _short(untreated.reported[_whole_days(untreated, asked.days)]),
        "muscles": {name: _short(run.muscles[at, SHORTENING, m], 2) for name, m in number.items() if m >= 0},
        "sessions": [{"day": day, "needled": list(names)} for day, names in needled.items()],
        "twitch": _short(seen.twitch, 2),
        "told": told(seen, about.place),
    }


def _scenario(asked: Wish) -> Scenario:
    n, known = numbers(), parts()
    off = [known[name] for row in words()["part"] if row["name"] in asked.off for name in row["theory"]]
    loop = any(parameter == "loop" for parameter, *_ in off)
    repair = Repair() if "repair" in asked.off else Repair(1.0, n["repair time"], n["repair least"])
    return Scenario(
        "page",
        tuple(Disruption(level, asked.side, 0.0, float(asked.disturbed), n["disruption"]) for level in asked.levels),
        days=float(asked.days),
        repair=Repair(0.0) if loop else repair,
        context=Context(dose=0.0) if "context" in asked.off else Context(),
        parameters=tuple((parameter, value) for parameter, value, _ in off if parameter != "loop"),
    )


def _needled(asked: Wish, about: Story) -> dict[int, tuple[str, ...]]:
    """The muscles needled on each day of a session, in order: the plan with what was changed by hand."""
    usual = {"limb": about.limb, "spine": about.spine, "both": about.muscles}[asked.needled]
    by_day = dict.fromkeys(planned(asked), usual) | dict(asked.edits)
    return {day: tuple(dict.fromkeys(names)) for day, names in sorted(by_day.items()) if names}


def _treated(asked: Wish, about: Story, needled: dict[int, tuple[str, ...]]) -> Followed:
    if strange := [name for names in needled.values() for name in names if name not in about.muscles]:
        raise MechanismError(f"'{strange[0]}' is no muscle of this story. Choose one of {', '.join(about.muscles)}.")
    sessions = tuple(Session(float(day), tuple((n, asked.side) for n in names)) for day, names in needled.items())
    begins = float(min(needled, default=asked.first))
    exercise = asked.exercise and begins < asked.days
    movement = (Span(begins, float(asked.days), numbers()["exercise"]),) if exercise else ()
    return follow(_scenario(asked), Schedule("page", sessions, movement=movement), body())


def _untreated(asked: Wish) -> Followed:
    """The same person left alone: no needles and no exercise; what is off stays off."""
    return _kept(asked.levels, asked.side, asked.days, asked.disturbed, asked.off)


@lru_cache(maxsize=64)
def _kept(levels: tuple[str, ...], side: str, days: int, disturbed: int, off: frozenset[str]) -> Followed:
    alone = Wish(levels, side, days, disturbed, 0, 1, 0, "both", False, off)
    return follow(_scenario(alone), Schedule("untreated"), body())


def _whole_days(run: Followed, last: int) -> Any:
    """(days,) numbers of the readings on whole days; on the day of a session, before it."""
    return np.searchsorted(run.days, np.arange(last + 1))


def _stations(run: Followed, about: Story, asked: Wish) -> dict[str, Floats]:
    """Each station of the circle (readings,): means over the muscles or levels concerned."""
    limb = [run.part.muscle(name, asked.side) for name in about.limb or about.spine]
    spine = [run.part.muscle(name, asked.side) for name in about.spine]
    levels = [run.part.levels.index((level, asked.side)) for level in asked.levels]
    return {
        "nerve": run.levels[:, ROOT, levels].mean(axis=1),
        "sensitivity": run.muscles[:, RECEPTORS, :][:, limb].mean(axis=1),
        "shortening": run.muscles[:, SHORTENING, :][:, limb].mean(axis=1),
        "blood": run.muscles[:, ISCHAEMIA, :][:, limb].mean(axis=1),
        "spine": run.muscles[:, SHORTENING, :][:, spine].mean(axis=1),
        "alert": run.levels[:, CENTRAL, levels].mean(axis=1),
    }


def _twitches(run: Followed, needled: dict[int, tuple[str, ...]], asked: Wish) -> Floats:
    """(days,) mean twitch of what was needled, -1 on days without needles."""
    found = np.full(asked.days + 1, -1.0)
    for row, (day, names) in zip(run.twitches, needled.items(), strict=True):
        found[day] = np.mean([row[run.part.muscle(name, asked.side)] for name in names])
    return found


def _regions(run: Followed, about: Story, untreated: Followed, at: Any) -> list[dict[str, Any]]:
    """Pain as it is reported in the regions that suffer most when left alone, worst first."""
    side = about.side
    known = [region for region in untreated.part.regions if region[1] == side and region in run.part.regions]
    peak = {region: untreated.pain[:, untreated.part.regions.index(region)].max() for region in known}
    first = sorted(known, key=lambda region: -peak[region])[:REGIONS]
    said = []
    for region in first:
        felt = run.pain[at, run.part.regions.index(region)]
        told_of = reported(felt, run.context[at], run.masked[at])
        said.append({"name": plain("region", region[0]), "pain": _short(told_of)})
    return said


def _short(values: Any, places: int = 3) -> list[float]:
    return [float(v) for v in np.round(values, places)]
