"""An examination as the referral reads it: answers, places, and each sign under one name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Case, Finding, Person
from myotome.care.examination.vocabulary import Site, resolve
from myotome.care.screening.items import spread
from myotome.care.screening.places import limb_of, regions_of
from myotome.facts.kept import Table, kept
from myotome.facts.tables import rows

HERE = "myotome.care.screening"


@dataclass(frozen=True, slots=True)
class Seen:
    """One finding before treatment; a reflex that only disease has is seen as the test it is."""

    sign: str
    site: Site
    result: str
    sides: tuple[str, ...]
    grade: float | None
    text: str

    @property
    def limb(self) -> str:
        """The limb that was looked at."""
        return limb_of(self.site)

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that were looked at."""
        return regions_of(self.site)


@dataclass(frozen=True, slots=True)
class CaseView:
    """What the terms of a cluster ask of a case."""

    person: Person
    answers: Mapping[str, str]
    places: tuple[tuple[str, frozenset[str]], ...]
    seen: tuple[Seen, ...]


def view_of(case: Case) -> CaseView:
    """The case as the referral reads it; findings after treatment are left out."""
    before = [finding for finding in case.findings if finding.when != "after"]
    named = [case.complaint.area] if case.complaint.area else list(_painful(before))
    return CaseView(
        case.person,
        Table(spread(case.answers)),
        tuple((area, area_names(area)) for area in dict.fromkeys(named) if area is not None),
        tuple(_seen(finding) for finding in before),
    )


@cache
def area_names(area: str) -> frozenset[str]:
    """An area by every name that covers it: its own, those it is part of, and its region."""
    table = anatomy().areas
    if area not in table:
        return frozenset({area})
    above = table[area].part_of
    wider = area_names(above) - {table[above].region} if above else frozenset()
    return frozenset({area, table[area].region, *([above] if above else [])}) | wider


@cache
def one_name(sign: str, site: Site, result: str) -> tuple[str, Site, str]:
    """A sign that can be written in two ways, in one: (reflex, Hoffmann, brisk) is the test, positive."""
    if (test := _same().get((sign, site.name, result))) is not None:
        return "test", test, "positive"
    if sign == "reflex" and site.kind == "reflex" and anatomy().reflexes[site.name].pathological:
        return "test", resolve("test", site.name)[0], "positive" if result == "brisk" else "negative"
    return sign, site, result


@kept
def _same() -> Mapping[tuple[str, str, str], Site]:
    """Findings that are another name of a positive test."""
    return {
        (row["sign"], resolve(row["sign"], row["at"])[0].name, row["result"]): resolve("test", row["test"])[0]
        for _, row, _ in rows(HERE, "patterns", "same")
    }


def _painful(findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        if finding.sign == "pain" and finding.result == "present":
            patch = anatomy().patches.get(finding.site.name) if finding.site.kind == "patch" else None
            yield patch.area if patch else finding.site.name


def _seen(finding: Finding) -> Seen:
    sign, site, result = one_name(finding.sign, finding.site, finding.result)
    return Seen(sign, site, result, finding.sides, finding.grade, finding.text)
