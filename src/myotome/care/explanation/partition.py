"""Split the posterior into explanations that exclude one another and, with the rest, sum to one.

Taken jointly over both sides. Several of (deficient set, nerve, plexus) are ``multiple``; one of
them alone is its kind; below them irritation, polyneuropathy, generalised, local, none, in that
order. Whatever stands lower may be present beside a higher kind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from myotome.care.explanation.likelihoods import SIDES
from myotome.care.explanation.parts import Parts
from myotome.care.explanation.posterior import Posterior
from myotome.care.explanation.side import PEOPLE
from myotome.inference.network import Floats

KINDS = (
    "root", "irritation", "nerve", "plexus", "polyneuropathy", "generalised", "local", "multiple", "none",
)  # fmt: skip
LESIONS = frozenset({"root", "nerve", "plexus", "polyneuropathy", "multiple"})
WORTH_A_ROW = 0.003
MOST_LEVELS = 4  # of an irritation, before it is left to "anything else"
ENOUGH = 0.75  # of a side's irritation must lie within the levels named


@dataclass(frozen=True, slots=True)
class Row:
    """One explanation. ``one_of`` marks lesions that the examination cannot tell apart."""

    kind: str
    names: tuple[str, ...]
    side: str | None
    probability: float
    one_of: bool = False

    @property
    def key(self) -> tuple[str, tuple[str, ...], str | None, bool]:
        """What it says, without how likely it is."""
        return self.kind, self.names, self.side, self.one_of


@dataclass(frozen=True, slots=True)
class Partition:
    """The rows found, best first, and the exact probability of every kind."""

    rows: tuple[Row, ...]
    kinds: dict[str, float]


def partition(posterior: Posterior) -> Partition:
    """Every kind's probability, and the rows worth printing."""
    parts = Parts(posterior, WORTH_A_ROW)
    kinds = _kinds(parts)
    rows = [*_root_rows(parts), *_lesion_rows(parts), *_irritation_rows(parts)]
    rows += _multiple_rows(parts, kinds["multiple"])
    named = sum(row.probability for row in rows if row.kind == "multiple")
    rows.append(Row("multiple", (), None, max(kinds["multiple"] - named, 0.0)))  # more than two, or rarer ones
    rows += _plain_rows(parts, kinds)
    worth = [row for row in rows if row.probability > WORTH_A_ROW]
    worth.sort(key=lambda r: (-r.probability, r.kind, r.names, r.side or ""))
    return Partition(tuple(worth), kinds)


def _kinds(parts: Parts) -> dict[str, float]:
    kinds_of = np.array([lesion.kind for lesion in parts.model.lesions[1:]])
    sides = (0, 1)

    def single(kind: str) -> float:
        return sum(float(parts.with_clean(s, parts.alone[s][:, kinds_of == kind].sum(axis=1))) for s in sides)

    quiet = parts.people * parts.quiet[0] * parts.quiet[1]
    found = {
        "root": sum(float(parts.with_clean(s, parts.roots[s])) for s in sides),
        "nerve": single("nerve"),
        "plexus": single("plexus"),
        "irritation": float((parts.people * parts.clean[0] * parts.clean[1] - quiet).sum()),
        "polyneuropathy": float(quiet[2:].sum()),
        "generalised": float(quiet[1]),
        "none": float(parts.people[0] * parts.silent[0][0] * parts.silent[1][0]),
    }
    found["local"] = float(quiet[0]) - found["none"]
    found["multiple"] = 1.0 - sum(found.values())
    return {kind: min(max(found[kind], 0.0), 1.0) for kind in KINDS}


def _root_rows(parts: Parts) -> list[Row]:
    rows = []
    for s, side in enumerate(SIDES):
        sets = parts.sets(s)
        if not sets:
            continue
        chances = parts.with_clean(s, np.stack(list(sets.values())))
        rows += [Row("root", n, side, float(c)) for n, c in zip(sets, chances, strict=True) if c > WORTH_A_ROW]
    return rows


def _lesion_rows(parts: Parts) -> list[Row]:
    rows = []
    for s, side in enumerate(SIDES):
        chances = parts.with_clean(s, parts.alone[s].T)
        for lesion, chance in zip(parts.model.lesions[1:], chances, strict=True):
            if chance <= WORTH_A_ROW:
                continue
            if lesion.kind == "pair":
                rows.append(Row("multiple", tuple(f"{n} {side}" for n in lesion.names), None, float(chance)))
            else:
                rows.append(Row(lesion.kind, lesion.names, side, float(chance)))
    return rows


def _irritation_rows(parts: Parts) -> list[Row]:
    """On each side the smallest set of levels that holds most of that side's irritation."""
    rows = []
    for s, name in enumerate(SIDES):
        mass = parts.joint(parts.clean[s] - parts.quiet[s], parts.quiet[1 - s])
        if mass <= WORTH_A_ROW:
            continue
        alone = parts.irritated_alone(s)
        held = [parts.model.segments[n] for n in np.argsort(-alone, kind="stable")[:MOST_LEVELS]]
        chances = parts.some_irritated(s, held)
        size = next((n for n, chance in enumerate(chances) if chance > ENOUGH * mass), len(chances) - 1)
        names = tuple(sorted(held[: size + 1], key=parts.model.segments.index))
        rows.append(Row("irritation", names, name, max(float(chances[size]), 0.0), one_of=len(names) > 1))
    return rows


def _multiple_rows(parts: Parts, chance: float) -> list[Row]:
    """One lesion on each side, and a root beside a nerve or plexus on one side."""
    if chance <= WORTH_A_ROW:
        return []
    holders = [_likeliest(parts, s) for s in (0, 1)]
    found = [
        Row("multiple", (*(f"{n} left" for n in a), *(f"{n} right" for n in b)), None, parts.joint(x, y))
        for a, x in holders[0].items()
        for b, y in holders[1].items()
    ]
    for s, side in enumerate(SIDES):
        found += [
            Row("multiple", tuple(f"{n} {side}" for n in names), None, float(parts.with_clean(s, value)))
            for names, value in parts.beside_lesion(s).items()
        ]
    return found


def _likeliest(parts: Parts, s: int) -> dict[tuple[str, ...], Floats]:
    """The three single lesions with most evidence on a side, without regard to the other."""
    held: dict[tuple[str, ...], Floats] = {
        lesion.names: parts.alone[s][:, k] for k, lesion in enumerate(parts.model.lesions[1:]) if lesion.kind != "pair"
    }
    held |= parts.sets(s)
    chances = np.stack(list(held.values())) @ parts.people
    names = list(held)
    best = [names[n] for n in np.argsort(-chances, kind="stable")[:3]]
    return {names: held[names] for names in best}


def _plain_rows(parts: Parts, kinds: dict[str, float]) -> list[Row]:
    rows = [Row(kind, (), "both", kinds[kind]) for kind in ("polyneuropathy", "generalised")]
    rows.append(Row("none", (), None, kinds["none"]))
    mix = np.eye(2 * PEOPLE)[0]  # quiet segments, nothing wrong with the whole person
    marginals = [run.marginals(mix) for run in parts.runs]
    present = [
        (float(marginals[s][parts.model.row(cause.variable, cause.state)]), name, side)
        for s, side in enumerate(SIDES)
        for name, cause in parts.model.local.items()
    ]
    # Without one that is likelier than not, the likeliest stands for all; both sides may tie.
    least = min(0.5, max(present)[0] - 1e-9)
    likely = sorted([p for p in present if p[0] > least], key=lambda p: -p[0])
    sides = {side for _, _, side in likely}
    side = "both" if len(sides) == 2 else sides.pop()
    rows.append(Row("local", tuple(dict.fromkeys(name for _, name, _ in likely)), side, kinds["local"]))
    return rows
