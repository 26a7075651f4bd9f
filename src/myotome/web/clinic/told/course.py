"""A course as a page tells it: the drawing at two widths, and every row of it as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from markupsafe import Markup

from myotome.care.course.changes import PAINS, ranges
from myotome.care.course.followed import Followed, needles
from myotome.care.course.forecast import READY, Forecast
from myotome.care.course.scores import scores
from myotome.care.course.visited import Visited
from myotome.web.clinic.told import moments
from myotome.web.clinic.told.course_axis import LEFT, MOST, NARROW, WIDE, Axis, axis, label, line, short
from myotome.web.clinic.told.course_rows import HEAD, Row, rows

NOT_ASKED, NOT_KNOWN, NOTHING = "not asked", "not recorded", "none"

Told = Callable[[Visited], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Table:
    """A row of the drawing as a table: a visit a line."""

    name: str
    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


def drawings(course: Followed, forecast: Forecast | None = None) -> tuple[tuple[str, Markup], ...]:
    """The drawing for a tablet and for a phone, each with the class that shows it."""
    return tuple(
        (name, drawing(course, width, forecast)) for name, width in (("for-tablet", WIDE), ("for-phone", NARROW))
    )


def left_out(course: Followed) -> dict[str, int]:
    """How many visits each drawing has no room for."""
    return {
        name: max(0, len(course.visits) - MOST[width]) for name, width in (("for-tablet", WIDE), ("for-phone", NARROW))
    }


def drawing(course: Followed, width: int, forecast: Forecast | None = None) -> Markup:
    """One drawing; its content is told to screen readers by the tables."""
    shown = slice(max(0, len(course.visits) - MOST[width]), None)
    after = forecast.weeks[-1].day - course.days[-1] if forecast is not None and forecast.status == READY else 0.0
    found = axis([visit.day for visit in course.visits[shown]], width, after)
    return Markup(stacked(rows(course, found, shown, forecast), found, after))  # noqa: S704  # our own drawing


def stacked(listed: Iterable[Row], found: Axis, after: float = 0.0) -> str:
    """Rows one under another with their days; words in it are escaped. ``after``: days drawn after the last visit."""
    body, y, narrow = "", 0.0, found.width == NARROW
    for row in listed:
        body += label(row.name, LEFT, y + 18, "name", "start")
        if row.beside:
            beside = y + 34 if narrow else y + 18
            place = (LEFT, "start") if narrow else (found.end, "end")
            body += label(row.beside, place[0], beside, "beside", place[1])
        y += HEAD + 16 if narrow and row.beside else HEAD
        body += f'<g transform="translate(0 {y:.1f})">{row.drawn}</g>'
        y += row.height + 8
    days = "".join(line("visit", at, 0, at, y) for at in found.at)
    days += "".join(label(short(day), at, y + 16, "soft") for at, day in zip(found.at, found.days, strict=True))
    if after and not narrow:
        weeks = ((n, found.later(7.0 * n)) for n in (4, 8, 12))
        days += "".join(label(f"{n} weeks on", min(at, found.width - 40), y + 16, "soft") for n, at in weeks)
    if found.moved:
        days += label("Visits close together are drawn apart.", LEFT, y + 36, "beside", "start")
    height = y + (44 if found.moved else 24)
    return f'<svg viewBox="0 0 {found.width} {height:.0f}" aria-hidden="true" focusable="false">{days}{body}</svg>'


def tables(course: Followed) -> tuple[Table, ...]:
    """Every row of the drawing, and what it has no room for."""
    visits = course.visits
    found = [
        _table("Pain", ("average", "now", "after the needles"), visits, _pain),
        _table("Function", ("mean", "activities"), visits, _function),
        _table("As the person sees it", ("change since the first visit", "good enough"), visits, _own),
        _table("Range of movement before the needles", ("degrees",), visits, lambda visit: (_ranges(visit),)),
        _levels(course),
        _table("Needles", ("needles", "insertions by kind", "twitches", "familiar pain"), visits, _needles),
        _table("Also done, and harm", ("also done", "harm"), visits, _beside),
    ]
    return tuple(one for one in found if one is not None)


def _table(name: str, heads: tuple[str, ...], visits: Iterable[Visited], told: Told) -> Table:
    lines = tuple((moments.day(visit.day), *told(visit)) for visit in visits)
    return Table(name, ("visit", *heads), lines)


def _levels(course: Followed) -> Table | None:
    if not course.levels:
        return None
    heads = tuple(f"{row.level} {row.side}" for row in course.levels)
    lines = tuple(
        (moments.day(visit.day), *(_signs(row.signs[number]) for row in course.levels))
        for number, visit in enumerate(course.visits)
    )
    return Table("Signs by level", ("visit", *heads), lines)


def _signs(number: int | None) -> str:
    return "not examined" if number is None else "none found" if number == 0 else f"{number} found"


def _pain(visit: Visited) -> tuple[str, ...]:
    after = [taken for code in PAINS if (taken := visit.score(code, "after"))]
    return (*(_score(visit, code) for code in PAINS), f"{after[0].total:g}" if after else NOT_ASKED)


def _function(visit: Visited) -> tuple[str, ...]:
    taken = visit.score("function")
    parts = "; ".join(f"{name} {value:g}" for name, value in taken.parts) if taken else ""
    return (_score(visit, "function"), parts or NOT_ASKED)


def _own(visit: Visited) -> tuple[str, ...]:
    good = visit.score("satisfied")
    return (_score(visit, "change"), NOT_ASKED if good is None else "yes" if good.total else "no")


def _score(visit: Visited, code: str) -> str:
    taken = visit.score(code)
    if taken is not None and taken.total is not None:
        return f"{taken.total:+g}" if code == "change" else f"{taken.total:.3g}"
    why = next((one.why for one in visit.scores if (one.score, one.when) == (code, "before") and one.why), "")
    return why if why and why != scores()[code].missing else NOT_ASKED


def _ranges(visit: Visited) -> str:
    found = [f"{name}{', ' + side if side else ''} {value:g}" for (name, side), value in ranges(visit).items()]
    return "; ".join(found) or "not measured"


def _needles(visit: Visited) -> tuple[str, ...]:
    found = needles(visit)
    if found is None:
        return (NOT_KNOWN,) * 4
    kinds = ", ".join(f"{number} {kind or 'of another kind'}" for kind, number in found.by_kind) or NOTHING
    said = f"of {found.responses} recorded" if found.responses else NOT_KNOWN
    if not found.responses:
        return (str(found.needles), kinds, said if found.insertions else NOTHING, said if found.insertions else NOTHING)
    return (str(found.needles), kinds, f"{found.twitches} {said}", f"{found.familiar} {said}")


def _beside(visit: Visited) -> tuple[str, ...]:
    harms = "; ".join(f"{one.term}, {one.severity}{': ' + one.outcome if one.outcome else ''}" for one in visit.harms)
    beside = NOT_KNOWN if visit.alongside is None else ", ".join(visit.alongside) or "nothing else"
    return (beside, harms or "none recorded")
