"""Sheets that are handed over or written on: a consent as it was signed, aftercare, the form on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from myotome.care.aftercare.needled import after
from myotome.care.examination.case_file import build
from myotome.care.safety.standing import standing
from myotome.care.screening.items import code_of
from myotome.care.session.followed import with_late
from myotome.care.session.ledger import ledger
from myotome.care.session.noted import Noted
from myotome.care.session.values import values
from myotome.clinic.at_bedside import bedside_document
from myotome.clinic.consents.texts import consent_text
from myotome.clinic.exports.needles import PACKET
from myotome.clinic.exports.says import size_in
from myotome.clinic.exports.told import House, Told, day_of, identified, words
from myotome.clinic.shelf import Shelf
from myotome.clinic.states import Consent, PersonState
from myotome.errors import CaseError, EntryError
from myotome.paper.aftercare import aftercare_part
from myotome.paper.document import Block, Bullets, Facts, Heading, Notice, Paragraph, Part, Together
from myotome.paper.form import Packet, Row, Whose, form_parts
from myotome.paper.pdf import PaperSize

NONE_NEEDLED = "No needle is charted in this visit. Aftercare is printed for what was needled: chart the needles first."
OTHER_WORDS = (
    "The words of {version} that are kept here are not those that were signed. Report this; nothing is printed."
)
NO_FACTS: tuple[str, ...] = ()


def consent_part(house: House, person: PersonState, one: Consent) -> Part:
    """Exactly the words that were signed, who signed when and how, and that it was withdrawn where it was.

    Raises:
        MissingError: no text of that version is kept.
        EntryError: the text that is kept is another than was signed.
    """
    text = consent_text(one.text_version)
    if text.digest != one.text_digest:
        raise EntryError(OTHER_WORDS.format(version=one.text_version))
    blocks: list[Block] = [Facts(identified(person))]
    if one.withdrawn_at:
        reason = f"Reason: {one.withdrawn_reason}" if one.withdrawn_reason else ""
        blocks.append(Notice("stop", f"Withdrawn on {house.moment(one.withdrawn_at)}: it holds no more", reason))
    for section in text.sections:
        blocks += [Heading(section.heading), Bullets(section.statements)]
    signed = Together((Heading("Signed"), Facts(tuple(_signed(house, one)))))
    blocks += [signed, Paragraph(f"Text of {text.version}, fingerprint {text.digest}.", small=True)]
    return Part("Consent", "patient", tuple(blocks), house.clinic.name)


def _signed(house: House, one: Consent) -> Iterable[tuple[str, str]]:
    yield "To", one.treatment
    yield "Signature", f"“{one.signature}”, typed as a name"
    yield "By", "a guardian" if one.by == "guardian" else "the person"
    yield "Day", day_of(one.day)
    yield "Recorded by", f"{house.called(one.recorded_by)}, {house.moment(one.recorded_at)}"
    yield "Copy", "given" if one.copy_given else "not given"


def aftercare_of(told: Told, facts: Iterable[str]) -> Part:
    """The sheet for what was needled, whatever was planned.

    Raises:
        EntryError: nothing was needled.
    """
    needled = needled_in(told.entries)
    listed = after((point for point, _ in needled), facts)
    again = _again(told.entries)
    return aftercare_part(day_of(told.visit.day), told.house.clinic.name, needled, listed, again)


def needled_in(entries: Iterable[Noted]) -> tuple[tuple[str, str], ...]:
    """The points that were needled; needles that were charted after the signature are among them.

    Raises:
        EntryError: there are none.
    """
    needled = ledger(with_late(entries)).needled
    if not needled:
        raise EntryError(NONE_NEEDLED)
    return needled


def _again(entries: Sequence[Noted]) -> str:
    """What was said of the next visit; nothing where two differ."""
    planned = values(entries).one("followup.planned")
    if planned is None or planned.conflict:
        return ""
    body = planned.body
    days = body.get("days")
    after_days = f"in {words(days)} day{'' if days == 1 else 's'}" if days is not None else ""
    return "; ".join(part for part in (words(body.get("date")), after_days, words(body.get("text"))) if part)


def facts_of(shelf: Shelf, told: Told) -> tuple[str, ...]:
    """What is known of the person: as the plan that was frozen had it, else as it was charted."""
    if told.plan is not None:
        person = told.plan.whole.get("person") or {}
        return tuple(str(one["fact"]) for one in person.get("facts", ()))
    try:
        return tuple(sorted(standing(build(bedside_document(shelf, told.visit, told.entries), code_of)).codes))
    except CaseError:  # the advice for the needled points stands without it
        return NO_FACTS


def visit_form(told: Told, size: PaperSize) -> tuple[Part, Part]:
    """The paper form with the person's name and the points of the plan on it."""
    person, visit = told.person, told.visit
    born = day_of(person.birth_date) if person.birth_date else ""
    whose = Whose(person.name, born, person.id, visit.id, day_of(visit.day))
    return form_parts(size, whose, planned_rows(told), _packets(told))


def _packets(told: Told) -> list[Packet]:
    """The packets opened so far; what two people recorded differently is left to be written."""
    found = (one.body for one in values(told.entries).all(PACKET).values() if not one.conflict)
    return [
        Packet(words(body.get("maker")), words(body.get("lot")), words(body.get("expires")), size_in(body))
        for body in found
    ]


def planned_rows(told: Told) -> list[Row]:
    """The points of the plan that was taken, in its order; else of the plan that was frozen."""
    frozen = list(told.plan.whole.get("points", ())) if told.plan else []
    sizes = {(one.get("point"), one.get("side")): _size(one.get("needle") or {}) for one in frozen}
    taken = values(told.entries).one("plan.taken")
    points = taken.body["points"] if taken and not taken.conflict else frozen
    return [Row(one["point"], one["side"], sizes.get((one["point"], one["side"]), "")) for one in points]


def _size(needle: dict[str, Any]) -> str:
    gauge, length = needle.get("gauge_mm"), needle.get("length_mm")
    return f"{gauge:.2f} × {length:g}" if gauge and length else ""
