"""Harm in fixed terms: what it is called, how bad, when it came, what was done and came of it, whether to report it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from myotome.care.evidence.harms import harms, in_range
from myotome.errors import FactError
from myotome.facts.kept import Table, kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import by_code, facts_of, rows

HERE = "myotome.care.session"
SEVERITIES = ("mild", "moderate", "severe")  # from light to grave
REPORTS = ("no", "if serious", "yes")
LASTING = ("recovered with sequelae", "died")
GRAVE = ("emergency called", "sent to hospital")


@dataclass(frozen=True, slots=True)
class Term:
    """One harm. ``severity`` and ``onset`` are what is offered first, empty where only the practitioner can tell.

    ``hours_from`` and ``hours_to`` are when it usually comes after the needle, 0 for no end; ``harm`` names the row of
    the table of harms that says how often, empty where none does; ``report`` is no, if serious or yes.
    """

    code: str
    group: str
    patient: str
    harm: str
    severity: str
    serious: bool
    onset: str
    hours_from: float
    hours_to: float
    do: str
    report: str
    reviewed_by: str
    provenance: Provenance

    @property
    def often(self) -> str:
        """How often it was counted, in words; empty where nobody counted it under such a name."""
        same = [harm for harm in harms() if harm.name == self.harm]
        return in_range(same) if same else ""


@dataclass(frozen=True, slots=True)
class Severity:
    """How bad it was: in a few words, and in full."""

    code: str
    words: str
    full: str
    reviewed_by: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Onset:
    """When it began, in hours after the needle; ``hours_to`` is 0 where there is no end."""

    code: str
    words: str
    hours_from: float
    hours_to: float
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Action:
    """What was done about it."""

    code: str
    words: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it; ``open`` while somebody should ask again. ``fhir`` is its code in that standard."""

    code: str
    words: str
    open: bool
    fhir: str
    provenance: Provenance


@kept
def terms() -> Mapping[str, Term]:
    """Every term by its code, in the order of the file.

    Raises:
        FactError: a code used twice; a severity, onset, report or harm that is not known; hours that run backwards.
    """
    known = {harm.name for harm in harms()} | {""}
    found: dict[str, Term] = {}
    for where, row, provenance in rows(HERE, "adverse", "term"):
        strange = [
            name
            for name, allowed in (
                ("severity", (*SEVERITIES, "")),
                ("onset", (*onsets(), "")),
                ("report", REPORTS),
                ("harm", known),
            )
            if row[name] not in allowed
        ]
        if strange or row["code"] in found or (row["hours_to"] and row["hours_to"] <= row["hours_from"]):
            raise FactError(
                f"{where}: {', '.join(strange) or 'code or hours'} cannot be. Severities are {', '.join(SEVERITIES)}; "
                f"reports {', '.join(REPORTS)}; harms those of harms.toml; a code stands once. Mend the row."
            )
        found[row["code"]] = Term(**facts_of(row), provenance=provenance)
    return Table(found)


@kept
def severities() -> Mapping[str, Severity]:
    """The severities from light to grave."""
    found = by_code(HERE, "adverse", "severity", Severity)
    if tuple(found) != SEVERITIES:
        raise FactError(f"adverse.toml: the severities are {', '.join(found)}. They are {', '.join(SEVERITIES)}.")
    return found


@kept
def onsets() -> Mapping[str, Onset]:
    """When harm may have begun, soonest first."""
    return by_code(HERE, "adverse", "onset", Onset)


@kept
def actions() -> Mapping[str, Action]:
    """What may have been done."""
    return by_code(HERE, "adverse", "action", Action)


@kept
def outcomes() -> Mapping[str, Outcome]:
    """What may have come of it."""
    return by_code(HERE, "adverse", "outcome", Outcome)


def serious_means() -> str:
    """What serious means, beside severe, in words."""
    return " ".join(str(row["words"]) for _, row, _ in rows(HERE, "adverse", "serious"))


def is_serious(told: Mapping[str, Any]) -> bool:
    """Whether a harm as recorded is serious: by its term, severity or outcome, or because an ambulance was called."""
    term = terms().get(told["term"])
    return (
        (term is not None and term.serious)
        or told["severity"] == "severe"
        or told.get("outcome", "") in LASTING
        or any(action in GRAVE for action in told.get("actions", ()))
    )


def report_is_due(told: Mapping[str, Any]) -> bool:
    """Whether somebody outside should be told of a harm as recorded; an unknown term counts as if serious."""
    term = terms().get(told["term"])
    report = "if serious" if term is None else term.report
    return report == "yes" or (report == "if serious" and is_serious(told))


def is_open(told: Mapping[str, Any]) -> bool:
    """Whether a harm as recorded still waits for its end: no outcome, or one that may change."""
    outcome = outcomes().get(told.get("outcome", ""))
    return outcome is None or outcome.open


def catalogue() -> dict[str, list[dict[str, Any]]]:
    """Everything as plain values, for the page at the bedside."""
    tables: dict[str, Mapping[str, Any]] = {
        "terms": terms(),
        "severities": severities(),
        "onsets": onsets(),
        "actions": actions(),
        "outcomes": outcomes(),
    }
    return {name: [as_dict(row) for row in table.values()] for name, table in tables.items()}


def as_dict(row: Any) -> dict[str, Any]:
    """A row as plain values, with the grade of its source; its quote stays in the tables."""
    told = {name: getattr(row, name) for name in row.__slots__ if name != "provenance"}
    return told | {"grade": row.provenance.grade}
