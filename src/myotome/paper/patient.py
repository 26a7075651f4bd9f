"""The page that the patient takes home, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from myotome.care.aftercare.advice import Advice
from myotome.care.aftercare.needled import aftercare
from myotome.care.evidence.conditions import (
    NO_TRIAL,
    NOT_GIVEN,
    Condition,
    Result,
    expectation,
    find,
    for_area,
    results,
)
from myotome.care.evidence.harms import Harm, for_regions, in_range, reasons
from myotome.care.examination.case import Case
from myotome.care.explanation.explain import Explanation
from myotome.care.plan.plan import BLOCKED, NOTHING, REFUSED, Plan, PlannedPoint
from myotome.errors import UnknownNameError
from myotome.paper.document import (
    Block,
    Bullets,
    Column,
    Columns,
    Count,
    Counts,
    Facts,
    Fields,
    Heading,
    Notice,
    Paragraph,
    Part,
    Table,
    Together,
    Words,
    bold,
)
from myotome.paper.figure import figures, symbol
from myotome.paper.plain import place_of, say

MOST_CONDITIONS = 2
ADVICE = (("expect", "What you may feel afterwards"), ("do", "What helps"), ("avoid", "What to leave for now"))


def patient_part(case: Case, explained: Explanation, plan: Plan) -> Part:
    """What was found, what is done, what to expect and what to do afterwards; or why no needle is used."""
    if plan.status in (BLOCKED, REFUSED, NOTHING):
        blocks = tuple(_no_needles(case, explained, plan))
        return Part("Your visit today", "patient", blocks, say("say", "keep"))
    blocks = (
        *_found(explained, plan),
        *_done(plan),
        *_hope(case),
        *_harm(plan),
        *_afterwards(aftercare(plan)),
        Fields((("phone us at", 1.5), ("your practitioner", 1.5), ("next visit", 1.0))),
    )
    return Part("Your treatment with needles", "patient", blocks, say("say", "keep"))


def conditions_of(case: Case) -> tuple[Condition, ...]:
    """The conditions that a complaint is called or may be, by its words, else by its place."""
    try:
        return (find(case.complaint.text),) if case.complaint.text else for_area(case.complaint.area or "")
    except UnknownNameError:
        return for_area(case.complaint.area or "")[:MOST_CONDITIONS]


def _no_needles(case: Case, explained: Explanation, plan: Plan) -> Iterator[Block]:
    urgencies = [reason.urgency for reason in plan.gate.blocking]
    if urgencies:
        urgency = "emergency" if "emergency" in urgencies else "urgent"
        yield Notice("stop", say("say", "no needles"), f"{say('say', urgency)} {say('say', 'worse')}")
    elif plan.status == BLOCKED:
        said = tuple(rule.patient for rule in plan.person_rules if rule.action == "block")
        yield Notice("stop", say("say", "no needles"), say("say", "not for you"), said)
    if plan.status == REFUSED:
        asked = tuple(question.words for question in plan.gate.questions)
        yield Notice("ask", say("say", "ask first"), "", asked)
    yield from _unknown(plan)
    if not urgencies:
        yield from _found(explained, plan)
        yield from _hope(case)


def _unknown(plan: Plan) -> Iterator[Block]:
    if plan.standing.unrecognised:
        texts = tuple(f"“{text}”" for _, text in plan.standing.unrecognised)
        yield Notice("ask", say("say", "not known"), "", texts)


def _found(explained: Explanation, plan: Plan) -> Iterator[Block]:
    verdict = explained.verdict
    names = verdict.row.names if verdict.row else ()
    segment = next((name for name in names if len(name) <= 3 and name[0] in "CTLS"), None)
    place = place_of(segment) if segment else "spine"
    yield Heading("What was found")
    yield Paragraph(say("verdict", verdict.kind).format(place=place))
    if verdict.kind in ("root", "irritation") or any(p.candidate.point.level for p in plan.points):
        yield Paragraph(say("say", "spine"))


def _done(plan: Plan) -> Iterator[Block]:
    yield Heading("What is done today")
    yield Paragraph(say("say", "invasive"))
    kinds = dict.fromkeys(planned.candidate.point.kind for planned in plan.points)
    counts = {kind: sum(p.candidate.point.kind == kind for p in plan.points) for kind in kinds}
    yield Bullets(tuple((bold(_needles(counts[kind])), f" {say('kind', kind)}") for kind in kinds))
    yield from figures(plan.points, 105.0)
    yield _where(plan)
    yield Paragraph(say("say", "feel"))
    yield from _unknown(plan)
    said = tuple(
        rule.patient for rule in plan.person_rules if rule.action in ("limit", "caution", "note") and rule.patient
    )
    if said:
        yield Notice("note", "For you in particular", bullets=said)


def _needles(count: int) -> str:
    return "one needle" if count == 1 else f"{count} needles"


def _where(plan: Plan) -> Columns:
    """Where each needle goes, by its number in the picture, in two columns."""
    half = (len(plan.points) + 1) // 2
    parts = (plan.points[:half], plan.points[half:])
    return Columns(tuple((_list_of(part),) for part in parts if part))


def _list_of(points: tuple[PlannedPoint, ...]) -> Table:
    columns = (Column("", 0.16, "centre"), Column("Where"))
    rows = tuple((symbol(p), f"{plain_name(p.candidate.point.name)}, {p.candidate.side}") for p in points)
    return Table("", columns, rows, named=False)


def plain_name(name: str) -> str:
    """A point as a patient reads it."""
    level, _, rest = name.partition(" ")
    return f"beside the spine ({level}, {place_of(level)})" if rest == "paraspinal" else name


def _hope(case: Case) -> Iterator[Block]:
    yield Heading("What you can hope for")
    found = conditions_of(case)
    for condition in found:
        yield Paragraph((bold(f"For {condition.name}: "), condition.wording))
        counted = [result for result in results().get(condition.name, ()) if result.sham_per_100 != NOT_GIVEN]
        yield from (_counts(result) for result in counted)
        yield Paragraph((bold("Counted in people: "), " ".join(expectation(condition))), small=bool(counted))
    if not found:
        yield Paragraph((bold("Counted in people: "), NO_TRIAL))
    yield Paragraph(say("say", "course"))
    yield Paragraph(say("say", "choice"))


def _counts(result: Result) -> Counts:
    with_needles = Count(round(result.treated_per_100), f"with {result.treatment} {result.outcome}")
    with_sham = Count(round(result.sham_per_100), f"with sham needling {result.outcome}")
    return Counts(
        f"{result.condition.capitalize()}: {result.follow_up}",
        (with_needles, with_sham),
        "did",
        "did not",
        note="Sham: needles that do not go in, or not where they should.",
    )


def _harm(plan: Plan) -> Iterator[Block]:
    """The harms that can happen where this plan needles: minor ones, serious ones with a rate, and single cases."""
    listed = for_regions({planned.candidate.point.region for planned in plan.points})
    by_name: dict[str, list[Harm]] = {}
    for harm in listed:
        by_name.setdefault(harm.name, []).append(harm)
    counted = {name: same for name, same in by_name.items() if any(harm.per_100 for harm in same)}
    single = [name for name in by_name if name not in counted]
    yield Heading("What may go wrong")
    for serious, title in ((False, "Small and passing"), (True, "Serious")):
        rows = [
            (bold(name.capitalize()), in_range(same)) for name, same in counted.items() if same[0].serious == serious
        ]
        if rows:
            yield Together((Heading(title, 3), Facts(tuple(rows))))
    if single:
        yield Paragraph(f"Single cases are known of {', '.join(single)}. How often these happen is not known.")
    yield Paragraph((bold("Why the numbers differ. "), " ".join(why.text for why in reasons())), small=True)


def _afterwards(listed: Sequence[Advice]) -> Iterator[Block]:
    yield Heading("Afterwards")
    yield from alarms(listed)
    yield from habits(listed, 3)


def alarms(listed: Iterable[Advice]) -> Iterator[Block]:
    """What to seek help for, the gravest first."""
    by_kind = _by_kind(listed)
    if "emergency" in by_kind:
        yield Notice("stop", "Get help at once", bullets=tuple(by_kind["emergency"]))
    if "watch" in by_kind:
        yield Notice("warning", "Phone us, or see a doctor", bullets=tuple(by_kind["watch"]))


def habits(listed: Iterable[Advice], level: Literal[2, 3]) -> Iterator[Block]:
    """What to expect, what helps, what to leave."""
    by_kind = _by_kind(listed)
    for kind, title in ADVICE:
        if kind in by_kind:
            yield Together((Heading(title, level), Bullets(tuple(by_kind[kind]))))


def _by_kind(listed: Iterable[Advice]) -> dict[str, list[Words]]:
    found: dict[str, list[Words]] = {}
    for one in listed:
        found.setdefault(one.kind, []).append(one.patient)
    return found
