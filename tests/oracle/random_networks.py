"""Small random networks and evidence for the laws."""

from __future__ import annotations

import numpy as np

from myotome.inference.network import Coupling, Link, Network, Node, Variable


def random_network(rng: np.random.Generator, variables: int = 6, nodes: int = 8) -> Network:
    cards = rng.integers(2, 4, size=variables)
    names = [f"v{i}" for i in range(variables)]
    made = []
    for n in range(nodes):
        k = int(rng.integers(0, min(4, variables) + 1))
        parents = rng.choice(variables, size=k, replace=False)
        links = tuple(Link(names[v], (1.0, *rng.uniform(0.05, 1.0, cards[v] - 1))) for v in sorted(parents))
        made.append(Node(f"n{n}", float(rng.uniform(0.001, 0.3)), links))
    couplings = tuple(
        Coupling(names[i], names[i + 1], tuple(map(tuple, rng.uniform(0.3, 3.0, (cards[i], cards[i + 1])))))
        for i in range(variables // 2)
    )
    states = tuple(
        Variable(name, tuple("abc"[: int(card)])) for name, card in zip(names, cards, strict=True)
    )
    return Network(states, tuple(made), couplings)


def random_evidence(rng: np.random.Generator, network: Network, lanes: int, masked: bool = False):
    count = len(network.nodes)
    active = np.flatnonzero(rng.random(count) < 0.7).astype(np.int32)
    on = rng.uniform(0.01, 1.0, (len(active), lanes))
    off = rng.uniform(0.01, 1.0, (len(active), lanes))
    weights = rng.uniform(0.05, 1.0, (sum(len(v.states) for v in network.variables), lanes))
    if masked:
        start = 0
        for v in network.variables:
            card = len(v.states)
            weights[start + 1 : start + card] *= rng.random((card - 1, lanes)) < 0.5
            start += card
    return active, on, off, weights
