"""Where it hurts and on which side: what makes a cause likelier before the findings are weighed."""

from __future__ import annotations

from dataclasses import dataclass

from myotome.anatomy.routes import roots_of
from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Case
from myotome.care.examination.vocabulary import Site
from myotome.care.explanation.likelihoods import SIDES, View
from myotome.care.explanation.model import Model
from myotome.facts.kept import kept
from myotome.facts.tables import rows

PALPATION = frozenset({"tenderness", "taut band", "shortening", "twitch"})


@dataclass(frozen=True, slots=True)
class Interest:
    """``named`` areas hurt; ``areas`` also holds their parts; ``near`` are the segments of the limbs.

    Where no area is known, ``near`` and ``local`` are what could bring about an abnormal finding.
    ``palpated`` marks a place known from tenderness alone, which is no sign of a nerve.
    """

    named: frozenset[str]
    areas: frozenset[str]
    near: frozenset[str]
    local: frozenset[str]
    side: str | None
    palpated: bool


def interest(case: Case, found: tuple[View, ...], model: Model) -> Interest:
    """Where the complaint is; without one, where pain, altered feeling or anything abnormal was found."""
    body = anatomy()
    abnormal = [v for v in found if v.on > v.off]
    side = case.complaint.side or _only_side(abnormal)
    named, palpated = _named(case)
    inside = {a.name for a in body.areas.values() if a.part_of in named}
    areas = frozenset(named | inside)
    if areas:
        felt = {s for a in areas for s in body.areas[a].segments}
        return Interest(named, areas, _limbs_of(felt), frozenset(), side, palpated)
    facts = [model.facts[v.fact] for v in abnormal]
    touched = {s for f in facts for s in (*f.deficient, *f.irritated)}
    touched |= {s for f in facts for n in f.nerves for s in roots_of(n)}
    local = frozenset(c for f in facts for c in f.local)
    return Interest(named, areas, _limbs_of(touched), local, side, all(f.kind == "irritable" for f in facts))


FELT = frozenset({("pain", "present"), ("sensation", "reduced"), ("sensation", "heightened")})


def _named(case: Case) -> tuple[frozenset[str], bool]:
    """The areas that hurt or feel wrong, and whether only tenderness tells.

    A tender place or altered skin within the complaint's area says more exactly where it is.
    """
    body = anatomy()
    felt = _areas(case, FELT)
    tender = _areas(case, frozenset({("tenderness", "present")}))
    if case.complaint.area:
        within = frozenset(a for a in felt | tender if body.areas[a].part_of == case.complaint.area)
        return within or frozenset({case.complaint.area}), False
    if felt:
        return felt, False
    strength_or_reflex = any(f.sign in ("strength", "reflex") and f.result != "normal" for f in case.findings)
    return tender or _place_of_muscles(case), not strength_or_reflex


def _areas(case: Case, wanted: frozenset[tuple[str, str]]) -> frozenset[str]:
    found = (f.site for f in case.findings if (f.sign, f.result) in wanted and f.when == "before")
    return frozenset(area for site in found if (area := _area_of(site)))


def _place_of_muscles(case: Case) -> frozenset[str]:
    """Where nothing else says: the own place of a local cause that covers most of the tender or tight muscles."""
    body = anatomy()
    palpated = {f.site.name for f in case.findings if f.sign in PALPATION and f.result == "present"}
    muscles = {m for name in palpated for m in (body.groups[name].members if name in body.groups else (name,))}
    muscles &= set(body.muscles)
    covered = {c.areas[0]: len(muscles & set(c.muscles)) for c in body.local.values()}
    return frozenset(area for area, count in covered.items() if count and 2 * count > len(muscles))


def _area_of(site: Site) -> str | None:
    """The body area of a skin patch, a tender place or an area; a muscle lies in no single one."""
    body = anatomy()
    if site.kind == "patch":
        return body.patches[site.name].area
    if site.kind == "place" and site.name in body.places:
        return body.places[site.name].area
    return site.name if site.kind == "area" else None


def _only_side(abnormal: list[View]) -> str | None:
    """The side of everything abnormal, where it is all on one."""
    sides = {v.side for v in abnormal}
    return SIDES[sides.pop()] if len(sides) == 1 else None


@kept
def limbs() -> tuple[frozenset[str], ...]:
    """Runs of segments that serve one part of the body."""
    return tuple(frozenset(row["segments"]) for _, row, _ in rows("myotome.anatomy", "limbs", "limb"))


def _limbs_of(segments: set[str]) -> frozenset[str]:
    return frozenset(s for run in limbs() if run & segments for s in run)
