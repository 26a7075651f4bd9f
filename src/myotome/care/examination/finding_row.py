"""Read one finding of a case file: sign, site, side, grade and result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Finding
from myotome.care.examination.checks import agreed_side, kind_of, number_of, only_keys, shortened, side_of
from myotome.care.examination.results import LONGEST, result_of
from myotome.care.examination.tables import special_tests
from myotome.care.examination.vocabulary import Site, is_known, nearest, resolve, side_within, vocabulary
from myotome.errors import CaseProblem, UnknownNameError

FINDING_KEYS = (
    "sign", "at", "side", "result", "grade", "value", "intensity", "quality", "when", "note",
)  # fmt: skip
_GRADES = {"strength": (0.0, 5.0, "MRC 0 to 5"), "reflex": (0.0, 4.0, "reflex 0 to 4")}
_MIDLINE_PATCHES = ("saddle", "skin around the anus", "pubic area")
_AXIAL = ("head", "jaw", "neck", "suboccipital", "thoracic wall", "abdominal wall", "spine", "low back", "pelvis")


def findings_in(row: Any, at: str, problems: list[CaseProblem]) -> list[Finding]:
    """The finding of one row, one for each site that it names; none where the row is refused."""
    if not isinstance(row, Mapping):
        problems.append(CaseProblem(at, f"this finding is {kind_of(row)}; it must be {{sign, at, side, result}}."))
        return []
    count = len(problems)
    only_keys(row, FINDING_KEYS, at, problems)
    sign = _sign(row.get("sign"), at, problems)
    if sign is None:
        return []
    if row.get("at") is None:
        problems.append(CaseProblem(at, f"this {sign} has no 'at'. Say where it was looked for."))
        return []
    given = side_of(row.get("side"), at, problems)
    text, within = _without_side(sign, str(row["at"])[:LONGEST], given)
    sites = _sites(sign, text, at, problems)
    side = agreed_side(given, within, at, problems)
    grade = _grade(sign, row, sites, at, problems)
    result = result_of(sign, row, grade, sites, at, problems)
    when = str(row.get("when", "before")).lower()
    if when not in ("before", "after"):
        problems.append(CaseProblem(at, f"when is '{shortened(when)}'; use before or after (treatment)."))
    value = number_of(row.get("value"), f"{at}.value", -360, 1000, "degrees", problems)
    intensity = number_of(row.get("intensity"), f"{at}.intensity", 0, 10, "NPRS 0 to 10", problems)
    if not sites or result is None or len(problems) > count:
        return []
    midline = all(_is_midline(site) for site in sites)
    if side is None and not midline:
        problems.append(CaseProblem(at, f"this {sign} at {sites[0].name} has no side. Add side: left, right or both."))
        return []
    quality, measured = str(row.get("quality", "") or "")[:200], value if intensity is None else intensity
    seen = (side or "both", result, grade, measured, quality, midline, when, at)
    return [Finding("test" if site.kind == "test" else sign, site, *seen) for site in sites]


def _sign(value: Any, at: str, problems: list[CaseProblem]) -> str | None:
    names = vocabulary().signs
    if value is None:
        problems.append(CaseProblem(at, "this finding has no 'sign'. Say what was looked at, such as strength."))
        return None
    found = names.find(str(value)[:LONGEST])
    if found is None:
        near = names.near(str(value)[:LONGEST])
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        problems.append(CaseProblem(at, f"'{shortened(value)}' is not a known sign.{hint}", near))
    return found


def _without_side(sign: str, written: str, given: str | None) -> tuple[str, str | None]:
    """The name and the side it says, unless a site is called so: "both hands" is the glove area."""
    text, within = side_within(written)
    return (written, given or within) if within and is_known(sign, written) else (text, within)


def _sites(sign: str, text: str, at: str, problems: list[CaseProblem]) -> tuple[Site, ...]:
    try:
        found = resolve(sign, text)
    except UnknownNameError as error:
        test = _test_named(text) if sign == "reflex" else None
        if test is None:
            problems.append(CaseProblem(at, str(error), error.did_you_mean or nearest(sign, text)))
            return ()
        return (Site("test", test),)
    for site in found:
        if site.kind == "place" and getattr(anatomy().places.get(site.name), "per_segment", False):
            problems.append(CaseProblem(at, f"'{shortened(text)}' has no level. Write it as '{site.name} C5'."))
            return ()
    # Babinski and Hoffmann are written as reflexes as often as tests; they are tests.
    return tuple(_as_test(site) if _is_pathological(site) else site for site in found)


def _is_pathological(site: Site) -> bool:
    return site.kind == "reflex" and anatomy().reflexes[site.name].pathological


def _as_test(site: Site) -> Site:
    return Site("test", _test_named(site.name) or site.name)


def _test_named(text: str) -> str | None:
    return vocabulary().sites["test"].find(text, frozenset({"reflex", "sign", "test", "response"}))


def _grade(
    sign: str, row: Mapping[Any, Any], sites: tuple[Site, ...], at: str, problems: list[CaseProblem]
) -> float | None:
    value = row.get("grade")
    if sign in _GRADES and row.get("value") is not None:
        problems.append(CaseProblem(at, f"a {sign} has no value. Write grade for {_GRADES[sign][2]}."))
    if value is None:
        return None
    if sign not in _GRADES or any(site.kind == "test" for site in sites):
        what = sites[0].name if sites and sites[0].kind == "test" else f"a {sign}"
        problems.append(CaseProblem(at, f"{what} has no grade. Give a result instead."))
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
        problems.append(CaseProblem(at, f"grade {shortened(value)} is outside {scale}. Correct the grade."))
        return None
    return number


def _is_midline(site: Site) -> bool:
    if site.kind == "test":
        test = special_tests().get(site.name)
        return True if test is None else test.midline
    if site.kind == "reflex":
        return anatomy().reflexes[site.name].midline
    if site.kind == "movement":
        movement = anatomy().movements[site.name]
        return movement.midline or anatomy().areas[movement.area].region in _AXIAL
    if site.kind == "place":
        return site.name.startswith(("spinous process", "interspinous")) or site.name in ("coccyx", "pubic symphysis")
    if site.kind == "patch":
        return site.name.startswith(_MIDLINE_PATCHES)
    return site.kind == "area" and anatomy().areas[site.name].region in _AXIAL
