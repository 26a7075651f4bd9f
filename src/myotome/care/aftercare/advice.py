"""Advice for after a treatment, chosen by what was needled and by the person."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from myotome.anatomy.tables import anatomy
from myotome.care.screening.items import items
from myotome.errors import FactError
from myotome.facts.kept import kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import rows

HERE = "myotome.care.aftercare"
KINDS = ("expect", "do", "avoid", "watch", "emergency")
EVERYWHERE = "everywhere"
LIMBS = ("arm", "leg", "trunk", "saddle", "head")
POINT_KINDS = ("paraspinal", "symptomatic", "homeostatic")
# What is known of a person beside the answers to the screening questions.
TRAITS = frozenset(
    {"child", "young person", "older person", "lean build", "large build", "build not known", "first visit"}
    | {"age not known", "needle fear", "reacted before"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice; hours are counted from the treatment, 0 where there is no limit."""

    name: str
    when: frozenset[str]
    kind: str
    order: int
    patient: str
    hours_from: float
    hours_to: float
    practitioner: str
    reviewed_by: str
    provenance: Provenance


@kept
def advice() -> tuple[Advice, ...]:
    """Every piece of advice, by kind and order.

    Raises:
        FactError: a selector, kind or time that cannot be, a name used twice, or two rows at one place of a kind.
    """
    found: list[Advice] = []
    for where, row, provenance in rows(HERE, "advice", "advice"):
        if problem := _problem(row, found):
            raise FactError(f"{where}: {problem}")
        found.append(
            Advice(
                row["name"],
                frozenset(row["when"]),
                row["kind"],
                int(row["order"]),
                row["patient"],
                float(row["hours_from"]),
                float(row["hours_to"]),
                row["practitioner"],
                row["reviewed_by"],
                provenance,
            )
        )
    return tuple(sorted(found, key=lambda a: (KINDS.index(a.kind), a.order)))


def advice_for(traits: Iterable[str]) -> tuple[Advice, ...]:
    """The advice that any of these selectors asks for, each once, by kind and order.

    Advice for everywhere is always among it.
    """
    held = frozenset(traits) | {EVERYWHERE}
    return tuple(piece for piece in advice() if piece.when & held)


def _problem(row: Mapping[str, Any], found: list[Advice]) -> str | None:
    if row["kind"] not in KINDS:
        return f"kind '{row['kind']}' is not one of {', '.join(KINDS)}."
    if strange := [selector for selector in row["when"] if not _is_selector(selector)] or not row["when"]:
        return f"selectors {strange} are not known, or there are none. Write them as 'region: hand' or 'everywhere'."
    if row["hours_from"] < 0 or (row["hours_to"] and row["hours_to"] <= row["hours_from"]):
        return f"hours {row['hours_from']} to {row['hours_to']}: the second is later than the first, or 0 for no end."
    if not row["patient"].strip():
        return "no words for the patient. Say what to do."
    if any(row["name"] == a.name or (row["kind"], row["order"]) == (a.kind, a.order) for a in found):
        return "its name or its place among its kind is taken. Give another name or order."
    return None


def _is_selector(selector: str) -> bool:
    """Whether the words after the colon are ones that the tables know; structures are checked with the points."""
    kind, _, what = selector.partition(": ")
    known: dict[str, Iterable[str]] = {
        "region": {area.region for area in anatomy().areas.values()},
        "limb": LIMBS,
        "kind": POINT_KINDS,
        "fact": {*items(), *TRAITS},
    }
    if kind in known:
        return what in known[kind]
    return selector == EVERYWHERE or re.fullmatch(r"at risk( kind)?: \S.*", selector) is not None
