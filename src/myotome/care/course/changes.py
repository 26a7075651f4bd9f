"""Changes from one visit to another, against what matters; what was not asked is not known, never no change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from myotome.anatomy.tables import anatomy
from myotome.care.course.scores import DETECTABLE, scores, used
from myotome.care.course.visited import Visited, is_found, sides_of
from myotome.care.examination.case import Finding, grade_words

BETTER, SAME, WORSE, UNKNOWN = "better", "no measurable change", "worse", "not known"
Place = tuple[str, str, str]  # sign, place, side
NORMAL = 5.0  # the grade of ordinary strength
ONE_ACTIVITY = ("function of one activity", DETECTABLE)
MEASURED = STRENGTH, NECK_RANGE = (("strength", DETECTABLE), ("range of the neck", DETECTABLE))
PAINS = ("pain-average", "pain-now")  # the first that was asked at both visits is compared


@dataclass(frozen=True, slots=True)
class Change:
    """A change: ``by`` so much for the better (less than 0 for the worse), where ``matters`` so much would count."""

    what: str
    kind: str
    words: str
    first: float | None = None
    last: float | None = None
    by: float | None = None
    matters: float | None = None

    @property
    def rest(self) -> str:
        """The words without their kind, to stand beside it."""
        return self.words.removeprefix(self.kind).lstrip(", ")


@dataclass(frozen=True, slots=True)
class Signs:
    """What became of the signs found at one visit and looked for at another; told, not judged."""

    gone: int
    still: int
    new: int

    @property
    def words(self) -> str:
        """In a sentence."""
        if not self.gone + self.still + self.new:
            return "No sign found at the first visit was looked for again."
        parts = [f"{self.gone} gone", f"{self.still} still there"]
        return f"Of the signs looked for at both: {', '.join(parts)}, {self.new} new."


def pain_change(first: Visited, last: Visited) -> Change:
    """How pain changed: the average where it was asked at both, otherwise pain now."""
    for code in PAINS:
        before, after = first.of_day(code), last.of_day(code)
        if before is not None and after is not None:
            return _judged(scores()[code].name, (before.total, after.total), -1, _figure("pain"), "points", 0.0)
    asked = [any(visit.of_day(code) for code in PAINS) for visit in (first, last)]
    if all(asked):
        return Change(
            "Pain", UNKNOWN, "It was asked in different ways: the average at one visit, pain now at the other."
        )
    return Change("Pain", UNKNOWN, _not_asked(first, last, asked))


def function_change(first: Visited, last: Visited) -> Change:
    """How the patient's own activities changed: only those rated at both visits are compared."""
    taken = [visit.of_day("function") for visit in (first, last)]
    if taken[0] is None or taken[1] is None:
        return Change("Function", UNKNOWN, _not_asked(first, last, [one is not None for one in taken]))
    before, after = dict(taken[0].parts), dict(taken[1].parts)
    same = [name for name in before if name in after]
    if not same:
        return Change("Function", UNKNOWN, "Other activities were rated: none at both visits.")
    means = (sum(before[name] for name in same) / len(same), sum(after[name] for name in same) / len(same))
    what = "Function" if len(same) > 1 else f"Function ({same[0]})"
    return _judged(what, means, 1, function_matters(len(same)), "points", 10.0)


def function_matters(activities: int) -> float | None:
    """How much matters in the mean of so many activities, in points."""
    return _figure("function") if activities > 1 else _figure(*ONE_ACTIVITY)


def range_changes(visits: Sequence[Visited]) -> list[Change]:
    """How each movement that was measured twice changed, from the first to the last time."""
    found: dict[tuple[str, str], list[float]] = {}
    for visit in visits:
        for key, value in ranges(visit).items():
            found.setdefault(key, []).append(value)
    return [_range(key, values) for key, values in found.items() if len(values) > 1]


def ranges(visit: Visited) -> dict[tuple[str, str], float]:
    """Degrees before the needles, by movement and side."""
    return {
        (one.site.name, side): one.value
        for one in visit.before
        if one.sign == "range" and one.value is not None
        for side in sides_of(one)
    }


def measured(visit: Visited) -> dict[Place, float]:
    """What was measured before the needles, by sign, place and side: degrees and grades (ordinary strength is 5)."""
    found: dict[Place, float] = {("range", movement, side): value for (movement, side), value in ranges(visit).items()}
    for one in visit.before:
        grade = NORMAL if one.result == "normal" else one.grade
        if one.sign == "strength" and grade is not None:
            found |= {("strength", one.site.name, side): grade for side in sides_of(one)}
    return found


def measured_change(key: Place, found: Mapping[str, Mapping[Place, float]], first: Visited, last: Visited) -> Change:
    """How one of the things ``found`` by visit changed between two; not known where it was not measured at both."""
    sign, place, side = key
    before, after = found[first.id].get(key), found[last.id].get(key)
    if before is None or after is None:
        return Change(place, UNKNOWN, "It was not measured at both visits.")
    if sign == "range":
        return _range((place, side), [before, after])
    name = f"Strength of {place}, {side}" if side else f"Strength of {place}"
    judged = _judged(name, (before, after), 1, _figure(*STRENGTH), "grade", None)
    written = f"from {grade_words(before)} to {grade_words(after)}"
    return replace(judged, words=judged.words.replace(f"from {before:.3g} to {after:.3g}", written))


def sign_changes(first: Visited, last: Visited) -> Signs:
    """What became of the signs, by sign, place and side."""
    before, after = _found(first.before), _found(last.before)
    both = [key for key in before if key in after]
    return Signs(
        sum(before[key] and not after[key] for key in both),
        sum(before[key] and after[key] for key in both),
        sum(after[key] and not before[key] for key in both),
    )


def _found(findings: Sequence[Finding]) -> dict[tuple[str, str, str], bool]:
    """By sign, place and side: whether it was found. Trophic signs of one place count as one."""
    found: dict[tuple[str, str, str], bool] = {}
    for one in findings:
        for side in sides_of(one):
            key = (one.sign, one.site.name, side)
            found[key] = found.get(key, False) or is_found(one)
    return found


def _range(key: tuple[str, str], values: Sequence[float]) -> Change:
    movement, side = key
    name = f"{movement}, {side}" if side else movement
    known = anatomy().movements.get(movement)
    figure = _figure(*NECK_RANGE) if known is not None and known.area == "neck" else None
    if figure is None:
        words = f"from {values[0]:g} to {values[-1]:g}; how much would matter is not known"
        return Change(name, UNKNOWN, words, values[0], values[-1])
    return _judged(name, (values[0], values[-1]), 1, figure, "degrees", None)


def _figure(score: str, what: str = "important") -> float | None:
    found = used(score, what)
    return None if found is None else found.value


def _judged(
    what: str,
    values: tuple[float | None, float | None],
    way: int,
    matters: float | None,
    unit: str,
    best: float | None,
) -> Change:
    """Judge a change; ``way`` is 1 where more is better, -1 where less is; ``best`` is the best value there is."""
    first, last = values
    if first is None or last is None or matters is None:
        return Change(what, UNKNOWN, "one of the two values is missing", first, last)
    by = round((last - first) * way, 6) + 0.0
    span, enough = f"from {first:.3g} to {last:.3g}", f"{matters:g} {unit} matter{'s' if matters == 1 else ''}"
    if abs(by) < matters and best is not None and abs(best - first) < matters:
        words = f"{span}; it began too near the best score to show a change of {matters:g}"
        return Change(what, UNKNOWN, words, first, last, by, matters)
    if by >= matters:
        return Change(what, BETTER, f"better by {by:.3g}, {span} ({enough})", first, last, by, matters)
    if by <= -matters:
        return Change(what, WORSE, f"worse by {-by:.3g}, {span} ({enough})", first, last, by, matters)
    return Change(what, SAME, f"no measurable change, {span} ({enough})", first, last, by, matters)


def _not_asked(first: Visited, last: Visited, asked: Sequence[bool]) -> str:
    missing = [f"{visit.day:%-d %B %Y}" for visit, said in zip((first, last), asked, strict=True) if not said]
    return f"It was not asked on {' nor on '.join(missing)}."
