"""Read a case file whole or not at all: every problem with its place, the rule and the remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from myotome.anatomy.tables import anatomy
from myotome.care.examination import yaml12
from myotome.care.examination.case import ANSWERS, Build, Case, Complaint, Finding, Person
from myotome.care.examination.checks import (
    MOST_KEYS_NAMED,
    agreed_side,
    kind_of,
    number_of,
    only_keys,
    shortened,
    side_of,
)
from myotome.care.examination.finding_row import findings_in
from myotome.care.examination.results import LONGEST
from myotome.care.examination.visit_sections import (
    SECTIONS,
    background_in,
    clearances_in,
    reasons_in,
    settings_in,
    visit_in,
)
from myotome.care.examination.vocabulary import resolve, side_within
from myotome.errors import CaseError, CaseProblem, UnknownNameError

KEYS = ("person", "build", "complaint", "screening", "findings", *SECTIONS)
IGNORED_KEYS = ("source", "expected")  # where a published case says where it comes from
CONSENT = "consent"
MOST_FINDINGS = 1000
MOST_ANSWERS = 300
MOST_PROBLEMS = 100  # a file with more is read no further

ScreeningNames = Callable[[str], str]


def parse(data: bytes, screening_code: ScreeningNames) -> Case:
    """The case in ``data``; ``screening_code`` turns a written screening item into its code.

    Raises:
        CaseError: with every problem found.
    """
    return build(yaml12.read(data), screening_code)


def build(document: Any, screening_code: ScreeningNames) -> Case:
    """The case in an already read document of plain values.

    Raises:
        CaseError: with every problem found.
    """
    problems: list[CaseProblem] = []
    if document is None:
        raise CaseError([CaseProblem("file", "the file is empty. Give at least 'findings' or 'screening'.")])
    if not isinstance(document, Mapping):
        raise CaseError(
            [
                CaseProblem(
                    "file", f"the file holds {kind_of(document)}; a case is a mapping with 'findings' or 'screening'."
                )
            ]
        )
    for key in [k for k in document if k not in (*KEYS, *IGNORED_KEYS)][:MOST_KEYS_NAMED]:
        problems.append(
            CaseProblem(shortened(key), f"'{shortened(key)}' is not a part of a case file. Use: {', '.join(KEYS)}.")
        )
    if not document.get("findings") and not document.get("screening"):
        problems.append(CaseProblem("file", "there is neither 'findings' nor 'screening'. Give at least one of them."))
    person = _person(_section(document, "person", problems), problems)
    size = _build(_section(document, "build", problems), problems)
    complaint = _complaint(_section(document, "complaint", problems), problems)
    screening = _screening(_section(document, "screening", problems), screening_code, problems)
    findings = _findings(document.get("findings"), problems)
    background = background_in(document, problems)
    visit = visit_in(_section(document, "visit", problems), problems)
    settings = settings_in(_section(document, "settings", problems), problems)
    clearances = clearances_in(document.get("clearances"), problems)
    reasons = reasons_in(_section(document, "reasons", problems), problems)
    if problems:
        raise CaseError(problems)
    return Case(person, size, complaint, screening, findings, background, visit, settings, clearances, reasons)


def _section(document: Mapping[Any, Any], name: str, problems: list[CaseProblem]) -> Mapping[Any, Any]:
    value = document.get(name)
    if value is None:
        return {}
    if name == "complaint" and isinstance(value, str):
        return {"text": value}
    if not isinstance(value, Mapping):
        problems.append(CaseProblem(name, f"'{name}' is {kind_of(value)}; it must be a mapping such as {{a: 1}}."))
        return {}
    return value


def _person(section: Mapping[Any, Any], problems: list[CaseProblem]) -> Person:
    only_keys(section, ("age", "sex"), "person", problems)
    age = number_of(section.get("age"), "person.age", 0, 120, "years", problems)
    sex = section.get("sex")
    if sex is not None and str(sex).lower() not in ("female", "male", "other"):
        problems.append(
            CaseProblem("person.sex", f"sex is '{shortened(sex)}'; use female, male or other, or leave it out.")
        )
        sex = None
    return Person(age, None if sex is None else str(sex).lower())


def _build(section: Mapping[Any, Any], problems: list[CaseProblem]) -> Build:
    only_keys(section, ("height_cm", "weight_kg"), "build", problems)
    return Build(
        number_of(section.get("height_cm"), "build.height_cm", 40, 260, "cm", problems),
        number_of(section.get("weight_kg"), "build.weight_kg", 1, 400, "kg", problems),
    )


def _complaint(section: Mapping[Any, Any], problems: list[CaseProblem]) -> Complaint:
    only_keys(section, ("text", "side", "area"), "complaint", problems)
    side, area = painful_area(section, problems)
    return Complaint(str(section.get("text", "") or "")[:2000], side, area)


def painful_area(section: Mapping[Any, Any], problems: list[CaseProblem]) -> tuple[str | None, str | None]:
    """Side and area of a complaint, as a case and a course write them; None where not said."""
    side = side_of(section.get("side"), "complaint.side", problems)
    area = section.get("area")
    name = None
    if area is not None:
        try:
            text, within = side_within(str(area)[:LONGEST])
            name = resolve("pain", text)[0].name
            patches = anatomy().patches
            name = patches[name].area if name not in anatomy().areas and name in patches else name
            side = agreed_side(side, within, "complaint.side", problems)
        except UnknownNameError as error:
            problems.append(CaseProblem("complaint.area", str(error), error.did_you_mean))
    return side, name


def _screening(
    section: Mapping[Any, Any], code: ScreeningNames, problems: list[CaseProblem]
) -> tuple[tuple[str, str], ...]:
    answers: dict[str, str] = {}
    if len(section) > MOST_ANSWERS:
        problems.append(CaseProblem("screening", f"{len(section)} answers; at most {MOST_ANSWERS} are read."))
        return ()
    for key, value in section.items():
        at = f"screening.{shortened(key)}"
        answer = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        answer = str(answer).strip().lower() if answer is not None else "not asked"
        if answer not in ANSWERS:
            problems.append(
                CaseProblem(
                    at, f"the answer is '{shortened(value)}'; use one of: {', '.join(ANSWERS)}. Not asked is not no."
                )
            )
            continue
        try:
            name = code(str(key)[:LONGEST])
        except UnknownNameError as error:
            problems.append(CaseProblem(at, str(error), error.did_you_mean))
            continue
        if name == CONSENT and {answers.get(name, answer), answer} == {"yes", "no"}:
            problems.append(CaseProblem(at, "consent is answered yes and no. Ask again and keep the true answer."))
        # Several questions may stand for one item (fever, chills): one yes is enough, and no outweighs not asked.
        answers[name] = min(answers.get(name, answer), answer, key=ANSWERS.index)
    return tuple(sorted(answers.items()))


def _findings(value: Any, problems: list[CaseProblem]) -> tuple[Finding, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        problems.append(
            CaseProblem("findings", f"'findings' is {kind_of(value)}; it must be a list, one finding a line.")
        )
        return ()
    if len(value) > MOST_FINDINGS:
        problems.append(CaseProblem("findings", f"{len(value)} findings; at most {MOST_FINDINGS} are read."))
        return ()
    found: list[Finding] = []
    for number, row in enumerate(value):
        if len(problems) >= MOST_PROBLEMS:
            problems.append(CaseProblem(f"findings[{number}]", "too many problems to read on. Mend those above first."))
            break
        found.extend(findings_in(row, f"findings[{number}]", problems))
    return _consistent(found, problems)


def _consistent(found: list[Finding], problems: list[CaseProblem]) -> tuple[Finding, ...]:
    """One finding a sign, site, side and time; the graded one is kept of two that agree."""
    kept: dict[tuple[str, str, str, str, str], Finding] = {}
    for finding in found:
        if finding.result == "not tested":
            continue
        for side in finding.sides:
            kind = finding.result if finding.sign == "trophic" and finding.result != "absent" else ""
            key = (finding.sign, finding.site.name, side, finding.when, kind)
            one = finding if len(finding.sides) == 1 or finding.midline else replace(finding, side=side)
            before = kept.get(key)
            if before is not None and before.result != finding.result:
                problems.append(
                    CaseProblem(
                        finding.at,
                        f"{finding.sign} at {finding.site.name}, {side}, is '{finding.result}' here and "
                        f"'{before.result}' in {before.at}. Keep one, or mark a re-test with 'when: after'.",
                    )
                )
            if before is None or (before.grade is None and finding.grade is not None):
                kept[key] = one
    return tuple(dict.fromkeys(kept.values()))
