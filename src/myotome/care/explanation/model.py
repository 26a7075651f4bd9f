"""The compiled model of one side of a body under one profile."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from myotome.anatomy.innervation import profile as profile_named
from myotome.anatomy.tables import anatomy
from myotome.care.explanation.facts import Fact, all_facts
from myotome.care.explanation.numbers import number
from myotome.inference.network import Coupling, Floats, Link, Network, Node, Variable
from myotome.inference.tree import Tree, compile_network

STATES = ("quiet", "irritated", "deficient")
WHOLE_PERSON = ("none", "generalised", "polyneuropathy", "polyneuropathy and generalised")
MOST_ENTRIES = 1500  # a fact's table; its weakest causes are left out beyond that
MOST_SEGMENTS = 6  # a fact with more (a serial muscle named without its level) says nothing of levels


@dataclass(frozen=True, slots=True)
class Model:
    """One side: a compiled network and, for the causes run as lanes, how each leaves a fact off.

    ``whole`` (facts, 4) and ``plexus`` (facts, 1 + lesions) are P(that state leaves the fact off);
    ``private`` (facts,) the same for the muscle's own local cause.
    """

    profile: str
    tree: Tree
    facts: tuple[Fact, ...]
    segments: tuple[str, ...]
    nerves: tuple[str, ...]
    local: tuple[str, ...]
    lesions: tuple[str, ...]
    whole: Floats
    plexus: Floats
    private: Floats

    def fact(self, kind: str, site: str) -> int | None:
        """Number of a fact, or None where the model has none."""
        return self.tree.node_index.get(f"{kind}: {site}")

    def state(self, variable: str, state: int) -> int:
        """Row of a state in the arrays over states."""
        return int(self.tree.state_offset[self.tree.variable_index[variable]]) + state


def build_model(profile: str, binary: bool = False) -> Model:
    """Build and compile the model of one side.

    ``binary`` merges irritated into quiet (for comparison with peers).

    Raises:
        UnknownNameError: no profile of that name.
        NetworkError: the tables would be too large.
    """
    body = anatomy()
    segments, local = tuple(body.segments), tuple(body.local)
    nerves = tuple(s.name for s in body.entrapments)
    facts = tuple(_bounded(f, 2 if binary else 3) for f in all_facts(profile_named(profile)))
    states = STATES[::2] if binary else STATES
    variables = (
        *(Variable(s, states) for s in segments),
        *(Variable(f"nerve {n}", ("intact", "lesioned")) for n in nerves),
        *(Variable(f"local {c}", ("absent", "present")) for c in local),
    )
    nodes = tuple(Node(f.name, f.leak, tuple(_links(f, binary))) for f in facts)
    network = Network(variables, nodes, tuple(_neighbours(segments, states)))
    lesions = tuple(body.plexus)
    return Model(
        profile=profile,
        tree=compile_network(network),
        facts=facts,
        segments=segments,
        nerves=nerves,
        local=local,
        lesions=lesions,
        whole=1.0
        - np.array(
            [
                (0.0, f.generalised, f.polyneuropathy, 1 - (1 - f.generalised) * (1 - f.polyneuropathy))
                for f in facts
            ]
        ),
        plexus=1.0 - np.array([(0.0, *(f.plexus.get(lesion, 0.0) for lesion in lesions)) for f in facts]),
        private=1.0 - np.array([f.private for f in facts]),
    )


def _bounded(fact: Fact, cards: int) -> Fact:
    """Leave out the weakest causes until the table is small enough."""
    touched = [s for s in fact.deficient if fact.deficient[s] > 0 or fact.irritated.get(s, 0.0) > 0]
    if len(touched) > MOST_SEGMENTS:
        fact = replace(fact, deficient={}, irritated={})
        touched = []
    strength = {("segment", s): max(fact.deficient[s], fact.irritated.get(s, 0.0)) for s in touched}
    strength |= {("nerve", n): v for n, v in fact.nerves.items()}
    strength |= {("local", c): v for c, v in fact.local.items()}
    kept = sorted(strength, key=lambda k: (-strength[k], k))
    while math.prod(cards if kind == "segment" else 2 for kind, _ in kept) > MOST_ENTRIES:
        kept.pop()
    chosen = set(kept)

    def keep(kind: str, table: Mapping[str, float]) -> dict[str, float]:
        return {name: value for name, value in table.items() if (kind, name) in chosen}

    return replace(
        fact,
        deficient=keep("segment", fact.deficient),
        irritated=keep("segment", fact.irritated),
        nerves=keep("nerve", fact.nerves),
        local=keep("local", fact.local),
    )


def _links(fact: Fact, binary: bool) -> list[Link]:
    links = []
    for segment, deficient in fact.deficient.items():
        irritated = fact.irritated.get(segment, 0.0)
        inhibition = (1.0, 1.0 - deficient) if binary else (1.0, 1.0 - irritated, 1.0 - deficient)
        links.append(Link(segment, inhibition))
    links += [Link(f"nerve {name}", (1.0, 1.0 - value)) for name, value in fact.nerves.items()]
    links += [Link(f"local {name}", (1.0, 1.0 - value)) for name, value in fact.local.items()]
    return links


def _neighbours(segments: tuple[str, ...], states: tuple[str, ...]) -> list[Coupling]:
    together = {
        frozenset({a, b}): number(f"neighbours.{a}.{b}")
        for a, b in (("irritated", "irritated"), ("irritated", "deficient"), ("deficient", "deficient"))
    }
    table = tuple(tuple(together.get(frozenset({a, b}), 1.0) for b in states) for a in states)
    return [Coupling(a, b, table) for a, b in itertools.pairwise(segments)]
