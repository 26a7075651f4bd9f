"""Followed schedules as a table for a person at a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from myotome.care.simulation.scenario.outcome import LITTLE, Outcome
from myotome.care.simulation.scenario.schedule import Scenario
from myotome.mechanism import CAUTION

KEY = (
    "Pain: 0–10 in the worst region; below it as reported, with context and medicine.",
    f"Settled: pain stays under {LITTLE:g} from that day to the end.",
    "Sore: most pain that soreness alone would give, and when after a session.",
    "Twitches: summed over the needled muscles, at the first and the last session.",
)
FEW = 6  # sessions whose pain is shown one by one


def print_outcomes(scenario: Scenario, outcomes: Sequence[Outcome], console: Console | None = None) -> None:
    """Print the person, then one row a schedule."""
    console = console or Console(highlight=False, soft_wrap=False)
    console.print(Rule(Text("Myotome: simulated person", style="bold"), style="dim"))
    console.print(Text(CAUTION, style="italic"))
    console.print(Text(scenario.name, style="bold"))
    if scenario.note:
        console.print(Text(scenario.note))
    for one in scenario.disruptions:
        words = f"{one.level} {one.side} disrupted from day {one.from_day:g} for {one.days:g} days, {one.strength:.0%}"
        console.print(Text(f"  {words}"))
    console.print(_table(outcomes))
    for words in KEY:
        console.print(Text(words, style="dim"))


def _table(outcomes: Sequence[Outcome]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold cyan")
    for heading in ("Schedule", "Sessions", "Pain before each", "End", "Settled", "Sore", "Twitches"):
        table.add_column(heading, overflow="fold", no_wrap=heading != "Schedule")
    for one in outcomes:
        needled = len(one.days) > one.shams
        table.add_row(
            Text(one.name, style="bold"),
            _sessions(one),
            Text(_row(one.before)).append(f"\n{_row(one.reported_before)}", style="dim"),
            Text(f"{one.end:.1f}").append(f"\n{one.reported_end:.1f}", style="dim"),
            _settled(one),
            f"{one.soreness:.1f}\n{24 * one.sore_after:.0f} h" if one.soreness >= 0.05 else "-",
            f"{one.twitches[0]:.1f}\nto {one.twitches[-1]:.1f}" if needled else "-",
        )
    return table


def _sessions(one: Outcome) -> str:
    if not one.days:
        return "none"
    kind = " sham" if one.shams == len(one.days) else f", {one.shams} sham" if one.shams else ""
    days = f"{one.days[0]:g}" + (f"–{one.days[-1]:g}" if len(one.days) > 1 else "")
    return f"{len(one.days)}{kind}\nday {days}"


def _settled(one: Outcome) -> Text:
    if one.settled_on is not None:
        return Text(f"always < {LITTLE:g}" if one.settled_on == 0.0 else f"day {one.settled_on:.0f}", style="green")
    if one.came_back_on is not None:
        return Text(f"{one.lowest:.1f}, back\nby day {one.came_back_on:.0f}", style="bold red")
    return Text("no", style="bold red")


def _row(numbers: Sequence[float]) -> str:
    """The numbers in a row; the middle ones left out where there are many."""
    shown = [f"{number:.1f}" for number in numbers]
    return " ".join(shown if len(shown) <= FEW else [*shown[: FEW - 3], "…", *shown[-2:]])
