"""Read a case file whole or not at all: every problem with its place, the rule and the remedy."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Any

from myotome.anatomy.tables import anatomy
from myotome.care.examination import yaml12
from myotome.care.examination.case import ANSWERS, SIDES, Build, Case, Complaint, Finding, Person
from myotome.care.examination.tables import special_tests, trophic_kinds
from myotome.care.examination.vocabulary import Site, nearest, resolve, side_within, vocabulary
from myotome.errors import CaseError, CaseProblem, UnknownNameError
from myotome.facts.kept import kept

KEYS = ("person", "build", "complaint", "screening", "findings")
IGNORED_KEYS = ("source", "expected")  # where a published case says where it comes from
FINDING_KEYS = (
    "sign", "at", "side", "result", "grade", "value", "intensity", "quality", "when", "note",
)  # fmt: skip
MOST_FINDINGS = 1000
_GRADES = {"strength": (0.0, 5.0, "MRC 0 to 5"), "reflex": (0.0, 4.0, "reflex 0 to 4")}
_MIDLINE_PATCHES = ("saddle",)
_AXIAL = ("head", "jaw", "neck", "suboccipital", "thoracic wall", "abdominal wall", "spine", "low back", "pelvis")
_LONGEST = 400

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
            [CaseProblem("file", f"the file holds {_kind(document)}; a case is a mapping with 'findings' or 'screening'.")]
        )
    for key in document:
        if key not in (*KEYS, *IGNORED_KEYS):
            problems.append(
                CaseProblem(str(key)[:60], f"'{_short(key)}' is not a part of a case file. Use: {', '.join(KEYS)}.")
            )
    if not document.get("findings") and not document.get("screening"):
        problems.append(CaseProblem("file", "there is neither 'findings' nor 'screening'. Give at least one of them."))
    person = _person(_section(document, "person", problems), problems)
    size = _build(_section(document, "build", problems), problems)
    complaint = _complaint(_section(document, "complaint", problems), problems)
    screening = _screening(_section(document, "screening", problems), screening_code, problems)
    findings = _findings(document.get("findings"), problems)
    if problems:
        raise CaseError(problems)
    return Case(person, size, complaint, screening, findings)


def _section(document: Mapping[Any, Any], name: str, problems: list[CaseProblem]) -> Mapping[Any, Any]:
    value = document.get(name)
    if value is None:
        return {}
    if name == "complaint" and isinstance(value, str):
        return {"text": value}
    if not isinstance(value, Mapping):
        problems.append(CaseProblem(name, f"'{name}' is {_kind(value)}; it must be a mapping such as {{key: value}}."))
        return {}
    return value


def _person(section: Mapping[Any, Any], problems: list[CaseProblem]) -> Person:
    _only(section, ("age", "sex"), "person", problems)
    age = _number(section.get("age"), "person.age", 0, 120, "years", problems)
    sex = section.get("sex")
    if sex is not None and str(sex).lower() not in ("female", "male", "other"):
        problems.append(CaseProblem("person.sex", f"sex is '{_short(sex)}'; use female, male or other, or leave it out."))
        sex = None
    return Person(age, None if sex is None else str(sex).lower())


def _build(section: Mapping[Any, Any], problems: list[CaseProblem]) -> Build:
    _only(section, ("height_cm", "weight_kg"), "build", problems)
    return Build(
        _number(section.get("height_cm"), "build.height_cm", 40, 260, "cm", problems),
        _number(section.get("weight_kg"), "build.weight_kg", 1, 400, "kg", problems),
    )


def _complaint(section: Mapping[Any, Any], problems: list[CaseProblem]) -> Complaint:
    _only(section, ("text", "side", "area"), "complaint", problems)
    side = _side(section.get("side"), "complaint.side", problems)
    area = section.get("area")
    name = None
    if area is not None:
        try:
            text, within = side_within(str(area))
            name = resolve("pain", text)[0].name
            patches = anatomy().patches
            name = patches[name].area if name not in anatomy().areas and name in patches else name
            side = side or within
        except UnknownNameError as error:
            problems.append(CaseProblem("complaint.area", str(error), error.did_you_mean))
    return Complaint(str(section.get("text", "") or "")[:2000], side, name)


def _screening(
    section: Mapping[Any, Any], code: ScreeningNames, problems: list[CaseProblem]
) -> tuple[tuple[str, str], ...]:
    answers: dict[str, str] = {}
    for key, value in section.items():
        at = f"screening.{_short(key)}"
        answer = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
        answer = str(answer).strip().lower() if answer is not None else "not asked"
        if answer not in ANSWERS:
            problems.append(
                CaseProblem(at, f"the answer is '{_short(value)}'; use one of: {', '.join(ANSWERS)}. Not asked is not no.")
            )
            continue
        try:
            name = code(str(key))
        except UnknownNameError as error:
            problems.append(CaseProblem(at, str(error), error.did_you_mean))
            continue
        if answers.get(name, answer) != answer:
            problems.append(
                CaseProblem(at, f"'{name}' is answered both '{answers[name]}' and '{answer}'. Keep one answer.")
            )
        answers[name] = answer
    return tuple(sorted(answers.items()))


def _findings(value: Any, problems: list[CaseProblem]) -> tuple[Finding, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        problems.append(CaseProblem("findings", f"'findings' is {_kind(value)}; it must be a list, one finding a line."))
        return ()
    if len(value) > MOST_FINDINGS:
        problems.append(CaseProblem("findings", f"{len(value)} findings; at most {MOST_FINDINGS} are read."))
        return ()
    found: list[Finding] = []
    for number, row in enumerate(value):
        found.extend(_finding(row, f"findings[{number}]", problems))
    return _consistent(found, problems)


def _finding(row: Any, at: str, problems: list[CaseProblem]) -> list[Finding]:
    if not isinstance(row, Mapping):
        problems.append(CaseProblem(at, f"this finding is {_kind(row)}; it must be {{sign, at, side, result}}."))
        return []
    count = len(problems)
    _only(row, FINDING_KEYS, at, problems)
    sign = _sign(row.get("sign"), at, problems)
    if sign is None:
        return []
    if row.get("at") is None:
        problems.append(CaseProblem(at, f"this {sign} has no 'at'. Say where it was looked for."))
        return []
    text, within = side_within(str(row["at"])[:_LONGEST])
    sites = _sites(sign, text, at, problems)
    side = _side(row.get("side"), at, problems) or within
    grade = _grade(sign, row, at, problems)
    result = _result(sign, row, grade, sites, at, problems)
    when = str(row.get("when", "before")).lower()
    if when not in ("before", "after"):
        problems.append(CaseProblem(at, f"when is '{_short(when)}'; use before or after (treatment)."))
    value = _number(row.get("value"), f"{at}.value", -360, 1000, "degrees", problems)
    intensity = _number(row.get("intensity"), f"{at}.intensity", 0, 10, "NPRS 0 to 10", problems)
    if not sites or result is None or len(problems) > count:
        return []
    midline = all(_is_midline(site) for site in sites)
    if side is None and not midline:
        problems.append(
            CaseProblem(at, f"this {sign} at {sites[0].name} has no side. Add side: left, right or both.")
        )
        return []
    if side is None:
        side = "both"
    return [
        Finding(
            "test" if site.kind == "test" else sign,
            site,
            side,
            {"absent": "negative", "present": "positive"}.get(result, result) if site.kind == "test" else result,
            grade,
            value if intensity is None else intensity,
            str(row.get("quality", "") or "")[:200],
            midline,
            when,
            at,
        )
        for site in sites
    ]


def _sign(value: Any, at: str, problems: list[CaseProblem]) -> str | None:
    names = vocabulary().signs
    if value is None:
        problems.append(CaseProblem(at, "this finding has no 'sign'. Say what was looked at, such as strength."))
        return None
    found = names.find(str(value)[:_LONGEST])
    if found is None:
        near = names.near(str(value)[:_LONGEST])
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        problems.append(CaseProblem(at, f"'{_short(value)}' is not a known sign.{hint}", near))
    return found


def _sites(sign: str, text: str, at: str, problems: list[CaseProblem]) -> tuple[Site, ...]:
    try:
        return resolve(sign, text)
    except UnknownNameError as error:
        if sign == "reflex":
            # Babinski and Hoffmann are written as reflexes as often as tests.
            found = vocabulary().sites["test"].find(text, frozenset({"reflex", "sign", "test", "response"}))
            if found:
                return (Site("test", found),)
        problems.append(CaseProblem(at, str(error), error.did_you_mean or nearest(sign, text)))
        return ()


def _grade(sign: str, row: Mapping[Any, Any], at: str, problems: list[CaseProblem]) -> float | None:
    value = row.get("grade")
    if value is None:
        return None
    if sign not in _GRADES:
        problems.append(CaseProblem(at, f"a {sign} has no grade. Give a result instead."))
        return None
    low, high, scale = _GRADES[sign]
    # 4+ and 4- are written as often as 4.
    text = str(value).strip().split("/")[0]
    shift = {"+": 0.25, "-": -0.25}.get(text[-1:], 0.0) if len(text) > 1 else 0.0
    try:
        number = float(text.rstrip("+-")) + shift
    except ValueError:
        number = float("nan")
    if not low <= number <= high:
        problems.append(CaseProblem(at, f"grade {_short(value)} is outside {scale}. Correct the grade."))
        return None
    return number


def _result(
    sign: str,
    row: Mapping[Any, Any],
    grade: float | None,
    sites: tuple[Site, ...],
    at: str,
    problems: list[CaseProblem],
) -> str | None:
    value = row.get("result")
    graded = None if grade is None else _graded(sign, grade)
    measured = _measured(sign, row, sites)
    if value is None:
        if graded is None and measured is None:
            problems.append(CaseProblem(at, f"this {sign} has no result. Use one of: {', '.join(results_of(sign))}."))
        return graded or measured
    if isinstance(value, bool):
        value = "positive" if value else "negative"
    if str(value).strip().lower() in ("not tested", "not asked"):
        return "not tested"
    pathological = all(site.kind == "test" for site in sites) if sites else False
    table = "test" if pathological else sign
    found = _word(table, str(value)[:_LONGEST])
    if found is None:
        problems.append(
            CaseProblem(at, f"'{_short(value)}' is not a result of {sign}. Use one of: {', '.join(results_of(sign))}.")
        )
        return None
    if graded is not None and (found == "normal") != (graded == "normal"):
        problems.append(
            CaseProblem(at, f"result '{found}' with grade {row.get('grade')} contradict each other. Keep the right one.")
        )
        return None
    return graded if graded is not None and sign == "reflex" else found


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


@kept
def _words() -> dict[str, dict[str, str]]:
    text = (files("myotome.care.examination") / "data" / "results.toml").read_text("utf-8")
    table = tomllib.loads(text)
    return {
        sign: {word: name for name, words in results.items() for word in (*words, name)}
        for sign, results in table.items()
    }


def _word(sign: str, value: str) -> str | None:
    text = " ".join(value.strip().lower().split())
    if sign == "trophic":
        found = vocabulary().trophic.find(text)
        return found or _words()["other"].get(text)
    table = _words().get(sign, _words()["other"])
    return table.get(text)


def results_of(sign: str) -> tuple[str, ...]:
    """The results that a sign can have."""
    if sign == "trophic":
        return (*trophic_kinds(), "absent")
    table = _words().get(sign, _words()["other"])
    return tuple(dict.fromkeys(table.values()))


def _is_midline(site: Site) -> bool:
    if site.kind == "test":
        test = special_tests().get(site.name)
        return True if test is None else test.midline
    if site.kind == "movement":
        movement = anatomy().movements[site.name]
        return movement.midline or anatomy().areas[movement.area].region in _AXIAL
    if site.kind == "place":
        return site.name.startswith(("spinous process", "interspinous")) or site.name in ("coccyx", "pubic symphysis")
    if site.kind == "patch":
        return site.name.startswith(_MIDLINE_PATCHES)
    return site.kind == "area" and anatomy().areas[site.name].region in _AXIAL


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


def _side(value: Any, at: str, problems: list[CaseProblem]) -> str | None:
    if value is None:
        return None
    text = str(value).strip().lower()
    text = {"l": "left", "r": "right", "bilateral": "both", "both sides": "both", "midline": "both"}.get(text, text)
    if text not in SIDES:
        problems.append(CaseProblem(at, f"side is '{_short(value)}'; use left, right or both."))
        return None
    return text


def _number(
    value: Any, at: str, low: float, high: float, unit: str, problems: list[CaseProblem]
) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        problems.append(CaseProblem(at, f"'{_short(value)}' is not a number from {low:g} to {high:g} ({unit})."))
        return None
    return float(value)


def _only(section: Mapping[Any, Any], known: tuple[str, ...], at: str, problems: list[CaseProblem]) -> None:
    for key in section:
        if key not in known:
            problems.append(CaseProblem(at, f"'{_short(key)}' is not known here. Use: {', '.join(known)}."))


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _kind(value: Any) -> str:
    names: dict[type, str] = {list: "a list", str: "text", dict: "a mapping"}
    return names.get(type(value), f"a {type(value).__name__}")
