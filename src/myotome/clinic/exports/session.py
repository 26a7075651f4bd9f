"""What a note holds of the bedside beside the needles: changes, harm, re-tests, scores, what was given and agreed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from myotome.care.course.scores import scores
from myotome.care.session.keys import FINDING, KEYS, excludes
from myotome.care.session.ledger import IN, ledger
from myotome.care.session.noted import Noted
from myotome.care.session.values import Values, values
from myotome.clinic.exports.needles import counts, needles
from myotome.clinic.exports.says import NOT_RECORDED, Hours, by_whom, counted, found_in, place_of, says, signed_by
from myotome.clinic.exports.told import Told, day_of, words
from myotome.paper.document import Block, Bullets, Column, Facts, Heading, Notice, Paragraph, Table, bold

HARM = (Column("What", 1.3), Column("How bad", 0.8), Column("Began", 0.9), Column("Where", 1.2),
        Column("Done", 1.6), Column("Outcome", 1.2))  # fmt: skip
AGAIN = (Column("Sign", 1.1), Column("Where", 1.8), Column("Before", 1.6), Column("After", 1.6))
WHEN = KEYS[FINDING].index("when")
LATE = (Column("Happened", 1.2), Column("Entered late", 2.8), Column("By", 1.6), Column("Received", 1.4))


def session(told: Told) -> Iterator[Block]:
    """The blocks of what was charted at the bedside; nothing where nothing was."""
    if not told.entries:
        return
    found, hours = values(told.entries), Hours(told)
    yield from _judged(found)
    yield from needles(told)
    yield from _harm(found, told, hours)
    yield from _again(found)
    yield from _given(found)
    yield from _remarks(found, told, hours)
    yield from _differing(found, told, hours)
    yield _charted_by(told)


def late(told: Told) -> Iterator[Block]:
    """What came after the signature: apart, with when it happened and when it came. It changes nothing above."""
    came, hours = [one for one in told.entries if one.late], Hours(told)
    if not came:
        return
    at = _insertions(told)
    yield Heading("Entered after the signature")
    yield Notice("note", "The signature does not cover this", "It stands beside the note and changes nothing above.")
    rows = ((hours.said(hours.of(one)), says(one, at), by_whom(told, one), _received(told, one)) for one in came)
    yield Table("", LATE, tuple(rows))
    before, after = ledger(told.entries), ledger(told.with_late)
    if (before.opened, before.out, before.in_sharps) != (after.opened, after.out, after.in_sharps):
        yield Paragraph(bold("The needles with what came late:"))
        yield Facts(tuple(counts(after)))


def _received(told: Told, one: Noted) -> str:
    paper = "from paper; " if one.body.get("paper") else ""
    return f"{paper}{told.house.moment(one.received)}" if one.received else NOT_RECORDED


def _insertions(told: Told) -> dict[str, Noted]:
    return {one.id: one for one in told.entries if one.kind == IN}


def _judged(found: Values) -> Iterator[Block]:
    """What the practitioner made of the explanation and of the plan."""
    pairs = []
    for value in found.all("explanation.judged").values():
        text = words(value.body.get("text"))
        pairs.append(("Practitioner agrees", f"{words(value.body.get('agrees'))}{f': {text}' if text else ''}"))
    changes = [f"{one.body.get('change')} {place_of(one.body)}" for one in found.all("plan.changed").values()]
    if changes:
        pairs.append(("Changed in the plan", "; ".join(changes)))
    taken = found.one("plan.taken")
    if taken:
        pairs.append(("Plan taken", "; ".join(map(place_of, taken.body.get("points", ()))) or "without a point"))
    if pairs:
        yield Facts(tuple(pairs))


def _harm(found: Values, told: Told, hours: Hours) -> Iterator[Block]:
    rows = []
    for value in found.all("adverse.recorded").values():
        for one in value.differing:
            body = one.body
            text = f". {words(body.get('text'))}" if body.get("text") else ""
            by = f" ({signed_by(told, one, hours)})"
            rows.append(
                (words(body.get("term")), words(body.get("severity")), words(body.get("onset")),
                 place_of(body) or NOT_RECORDED, (words(body.get("actions")) or NOT_RECORDED) + text + by,
                 words(body.get("outcome")) or NOT_RECORDED)
            )  # fmt: skip
    yield Heading("Adverse events")
    if rows:
        yield Table("", HARM, tuple(rows))
    else:
        yield Paragraph("None is recorded.")
    for value in found.all("checkin.made").values():
        yield Paragraph((bold(f"Check-in, {value.body.get('due')}: "), f"{_checkin(value.body)}. ",
                         signed_by(told, value.heads[0], hours)))  # fmt: skip


def _checkin(body: Mapping[str, Any]) -> str:
    return "; ".join(
        part for part in (words(body.get("how")), words(body.get("answers")), words(body.get("text"))) if part
    )


def _again(found: Values) -> Iterator[Block]:
    """The re-tests beside the first tests of the same signs, and the scores."""
    findings = found.all(FINDING)
    rows = []
    for key, value in findings.items():
        if key[WHEN] != "after":
            continue
        then = (*key[:WHEN], "before", *key[WHEN + 1 :])
        first = [one for key, one in findings.items() if excludes(key, then)]
        before = "; ".join(_seen(one.differing) for one in first) or "not tested"
        rows.append((words(value.body.get("sign")), place_of(value.body), before, _seen(value.differing)))
    if rows:
        yield Heading("Tested again after the needles")
        yield Table("", AGAIN, tuple(rows))
    if given := found.all("score.recorded"):
        yield Heading("Scores")
        yield Facts(tuple((_named(*key), _score(value.body)) for key, value in sorted(given.items())))


def _seen(heads: tuple[Noted, ...]) -> str:
    said = " | ".join(found_in(head.body) or NOT_RECORDED for head in heads)
    return f"two entries differ: {said}" if len(heads) > 1 else said


def _named(code: str, when: str) -> str:
    score = scores().get(code)
    return f"{score.name if score else code}, {when} the needles"


def _score(body: Mapping[str, Any]) -> str:
    total, items = words(body.get("total")), words(body.get("items")).removeprefix("score ")  # it is called by its name
    return "; ".join(part for part in (f"total {total}" if total else "", items) if part) or NOT_RECORDED


def _given(found: Values) -> Iterator[Block]:
    """Other treatment, aftercare and the next visit: each is said to be missing where nobody charted it."""
    beside = [_with_text(one.body, "what") for one in found.all("alongside.recorded").values()]
    pairs = [("Done beside the needles", "; ".join(beside) or NOT_RECORDED)]
    given = found.one("aftercare.given")
    told = (words(given.body.get(name)) for name in ("how", "advice")) if given else ()
    advice = ": ".join(filter(None, told)) or NOT_RECORDED
    planned = found.one("followup.planned")
    pairs += [("Aftercare given", advice), ("Next visit", _next(planned.body) if planned else NOT_RECORDED)]
    yield Heading("Beside and after")
    yield Facts(tuple(pairs))


def _next(body: Mapping[str, Any]) -> str:
    days = f"in {words(body['days'])} days" if body.get("days") is not None else ""
    return ", ".join(part for part in (words(body.get("date")), days, words(body.get("text"))) if part) or NOT_RECORDED


def _with_text(body: Mapping[str, Any], name: str) -> str:
    text = words(body.get("text"))
    return f"{words(body.get(name))}{f' ({text})' if text else ''}"


def _remarks(found: Values, told: Told, hours: Hours) -> Iterator[Block]:
    rows = [one for value in found.all("remark.written").values() for one in value.heads]
    if rows:
        yield Heading("Remarks")
        yield Bullets(tuple(f"{words(one.body.get('text'))} ({signed_by(told, one, hours)})" for one in rows))


def _differing(found: Values, told: Told, hours: Hours) -> Iterator[Block]:
    """What two people charted differently, and what was settled of it; slips that were taken back."""
    at, by_id = _insertions(told), {one.id: one for one in told.entries}

    def said(one: Noted) -> str:
        return f"{says(one, at)} ({signed_by(told, one, hours)})"

    open_ones = [" | ".join(map(said, value.differing)) for value in found.conflicts]
    settled = []
    for one in found.entries:
        before = [by_id[name] for name in one.ids("replaces") if name in by_id]
        if len({each.says for each in before}) > 1:
            settled.append(f"{' | '.join(map(said, before))}. Settled: {said(one)}")
        elif before and before[0].says != one.says:
            settled.append(f"{said(before[0])}. Corrected: {said(one)}")
    back = [one for one in found.entries if one.kind == "entry.taken-back" and one.word("entry") in by_id]
    slips = [f"{said(by_id[one.word('entry')])}. Taken back: {signed_by(told, one, hours)}" for one in back]
    if open_ones:
        yield Notice("warning", "Entries that differ and were not settled", bullets=tuple(open_ones))
    if settled or slips:
        yield Heading("Corrected while charting", 3)
        yield Bullets((*settled, *slips))


def _charted_by(told: Told) -> Paragraph:
    here = [one for one in told.entries if not one.late]
    who = counted(f"{by_whom(told, one)}:" for one in here)
    paper = sum(bool(one.body.get("paper")) for one in here)
    from_paper = f" {paper} of them from paper." if paper else ""
    return Paragraph(f"{len(here)} entries at the bedside. {who}.{from_paper}", small=True)


def unchanged(told: Told) -> Iterator[tuple[str, str]]:
    """Which visit the answers were carried over from, where they were."""
    value = values(told.entries).one("screening.unchanged")
    if value is not None:
        one = value.heads[0]
        carried = len(value.body.get("answers") or {})
        day = told.days.get(words(value.body.get("since")))
        since = f"the visit of {day_of(day)}" if day else "another visit"
        yield "Nothing changed", f"since {since}; {carried} answers carried over. {signed_by(told, one, Hours(told))}"
