"""The compiled model of one side of a body under one profile."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from myotome.anatomy.innervation import profile as profile_named
from myotome.anatomy.tables import anatomy
from myotome.care.explanation.fact import Fact
from myotome.care.explanation.facts import all_facts
from myotome.care.explanation.numbers import HERE, number
from myotome.errors import FactError
from myotome.facts.kept import kept
from myotome.facts.tables import rows
from myotome.inference.network import Coupling, Floats, Ints, Link, Network, Node, Variable
from myotome.inference.tree import Tree, compile_network

STATES = ("quiet", "irritated", "deficient")
WHOLE_PERSON = ("none", "generalised", "polyneuropathy", "polyneuropathy and generalised")
WINDOW = 4  # a fact keeps the strongest run of this many neighbouring segments, so the tree stays narrow
SERIAL_SEGMENTS = 8  # a fact with as many (a serial muscle named without its level) says nothing of levels
WEAKEST = 0.03  # a cause that brings a fact about less often than this is left to the leak
MOST_ENTRIES = 2000


@dataclass(frozen=True, slots=True)
class Lesion:
    """One state of the peripheral lanes: no lesion, one nerve, one plexus, or a listed pair of nerves."""

    kind: str
    names: tuple[str, ...]
    together: float = 1.0


@dataclass(frozen=True, slots=True)
class Cause:
    """A local cause: the variable that holds it and the state that means it."""

    variable: str
    state: int


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """One side: a compiled network of segments and local causes, and the causes run as lanes.

    ``whole`` (facts, 4) and ``peripheral`` (facts, lesions) are P(that state leaves the fact off);
    ``private`` (facts,) the same for the muscle's own local cause. Lesion 0 is none.
    """

    profile: str
    tree: Tree
    facts: tuple[Fact, ...]
    segments: tuple[str, ...]
    local: Mapping[str, Cause]
    lesions: tuple[Lesion, ...]
    whole: Floats
    peripheral: Floats
    private: Floats

    def fact(self, kind: str, site: str) -> int | None:
        """Number of a fact, or None where the model has none."""
        return self.tree.node_index.get(f"{kind}: {site}")

    def row(self, variable: str, state: int) -> int:
        """Row of a state in the arrays over states."""
        return int(self.tree.state_offset[self.tree.variable_index[variable]]) + state

    @property
    def deficient(self) -> int:
        """The state of a segment that means deficient: the last one."""
        return self.tree.cards[self.tree.variable_index[self.segments[0]]] - 1


def build_model(profile: str, binary: bool = False) -> Model:
    """Build and compile the model of one side.

    ``binary`` leaves out the irritated state (for comparison with peers).

    Raises:
        UnknownNameError: no profile of that name.
        NetworkError: the tables would be too large.
    """
    body = anatomy()
    segments, states = tuple(body.segments), STATES[::2] if binary else STATES
    local, local_variables = _local_variables(tuple(body.local))
    variables = (*(Variable(s, states) for s in segments), *local_variables)
    cards = {v.name: len(v.states) for v in variables}
    facts = tuple(_bounded(f, segments, cards, local) for f in all_facts(profile_named(profile)))
    nodes = tuple(Node(f.name, f.leak, tuple(_links(f, cards, local))) for f in facts)
    network = Network(variables, nodes, tuple(_neighbours(segments, states)))
    lesions = peripheral_lesions()
    whole = [(0.0, f.generalised, f.polyneuropathy, 1 - (1 - f.generalised) * (1 - f.polyneuropathy)) for f in facts]
    return Model(
        profile=profile,
        tree=compile_network(network),
        facts=facts,
        segments=segments,
        local=local,
        lesions=lesions,
        whole=1.0 - np.array(whole),
        peripheral=np.array([[_spared(f, lesion) for lesion in lesions] for f in facts]),
        private=1.0 - np.array([f.private for f in facts]),
    )


def _local_variables(causes: tuple[str, ...]) -> tuple[dict[str, Cause], list[Variable]]:
    """One variable a family, in the order of its causes; a cause outside any family has its own."""
    family = {c: row["name"] for _, row, _ in rows(HERE, "families", "family") for c in row["causes"]}
    unknown = [c for c in family if c not in causes]
    if unknown:
        raise FactError(f"families.toml names '{unknown[0]}', which is no local cause. Correct the row.")
    found: dict[str, Cause] = {}
    states: dict[str, tuple[str, ...]] = {}
    for cause in causes:
        variable = f"local {family.get(cause, cause)}"
        known = states.get(variable, ("absent",))
        found[cause] = Cause(variable, len(known))
        states[variable] = (*known, cause)
    return found, [Variable(name, named) for name, named in states.items()]


@kept
def peripheral_lesions() -> tuple[Lesion, ...]:
    """None, every site of entrapment, every plexus lesion, and the listed pairs.

    Raises:
        FactError: a pair names a place that is no site of entrapment.
    """
    body = anatomy()
    sites = [s.name for s in body.entrapments]
    pairs = []
    for where, row, _ in rows(HERE, "pairs", "pair"):
        unknown = [s for s in row["sites"] if s not in sites]
        if unknown:
            raise FactError(f"{where}: '{unknown[0]}' is no site of entrapment. Correct the row.")
        pairs.append(Lesion("pair", tuple(row["sites"]), float(row["together"])))
    return (
        Lesion("none", ()),
        *(Lesion("nerve", (s,)) for s in sites),
        *(Lesion("plexus", (p,)) for p in body.plexus),
        *pairs,
    )


def _spared(fact: Fact, lesion: Lesion) -> float:
    table = fact.plexus if lesion.kind == "plexus" else fact.nerves
    return math.prod(1.0 - table.get(name, 0.0) for name in lesion.names)


def _bounded(fact: Fact, order: tuple[str, ...], cards: Mapping[str, int], local: Mapping[str, Cause]) -> Fact:
    """Keep the strongest run of segments and as many local causes as the table has room for."""
    window = _window(fact, order)
    causes = [c for c in fact.local if fact.local[c] >= WEAKEST]
    causes.sort(key=lambda c: (-fact.local[c], c))
    room = MOST_ENTRIES // math.prod(cards[s] for s in window)
    while math.prod(cards[v] for v in {local[c].variable for c in causes}) > room:
        causes.pop()
    return replace(
        fact,
        deficient={s: fact.deficient[s] for s in window},
        irritated={s: fact.irritated.get(s, 0.0) for s in window},
        local={c: fact.local[c] for c in causes},
    )


def _window(fact: Fact, order: tuple[str, ...]) -> list[str]:
    strength = {s: max(fact.deficient[s], fact.irritated.get(s, 0.0)) for s in fact.deficient}
    touched = [s for s in order if strength.get(s, 0.0) >= WEAKEST]
    if not touched or len(touched) >= SERIAL_SEGMENTS:
        return []
    starts = range(max(1, len(order) - WINDOW + 1))
    best = max(starts, key=lambda n: sum(strength[s] for s in order[n : n + WINDOW] if s in touched))
    return [s for s in order[best : best + WINDOW] if s in touched]


def _links(fact: Fact, cards: Mapping[str, int], local: Mapping[str, Cause]) -> list[Link]:
    links = []
    for segment, deficient in fact.deficient.items():
        middle = [1.0 - fact.irritated.get(segment, 0.0)] * (cards[segment] - 2)
        links.append(Link(segment, (1.0, *middle, 1.0 - deficient)))
    grouped: dict[str, list[float]] = {}
    for name, value in fact.local.items():
        cause = local[name]
        grouped.setdefault(cause.variable, [1.0] * cards[cause.variable])[cause.state] = 1.0 - value
    return links + [Link(variable, tuple(table)) for variable, table in grouped.items()]


def _neighbours(segments: tuple[str, ...], states: tuple[str, ...]) -> list[Coupling]:
    together = {
        frozenset({a, b}): number(f"neighbours.{a}.{b}")
        for a, b in (("irritated", "irritated"), ("irritated", "deficient"), ("deficient", "deficient"))
    }
    table = tuple(tuple(together.get(frozenset({a, b}), 1.0) for b in states) for a in states)
    return [Coupling(a, b, table) for a, b in itertools.pairwise(segments)]


@cache
def segment_rows(model: Model) -> Ints:
    """Rows of every segment's states in the arrays over states, (segments, states)."""
    states = range(model.deficient + 1)
    return np.array([[model.row(segment, state) for state in states] for segment in model.segments], dtype=np.int32)


@cache
def local_rows(model: Model) -> Ints:
    """Rows of every local cause's state in the arrays over states, (causes,)."""
    return np.array([model.row(c.variable, c.state) for c in model.local.values()], dtype=np.int32)
