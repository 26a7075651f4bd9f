"""What a page says, before anybody decides how it looks: a document is parts, a part is blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from myotome.care.review.notice import NOT_REVIEWED
from myotome.errors import PaperError
from myotome.paper.blocks import (
    Blank,
    Bullets,
    Cell,
    CheckBoxes,
    Column,
    Count,
    Counts,
    Facts,
    Fields,
    Figures,
    Heading,
    Lines,
    Notice,
    PageBreak,
    Paragraph,
    Picture,
    Run,
    Spacer,
    Symbol,
    Table,
    Ticks,
    Words,
    bold,
    italic,
)

__all__ = [
    "NOT_REVIEWED",
    "Blank",
    "Block",
    "Bullets",
    "Cell",
    "CheckBoxes",
    "Column",
    "Columns",
    "Count",
    "Counts",
    "Document",
    "Facts",
    "Fields",
    "Figures",
    "Heading",
    "Lines",
    "Notice",
    "PageBreak",
    "Paragraph",
    "Part",
    "Picture",
    "Run",
    "Spacer",
    "Struck",
    "Symbol",
    "Table",
    "Ticks",
    "Together",
    "Words",
    "bold",
    "every",
    "italic",
]


@dataclass(frozen=True, slots=True)
class Columns:
    """Blocks side by side, with shares of the width; under one another on a narrow screen. ``gap`` in millimetres."""

    columns: tuple[tuple[Block, ...], ...]
    shares: tuple[float, ...] = ()
    gap: float = 8.0

    def __post_init__(self) -> None:
        if self.shares and len(self.shares) != len(self.columns):
            raise PaperError(f"{len(self.columns)} columns have {len(self.shares)} shares. Give one for each, or none.")


@dataclass(frozen=True, slots=True)
class Together:
    """Blocks that stay on one page, where one page can hold them."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Struck:
    """Blocks that were entered in error: still to be read, with a line through their words."""

    blocks: tuple[Block, ...]


Block: TypeAlias = (
    Heading | Paragraph | Bullets | Notice | Facts | Table | Figures | Counts | CheckBoxes | Lines | Fields
    | Spacer | PageBreak | Columns | Together | Struck
)  # fmt: skip


def every(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks and the blocks in them, in the order they are read."""
    for block in blocks:
        yield block
        if isinstance(block, Together | Struck):
            yield from every(block.blocks)
        elif isinstance(block, Columns):
            for column in block.columns:
                yield from every(column)


@dataclass(frozen=True, slots=True)
class Part:
    """What one reader holds: it begins a page, is numbered by itself and set in the reader's size.

    For ``handout`` and ``form`` that is the largest size in which the part fits on one page, within bounds; a handout
    that does not fit goes on overleaf.
    """

    title: str
    reader: Literal["practitioner", "patient", "handout", "form"]
    blocks: tuple[Block, ...]
    under: Words = ""

    def __post_init__(self) -> None:
        first = next((b for b in every(self.blocks) if isinstance(b, Heading)), None)
        if first and first.level != 2:
            raise PaperError(f"The first heading of '{self.title}' has level {first.level}. Begin with level 2.")


@dataclass(frozen=True, slots=True)
class Document:
    """Everything of one report. ``language`` is a tag such as en-GB; the banner stands on every page.

    An empty banner stands nowhere.
    """

    title: str
    parts: tuple[Part, ...]
    language: str = "en-GB"
    banner: str = NOT_REVIEWED
    footer: str = "Myotome"
