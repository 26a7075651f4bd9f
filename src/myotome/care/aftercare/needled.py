"""The advice for what was needled in one person, or is to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from myotome.care.aftercare.advice import Advice, advice_for
from myotome.care.plan.plan import Plan
from myotome.care.points.point import Point
from myotome.care.points.tables import points

# What a point that is not in the table may have had beneath it: what is not known is not ruled out.
NOT_KNOWN = ("at risk: pleura", "kind: paraspinal")


def aftercare(plan: Plan) -> tuple[Advice, ...]:
    """What the person should expect, do, avoid and watch for; nothing where nothing is needled."""
    return after((planned.candidate.point.name for planned in plan.points), plan.standing.codes)


def after(needled: Iterable[str], facts: Iterable[str]) -> tuple[Advice, ...]:
    """The same for the names of points that were needled and the facts known of the person."""
    names = tuple(needled)
    return advice_for(_traits(names, facts)) if names else ()


def _traits(names: Iterable[str], facts: Iterable[str]) -> Iterator[str]:
    """The selectors that hold for the points and for the person."""
    for name in names:
        point = points().get(name)
        yield from _of_point(point) if point else NOT_KNOWN
    yield from (f"fact: {code}" for code in facts)


def _of_point(point: Point) -> Iterator[str]:
    yield from (f"kind: {point.kind}", f"region: {point.region}", f"limb: {point.limb}")
    yield from (f"at risk: {name}" for name in point.structures)
    yield from (f"at risk kind: {kind}" for kind in point.kinds_at_risk)
