"""Outcome scores: what is asked, how it is added up, how much change matters; and which are left out, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from myotome.errors import FactError
from myotome.facts.kept import Table, kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import rows, sources

HERE = "myotome.care.course"
ONE, OWN_WORDS, YES_OR_NO, MEASURED = "one", "own words", "yes or no", "measured"
KINDS = {ONE: "score", OWN_WORDS: "", YES_OR_NO: "answer", MEASURED: ""}  # with the name of their only item
ROWS = ("pain", "function", "range", "change", "state")
BETTER = ("less", "more", "yes")
IMPORTANT, DETECTABLE = "important", "detectable"
MOST_ACTIVITIES = 5
NOT_ASKED = ("", "not asked", None)


@dataclass(frozen=True, slots=True)
class Score:
    """One score. ``row`` is where it stands on the course; ``better`` says which way is better.

    ``spans``: it asks of a day or longer, so that it may be asked after the needles too.
    ``provenance`` is that of its licence.
    """

    code: str
    name: str
    row: str
    items: str
    asks: str
    least: float
    most: float
    step: float
    low: str
    high: str
    better: str
    rule: str
    missing: str
    licence: str
    provenance: Provenance
    spans: bool = False


@dataclass(frozen=True, slots=True)
class Matters:
    """How much change matters: ``important`` to patients, or ``detectable`` above the error of measuring.

    From ``value`` to ``highest``; ``used`` is the one that changes are judged by.
    """

    score: str
    what: str
    used: bool
    value: float
    highest: float
    unit: str
    where: str
    how: str
    remark: str
    provenance: Provenance
    reviewed_by: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A score that is not here: why, and what was read of its licence."""

    name: str
    why: str
    terms: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Scored:
    """What a score comes to, or in ``why`` why it comes to nothing; ``parts`` are the numbers it was made of."""

    total: float | None
    why: str = ""
    parts: tuple[tuple[str, float], ...] = ()


@kept
def scores() -> Mapping[str, Score]:
    """The scores by code, in the order of their table.

    Raises:
        FactError: a kind, row or direction that is not known, or a code used twice.
    """
    found: dict[str, Score] = {}
    for where, row, provenance in rows(HERE, "scores", "score"):
        known = row["items"] in KINDS and row["row"] in ROWS and row["better"] in BETTER
        if not known or row["code"] in found or not row["least"] < row["most"]:
            raise FactError(
                f"{where}: its items, row, better or range are not known, or its code is taken. Correct it."
            )
        plain = {name: value for name, value in row.items() if name in Score.__slots__}
        found[row["code"]] = Score(**plain, provenance=provenance)
    return Table(found)


@kept
def matters() -> tuple[Matters, ...]:
    """How much change matters, every figure that was found.

    Raises:
        FactError: two are used for the same, or a range that ends before it begins.
    """
    found: list[Matters] = []
    for where, row, provenance in rows(HERE, "scores", "matters"):
        one = Matters(**{name: row[name] for name in Matters.__slots__ if name != "provenance"}, provenance=provenance)
        twice = one.used and any((one.score, one.what) == (a.score, a.what) for a in found if a.used)
        if twice or one.what not in (IMPORTANT, DETECTABLE) or not 0 < one.value <= one.highest:
            raise FactError(f"{where}: two are used for one score, or its what or values cannot be. Correct the row.")
        found.append(one)
    return tuple(found)


@kept
def left_out() -> tuple[LeftOut, ...]:
    """Scores that are not here, and why."""
    found = rows(HERE, "scores", "left_out")
    return tuple(LeftOut(row["name"], row["why"], row["terms"], provenance) for _, row, provenance in found)


def used(score: str, what: str = IMPORTANT) -> Matters | None:
    """The figure that changes of a score are judged by; None where there is none."""
    return next((one for one in matters() if one.used and (one.score, one.what) == (score, what)), None)


def published(score: str, what: str = IMPORTANT) -> tuple[float, float] | None:
    """The least and the greatest figure that were published for a score."""
    found = [one for one in matters() if (one.score, one.what) == (score, what)]
    return (min(one.value for one in found), max(one.highest for one in found)) if found else None


def scored(code: str, items: Mapping[str, Any]) -> Scored:
    """What the items of a score come to; a missing answer is never read as a number."""
    score = scores().get(code)
    if score is None:
        return Scored(None, f"There is no score '{code}' here. There are {', '.join(scores())}.")
    if score.items == MEASURED:
        return Scored(None, f"{score.name} is taken from the findings, not scored.")
    answered = {str(name): value for name, value in items.items() if value not in NOT_ASKED}
    if not answered:
        return Scored(None, score.missing)
    if score.items == YES_OR_NO:
        return _yes_or_no(score, answered)
    return _numbers(score, answered)


def _yes_or_no(score: Score, answered: Mapping[str, Any]) -> Scored:
    said = answered.get("answer")
    if set(answered) != {"answer"} or said not in ("yes", "no"):
        return Scored(None, f"{score.name}: the answer is yes or no.")
    total = 1.0 if said == "yes" else 0.0
    return Scored(total, parts=(("answer", total),))


def _numbers(score: Score, answered: Mapping[str, Any]) -> Scored:
    only = KINDS[score.items]
    if only and set(answered) != {only}:
        return Scored(None, f"{score.name} is one number, named '{only}'.")
    if len(answered) > MOST_ACTIVITIES:
        return Scored(None, f"{score.name}: {len(answered)} activities; at most {MOST_ACTIVITIES} are rated.")
    for name, value in answered.items():
        whole = isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()
        if not whole or not score.least <= value <= score.most:
            said = f"whole numbers from {score.least:g} to {score.most:g}"
            what = "it" if only else f"'{name}'"
            return Scored(None, f"{score.name}: {what} is '{value}'; it takes {said}.")
    parts = tuple((name, float(value)) for name, value in answered.items())
    return Scored(sum(value for _, value in parts) / len(parts), parts=parts)


def catalogue() -> list[dict[str, Any]]:
    """The scores that are asked, as plain values for a screen."""
    return [_plain(score) for score in scores().values() if score.items != MEASURED]


def _plain(score: Score) -> dict[str, Any]:
    only, figure, span = KINDS[score.items], used(score.row), published(score.row)
    plain: dict[str, Any] = {
        name: getattr(score, name)
        for name in ("code", "name", "row", "asks", "least", "most", "step", "low", "high", "better", "rule")
    }
    plain |= {
        "kind": score.items,
        "items": [only] if only else [],
        "most_items": 1 if only else MOST_ACTIVITIES,
        "missing": score.missing,
        "licence": score.licence,
        "matters": None if figure is None else {"value": figure.value, "unit": figure.unit, "where": figure.where},
        "published": None if span is None else list(span),
    }
    return plain


def cited(provenance: Provenance) -> str:
    """The source of a row in a line."""
    if provenance.is_judgement:
        return "Judgement: " + provenance.source.partition(":")[2].strip().rstrip(".") + "."
    return sources()[provenance.source].citation
