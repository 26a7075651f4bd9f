"""A plan as plain values: points in the order of the visit, what was left out, what stands before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from myotome.care.plan.candidates import Candidate
from myotome.care.plan.limits import Bounds
from myotome.care.points.needle import Needle
from myotome.care.review.notice import NOT_REVIEWED, SUPPORTS, sentence
from myotome.care.safety.gate import Gate
from myotome.care.safety.ruling import Applied
from myotome.care.safety.standing import Standing

READY, NOTHING, REFUSED, BLOCKED = "ready", "nothing to needle", "refused", "blocked"
NOTICE = sentence(NOT_REVIEWED, SUPPORTS)


@dataclass(frozen=True, slots=True)
class PlannedPoint:
    """One point of a plan: its number in the visit, how the person lies, and the needle."""

    number: int
    candidate: Candidate
    position: str
    needle: Needle

    def as_dict(self) -> dict[str, Any]:
        """The JSON shape of a planned point."""
        point, one, needle = self.candidate.point, self.candidate, self.needle
        return {
            "number": self.number,
            "point": point.name,
            "kind": point.kind,
            "muscle": point.muscle,
            "level": point.level,
            "side": one.side,
            "position": self.position,
            "find": point.find,
            "needle": {
                "gauge_mm": needle.gauge_mm,
                "length_mm": needle.length_mm,
                "ceiling_mm": needle.ceiling_mm,
                "words": needle.words,
                "source": needle.source,
            },
            "direction": point.direction,
            "technique": point.technique,
            "at_risk": [{"structure": h.structure.name, "keep": h.keep} for h in point.hazards],
            "reason": one.reason,
            "evidence": one.evidence,
            "priority": one.priority,
            "risk": one.risk,
            "expect": point.expect,
            "rules": [applied_as_dict(rule) for rule in one.rules],
            "grade": point.provenance.grade,
            "reviewed_by": point.reviewed_by,
        }


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A candidate that was not chosen, and why."""

    candidate: Candidate
    why: str

    def as_dict(self) -> dict[str, Any]:
        """The JSON shape of a candidate left out."""
        one = self.candidate
        return {"point": one.point.name, "side": one.side, "priority": one.priority, "why": self.why}


@dataclass(frozen=True, slots=True)
class TenderCount:
    """How many of the 16 test points were tender, with the historical group; a label, not a measure of health."""

    tender: int
    group: str
    words: str
    label: str = "historical practitioner's label; not validated, no diagnosis, no forecast"


@dataclass(frozen=True, slots=True)
class Plan:
    """What may be needled at this visit. ``status`` is ready, nothing to needle, refused or blocked."""

    status: str
    gate: Gate
    standing: Standing
    person_rules: tuple[Applied, ...]
    bounds: Bounds
    points: tuple[PlannedPoint, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    minutes: float = 0.0
    tender_count: TenderCount | None = None
    not_needled: tuple[tuple[str, str], ...] = field(default=())

    @property
    def stations(self) -> tuple[tuple[str, tuple[PlannedPoint, ...]], ...]:
        """How the person lies, one after another, and what is needled then."""
        return tuple((lies, tuple(there)) for lies, there in groupby(self.points, key=lambda point: point.position))

    @property
    def positions(self) -> tuple[str, ...]:
        """The positions in the order of the visit."""
        return tuple(lies for lies, _ in self.stations)

    def lying(self, order: Sequence[str]) -> Plan:
        """The same points with the positions in this order, those not named after them; the turns stay as many."""
        turns = [*order, *self.positions]
        moved = sorted(self.points, key=lambda point: turns.index(point.position))
        return replace(self, points=tuple(replace(one, number=n) for n, one in enumerate(moved, start=1)))

    @property
    def left_out_by_reason(self) -> tuple[tuple[str, str], ...]:
        """The points left out, those of one reason together, strongest first."""
        found: dict[str, list[str]] = {}
        for out in self.left_out:
            found.setdefault(out.why, []).append(out.candidate.id)
        return tuple(("; ".join(names), why) for why, names in found.items())

    def as_dict(self, banner: str = NOT_REVIEWED) -> dict[str, Any]:
        """The JSON shape of a plan, under the notice that a clinic's standing asks for."""
        person = self.standing
        return {
            "valid": True,
            "status": self.status,
            "questions": [{"code": q.code, "ask": q.words} for q in self.gate.questions],
            "referral": self.gate.referral.as_dict(),
            "clearances": {"lifted": list(self.gate.lifted), "lapsed": list(self.gate.lapsed)},
            "points": [point.as_dict() for point in self.points],
            "left_out": [one.as_dict() for one in self.left_out],
            "not_needled": [{"muscle": muscle, "why": why} for muscle, why in self.not_needled],
            "person": {
                "facts": [{"fact": f.code, "side": f.side, "because": f.because} for f in person.facts],
                "unrecognised": [{"list": kind, "text": text} for kind, text in person.unrecognised],
                "read_as": [{"text": text, "read_as": name} for text, name in person.guessed],
                "build": person.build,
            },
            "rules": [applied_as_dict(rule) for rule in self.person_rules],
            "limits": {
                "needles": self.bounds.needles,
                "why": self.bounds.why,
                "minutes": self.bounds.minutes,
                "positions": list(self.bounds.positions),
            },
            "positions": list(self.positions),
            "minutes": self.minutes,
            "tender_count": None
            if self.tender_count is None
            else {
                "tender": self.tender_count.tender,
                "of": 16,
                "group": self.tender_count.group,
                "said": self.tender_count.words,
                "label": self.tender_count.label,
            },
            "notice": sentence(banner, SUPPORTS),
        }


def applied_as_dict(rule: Applied) -> dict[str, Any]:
    """The JSON shape of a rule as it applies."""
    return {
        "rule": rule.code,
        "action": rule.action,
        "because": list(rule.because),
        "practitioner": rule.practitioner,
        "patient": rule.patient,
        "reviewed_by": rule.reviewed_by,
    }
