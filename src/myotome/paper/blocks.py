"""The blocks that a page is written with. None of them says how it looks; `document.py` offers all their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from myotome.atlas.marks import SHAPES, TONES
from myotome.errors import PaperError


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one face."""

    text: str
    bold: bool = False
    italic: bool = False


Words: TypeAlias = "str | Run | tuple[str | Run, ...]"


def bold(text: str) -> Run:
    """Words to be seen first."""
    return Run(text, bold=True)


def italic(text: str) -> Run:
    """Words set apart."""
    return Run(text, italic=True)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a part; ``level`` 2 is a section, 3 a piece of one."""

    words: Words
    level: Literal[2, 3] = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``small`` for sources and the like."""

    words: Words
    small: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; ``numbered`` where the order matters."""

    items: tuple[Words, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A framed notice. Its kind is said by word and shape of the frame, never by colour alone."""

    kind: Literal["stop", "warning", "note", "ask"]
    title: Words
    words: Words = ""
    bullets: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with what is known for each."""

    pairs: tuple[tuple[Words, Words], ...]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A mark as the atlas draws it, with up to three letters inside; ``label`` says it to those who cannot see it."""

    shape: str
    tone: str
    label: str
    text: str = ""

    def __post_init__(self) -> None:
        if self.shape not in SHAPES or self.tone not in TONES:
            raise PaperError(
                f"There is no symbol '{self.shape}' in '{self.tone}'. "
                f"Choose of {', '.join(SHAPES)} and of {', '.join(TONES)}."
            )


@dataclass(frozen=True, slots=True)
class Blank:
    """Room in a cell to write by hand."""

    lines: int = 1


@dataclass(frozen=True, slots=True)
class Ticks:
    """Boxes in a cell, one under another, to tick by hand."""

    labels: tuple[Words, ...]


Cell: TypeAlias = "Words | Symbol | Blank | Ticks"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its title, its share of the width beside the other shares, and how it is set."""

    title: Words
    share: float = 1.0
    align: Literal["left", "centre", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Its head is repeated on every page, no row is broken; ``named`` makes the first cell name the row.

    A ``form`` is a grid with a line round every cell, set close, to be written in by hand.
    """

    caption: Words
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    named: bool = True
    form: bool = False

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, 1):
            if len(row) != len(self.columns):
                raise PaperError(
                    f"Row {number} of the table has {len(row)} cells; it has {len(self.columns)} columns. "
                    "Give a cell for each, an empty string where there is nothing."
                )
        if not self.columns or any(column.share <= 0 for column in self.columns):
            raise PaperError("A table has a column without width. Give every column a share above 0.")


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing: its SVG, what it shows in words, its caption, and what lies at its left and right edge (R, L)."""

    svg: str
    shows: str
    caption: Words = ""
    left: str = ""
    right: str = ""

    def __post_init__(self) -> None:
        if not self.svg.lstrip().startswith("<svg"):
            raise PaperError(f"The picture '{self.shows}' is no SVG document. Give one that begins with <svg.")
        if not self.shows.strip():
            raise PaperError("A picture says nothing to those who cannot see it. Fill `shows` with a sentence.")


@dataclass(frozen=True, slots=True)
class Figures:
    """Pictures in a row, of one height (millimetres at most), with what each symbol means below them."""

    pictures: tuple[Picture, ...]
    legend: tuple[tuple[Symbol, Words], ...] = ()
    height: float = 110.0


@dataclass(frozen=True, slots=True)
class Count:
    """So many of the whole; up to ``most`` where the number is not known better."""

    number: int
    words: Words
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """People as signs, so many of ``of`` filled, side by side with what they are compared with."""

    title: Words
    counts: tuple[Count, ...]
    filled: Words
    hollow: Words
    between: Words = ""
    of: int = 100
    note: Words = ""

    def __post_init__(self) -> None:
        for count in self.counts:
            most = count.number if count.most is None else count.most
            if not 0 <= count.number <= most <= self.of:
                raise PaperError(f"{count.number} to {most} of {self.of} cannot be drawn: give 0 up to {self.of}.")
            if most > count.number and not self.between:
                raise PaperError("A count has a range, and nothing says what its signs mean. Fill `between`.")


@dataclass(frozen=True, slots=True)
class CheckBoxes:
    """Statements to tick by hand, in one column or several."""

    items: tuple[Words, ...]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Lines:
    """Room for a written answer under its question."""

    label: Words
    lines: int = 2


@dataclass(frozen=True, slots=True)
class Fields:
    """Short answers side by side: name, date, signature; shares of the width."""

    fields: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Spacer:
    """Empty height, in millimetres."""

    height: float = 6.0


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a page; in the browser, where no pages are, a little room."""
