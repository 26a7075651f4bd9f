"""The page that the practitioner takes to the table."""

from __future__ import annotations

from collections.abc import Iterator

from myotome.care.examination.case import Case
from myotome.care.explanation.chances import percent
from myotome.care.explanation.explain import Explanation
from myotome.care.explanation.verdict import describe
from myotome.care.plan.plan import BLOCKED, REFUSED, Plan, PlannedPoint
from myotome.care.points.point import Hazard
from myotome.care.points.tables import STRUCTURE_KINDS
from myotome.care.safety.ruling import Applied
from myotome.care.safety.traits import body_mass_index
from myotome.care.screening.referral import ReferralReason
from myotome.paper.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Facts,
    Fields,
    Heading,
    Lines,
    Notice,
    PageBreak,
    Paragraph,
    Part,
    Table,
    Ticks,
    Together,
    Words,
    bold,
)
from myotome.paper.figure import figures, symbol

MOST_ROWS = 4
MOST_LEFT_OUT = 8
COLUMNS = (
    Column("", 0.4, "centre"),
    Column("Point", 1.9),
    Column("Needle", 1.6),
    Column("Keep clear of", 1.9),
    Column("Why", 1.8),
    Column("Response", 1.75),
)


def practitioner_part(case: Case, explained: Explanation, plan: Plan, day: str) -> Part:
    """Everything the practitioner needs at the table, or why nothing may be needled."""
    blocks: list[Block] = [_who(case, plan, day), *_first(plan), *_explanation(explained), *_person(plan)]
    if plan.points:
        blocks += [*figures(plan.points, 80.0), *_tables(plan), *_after(plan)]
    elif plan.status not in (BLOCKED, REFUSED):
        blocks.append(
            Notice("note", "No point is planned", "Nothing that was found is worth needling under these rules.")
        )
    blocks += [_sign(plan), *_left_out(plan), *_details(plan)]
    return Part("Needling plan", "practitioner", tuple(blocks), case.complaint.text or "No complaint was given")


def _who(case: Case, plan: Plan, day: str) -> Facts:
    index = body_mass_index(case.build)
    build = (
        "not measured: the needles suit every build" if index is None else f"{plan.standing.build} (index {index:.1f})"
    )
    person = ", ".join(
        part
        for part in (f"{case.person.age:g} years" if case.person.age is not None else "", case.person.sex or "")
        if part
    )
    where = " ".join(part for part in (case.complaint.side, case.complaint.area) if part)
    visit = f"{day}; visit {case.visit.number or 'number not said'}"
    pairs: list[tuple[Words, Words]] = [("Person", person or "not said"), ("Where", where or "not said")]
    return Facts((*pairs, ("Build", build), ("Day", visit)))


def _first(plan: Plan) -> Iterator[Block]:
    """What stands before any needle: a flag, a rule for the whole person, a question."""
    for reason in plan.gate.blocking:
        yield Notice("stop", f"Do not needle. {reason.flag} ({reason.urgency})", reason.words, _because(reason))
    for rule in plan.person_rules:
        if rule.action == "block":
            yield Notice("stop", f"Do not needle: {rule.code}", rule.practitioner, rule.because)
    if plan.gate.questions:
        yield Notice(
            "ask",
            "Ask first: not asked is not no",
            "Nothing is planned until these are answered." if plan.status == REFUSED else "",
            tuple(question.words for question in plan.gate.questions),
        )
    for reason in plan.gate.warning:
        yield Notice("warning", f"Refer soon: {reason.flag}", reason.words, _because(reason))


def _because(reason: ReferralReason) -> tuple[Words, ...]:
    return (*reason.because, f"Source: {reason.source}")


def _explanation(explained: Explanation) -> Iterator[Block]:
    yield Heading("What the findings say")
    yield Paragraph((bold(explained.verdict.statement), f" Sureness {percent(explained.verdict.confidence)}."))
    rows = [f"{percent(row.probability)}  {describe(row)}" for row in explained.rows[:MOST_ROWS]]
    yield Paragraph("Beside it: " + "; ".join(rows) + ".", small=True)


def _person(plan: Plan) -> Iterator[Block]:
    """Rules for this person, and what is not understood of what was written."""
    careful = [r for r in plan.person_rules if r.action in ("limit", "caution")]
    if careful:
        said = tuple((bold(f"{rule.action}, {'; '.join(rule.because)}: "), rule.practitioner) for rule in careful)
        yield Notice("warning", "For this person", bullets=said)
    person = plan.standing
    known = [
        *(f"Not recognised in {kind}: “{text}”. Find out what it is." for kind, text in person.unrecognised),
        *(f"“{text}” was read as {name}. Check the spelling." for text, name in person.guessed),
        *(f"{rule.practitioner} ({'; '.join(rule.because)})" for rule in plan.person_rules if rule.action == "note"),
        *(f"Cleared: {text}" for text in plan.gate.lifted),
        *(f"Not cleared: {text}" for text in plan.gate.lapsed),
        *(f"No point is offered for {muscle}: {why}" for muscle, why in plan.not_needled),
    ]
    if plan.tender_count:
        count = plan.tender_count
        known.append(f"Tender count {count.tender} of 16, group {count.group}: {count.words}. A {count.label}.")
    if known:
        yield Notice("note", "To know", bullets=tuple(known))


def _tables(plan: Plan) -> Iterator[Block]:
    bounds = plan.bounds
    yield Heading("Points")
    yield Paragraph(
        f"{len(plan.points)} needles of at most {bounds.needles} ({bounds.why}); about {plan.minutes:.0f} of "
        f"{bounds.minutes:.0f} minutes. A twitch is not needed. Stop at electric pain, breathlessness or faintness."
    )
    for position, there in plan.stations:
        yield Table(position.capitalize(), COLUMNS, tuple(_row(point) for point in there))


def _row(planned: PlannedPoint) -> tuple[Cell, ...]:
    """What must be seen at a glance with the needle in hand."""
    one, needle = planned.candidate, planned.needle
    with_what: Words = (bold(needle.text), f" {_deepest(planned)}")
    near = ", ".join(hazard.structure.name for hazard in _hazards(planned)) or "nothing named"
    point: Words = bold(f"{one.point.name}, {one.side.upper()}")
    return (symbol(planned), point, with_what, near, one.reason, Ticks(("twitch", "familiar pain", "neither")))


def _deepest(planned: PlannedPoint) -> str:
    needle = planned.needle
    if needle.ceiling_mm is None:
        return "depth by judgement"
    return f"within {needle.ceiling_mm} mm" + ("" if needle.own else ", a neighbour's limit")


def _details(plan: Plan) -> Iterator[Block]:
    """How each point is found and reached, to be read before the needle is in hand."""
    if plan.points:
        yield PageBreak()
        yield Heading("Each point in detail: read before needling")
    for planned in plan.points:
        title = f"{planned.number}  {planned.candidate.point.name}, {planned.candidate.side.upper()}"
        yield Heading(title, 3)
        yield Bullets(tuple(_detail(planned, plan)))


def _detail(planned: PlannedPoint, plan: Plan) -> Iterator[Words]:
    one, point = planned.candidate, planned.candidate.point
    yield bold("Find: "), _sentence(point.find)
    yield bold(f"Needle {planned.needle.text}: "), f"{_sentence(point.direction)} {_sentence(point.technique)}"
    yield bold("Depth: "), _limit(planned)
    if point.hazards:
        said = [(bold(f"{h.structure.name}: "), f"{_sentence(h.keep)} ") for h in _hazards(planned)]
        yield ("Keep clear of ", *(word for pair in said for word in pair))
    for rule in _own_rules(planned, plan):
        yield bold(f"{rule.action.capitalize()}: "), rule.practitioner
    yield bold("Expect: "), f"{_sentence(point.expect)} Evidence: {_sentence(one.evidence)} {_grade(planned)}"


def _grade(planned: PlannedPoint) -> str:
    """How the technique is known, and where a printed number comes from."""
    said = {"read": "Technique read in an opened source.", "recalled": "Technique recalled from general texts."}
    graded = said.get(planned.candidate.point.provenance.grade, "Technique by judgement.")
    return f"{graded} Number: {planned.needle.source}" if planned.needle.source else graded


def _limit(planned: PlannedPoint) -> str:
    """The words of the needle without the list of structures, which are named apart."""
    return planned.needle.words.split(" Keep clear of:")[0].split("; keep clear of:")[0].rstrip(".") + "."


def _hazards(planned: PlannedPoint) -> list[Hazard]:
    """The hazards of a point, the gravest kinds first."""
    order = list(STRUCTURE_KINDS)
    return sorted(planned.candidate.point.hazards, key=lambda hazard: order.index(hazard.structure.kind))


def _own_rules(planned: PlannedPoint, plan: Plan) -> Iterator[Applied]:
    """Cautions and limits of this place; those of the whole person stand on the first page."""
    whole = {rule.code for rule in plan.person_rules}
    return (r for r in planned.candidate.rules if r.action in ("caution", "limit") and r.code not in whole)


def _after(plan: Plan) -> Iterator[Block]:
    yield Together(
        (
            Heading("Count"),
            Fields((("opened", 1.0), ("in", 1.0), ("out", 1.0), ("in sharps box", 1.2), ("time of the last", 1.4))),
            Lines("Re-test of the same range, strength and tenderness; anything unwanted, and what was done", 2),
        )
    )


def _left_out(plan: Plan) -> Iterator[Block]:
    if plan.left_out:
        said = [(bold(f"{names}: "), why) for names, why in plan.left_out_by_reason]
        rest = len(said) - MOST_LEFT_OUT
        yield Heading("Left out, and why")
        yield Bullets((*said[:MOST_LEFT_OUT], *((f"and {rest} more",) if rest > 0 else ())))


def _sign(plan: Plan) -> Block:
    return Fields((("practitioner, licence", 2.0), ("date and time", 1.2), ("signature", 1.6)))


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
