"""The course of a person on paper: stop or continue on top, the rows on one time axis, the same in tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from myotome.care.course.changes import Change
from myotome.care.course.followed import Followed
from myotome.care.course.retests import Retest
from myotome.care.course.stopping import LOOK, STOP, cautions, graded
from myotome.paper.document import (
    Block,
    Bullets,
    Column,
    Facts,
    Figures,
    Heading,
    Notice,
    Paragraph,
    Part,
    Picture,
    Table,
    Together,
)

KINDS: Mapping[str, Literal["stop", "warning"]] = {STOP: "stop", LOOK: "warning"}
TALL = 204.0  # millimetres of a page that a drawing may take
SHOWS = "The rows of the course on one time axis: {names}. Every value of it stands in the tables that follow."
KEY = (
    "Dot: a score before the needles; ring: after them, in the same visit. Shaded, with a dashed edge: better than at "
    "first by what matters (minimal important change). Bars: filled, beside the spine; hollow, where it hurts; dashed, "
    "at a distance."
)
HELD = (
    "What is gone right after a needle may have gone for other reasons; what is still gone at the next visit counts "
    "for more."
)
AGAIN = (Column("Sign", 2.2), Column("Before"), Column("After"), Column("At a later visit", 1.8))


@dataclass(frozen=True, slots=True)
class Rows:
    """A drawing of some rows, with their names."""

    svg: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the drawing as a table, a visit a line."""

    name: str
    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A course as its page tells it. ``undrawn``: how many early visits are in the tables only."""

    rows: tuple[Rows, ...]
    tables: tuple[Listed, ...]
    undrawn: int = 0


def course_part(whose: tuple[tuple[str, str], ...], clinic: str, course: Followed, drawn: Drawn) -> Part:
    """The pages of one course; ``whose`` tells the person from others."""
    blocks = (
        Facts((*whose, ("Visits", _visits(course)))),
        *_advice(course),
        *_since(course),
        *_drawings(drawn),
        *_again(course),
        *_tables(drawn),
        _sure(course),
    )
    return Part(f"Course: {course.title}", "practitioner", blocks, clinic)


def _visits(course: Followed) -> str:
    first, last = (f"{course.visits[n].day:%-d %B %Y}" for n in (0, -1))
    return f"{len(course.visits)}, {first} to {last}" if len(course.visits) > 1 else f"1, {first}"


def _advice(course: Followed) -> Iterator[Block]:
    advice = course.advice
    yield Notice(KINDS.get(advice.kind, "note"), advice.sentence)
    yield Paragraph(graded(), small=True)
    yield Notice("note", "To be read with it", bullets=tuple(one.words for one in cautions()))
    if advice.reasons:
        yield Together((Heading("It rests on"), Bullets(advice.reasons)))
    if advice.consider:
        yield Together((Heading("Think of"), Bullets(advice.consider, numbered=True)))


def _since(course: Followed) -> Iterator[Block]:
    pairs = [(one.what, _changed(one)) for one in course.changes]
    if course.signs:
        pairs.append(("Signs", course.signs.words))
    if pairs:
        yield Together((Heading("Since the first visit"), Facts(tuple(pairs))))
    for words in course.remarks:
        yield Paragraph(words, small=True)


def _changed(one: Change) -> str:
    rest = f"{one.rest[:1].lower()}{one.rest[1:]}"
    return f"{one.kind}, {rest}" if rest else one.kind


def _drawings(drawn: Drawn) -> Iterator[Block]:
    for number, one in enumerate(drawn.rows):
        figure = Figures((Picture(one.svg, SHOWS.format(names=", ".join(one.names))),), height=TALL)
        yield Together((Heading("Over time"), Paragraph(KEY, small=True), figure)) if number == 0 else figure
    if drawn.undrawn:
        are = "visit is" if drawn.undrawn == 1 else "visits are"
        yield Paragraph(f"The {drawn.undrawn} earliest {are} in the tables only.", small=True)


def _again(course: Followed) -> Iterator[Block]:
    """Signs tested again after the needles, by visit, the latest first."""
    if not course.retests:
        return
    yield Heading("Tested again after needling")
    for day, found in groupby(sorted(course.retests, key=lambda one: one.day, reverse=True), key=lambda one: one.day):
        listed = tuple(found)
        between = "; ".join(listed[0].points) or "nothing recorded"
        yield Table(f"{day:%-d %B %Y}. Needled between: {between}", AGAIN, tuple(map(_retest, listed)))
    yield Paragraph(HELD, small=True)


def _retest(one: Retest) -> tuple[str, ...]:
    place = f"{one.sign}, {one.at}{f', {one.side}' if one.side else ''}"
    later = f"{one.next_words} on {one.next_day:%-d %B %Y}" if one.next_day else "not tested"
    return place, one.before, one.after, f"{one.kind}; {later}"


def _tables(drawn: Drawn) -> Iterator[Block]:
    if drawn.tables:
        yield Heading("The same in tables")
    for one in drawn.tables:
        columns = tuple(Column(head.capitalize() if n == 0 else head) for n, head in enumerate(one.heads))
        yield Table(one.name, columns, one.lines)


def _sure(course: Followed) -> Together:
    """What the rule behind the sentence rests on."""
    return Together((Heading("How sure this is"), Bullets(course.advice.evidence)))
