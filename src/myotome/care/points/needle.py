"""Which needle a point takes in a person of a build: no longer than a ceiling that somebody published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from myotome.care.points.point import BUILDS, Depth, Point
from myotome.care.points.tables import STRUCTURE_KINDS, points
from myotome.errors import FactError
from myotome.facts.kept import kept
from myotome.facts.tables import rows, sources

HERE = "myotome.care.points"
GRAVE = ("lung", "cord", "heart", "womb", "eye", "organ")


@dataclass(frozen=True, slots=True)
class Needle:
    """A needle for a point: numbers in millimetres where a source for the depth was opened, else None.

    ``own`` is true where the ceiling was published for this very point, false where it is the lowest of the points
    round it.
    """

    gauge_mm: float | None
    length_mm: int | None
    ceiling_mm: int | None
    own: bool
    words: str
    source: str

    @property
    def text(self) -> str:
        """Thickness and length, or that it is the practitioner's judgement."""
        return "by judgement" if self.length_mm is None else f"{self.gauge_mm:.2f} × {self.length_mm} mm"


@kept
def sizes() -> tuple[tuple[int, float], ...]:
    """Lengths that can be had with their usual thickness, shortest first, both in millimetres."""
    found = sorted((row["length_mm"], row["gauge_mm"]) for _, row, _ in rows(HERE, "needles", "needle"))
    if not found:
        raise FactError("needles.toml holds no needle. Put the rows back.")
    return tuple(found)


@cache
def needle_for(name: str, build: str | None) -> Needle:
    """The needle for a point; where the build is not known, the one that suits every build.

    Raises:
        KeyError: no point of that name.
    """
    point = points()[name]
    keep = ", ".join(sorted(point.structures))
    ceiling = ceiling_of(point, build)
    own, place = ceiling is not None, point.region
    if ceiling is None and not point.specialist:
        place, ceiling = borrowed(point, build)
    if ceiling is None:
        return Needle(None, None, None, False, _by_judgement(keep), "")
    cited = sources()[ceiling.provenance.source].citation
    words = _words(ceiling, own, place, keep)
    fits = [size for size in sizes() if size[0] <= ceiling.mm]
    if not fits:
        words += f" The shortest needle has {sizes()[0][0]} mm: nothing but the fingers holds it back."
        return Needle(None, None, int(ceiling.mm), own, words, cited)
    length, gauge = fits[-1]
    used = point.reads("needle gauge", build or "any")
    return Needle(
        used[0].mm if used else gauge,
        length,
        int(ceiling.mm),
        own,
        words,
        cited,
    )


def ceiling_of(point: Point, build: str | None) -> Depth | None:
    """The lowest published ceiling of this point for the build; for an unknown build the lowest of all.

    Where no ceiling was published, the shortest needle that an opened trial or guideline used there, unless a danger
    was measured nearer than that.
    """
    limits = _lowest(d for b in _builds(build) for d in point.reads("ceiling", b))
    if limits is not None:
        return limits
    used = _lowest(d for b in _builds(build) for d in point.reads("needle length", b))
    danger = _lowest(d for b in BUILDS for d in point.reads("to structure", b))
    return None if used is None or (danger is not None and danger.mm <= used.mm) else used


def borrowed(point: Point, build: str | None) -> tuple[str, Depth | None]:
    """The lowest limit published for points of the region, else limb, else of those with the same gravest danger.

    Refused where the point's own danger was measured no deeper. Where neither lung, cord, eye nor organ lies beneath,
    limits of the thinnest muscles, shorter than any needle, are passed over.
    """
    gravest = _gravest(point)
    least = 0 if gravest in GRAVE else sizes()[0][0]
    found = _nearest(point.region, point.limb, gravest, build, least)
    danger = _lowest(d for b in BUILDS for d in point.reads("to structure", b))
    return ("body", None) if danger and found[1] and danger.mm <= found[1].mm else found


@cache
def _nearest(region: str, limb: str, gravest: str, build: str | None, least: float) -> tuple[str, Depth | None]:
    every = points().values()
    round_it = (
        (region, [point for point in every if point.region == region]),
        (limb, [point for point in every if limb and point.limb == limb]),
        ("body", [point for point in every if _gravest(point) == gravest]),
    )
    for place, some in round_it:
        depth = _lowest(d for p in some if (d := ceiling_of(p, build)) is not None and d.mm >= least)
        if depth is not None:
            return place, depth
    return "body", None


def _gravest(point: Point) -> str:
    """The gravest kind of structure beneath a point; empty where nothing is named."""
    return next((kind for kind in STRUCTURE_KINDS if kind in point.kinds_at_risk), "")


def _builds(build: str | None) -> tuple[str, ...]:
    """The build and every larger one: a lean person never gets a deeper number than a large one."""
    return BUILDS if build is None else BUILDS[BUILDS.index(build) :]


def _lowest(depths: Iterable[Depth]) -> Depth | None:
    return min(depths, key=lambda d: (d.mm, d.words), default=None)


def _words(ceiling: Depth, own: bool, place: str, keep: str) -> str:
    away = f" Keep clear of: {keep}." if keep else ""
    if own and ceiling.what == "needle length":
        return f"No limit was published; a needle of {ceiling.mm:.0f} mm was used here ({ceiling.words}).{away}"
    if own:
        return f"Never deeper than {ceiling.mm:.0f} mm ({ceiling.words}).{away}"
    return (
        f"No depth was published for this point: stay within {ceiling.mm:.0f} mm, the least published for the "
        f"{place}, and go by feel.{away}"
    )


def _by_judgement(keep: str) -> str:
    return "Depth by judgement" + (f"; keep clear of: {keep}." if keep else ".")
