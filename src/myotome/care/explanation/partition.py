"""Split the posterior into explanations that exclude one another and, with the rest, sum to one.

Taken jointly over both sides. Several of (deficient set, nerve, plexus) are ``multiple``; one of
them alone is its kind; below them irritation, polyneuropathy, generalised, local, none, in that
order. Whatever stands lower may be present beside a higher kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from myotome.care.explanation.likelihoods import SIDES
from myotome.care.explanation.numbers import number
from myotome.care.explanation.posterior import PEOPLE, Posterior, Side, whole_person_factor
from myotome.inference.network import Floats, Ints

KINDS = (
    "root", "irritation", "nerve", "plexus", "polyneuropathy", "generalised", "local", "multiple", "none",
)  # fmt: skip
LESIONS = frozenset({"root", "nerve", "plexus", "polyneuropathy", "multiple"})
MOST_ROOTS = 6  # a deficient set grows by its likeliest neighbour up to this size
GROWN = 3  # how many of the best sets are grown at each step
WORTH_A_ROW = 0.003


@dataclass(frozen=True, slots=True)
class Row:
    """One explanation. ``one_of`` marks lesions that the examination cannot tell apart."""

    kind: str
    names: tuple[str, ...]
    side: str | None
    probability: float
    one_of: bool = False

    @property
    def key(self) -> tuple[str, tuple[str, ...], str | None]:
        """What it says, without how likely it is."""
        return self.kind, self.names, self.side


@dataclass(frozen=True, slots=True)
class Partition:
    """The rows found, best first, and the exact probability of every kind."""

    rows: tuple[Row, ...]
    kinds: dict[str, float]


class Parts:
    """Scaled evidence of each side when it holds exactly one thing; arrays are by person."""

    def __init__(self, posterior: Posterior) -> None:
        """Collect what every kind needs."""
        self.posterior = posterior
        self.model = posterior.model
        self.people = posterior.priors.whole
        self.clean = [clean[:, 0] for clean in posterior.clean]
        self.alone = [clean[:, 1:] for clean in posterior.clean]  # a single peripheral lesion
        self.roots = [posterior.joint[s][:, 0] - self.clean[s] for s in (0, 1)]
        quiet = [side.runs([side.quiet]) for side in posterior.sides]
        self.quiet = [self._scaled(s, q.log_z) for s, q in enumerate(quiet)]
        self.quiet_run = quiet
        self.silent = [self._silent(s) for s in (0, 1)]

    def _scaled(self, s: int, log_z: Floats) -> Floats:
        """Evidence under no lesion, in the units of the joint."""
        prior = self.posterior.lesion_priors[s][:, 0]
        people = len(log_z) // PEOPLE
        found: Floats = np.tile(prior, people) * np.exp(log_z - self.posterior.scale[s])
        return found

    def _silent(self, s: int) -> Floats:
        """Evidence of a side on which nothing at all is wrong, not even in one muscle, by person."""
        side, model = self.posterior.sides[s], self.model
        active = side.evidence.active
        leaks = np.array([model.facts[f].leak for f in active])
        private = model.private[active]
        unlesioned = [side.column(w) for w in range(PEOPLE)]
        off = (1.0 - leaks)[:, None] * side.spared[:, unlesioned] / private[:, None]
        factors = side.evidence.on[:, None] * (1.0 - off) + side.evidence.off[:, None] * off
        # What the private causes do is their prior times their strength; here none of them is at work.
        without = 1.0 - (1.0 - private) / number("irritable.private")
        quiet = [model.row(v.name, 0) for v in model.tree.network.variables]
        log_z = np.log(factors * without[:, None]).sum(axis=0) + np.log(side.states[quiet]).sum()
        return self._scaled(s, log_z)

    def joint(self, left: Floats, right: Floats) -> float:
        """Probability of what ``left`` and ``right`` hold, each by person."""
        return float((self.people * left * right).sum() / self.posterior.total)

    def with_clean(self, s: int, own: Floats) -> float:
        """Probability of what one side holds while the other has no lesion."""
        return self.joint(own, self.clean[1 - s])


def partition(posterior: Posterior) -> Partition:
    """Every kind's probability, and the rows worth printing."""
    parts = Parts(posterior)
    kinds = _kinds(parts)
    rows = [*_root_rows(parts, kinds), *_lesion_rows(parts), *_irritation_rows(parts, kinds)]
    rows += _multiple_rows(parts, rows, kinds)
    rows += _plain_rows(parts, kinds)
    best = sorted(
        (r for r in rows if r.probability > WORTH_A_ROW),
        key=lambda r: (-r.probability, r.key[:2], r.side or ""),
    )
    return Partition(tuple(best), kinds)


def _kinds(parts: Parts) -> dict[str, float]:
    lesions = parts.model.lesions
    nerve = np.array([lesion.kind == "nerve" for lesion in lesions[1:]])
    plexus = np.array([lesion.kind == "plexus" for lesion in lesions[1:]])
    sides = (0, 1)
    found = {
        "root": sum(parts.with_clean(s, parts.roots[s]) for s in sides),
        "nerve": sum(parts.with_clean(s, parts.alone[s][:, nerve].sum(axis=1)) for s in sides),
        "plexus": sum(parts.with_clean(s, parts.alone[s][:, plexus].sum(axis=1)) for s in sides),
    }
    quiet = parts.quiet[0] * parts.quiet[1]
    people = parts.people / parts.posterior.total
    found["irritation"] = float((people * (parts.clean[0] * parts.clean[1] - quiet)).sum())
    found["polyneuropathy"] = float((people * quiet)[2:].sum())
    found["generalised"] = float((people * quiet)[1])
    found["none"] = float(people[0] * parts.silent[0][0] * parts.silent[1][0])
    found["local"] = float((people * quiet)[0]) - found["none"]
    found["multiple"] = 1.0 - sum(found.values())
    return {kind: min(max(found[kind], 0.0), 1.0) for kind in KINDS}


def _forced(side: Side, deficient: tuple[str, ...]) -> Floats:
    """Priors with exactly these segments deficient."""
    weights, model = side.calm.copy(), side.model
    for segment in deficient:
        row = model.row(segment, 0)
        weights[row : row + model.deficient] = 0.0
        weights[row + model.deficient] = side.states[row + model.deficient]
    return weights


def _sets(parts: Parts, s: int) -> Iterator[tuple[tuple[str, ...], Floats]]:
    """Deficient sets of one side with their scaled evidence by person, grown from the best singles."""
    side, model = parts.posterior.sides[s], parts.model
    plain = side.crowded[[side.column(w) for w in range(PEOPLE)]]
    seen: dict[tuple[str, ...], Floats] = {}
    frontier: list[tuple[str, ...]] = [()]
    for _ in range(MOST_ROOTS):
        run = side.runs([_forced(side, held) if held else side.calm for held in frontier])
        base = parts._scaled(s, run.log_z).reshape(len(frontier), PEOPLE)
        cavity = np.nan_to_num(run.cavity).reshape(-1, len(frontier), PEOPLE)
        new: dict[tuple[str, ...], Floats] = {}
        for n, held in enumerate(frontier):
            for segment in model.segments:
                if segment not in held:
                    row = model.row(segment, model.deficient)
                    grown = tuple(sorted((*held, segment), key=model.segments.index))
                    new[grown] = base[n] * side.states[row] * plain * cavity[row, n]
        seen |= new
        ranked = sorted(new, key=lambda held: -parts.with_clean(s, new[held]))
        best = max(parts.with_clean(s, value) for value in seen.values())
        frontier = [h for h in ranked[:GROWN] if parts.with_clean(s, new[h]) > max(WORTH_A_ROW, 0.05 * best)]
        if not frontier:
            break
    yield from seen.items()


def _root_rows(parts: Parts, kinds: dict[str, float]) -> list[Row]:
    rows = []
    for s, side in enumerate(SIDES):
        if parts.with_clean(s, parts.roots[s]) > WORTH_A_ROW:
            rows += [Row("root", names, side, parts.with_clean(s, value)) for names, value in _sets(parts, s)]
    return rows


def _lesion_rows(parts: Parts) -> list[Row]:
    rows = []
    for s, side in enumerate(SIDES):
        for k, lesion in enumerate(parts.model.lesions[1:]):
            kind = "multiple" if lesion.kind == "pair" else lesion.kind
            chance = parts.with_clean(s, parts.alone[s][:, k])
            names = lesion.names if lesion.kind != "pair" else tuple(f"{n} {side}" for n in lesion.names)
            rows.append(Row(kind, names, None if kind == "multiple" else side, chance))
    return rows


def _irritation_rows(parts: Parts, kinds: dict[str, float]) -> list[Row]:
    """On each side the smallest run of levels that holds most of that side's irritation."""
    rows = []
    for s, name in enumerate(SIDES):
        quiet_other = parts.quiet[1 - s]
        mass = parts.joint(parts.clean[s] - parts.quiet[s], quiet_other)
        if mass <= WORTH_A_ROW:
            continue
        side = parts.posterior.sides[s]
        held = _likeliest_levels(parts, s)
        masks = [_irritable_only(side, held[: n + 1]) for n in range(len(held))]
        run = side.engine.evidence(side.lanes(*_mask_lanes(side, masks)))
        inside = parts._scaled(s, run).reshape(len(masks), PEOPLE) - parts.quiet[s]
        chances = [parts.joint(value, quiet_other) for value in inside]
        size = next((n for n, chance in enumerate(chances) if chance > 0.75 * mass), len(chances) - 1)
        names = tuple(sorted(held[: size + 1], key=parts.model.segments.index))
        rows.append(Row("irritation", names, name, max(chances[size], 0.0), one_of=len(names) > 1))
    return rows


def _mask_lanes(side: Side, masks: list[Floats]) -> tuple[Ints, Floats]:
    columns = np.array([side.column(w) for w in range(PEOPLE)] * len(masks), dtype=np.int32)
    return columns, np.repeat(np.stack(masks, axis=1), PEOPLE, axis=1)


def _likeliest_levels(parts: Parts, s: int) -> list[str]:
    run, side, model = parts.quiet_run[s], parts.posterior.sides[s], parts.model
    cavity, rare = np.nan_to_num(run.cavity), whole_person_factor()

    def alone(segment: str) -> float:
        row = model.row(segment, 1)
        return parts.joint(parts.quiet[s] * side.states[row] * rare * cavity[row], parts.quiet[1 - s])

    ranked = sorted(model.segments, key=lambda g: -alone(g))
    return ranked[:4]


def _irritable_only(side: Side, levels: list[str]) -> Floats:
    weights = side.quiet.copy()
    for level in levels:
        row = side.model.row(level, 1)
        weights[row] = side.states[row]
    return weights


def _multiple_rows(parts: Parts, rows: list[Row], kinds: dict[str, float]) -> list[Row]:
    """One lesion on each side, and a root beside a nerve or plexus on one side."""
    if kinds["multiple"] <= WORTH_A_ROW:
        return []
    holders: list[dict[tuple[str, ...], Floats]] = []
    for s in (0, 1):
        held = {
            lesion.names: parts.alone[s][:, k]
            for k, lesion in enumerate(parts.model.lesions[1:])
            if lesion.kind != "pair"
        }
        held |= dict(_sets(parts, s))
        best = sorted(held, key=lambda n: -float((parts.people * held[n]).sum()))[:3]
        holders.append({names: held[names] for names in best})
    found = [
        Row("multiple", (*(f"{n} left" for n in a), *(f"{n} right" for n in b)), None, parts.joint(x, y))
        for a, x in holders[0].items()
        for b, y in holders[1].items()
    ]
    for s, side in enumerate(SIDES):
        found += [
            Row("multiple", tuple(f"{n} {side}" for n in names), None, parts.with_clean(s, value))
            for names, value in _root_beside_lesion(parts, s)
        ]
    return found


def _root_beside_lesion(parts: Parts, s: int) -> Iterator[tuple[tuple[str, ...], Floats]]:
    posterior, model = parts.posterior, parts.model
    side = posterior.sides[s]
    excess = (posterior.joint[s] - posterior.clean[s])[:, 1:]
    order = np.argsort(-(parts.people @ excess))[:3]
    for k in order:
        lesion = model.lesions[int(k) + 1]
        run = side.runs([side.calm], lesion=int(k) + 1)
        cavity = np.nan_to_num(run.cavity)
        crowded = side.crowded[[side.column(w, int(k) + 1) for w in range(PEOPLE)]]
        base = parts.alone[s][:, int(k)] * crowded
        for segment in model.segments:
            row = model.row(segment, model.deficient)
            yield (segment, *lesion.names), base * side.states[row] * cavity[row]


def _plain_rows(parts: Parts, kinds: dict[str, float]) -> list[Row]:
    rows = [Row(kind, (), "both", kinds[kind]) for kind in ("polyneuropathy", "generalised")]
    rows.append(Row("none", (), None, kinds["none"]))
    present = [
        (
            float((parts.quiet_run[s].marginals(np.eye(PEOPLE)[0]))[parts.model.row(c.variable, c.state)]),
            name,
            side,
        )
        for s, side in enumerate(SIDES)
        for name, c in parts.model.local.items()
    ]
    likely = [(p, n, s) for p, n, s in present if p > 0.5] or [max(present)]
    names = tuple(dict.fromkeys(n for _, n, _ in sorted(likely, key=lambda x: -x[0])))
    sides = {s for _, _, s in likely}
    side = "both" if len(sides) == 2 else sides.pop()
    rows.append(Row("local", names, side, kinds["local"]))
    return rows
