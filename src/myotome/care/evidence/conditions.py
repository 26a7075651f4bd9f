"""What is known of needling for a complaint, with counts per 100 where a trial gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from myotome.anatomy.tables import anatomy
from myotome.care.evidence.claims import CERTAINTIES, DIRECTIONS, HERE, Support
from myotome.care.examination.names import Names
from myotome.errors import FactError, UnknownNameError
from myotome.facts.kept import Table, kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import rows

NO_TRIAL = "No trial gives this number."
NOT_GIVEN = -1.0
TREATMENTS = {"acupuncture": "acupuncture", "dry needling": "dry needling", "IMS": "intramuscular stimulation"}
# Words that people put round the name of a complaint without changing what is meant.
_ROUND_A_NAME = frozenset(
    {"chronic", "acute", "persistent", "left", "right", "bad", "severe", "mild", "my", "long-term"}
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One complaint; ``areas`` are those of the anatomy it is felt at, none where the whole body is meant."""

    name: str
    synonyms: tuple[str, ...]
    areas: tuple[str, ...]
    known: str
    not_known: str
    certainty: str
    wording: str
    reviewed_by: str
    provenance: Provenance
    findings: tuple[Support, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """Counts per 100 people of one comparison; -1 where there is no such group, ``n`` 0 where it is not printed."""

    condition: str
    outcome: str
    treatment: str
    compared: str
    treated_per_100: float
    sham_per_100: float
    usual_per_100: float
    follow_up: str
    n: int
    trials: int
    provenance: Provenance


@kept
def conditions() -> Mapping[str, Condition]:
    """Every condition by name, in table order.

    Raises:
        FactError: an unknown area or certainty, a name used twice, or a finding for no condition.
    """
    findings = _findings()
    found: dict[str, Condition] = {}
    for where, row, provenance in rows(HERE, "conditions", "condition"):
        strange = sorted(set(row["areas"]) - set(anatomy().areas))
        if strange or row["certainty"] not in CERTAINTIES or row["name"] in found:
            raise FactError(
                f"{where}: areas {strange} or certainty '{row['certainty']}' not known, or a second row of the name. "
                f"Certainty is one of {', '.join(CERTAINTIES)}; areas are those of the anatomy. Correct the row."
            )
        found[row["name"]] = Condition(
            row["name"],
            tuple(row["synonyms"]),
            tuple(row["areas"]),
            row["known"],
            row["not_known"],
            row["certainty"],
            row["wording"],
            row["reviewed_by"],
            provenance,
            tuple(findings.pop(row["name"], ())),
        )
    if findings:
        raise FactError(
            f"conditions.toml: a finding for {', '.join(findings)}, which is no condition. Correct the name."
        )
    return Table(found)


def _findings() -> dict[str, list[Support]]:
    found: dict[str, list[Support]] = {}
    for where, row, provenance in rows(HERE, "conditions", "finding"):
        if row["direction"] not in DIRECTIONS:
            raise FactError(f"{where}: direction '{row['direction']}'. It is for or against; correct the row.")
        more = Support(row["direction"], row["finding"], int(row["n"]), provenance)
        found.setdefault(row["condition"], []).append(more)
    return found


@kept
def results() -> Mapping[str, tuple[Result, ...]]:
    """The counts of each condition that has any, by its name.

    Raises:
        FactError: an unknown condition or treatment, a count beyond 100, or nothing to compare with.
    """
    found: dict[str, tuple[Result, ...]] = {}
    for where, row, provenance in rows(HERE, "counts", "result"):
        if problem := _problem(row):
            raise FactError(f"{where}: {problem}")
        result = Result(
            row["condition"],
            row["outcome"],
            row["treatment"],
            row["compared"],
            float(row["treated_per_100"]),
            float(row["sham_per_100"]),
            float(row["usual_per_100"]),
            row["follow_up"],
            int(row["n"]),
            int(row["trials"]),
            provenance,
        )
        found[result.condition] = (*found.get(result.condition, ()), result)
    return Table(found)


def _problem(row: Mapping[str, Any]) -> str | None:
    treated, sham, usual = (float(row[f"{group}_per_100"]) for group in ("treated", "sham", "usual"))
    if row["condition"] not in conditions():
        return f"'{row['condition']}' is no condition. Use a name of conditions.toml."
    if row["treatment"] not in TREATMENTS:
        return f"treatment '{row['treatment']}' is not one of {', '.join(TREATMENTS)}."
    if not 0 <= treated <= 100 or any(c != NOT_GIVEN and not 0 <= c <= 100 for c in (sham, usual)):
        return (
            f"counts {treated:g}, {sham:g}, {usual:g}: each lies between 0 and 100, or is -1 where there is no group."
        )
    if sham == usual == NOT_GIVEN:
        return "neither a sham nor a usual figure. A count without its comparison is not shown; remove the row."
    return None


def find(text: str) -> Condition:
    """The condition that ``text`` names, in any word order.

    Raises:
        UnknownNameError: no condition of that name; carries the nearest names.
    """
    name = _names().named(text) or _names().find(text, dropping=_ROUND_A_NAME)
    if name is not None:
        return conditions()[name]
    near = _names().near(text)
    hint = f"Did you mean {' or '.join(near)}?" if near else "See 'myotome evidence' for the list."
    short = text if len(text) <= 60 else text[:57] + "..."
    raise UnknownNameError(f"'{short}' is not a condition that the evidence tables know. {hint}", near)


@kept
def _names() -> Names:
    names = Names("condition")
    for condition in conditions().values():
        names.add(condition.name, ())
    for condition in conditions().values():
        names.add(condition.name, condition.synonyms)
    return names


def for_area(area: str) -> tuple[Condition, ...]:
    """The conditions that a complaint felt at this area may be, in table order."""
    return tuple(condition for condition in conditions().values() if area in condition.areas)


def expectation(condition: Condition) -> tuple[str, ...]:
    """Sentences with counts per 100 and the sham figure beside them, or that no trial gives them."""
    sentences = [_sentence(result) for result in results().get(condition.name, ())]
    return tuple(sentences) or (NO_TRIAL,)


def _sentence(result: Result) -> str:
    said = f"Of 100 people treated with {TREATMENTS[result.treatment]}, {result.treated_per_100:g} {result.outcome}"
    groups = [f"with sham needling {result.sham_per_100:g}"] if result.sham_per_100 != NOT_GIVEN else []
    groups += [f"without needling {result.usual_per_100:g}"] if result.usual_per_100 != NOT_GIVEN else []
    size = f"{result.trials} trial{'s' if result.trials > 1 else ''}" + (f", {result.n} people" if result.n else "")
    end = f"Compared: {result.compared} ({size})."
    if result.sham_per_100 == NOT_GIVEN:
        end += " For sham needling: " + NO_TRIAL[0].lower() + NO_TRIAL[1:]
    if result.treatment == "acupuncture":
        end += " This is a figure of acupuncture, not of intramuscular stimulation."
    return f"{said} {result.follow_up}; {'; '.join(groups)}. {end}"
