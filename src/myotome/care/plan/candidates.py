"""Which points could be needled in this person, how much each matters, and why some are barred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from myotome.anatomy.innervation import profile, root_weights
from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Case, Finding
from myotome.care.explanation.chances import percent
from myotome.care.explanation.explain import Explanation
from myotome.care.plan.keeps_out import why_not
from myotome.care.plan.numbers import evidence, numbers
from myotome.care.points.point import Point
from myotome.care.points.tables import points, points_of
from myotome.care.safety.ruling import PLEURA, Applied, Rulings

MAIN = 0.5  # share of the strongest root from which a segment is a main one of a muscle
LIMBS = ("arm", "leg")
NO_LEVEL = "no level shown to be involved"
TIGHT = ("tenderness", "taut band", "shortening", "twitch")
COUNTS = {"tenderness": "tender", "taut band": "taut band", "shortening": "shortened", "twitch": "twitch"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A point on one side. ``priority`` and ``risk`` are whole points; ``barred`` says why it may not be planned.

    ``needs`` are the segments of which one paraspinal point must be chosen with it.
    """

    point: Point
    side: str
    priority: int
    risk: int
    reason: str
    evidence: str
    needs: tuple[str, ...]
    rules: tuple[Applied, ...]
    barred: str

    @property
    def id(self) -> str:
        """Name and side, as a plan is edited by it."""
        return f"{self.point.name}, {self.side}"

    @property
    def value(self) -> int:
        """What it adds to a plan: priority less risk, and less what any needle costs."""
        return self.priority - self.risk - round(numbers()["a needle"])

    @property
    def at_lung(self) -> bool:
        """Whether the lung lies within reach."""
        return PLEURA in self.point.structures


@dataclass(frozen=True, slots=True)
class Ground:
    """What candidates are made from: the case, its explanation, what the rules say, which points are withdrawn."""

    case: Case
    explanation: Explanation
    rulings: Rulings
    withdrawn: Mapping[str, str] = field(default_factory=dict)

    def involved(self, segment: str, side: str) -> float:
        """Chance that a segment is irritated or deficient; the larger side for ``both``."""
        sides = ("left", "right") if side == "both" else (side,)
        there = [b for b in self.explanation.segments if b.segment == segment and b.side in sides]
        return max((b.irritated + b.deficient for b in there), default=0.0)

    def irritable(self, name: str, side: str) -> float:
        """Chance that an examined muscle or group is irritable."""
        return max((b.irritable for b in self.explanation.muscles if (b.muscle, b.side) == (name, side)), default=0.0)


def candidates(ground: Ground) -> tuple[Candidate, ...]:
    """Every candidate, in the order of their names; barred ones among them.

    Paraspinal points come from implicated levels, from their tender neighbours and as companions of limb muscles.
    """
    found: dict[str, Candidate] = {}
    for one in (*_symptomatic(ground), *_homeostatic(ground)):
        found.setdefault(one.id, one)
    for one in _paraspinal(ground, [one for one in found.values() if not one.barred]):
        found.setdefault(one.id, one)
    return tuple(found[name] for name in sorted(found))


def main_segments(muscle: str, believed: str = "emg") -> tuple[str, ...]:
    """The segments that chiefly supply a muscle, in order; empty for a muscle of a cranial nerve."""
    weights = root_weights(anatomy().muscles[muscle].innervation, profile(believed))
    spinal = {name: w.weight for name, w in weights.items() if name in anatomy().segments}
    most = max(spinal.values(), default=0.0)
    return tuple(s for s in anatomy().segments if spinal.get(s, 0.0) >= MAIN * most > 0.0)


def any_candidate(ground: Ground, name: str, side: str) -> Candidate:
    """A point that the practitioner adds, whether or not anything was found there.

    Raises:
        KeyError: no point of that name.
    """
    point = points()[name]
    needs = _needs(point.muscle, ground) if point.kind == "symptomatic" else ()
    return _made(ground, point, side, 0.0, "added by the practitioner", needs)


def _symptomatic(ground: Ground) -> Iterator[Candidate]:
    for (muscle, side), (findings, irritable) in sorted(_found(ground).items()):
        segments = main_segments(muscle, ground.explanation.profile)
        level = max((ground.involved(s, side) for s in segments), default=0.0)
        least = numbers()["around the complaint" if _near_complaint(muscle, ground.case) else "least level"]
        felt = min(1.0, sum(numbers()[COUNTS[sign]] for sign in dict.fromkeys(f.sign for f in findings)))
        share = irritable * (least + (1.0 - least) * level) * felt
        said = ", ".join(dict.fromkeys(COUNTS[f.sign] for f in findings))
        reason = said + _of_level(segments, side, ground)
        for number, point in enumerate(points_of().get(muscle, ())):
            worth = share * numbers()["further site"] ** number
            yield _made(ground, point, side, worth, reason, _needs(muscle, ground))


def _paraspinal(ground: Ground, chosen: Iterable[Candidate]) -> Iterator[Candidate]:
    wanted: dict[tuple[str, str], str] = {}
    tender = _tender_levels(ground.case)
    names = list(anatomy().segments)
    for belief in ground.explanation.segments:
        if belief.irritated + belief.deficient >= numbers()["implicated"]:
            wanted[belief.segment, belief.side] = "an implicated level"
            at = names.index(belief.segment)
            for near in names[max(at - 1, 0) : at + 2]:
                if (near, belief.side) in tender:
                    wanted.setdefault((near, belief.side), "a tender level beside an implicated one")
    own = frozenset(wanted)  # the others are companions: tenderness alone gives them no worth of their own
    for one in chosen:
        for segment in one.needs:
            wanted.setdefault((segment, one.side), f"goes with {one.point.muscle}, which it supplies")
    for (segment, side), why in sorted(wanted.items()):
        point = _paraspinal_of(segment)
        if point is None:
            continue
        is_tender = (segment, side) in tender
        level = ground.involved(segment, side)
        least = numbers()["tender neighbour"] if (segment, side) in own else 0.0
        share = max(level, least) if is_tender else level * numbers()["level not tender"]
        said = why + _how_far(level) + (", tender there" if is_tender else "")
        yield _made(ground, point, side, share, said, ())


def _paraspinal_of(segment: str) -> Point | None:
    return points().get(f"{segment} paraspinal")


def _homeostatic(ground: Ground) -> Iterator[Candidate]:
    """The traditional points of the regions and sides where something was found; only where the clinic offers them."""
    if not ground.case.settings.homeostatic_points:
        return
    found = _found(ground)
    places = {(anatomy().muscles[muscle].region, side) for muscle, side in found}
    places |= {(point.region, s) for level, s in _tender_levels(ground.case) if (point := _paraspinal_of(level))}
    for point in points().values():
        if point.kind == "homeostatic":
            for side in point.sides:
                if any((point.region, s) in places for s in ("left", "right") if side in (s, "both")):
                    worth = numbers()["homeostatic"]
                    yield _made(ground, point, side, worth, "a traditional point of this region; not validated", ())


def _made(ground: Ground, point: Point, side: str, share: float, reason: str, needs: tuple[str, ...]) -> Candidate:
    said = ground.rulings.at(point, side)
    priority = round(numbers()["points on the scale"] * share)
    barred = _barred(ground, point, said)
    return Candidate(point, side, priority, _risk(point, said), reason, evidence()[point.kind], needs, said, barred)


def _barred(ground: Ground, point: Point, said: Iterable[Applied]) -> str:
    if point.name in ground.withdrawn:
        return f"withdrawn by the clinic's lead: {ground.withdrawn[point.name].rstrip('.')}."
    if point.specialist and not ground.case.settings.specialist_points:
        return "for specially trained hands; this clinic's settings do not offer such points"
    if point.kind == "homeostatic" and not ground.case.settings.homeostatic_points:
        return "a traditional point; this clinic's settings do not offer such points"
    return why_not(ground.case, said)


def _risk(point: Point, said: Iterable[Applied]) -> int:
    kinds = max((numbers()[f"risk {kind}"] for kind in point.kinds_at_risk), default=0.0)
    rules = max((numbers()[f"risk {one.action}"] for one in said if one.action in ("caution", "limit")), default=0.0)
    return round(kinds + rules)


def _found(ground: Ground) -> Mapping[tuple[str, str], tuple[list[Finding], float]]:
    """Muscles found tight or tender before treatment, by side: the findings, and the chance that they are irritable."""
    found: dict[tuple[str, str], tuple[list[Finding], float]] = {}
    for finding in ground.case.findings:
        if finding.sign not in TIGHT or finding.result != "present" or finding.when == "after":
            continue
        for muscle in _muscles(finding):
            for side in finding.sides:
                chance = ground.irritable(finding.site.name, side)
                listed, most = found.setdefault((muscle, side), ([], 0.0))
                found[muscle, side] = ([*listed, finding], max(most, chance))
    return found


def _muscles(finding: Finding) -> tuple[str, ...]:
    if finding.site.kind == "group":
        return anatomy().groups[finding.site.name].members
    return (finding.site.name,) if finding.site.kind == "muscle" else ()


def _tender_levels(case: Case) -> frozenset[tuple[str, str]]:
    return frozenset(
        (finding.site.name, side)
        for finding in case.findings
        for side in finding.sides
        if finding.site.kind in ("paraspinal", "segment")
        and finding.sign in TIGHT
        and finding.result == "present"
        and finding.when != "after"
    )


def _needs(muscle: str, ground: Ground) -> tuple[str, ...]:
    """The main segments of a limb muscle whose paraspinal point exists."""
    point = next(iter(points_of().get(muscle, ())), None)
    if point is None or point.limb not in LIMBS:
        return ()
    return tuple(s for s in main_segments(muscle, ground.explanation.profile) if f"{s} paraspinal" in points())


def _near_complaint(muscle: str, case: Case) -> bool:
    area = anatomy().areas.get(case.complaint.area or "")
    return area is not None and anatomy().muscles[muscle].region == area.region


def _of_level(segments: tuple[str, ...], side: str, ground: Ground) -> str:
    if not segments:
        return "; supplied by a cranial nerve"
    best = max(segments, key=lambda s: ground.involved(s, side))
    level = ground.involved(best, side)
    return f"; {best} supplies it{_how_far(level)}" if level >= numbers()["level as a reason"] else f"; {NO_LEVEL}"


def _how_far(level: float) -> str:
    """How likely a level is involved, where that is enough to be a reason."""
    return f" ({percent(level)} involved)" if level >= numbers()["level as a reason"] else f" ({NO_LEVEL})"
