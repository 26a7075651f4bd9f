"""The states, by name: where each lies in the arrays, and which of them decay on their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from myotome.mechanism.network import Floats, Ints, Network

# Of a muscle, 0 healthy. The first five follow the equations; the others are set by events and decay on their own.
FLOW, RECEPTORS, SHORTENING, ISCHAEMIA, NOCICEPTORS, POTENTIAL, TENDON, HYPERAEMIA, TRAUMA, SORENESS = range(10)
MUSCLE_STATES = (
    "flow deficit",
    "supersensitivity",
    "shortening",
    "ischaemia",
    "nociceptor sensitisation",
    "injury potential",
    "tendon-organ inhibition",
    "hyperaemia",
    "micro-trauma",
    "soreness",
)
# Of a level.
ROOT, CENTRAL = range(2)
LEVEL_STATES = ("root irritation", "central sensitisation")


@dataclass(frozen=True)
class State:
    """Everything at one moment: ``muscles`` (10, muscles, people) and ``levels`` (2, levels, people)."""

    muscles: Floats
    levels: Floats

    @classmethod
    def rest(cls, network: Network, people: int) -> State:
        """A healthy body."""
        return cls(np.zeros((10, network.muscles, people)), np.zeros((2, network.levels, people)))

    def of(self, which: int) -> Floats:
        """One state of every muscle, (muscles, people)."""
        found: Floats = self.muscles[which]
        return found

    @property
    def central(self) -> Floats:
        """Central sensitisation of every level, (levels, people)."""
        found: Floats = self.levels[CENTRAL]
        return found

    def part(self, muscles: Ints, levels: Ints) -> State:
        """Some muscles and levels by number."""
        return State(self.muscles[:, muscles], self.levels[:, levels])

    def copy(self) -> State:
        """The same, apart."""
        return State(self.muscles.copy(), self.levels.copy())
