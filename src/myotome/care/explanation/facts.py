"""The hidden facts of one side of a body, and which causes bring each about.

A fact is what a finding looks at: a muscle weakened, a patch numb, a level's paraspinal muscle
irritable. Here each is listed with the strength of every cause; the numbers come from data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from myotome.anatomy.innervation import Profile, Strength, root_weights
from myotome.anatomy.parts import Group, Muscle, Supply
from myotome.anatomy.routes import share
from myotome.anatomy.tables import Anatomy, anatomy
from myotome.care.examination.tables import SpecialTest, special_tests
from myotome.care.explanation.numbers import number, numbers

MUSCLE_FACTS = ("weakened", "paralysed", "denervated", "irritable")
DEEP_BACK = {
    "C": "neck joints",
    "T": "upper back",
    "L": "low back joints",
    "S": "low back joints",
}  # the regional local cause whose joints lie under each run of levels


@dataclass(frozen=True, slots=True)
class Fact:
    """One hidden yes/no fact with the strength of each cause (0..1).

    ``worth`` is how many examinations the innervation behind it is worth, for its uncertainty.
    """

    kind: str
    site: str
    leak: float
    deficient: Mapping[str, float] = field(default_factory=dict)
    irritated: Mapping[str, float] = field(default_factory=dict)
    nerves: Mapping[str, float] = field(default_factory=dict)
    local: Mapping[str, float] = field(default_factory=dict)
    plexus: Mapping[str, float] = field(default_factory=dict)
    polyneuropathy: float = 0.0
    generalised: float = 0.0
    private: float = 0.0
    worth: float = 8.0

    @property
    def name(self) -> str:
        """Kind and site in one word, unique in a model."""
        return f"{self.kind}: {self.site}"


def all_facts(profile: Profile) -> Iterator[Fact]:
    """Every fact of one side under a profile."""
    body = anatomy()
    roots = {name: _muscle_roots(muscle, profile) for name, muscle in body.muscles.items()}
    for muscle in body.muscles.values():
        yield from _muscle_facts(body, muscle, roots[muscle.name])
    for group in body.groups.values():
        yield from _group_facts(body, group, roots)
    yield from _level_facts(body)
    for patch in body.patches.values():
        yield from _skin_facts(body, patch.name, patch.area, patch.supplies, profile)
    yield from _reflex_facts(body, profile)
    yield from _area_facts(body)
    yield from _movement_facts(body)
    yield from _place_facts(body)
    for test in special_tests().values():
        yield _test_fact(body, test)
    yield from _study_facts(body)


def _muscle_roots(muscle: Muscle, profile: Profile) -> dict[str, Strength]:
    return root_weights(muscle.innervation, profile) if muscle.innervation else {}


def _scaled(weights: Mapping[str, float], by: float) -> dict[str, float]:
    return {name: by * weight for name, weight in weights.items()}


def _cut(body: Anatomy, supply: Iterable[str], weights: Mapping[str, float]) -> dict[str, float]:
    """Share of the supply cut by each lesion site that can cut it."""
    branches = tuple(supply)
    known = [s for s in branches if s in body.stretches]
    if not known:
        return {}
    cuts = {site.name: share(site.name, branches, weights) for site in body.entrapments}
    return {name: cut for name, cut in cuts.items() if cut > 0.0}


def _plexus(body: Anatomy, supply: Iterable[str], weights: Mapping[str, float]) -> dict[str, float]:
    branches = [s for s in supply if s in body.stretches]
    found: dict[str, float] = {}
    for lesion in body.plexus.values():
        spared = 1.0
        for stretch, often in lesion.hits:
            if stretch in body.stretches and branches:
                spared *= 1.0 - often * share(stretch, branches, weights)
        if spared < 1.0:
            found[lesion.name] = 1.0 - spared
    return found


def _distal(region: str) -> float:
    return number(f"distal.{region}") if f"distal.{region}" in numbers() else 0.0


def _muscle_facts(body: Anatomy, muscle: Muscle, roots: Mapping[str, Strength]) -> Iterator[Fact]:
    weights = {s: strength.weight for s, strength in roots.items()}
    worth = max((strength.worth for strength in roots.values()), default=8.0)
    cut = _cut(body, muscle.supply, weights)
    plexus = _plexus(body, muscle.supply, weights)
    resisted = [c.name for c in body.local.values() if muscle.name in c.strength]
    acting = [c.name for c in body.local.values() if muscle.name in c.muscles]
    for kind in MUSCLE_FACTS:
        strained = acting if kind == "irritable" else resisted
        yield Fact(
            kind,
            muscle.name,
            number(f"{kind}.leak"),
            _scaled(weights, number(f"{kind}.deficient")),
            _scaled(weights, number(f"{kind}.irritated")),
            _scaled(cut, number(f"{kind}.nerve")),
            {name: number(f"{kind}.local") for name in strained},
            _scaled(plexus, number(f"{kind}.nerve")),
            0.0 if kind == "irritable" else _distal(muscle.region) * number(f"{kind}.polyneuropathy"),
            number(f"{kind}.generalised") if kind in ("weakened", "irritable") else 0.0,
            number("private.prior") * number("irritable.private") if kind == "irritable" else 0.0,
            worth,
        )


def _group_facts(
    body: Anatomy, group: Group, roots: Mapping[str, Mapping[str, Strength]]
) -> Iterator[Fact]:
    """A group shows what its members share: the mean of the members, pulled towards the strongest."""
    members = [body.muscles[name] for name in group.members]
    facts = [{f.kind: f for f in _muscle_facts(body, m, roots[m.name])} for m in members]
    for kind in MUSCLE_FACTS:
        parts = [f[kind] for f in facts]
        yield Fact(
            kind,
            group.name,
            number(f"{kind}.leak"),
            _blend([p.deficient for p in parts]),
            _blend([p.irritated for p in parts]),
            _blend([p.nerves for p in parts]),
            _blend([p.local for p in parts]),
            _blend([p.plexus for p in parts]),
            sum(p.polyneuropathy for p in parts) / len(parts),
            sum(p.generalised for p in parts) / len(parts),
            max(p.private for p in parts),
            max(p.worth for p in parts),
        )


def _blend(tables: list[Mapping[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(name for table in tables for name in table)
    result: dict[str, float] = {}
    for name in names:
        values = [table.get(name, 0.0) for table in tables]
        result[name] = 0.5 * (max(values) + sum(values) / len(values))
    return result


def _level_facts(body: Anatomy) -> Iterator[Fact]:
    order = list(body.segments)
    for place, level in enumerate(order):
        beside = [order[n] for n in (place - 1, place + 1) if 0 <= n < len(order)]
        joint = {DEEP_BACK[level[0]]: number("paraspinal.local")}
        near = number("paraspinal.neighbour")
        yield Fact(
            "paraspinal",
            level,
            number("paraspinal.leak"),
            {level: number("paraspinal.deficient"), **dict.fromkeys(beside, near)},
            {level: number("paraspinal.irritated"), **dict.fromkeys(beside, near)},
            local=joint,
            generalised=number("paraspinal.generalised"),
        )
        yield Fact(
            "paraspinal denervated",
            level,
            number("paraspinal denervated.leak"),
            {
                level: number("paraspinal denervated.deficient"),
                **dict.fromkeys(beside, number("paraspinal denervated.neighbour")),
            },
        )
        yield Fact(
            "skin",
            level,
            number("skin.leak"),
            {level: number("skin.deficient")},
            {level: number("skin.irritated")},
            generalised=number("skin.generalised"),
        )


def _skin_facts(
    body: Anatomy, site: str, area: str, supplies: tuple[Supply, ...], profile: Profile
) -> Iterator[Fact]:
    strengths = root_weights(supplies, profile) if supplies else {}
    roots = {s: v.weight for s, v in strengths.items() if s in body.segments}
    nerves = {s: v.weight for s, v in strengths.items() if s in body.stretches}
    cut = {
        lesion.name: max((w * share(lesion.name, [n], {}) for n, w in nerves.items()), default=0.0)
        for lesion in body.entrapments
    }
    plexus: dict[str, float] = {}
    for branch, weight in nerves.items():
        for lesion, hit in _plexus(body, [branch], roots).items():
            plexus[lesion] = max(plexus.get(lesion, 0.0), weight * hit)
    reach = _distal(body.areas[area].region)
    worth = max((v.worth for v in strengths.values()), default=8.0)
    for kind in ("numb", "heightened"):
        yield Fact(
            kind,
            site,
            number(f"{kind}.leak"),
            _scaled(roots, number(f"{kind}.deficient")),
            _scaled(roots, number(f"{kind}.irritated")),
            {n: number(f"{kind}.nerve") * c for n, c in cut.items() if c > 0.0},
            {},
            _scaled(plexus, number(f"{kind}.nerve")),
            reach * number("numb.polyneuropathy") if kind == "numb" else 0.0,
            number("heightened.generalised") if kind == "heightened" else 0.0,
            worth=worth,
        )


def _reflex_facts(body: Anatomy, profile: Profile) -> Iterator[Fact]:
    for reflex in body.reflexes.values():
        if reflex.pathological:
            continue
        strengths = root_weights(reflex.supplies, profile) if reflex.supplies else {}
        weights = {s: v.weight for s, v in strengths.items()}
        supply = [reflex.nerve]
        yield Fact(
            "unreflexed",
            reflex.name,
            number("unreflexed.leak"),
            _scaled(weights, number("unreflexed.deficient")),
            _scaled(weights, number("unreflexed.irritated")),
            _scaled(_cut(body, supply, weights), number("unreflexed.nerve")),
            {},
            _scaled(_plexus(body, supply, weights), number("unreflexed.nerve")),
            _distal(reflex.name) * number("unreflexed.polyneuropathy"),
            worth=max((v.worth for v in strengths.values()), default=8.0),
        )


def _area_facts(body: Anatomy) -> Iterator[Fact]:
    for area in body.areas.values():
        # The first segments named are the likeliest; later ones are felt there less often.
        fade = {s: max(0.35, 1.0 - 0.2 * n) for n, s in enumerate(area.segments[:5])}
        felt = [c.name for c in body.local.values() if area.name in c.areas]
        yield Fact(
            "pain",
            area.name,
            number("pain.leak"),
            _scaled(fade, number("pain.deficient")),
            _scaled(fade, number("pain.irritated")),
            dict.fromkeys(area.nerves, number("pain.nerve")),
            dict.fromkeys(felt, number("pain.local")),
            generalised=number("pain.generalised"),
        )


def _movement_facts(body: Anatomy) -> Iterator[Fact]:
    for movement in body.movements.values():
        yield Fact(
            "range",
            movement.name,
            number("range.leak"),
            dict.fromkeys(movement.segments, number("range.deficient")),
            dict.fromkeys(movement.segments, number("range.irritated")),
            local=dict.fromkeys(movement.local, number("range.local")),
            generalised=number("range.generalised"),
        )


def _place_facts(body: Anatomy) -> Iterator[Fact]:
    for place in body.places.values():
        sites = [(f"{place.name} {s}", (s,)) for s in body.segments] if place.per_segment else [
            (place.name, place.segments)
        ]
        for site, segments in sites:
            joint = (DEEP_BACK[segments[0][0]],) if place.per_segment else place.local
            yield Fact(
                "place",
                site,
                number("place.leak"),
                dict.fromkeys(segments, number("place.deficient")),
                dict.fromkeys(segments, number("place.irritated")),
                dict.fromkeys(place.nerves, number("place.nerve")),
                dict.fromkeys(joint, number("place.local")),
                generalised=number("place.generalised"),
            )


def _test_fact(body: Anatomy, test: SpecialTest) -> Fact:
    """The target named first is the one the published sensitivity holds for."""
    strength: dict[str, dict[str, float]] = {}
    for place, target in enumerate(test.detects):
        table = strength.setdefault(target.kind, {})
        for name in target.names:
            table.setdefault(name, 1.0 if place == 0 else number("test.secondary"))
    segments, whole = strength.get("segments", {}), strength.get("referral", {})
    nerves = {n: v for n, v in strength.get("nerve", {}).items() if body.stretches[n].entrapment}
    pain = "local" in strength or "segments" in strength
    return Fact(
        "test",
        test.name,
        number("test.leak"),
        segments,
        _scaled(segments, number("test.irritated")),
        nerves,
        strength.get("local", {}),
        strength.get("plexus", {}),
        1.0 if "polyneuropathy" in whole else 0.0,
        1.0 if "generalised tenderness" in whole else number("test.generalised") if pain else 0.0,
    )


def _study_facts(body: Anatomy) -> Iterator[Fact]:
    """What an imaging or electrodiagnostic report speaks of directly: one cause and nothing else."""
    leak = number("study.leak")
    for segment in body.segments:
        yield Fact("study", segment, leak, {segment: 1.0}, {segment: number("study.irritated")})
    for stretch in body.entrapments:
        yield Fact("study", stretch.name, leak, nerves={stretch.name: 1.0})
    for lesion in body.plexus:
        yield Fact("study", f"{lesion} plexus lesion", leak, plexus={lesion: 1.0})
    for cause in body.local:
        yield Fact("study", f"{cause} (local)", leak, local={cause: 1.0})
