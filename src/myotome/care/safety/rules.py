"""The safety rules: what a fact about the person does to a point, as rows, and which points each row means."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from myotome.anatomy.tables import anatomy
from myotome.care.points.point import KINDS, Point
from myotome.care.points.tables import STRUCTURE_KINDS, points, structures
from myotome.care.screening.places import limbs
from myotome.errors import FactError
from myotome.facts.kept import Table, kept
from myotome.facts.provenance import Provenance
from myotome.facts.tables import rows

HERE = "myotome.care.safety"
ACTIONS = ("", "note", "caution", "limit", "block")  # each stronger than the one before


@dataclass(frozen=True, slots=True)
class Rule:
    """Any of ``given`` acts on the points of any selector in ``where`` that none in ``but_not`` names."""

    code: str
    given: frozenset[str]
    action: str
    where: tuple[str, ...]
    but_not: tuple[str, ...]
    same_side: bool
    practitioner: str
    patient: str
    reviewed_by: str
    provenance: Provenance

    @property
    def everywhere(self) -> bool:
        """Whether it holds for the whole person."""
        return "everywhere" in self.where and not self.but_not

    def acts_on(self, point: Point) -> bool:
        """Whether this point is meant."""
        return any(selects(s, point) for s in self.where) and not any(selects(s, point) for s in self.but_not)


@kept
def rules() -> Mapping[str, Rule]:
    """The rules by code.

    Raises:
        FactError: an unknown action or selector, a rule that means no point, or a code used twice.
    """
    found: dict[str, Rule] = {}
    for where, row, provenance in rows(HERE, "rules", "rule"):
        rule = Rule(
            row["code"],
            frozenset(row["given"]),
            row["action"],
            tuple(row["where"]),
            tuple(row["but_not"]),
            row["same_side"],
            row["practitioner"],
            row["patient"],
            row["reviewed_by"],
            provenance,
        )
        if rule.action not in ACTIONS[1:] or rule.code in found or not rule.given:
            raise FactError(f"{where}: action '{rule.action}', or no fact, or a second row. Correct the row.")
        for selector in (*rule.where, *rule.but_not):
            if not _known(selector):
                raise FactError(f"{where}: the selector '{selector}' names nothing known. Correct it.")
        if not any(rule.acts_on(point) for point in points().values()):
            raise FactError(f"{where}: the rule means no point at all. Correct 'where' or 'but_not'.")
        found[rule.code] = rule
    if not found:
        raise FactError("There is no safety rule, so everything would be allowed. Put the rows back.")
    return Table(found)


def _known(selector: str) -> bool:
    """Whether what a selector names exists, needled or not."""
    kind, _, name = selector.partition(": ")
    body = anatomy()
    names: dict[str, Collection[str]] = {
        "kind": KINDS,
        "at risk": structures(),
        "at risk kind": STRUCTURE_KINDS,
        "region": {*(m.region for m in body.muscles.values()), *(a.region for a in body.areas.values())},
        "limb": set(limbs().values()),
        "muscle": body.muscles,
        "point": points(),
    }
    return selector in _PLAIN or kind == "levels" or name in names.get(kind, ())


def selects(selector: str, point: Point) -> bool:
    """Whether a selector such as ``at risk: pleura`` means a point.

    Raises:
        FactError: no such kind of selector.
    """
    kind, _, name = selector.partition(": ")
    if selector in _PLAIN:
        return _PLAIN[selector](point)
    if kind not in _NAMED:
        raise FactError(f"'{selector}' is no selector. Use {', '.join((*_PLAIN, *(f'{k}: ...' for k in _NAMED)))}.")
    return _NAMED[kind](point, name)


def _between(point: Point, span: str) -> bool:
    """Whether a paraspinal point lies in a span such as L4-S2."""
    first, _, last = span.partition("-")
    order = list(anatomy().segments)
    if not {first, last or first} <= set(order):
        raise FactError(f"'levels: {span}' names no segments. Write it as levels: L4-S2.")
    return point.kind == "paraspinal" and order.index(first) <= order.index(point.level) <= order.index(last or first)


def _deep(point: Point) -> bool:
    muscle = anatomy().muscles.get(point.muscle)
    return muscle is not None and muscle.depth == "deep"


_PLAIN: dict[str, Callable[[Point], bool]] = {
    "everywhere": lambda point: True,
    "incompressible": lambda point: not point.compressible,
    "specialist": lambda point: point.specialist,
    "deep": _deep,
}
_NAMED: dict[str, Callable[[Point, str], bool]] = {
    "kind": lambda point, name: point.kind == name,
    "at risk": lambda point, name: name in point.structures,
    "at risk kind": lambda point, name: name in point.kinds_at_risk,
    "region": lambda point, name: point.region == name,
    "limb": lambda point, name: point.limb == name,
    "muscle": lambda point, name: point.muscle == name,
    "point": lambda point, name: point.name == name,
    "levels": _between,
}
