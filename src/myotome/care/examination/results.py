"""Read the result of a finding: clinicians' words, grades and degrees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from myotome.anatomy.tables import anatomy
from myotome.care.examination.checks import shortened
from myotome.care.examination.names import key
from myotome.care.examination.tables import implied_results, result_words, special_tests, trophic_kinds
from myotome.care.examination.vocabulary import Site, vocabulary
from myotome.errors import CaseProblem

LONGEST = 400


def result_of(
    sign: str,
    row: Mapping[Any, Any],
    grade: float | None,
    sites: tuple[Site, ...],
    at: str,
    problems: list[CaseProblem],
) -> str | None:
    """The result in its standard word; None where it is missing, wrong or contradicts the grade."""
    value = row.get("result")
    graded = None if grade is None else _graded(sign, grade)
    measured = _measured(sign, row, sites)
    if value is None:
        if graded is None and measured is None and row.get("grade") is None:
            problems.append(CaseProblem(at, f"this {sign} has no result. Use one of: {', '.join(results_of(sign))}."))
        return graded or measured
    if isinstance(value, bool):
        value = "positive" if value else "negative"
    if str(value).strip().lower() in ("not tested", "not asked"):
        return "not tested"
    found = _found(sign, row, sites, str(value)[:LONGEST])
    if found is None:
        problems.append(
            CaseProblem(
                at, f"'{shortened(value)}' is not a result of {sign}. Use one of: {', '.join(results_of(sign))}."
            )
        )
        return None
    if sign == "pain" and found == "present" and row.get("intensity") == 0:
        problems.append(CaseProblem(at, "pain is 'present' with intensity 0. Keep the right one."))
        return None
    if graded is not None and found != graded and {found, graded} & {"normal", "brisk"}:
        problems.append(
            CaseProblem(
                at, f"result '{found}' with grade {row.get('grade')} contradict each other. Keep the right one."
            )
        )
        return None
    return graded if graded is not None and sign == "reflex" else found


def _found(sign: str, row: Mapping[Any, Any], sites: tuple[Site, ...], value: str) -> str | None:
    """The result that ``value`` means beside the sign and the site as they were written."""
    if not sites or sites[0].kind != "test":
        implied = implied_results().get(" ".join(key(str(row["sign"])[:LONGEST])))
        return _word(sign, value) if implied is None else _implied(sign, implied, value)
    written = str(row["at"])[:LONGEST]
    test = special_tests().get(sites[0].name)
    # "absent pulse: present" is as bad as "pulse: absent".
    named_by_loss = any(word in written.lower() for word in ("absent", "reduced", "loss", "lost"))
    return _word("function" if test is not None and test.function and not named_by_loss else "test", value)


def _graded(sign: str, grade: float) -> str:
    if sign == "strength":
        return "normal" if grade >= 5 else "weak"
    return "absent" if grade < 0.5 else "reduced" if grade < 1.75 else "normal" if grade <= 2.5 else "brisk"


def _measured(sign: str, row: Mapping[Any, Any], sites: tuple[Site, ...]) -> str | None:
    value = row.get("value")
    if sign == "pain" and (row.get("intensity") is not None or row.get("quality")):
        intensity = row.get("intensity")
        return "absent" if isinstance(intensity, int | float) and intensity == 0 else "present"
    if sign != "range" or not isinstance(value, int | float) or not sites:
        return None
    limit = anatomy().movements[sites[0].name].limited_below
    return "limited" if value < limit else "normal"


def _implied(sign: str, implied: str, value: str) -> str | None:
    """The result where the sign's own name says it: "numbness: present" is reduced, "weakness: absent" is normal."""
    there = _word("other", value)
    if there == "present" or value.strip().lower() == implied:
        return implied
    if there == "absent":
        return "normal" if "normal" in results_of(sign) else "absent"
    return _word(sign, value)


def _word(sign: str, value: str) -> str | None:
    text = " ".join(value.strip().lower().split())
    if sign == "trophic":
        found = vocabulary().trophic.find(text)
        return found or result_words()["other"].get(text)
    table = result_words().get(sign, result_words()["other"])
    return table.get(text)


def results_of(sign: str) -> tuple[str, ...]:
    """The results that a sign can have."""
    if sign == "trophic":
        return (*trophic_kinds(), "absent")
    table = result_words().get(sign, result_words()["other"])
    return tuple(dict.fromkeys(table.values()))
