"""The hidden facts of muscles and of the groups that one test of strength examines together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from myotome.anatomy.innervation import Profile, Strength, root_weights
from myotome.anatomy.parts import Group, Muscle
from myotome.anatomy.tables import Anatomy
from myotome.care.explanation.fact import Fact, cut_share, distal_reach, plexus_share, scaled
from myotome.care.explanation.numbers import number

MUSCLE_FACTS = ("weakened", "paralysed", "denervated", "irritable")


def muscle_roots(muscle: Muscle, profile: Profile) -> dict[str, Strength]:
    """Weights of a muscle's roots; none for a cranial one."""
    return root_weights(muscle.innervation, profile) if muscle.innervation else {}


def muscle_facts(body: Anatomy, muscle: Muscle, roots: Mapping[str, Strength]) -> Iterator[Fact]:
    """Weakened, paralysed, denervated and irritable for one muscle."""
    weights = {s: strength.weight for s, strength in roots.items()}
    worth = max((strength.worth for strength in roots.values()), default=8.0)
    cut = cut_share(body, muscle.supply, weights)
    plexus = plexus_share(body, muscle.supply, weights)
    resisted = [c.name for c in body.local.values() if muscle.name in c.strength]
    acting = [c.name for c in body.local.values() if muscle.name in c.muscles]
    for kind in MUSCLE_FACTS:
        strained = acting if kind == "irritable" else resisted
        yield Fact(
            kind,
            muscle.name,
            number(f"{kind}.leak"),
            scaled(weights, number(f"{kind}.deficient")),
            scaled(weights, number(f"{kind}.irritated")),
            scaled(cut, number(f"{kind}.nerve")),
            {name: number(f"{kind}.local") for name in strained},
            scaled(plexus, number(f"{kind}.nerve")),
            0.0 if kind == "irritable" else distal_reach(muscle.region) * number(f"{kind}.polyneuropathy"),
            number(f"{kind}.generalised") if kind in ("weakened", "irritable") else 0.0,
            number("private.prior") * number("irritable.private") if kind == "irritable" else 0.0,
            worth,
        )


def group_facts(body: Anatomy, group: Group, roots: Mapping[str, Mapping[str, Strength]]) -> Iterator[Fact]:
    """A group shows what its members share: the mean of the members, pulled towards the strongest."""
    members = [body.muscles[name] for name in group.members]
    facts = [{f.kind: f for f in muscle_facts(body, m, roots[m.name])} for m in members]
    for kind in MUSCLE_FACTS:
        parts = [f[kind] for f in facts]
        yield Fact(
            kind,
            group.name,
            number(f"{kind}.leak"),
            blend([p.deficient for p in parts]),
            blend([p.irritated for p in parts]),
            blend([p.nerves for p in parts]),
            blend([p.local for p in parts]),
            blend([p.plexus for p in parts]),
            sum(p.polyneuropathy for p in parts) / len(parts),
            sum(p.generalised for p in parts) / len(parts),
            max(p.private for p in parts),
            max(p.worth for p in parts),
        )


def blend(tables: list[Mapping[str, float]]) -> dict[str, float]:
    """Halfway between the strongest member and the mean of all."""
    names = dict.fromkeys(name for table in tables for name in table)
    result: dict[str, float] = {}
    for name in names:
        values = [table.get(name, 0.0) for table in tables]
        result[name] = 0.5 * (max(values) + sum(values) / len(values))
    return result
