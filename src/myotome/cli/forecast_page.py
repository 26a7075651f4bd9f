"""A forecast as a table for a person at a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from myotome.care.course.assumptions import ordinal
from myotome.care.course.course import TreatmentCourse
from myotome.care.course.forecast import EVIDENCE, READY, Forecast, Week
from myotome.mechanism import CAUTION

OUTSIDE = "Whole numbers: up to one in five simulated people like this lies outside a band, even one of 0 to 0."


def print_forecast(course: TreatmentCourse, found: Forecast, console: Console | None = None) -> None:
    """Print what is known, then the band by week; or why there is none."""
    console = console or Console(highlight=False, soft_wrap=False)
    console.print(Rule(Text("Myotome: forecast", style="bold"), style="dim"))
    console.print(Text(CAUTION, style="italic"))
    if course.complaint.text:
        console.print(Text(course.complaint.text, style="bold"))
    scores = " ".join("–" if session.pain is None else str(session.pain) for session in course.sessions)
    console.print(Text(f"Pain before each of {len(course.sessions)} sessions: {scores}"))
    console.print(Text(found.sentence, style="bold"))
    if found.status == READY:
        console.print(_table(found))
        console.print(Text(OUTSIDE, style="dim"))
        console.print(Text(sessions(found)))
        console.print(Text(responding(found)))
        for words in found.assumptions:
            console.print(Text(f"Assumed: {words}", style="dim"))
        rest = f"Rests on {found.carriers:,.0f} simulated people of equal weight"
        more = f", made from {found.parents:.0f} and simulated again" if found.again else ""
        console.print(Text(f"{rest}{more}.", style="dim"))
    console.print(Text(EVIDENCE, style="dim"))


def sessions(found: Forecast) -> str:
    """Sessions needed, in words; visits where nothing is to be needled."""
    low, middle, high = (str(n) if n <= found.planned else f"more than {found.planned}" for n in found.needed)
    what = "Visits" if found.needled == "none" else "Sessions"
    band = f" (80 %: {low} to {high})" if low != high else ""
    return f"{what} until pain stays under 2 while they go on, in all: {middle}{band}; {found.had} were had."


def responding(found: Forecast) -> str:
    """The chance of not responding, in words."""
    what = "visit" if found.needled == "none" else "session"
    last = f"the {ordinal(found.planned)} {what}, on day {found.judged:g},"
    return (
        f"Chance that pain one gap after {last} is not at least 30 % below the first score: "
        f"{_percent(found.not_responding)}."
    )


def _percent(chance: float) -> str:
    return "less than 1 %" if chance < 0.01 else "more than 99 %" if chance > 0.99 else f"{100 * chance:.0f} %"


def _table(found: Forecast) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold cyan")
    for heading in ("Week", "Middle", "80 % band", "0         5         10"):
        table.add_column(heading, no_wrap=True)
    for week in found.weeks:
        table.add_row(str(week.week), str(week.middle), f"{week.low} to {week.high}", _bar(week))
    return table


def _bar(week: Week) -> Text:
    """Two letters a point: the band, with its middle."""
    bar = "".join(
        "●" if n == 2 * week.middle else "━" if 2 * week.low <= n <= 2 * week.high else " " for n in range(21)
    )
    return Text(bar, style="blue")
