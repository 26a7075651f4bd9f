"""A person's whole record on paper: who it is, what they agreed to, and every visit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from myotome.clinic.exports.note import note_part
from myotome.clinic.exports.told import House, Told, day_of, identified
from myotome.clinic.states import Consent, PersonState, VisitState
from myotome.paper.document import Block, Bullets, Column, Facts, Heading, Paragraph, Part, Table, bold

CONSENTS = (Column("Day", 0.9), Column("Treatment", 1.3), Column("Signed", 1.5), Column("Words of", 0.9),
            Column("Withdrawn", 1.4))  # fmt: skip
VISITS = (Column("Day", 1.0), Column("Charted by", 1.4), Column("Reason", 1.8), Column("Stands", 1.2))


def record_parts(house: House, people: Sequence[PersonState], visits: Sequence[Told]) -> tuple[Part, ...]:
    """The first pages, then each visit, the oldest first."""
    return (_first(house, people, [one.visit for one in visits]), *map(note_part, visits))


def _first(house: House, people: Sequence[PersonState], visits: Sequence[VisitState]) -> Part:
    person, *duplicates = people
    blocks: list[Block] = [Facts((*identified(person), *_reached(person)))]
    for one in duplicates:
        blocks += [Heading("Also recorded as", 2), Facts((*identified(one), *_reached(one)))]
    blocks += [*_relatives(people), *_consents(house, people), *_visits(house, visits)]
    blocks.append(Paragraph((bold("End of the chain when this was printed: "), house.head), small=True))
    return Part("Record", "practitioner", tuple(blocks), house.clinic.name)


def _reached(person: PersonState) -> Iterator[tuple[str, str]]:
    for label, value in (("Phone", person.phone), ("Email", person.email), ("Language", person.language)):
        if value:
            yield label, value


def _relatives(people: Sequence[PersonState]) -> Iterator[Block]:
    found = [one for person in people for one in person.relatives]
    if found:
        yield Heading("Relatives and helpers")
        told = (", ".join(part for part in (one.name, one.phone, one.note) if part) for one in found)
        yield Bullets(tuple((bold(f"{one.relation}: "), words) for one, words in zip(found, told, strict=True)))


def _consents(house: House, people: Sequence[PersonState]) -> Iterator[Block]:
    found = sorted((one for person in people for one in person.consents), key=lambda one: one.recorded_at)
    yield Heading("Consents")
    if not found:
        yield Paragraph("None is recorded.")
        return
    yield Table("", CONSENTS, tuple(_consent(house, one) for one in found))


def _consent(house: House, one: Consent) -> tuple[str, ...]:
    by = "by the guardian" if one.by == "guardian" else "by the person"
    copied = "copy given" if one.copy_given else "no copy given"
    ended = f"{house.moment(one.withdrawn_at)}. {one.withdrawn_reason}".rstrip() if one.withdrawn_at else ""
    return day_of(one.day), one.treatment, f"“{one.signature}” {by}; {copied}", one.text_version, ended


def _visits(house: House, visits: Sequence[VisitState]) -> Iterator[Block]:
    yield Heading("Visits")
    if not visits:
        yield Paragraph("None is recorded.")
        return
    rows = ((day_of(v.day), house.charted(v.opened_by, v.on_behalf), v.reason, v.stage) for v in visits)
    yield Table("", VISITS, tuple(rows))
