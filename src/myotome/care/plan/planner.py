"""From a case and its explanation to a plan, and the same rules for what the practitioner changes."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import groupby
from types import MappingProxyType

from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Case
from myotome.care.explanation.explain import Explanation
from myotome.care.plan.candidates import Candidate, Ground, any_candidate, candidates
from myotome.care.plan.choose import best
from myotome.care.plan.limits import Problem, bounds_of, broken, minutes_of, turned
from myotome.care.plan.numbers import numbers
from myotome.care.plan.plan import BLOCKED, NOTHING, READY, REFUSED, LeftOut, Plan, PlannedPoint
from myotome.care.plan.tender_count import tender_count
from myotome.care.points.needle import needle_for
from myotome.care.points.tables import not_needled, points
from myotome.care.safety.gate import Gate, gate
from myotome.care.safety.ruling import Rulings, rulings
from myotome.care.safety.standing import Standing, standing
from myotome.errors import UnknownNameError

ORDER = ("paraspinal", "symptomatic", "homeostatic")
ADDED = "added by the practitioner"


@dataclass(frozen=True)
class Planner:
    """One visit of one person, ready to be planned and edited."""

    case: Case
    ground: Ground
    gate: Gate
    standing: Standing
    problem: Problem
    all: tuple[Candidate, ...]

    @property
    def status(self) -> str:
        """Blocked by a flag or a rule for the whole person, refused for a question, or ready."""
        if self.gate.blocking or self.ground.rulings.forbids_all:
            return BLOCKED
        return REFUSED if self.gate.questions else READY

    def plan(self) -> Plan:
        """The best plan; without points where it is blocked or refused."""
        if self.status != READY:
            return self._plan(self.status, ())
        too_short = self.problem.bounds.minutes < minutes_of(0, 0)
        return self.of(() if too_short else best(self.problem))

    def of(self, chosen: Iterable[Candidate]) -> Plan:
        """The plan that consists of these points, in the best order; they must keep the rules."""
        ordered = self._ordered(tuple(chosen))
        return self._plan(READY if ordered else NOTHING, ordered)

    def edited(
        self, plan: Plan, add: Iterable[tuple[str, str]] = (), remove: Iterable[tuple[str, str]] = ()
    ) -> tuple[Plan, tuple[str, ...]]:
        """The plan with points (name, side) added and removed, and the sentences of every rule it then breaks.

        A plan that breaks a rule is shown with what it breaks; it may not be needled. A blocked plan stays blocked.

        Raises:
            UnknownNameError: no such point, or one to be removed that is not in the plan; carries the nearest.
        """
        if self.status != READY:
            return self.plan(), (f"The plan is {self.status}; it cannot be changed.",)
        out = {f"{name}, {side}" for name, side in remove}
        known = {one.id: one for one in self.all}

        def judged(name: str, side: str) -> Candidate:
            """As this case has it, also where the plan was made before something more was known."""
            return known.get(f"{name}, {side}") or self._any(name, side)

        planned = {p.candidate.id: judged(p.candidate.point.name, p.candidate.side) for p in plan.points}
        if strange := sorted(out - set(planned)):
            held_now = "; ".join(planned) or "no point"
            raise UnknownNameError(f"'{strange[0]}' is not in the plan. It holds {held_now}.", tuple(planned)[:3])
        extra = [judged(name, side) for name, side in add]
        chosen = tuple({one.id: one for one in (*(planned[k] for k in planned if k not in out), *extra)}.values())
        spine = [any_candidate(self.ground, f"{level} paraspinal", one.side) for one in chosen for level in one.needs]
        reached = [one for one in spine if self.problem.ways(one)]
        every = {one.id: one for one in (*reached, *self.problem.candidates, *chosen) if not one.barred}
        wider = Problem(tuple(every[k] for k in sorted(every)), self.problem.bounds)
        return replace(self, problem=wider).of(chosen), broken(wider, chosen)

    def reordered(self, plan: Plan, order: Iterable[tuple[str, str]]) -> tuple[Plan, tuple[str, ...]]:
        """The same points in the practitioner's order, those not named after them, and what that breaks: time.

        Raises:
            UnknownNameError: a point that is not in the plan, or the same one twice.
        """
        if self.status != READY:
            return self.plan(), (f"The plan is {self.status}; it cannot be changed.",)
        first = [f"{name}, {side}" for name, side in order]
        planned = {p.candidate.id: p for p in plan.points}
        strange = [name for k, name in enumerate(first) if name not in planned or name in first[:k]]
        if strange:
            raise UnknownNameError(
                f"'{strange[0]}' is not in the plan, or named twice. It holds {'; '.join(planned) or 'no point'}."
            )
        names = [*first, *(name for name in planned if name not in first)]
        moved = tuple(replace(planned[name], number=number) for number, name in enumerate(names, start=1))
        changed = self._plan(plan.status, moved)
        spent, given = changed.minutes, self.problem.bounds.minutes
        late = f"In this order it takes {spent:.0f} minutes; this visit has {given:.0f}. Turn the person less often."
        return changed, (late,) if spent > given else ()

    def _any(self, name: str, side: str) -> Candidate:
        point = points().get(name)
        if point is None:
            within = [n for n in points() if name.lower() in n.lower()]
            near = tuple(within or get_close_matches(name, points(), 3))[:3]
            hint = f" Did you mean {' or '.join(near)}?" if near else " docs/reference/points.md lists them."
            raise UnknownNameError(f"There is no point '{name[:60]}'.{hint}", near)
        if side not in point.sides:
            raise UnknownNameError(f"'{name}' has no side '{side}'. Write {' or '.join(point.sides)}.")
        return any_candidate(self.ground, name, side)

    def _plan(self, status: str, ordered: tuple[PlannedPoint, ...]) -> Plan:
        turns = len(list(groupby(point.position for point in ordered)))
        return Plan(
            status,
            self.gate,
            self.standing,
            self.ground.rulings.person,
            self.problem.bounds,
            ordered,
            self._left_out(tuple(point.candidate for point in ordered)) if status in (READY, NOTHING) else (),
            minutes_of(len(ordered), turns) if ordered else 0.0,
            tender_count(self.case.visit.tender_points),
            self._without_a_point(),
        )

    def _ordered(self, chosen: tuple[Candidate, ...]) -> tuple[PlannedPoint, ...]:
        """Position by position, in each the spine first, from head to foot; where none fits, the first of the point."""
        turns = turned(self.problem, (one for one in chosen if self.problem.ways(one))) or ()
        placed = [
            (next((t for t in turns if t in self.problem.ways(one)), one.point.positions[0]), one) for one in chosen
        ]
        stations = [*turns, *(position for position, _ in placed if position not in turns)]
        placed.sort(key=lambda p: (stations.index(p[0]), ORDER.index(p[1].point.kind), _from_head(p[1]), p[1].id))
        return tuple(
            PlannedPoint(number, one, position, needle_for(one.point.name, self.standing.build))
            for number, (position, one) in enumerate(placed, start=1)
        )

    def _left_out(self, chosen: tuple[Candidate, ...]) -> tuple[LeftOut, ...]:
        """The strong candidates that are not in the plan, each with what keeps it out, strongest first.

        Of withdrawn points also the weaker ones: nobody should wonder where a usual point has gone.
        """
        held, least, gone = {one.id for one in chosen}, numbers()["strong candidate"], self.ground.withdrawn
        told = (one for one in self.all if one.priority >= least or one.point.name in gone)
        strong = [one for one in told if one.id not in held]
        strong.sort(key=lambda one: (-one.priority, one.id))
        return tuple(LeftOut(one, self._why_not(one, chosen)) for one in strong)

    def _why_not(self, one: Candidate, chosen: tuple[Candidate, ...]) -> str:
        if one.barred:
            return one.barred
        if one.value <= 0:
            needle = round(numbers()["a needle"])
            return (
                f"It is not worth its risk: priority {one.priority}, less {one.risk} for its risk, "
                f"less {needle} that any needle costs, leaves {one.value}."
            )
        others = self.problem.companions(one)
        held = not others or any(other in chosen for other in others)
        ways = [(*chosen, one)] if held else [(*chosen, one, other) for other in others]
        said = [broken(self.problem, way) for way in ways]
        if all(said):
            return min((" ".join(sentences) for sentences in said), key=len)
        if not held:
            return "With the paraspinal point that it needs it would add less than the two together risk."
        return "It adds less than the turn that it needs costs."

    def _without_a_point(self) -> tuple[tuple[str, str], ...]:
        """Muscles that were found tight and that no point is offered for."""
        found = {f.site.name for f in self.case.findings if f.site.kind == "muscle" and f.result == "present"}
        return tuple((m.muscle, f"{m.why} {m.instead}".strip()) for m in not_needled().values() if m.muscle in found)


def planner(
    case: Case, explanation: Explanation, on: datetime.date, withdrawn: Mapping[str, str] = MappingProxyType({})
) -> Planner:
    """Everything that a plan of this case on this day is made from.

    ``withdrawn`` are the points that the clinic's lead rejected, each with the reason: they are not planned.

    Raises:
        CaseError: an answer and a list disagree, or a clearance names no flag.
    """
    person = standing(case)
    ruled: Rulings = rulings(person)
    ground = Ground(case, explanation, ruled, dict(withdrawn))
    found = candidates(ground)
    bounds = bounds_of(case, person)
    free = Problem(tuple(one for one in found if not one.barred), bounds)
    return Planner(case, ground, gate(case, person, on), person, free, found)


def _from_head(one: Candidate) -> int:
    """Where a point stands from head to foot: by level, else by the first region order of the anatomy."""
    order = list(anatomy().segments)
    if one.point.level:
        return order.index(one.point.level)
    regions = list(dict.fromkeys(p.region for p in points().values()))
    return regions.index(one.point.region)
