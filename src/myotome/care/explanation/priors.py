"""How likely each cause is before the findings: who is seen, where it hurts, on which side."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from myotome.anatomy.routes import roots_of
from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Case
from myotome.care.explanation.likelihoods import SIDES
from myotome.care.explanation.model import Lesion, Model
from myotome.care.explanation.numbers import HERE, number, optional
from myotome.facts.kept import kept
from myotome.facts.tables import rows
from myotome.inference.network import Floats, check_distribution


@dataclass(frozen=True, slots=True)
class Priors:
    """``states`` (states, 2) for every state of the network by side (left, right); ``lesions``
    (lesions, 2); ``whole`` (4,)."""

    states: Floats
    lesions: Floats
    whole: Floats


def priors(case: Case, model: Model) -> Priors:
    """Priors for one case.

    Raises:
        NetworkError: rows that are no probabilities.
    """
    areas = _areas_of_interest(case)
    states, lesions = _scaled(model, areas)
    sided = [number("scale.other side") if _is_other(case, side) else 1.0 for side in SIDES]
    return Priors(
        np.stack([_distribution(model, states * s) for s in sided], axis=1),
        np.stack([_with_none(lesions * s) for s in sided], axis=1),
        _whole_person(case),
    )


def _is_other(case: Case, side: str) -> bool:
    return case.complaint.side in SIDES and case.complaint.side != side


def _areas_of_interest(case: Case) -> frozenset[str]:
    """Where it hurts: the complaint's area, or where none is given the areas found painful."""
    body = anatomy()
    if case.complaint.area:
        named = {case.complaint.area}
    else:
        found = (f for f in case.findings if f.sign == "pain" and f.result == "present" and f.when == "before")
        named = {body.patches[f.site.name].area if f.site.kind == "patch" else f.site.name for f in found}
    inside = {a.name for a in body.areas.values() if a.part_of in named}
    return frozenset(named | inside)


@kept
def limbs() -> tuple[frozenset[str], ...]:
    """Runs of segments that serve one part of the body."""
    return tuple(frozenset(row["segments"]) for _, row, _ in rows("myotome.anatomy", "limbs", "limb"))


@cache
def _scaled(model: Model, areas: frozenset[str]) -> tuple[Floats, Floats]:
    body = anatomy()
    felt = {s for a in areas for s in body.areas[a].segments}
    nerves = {n for a in areas for n in body.areas[a].nerves}
    near = {s for run in limbs() if run & felt for s in run}
    regions = {body.areas[a].region for a in areas}

    def scale(inside: bool, close: bool) -> float:
        if not areas:
            return number("scale.unknown")
        return 1.0 if inside else number("scale.same limb") if close else number("scale.elsewhere")

    own = [name for name in model.local if body.local[name].areas[0] in areas]
    at_joint = number("scale.own place of a local cause") if own else 1.0
    states = np.zeros(model.tree.states)
    for segment in model.segments:
        by = scale(segment in felt, segment in near)
        states[model.row(segment, model.deficient)] = by * at_joint * number(f"prior.deficient.{segment}")
        if model.deficient == 2:
            states[model.row(segment, 1)] = by * number(f"prior.irritated.{segment}")
    for name, cause in model.local.items():
        local = body.local[name]
        around = regions & {body.areas[a].region for a in local.areas}
        by = scale(bool(areas & set(local.areas)), bool(around))
        states[model.row(cause.variable, cause.state)] = (
            number("prior.local.own place") / len(own) if name in own else by * number(f"prior.local.{name}")
        )

    def lesion_scale(name: str) -> float:
        if name in body.plexus:
            runs = {s for stretch, _ in body.plexus[name].hits for s in roots_of(stretch)}
            return scale(bool(runs & felt), bool(runs & near))
        return scale(name in nerves, _is_near(name, near, regions))

    lesions = np.array([_lesion_prior(lesion, lesion_scale) for lesion in model.lesions])
    return states, lesions


def _is_near(nerve: str, near: set[str], regions: set[str]) -> bool:
    roots = roots_of(nerve)
    return bool(roots & near) if roots else bool(regions & {"head", "jaw", "neck"})


def _lesion_prior(lesion: Lesion, scale: Callable[[str], float]) -> float:
    if lesion.kind == "none":
        return 0.0
    if lesion.kind == "plexus":
        return scale(lesion.names[0]) * number(f"prior.plexus.{lesion.names[0]}")
    chance = math.prod(scale(n) * optional(f"prior.nerve.{n}", "prior.nerve") for n in lesion.names)
    return min(chance * lesion.together, 0.5)


def _distribution(model: Model, states: Floats) -> Floats:
    """Fill in the quiet state of every variable with what its others leave."""
    filled = states.copy()
    for variable in model.tree.network.variables:
        start = model.row(variable.name, 0)
        end = start + len(variable.states)
        filled[start] = 1.0 - states[start + 1 : end].sum()
        check_distribution(filled[start:end], f"the states of '{variable.name}'")
    return filled


def _with_none(lesions: Floats) -> Floats:
    filled = lesions.copy()
    filled[0] = 1.0 - lesions[1:].sum()
    return check_distribution(filled, "the peripheral lesions of one side")


def _whole_person(case: Case) -> Floats:
    answers = case.answers
    ill = any(answers.get(code) == "yes" for code in polyneuropathy_causes())
    poly = number("prior.polyneuropathy.diabetes" if ill else "prior.polyneuropathy")
    tender = number("prior.generalised")
    if case.complaint.side in SIDES:
        poly *= number("scale.polyneuropathy one-sided")
        tender *= number("scale.generalised one-sided")
    return check_distribution(
        np.array([(1 - poly) * (1 - tender), (1 - poly) * tender, poly * (1 - tender), poly * tender]),
        "the states of the whole person",
    )


@kept
def polyneuropathy_causes() -> tuple[str, ...]:
    """Screening answers that make a polyneuropathy likelier."""
    return tuple(code for _, row, _ in rows(HERE, "decision", "raises") for code in row["polyneuropathy"])
