"""Every row that a clinic's lead signs, in words, with a digest that changes when anything clinical in it does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from myotome.care.review.tables import TABLES, Leaning, Origin, Row, SafetyTable, Shown
from myotome.care.review.words import label, said
from myotome.errors import FactError
from myotome.facts.kept import kept
from myotome.facts.provenance import FIELDS, JUDGEMENT, Provenance
from myotome.facts.tables import lines, rows, sources

FORM = "myotome safety row 1"  # how a digest is made; another way of making it lapses every signature
SIGNATURE = "reviewed_by"
BETWEEN = " | "
KEY_WORDS = 8  # of each field of a key: a sentence whose end is mended keeps its key

Reader = Callable[[Origin], tuple[Row, ...]]


@dataclass(frozen=True, slots=True)
class SafetyRow:
    """One row to sign. ``key`` names it within its table for good; ``fields`` are labels and words.

    ``digest`` covers the row with its source, seen, quote and grade, the rows it leans on (``tables.py``) and what is
    worked out of several tables and printed with it. It does not cover ``reviewed_by``, nor the title and address of a
    source, which may be corrected without a new signature.
    """

    table: str
    key: str
    title: str
    fields: Shown
    provenance: Provenance
    citation: str
    url: str
    digest: str


@kept
def safety_rows() -> tuple[SafetyRow, ...]:
    """Every row, table by table.

    Raises:
        FactError: two rows of one table have one key.
    """
    read = cache(as_filed)
    found = tuple(row for table in TABLES for row in rows_of(table, read))
    seen: set[tuple[str, str]] = set()
    for row in found:
        if (row.table, row.key) in seen:
            raise FactError(f"{row.table}: two rows are '{row.key}', so one signature would stand for both. Keep one.")
        seen.add((row.table, row.key))
    return found


def as_filed(origin: Origin) -> tuple[Row, ...]:
    """The rows as they stand in the files, nothing lost."""
    if origin.array:
        return tuple(row for _, row, _ in rows(origin.package, origin.start, origin.array))
    return tuple(row for _, row, _ in lines(origin.package, origin.start))


def rows_of(table: SafetyTable, read: Reader = as_filed) -> Iterator[SafetyRow]:
    """The rows of one table, from what ``read`` gives of each origin."""
    leaning = [(lean, _sorted_by_word(lean, read(lean.origin))) for lean in table.leans]
    for origin in table.origins:
        for row in read(origin):
            if table.holds(row):
                yield _safety_row(table, row, [(lean, _leant_on(lean, row, there)) for lean, there in leaning])


def _safety_row(table: SafetyTable, row: Row, leant: list[tuple[Leaning, list[Row]]]) -> SafetyRow:
    provenance = Provenance(*(str(row[name]).strip() for name in FIELDS))
    printed = table.printed(row)
    own = [(label(name, table.labels), said(row[name])) for name in row if name not in (*FIELDS, SIGNATURE)]
    quote = (("Quote", provenance.quote), ("Grade", f"{provenance.grade} (source: {provenance.seen})"))
    fields = (*own, *(f for lean, found in leant for f in _in_words(lean, found)), *printed, *quote)
    citation, url = _cited(row["source"])
    return SafetyRow(
        table.name,
        BETWEEN.join(" ".join(str(row[name]).split()[:KEY_WORDS]) for name in table.key),
        table.title.format_map(row),
        tuple((name, words) for name, words in fields if words),
        provenance,
        citation,
        url,
        _digest(table.name, row, leant, printed),
    )


def _digest(table: str, row: Row, leant: Iterable[tuple[Leaning, list[Row]]], printed: Shown) -> str:
    """SHA-256 of the canonical content; the order of the fields of a row and of the rows it leans on does not count."""
    beside = [(lean.label, sorted(_canonical(_counted(r, lean.fields)) for r in found)) for lean, found in leant]
    return sha256(_canonical([FORM, table, _counted(row), beside, printed]).encode()).hexdigest()


def _counted(row: Row, fields: tuple[str, ...] = ()) -> Row:
    return {name: value for name, value in row.items() if name != SIGNATURE and (not fields or name in fields)}


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _sorted_by_word(lean: Leaning, found: Iterable[Row]) -> Mapping[str, list[Row]]:
    """The rows by each word that another may lean on them by; all under the empty word where none is asked for."""
    by_word: dict[str, list[Row]] = {}
    for row in found:
        for word in dict.fromkeys(w for name in lean.theirs for w in _all(row[name])) if lean.ours else ("",):
            by_word.setdefault(word, []).append(row)
    return by_word


def _leant_on(lean: Leaning, row: Row, by_word: Mapping[str, list[Row]]) -> list[Row]:
    wanted = _all(row[lean.ours]) if lean.ours else [""]
    return list({id(found): found for word in wanted for found in by_word.get(word, ())}.values())


def _all(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _in_words(lean: Leaning, found: Iterable[Row]) -> Iterator[tuple[str, str]]:
    written = [(row, lean.shown.format_map({name: said(value) for name, value in row.items()})) for row in found]
    if lean.brief:
        yield lean.label, "; ".join(words for _, words in written)
        return
    for row, words in written:
        quote = f" “{row['quote']}”" if row["quote"] else ""
        yield lean.label, f"{words.rstrip('.')}.{quote} {_cited(row['source'])[0]}"


def _cited(source: str) -> tuple[str, str]:
    """The source in a line, and its address; empty for a judgement."""
    if source.startswith(JUDGEMENT):
        return f"Judgement: {source.removeprefix(JUDGEMENT).strip()}", ""
    known = sources().get(source)
    return (known.citation, known.url) if known else (source, "")
