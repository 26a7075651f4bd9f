"""Every state of the world of a small body, added up one by one: slow, simple, right.

Nothing of the reasoner is used but the tables of the model: its facts, lesions, priors and neighbours.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from math import prod

from myotome.care.explanation.numbers import number

SIDES = ("left", "right")
IRRITATED, DEFICIENT = 1, 2
GENERALISED, POLYNEUROPATHY = (1, 3), (2, 3)


@dataclass(frozen=True)
class World:
    """What is wrong on one side: segments by state, the peripheral lesion, and whether anything is local."""

    deficient: frozenset[str]
    irritated: frozenset[str]
    lesion: int
    local: bool


def worlds_of_side(model, states, lesion_prior, evidence, person):
    """Weights of every world of one side beside a state of the whole person, of every fact, of every local cause.

    A muscle nobody examined may have a cause of its own as well; only those of examined ones count as local.
    """
    weights, facts, causes = defaultdict(float), defaultdict(float), defaultdict(float)
    poly_or_tender = 1.0 if person == 0 else number("together.lesion and polyneuropathy")
    couplings = model.tree.network.couplings
    families = defaultdict(list)
    for name, cause in model.local.items():
        families[cause.variable].append(name)
    on = dict(zip(evidence.active.tolist(), evidence.on.tolist(), strict=True))
    off = dict(zip(evidence.active.tolist(), evidence.off.tolist(), strict=True))
    own = [f for f, fact in enumerate(model.facts) if fact.private > 0.0]
    rare = {f: model.facts[f].private / number("irritable.private") for f in own}
    for lesion, segment_states, *chosen in itertools.product(
        range(len(model.lesions)),
        itertools.product(range(3), repeat=len(model.segments)),
        *[[None, *names] for names in families.values()],
    ):
        held = dict(zip(model.segments, segment_states, strict=True))
        local = frozenset(name for name in chosen if name)
        # One cause suffices to bring a person in: a root or local cause is rarer beside any other cause, an
        # irritated root beside a state of the whole person.
        beside = poly_or_tender * (number("together.root and nerve") if lesion else 1.0)
        rarer = {IRRITATED: poly_or_tender, DEFICIENT: beside}
        prior = lesion_prior(lesion) * prod(
            states[model.row(s, x)] * rarer[x]
            if x
            else 1.0 - sum(states[model.row(s, other)] * rarer[other] for other in (IRRITATED, DEFICIENT))
            for s, x in held.items()
        )
        prior *= prod(c.table[held[c.first]][held[c.second]] for c in couplings)
        for variable, name in zip(families, chosen, strict=True):
            likely = {n: states[model.row(variable, model.local[n].state)] * beside for n in families[variable]}
            prior *= likely[name] if name else 1.0 - sum(likely.values())
        for private in itertools.product((False, True), repeat=len(own)):
            at_work = dict(zip(own, private, strict=True))
            chance = prior * prod(rare[f] if yes else 1.0 - rare[f] for f, yes in at_work.items())
            quiet = [
                _off(model, f, held, lesion, local, person, at_work.get(f, False)) for f in range(len(model.facts))
            ]
            chance *= prod(on[f] * (1.0 - quiet[f]) + off[f] * quiet[f] for f in on)
            key = World(
                frozenset(s for s, x in held.items() if x == DEFICIENT),
                frozenset(s for s, x in held.items() if x == IRRITATED),
                lesion,
                bool(local) or any(yes for f, yes in at_work.items() if f in on),
            )
            weights[key] += chance
            for name in local:
                causes[name] += chance
            for f, q in enumerate(quiet):
                seen_on, seen_off = on.get(f, 1.0) * (1.0 - q), off.get(f, 1.0) * q
                facts[f] += chance * seen_on / (seen_on + seen_off)
    return dict(weights), facts, causes


def _off(model, number_of_fact, held, lesion, local, person, private):
    """P(fact off) in one world: every cause at work fails, and so does the leak."""
    fact = model.facts[number_of_fact]
    off = 1.0 - fact.leak
    for segment, state in held.items():
        table = (None, fact.irritated, fact.deficient)[state]
        off *= 1.0 - (table.get(segment, 0.0) if table is not None else 0.0)
    for name in model.lesions[lesion].names:
        off *= 1.0 - (fact.plexus if model.lesions[lesion].kind == "plexus" else fact.nerves).get(name, 0.0)
    for name in local:
        off *= 1.0 - fact.local.get(name, 0.0)
    if person in GENERALISED:
        off *= 1.0 - fact.generalised
    if person in POLYNEUROPATHY:
        off *= 1.0 - fact.polyneuropathy
    return off * (1.0 - number("irritable.private")) if private else off


class TwoSides:
    """Both sides of a small examination with the state of the whole person, every world listed."""

    def __init__(self, model, priors, evidence):
        factor = number("together.lesion and polyneuropathy")
        self.model, self.whole = model, priors.whole
        self.sides, self.facts, self.causes = [], [], []
        for person in range(4):
            by = 1.0 if person == 0 else factor
            both = []
            for s in (0, 1):
                own = priors.lesions[:, s] * by
                own[0] = 1.0 - own[1:].sum()
                both.append(worlds_of_side(model, priors.states[:, s], own.__getitem__, evidence[s], person))
            for table, found in zip((self.sides, self.facts, self.causes), zip(*both, strict=True), strict=True):
                table.append(found)
        self.total = sum(
            self.whole[w] * sum(left.values()) * sum(right.values()) for w, (left, right) in enumerate(self.sides)
        )

    def chance(self, holds):
        """Probability of every event of ``holds(person, left, right) -> name``, by name."""
        found = defaultdict(float)
        for person, (left, right) in enumerate(self.sides):
            for a, x in left.items():
                for b, y in right.items():
                    name = holds(person, a, b)
                    if name is not None:
                        found[name] += self.whole[person] * x * y / self.total
        return dict(found)

    def both(self, s, own, other):
        """Probability that ``own`` holds of a world of one side and ``other`` of the world of the other."""
        return (
            sum(
                self.whole[person]
                * sum(x for w, x in sides[s].items() if own(w))
                * sum(y for w, y in sides[1 - s].items() if other(w))
                for person, sides in enumerate(self.sides)
            )
            / self.total
        )

    def side(self, s, holds):
        """Probability of every event of one side, the other summed out."""
        found = defaultdict(float)
        for person, sides in enumerate(self.sides):
            other = sum(sides[1 - s].values())
            for world, weight in sides[s].items():
                for name in holds(person, world):
                    found[name] += self.whole[person] * weight * other / self.total
        return dict(found)

    def apart(self, s, table):
        """Probabilities kept apart from the worlds of one side: ``facts`` or ``causes``, by name or number."""
        found = defaultdict(float)
        for person, sides in enumerate(table):
            other = sum(self.sides[person][1 - s].values())
            for name, weight in sides[s].items():
                found[name] += self.whole[person] * weight * other / self.total
        return found


def kind_of(model):
    """The kind of explanation that a world belongs to, by the order of precedence of the design."""

    def kind(person, left, right):
        lesions = [model.lesions[w.lesion] for w in (left, right) if w.lesion]
        count = sum(bool(w.deficient) for w in (left, right)) + sum(len(x.names) for x in lesions)
        lower = {
            "irritation": left.irritated or right.irritated,
            "polyneuropathy": person in POLYNEUROPATHY,
            "generalised": person in GENERALISED,
            "local": left.local or right.local,
            "none": True,
        }
        if count > 1:
            return "multiple"
        if count:
            return lesions[0].kind if lesions else "root"
        return next(name for name, present in lower.items() if present)

    return kind


def lesions_present(model):
    """The exact lesions of a world as ("C6 left", "upper trunk right"), in no order."""

    def named(_, left, right):
        return frozenset(
            f"{name} {side}"
            for side, w in zip(SIDES, (left, right), strict=True)
            for name in (*w.deficient, *model.lesions[w.lesion].names)
        )

    return named
