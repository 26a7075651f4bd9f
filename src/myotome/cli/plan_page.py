"""A plan as a page for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from myotome.care.examination.case import Case
from myotome.care.explanation.chances import percent
from myotome.care.explanation.explain import Explanation
from myotome.care.plan.plan import BLOCKED, NOTICE, REFUSED, Plan, PlannedPoint
from myotome.care.screening.referral import ReferralReason

SIGNS = {"paraspinal": ("▲", "blue"), "symptomatic": ("●", "yellow"), "homeostatic": ("■", "green")}
ACTION_STYLE = {"block": "bold red", "limit": "bold yellow", "caution": "yellow", "note": "dim"}
MOST_LEFT_OUT = 12


def print_plan(case: Case, explained: Explanation, plan: Plan, console: Console | None = None) -> None:
    """Print a plan; what blocks or refuses it comes before everything else."""
    console = console or Console(highlight=False, soft_wrap=False)
    console.print(Rule(Text("Myotome: plan", style="bold"), style="dim"))
    console.print(Text(NOTICE, style="italic"))
    console.print(Text(case.complaint.text or "No complaint was given", style="bold"))
    console.print(Text(f"{explained.verdict.statement} ({percent(explained.verdict.confidence)})"))
    if plan.status == BLOCKED:
        _blocked(console, plan)
    if plan.gate.questions:
        _questions(console, plan)
    _warnings(console, plan)
    if plan.status not in (BLOCKED, REFUSED):
        _points(console, plan)
        _left_out(console, plan)
    _rules(console, plan)
    _count(console, plan)


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(Text(text.upper(), style="bold cyan"))


def _say(console: Console, text: Text | str, by: int = 2) -> None:
    console.print(Padding(text if isinstance(text, Text) else Text(text), (0, by)))


def _blocked(console: Console, plan: Plan) -> None:
    _heading(console, "Do not needle")
    _referrals(console, plan.gate.blocking)
    for rule in plan.person_rules:
        if rule.action == "block":
            _say(console, Text(f"{rule.code}: {rule.practitioner}", style="bold red"))
            _say(console, Text("; ".join(rule.because), style="dim"), 4)


def _referrals(console: Console, reasons: Iterable[ReferralReason]) -> None:
    for reason in reasons:
        _say(console, Text(f"{reason.flag} ({reason.urgency}): {'; '.join(reason.because)}", style="bold"))
        _say(console, reason.words, 4)
        _say(console, Text(f"Source: {reason.source}", style="dim"), 4)


def _questions(console: Console, plan: Plan) -> None:
    _heading(console, "Ask first" if plan.status == REFUSED else "Not asked")
    if plan.status == REFUSED:
        _say(console, "Nothing is planned until these are answered. Not asked is not no.")
    for question in plan.gate.questions:
        line = Text(question.words)
        line.append(f"   {question.code}: yes | no", style="dim")
        _say(console, line)


def _warnings(console: Console, plan: Plan) -> None:
    person = plan.standing
    if plan.gate.warning:
        _heading(console, "Refer soon")
        _referrals(console, plan.gate.warning)
    said = [
        *(f"Not recognised in {kind}: '{text}'. Find out what it is." for kind, text in person.unrecognised),
        *(f"'{text}' was read as {name}. Check the spelling." for text, name in person.guessed),
        *(f"Cleared: {text}" for text in plan.gate.lifted),
        *(f"Not cleared: {text}" for text in plan.gate.lapsed),
        *(f"No point is offered for {muscle}: {why}" for muscle, why in plan.not_needled),
    ]
    if said:
        _heading(console, "To know")
        for text in said:
            _say(console, text)


def _points(console: Console, plan: Plan) -> None:
    bounds = plan.bounds
    _heading(console, f"Points ({len(plan.points)} needles of at most {bounds.needles}: {bounds.why})")
    if not plan.points:
        _say(console, "Nothing that was found is worth needling under these rules.")
        return
    _say(console, Text(f"About {plan.minutes:.0f} of {bounds.minutes:.0f} minutes.", style="dim"))
    for position, there in plan.stations:
        _say(console, Text(position.upper(), style="bold"))
        for point in there:
            _point(console, point)


def _point(console: Console, planned: PlannedPoint) -> None:
    one, point = planned.candidate, planned.candidate.point
    sign, colour = SIGNS[point.kind]
    line = Text(f"{planned.number:2}. ")
    line.append(sign, style=colour)
    line.append(f" {point.name}, {one.side.upper()}", style="bold")
    line.append(f"   {planned.needle.text}")
    _say(console, line, 2)
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", min_width=9)
    table.add_column()
    table.add_row("why", one.reason)
    table.add_row("how", f"{point.direction}. {point.technique}".replace("..", "."))
    table.add_row("depth", Text(planned.needle.words, style="bold" if one.at_lung else ""))
    for rule in one.rules:
        if rule.action != "note":
            said = f"{rule.action}: {rule.practitioner}"
            table.add_row("", Text(said, style=ACTION_STYLE[rule.action]))
    table.add_row("evidence", one.evidence)
    console.print(Padding(table, (0, 6)))


def _left_out(console: Console, plan: Plan) -> None:
    if plan.left_out:
        _heading(console, "Left out, and why")
    said = plan.left_out_by_reason
    for names, why in said[:MOST_LEFT_OUT]:
        _say(console, f"{names}: {why}")
    if len(said) > MOST_LEFT_OUT:
        _say(console, Text("and more; --json lists all.", style="dim"))


def _rules(console: Console, plan: Plan) -> None:
    rules = [rule for rule in plan.person_rules if rule.action != "block"]
    if rules:
        _heading(console, "For this person")
    for rule in rules:
        line = Text(f"{rule.action}: {rule.practitioner}", style=ACTION_STYLE[rule.action])
        line.append(f" ({'; '.join(rule.because)})", style="dim")
        _say(console, line)


def _count(console: Console, plan: Plan) -> None:
    count = plan.tender_count
    if count:
        _heading(console, "Tender count")
        _say(console, f"{count.tender} of 16 test points: group {count.group}, {count.words}")
        _say(console, Text(f"A {count.label}.", style="italic"))
