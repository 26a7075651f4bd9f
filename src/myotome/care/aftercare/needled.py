"""The advice for what a plan needles in one person."""

from __future__ import annotations

from collections.abc import Iterator

from myotome.care.aftercare.advice import Advice, advice_for
from myotome.care.plan.plan import Plan


def aftercare(plan: Plan) -> tuple[Advice, ...]:
    """What the person should expect, do, avoid and watch for; nothing where nothing is needled."""
    return advice_for(_traits(plan)) if plan.points else ()


def _traits(plan: Plan) -> Iterator[str]:
    """The selectors that hold for the points and for the person."""
    for planned in plan.points:
        point = planned.candidate.point
        yield from (f"kind: {point.kind}", f"region: {point.region}", f"limb: {point.limb}")
        yield from (f"at risk: {name}" for name in point.structures)
        yield from (f"at risk kind: {kind}" for kind in point.kinds_at_risk)
    yield from (f"fact: {code}" for code in plan.standing.codes)
