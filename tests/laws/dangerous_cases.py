"""Build, from the terms of a dangerous combination, a case that should fire it: one for each alternative."""

from dataclasses import replace
from functools import cache
from itertools import combinations

from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Case, Complaint, Finding, Person
from myotome.care.examination.tables import special_tests
from myotome.care.examination.vocabulary import Site
from myotome.care.screening.patterns import patterns
from myotome.care.screening.places import limb_of, regions_of, roots_of
from myotome.care.screening.referral import Heard, clusters
from myotome.care.screening.terms import Aged, Answered, Found, OfSex, Patterned, Placed
from myotome.care.screening.view import area_names, view_of

KINDS = {
    "strength": "muscle",
    "wasting": "muscle",
    "tenderness": "muscle",
    "reflex": "reflex",
    "sensation": "patch",
    "trophic": "patch",
    "pain": "area",
    "range": "movement",
    "test": "test",
}


def finding(sign, name, result, side="both", kind=None, **more):
    """One finding as the case file would read it."""
    return Finding(sign, Site(kind or KINDS[sign], name), side, result, **more)


def sites(sign):
    """Every site that the sign can look at."""
    body = anatomy()
    tables = {
        "muscle": body.muscles,
        "reflex": {n: r for n, r in body.reflexes.items() if not r.pathological},
        "patch": body.patches,
        "area": body.areas,
        "movement": body.movements,
        "test": {**special_tests(), **{n: r for n, r in body.reflexes.items() if r.pathological}},
    }
    return [Site(KINDS[sign], name) for name in tables[KINDS[sign]]]


def fits(what, site):
    """Whether a site is one that a pattern looks at."""
    return (
        (not what.limbs or limb_of(site) in what.limbs)
        and (not what.regions or regions_of(site)[0] in what.regions)
        and (not what.names or site.name in what.names)
    )


@cache
def for_pattern(name):
    """Findings that make a pattern hold."""
    pattern = patterns()[name]
    found = []
    for what in (*pattern.what, *pattern.also):
        for limb in what.limbs or {""}:
            fitting = [s for s in sites(what.sign) if fits(what, s) and limb in ("", limb_of(s))]
            spread = [s for s in fitting if not any(roots_of(s) & roots_of(f) for f in fitting[:1])]
            for site in (*fitting[:1], *spread[:1]):
                result = sorted(what.results)[0]
                found.append(Finding(what.sign, site, "both", result, grade=what.grade_at_most))
    # A hemisphere has one side: what must not be on both is put on the left.
    return tuple(replace(f, side="left") for f in found) if pattern.only_one else tuple(found)


def for_term(term, case, area):
    """The case with what the term asks for added."""
    if isinstance(term, Answered):
        return replace(case, screening=tuple(sorted({**case.answers, term.code: "yes"}.items())))
    if isinstance(term, Found):
        name = term.site or sites(term.sign)[0].name
        added = finding(term.sign, name, sorted(term.results)[0])
        return replace(case, findings=(*case.findings, added))
    if isinstance(term, Patterned):
        return replace(case, findings=(*case.findings, *for_pattern(term.name)))
    if isinstance(term, Aged):
        years = term.years - 1 if term.below else term.years
        return replace(case, person=Person(years, case.person.sex))
    if isinstance(term, OfSex):
        return replace(case, person=Person(case.person.age, term.sex))
    assert isinstance(term, Placed)
    return replace(case, complaint=Complaint(area=area(term.names)))


def areas_of(names):
    """Areas that a site term accepts."""
    return [area for area in anatomy().areas if area_names(area) & names]


def firing(alternative):
    """A case that fires this alternative, or None when none was found."""
    for some in combinations(alternative.some, alternative.at_least):
        for number in range(3):
            case = Case()
            for term in (*alternative.every, *some):
                case = for_term(term, case, lambda names, n=number: areas_of(names)[-1 - n * 2])
            if alternative.because(Heard(view_of(case))):
                return case
    return None


@cache
def dangerous_cases():
    """(flag, urgency, case) for every alternative of every cluster."""
    return tuple((cluster.flag, one.urgency, firing(one)) for cluster in clusters() for one in cluster.alternatives)
