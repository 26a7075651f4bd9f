"""A report of harm to print, for a regulator, maker, college or insurer: what is known is filled in, the rest is blank.

It names nobody unless that was asked for: initials, age and sex are what such reports need.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from myotome.care.session.adverse import actions, is_serious, onsets, outcomes, report_is_due, severities, terms
from myotome.care.session.duties import Duty, duties_at
from myotome.care.session.ledger import Insertion, ledger
from myotome.care.session.noted import Noted
from myotome.care.session.techniques import in_words
from myotome.care.session.values import Value
from myotome.clinic.at_bedside import age_on
from myotome.clinic.exports.needles import packets_in
from myotome.clinic.exports.told import House, day_of, identified
from myotome.clinic.states import PersonState, VisitState
from myotome.facts.provenance import JUDGEMENT
from myotome.facts.tables import sources
from myotome.paper.document import (
    Block,
    Column,
    Facts,
    Fields,
    Heading,
    Lines,
    Notice,
    Paragraph,
    Part,
    Table,
    Ticks,
    Together,
)

UNKNOWN = "not recorded"
HANDLED = "to be written by hand"


@dataclass(frozen=True, slots=True)
class Harm:
    """One harm with the visit in which it was told, and all that was charted there."""

    house: House
    person: PersonState
    visit: VisitState
    value: Value
    entries: Sequence[Noted]
    reporter: str
    named: bool


def harm_part(harm: Harm) -> Part:
    """The pages of one report."""
    blocks = (*_about(harm), *_what(harm), *_needles(harm), *_done(harm), *_who(harm), *_to_whom(harm))
    return Part("Report of harm after needling", "practitioner", blocks, harm.house.clinic.name)


def initials(person: PersonState) -> str:
    """The first letters of a name, such as A. M."""
    words = (person.given, person.family) if person.given or person.family else tuple(person.text.split()[:2])
    return " ".join(f"{word[0].upper()}." for word in words if word) or UNKNOWN


def _about(harm: Harm) -> Iterator[Block]:
    due = report_is_due(harm.value.body)
    if harm.value.conflict:
        yield Notice("warning", "Told in two ways", "Two devices recorded this harm differently. Settle it first.")
    words = "By its term and severity it is one that is reported." if due else "Reporting it is a choice."
    yield Notice("note", "A draft to complete", f"{words} What is known is filled in; the lines are for the pen.")
    yield Heading("Whom it concerns")
    person, day = harm.person, harm.visit.day
    age = str(age_on(person.birth_date, day)) if person.birth_date else UNKNOWN
    short = (("Initials", initials(person)), ("Age at the visit", age), ("Sex", person.sex))
    yield Facts(identified(person) if harm.named else short)
    yield Lines("Illnesses and medicines that bear on it (no more than is needed)", 1)


def _what(harm: Harm) -> Iterator[Block]:
    told, house = harm.value.body, harm.house
    term, severity, onset = terms().get(told["term"]), severities()[told["severity"]], onsets().get(told["onset"])
    first = min(harm.value.heads, key=lambda one: one.rank)
    pairs = [
        ("What", _capital(f"{told['term']}. {term.patient}" if term else told["term"])),
        ("How bad", f"{severity.code.capitalize()}. {severity.full}"),
        ("Serious", "yes" if is_serious(told) else "no"),
        ("When it came", onset.words if onset else told["onset"]),
        ("Where", f"{told.get('point') or UNKNOWN}{_side(told.get('side', ''))}"),
        ("Day of the treatment", day_of(harm.visit.day)),
        ("Recorded", f"{house.moment(first.received)}, {house.charted(first.by, first.on_behalf)}"),
    ]
    if first.late:
        pairs.append(("Told", "after the note of the visit was signed; the note is unchanged"))
    yield Together((Heading("What happened"), Facts(tuple(pairs))))
    yield Paragraph(told["text"]) if told.get("text") else Lines("In your own words", 4)


def _needles(harm: Harm) -> Iterator[Block]:
    yield Heading("The needle")
    told = harm.value.body
    book = ledger(harm.entries)
    there = [one for one in book.insertions if not told.get("point") or _at(one, told)]
    if there:
        heads = ("Point", "Needle", "Depth", "Technique", "In")
        rows = tuple((_place(one), _size(one), _depth(one), _technique(one), _hour(harm.house, one)) for one in there)
        yield Table("Needles there", tuple(Column(head) for head in heads), rows)
    else:
        yield Paragraph("No needle was charted there.")
    yield Paragraph(f"Opened in this visit: {book.opened}. Out: {book.out}. Still in: {book.still_in}.")
    if packets := packets_in(harm.entries):
        yield Facts((("Needles from", "; ".join(packets)),))
        yield Fields((("Which of these, if several", 3), ("Product", 3)))
    else:
        yield Fields((("Maker", 3), ("Product", 3), ("Lot", 2), ("Use by", 2)))
    yield Lines("Needle and wrapping kept? Where?", 1)


def _done(harm: Harm) -> Iterator[Block]:
    told = harm.value.body
    acts = [actions()[code].words if code in actions() else code for code in told.get("actions", ())]
    outcome = outcomes().get(told.get("outcome", ""))
    yield Together(
        (
            Heading("What was done, and what came of it"),
            Facts((("Done", ". ".join(acts) or UNKNOWN), ("Outcome", outcome.words if outcome else UNKNOWN))),
        )
    )
    yield Lines("Examined or treated elsewhere, by whom, with what finding", 2)


def _who(harm: Harm) -> Iterator[Block]:
    clinic = harm.house.clinic
    facts = (
        ("Reported by", harm.reporter),
        ("Clinic", f"{clinic.name}, {clinic.place}"),
        ("Reference", harm.value.heads[0].id),
    )
    signed = Fields((("Licence", 2), ("Phone", 2), ("Date", 2), ("Signature", 4)))
    yield Together((Heading("Who reports"), Facts(facts), signed))


def _to_whom(harm: Harm) -> Iterator[Block]:
    yield Heading("To whom it goes")
    yield Paragraph("A short telling of what was read, not advice on law. Rules change: look there.", small=True)
    duties = duties_at(harm.house.clinic.place)
    rows = tuple((one.body, _rule(one), one.address or HANDLED, Ticks(("sent on:",))) for one in duties)
    columns = (Column("Who", 3), Column("Rule in short", 5), Column("Where", 3), Column("Sent", 2))
    yield Table("By the place of this clinic", columns, rows)


def _rule(duty: Duty) -> str:
    within = f", {duty.within}" if duty.within else ""
    source = duty.provenance.source
    read = "" if source.startswith(JUDGEMENT) else f" ({sources()[source].where})"
    return f"{duty.force.capitalize()}{within}. {duty.words}{read}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _at(one: Insertion, told: Mapping[str, Any]) -> bool:
    return bool(one.point == told["point"] and (not told.get("side") or one.side == told["side"]))


def _side(side: str) -> str:
    return f", {side.upper()}" if side else ""


def _place(one: Insertion) -> str:
    return f"{one.point}{_side(one.side)}"


def _mm(number: Any) -> str:
    return f"{number:g}" if isinstance(number, int | float) else "?"


def _size(one: Insertion) -> str:
    gauge, length = one.entry.body.get("gauge_mm"), one.entry.body.get("length_mm")
    return f"{_mm(gauge)} × {_mm(length)} mm" if gauge or length else UNKNOWN


def _depth(one: Insertion) -> str:
    noted = one.notes.get("depth_mm")
    depth = noted.body.get("value") if noted else one.entry.body.get("depth_mm")
    return f"{_mm(depth)} mm" if depth else UNKNOWN


def _technique(one: Insertion) -> str:
    noted = one.notes.get("technique")
    return in_words(str((noted.body.get("value") if noted else one.entry.body.get("technique")) or UNKNOWN))


def _hour(house: House, one: Insertion) -> str:
    try:
        return house.moment(datetime.datetime.fromisoformat(one.made).isoformat()).partition(" (")[0]
    except (ValueError, OverflowError):
        return UNKNOWN
