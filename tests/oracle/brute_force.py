"""The same questions answered by adding up every state of the world: slow, simple, right."""

from __future__ import annotations

import itertools

import numpy as np

from myotome.inference.network import Network


def enumerate_all(network: Network, active, on, off, weights):
    """Every joint state for one lane: (log Z, cavity (states,), silent (nodes,))."""
    cards = [len(v.states) for v in network.variables]
    index = {v.name: i for i, v in enumerate(network.variables)}
    starts = np.cumsum([0, *cards])
    row_of = {int(n): r for r, n in enumerate(active)}
    z = 0.0
    cavity = np.zeros(starts[-1])
    silent = np.zeros(len(network.nodes))
    for state in itertools.product(*(range(c) for c in cards)):
        own = np.array([weights[starts[v] + x] for v, x in enumerate(state)])
        constant = 1.0
        for c in network.couplings:
            constant *= c.table[state[index[c.first]]][state[index[c.second]]]
        q = np.array(
            [(1 - n.leak) * np.prod([k.inhibition[state[index[k.variable]]] for k in n.links]) for n in network.nodes]
        )
        f = np.array(
            [(1 - q[n]) * on[row_of[n]] + q[n] * off[row_of[n]] if n in row_of else 1.0 for n in range(len(q))]
        )
        like = constant * f.prod()
        total = like * own.prod()
        z += total
        silent += total * np.divide(q, f, out=np.zeros_like(q), where=f > 0)
        for v, x in enumerate(state):
            cavity[starts[v] + x] += like * np.delete(own, v).prod()
    if z == 0.0:
        return -np.inf, cavity, silent
    return np.log(z), cavity / z, silent / z
