"""The kernel in NumPy: the reference that the C kernel must equal, and its stand-in where there is none.

Scaled linear float64 throughout: every factor is ``on p + off q`` with all terms positive, every
message is divided by its sum and the log of the sum is kept. Nothing is divided by a message, so a
message may hold zeros. Tables have one axis for each variable and the lane as last axis; what is
the same in every lane has one lane there and is computed once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from myotome.inference.layout import Bucket, Layout
from myotome.inference.network import Floats, Ints
from myotome.inference.tree import Tree

LANES_AT_ONCE = 128
OFTEN = 8  # factors multiplied before a table is rescaled


@dataclass(frozen=True, slots=True)
class Evidence:
    """What every lane is run with: examined nodes, P(evidence | on), P(evidence | off), state weights."""

    active: Ints
    on: Floats
    off: Floats
    weights: Floats

    def block(self, start: int, stop: int) -> Evidence:
        """Some of the lanes; rows that are the same in all of them keep one lane."""
        return Evidence(self.active, *(_narrow(a, start, stop) for a in (self.on, self.off, self.weights)))


def _narrow(array: Floats, start: int, stop: int) -> Floats:
    return array if array.shape[1] == 1 else array[:, start:stop]


@dataclass(slots=True)
class _Upward:
    """What the sweep towards the roots leaves behind, bucket by bucket."""

    own: list[Floats]
    base: list[Floats]  # couplings and evidence, without the messages
    messages: list[Floats]
    scales: list[Floats]  # what each message was divided by
    log_scale: Floats


def evidence(tree: Tree, layout: Layout, given: Evidence, lanes: int) -> Floats:
    """Log of the total weight of all states, shape (lanes,)."""
    log_z = np.empty(lanes)
    for start in range(0, lanes, LANES_AT_ONCE):
        stop = min(start + LANES_AT_ONCE, lanes)
        log_z[start:stop] = _sweep_up(tree, layout, given.block(start, stop)).log_scale
    return log_z


def both(tree: Tree, layout: Layout, given: Evidence, lanes: int, wanted: Ints) -> tuple[Floats, Floats, Floats]:
    """Both sweeps.

    Returns ``log_z`` (lanes,); ``cavity`` (states, lanes), which times the weights gives the
    marginals and is defined also where a weight is zero; and ``silent`` (wanted, lanes), the
    expectation of q / factor: P(node off and nothing else | evidence) per unit of ``off``.
    """
    log_z, cavity = np.empty(lanes), np.empty((tree.states, lanes))
    silent = np.empty((len(wanted), lanes))
    for start in range(0, lanes, LANES_AT_ONCE):
        stop = min(start + LANES_AT_ONCE, lanes)
        block = given.block(start, stop)
        upward = _sweep_up(tree, layout, block)
        log_z[start:stop] = upward.log_scale
        if np.isfinite(upward.log_scale).all():  # else the engine refuses the evidence
            _sweep_down(tree, layout, block, upward, wanted, cavity[:, start:stop], silent[:, start:stop])
    return log_z, cavity, silent


def _sweep_up(tree: Tree, layout: Layout, given: Evidence) -> _Upward:
    groups, log_scale = _group_tables(tree, given)
    up = _Upward([], [], [], [], log_scale)
    for bucket in layout.buckets:
        start = tree.state_offset[bucket.scope[0]]
        own = given.weights[start : start + len(bucket.constant)]
        own = own[:, :1] if (own == own[:, :1]).all() else own
        table = bucket.constant
        for group, fit in zip(bucket.groups, bucket.fits, strict=True):
            if group in groups:
                table = table * fit.spread(groups[group])
        up.base.append(table)
        for child, fit in zip(bucket.children, bucket.child_fits, strict=True):
            table = table * fit.spread(up.messages[child])
        up.own.append(_against(own, bucket))
        message = (up.own[-1] * table).sum(axis=0)
        total = message.reshape(-1, message.shape[-1]).sum(axis=0)
        up.messages.append(np.divide(message, total, out=np.zeros_like(message), where=total > 0))
        with np.errstate(divide="ignore"):
            up.log_scale = up.log_scale + np.log(total)
        up.scales.append(total)
    return up


def _against(own: Floats, bucket: Bucket) -> Floats:
    """Weights of the bucket's own variable made to multiply its table."""
    return own.reshape(len(own), *(1 for _ in bucket.scope[1:]), own.shape[-1])


def _group_tables(tree: Tree, given: Evidence) -> tuple[dict[int, Floats], Floats]:
    """The product of all examined nodes of each scope; scopes without causes go to the log."""
    tables: dict[int, Floats] = {}
    count: dict[int, int] = {}
    log_scale = np.zeros(1)
    for row, node in enumerate(given.active):
        on, off = given.on[row], given.off[row]
        peak = np.maximum(on, off)
        peak = np.where(peak > 0, peak, 1.0)
        log_scale = log_scale + np.log(peak)
        factor = _factor(tree, int(node), on / peak, off / peak)
        group = int(tree.node_group[node])
        if not tree.groups[group].scope:
            with np.errstate(divide="ignore"):
                log_scale = log_scale + np.log(factor[0])
            continue
        table = tables[group] * factor if group in tables else factor
        count[group] = count.get(group, 0) + 1
        if count[group] % OFTEN == 0:
            highest = table.reshape(-1, table.shape[-1]).max(axis=0)
            highest = np.where(highest > 0, highest, 1.0)
            table, log_scale = table / highest, log_scale + np.log(highest)
        tables[group] = table
    return tables, log_scale


def _factor(tree: Tree, node: int, on: Floats, off: Floats) -> Floats:
    """P(evidence of the node | causes), one axis for each cause, the lane last."""
    span = slice(tree.node_offset[node], tree.node_offset[node + 1])
    scope = tree.groups[tree.node_group[node]].scope
    factor: Floats = np.multiply.outer(tree.p[span], on) + np.multiply.outer(tree.q[span], off)
    return factor.reshape(*(tree.cards[v] for v in scope), factor.shape[-1]) if scope else factor


def _sweep_down(
    tree: Tree, layout: Layout, given: Evidence, up: _Upward, wanted: Ints, cavity: Floats, silent: Floats
) -> None:
    incoming: dict[int, Floats] = {}
    asked = _asked(tree, layout, wanted)
    for place in range(len(layout.buckets) - 1, -1, -1):
        bucket = layout.buckets[place]
        outer = incoming.pop(place, np.ones(1)) / up.scales[place]
        links = [fit.spread(up.messages[c]) for c, fit in zip(bucket.children, bucket.child_fits, strict=True)]
        table = up.base[place] * outer
        full = table
        for link in links:
            full = full * link
        start = tree.state_offset[bucket.scope[0]]
        cavity[start : start + len(full)] = full.reshape(len(full), -1, full.shape[-1]).sum(axis=1)
        for n, (child, fit) in enumerate(zip(bucket.children, bucket.child_fits, strict=True)):
            free = table * up.own[place]
            for m, link in enumerate(links):
                if m != n:
                    free = free * link
            incoming[child] = fit.gather(free)
        if place in asked:
            _read_nodes(tree, given, bucket, full * up.own[place], asked[place], silent)


def _asked(tree: Tree, layout: Layout, wanted: Ints) -> dict[int, list[tuple[int, int]]]:
    """For each bucket: the nodes to be read there with their rows; -1 holds nodes without causes."""
    found: dict[int, list[tuple[int, int]]] = {}
    for row, node in enumerate(wanted):
        found.setdefault(layout.home.get(int(tree.node_group[node]), 0), []).append((row, int(node)))
    return found


def _read_nodes(
    tree: Tree, given: Evidence, bucket: Bucket, belief: Floats, asked: list[tuple[int, int]], silent: Floats
) -> None:
    """Expectation of q / factor for the nodes ``asked`` (row, node) under one bucket's belief."""
    row_of = {int(n): r for r, n in enumerate(given.active)}
    held = {group: fit.gather(belief) for group, fit in zip(bucket.groups, bucket.fits, strict=True)}
    for row, node in asked:
        group = int(tree.node_group[node])
        table = held[group] if tree.groups[group].scope else np.ones((1, 1))
        q = tree.q[tree.node_offset[node] : tree.node_offset[node + 1]]
        if node in row_of:
            factor = _factor(tree, node, given.on[row_of[node]], given.off[row_of[node]])
            # A state that the evidence excludes has no belief either.
            room = np.zeros(np.broadcast_shapes(table.shape, factor.shape))
            table = np.divide(table, factor, out=room, where=factor > 0)
        silent[row] = q @ table.reshape(len(q), -1)
