"""What a hidden fact is, and how a lesion's share of a part's supply is reckoned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from myotome.anatomy.routes import share
from myotome.anatomy.tables import Anatomy
from myotome.care.explanation.numbers import number, numbers


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


def scaled(weights: Mapping[str, float], by: float) -> dict[str, float]:
    """Every weight times ``by``."""
    return {name: by * weight for name, weight in weights.items()}


def cut_share(body: Anatomy, supply: Iterable[str], weights: Mapping[str, float]) -> dict[str, float]:
    """Share of the supply cut by each lesion site that can cut it."""
    branches = tuple(supply)
    known = [s for s in branches if s in body.stretches]
    if not known:
        return {}
    cuts = {site.name: share(site.name, branches, weights) for site in body.entrapments}
    return {name: cut for name, cut in cuts.items() if cut > 0.0}


def plexus_share(body: Anatomy, supply: Iterable[str], weights: Mapping[str, float]) -> dict[str, float]:
    """How much of the supply each plexus lesion takes, with how often it takes each stretch."""
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


def distal_reach(region: str) -> float:
    """Reach of a length-dependent polyneuropathy here, relative to the foot; 0 where no row says."""
    return number(f"distal.{region}") if f"distal.{region}" in numbers() else 0.0
