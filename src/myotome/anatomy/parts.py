"""The parts of a body that an examination can name. Immutable; every row keeps its source."""

from __future__ import annotations

from dataclasses import dataclass

from myotome.facts.provenance import Provenance

ROLES = ("main", "secondary", "minor", "absent")
BASES = ("surgery", "EMG", "stimulation", "cadaver", "textbook", "tradition")


@dataclass(frozen=True, slots=True)
class Part:
    """Anything with a name, other names and a source."""

    name: str
    synonyms: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Segment(Part):
    """A spinal cord level, C1 to S4, and where its paraspinal muscle is felt."""

    posterior: str
    landmark: str
    disc: str


@dataclass(frozen=True, slots=True)
class Supply:
    """One source's word that a segment or nerve supplies a part."""

    part: str
    supply: str
    role: str
    basis: str
    abnormal: int | None
    tested: int | None
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Muscle(Part):
    """One named muscle, or a part of one that is needled on its own."""

    region: str
    supply: tuple[str, ...]
    action: str
    movement: str
    origin: str
    insertion: str
    depth: str
    serial: bool
    innervation: tuple[Supply, ...]
    identifier: str

    @property
    def is_deep_back(self) -> bool:
        """Supplied by posterior rami only."""
        return set(self.supply) <= {"posterior ramus", "suboccipital nerve"}


@dataclass(frozen=True, slots=True)
class Group(Part):
    """Muscles that one test of strength examines together."""

    movement: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stretch(Part):
    """A stretch of nerve between two branchings, and whether it is a known site of entrapment."""

    origins: tuple[str, ...]
    carries: str
    entrapment: bool
    site: str
    signs: str


@dataclass(frozen=True, slots=True)
class PlexusLesion(Part):
    """A lesion of a plexus: the stretches it hits and how often it hits each."""

    hits: tuple[tuple[str, float], ...]
    spared: str


@dataclass(frozen=True, slots=True)
class Patch(Part):
    """An area of skin under its everyday name."""

    area: str
    supplies: tuple[Supply, ...]


@dataclass(frozen=True, slots=True)
class Reflex(Part):
    """A reflex with its arc; a pathological one has no arc and speaks of the cord or brain."""

    nerve: str
    pathological: bool
    midline: bool
    supplies: tuple[Supply, ...]


@dataclass(frozen=True, slots=True)
class Area(Part):
    """A place where pain is felt, and what may be felt there."""

    region: str
    part_of: str
    segments: tuple[str, ...]
    nerves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Movement(Part):
    """A movement whose range is measured."""

    area: str
    normal_degrees: float
    limited_below: float
    segments: tuple[str, ...]
    local: tuple[str, ...]
    midline: bool


@dataclass(frozen=True, slots=True)
class Place(Part):
    """A tender place that is not a muscle."""

    area: str
    per_segment: bool
    segments: tuple[str, ...]
    nerves: tuple[str, ...]
    local: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LocalCause(Part):
    """An ordinary regional cause: what it makes tender, what hurts when resisted, where it is felt."""

    muscles: tuple[str, ...]
    strength: tuple[str, ...]
    areas: tuple[str, ...]
    movements: tuple[str, ...]
    plain: str
