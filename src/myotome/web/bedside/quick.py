"""What to look at first for a complaint in a region: read off the tables, by the roots that may be felt there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain, zip_longest

from myotome.anatomy.tables import anatomy
from myotome.care.examination.vocabulary import Site
from myotome.care.explanation.next_tests import MOST_MEMBERS
from myotome.care.points.tables import points_of
from myotome.care.screening.places import limb_of, limbs
from myotome.web.bedside.body_tables import weights_of

LEVELS, MUSCLES, NEAR, REFLEXES, STRENGTHS = 6, 10, 7, 4, 8
LIMBS = {"arm", "leg"}
EASE = {"superficial": 1.0, "intermediate": 0.7, "deep": 0.4}  # how well a finger reaches a muscle
LEAST = 0.2  # of the weight of the best: below it a part says too little of the region's roots


def quick() -> dict[str, dict[str, list[str]]]:
    """The most telling muscles, levels, reflexes and tests of strength, by the region of the complaint."""
    regions = dict.fromkeys(area.region for area in anatomy().areas.values())
    return {region: _of(region) for region in regions}


def _of(region: str) -> dict[str, list[str]]:
    felt = roots_felt(region)
    limb = limbs().get(region, "")
    reach = {limb, *(limbs().get(level, "") for level in felt)} - {""}
    return {
        "muscles": _muscles(region, felt, reach),
        "levels": _in_order(_best(felt, LEVELS)),
        "reflexes": _best(_reflexes(felt), REFLEXES),
        "strengths": _strengths(felt, reach),
    }


def roots_felt(region: str) -> dict[str, float]:
    """The segments that the region's areas name, worth more the earlier and the oftener they are named."""
    found: dict[str, float] = {}
    for area in anatomy().areas.values():
        if area.region == region:
            for place, segment in enumerate(area.segments, start=1):
                found[segment] = found.get(segment, 0.0) + 1.0 / place
    most = max(found.values(), default=1.0)
    return {segment: worth / most for segment, worth in found.items()}


def _muscles(region: str, felt: Mapping[str, float], reach: set[str]) -> list[str]:
    """Those that can be felt and needled: of the region first, then of the limb that shares its roots."""
    here, beyond = {}, {}
    for name, muscle in anatomy().muscles.items():
        if name in points_of():
            told = EASE.get(muscle.depth, 1.0) * _told(weights_of(muscle.innervation), felt)
            if muscle.region == region:
                here[name] = told + EASE.get(muscle.depth, 1.0)
            elif limb_of(Site("muscle", name)) in reach and not muscle.is_deep_back:
                beyond[name] = told
    near = _best(here, NEAR)
    return near + _best(beyond, MUSCLES - len(near))


def _reflexes(felt: Mapping[str, float]) -> dict[str, float]:
    usual = (reflex for reflex in anatomy().reflexes.values() if not reflex.pathological)
    return {reflex.name: _told(weights_of(reflex.supplies), felt) for reflex in usual}


def _strengths(felt: Mapping[str, float], reach: set[str]) -> list[str]:
    """For each root in turn, most likely first, the tests that single it out best; every root once before any twice."""
    tests = dict(_tests(reach))
    queues = []
    for level in sorted(felt, key=lambda name: -felt[name]):
        telling = {name: w[level] ** 2 / sum(w.values()) for name, w in tests.items() if w.get(level, 0.0) >= LEAST}
        queues.append(_best(telling, len(tests)))
    chosen: list[str] = []
    for name in chain.from_iterable(zip_longest(*queues)):
        if name is not None and not any(_alike(name, other) for other in chosen):
            chosen.append(name)
    return chosen[:STRENGTHS]


def _alike(one: str, other: str) -> bool:
    """Whether two tests examine much the same muscles."""
    mine, others = (set(anatomy().groups[name].members) for name in (one, other))
    return 2 * len(mine & others) >= min(len(mine), len(others))


def _tests(reach: set[str]) -> Iterable[tuple[str, dict[str, float]]]:
    """Movements of a limb that are tested together, and the roots of each as the mean of its muscles."""
    body = anatomy()
    for name, group in body.groups.items():
        moved = {limb_of(Site("muscle", member)) for member in group.members}
        felt = any(body.muscles[member].depth != "deep" for member in group.members)
        if felt and moved <= reach & LIMBS and len(group.members) <= MOST_MEMBERS:
            of_members = [weights_of(body.muscles[member].innervation) for member in group.members]
            levels = dict.fromkeys(chain.from_iterable(of_members))
            yield name, {level: sum(w.get(level, 0.0) for w in of_members) / len(of_members) for level in levels}


def _told(weights: Mapping[str, float], felt: Mapping[str, float]) -> float:
    """How much a part says of the roots felt: its weight on them, less the more it shares with others."""
    total = sum(weights.values())
    return sum(w * felt.get(level, 0.0) for level, w in weights.items()) / total if total else 0.0


def _best(worth: Mapping[str, float], most: int) -> list[str]:
    ranked = sorted((name for name, value in worth.items() if value > 0), key=lambda name: (-worth[name], name))
    top = max(worth.values(), default=0.0)
    return [name for name in ranked if worth[name] >= LEAST * top][:most]


def _in_order(levels: Iterable[str]) -> list[str]:
    order = list(anatomy().segments)
    return sorted(levels, key=order.index)
