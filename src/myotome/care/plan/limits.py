"""What every plan must keep, said of any set of points: the planner's own and the practitioner's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, permutations

from myotome.care.examination.case import Case
from myotome.care.plan.candidates import Candidate
from myotome.care.plan.numbers import numbers
from myotome.care.safety.standing import Standing

USUAL_POSITIONS = ("prone", "side-lying", "supine")
SPINE = ("spine", "low back", "neck", "suboccipital")
CAPS = ("first visit", "needle fear", "reacted before", "older person", "young person")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many needles, how long and in which positions; ``why`` says what set the number of needles."""

    needles: int
    why: str
    minutes: float
    positions: tuple[str, ...]


@dataclass(frozen=True)
class Problem:
    """The candidates that may be planned, in the order of their ids, and the bounds of this visit."""

    candidates: tuple[Candidate, ...]
    bounds: Bounds

    @cached_property
    def positions(self) -> tuple[str, ...]:
        """The ways to lie or sit, each side-lying one by the side that is up."""
        return tuple(
            spelled
            for position in self.bounds.positions
            for spelled in (
                ("side-lying, left side up", "side-lying, right side up") if position == "side-lying" else (position,)
            )
        )

    def ways(self, one: Candidate) -> tuple[str, ...]:
        """The positions in which a candidate is reached at this visit, best first."""
        spelled = (f"side-lying, {one.side} side up" if p == "side-lying" else p for p in one.point.positions)
        return tuple(p for p in spelled if p in self.positions)

    def companions(self, one: Candidate) -> tuple[Candidate, ...]:
        """The paraspinal points of which one must be chosen with a limb muscle; empty where all are barred."""
        return tuple(c for c in self.candidates if c.point.level in one.needs and c.side == one.side and c.point.level)


def bounds_of(case: Case, person: Standing) -> Bounds:
    """The bounds of a visit: the fewest needles of what was asked for and of what is known of the person."""
    most = [(numbers()["needles at most"], "the most of any visit")]
    if case.visit.max_needles is not None:
        most.append((float(case.visit.max_needles), "asked for"))
    most += [(numbers()[f"needles {trait}"], trait) for trait in CAPS if trait in person.codes]
    needles, why = min(most, key=lambda one: one[0])
    minutes = case.visit.minutes if case.visit.minutes is not None else numbers()["minutes usual"]
    return Bounds(int(needles), why, minutes, case.visit.positions or USUAL_POSITIONS)


def turned(problem: Problem, chosen: Iterable[Candidate]) -> tuple[str, ...] | None:
    """The fewest positions in which all can be reached, in the order of the visit; None where there are none."""
    ways = [set(problem.ways(one)) for one in chosen]
    for size in range(len(problem.positions) + 1):
        for some in combinations(problem.positions, size):
            if all(one & set(some) for one in ways):
                return some
    return None


def worth(problem: Problem, chosen: Iterable[Candidate]) -> int:
    """Priority less risk less turns of a set that can be reached."""
    chosen = tuple(chosen)
    turns = turned(problem, chosen) or ()
    return sum(one.value for one in chosen) - round(numbers()["turn"]) * len(turns)


def minutes_of(needles: int, turns: int) -> float:
    """How long a visit takes."""
    known = numbers()
    return (
        known["minutes before"]
        + known["minutes after"]
        + known["minutes a needle"] * needles
        + known["minutes a turn"] * turns
    )


def broken(problem: Problem, chosen: Iterable[Candidate]) -> tuple[str, ...]:
    """The sentences of every rule that a set of points breaks; empty where it may be needled."""
    chosen = tuple(chosen)
    return tuple(dict.fromkeys((*_each(problem, chosen), *_together(problem, chosen))))


def _each(problem: Problem, chosen: tuple[Candidate, ...]) -> Iterator[str]:
    for one in chosen:
        if one.barred:
            yield f"{one.id} may not be planned: {one.barred}"
        if not problem.ways(one):
            ways = " or ".join(one.point.positions)
            yield f"{one.id} is reached {ways}, not in the positions of this visit. Allow one of them."
        companions = problem.companions(one)
        if companions and not any(c.id in {other.id for other in chosen} for c in companions):
            names = " or ".join(c.point.name for c in companions)
            yield f"{one.id} needs a paraspinal point of its segment: add {names}, {one.side}."


def _together(problem: Problem, chosen: tuple[Candidate, ...]) -> Iterator[str]:
    bounds = problem.bounds
    if len(chosen) > bounds.needles:
        yield f"{len(chosen)} needles; this visit has at most {bounds.needles} ({bounds.why}). Take some out."
    lungs = {side for one in chosen if one.at_lung for side in _sides(one)}
    if len(lungs) > 1:
        yield "Points over the lung on both sides in one visit. Keep those of one side."
    turns = turned(problem, (one for one in chosen if problem.ways(one))) or ()
    takes = minutes_of(len(chosen), len(turns))
    if takes > bounds.minutes:
        yield f"It takes {takes:.0f} minutes; this visit has {bounds.minutes:.0f}. Take some points or a turn out."
    for one, other in permutations(chosen, 2):
        if same_place(one, other):
            yield f"{one.id} and {other.id} lie in the same place. Keep one of the two."


def same_place(one: Candidate, other: Candidate) -> bool:
    """Whether ``other`` is a homeostatic point in the muscle, or beside the spine at the level, of ``one``."""
    there, point = other.point, one.point
    if there.kind != "homeostatic" or point.kind == "homeostatic" or not set(_sides(one)) & set(_sides(other)):
        return False
    return point.level in there.levels and there.region in SPINE if point.level else point.muscle == there.muscle


def _sides(one: Candidate) -> tuple[str, ...]:
    return ("left", "right") if one.side == "both" else (one.side,)
