"""Examiners: one whose rates are the model's own, and those whose ways the model does not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.random import Generator

from myotome.care.examination.case import Case, Finding
from myotome.care.explanation.likelihoods import SIDES, evidence_of
from myotome.care.explanation.model import Model
from myotome.care.simulation.people import Person, complaint, person
from myotome.care.simulation.routine import HERE, Item, Missing, at_random, by_region, routine
from myotome.care.simulation.truth import Truth, truth
from myotome.errors import FactError
from myotome.facts.kept import Table, kept
from myotome.facts.tables import rows
from myotome.inference.network import Floats

HARMLESS = ("normal", "negative", "absent", "brisk")  # results that are no sign of the fact
MISSING: Mapping[str, Missing] = {"at random": at_random, "by region": by_region}


@dataclass(frozen=True, slots=True)
class Examiner:
    """Who examines: the anatomy that people have, how rates differ from the model's, what is left out.

    ``kappa`` is the agreement with an examiner of the same rates who makes no further mistakes.
    """

    name: str
    words: str
    profile: str
    sensitivity_loss: float
    false_positives: float
    kappa: float
    missing: str


@dataclass(frozen=True, slots=True)
class Examination:
    """A case as it would be written down, and what is true of the person."""

    case: Case
    truth: Truth


@kept
def examiners() -> Mapping[str, Examiner]:
    """The examiners by name, the model's own first."""
    return Table({row["name"]: _examiner(where, row) for where, row, _ in rows(HERE, "examiners", "examiner")})


def _examiner(where: str, row: Mapping[str, str]) -> Examiner:
    if row["missing"] not in MISSING:
        raise FactError(f"{where}: missing '{row['missing']}' is unknown. Use {' or '.join(MISSING)}.")
    loss, factor, kappa = (float(row[name]) for name in ("sensitivity_loss", "false_positives", "kappa"))
    return Examiner(row["name"], row["words"], row["profile"], loss, factor, kappa, row["missing"])


def examination(examiner: Examiner, model: Model, rng: Generator) -> Examination:
    """Somebody comes and is examined; ``model`` is that of the examiner's profile."""
    somebody = person(model, complaint(rng), rng)
    items = routine(somebody.complaint, rng)
    return examine(somebody, MISSING[examiner.missing](items, somebody.complaint, rng), examiner, rng)


def examine(somebody: Person, items: list[Item], examiner: Examiner, rng: Generator) -> Examination:
    """Look at each item once and write down what is seen."""
    findings, seen = [], set()
    for item in items:
        k, chances = looks(somebody.model, item, examiner)
        if k is None:
            continue
        s = _side(item, somebody)
        seen.add((s, k))
        result = _result(somebody, s, k, chances, rng)
        if rng.random() >= examiner.kappa:
            # A mistake: what the same look would show in somebody else with this complaint.
            result = _result(person(somebody.model, somebody.complaint, rng), s, k, chances, rng)
        findings.append(Finding(item.sign, item.site, item.side, item.results[result], midline=item.midline))
    return Examination(Case(complaint=somebody.complaint, findings=tuple(findings)), truth(somebody, seen))


def _result(whom: Person, s: int, k: int, chances: Floats, rng: Generator) -> int:
    """Number of the result; the last one takes what rounding leaves."""
    cumulative = chances[int(whom.fact(s, k, rng))]
    return int(np.searchsorted(cumulative[:-1], rng.random(), side="right"))


def _side(item: Item, somebody: Person) -> int:
    return SIDES.index(str(somebody.complaint.side) if item.midline else item.side)


@lru_cache(maxsize=16384)
def looks(model: Model, item: Item, examiner: Examiner) -> tuple[int | None, Floats]:
    """The fact an item looks at, and the cumulative chances of its results: (no fact, fact)."""
    rates, facts = [], set()
    for result in item.results:
        finding = Finding(item.sign, item.site, item.side, result, midline=item.midline)
        for kind, site, on, off in evidence_of(finding, model):
            facts.add(model.fact(kind, site))
            rates.append((off, on))
    if len(facts) != 1 or len(rates) != len(item.results):
        return None, np.zeros((2, 0))
    known = np.array(rates).T
    if not np.allclose(known.sum(axis=1), 1.0):
        raise FactError(f"The results of {item.name} have chances that do not sum to one. Correct their rates.")
    return facts.pop(), _changed(known, item.results, examiner).cumsum(axis=1)


def _changed(rates: Floats, results: tuple[str, ...], examiner: Examiner) -> Floats:
    """The examiner's own rates: never worse than chance, and the normal result takes what is left."""
    signs = np.array([r not in HARMLESS for r in results])
    false, right = rates[:, signs].sum(axis=1)
    # A look that is already no better than chance stays as it is.
    loss = min(examiner.sensitivity_loss, max(right - false, 0.0))
    more = min(false * examiner.false_positives, max(right - loss, false))
    made = rates.copy()
    made[1, signs] *= (right - loss) / right
    made[0, signs] *= more / false
    made[:, -1] += rates.sum(axis=1) - made.sum(axis=1)
    return made
