"""The note of one visit on paper: what was charted, what the software said, who signed, what was amended since."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from myotome.care.session.document import case_document
from myotome.clinic.exports.examined import examined
from myotome.clinic.exports.session import late, session, unchanged
from myotome.clinic.exports.software import explained, none_said, not_asked, planned, referred
from myotome.clinic.exports.told import Told, day_of, identified
from myotome.clinic.states import Signature
from myotome.paper.document import (
    Block,
    Bullets,
    Facts,
    Heading,
    Notice,
    Paragraph,
    Part,
    Struck,
    Together,
    bold,
)


def note_part(told: Told) -> Part:
    """The pages of one visit."""
    visit = told.visit
    body = tuple(_charted(told))
    blocks: list[Block] = [Facts(identified(told.person)), *_above(told), _who(told)]
    blocks += [Struck(body)] if visit.struck else body
    blocks += [*_signed(told), *late(told), *_amended(told), *_moved(told), *_heads(told)]
    return Part(f"Visit of {day_of(visit.day)}", "practitioner", tuple(blocks), told.house.clinic.name)


def _above(told: Told) -> Iterator[Block]:
    """What changes how all the rest is read."""
    visit, house = told.visit, told.house
    if visit.struck:
        who = f"{house.called(visit.struck.by)}, {house.moment(visit.struck.at)}"
        yield Notice("stop", "Entered in error: this visit counts no more", f"{who}. Reason: {visit.struck.reason}")
    if count := len(visit.amendments):
        times = "once" if count == 1 else f"{count} times"
        yield Notice("note", f"Amended {times} after it was signed", "The amendments stand after the note.")
    if visit.signature is None and not visit.struck:
        yield Notice("warning", "Not signed", "This is a draft; it can still be changed.")
    if visit.stage == "waits for co-signature":
        yield Notice("warning", "Waits for a co-signature", "It was signed by somebody in training.")
    if told.explanation:
        yield from referred(told.explanation)


def _who(told: Told) -> Facts:
    visit, house = told.visit, told.house
    opened = f"{house.charted(visit.opened_by, visit.on_behalf)}; {house.moment(visit.opened_at)}"
    number = f", visit {told.number} of this person" if told.number else ""
    pairs = [("Day of the visit", f"{day_of(visit.day)}{number}"), ("Charted by", opened)]
    if visit.examined:
        by = house.charted(visit.examined.by, visit.examined.on_behalf)
        pairs.append(("Examination by", f"{by}; {house.moment(visit.examined.at)}"))
    pairs += unchanged(told)
    if visit.reason:
        pairs.append(("Reason", visit.reason))
    return Facts((*pairs, ("Visit", visit.id)))


def _charted(told: Told) -> Iterator[Block]:
    visit, house = told.visit, told.house
    yield Heading("Hypothesis")
    if visit.hypothesis:
        yield Paragraph(visit.hypothesis.text)
        by = house.charted(visit.hypothesis.by, visit.hypothesis.on_behalf)
        yield Paragraph(f"{by}, {house.moment(visit.hypothesis.at)}, before an explanation was recorded.", small=True)
    else:
        yield Paragraph("None was written down.")
    case = visit.case if visit.case is not None else _so_far(told)
    if case is not None:
        yield from examined(case, not_asked(told.explanation))
    if told.explanation:
        yield from explained(told.explanation, house)
    else:
        yield none_said()
    if told.plan:
        yield from planned(told.plan, house)
    yield from session(told)


def _so_far(told: Told) -> dict[str, Any] | None:
    """What was charted at the bedside where no case was put together yet."""
    return case_document(told.entries, {}) or None


def _signed(told: Told) -> Iterator[Block]:
    visit = told.visit
    if visit.signature is None:
        return
    pairs = [("Signed by", _signature(told, visit.signature))]
    if visit.cosignature:
        pairs.append(("Co-signed by", _signature(told, visit.cosignature)))
    elif visit.signature.needs_cosignature:
        pairs.append(("Co-signed by", "nobody yet"))
    yield Together((Heading("Signature"), Facts(tuple(pairs))))
    yield Paragraph(
        ("The signature covers everything recorded in this visit before it, by this digest: ", visit.signature.digest),
        small=True,
    )


def _signature(told: Told, signature: Signature) -> str:
    moment = told.house.moment(signature.at)
    return f"{told.house.called(signature.by)}, {moment}, having signed in again by {signature.method}"


def _amended(told: Told) -> Iterator[Block]:
    house = told.house
    for number, note in enumerate(told.visit.amendments, 1):
        by = f"{house.charted(note.by, note.on_behalf)}, {house.moment(note.at)}"
        title = Heading("Amendments") if number == 1 else None
        body = Notice("note", f"Amendment {number}", note.text, (f"Reason: {note.reason}", by))
        yield Together((title, body)) if title else body


def _moved(told: Told) -> Iterator[Block]:
    """That it came from another record; whose that is stands on no paper of this person."""
    if moves := told.visit.moves:
        yield Heading("Moved")
        said = "moved here from the record on which it had been charted by mistake"
        yield Bullets(tuple(f"{told.house.moment(one.at)}, {told.house.called(one.by)}: {said}" for one in moves))


def _heads(told: Told) -> Iterator[Block]:
    """What of the chain shows later that nothing was changed."""
    rows = [("When this was printed", told.house.head)]
    for label, signature in (
        ("Of the co-signature", told.visit.cosignature),
        ("Of the signature", told.visit.signature),
    ):
        if signature:
            rows.insert(0, (label, f"{signature.position}:{signature.hash}"))
    blocks: list[Block] = [Heading("To check this note later")]
    for label, head in rows:
        blocks.append(Paragraph((bold(f"{label}: "), head), small=True))
    blocks.append(Paragraph("Run: myotome verify --against POSITION:HASH, with one of the above.", small=True))
    yield Together(tuple(blocks))
