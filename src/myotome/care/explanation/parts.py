"""The evidence of each side when it holds exactly one thing; arrays are by state of the person.

One backward sweep gives the evidence of every state that differs from a clamped one in a single
variable (the cavity), so every single root comes from one run, and every pair from one more.
"""

from __future__ import annotations

import numpy as np

from myotome.care.explanation.model import Model, segment_rows
from myotome.care.explanation.numbers import number
from myotome.care.explanation.posterior import Posterior
from myotome.care.explanation.side import PEOPLE, Side, whole_person_factor
from myotome.inference.engine import Beliefs
from myotome.inference.network import Floats, Ints

MOST_ROOTS = 6  # a deficient set grows by its likeliest neighbour up to this size
GROWN = 3  # how many of the best sets are grown at each step
Sets = dict[tuple[str, ...], Floats]


class Parts:
    """Both sides of a posterior, taken apart; every value is in the units of the joint evidence."""

    def __init__(self, posterior: Posterior, worth: float) -> None:
        """``worth`` is the probability below which nothing is followed up."""
        self.posterior, self.worth = posterior, worth
        self.model: Model = posterior.model
        self.people = posterior.priors.whole / posterior.total
        self.clean = [clean[:, 0] for clean in posterior.clean]
        self.alone = [clean[:, 1:] for clean in posterior.clean]  # a single peripheral lesion
        self.roots = [posterior.joint[s][:, 0] - self.clean[s] for s in (0, 1)]
        self.runs = [side.runs([side.quiet, side.calm]) for side in posterior.sides]
        both = [self.scaled(s, run.log_z).reshape(2, PEOPLE) for s, run in enumerate(self.runs)]
        self.quiet = [b[0] for b in both]
        self.silent = [self._silent(s) for s in (0, 1)]
        rows = segment_rows(self.model)
        self.rows_irritated, self.rows_deficient = rows[:, 1], rows[:, -1]
        self._sets: dict[int, Sets] = {}

    def scaled(self, s: int, log_z: Floats) -> Floats:
        """Evidence under no lesion, (people,) times any number of masks."""
        prior = np.tile(self.posterior.lesion_priors[s][:, 0], len(log_z) // PEOPLE)
        found: Floats = prior * np.exp(log_z - self.posterior.scale[s])
        return found

    def joint(self, left: Floats, right: Floats) -> float:
        """Probability of what ``left`` and ``right`` hold, each by person."""
        return float((self.people * left * right).sum())

    def with_clean(self, s: int, own: Floats) -> Floats:
        """Probability of what one side holds, (..., people), while the other has no lesion."""
        found: Floats = own @ (self.people * self.clean[1 - s])
        return found

    def cavities(self, run: Beliefs, masks: int) -> Floats:
        """Cavities as (states, masks, people); of variables without evidence nothing is followed up."""
        return np.nan_to_num(run.cavity).reshape(-1, masks, PEOPLE)

    def irritated_alone(self, s: int) -> Floats:
        """Probability that exactly one segment of a side is irritated and the other is quiet, (segments,)."""
        cavity = self.cavities(self.runs[s], 2)[self.rows_irritated, 0]
        prior = self.posterior.sides[s].states[self.rows_irritated, None] * whole_person_factor()
        found: Floats = (self.quiet[s] * prior * cavity) @ (self.people * self.quiet[1 - s])
        return found

    def sets(self, s: int) -> Sets:
        """Exactly these segments deficient on one side and nothing peripheral, grown from the best singles."""
        if s not in self._sets:
            self._sets[s] = self._grow(s) if self.with_clean(s, self.roots[s]) > self.worth else {}
        return self._sets[s]

    def _grow(self, s: int) -> Sets:
        side = self.posterior.sides[s]
        plain = whole_person_factor()
        prior = side.states[self.rows_deficient, None] * plain
        cavity = self.cavities(self.runs[s], 2)[self.rows_deficient, 1]
        first = self.clean[s] * prior * cavity
        seen: Sets = {(g,): first[n] for n, g in enumerate(self.model.segments)}
        chances = self.with_clean(s, first)
        frontier = self._best({(g,): float(chances[n]) for n, g in enumerate(self.model.segments)}, {})
        for _ in range(MOST_ROOTS - 1):
            if not frontier:
                break
            run = side.runs([forced(side, held) for held in frontier])
            base = self.scaled(s, run.log_z).reshape(len(frontier), PEOPLE)
            cavity = self.cavities(run, len(frontier))[self.rows_deficient]
            grown = base[None] * prior[:, None, :] * cavity
            chance = self.with_clean(s, grown)
            new: dict[tuple[str, ...], float] = {}
            for n, held in enumerate(frontier):
                for g in np.flatnonzero(chance[:, n] > self.worth / 4):
                    segment = self.model.segments[g]
                    if segment not in held:
                        name = tuple(sorted((*held, segment), key=self.model.segments.index))
                        new[name], seen[name] = float(chance[g, n]), grown[g, n]
            known = {name: float(self.with_clean(s, value)) for name, value in seen.items()}
            frontier = self._best(new, known)
        return seen

    def _best(self, new: dict[tuple[str, ...], float], known: dict[tuple[str, ...], float]) -> list[tuple[str, ...]]:
        limit = max(self.worth, 0.05 * max([*new.values(), *known.values()], default=0.0))
        return [held for held in sorted(new, key=lambda h: -new[h])[:GROWN] if new[held] > limit]

    def beside_lesion(self, s: int) -> Sets:
        """A deficient root beside a single peripheral lesion, for the lesions with most such evidence."""
        posterior, side = self.posterior, self.posterior.sides[s]
        excess = (posterior.joint[s] - posterior.clean[s])[:, 1:]
        chance = (self.people * self.clean[1 - s]) @ excess
        found: Sets = {}
        for k in np.argsort(-chance)[:GROWN]:
            if chance[k] <= self.worth:
                break
            lesion = int(k) + 1
            run = side.runs([side.calm], lesion=lesion)
            cavity = self.cavities(run, 1)[self.rows_deficient, 0]
            crowded = side.crowded[[side.column(w, lesion) for w in range(PEOPLE)]]
            value = self.alone[s][:, int(k)] * crowded * side.states[self.rows_deficient, None] * cavity
            names = self.model.lesions[lesion].names
            found |= {(g, *names): value[n] for n, g in enumerate(self.model.segments)}
        return found

    def some_irritated(self, s: int, levels: list[str]) -> Floats:
        """Probability that some of the first n levels, and no other, are irritated, for n = 1, 2 ..."""
        side = self.posterior.sides[s]
        masks = [irritable_only(side, levels[: n + 1]) for n in range(len(levels))]
        columns: Ints = np.array([side.column(w) for w in range(PEOPLE)] * len(masks), dtype=np.int32)
        weights = np.repeat(np.stack(masks, axis=1), PEOPLE, axis=1)
        log_z = side.engine.evidence(side.lanes(columns, weights))
        inside = self.scaled(s, log_z).reshape(len(masks), PEOPLE) - self.quiet[s]
        found: Floats = inside @ (self.people * self.quiet[1 - s])
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
        priors = side.lane_priors(np.array(unlesioned, dtype=np.int32))[quiet]
        log_z = np.log(factors * without[:, None]).sum(axis=0) + np.log(priors).sum(axis=0)
        return self.scaled(s, log_z)


def forced(side: Side, deficient: tuple[str, ...]) -> Floats:
    """Priors with exactly these segments deficient."""
    weights, model = side.calm.copy(), side.model
    for segment in deficient:
        row = model.row(segment, 0)
        weights[row : row + model.deficient] = 0.0
        weights[row + model.deficient] = side.states[row + model.deficient]
    return weights


def irritable_only(side: Side, levels: list[str]) -> Floats:
    """Priors with no segment deficient and only these levels free to be irritated."""
    weights = side.quiet.copy()
    for level in levels:
        row = side.model.row(level, 1)
        weights[row] = side.states[row]
    return weights
