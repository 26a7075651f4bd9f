"""``myotome evidence [CONDITION]``: the evidence as a list, one condition, or the comparison with acupuncture."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from myotome.anatomy.tables import anatomy
from myotome.care.evidence.claims import Claim, Support, claims
from myotome.care.evidence.compare import sections
from myotome.care.evidence.conditions import Condition, conditions, expectation, find, results
from myotome.care.evidence.harms import Harm, for_regions, harms, in_words, reasons
from myotome.care.examination.names import tokens
from myotome.care.explanation.shape import NOTICE
from myotome.cli.case_files import REFUSED
from myotome.errors import UnknownNameError
from myotome.facts.provenance import Provenance
from myotome.facts.tables import sources

COMPARED = (("acupuncture",), ("acupuncture", "ims"), ("acupuncture", "intramuscular", "stimulation"), ("comparison",))
_JOINING = frozenset({"versus", "vs", "against", "or", "with", "compared", "difference", "between", "is", "same"})


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Print the page asked for; exit status 2 where no condition has the name."""
    del doors
    text, console = " ".join(chosen.condition), Console(highlight=False)
    if not text:
        _show(chosen, all_of_it(), lambda: _list(console))
    elif tuple(sorted(set(tokens(text)) - _JOINING)) in COMPARED:
        _show(chosen, comparison(), lambda: _compare(console))
    else:
        try:
            condition = find(text)
        except UnknownNameError as error:
            print(f"myotome: {error}", file=sys.stderr)
            return REFUSED
        _show(chosen, one(condition), lambda: _condition(console, condition))
    return 0


def _show(chosen: Namespace, shape: dict[str, Any], page: Callable[[], None]) -> None:
    if chosen.json:
        print(json.dumps(shape, ensure_ascii=False, indent=1))
    else:
        page()


def all_of_it() -> dict[str, Any]:
    """Every condition and claim as JSON."""
    return {
        "notice": NOTICE,
        "conditions": [_plain(c) for c in conditions().values()],
        "claims": [_plain(c) for c in claims().values()],
    }


def comparison() -> dict[str, Any]:
    """The page on acupuncture as JSON."""
    return {"notice": NOTICE, "sections": [_plain(s) for s in sections()]}


def one(condition: Condition) -> dict[str, Any]:
    """One condition as JSON: what is known and not, counts, harms with their rates in words, and why these differ."""
    return {
        "notice": NOTICE,
        **_plain(condition),
        "expectation": list(expectation(condition)),
        "results": [_plain(r) for r in results().get(condition.name, ())],
        "harms": [{**_plain(h), "regions": sorted(h.regions), "in_words": in_words(h)} for h in _harms_of(condition)],
        "why_harms_differ": [_plain(w) for w in reasons()],
    }


def _plain(row: Any) -> dict[str, Any]:
    return {name: value for name, value in asdict(row).items() if not isinstance(value, frozenset)}


def _harms_of(condition: Condition) -> tuple[Harm, ...]:
    """Minor harms of its places, all where it has none; every serious one, for needles go beside the spine too."""
    here = for_regions(anatomy().areas[area].region for area in condition.areas) if condition.areas else harms()
    return tuple(harm for harm in harms() if harm.serious or harm in here)


def _title(console: Console, title: str) -> None:
    console.print(Text(title, style="bold cyan"))
    console.print(Text(NOTICE + ".", style="italic"))


def _heading(console: Console, text: str) -> None:
    console.print()
    console.print(Text(text.upper(), style="bold cyan"))


def _said(console: Console, text: str, indent: int = 2, style: str = "") -> None:
    console.print(Padding(Text(text, style=style), (0, indent)))


def _list(console: Console) -> None:
    _title(console, "What is known of intramuscular stimulation")
    _heading(console, f"Conditions ({len(conditions())})")
    table = Table.grid(padding=(0, 2))
    for condition in conditions().values():
        table.add_row(Text(condition.name), Text(condition.certainty, style="dim"), Text(condition.wording))
    console.print(Padding(table, (0, 2)))
    _heading(console, f"Claims ({len(claims())})")
    for claim in claims().values():
        _claim(console, claim)
    console.print()
    _said(
        console, "'myotome evidence tennis elbow' shows one condition, 'myotome evidence acupuncture' the comparison."
    )


def _claim(console: Console, claim: Claim) -> None:
    """The claim is quoted, and what is wrong with it stands beside it."""
    line = Text(f"{claim.id}  ", style="dim")
    line.append(f"“{claim.claim}”", style="not dim")
    line.append(f"  ({claim.made_by})")
    console.print(Padding(line, (0, 2)))
    _said(console, f"{claim.standing}; certainty {claim.certainty}", 7, "bold")
    _said(console, claim.correction or claim.wording, 7)


def _condition(console: Console, condition: Condition) -> None:
    _title(console, condition.name[:1].upper() + condition.name[1:])
    if condition.synonyms:
        _said(console, f"also {', '.join(condition.synonyms)}", style="dim")
    _heading(console, "In short")
    _said(console, condition.wording, style="bold")
    _said(console, f"Certainty: {condition.certainty}.")
    _heading(console, "Known")
    _said(console, condition.known)
    _heading(console, "Not known")
    _said(console, condition.not_known)
    _heading(console, "Of 100 people")
    for sentence in expectation(condition):
        _said(console, sentence)
    _harms(console, _harms_of(condition))
    _heading(console, "Sources")
    for direction, group in (("", _first(condition)), ("for", condition.findings), ("against", condition.findings)):
        for found in group:
            if isinstance(found, Provenance):
                _source(console, found)
            elif found.direction == direction:
                _finding(console, found)


def _first(condition: Condition) -> tuple[Provenance, ...]:
    """The condition's own source and those of its counts, each once."""
    told = (condition.provenance, *(r.provenance for r in results().get(condition.name, ())))
    return tuple({p.source: p for p in reversed(told)}.values())[::-1]


def _finding(console: Console, support: Support) -> None:
    _said(console, f"{support.direction}: {support.finding}" + (f" ({support.n:,} people)" if support.n else ""))
    _source(console, support.provenance)


def _harms(console: Console, found: Iterable[Harm]) -> None:
    by_name: dict[str, list[Harm]] = {}
    for harm in found:
        by_name.setdefault(harm.name, []).append(harm)
    for title, serious in (("Harms that are minor", False), ("Harms that are serious", True)):
        _heading(console, title)
        for name, studies in by_name.items():
            if studies[0].serious is serious:
                places = ", ".join(sorted({region for harm in studies for region in harm.regions if serious}))
                _said(console, name + (f" (where needles go to: {places})" if places else ""), style="bold")
                for plain in dict.fromkeys(harm.plain for harm in studies):
                    _said(console, plain, 4)
                    for harm in studies:
                        if harm.plain == plain:
                            _said(console, f"· {in_words(harm)} {_short(harm.provenance)}", 6)
    _heading(console, "Why these figures differ")
    for reason in reasons():
        _said(console, f"· {reason.text}")


def _compare(console: Console) -> None:
    _title(console, "Intramuscular stimulation and acupuncture")
    for section in sections():
        _heading(console, section.heading)
        for words in section.quoted:
            _said(console, f"“{words}” (said in a source text)", style="italic dim")
        _said(console, section.text)
        _source(console, section.provenance)


def _short(provenance: Provenance) -> str:
    """Who and when, and how it was seen, in brackets."""
    known = sources().get(provenance.source)
    if known is None:
        return f"[{provenance.grade}]"
    named = not known.authors.startswith("authors not named")
    who = f"{known.authors.split(',')[0].split(' et al')[0]} {known.year or ''}".strip() if named else known.where
    return f"[{who}; {provenance.grade}; {provenance.seen}]"


def _source(console: Console, provenance: Provenance) -> None:
    known = sources().get(provenance.source)
    text = Text("· ", style="dim")
    text.append(provenance.source if known is None else known.citation)
    text.append(f"  [{provenance.grade}; {provenance.seen}]")
    if provenance.quote:
        text.append(f" “{provenance.quote}”", style="italic")
    console.print(Padding(text, (0, 4)))
