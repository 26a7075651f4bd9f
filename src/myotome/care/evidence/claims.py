"""Claims about intramuscular stimulation in their own words, how they stand, and what may be said instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from myotome.errors import FactError
from myotome.facts.kept import Table, kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import rows

HERE = "myotome.care.evidence"
MAKERS = ("first text", "second text", "Myotome")
TOPICS = ("efficacy", "safety", "mechanism", "history", "identity")
CORRECTED = ("contradicted", "unsupported", "not found")
STANDINGS = ("supported", "partly supported", "uncertain", *CORRECTED)
CERTAINTIES = ("high", "moderate", "low", "very low")
DIRECTIONS = ("for", "against")


@dataclass(frozen=True, slots=True)
class Support:
    """One more finding for or against a claim; ``n`` is 0 where the page opened does not print it."""

    direction: str
    finding: str
    n: int
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Claim:
    """``claim`` is quoted and may be false; ``wording`` is what may honestly be said, ``correction`` what is wrong."""

    id: str
    claim: str
    made_by: str
    topic: str
    standing: str
    certainty: str
    population: str
    comparator: str
    follow_up: str
    wording: str
    correction: str
    reviewed_by: str
    provenance: Provenance
    support: tuple[Support, ...]


@kept
def claims() -> Mapping[str, Claim]:
    """Every claim by its id, in table order.

    Raises:
        FactError: an unknown maker, topic, standing or certainty, an id used twice, or a correction out of place.
    """
    support = _support()
    found: dict[str, Claim] = {}
    for where, row, provenance in rows(HERE, "claims", "claim"):
        if problem := _problem(row, found):
            raise FactError(f"{where} {row['id']}: {problem}")
        plain = {name: row[name] for name in Claim.__dataclass_fields__ if name not in ("provenance", "support")}
        found[row["id"]] = Claim(**plain, provenance=provenance, support=tuple(support.pop(row["id"], ())))
    if support:
        raise FactError(f"claims.toml: support for {', '.join(support)}, which is no claim. Correct the id.")
    return Table(found)


def _problem(row: Mapping[str, Any], found: Mapping[str, Claim]) -> str | None:
    for name, known in (("made_by", MAKERS), ("topic", TOPICS), ("standing", STANDINGS), ("certainty", CERTAINTIES)):
        if row[name] not in known:
            return f"{name} is '{row[name]}'; it must be one of {', '.join(known)}."
    if not re.fullmatch(r"E\d\d+", row["id"]) or row["id"] in found:
        return "an id is E and two digits, and stands for one claim. Give the next free number."
    if bool(row["correction"].strip()) != (row["standing"] in CORRECTED):
        return f"a correction is given exactly where the standing is {', '.join(CORRECTED)}. It is '{row['standing']}'."
    if not row["claim"].strip() or not row["wording"].strip():
        return "claim and wording must both say something. Fill them in."
    return None


def _support() -> dict[str, list[Support]]:
    found: dict[str, list[Support]] = {}
    for where, row, provenance in rows(HERE, "claims", "support"):
        if row["direction"] not in DIRECTIONS or not row["finding"].strip():
            raise FactError(f"{where}: direction is for or against, and finding one sentence. Correct the row.")
        more = Support(row["direction"], row["finding"], int(row["n"]), provenance)
        found.setdefault(row["claim"], []).append(more)
    return found
