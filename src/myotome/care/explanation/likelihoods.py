"""How far each finding speaks for its hidden fact: P(finding | fact) and P(finding | no fact)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from myotome.anatomy.innervation import profile, root_weights
from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Case, Finding
from myotome.care.examination.tables import special_tests
from myotome.care.explanation.model import Model
from myotome.care.explanation.numbers import number

SIDES = ("left", "right")


@dataclass(frozen=True, slots=True)
class View:
    """A finding on one side as evidence: the fact it shows and its two probabilities."""

    finding: int
    side: int
    fact: int
    on: float
    off: float


def views(case: Case, model: Model) -> tuple[View, ...]:
    """The evidence of every finding made before treatment, by side.

    A midline finding counts on the side of the complaint, or on both where that is unknown.
    """
    found = []
    for index, finding in enumerate(case.findings):
        if finding.when == "after":
            continue
        for kind, site, on, off in evidence_of(finding, model):
            fact = model.fact(kind, site)
            if fact is not None:
                found += [View(index, SIDES.index(s), fact, on, off) for s in _sides(finding, case)]
    return tuple(found)


def _sides(finding: Finding, case: Case) -> tuple[str, ...]:
    if finding.midline and finding.side == "both" and case.complaint.side in SIDES:
        return (str(case.complaint.side),)
    return finding.sides


Evidence = tuple[str, str, float, float]


def evidence_of(finding: Finding, model: Model) -> Iterator[Evidence]:
    """Kind and site of the fact, P(finding | fact) and P(finding | no fact); none where it says nothing."""
    site, result = finding.site.name, finding.result
    match finding.sign:
        case "strength":
            yield _strength(finding)
        case "tenderness" | "taut band" | "shortening" | "twitch":
            yield from _palpation(finding)
        case "sensation":
            yield from _sensation(finding)
        case "trophic":
            for level in _levels(finding, model):
                yield "skin", level, *_seen("trophic present", result != "absent")
        case "test":
            yield from _test(site, result)
        case "imaging" | "electrodiagnosis":
            yield from _report(finding)
        case _:
            yield _plain(finding, site, result)


def _plain(finding: Finding, site: str, result: str) -> Evidence:
    """Wasting, reflex, range and pain: one fact at the named site."""
    match finding.sign:
        case "wasting":
            return "denervated", site, *_seen("wasting present", result == "present")
        case "reflex":
            return "unreflexed", site, *_reflex(result)
        case "range":
            return "range", site, *_seen("range limited", result == "limited")
    patches = anatomy().patches
    area = patches[site].area if finding.site.kind == "patch" else site
    return "pain", area, *_seen("pain present", result == "present")


def _test(site: str, result: str) -> Iterator[Evidence]:
    test = special_tests().get(site)
    if test is not None:
        yield "test", site, *_rates(test.sensitivity, 1.0 - test.specificity, result == "positive")


def _rates(sensitivity: float, false_positive: float, positive: bool) -> tuple[float, float]:
    return (sensitivity, false_positive) if positive else (1.0 - sensitivity, 1.0 - false_positive)


def _seen(view: str, positive: bool) -> tuple[float, float]:
    return _rates(number(f"sensitivity.{view}"), number(f"false positive.{view}"), positive)


def _strength(finding: Finding) -> tuple[str, str, float, float]:
    if finding.result == "normal":
        return "weakened", finding.site.name, *_seen("strength weak", False)
    if finding.grade is None:
        return "weakened", finding.site.name, *_seen("strength weak", True)
    if finding.grade > number("severe grade"):
        return "weakened", finding.site.name, *_seen("strength 4", True)
    return "paralysed", finding.site.name, *_seen("paralysed", True)


def _palpation(finding: Finding) -> Iterator[tuple[str, str, float, float]]:
    positive, name = finding.result == "present", finding.site.name
    match finding.site.kind:
        case "paraspinal":
            yield "paraspinal", name, *_seen(f"paraspinal {finding.sign} present", positive)
        case "muscle" | "group":
            yield "irritable", name, *_seen(f"{finding.sign} present", positive)
        case "place":
            yield "place", name, *_seen("place present", positive)
        case _:
            patches = anatomy().patches
            area = patches[name].area if finding.site.kind == "patch" else name
            yield "pain", area, *_seen("place present", positive)


def _reflex(result: str) -> tuple[float, float]:
    kinds = ("absent", "reduced", "brisk")
    if result in kinds:
        return number(f"sensitivity.reflex {result}"), number(f"false positive.reflex {result}")
    return tuple(1.0 - sum(number(f"{rate}.reflex {k}") for k in kinds) for rate in ("sensitivity", "false positive"))  # type: ignore[return-value]  # two rates


def _sensation(finding: Finding) -> Iterator[tuple[str, str, float, float]]:
    body, site = anatomy(), finding.site.name
    if finding.site.kind == "area":
        patch = next((p.name for p in body.patches.values() if p.area == site), None)
        if patch is None:
            return
        site = patch
    if finding.result == "heightened":
        yield "heightened", site, *_seen("sensation heightened", True)
    else:
        yield "numb", site, *_seen("sensation reduced", finding.result == "reduced")


def _levels(finding: Finding, model: Model) -> tuple[str, ...]:
    """The level of a skin sign: as named, or the strongest root of the patch it was seen on."""
    if finding.site.kind == "segment":
        return (finding.site.name,)
    body, site = anatomy(), finding.site.name
    patches = [site] if site in body.patches else [p.name for p in body.patches.values() if p.area == site]
    for patch in patches:
        roots = {
            s: w.weight
            for s, w in root_weights(body.patches[patch].supplies, profile(model.profile)).items()
            if s in body.segments
        }
        if roots:
            return (max(roots, key=lambda s: roots[s]),)
    return ()


def _report(finding: Finding) -> Iterator[tuple[str, str, float, float]]:
    positive, name, kind = finding.result == "present", finding.site.name, finding.site.kind
    if finding.sign == "electrodiagnosis" and kind in ("muscle", "group"):
        yield "denervated", name, *_seen("electrodiagnosis present", positive)
    elif kind == "paraspinal":
        yield "paraspinal denervated", name, *_seen("paraspinal electrodiagnosis present", positive)
    elif kind in ("segment", "nerve", "plexus"):
        view = "imaging present" if finding.sign == "imaging" else "study electrodiagnosis present"
        site = f"{name} plexus lesion" if kind == "plexus" else name
        yield "study", site, *_seen(view, positive)
