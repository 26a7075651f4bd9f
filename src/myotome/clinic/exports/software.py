"""What the software said in a visit, from the JSON that was frozen with it; nothing is worked out anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from myotome.care.explanation.chances import percent
from myotome.care.explanation.numbers import cautions
from myotome.clinic.exports.told import House, words
from myotome.clinic.states import WholeState
from myotome.paper.document import Block, Bullets, Column, Facts, Heading, Notice, Paragraph, Table, Words, bold

MOST_ROWS = 6
POINTS = (Column("", 0.35, "centre"), Column("Point", 1.7), Column("Lying", 0.7), Column("Needle", 1.5),
          Column("At risk", 1.5), Column("Why", 1.9))  # fmt: skip
FRAMES: Mapping[str, Literal["stop", "warning"]] = {"emergency": "stop", "urgent": "stop"}


def referred(frozen: WholeState) -> Iterator[Block]:
    """Whom to send where: it stands before everything else."""
    referral = frozen.whole.get("referral") or {}
    for reason in referral.get("reasons", ()):
        because = tuple(words(one) for one in reason.get("because", ()))
        title = f"Referral, {words(reason.get('urgency'))}: {words(reason.get('flag'))}"
        yield Notice(FRAMES.get(str(reason.get("urgency")), "warning"), title, words(reason.get("words")), because)
    if count := len(referral.get("not_asked", ())):
        title = (
            f"{count} question{'' if count == 1 else 's'} before a referral {'was' if count == 1 else 'were'} not asked"
        )
        yield Notice("ask", title, "Not asked is not no. They are named under the questions asked first.")


def not_asked(frozen: WholeState | None) -> list[str]:
    """The questions before a referral that nobody asked."""
    return list(((frozen.whole if frozen else {}).get("referral") or {}).get("not_asked", ()))


def explained(frozen: WholeState, house: House) -> Iterator[Block]:
    """The verdict and what stood beside it."""
    whole = frozen.whole
    verdict = whole.get("verdict") or {}
    yield Heading("What the software said")
    sure = f"Sureness {_percent(verdict.get('confidence'))}." if verdict.get("confidence") is not None else ""
    yield Paragraph((bold(words(verdict.get("statement"))), f" {sure} {_sentence(verdict.get('because'))}".rstrip()))
    rows = [_chance(row) for row in whole.get("explanations", ())[:MOST_ROWS]]
    if rows:
        said = " ".join(words(one) for one in whole.get("cautions") or cautions())
        yield Paragraph(f"Chances: {'; '.join(rows)}. {said}", small=True)
    if conflicts := whole.get("conflicts"):
        yield Bullets(tuple(words(one) for one in conflicts))
    yield _made_by(frozen, house)


def planned(frozen: WholeState, house: House) -> Iterator[Block]:
    """The points that were planned, or why there are none."""
    whole = frozen.whole
    yield Heading("Plan")
    minutes = whole.get("minutes")
    lasts = f" About {minutes:g} minutes." if isinstance(minutes, int | float) and whole.get("points") else ""
    yield Paragraph((bold(_sentence(frozen.said.says)), lasts))
    rules = whole.get("rules", ())
    if rules:
        yield Bullets(tuple(_rule(rule) for rule in rules))
    if questions := whole.get("questions"):
        yield Notice("ask", "To be asked first", bullets=tuple(words(one.get("ask")) for one in questions))
    if points := whole.get("points"):
        yield Table("Points in the order of the visit", POINTS, tuple(_point(one) for one in points))
        yield Paragraph("This is what was planned, not what was done.", small=True)
    yield _made_by(frozen, house)


def _made_by(frozen: WholeState, house: House) -> Block:
    said, notice = frozen.said, words(frozen.whole.get("notice"))
    made = f"Engine {said.engine}, data edition {said.edition}, profile {said.profile}; {house.moment(said.at)}."
    return Paragraph(f"{made} {_sentence(notice)}".strip(), small=True)


def _point(one: Mapping[str, Any]) -> tuple[Words, ...]:
    needle = one.get("needle") or {}
    size = f"{words(needle.get('gauge_mm'))} × {words(needle.get('length_mm'))} mm"
    depth = needle.get("ceiling_mm")
    deep = f"{size}; at most {words(depth)} mm deep" if depth is not None else f"{size}; {words(needle.get('words'))}"
    risks = "; ".join(words(each.get("structure")) for each in one.get("at_risk", ()))
    return (
        words(one.get("number")), f"{words(one.get('point'))}, {words(one.get('side'))}", words(one.get("position")),
        deep, risks, words(one.get("reason")),
    )  # fmt: skip


def _rule(rule: Mapping[str, Any]) -> Words:
    because = "; ".join(words(one) for one in rule.get("because", ()))
    return (bold(f"{words(rule.get('action')).capitalize()}, {because}: "), words(rule.get("practitioner")))


def _chance(row: Mapping[str, Any]) -> str:
    names = f" {', '.join(map(str, row.get('names', ())))}".rstrip()
    side = f", {row['side']}" if row.get("side") else ""
    return f"{_percent(row.get('probability'))} {words(row.get('kind'))}{names}{side}"


def _sentence(said: Any) -> str:
    text = words(said)
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}" if text else ""


def _percent(value: Any) -> str:
    return percent(float(value)) if isinstance(value, int | float) else words(value)


def none_said() -> Facts:
    """Where the software said nothing."""
    return Facts((("Software", "It was not asked in this visit."),))
