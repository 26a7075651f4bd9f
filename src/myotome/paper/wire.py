"""A document as plain data for the templates: words made printable, signs drawn, nothing left to decide but looks."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from myotome.paper.document import Count, Counts, Document, Notice, Paragraph, Part, Picture, Run, Symbol, Table, Words
from myotome.paper.letters import Letters
from myotome.paper.signs import BETWEEN, FILLED, HOLLOW, counts_svg, notice_svg, ratio, sign_svg, symbol_svg

TITLE = 60  # letters of a title in the foot of a page
LINE, TALL = 75, 14  # letters in a line at least; lines from which a row or a notice may be broken over pages
AS_IT_IS = ("svg",)  # drawings are no words
SAID = {"stop": "Stop", "warning": "Warning", "note": "Note", "ask": "Ask"}


def data_of(document: Document) -> dict[str, Any]:
    """The document as dictionaries, lists and strings; ``kind`` names each block."""
    letters = Letters()
    told = {key: letters.of(getattr(document, key)) for key in ("title", "banner", "footer")}
    return told | {"language": document.language, "parts": [_part(part) for part in document.parts]}


def plain(words: Words) -> str:
    """Words without their faces."""
    if isinstance(words, str):
        return words
    return words.text if isinstance(words, Run) else "".join(map(plain, words))


def _part(part: Part) -> dict[str, Any]:
    letters = Letters()
    told: dict[str, Any] = _plain(part, letters)
    if letters.missing:
        told["blocks"].append(_plain(Paragraph(letters.told(), small=True), Letters()))
    title = told["title"]
    return told | {"foot": title if len(title) <= TITLE else title[: TITLE - 1].rstrip() + "…"}


def _plain(value: Any, letters: Letters) -> Any:
    """A block, a cell or words, and all within them."""
    if isinstance(value, str):
        return letters.of(value)
    if isinstance(value, tuple):
        return [_plain(each, letters) for each in value]
    if not is_dataclass(value):
        return value
    data = {f.name: getattr(value, f.name) for f in fields(value)}
    told = {key: each if key in AS_IT_IS else _plain(each, letters) for key, each in data.items()}
    if isinstance(value, Notice):
        told["sort"] = told["kind"]
    return told | {"kind": type(value).__name__.lower()} | _drawn(value, told)


def _drawn(value: Any, told: dict[str, Any]) -> dict[str, Any]:
    """What some blocks have beyond their words."""
    if isinstance(value, Symbol):
        return {"svg": symbol_svg(value.shape, value.tone, told["text"], told["label"])}
    if isinstance(value, Counts):
        return _counted(value, told)
    if isinstance(value, Table):
        tall = [_lines(row, value) > TALL for row in told["rows"]]
        return {"tall": tall, "repeated": _lines([column["title"] for column in told["columns"]], value) <= TALL / 2}
    if isinstance(value, Notice):
        return {"tall": _length(told) > TALL * LINE, "svg": notice_svg(value.kind), "said": SAID[value.kind]}
    if isinstance(value, Picture):
        return {"ratio": ratio(value.svg)}
    return {}


def _counted(block: Counts, told: dict[str, Any]) -> dict[str, Any]:
    keys = ((FILLED, told["filled"]), (BETWEEN, told["between"]), (HOLLOW, told["hollow"]))
    shown = []
    for count, words in zip(block.counts, told["counts"], strict=True):
        said = number_words(count, block.of)
        most = count.number if count.most is None else count.most
        shown.append(words | {"said": said, "svg": counts_svg(count.number, most, block.of, said)})
    legend = [{"svg": sign_svg(kind, kind), "words": words} for kind, words in keys if words]
    return {"counts": shown, "legend": legend}


def number_words(count: Count, of: int) -> str:
    """``12 of 100``, or ``3 to 8 of 100``."""
    upto = f" to {count.most}" if count.most is not None and count.most > count.number else ""
    return f"{count.number}{upto} of {of}"


def _lines(row: list[Any], table: Table) -> float:
    """Lines that the tallest cell of a row needs, at most."""
    whole = sum(column.share for column in table.columns)
    return max(_length(cell) * whole / (LINE * c.share) for cell, c in zip(row, table.columns, strict=True))


def _length(told: Any) -> int:
    if isinstance(told, str):
        return len(told)
    if isinstance(told, dict):
        return sum(_length(each) for key, each in told.items() if key not in AS_IT_IS)
    return sum(map(_length, told)) if isinstance(told, list) else 0
