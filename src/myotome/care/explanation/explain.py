"""The whole answer for one case: referral first, then verdict, explanations, reasons and next tests."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from myotome.anatomy.innervation import profiles
from myotome.care.examination.case import Case
from myotome.care.explanation.intervals import intervals
from myotome.care.explanation.likelihoods import SIDES
from myotome.care.explanation.next_tests import NextTest, next_tests
from myotome.care.explanation.partition import Row
from myotome.care.explanation.reasoner import Reading, Reasoner
from myotome.care.explanation.reasons import LeftOut, Reason, conflicts
from myotome.care.explanation.verdict import Verdict
from myotome.care.review.notice import NOT_REVIEWED
from myotome.care.screening.items import items
from myotome.care.screening.referral import Referral, refer
from myotome.facts.kept import kept

WORTH_SHOWING = 0.02  # probability from which a segment, nerve or plexus lesion is listed
MOST_QUESTIONS = 3
ASKING_SECONDS = 10.0
STRENGTHS = ((0.5, "strong"), (0.2, "moderate"), (0.0, "weak"))
DATA_PACKAGES = (
    *("facts", "anatomy", "care.examination", "care.explanation", "care.screening", "care.points", "care.safety"),
    *("care.plan", "care.evidence", "care.aftercare", "paper"),
)

Reasoners = Callable[[str], Reasoner]


@dataclass(frozen=True, slots=True)
class SegmentBelief:
    """One segment on one side: chances of its states and what speaks for and against, by finding and by hidden fact."""

    segment: str
    side: str
    irritated: float
    deficient: float
    reasons: tuple[Reason, ...]
    facts: tuple[Reason, ...]

    @property
    def pattern(self) -> str:
        """Irritation has no reference standard, so it is shown as a pattern, not as a measurement."""
        return next(word for limit, word in STRENGTHS if self.irritated >= limit)


@dataclass(frozen=True, slots=True)
class Belief:
    """A lesion or local cause on one side with its chance."""

    name: str
    side: str
    probability: float


@dataclass(frozen=True, slots=True)
class MuscleBelief:
    """An examined muscle: chances that it is weakened and that it is irritable."""

    muscle: str
    side: str
    weakened: float
    irritable: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything said about one case. Not clinically reviewed: it supports a qualified practitioner."""

    referral: Referral
    verdict: Verdict
    rows: tuple[Row, ...]
    intervals: tuple[tuple[float, float], ...]
    segments: tuple[SegmentBelief, ...]
    nerves: tuple[Belief, ...]
    plexus: tuple[Belief, ...]
    polyneuropathy: float
    generalised: float
    local: tuple[Belief, ...]
    muscles: tuple[MuscleBelief, ...]
    conflicts: tuple[str, ...]
    next_tests: tuple[NextTest, ...]
    profile: str
    profile_changes_answer: bool | None
    engine: str
    data_edition: str

    def as_dict(self, banner: str = NOT_REVIEWED) -> dict[str, Any]:
        """The JSON shape of an explanation, under the notice that a clinic's standing asks for."""
        from myotome.care.explanation.shape import as_dict  # noqa: PLC0415  # the shape imports this module

        return as_dict(self, banner)


def explain_case(
    case: Case,
    reasoners: Reasoners,
    profile: str = "emg",
    *,
    with_next: bool = True,
    with_intervals: bool = True,
) -> Explanation:
    """Explain one case under a profile.

    ``reasoners`` gives the compiled reasoner of a profile. Intervals also ask the other profiles.

    Raises:
        UnknownNameError: no profile of that name.
    """
    reasoner = reasoners(profile)
    reading = reasoner.read(case)
    referral = refer(case)
    rows = tuple(r for r in reading.partition.rows if r.probability >= 0.01)[:12]
    states = [reading.posterior.states(s) for s in (0, 1)]
    changes = _profile_changes(case, reading, reasoners, profile) if with_intervals else None
    return Explanation(
        referral=referral,
        verdict=reading.verdict,
        rows=rows,
        intervals=intervals(reading, rows) if with_intervals else (),
        segments=_segments(reading, states),
        nerves=_lesions(reading, "nerve"),
        plexus=_lesions(reading, "plexus"),
        polyneuropathy=float(reading.posterior.people[2:].sum()),
        generalised=float(reading.posterior.people[[1, 3]].sum()),
        local=_local(reading, states),
        muscles=_muscles(reading),
        conflicts=conflicts(reading),
        next_tests=(*_questions(referral), *next_tests(reading)) if with_next else (),
        profile=profile,
        profile_changes_answer=changes,
        engine=f"bucket tree with lanes, {reasoner.engine.kernel} kernel",
        data_edition=data_edition(),
    )


@kept
def data_edition() -> str:
    """A short name for the exact contents of all data files."""
    digest = hashlib.sha256()
    for package in DATA_PACKAGES:
        folder = files(f"myotome.{package}") / ("sources" if package == "facts" else "data")
        for file in sorted(folder.iterdir(), key=lambda f: f.name):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def _questions(referral: Referral) -> tuple[NextTest, ...]:
    """Unasked red flags come before any test: first those asked for this area in particular."""
    known = items()
    ranked = sorted(referral.not_asked, key=lambda code: not known[code].regions)
    return tuple(NextTest("screening", code, None, 0.0, ASKING_SECONDS) for code in ranked[:MOST_QUESTIONS])


def _profile_changes(case: Case, reading: Reading, reasoners: Reasoners, profile: str) -> bool:
    own = reading.verdict
    for name in profiles():
        if name != profile:
            other = reasoners(name).read(case).verdict
            same_row = (own.row and set(own.row.names)) == (other.row and set(other.row.names))
            if other.kind != own.kind or not same_row:
                return True
    return False


def _segments(reading: Reading, states: list[Any]) -> tuple[SegmentBelief, ...]:
    model, left_out = reading.model, LeftOut(reading)
    shown = []
    for s, side in enumerate(SIDES):
        for segment in model.segments:
            irritated = float(states[s][model.row(segment, 1)])
            deficient = float(states[s][model.row(segment, model.deficient)])
            if irritated + deficient >= WORTH_SHOWING:
                state = model.deficient if deficient >= irritated else 1
                shown.append((irritated + deficient, segment, s, side, irritated, deficient, state))
    shown.sort(key=lambda row: -row[0])
    return tuple(
        SegmentBelief(
            segment,
            side,
            irritated,
            deficient,
            left_out.for_state(model.row(segment, state), s),
            left_out.facts_for_state(model.row(segment, state), s),
        )
        for _, segment, s, side, irritated, deficient, state in shown
    )


def _lesions(reading: Reading, kind: str) -> tuple[Belief, ...]:
    found: dict[tuple[str, str], float] = {}
    for s, side in enumerate(SIDES):
        for lesion, chance in zip(reading.model.lesions, reading.posterior.lesions(s), strict=True):
            if lesion.kind == kind or (lesion.kind == "pair" and kind == "nerve"):
                for name in lesion.names:
                    found[name, side] = found.get((name, side), 0.0) + float(chance)
    return _listed(found)


def _local(reading: Reading, states: list[Any]) -> tuple[Belief, ...]:
    return _listed(
        {
            (name, side): float(states[s][reading.model.row(cause.variable, cause.state)])
            for s, side in enumerate(SIDES)
            for name, cause in reading.model.local.items()
        }
    )


def _listed(found: dict[tuple[str, str], float]) -> tuple[Belief, ...]:
    kept_rows = [Belief(n, side, p) for (n, side), p in found.items() if p >= WORTH_SHOWING / 2]
    return tuple(sorted(kept_rows, key=lambda b: (-b.probability, b.name)))


def _muscles(reading: Reading) -> tuple[MuscleBelief, ...]:
    """The muscles and groups that were examined, on the sides on which they were."""
    found = []
    for s, side in enumerate(SIDES):
        named = [f.site for f in reading.case.findings if f.site.kind in ("muscle", "group") and side in f.sides]
        names = list(dict.fromkeys(site.name for site in named))
        kinds = ("weakened", "paralysed", "irritable")
        chances = reading.fact_chances([(kind, name) for name in names for kind in kinds], s)
        for name in names:
            weak = max(chances["weakened", name], chances["paralysed", name])
            found.append(MuscleBelief(name, side, weak, chances["irritable", name]))
    return tuple(found)
