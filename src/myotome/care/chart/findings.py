"""The findings of a case as marks on the body, and those that no plate can show."""

from __future__ import annotations

from dataclasses import dataclass

from myotome.anatomy.tables import anatomy
from myotome.atlas.marks import Mark, Part
from myotome.care.examination.case import Case, Finding, grade_words
from myotome.care.examination.vocabulary import Site

# How a finding is drawn: symbol and colour by sign; a drawing convention, explained in the legend.
SYMBOLS = {
    "strength": ("triangle", "mark-1"),
    "wasting": ("triangle", "mark-1"),
    "electrodiagnosis": ("triangle", "mark-1"),
    "tenderness": ("circle", "mark-2"),
    "taut band": ("circle", "mark-2"),
    "twitch": ("circle", "mark-2"),
    "shortening": ("diamond", "mark-3"),
    "sensation": ("square", "mark-4"),
    "trophic": ("square", "mark-4"),
    "pain": ("cross", "mark-2"),
}
ORDINARY = ("normal", "absent", "negative")
LEGEND = (
    ("triangle", "mark-1", "weak, wasted, or electrical change"),
    ("circle", "mark-2", "tender, taut band or twitch"),
    ("diamond", "mark-3", "shortened"),
    ("square", "mark-4", "skin: feeling or condition changed"),
    ("cross", "mark-2", "pain felt here"),
    ("ring", "mark-1", "examined and ordinary"),
)


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn of a case, and the findings that are listed beside the figure instead."""

    marks: tuple[Mark, ...]
    listed: tuple[Finding, ...]


def chart_of(case: Case) -> Chart:
    """The findings of ``case`` on the body; *not tested* is left out."""
    marks: list[Mark] = []
    listed: list[Finding] = []
    for finding in case.findings:
        if finding.result in ("not tested", "not asked"):
            continue
        parts = _parts(finding.site) if finding.sign in SYMBOLS else ()
        if not parts:
            listed.append(finding)
        symbol, tone = SYMBOLS.get(finding.sign, ("circle", "mark-2"))
        ordinary = finding.result in ORDINARY and (finding.sign, finding.result) != ("reflex", "absent")
        text = grade_words(finding.grade) if finding.grade is not None else ""
        marks += [
            Mark(Part(kind, name, finding.side), "ring" if ordinary else symbol, tone, text, finding.text)
            for kind, name in parts
        ]
    return Chart(tuple(marks), tuple(listed))


def _parts(site: Site) -> tuple[tuple[str, str], ...]:
    """The drawn parts that a site stands for."""
    body = anatomy()
    if site.kind == "group":
        return tuple(("muscle", member) for member in body.groups[site.name].members)
    if site.kind in ("paraspinal", "segment"):
        return (("level", site.name),) if site.name in body.segments else ()
    if site.kind == "area":
        skin = [patch.name for patch in body.patches.values() if patch.area == site.name]
        return tuple(("patch", name) for name in skin if not name.startswith(("whole", "all round")))[:1]
    return ((site.kind, site.name),) if site.kind in ("muscle", "patch") else ()
