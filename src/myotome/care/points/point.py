"""A point to needle as plain values: where it is, what lies beneath it, how it is reached."""

from __future__ import annotations

from dataclasses import dataclass

from myotome.facts.provenance import Provenance

KINDS = ("homeostatic", "paraspinal", "symptomatic")
GRIPS = ("flat", "pincer", "bone")
BUILDS = ("lean", "average", "large")
MEASURES = ("ceiling", "to structure", "to muscle", "needle length", "needle gauge")


@dataclass(frozen=True, slots=True)
class Structure:
    """What a needle could harm: its kind, what the harm is, and both in a patient's words."""

    name: str
    kind: str
    harm: str
    plain: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Hazard:
    """One structure that a needle at this point could reach, and how to keep clear of it."""

    structure: Structure
    keep: str
    reviewed_by: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Depth:
    """One measured or published number of millimetres; ``build`` is any, lean, average or large."""

    what: str
    build: str
    mm: float
    words: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the atlas in body coordinates, on the right side (see ``atlas/spot.py``)."""

    plate: str
    frame: str
    along: float
    across: float
    seen_from: str


@dataclass(frozen=True, slots=True)
class Point:
    """A place to needle. ``level`` is empty unless paraspinal; ``muscle`` is empty where skin alone is needled.

    ``levels`` are those of the nerve of a homeostatic point; empty elsewhere.
    """

    name: str
    kind: str
    muscle: str
    level: str
    nerve: str
    levels: tuple[str, ...]
    region: str
    limb: str
    find: str
    positions: tuple[str, ...]
    grip: str
    direction: str
    technique: str
    compressible: bool
    specialist: bool
    expect: str
    midline: bool
    spot: Spot
    hazards: tuple[Hazard, ...]
    depths: tuple[Depth, ...]
    reviewed_by: str
    provenance: Provenance

    @property
    def structures(self) -> frozenset[str]:
        """The names of the structures at risk."""
        return frozenset(hazard.structure.name for hazard in self.hazards)

    @property
    def kinds_at_risk(self) -> frozenset[str]:
        """The kinds of the structures at risk: lung, cord, vessel, nerve ..."""
        return frozenset(hazard.structure.kind for hazard in self.hazards)

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides it exists on; a point on the midline has one, ``both``."""
        return ("both",) if self.midline else ("left", "right")

    def reads(self, what: str, build: str) -> tuple[Depth, ...]:
        """The numbers of this kind that somebody opened, for this build or for any, smallest first."""
        fits = (d for d in self.depths if d.what == what and d.build in (build, "any") and d.provenance.grade == "read")
        return tuple(sorted(fits, key=lambda d: (d.mm, d.build)))


@dataclass(frozen=True, slots=True)
class NotNeedled:
    """A muscle that no point is offered for, why, and what to do instead."""

    muscle: str
    why: str
    instead: str
    reviewed_by: str
    provenance: Provenance
