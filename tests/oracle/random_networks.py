"""Small random networks and evidence for the laws."""

from __future__ import annotations

import numpy as np

from myotome.inference.engine import Lanes
from myotome.inference.network import Coupling, Link, Network, Node, Variable


def random_network(
    rng: np.random.Generator, variables: int = 6, nodes: int = 8, islands: bool = False, certain: bool = False
) -> Network:
    """``islands`` leaves variables without any neighbour; ``certain`` puts zeros into the tables."""
    cards = rng.integers(2, 4, size=variables)
    names = [f"v{i}" for i in range(variables)]
    made = []
    for n in range(nodes):
        k = int(rng.integers(0, min(2 if islands else 4, variables) + 1))
        parents = rng.choice(variables, size=k, replace=False)
        links = tuple(Link(names[v], (1.0, *_inhibition(rng, cards[v] - 1, certain))) for v in sorted(parents))
        leak = 0.0 if certain and rng.random() < 0.5 else float(rng.uniform(0.001, 0.3))
        made.append(Node(f"n{n}", leak, links))
    couplings = tuple(
        Coupling(names[i], names[i + 1], tuple(map(tuple, rng.uniform(0.3, 3.0, (cards[i], cards[i + 1])))))
        for i in range(0 if islands else variables // 2)
    )
    states = tuple(Variable(name, tuple("abc"[: int(card)])) for name, card in zip(names, cards, strict=True))
    return Network(states, tuple(made), couplings)


def _inhibition(rng: np.random.Generator, count: int, certain: bool):
    values = rng.uniform(0.05, 1.0, count)
    return values * (rng.random(count) < 0.7) if certain else values


def random_lanes(
    rng: np.random.Generator,
    network: Network,
    lanes: int,
    *,
    examined: float = 0.7,
    weights: str = "own",
    certain: bool = False,
) -> Lanes:
    """``weights``: ``own`` for every lane, ``masked`` so that states are forbidden lane by lane, or
    ``shared`` by all lanes. ``certain`` lets findings be certain to go with their fact."""
    count = len(network.nodes)
    active = np.flatnonzero(rng.random(count) < examined).astype(np.int32)
    on = rng.uniform(0.01, 1.0, (len(active), lanes))
    off = rng.uniform(0.01, 1.0, (len(active), lanes))
    if certain:
        off *= rng.random(off.shape) < 0.7
    states = sum(len(v.states) for v in network.variables)
    own = rng.uniform(0.05, 1.0, (states, 1 if weights == "shared" else lanes))
    if weights == "masked":
        start = 0
        for v in network.variables:
            card = len(v.states)
            own[start + 1 : start + card] *= rng.random((card - 1, lanes)) < 0.5
            start += card
    return Lanes(active, on, off, own)
