"""The hidden facts of one side of a body, and which causes bring each about.

A fact is what a finding looks at: a muscle weakened, a patch numb, a level's paraspinal muscle
irritable. Here each is listed with the strength of every cause; the numbers come from data.
"""

from __future__ import annotations

from collections.abc import Iterator

from myotome.anatomy.innervation import Profile, root_weights
from myotome.anatomy.parts import Supply
from myotome.anatomy.routes import share
from myotome.anatomy.tables import Anatomy, anatomy
from myotome.care.examination.tables import SpecialTest, special_tests
from myotome.care.explanation.fact import Fact, cut_share, distal_reach, plexus_share, scaled
from myotome.care.explanation.muscle_facts import group_facts, muscle_facts, muscle_roots
from myotome.care.explanation.numbers import number

DEEP_BACK = {
    "C": "neck joints",
    "T": "upper back",
    "L": "low back joints",
    "S": "low back joints",
}  # the regional local cause whose joints lie under each run of levels


def all_facts(profile: Profile) -> Iterator[Fact]:
    """Every fact of one side under a profile."""
    body = anatomy()
    roots = {name: muscle_roots(muscle, profile) for name, muscle in body.muscles.items()}
    for muscle in body.muscles.values():
        yield from muscle_facts(body, muscle, roots[muscle.name])
    for group in body.groups.values():
        yield from group_facts(body, group, roots)
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


def _skin_facts(body: Anatomy, site: str, area: str, supplies: tuple[Supply, ...], profile: Profile) -> Iterator[Fact]:
    # Apart: a chart of dermatomes says nothing of nerves, and a map of nerves nothing of roots.
    by_root = tuple(s for s in supplies if s.supply in body.segments)
    by_nerve = tuple(s for s in supplies if s.supply in body.stretches)
    strengths = root_weights(by_root, profile) if by_root else {}
    roots = {s: v.weight for s, v in strengths.items()}
    nerves = {s: v.weight for s, v in root_weights(by_nerve, profile).items()} if by_nerve else {}
    cut = {
        lesion.name: max((w * share(lesion.name, [n], {}) for n, w in nerves.items()), default=0.0)
        for lesion in body.entrapments
    }
    plexus: dict[str, float] = {}
    for branch, weight in nerves.items():
        for lesion, hit in plexus_share(body, [branch], roots).items():
            plexus[lesion] = max(plexus.get(lesion, 0.0), weight * hit)
    reach = distal_reach(body.areas[area].region)
    worth = max((v.worth for v in strengths.values()), default=8.0)
    for kind in ("numb", "heightened"):
        yield Fact(
            kind,
            site,
            number(f"{kind}.leak"),
            scaled(roots, number(f"{kind}.deficient")),
            scaled(roots, number(f"{kind}.irritated")),
            {n: number(f"{kind}.nerve") * c for n, c in cut.items() if c > 0.0},
            {},
            scaled(plexus, number(f"{kind}.nerve")),
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
            number("unreflexed.leak" if reflex.name == "ankle reflex" else "unreflexed.leak.other"),
            scaled(weights, number("unreflexed.deficient")),
            scaled(weights, number("unreflexed.irritated")),
            scaled(cut_share(body, supply, weights), number("unreflexed.nerve")),
            {},
            scaled(plexus_share(body, supply, weights), number("unreflexed.nerve")),
            distal_reach(reflex.name) * number("unreflexed.polyneuropathy"),
            worth=max((v.worth for v in strengths.values()), default=8.0),
        )


def _area_facts(body: Anatomy) -> Iterator[Fact]:
    for area in body.areas.values():
        # The first segments named are the likeliest; later ones are felt there less often.
        fade = {s: 1.0 - number("pain.fade") * n for n, s in enumerate(area.segments[:5])}
        felt = {
            c.name: number("pain.local" if c.areas[0] == area.name else "pain.local elsewhere")
            for c in body.local.values()
            if area.name in c.areas
        }
        yield Fact(
            "pain",
            area.name,
            number("pain.leak"),
            scaled(fade, number("pain.deficient")),
            scaled(fade, number("pain.irritated")),
            dict.fromkeys(area.nerves, number("pain.nerve")),
            felt,
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
        sites = (
            [(f"{place.name} {s}", (s,)) for s in body.segments]
            if place.per_segment
            else [(place.name, place.segments)]
        )
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
        scaled(segments, number("test.irritated")),
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
