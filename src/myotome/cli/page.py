"""An explanation as a page for a person at a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from myotome.care.examination.case import Case
from myotome.care.explanation.chances import percent
from myotome.care.explanation.explain import Explanation
from myotome.care.explanation.numbers import cautions
from myotome.care.explanation.shape import NOTICE
from myotome.care.explanation.verdict import describe

BAR = 20
SHOWN = 6
URGENCY_STYLE = {"none": "green", "soon": "yellow", "urgent": "bold yellow", "emergency": "bold white on red"}


def print_page(case: Case, explained: Explanation, *, first: bool = True, console: Console | None = None) -> None:
    """Print one explanation; referral comes before everything else."""
    console = console or Console(highlight=False, soft_wrap=False)
    if not first:
        console.print()
    console.print(Rule(Text("Myotome", style="bold"), style="dim"))
    console.print(Text(NOTICE + ".", style="italic"))
    console.print(_who(case))
    _referral(console, explained)
    _verdict(console, explained)
    _rows(console, explained)
    _why(console, explained)
    _conflicts(console, explained)
    _next(console, explained)
    console.print(
        Text(
            f"\nProfile {explained.profile}"
            + _profile_note(explained)
            + f" · {explained.engine} · data edition {explained.data_edition}",
            style="dim",
        )
    )


def _profile_note(explained: Explanation) -> str:
    if explained.profile_changes_answer is None:
        return ""
    return " (another profile would answer otherwise)" if explained.profile_changes_answer else " (all profiles agree)"


def _who(case: Case) -> Text:
    person = [] if case.person.age is None else [f"{case.person.age:g} years"]
    person += [case.person.sex] if case.person.sex else []
    where = " ".join(p for p in (case.complaint.side, case.complaint.area) if p)
    parts = [p for p in (", ".join(person), where) if p]
    line = Text(case.complaint.text or "No complaint was given", style="bold")
    line.append("".join(f"  ·  {p}" for p in parts), style="not bold")
    return line


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(Text(text.upper(), style="bold cyan"))


def _referral(console: Console, explained: Explanation) -> None:
    referral = explained.referral
    _heading(console, "Refer first?")
    words = {"none": "No reason to refer in what was recorded."}
    line = Text(words.get(referral.urgency, referral.urgency.upper()), style=URGENCY_STYLE[referral.urgency])
    console.print(Padding(line, (0, 2)))
    for reason in referral.reasons:
        flag = Text(f"{reason.flag} ({reason.urgency})", style="bold")
        flag.append(": " + "; ".join(reason.because), style="not bold")
        console.print(Padding(flag, (0, 2)))
        console.print(Padding(Text(reason.words), (0, 4)))
        console.print(Padding(Text(f"Source: {reason.source}", style="dim"), (0, 4)))
    if referral.not_asked:
        some = ", ".join(referral.not_asked[:5])
        more = len(referral.not_asked) - 5
        rest = f" and {more} more" if more > 0 else ""
        text = f"Red flags: {referral.screen}. Not asked: {some}{rest}. Not asked is not no."
        console.print(Padding(Text(text), (0, 2)))


def _verdict(console: Console, explained: Explanation) -> None:
    verdict = explained.verdict
    _heading(console, "What the findings say")
    console.print(Padding(Text(verdict.statement, style="bold"), (0, 2)))
    console.print(Padding(Text(f"Sureness {percent(verdict.confidence)}; {verdict.because}.", style="dim"), (0, 2)))


def _rows(console: Console, explained: Explanation) -> None:
    _heading(console, "Explanations")
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right")
    table.add_column(justify="right", style="dim")
    table.add_column()
    for place, row in enumerate(explained.rows[:SHOWN]):
        interval = ""
        if explained.intervals:
            low, high = explained.intervals[place]
            interval = f"{low:.0%} to {high:.0%}"
        bar = "█" * round(BAR * row.probability)
        table.add_row(Text(bar.ljust(BAR, "·"), style="cyan"), percent(row.probability), interval, describe(row))
    rest = max(1.0 - sum(r.probability for r in explained.rows[:SHOWN]), 0.0)
    table.add_row(Text("█" * round(BAR * rest), style="dim"), percent(rest), "", Text("anything else", style="dim"))
    console.print(Padding(table, (0, 2)))
    console.print(Padding(Text(" ".join(cautions()), style="dim"), (0, 2)))


def _why(console: Console, explained: Explanation) -> None:
    if not explained.segments:
        return
    _heading(console, "Segments, and why")
    for segment in explained.segments[:3]:
        text = Text(f"{segment.segment} {segment.side}:", style="bold")
        irritated, deficient = percent(segment.irritated), percent(segment.deficient)
        text.append(f" {segment.pattern} pattern of irritation ({irritated}), deficient {deficient}", style="not bold")
        console.print(Padding(text, (0, 2)))
        table = Table.grid(padding=(0, 2))
        table.add_column(justify="right")
        table.add_column()
        for reason in segment.reasons[:6]:
            style = "green" if reason.decibels > 0 else "magenta"
            table.add_row(Text(f"{reason.decibels:+.1f} dB", style=style), reason.finding)
        console.print(Padding(table, (0, 4)))


def _conflicts(console: Console, explained: Explanation) -> None:
    if explained.conflicts:
        _heading(console, "Not explained by this")
        for finding in explained.conflicts:
            console.print(Padding(Text(finding), (0, 2)))


def _task(sign: str) -> str:
    return "ask about" if sign == "screening" else sign


def _next(console: Console, explained: Explanation) -> None:
    if explained.next_tests:
        _heading(console, "Test next")
        for place, test in enumerate(explained.next_tests, start=1):
            side = f", {test.side}" if test.side else ""
            console.print(Padding(Text(f"{place}. {_task(test.sign)} {test.at}{side} ({test.seconds:.0f} s)"), (0, 2)))
