"""The kernel in NumPy: the reference that the C kernel must equal, and its stand-in where there is none.

Scaled linear float64 throughout: every factor is ``A p + h q`` with all terms positive, every
message is divided by its sum and the log of the sum is kept. Lanes are the last axis of every array.
"""

from __future__ import annotations

import numpy as np

from myotome.inference.network import Floats, Ints
from myotome.inference.tree import Tree


def evidence(tree: Tree, active: Ints, on: Floats, off: Floats, weights: Floats) -> Floats:
    """Log of the total weight of all states, shape (lanes,).

    ``active`` lists the examined nodes; ``on`` and ``off``, shape (active, lanes), are P(evidence |
    on) and P(evidence | no cause in the network turns it on); ``weights``, shape (states, lanes),
    multiplies each state (prior and mask).
    """
    tables, _, _, log_scale, _ = _sweep_up(tree, active, on, off, weights)
    start = tree.state_offset[tree.buckets[-1].variable]
    total: Floats = (tables[-1] * weights[start : start + tree.buckets[-1].card]).sum(axis=0)
    return log_scale + np.log(total)


def both(
    tree: Tree, active: Ints, on: Floats, off: Floats, weights: Floats, wanted: Ints
) -> tuple[Floats, Floats, Floats]:
    """Forward and backward.

    Returns ``log_z`` (lanes,); ``cavity`` (states, lanes), which times ``weights`` gives the
    marginals and is defined also where a weight is zero; and ``silent`` (wanted, lanes), the
    expectation of q / factor: P(node off and nothing else | evidence) per unit of ``off``.
    """
    tables, messages, scales, log_scale, factors = _sweep_up(tree, active, on, off, weights)
    lanes = weights.shape[1]
    cavity = np.zeros((tree.states, lanes))
    beliefs: list[Floats] = [np.zeros(0)] * len(tree.buckets)
    incoming = [np.zeros_like(m) for m in messages]
    log_z = np.zeros(lanes)
    for place in range(len(tree.buckets) - 1, -1, -1):
        bucket = tree.buckets[place]
        start = tree.state_offset[bucket.variable]
        own = weights[start : start + bucket.card]
        table = tables[place].reshape(bucket.card, -1, lanes)
        if place == len(tree.buckets) - 1:
            total = (own[:, None] * table).sum(axis=(0, 1))
            log_z = log_scale + np.log(total)
            outer = np.broadcast_to(1.0 / total, (1, lanes))
        else:
            sent = messages[place] * scales[place]
            outer = np.divide(incoming[place], sent, out=np.zeros_like(sent), where=sent > 0)
        free = table * outer[None]
        cavity[start : start + bucket.card] = free.sum(axis=1)
        belief = (free * own[:, None]).reshape(-1, lanes)
        for child, index in zip(bucket.children, bucket.to_children, strict=True):
            np.add.at(incoming[child], index, belief)
        beliefs[place] = belief
    return log_z, cavity, _node_sums(tree, wanted, factors, beliefs, lanes)


def _sweep_up(
    tree: Tree, active: Ints, on: Floats, off: Floats, weights: Floats
) -> tuple[list[Floats], list[Floats], list[Floats], Floats, dict[int, Floats]]:
    lanes = weights.shape[1]
    factors: dict[int, Floats] = {}
    group_tables: dict[int, Floats] = {}
    for row, node in enumerate(active):
        span = slice(tree.node_offset[node], tree.node_offset[node + 1])
        factor = tree.p[span, None] * on[row] + tree.q[span, None] * off[row]
        factors[int(node)] = factor
        group = int(tree.node_group[node])
        known = group_tables.get(group)
        group_tables[group] = factor if known is None else known * factor
    for number, group in enumerate(tree.groups):
        if group.host >= 0 and number in group_tables:
            spread = group_tables[number][group.to_host]
            known = group_tables.get(group.host)
            group_tables[group.host] = spread if known is None else known * spread
    tables: list[Floats] = []
    messages: list[Floats] = []
    scales: list[Floats] = []
    log_scale = np.zeros(lanes)
    for place, bucket in enumerate(tree.buckets):
        table = np.repeat(bucket.constant[:, None], lanes, axis=1)
        for number in bucket.groups:
            if number in group_tables:
                table *= group_tables[number][tree.groups[number].to_host]
        for child, index in zip(bucket.children, bucket.to_children, strict=True):
            table *= messages[child][index]
        tables.append(table)
        if place < len(tree.buckets) - 1:
            start = tree.state_offset[bucket.variable]
            own = weights[start : start + bucket.card]
            message = (table.reshape(bucket.card, -1, lanes) * own[:, None]).sum(axis=0)
            total = message.sum(axis=0)
            messages.append(message / total)
            scales.append(total)
            log_scale += np.log(total)
    return tables, messages, scales, log_scale, factors


def _node_sums(
    tree: Tree, wanted: Ints, factors: dict[int, Floats], beliefs: list[Floats], lanes: int
) -> Floats:
    silent = np.zeros((len(wanted), lanes))
    group_beliefs: dict[int, Floats] = {}

    def belief_of(number: int) -> Floats:
        if number not in group_beliefs:
            group = tree.groups[number]
            source = belief_of(group.host) if group.host >= 0 else beliefs[group.bucket]
            belief = np.zeros((group.size, lanes))
            np.add.at(belief, group.to_host, source)
            group_beliefs[number] = belief
        return group_beliefs[number]

    for row, node in enumerate(wanted):
        belief = belief_of(int(tree.node_group[node]))
        q = tree.q[tree.node_offset[node] : tree.node_offset[node + 1]]
        factor = factors.get(int(node))
        silent[row] = q @ belief if factor is None else q @ (belief / factor)
    return silent
