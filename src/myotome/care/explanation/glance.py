"""The quick part of an explanation, while findings still come in: levels, verdict, referral; no reasons yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from myotome.care.examination.case import Case
from myotome.care.explanation.explain import WORTH_SHOWING, Reasoners, SegmentBelief
from myotome.care.explanation.likelihoods import SIDES
from myotome.care.explanation.numbers import cautions
from myotome.care.explanation.reasoner import Reading
from myotome.care.explanation.shape import level_as_dict, verdict_as_dict
from myotome.care.explanation.verdict import Verdict
from myotome.care.screening.referral import Referral, refer


@dataclass(frozen=True, slots=True)
class Glance:
    """What can be said at once of a case: the same verdict, referral and chances as the whole explanation."""

    referral: Referral
    verdict: Verdict
    levels: tuple[SegmentBelief, ...]
    engine: str

    def as_dict(self) -> dict[str, Any]:
        """The JSON shape of a glance."""
        return {
            "levels": [level_as_dict(one) for one in self.levels],
            "verdict": verdict_as_dict(self.verdict),
            "referral": self.referral.as_dict(),
            "cautions": list(cautions()),
            "engine": self.engine,
        }


def glance(case: Case, reasoners: Reasoners, profile: str = "emg") -> Glance:
    """Levels, verdict and referral of a case under a profile.

    Raises:
        UnknownNameError: no profile of that name.
    """
    reasoner = reasoners(profile)
    reading = reasoner.read(case)
    return Glance(refer(case), reading.verdict, _levels(reading), reasoner.engine.kernel)


def _levels(reading: Reading) -> tuple[SegmentBelief, ...]:
    """The levels worth showing, likeliest first; without their reasons."""
    model, found = reading.model, []
    for s, side in enumerate(SIDES):
        states = reading.posterior.states(s)
        for segment in model.segments:
            irritated = float(states[model.row(segment, 1)])
            deficient = float(states[model.row(segment, model.deficient)])
            if irritated + deficient >= WORTH_SHOWING:
                found.append(SegmentBelief(segment, side, irritated, deficient, (), ()))
    return tuple(sorted(found, key=lambda one: -(one.irritated + one.deficient)))
