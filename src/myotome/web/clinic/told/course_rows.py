"""The rows of a course on its time axis: each a height and a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from myotome.care.course.changes import PAINS, function_matters, ranges
from myotome.care.course.followed import Followed, needles
from myotome.care.course.forecast import READY, Forecast
from myotome.care.course.scores import used
from myotome.care.course.visited import Visited
from myotome.web.clinic.told.course_axis import LEFT, Axis, box, dot, label, line, path

FULL = 10.0
TALL, LINE, HEAD = 132.0, 26.0, 26.0
KIND_MARKS = {"paraspinal": "paraspinal", "symptomatic": "symptomatic", "homeostatic": "homeostatic", "": "other"}
BAR = 20.0


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its name, a few words beside it, its height under the name, and what is drawn there from 0 down."""

    name: str
    beside: str
    height: float
    drawn: str


def rows(course: Followed, axis: Axis, shown: slice, forecast: Forecast | None) -> list[Row]:
    """Every row that has something to show; pain, function and needles always."""
    visits = course.visits[shown]
    found = [pain(course, visits, axis, forecast), function(course, visits, axis)]
    found += [row for row in (ranged(visits, axis), levels(course, axis, shown)) if row is not None]
    found.append(needled(visits, axis))
    found += [
        row
        for row in (
            marked("Also done", [visit.alongside or () for visit in visits], axis),
            marked("Harm", [tuple(f"{one.term} ({one.severity})" for one in v.harms) for v in visits], axis, "harm"),
        )
        if row is not None
    ]
    return found


def pain(course: Followed, visits: Sequence[Visited], axis: Axis, forecast: Forecast | None) -> Row:
    """Pain before the needles, and after them in one visit; what would matter since the first score."""
    drawn = _frame(axis)
    code = max(PAINS, key=lambda one: sum(visit.score(one) is not None for visit in course.visits))
    first = next((taken.total for visit in course.visits if (taken := visit.score(code))), None)
    figure = used("pain")
    if first is not None and figure is not None and first >= figure.value:
        drawn += _matters(axis, first - figure.value, 0.0)
    if forecast is not None and forecast.status == READY:
        drawn += _band(course, axis, forecast)
    values = [_total(visit, code) for visit in visits]
    drawn += _scored(axis, values)
    for at, visit in zip(axis.at, visits, strict=True):
        after = visit.score(code, "after")
        if after is not None and after.total is not None:
            drawn += dot("after", at + 9, _y(after.total), 4.5)
    name = "average" if code == PAINS[0] else "now"
    return Row("Pain", f"0–10, {name}; less is better", TALL, drawn)


def function(course: Followed, visits: Sequence[Visited], axis: Axis) -> Row:
    """The mean of the patient's own activities."""
    drawn = _frame(axis)
    taken = [one for visit in course.visits if (one := visit.score("function"))]
    first = taken[0].total if taken else None
    matters = function_matters(len(dict(taken[0].parts).keys() & dict(taken[-1].parts))) if taken else None
    if first is not None and matters is not None and first + matters <= FULL:
        drawn += _matters(axis, FULL, first + matters)
    drawn += _scored(axis, [_total(visit, "function") for visit in visits])
    return Row("Function", "0–10, own activities; more is better", TALL, drawn)


def ranged(visits: Sequence[Visited], axis: Axis) -> Row | None:
    """Degrees of each movement that was measured."""
    measured = [ranges(visit) for visit in visits]
    keys = list(dict.fromkeys(key for one in measured for key in one))
    if not keys:
        return None
    lines = [
        (f"{movement}, {side}" if side else movement, [_degrees(one.get((movement, side))) for one in measured])
        for movement, side in keys
    ]
    drawn, height = _lines(lines, axis)
    return Row("Range", "degrees", height, drawn)


def levels(course: Followed, axis: Axis, shown: slice) -> Row | None:
    """How many signs were found at each spinal level."""
    if not course.levels:
        return None
    drawn, y = "", 0.0
    for row in course.levels:
        drawn += label(f"{row.level} {row.side}", LEFT, y + 13, "soft", "start")
        y += LINE - 4
        drawn += line("rule", LEFT, y + 13, axis.end, y + 13)
        for at, signs in zip(axis.at, row.signs[shown], strict=True):
            if signs is None:
                drawn += label("·", at, y + 17, "soft")
            elif signs:
                drawn += box("found", at - 10, y + 3, 20, 20, 4) + label(str(signs), at, y + 17.5, "on")
            else:
                drawn += dot("fine", at, y + 13, 7)
        y += LINE + 4
    return Row("Signs by level", "■ how many found  ○ none found  · not examined", y, drawn)


def needled(visits: Sequence[Visited], axis: Axis) -> Row:
    """Insertions by kind of point, one on top of the other; twitches under them."""
    counted = [needles(visit) for visit in visits]
    most = max([one.insertions for one in counted if one is not None] or [1]) or 1
    unit, foot = 64.0 / most, 84.0
    drawn = line("rule", LEFT, foot, axis.end, foot)
    for at, one in zip(axis.at, counted, strict=True):
        if one is None:
            drawn += label("?", at, foot - 6, "soft")
            continue
        y = foot
        for kind, number in one.by_kind:
            y -= number * unit
            drawn += box(KIND_MARKS[kind], at - BAR / 2, y + 0.75, BAR, number * unit - 1.5, 2)
        drawn += label(str(one.insertions), at, y - 5, "strong")
        if one.twitches:
            drawn += _twitch(at - 12, foot + 5) + label(str(one.twitches), at + 4, foot + 16, "soft")
    unknown = "; ? not recorded" if None in counted else ""
    return Row("Needles", f"insertions; below, how many twitched{unknown}", foot + 22, drawn)


def marked(name: str, listed: Sequence[tuple[str, ...]], axis: Axis, kind: str = "done-mark") -> Row | None:
    """A line for each thing, with a mark at the visits where it was noted."""
    names = list(dict.fromkeys(one for visit in listed for one in visit))
    if not names:
        return None
    drawn, y = "", 0.0
    for one in names:
        drawn += label(one, LEFT, y + 13, "soft", "start")
        y += LINE - 6
        drawn += line("rule", LEFT, y + 10, axis.end, y + 10)
        for at, visit in zip(axis.at, listed, strict=True):
            if one in visit:
                drawn += (
                    path(kind, [(at, y + 2), (at + 9, y + 17), (at - 9, y + 17)], closed=True)
                    if kind == "harm"
                    else dot(kind, at, y + 10, 6)
                )
        y += LINE
    return Row(name, "", y, drawn)


def _lines(lines: Sequence[tuple[str, Sequence[str]]], axis: Axis) -> tuple[str, float]:
    """Names with a value under each visit."""
    drawn, y = "", 0.0
    for name, values in lines:
        drawn += label(name, LEFT, y + 13, "soft", "start")
        for at, value in zip(axis.at, values, strict=True):
            drawn += label(value or "·", at, y + 33, "" if value else "soft")
        y += 2 * LINE - 8
    return drawn, y


def _twitch(x: float, y: float) -> str:
    """The sign of a twitch: a small zigzag."""
    return path("twitch", [(x, y + 6), (x + 3, y), (x + 5, y + 11), (x + 8, y + 4)])


def _frame(axis: Axis) -> str:
    drawn = ""
    for value in (0.0, 5.0, 10.0):
        drawn += line("rule", LEFT, _y(value), axis.end, _y(value))
        drawn += label(f"{value:g}", LEFT - 8, _y(value) + 4.5, "soft", "end")
    return drawn


def _matters(axis: Axis, top: float, bottom: float) -> str:
    """The part of the row in which a score is better by what matters."""
    high, low = _y(max(top, bottom)), _y(min(top, bottom))
    edge = high if bottom == 0.0 else low
    return box("matters", LEFT, high, axis.end - LEFT, low - high) + line("edge", LEFT, edge, axis.end, edge)


def _scored(axis: Axis, values: Sequence[float | None]) -> str:
    """Scores as points with their number; a line joins neighbours, never across a visit without one."""
    drawn, last = "", None
    for at, value in zip(axis.at, values, strict=True):
        if value is not None and last is not None:
            drawn += line("course", *last, at, _y(value))
        last = None if value is None else (at, _y(value))
    for at, value in zip(axis.at, values, strict=True):
        if value is None:
            drawn += label("not asked", at, _y(0) + 15, "small")
        else:
            drawn += dot("score", at, _y(value), 5.5)
            drawn += label(f"{value:.2g}", at, _y(value) + (20 if value > 8.5 else -10), "strong")
    return drawn


def _band(course: Followed, axis: Axis, forecast: Forecast) -> str:
    """What simulated people like this would report: four in five within the band."""
    last = course.days[-1]
    weeks = [week for week in forecast.weeks if axis.later(week.day - last) <= axis.end]
    if not weeks:
        return ""
    xs = [axis.later(week.day - last) for week in weeks]
    upper = [(x, _y(week.high)) for x, week in zip(xs, weeks, strict=True)]
    lower = [(x, _y(week.low)) for x, week in zip(xs, weeks, strict=True)]
    middle = [(x, _y(week.middle)) for x, week in zip(xs, weeks, strict=True)]
    return path("band", [*upper, *lower[::-1]], closed=True) + path("middle", middle)


def _total(visit: Visited, code: str) -> float | None:
    taken = visit.score(code)
    return None if taken is None else taken.total


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _y(value: float) -> float:
    return 12.0 + (FULL - value) / FULL * (TALL - 34.0)
