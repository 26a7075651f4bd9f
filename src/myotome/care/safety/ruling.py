"""What the rules say of every point on each side of one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from myotome.care.points.point import Point
from myotome.care.points.tables import points
from myotome.care.safety.rules import ACTIONS, Rule, rules
from myotome.care.safety.standing import Standing
from myotome.facts.kept import kept

SIDES = ("left", "right")
PLEURA = "pleura"


@dataclass(frozen=True, slots=True)
class Applied:
    """One rule as it applies: what it does, what says so, and its words."""

    code: str
    action: str
    because: tuple[str, ...]
    practitioner: str
    patient: str
    given: tuple[str, ...]
    reviewed_by: str


@dataclass(frozen=True, slots=True)
class Rulings:
    """The rules that one person's facts bring, and the strongest action of each point and side."""

    applied: tuple[tuple[Rule, frozenset[str], Applied], ...]
    actions: npt.NDArray[np.uint8]

    def action(self, point: Point, side: str) -> str:
        """The strongest action at a point: empty, note, caution, limit or block."""
        return ACTIONS[int(max(self.actions[_rows()[point.name], column] for column in _columns(side)))]

    def at(self, point: Point, side: str) -> tuple[Applied, ...]:
        """The rules that act on a point, strongest first."""
        there = (one for rule, sides, one in self.applied if _sides(side) & sides and rule.acts_on(point))
        return tuple(sorted(there, key=lambda one: -ACTIONS.index(one.action)))

    @property
    def person(self) -> tuple[Applied, ...]:
        """The rules that hold for the whole person, strongest first."""
        whole = (one for rule, sides, one in self.applied if rule.everywhere and len(sides) == len(SIDES))
        return tuple(sorted(whole, key=lambda one: -ACTIONS.index(one.action)))

    @property
    def forbids_all(self) -> tuple[Applied, ...]:
        """The rules that block every point."""
        return tuple(one for one in self.person if one.action == "block")


def rulings(person: Standing, table: Mapping[str, Rule] | None = None) -> Rulings:
    """What the rules say of a person; a fact without a side acts on both. ``table``: other rules than the package's."""
    codes = person.codes
    actions = np.zeros((len(points()), len(SIDES)), dtype=np.uint8)
    applied = []
    for rule in (rules() if table is None else table).values():
        given = rule.given & codes
        if not given:
            continue
        sides = (
            frozenset[str]().union(*(person.sides_of(code) for code in given)) if rule.same_side else frozenset(SIDES)
        )
        strength = ACTIONS.index(rule.action)
        for column in (SIDES.index(side) for side in sides):
            np.maximum(actions[:, column], _reach(rule) * np.uint8(strength), out=actions[:, column])
        applied.append((rule, sides, _applied(rule, given, person)))
    return Rulings(tuple(applied), actions)


def _applied(rule: Rule, given: Iterable[str], person: Standing) -> Applied:
    facts = tuple(sorted(given))
    because = person.because(facts)
    return Applied(rule.code, rule.action, because, rule.practitioner, rule.patient, facts, rule.reviewed_by)


@kept
def _rows() -> dict[str, int]:
    return {name: number for number, name in enumerate(points())}


@cache
def _reach(rule: Rule) -> npt.NDArray[np.uint8]:
    """Which points a rule acts on, as 0 and 1 in table order."""
    return np.array([rule.acts_on(point) for point in points().values()], dtype=np.uint8)


def _sides(side: str) -> frozenset[str]:
    return frozenset(SIDES if side == "both" else (side,))


def _columns(side: str) -> list[int]:
    return [SIDES.index(one) for one in sorted(_sides(side))]
