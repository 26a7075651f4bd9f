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
from myotome.care.explanation.interest import interest
from myotome.care.explanation.likelihoods import SIDES, View
from myotome.care.explanation.model import Lesion, Model, segment_rows
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


def priors(case: Case, found: tuple[View, ...], model: Model) -> Priors:
    """Priors for one case; ``found`` is its evidence, used only for where and on which side to look.

    Raises:
        NetworkError: rows that are no probabilities.
    """
    where = interest(case, found, model)
    states, lesions = _scaled(model, where.named, where.areas, where.near, where.local)
    if where.palpated:
        lesions = lesions * number("scale.palpated only")
        states = states.copy()
        states[segment_rows(model)[:, -1]] *= number("scale.palpated only")
    sided = [number("scale.other side") if where.side in SIDES and where.side != side else 1.0 for side in SIDES]
    return Priors(
        np.stack([_distribution(model, states * s) for s in sided], axis=1),
        np.stack([_with_none(lesions * s) for s in sided], axis=1),
        _whole_person(case, where.side),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """How far a cause's prior falls with its distance from where it hurts."""

    known: bool

    def __call__(self, inside: bool, close: bool, limb: str = "scale.same limb") -> float:
        if not close and not inside:
            return number("scale.elsewhere")
        if not self.known:
            return number("scale.unknown")
        return 1.0 if inside else number(limb)


@cache
def _scaled(
    model: Model, named: frozenset[str], areas: frozenset[str], near: frozenset[str], local: frozenset[str]
) -> tuple[Floats, Floats]:
    """Priors of the states but the quiet ones, and of the lesions but none, before the side counts."""
    body, scale = anatomy(), _Scale(bool(areas))
    felt = {s for a in areas for s in body.areas[a].segments}
    nerves = {n for a in areas for n in body.areas[a].nerves}
    regions = {body.areas[a].region for a in areas}
    places = named | {body.areas[a].part_of for a in named}
    first = {name: body.local[name].areas[0] for name in model.local}
    at_own = [name for name, area in first.items() if area in places]
    own = at_own or [name for name, area in first.items() if body.areas[area].part_of in named]
    at_joint = number("scale.own place of a local cause") if at_own else 1.0
    states = np.zeros(model.tree.states)
    for segment in model.segments:
        by = scale(segment in felt, segment in near)
        states[model.row(segment, model.deficient)] = by * at_joint * number(f"prior.deficient.{segment}")
        if model.deficient == 2:
            states[model.row(segment, 1)] = by * number(f"prior.irritated.{segment}")
    for name, chance in _local_priors(model, named, areas, regions, local, own).items():
        cause = model.local[name]
        states[model.row(cause.variable, cause.state)] = chance

    def lesion_scale(name: str) -> float:
        if name in body.plexus:
            runs = {s for stretch, _ in body.plexus[name].hits for s in roots_of(stretch)}
            return scale(bool(runs & felt), bool(runs & near))
        return scale(name in nerves, _is_near(name, set(near), regions), "scale.nerve same limb")

    lesions = np.array([_lesion_prior(lesion, lesion_scale) for lesion in model.lesions])
    here = {n for a in named for n in body.areas[a].nerves}
    at_place = np.array([lesion.kind == "nerve" and lesion.names[0] in here for lesion in model.lesions])
    together = lesions[at_place].sum()
    if 0.0 < together < number("prior.nerve.of the place"):
        raised = number("prior.nerve.of the place") / together
        lesions[at_place] *= min(raised, number("prior.nerve.raised at most"))
    return states, lesions


def _local_priors(
    model: Model,
    named: frozenset[str],
    areas: frozenset[str],
    regions: set[str],
    touched: frozenset[str],
    own: list[str],
) -> dict[str, float]:
    """A local cause at its own place shares one prior; several felt in a broad area share theirs."""
    body, scale = anatomy(), _Scale(bool(areas))
    felt = [name for name in model.local if areas & set(body.local[name].areas)]
    found: dict[str, float] = {}
    for name in model.local:
        around = bool(regions & {body.areas[a].region for a in body.local[name].areas})
        by = scale(name in felt, around or name in touched) / (max(len(felt), 1) if name in felt else 1)
        plain = by * number(f"prior.local.{name}")
        found[name] = max(plain, number("prior.local.own place") / len(own)) if name in own else plain
    return found


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
    offsets = model.tree.state_offset
    taken = np.add.reduceat(states, offsets[:-1])
    filled = states.copy()
    filled[offsets[:-1]] = 1.0 - taken
    short = np.flatnonzero((taken > 1.0) | (taken < 0.0))
    for place in short:
        check_distribution(
            filled[offsets[place] : offsets[place + 1]],
            f"the states of '{model.tree.network.variables[place].name}'",
        )
    return filled


def _with_none(lesions: Floats) -> Floats:
    filled = lesions.copy()
    filled[0] = 1.0 - lesions[1:].sum()
    return check_distribution(filled, "the peripheral lesions of one side")


def _whole_person(case: Case, side: str | None) -> Floats:
    answers = case.answers
    ill = any(answers.get(code) == "yes" for code in polyneuropathy_causes())
    poly = number("prior.polyneuropathy.diabetes" if ill else "prior.polyneuropathy")
    tender = number("prior.generalised")
    if side in SIDES:
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
