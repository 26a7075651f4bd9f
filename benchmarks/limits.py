"""How far the kernel is from what the machine can do: arithmetic and memory, both measured here.

Operations and traffic of the kernel are counted from its layout, not measured: every product, sum
and quotient of both sweeps and of the node sums; every table entry read or written, as if nothing
stayed in registers or in the nearest cache.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.examinations import findings, readings
from benchmarks.measure import Figure, best_of, span
from myotome.care.explanation.reasoner import Reasoner
from myotome.inference.engine import Lanes
from myotome.inference.layout import lay_out
from myotome.inference.network import Ints
from myotome.inference.tree import Tree

DOUBLE = 8
NEAR, FAR = 3 * 80_000, 3 * 80_000_000  # bytes of the three arrays of a triad: in the second cache, in main memory


def figures() -> Iterator[Figure]:
    """Arithmetic, memory, and the kernel on the largest published examination."""
    flops, near, far = _arithmetic(), _triad(NEAR), _triad(FAR)
    yield Figure("matrix product, one thread", f"{flops / 1e9:.3g} Gflop/s", "the machine's arithmetic limit")
    yield Figure("triad in cache, one thread", f"{near / 1e9:.3g} GB/s", f"three arrays, {NEAR // 1000} kB together")
    yield Figure(
        "triad in memory, one thread", f"{far / 1e9:.3g} GB/s", f"three arrays, {FAR // 1_000_000} MB together"
    )
    reasoner = Reasoner("emg", "c")
    for reading in sorted(readings(reasoner), key=lambda r: findings(r.posterior))[:: -len(readings(reasoner)) // 2]:
        sides = reading.posterior.sides
        side = max(sides, key=lambda s: len(s.evidence.active))
        lanes = side.lanes(side.first, side.states)
        yield from _distance(reasoner, lanes, flops, near)


def _distance(reasoner: Reasoner, lanes: Lanes, flops: float, bandwidth: float) -> Iterator[Figure]:
    tree, active = reasoner.model.tree, lanes.active
    seconds = best_of(partial(reasoner.engine.both, lanes, active), 200)
    operations, entries = work(tree, active)
    run = -(-lanes.count // DOUBLE) * DOUBLE
    needed = {"arithmetic": operations * run / flops, "memory": entries * run * DOUBLE / bandwidth}
    sizes = (
        f"one side, profile emg, {len(tree.cards)} variables, {tree.states} states, {lanes.count} lanes, "
        f"{len(active)} examined facts, {reasoner.engine.entries(active):,} entries, {operations:,} operations and "
        f"{entries:,} entries moved a lane"
    )
    for name, least in needed.items():
        yield Figure(f"kernel above the {name} limit", span(seconds), sizes, span(least), seconds / least)


def work(tree: Tree, active: Ints) -> tuple[int, int]:
    """Operations and table entries moved for one lane of both sweeps with the node sums."""
    layout = lay_out(tree, frozenset(map(int, active)))
    counts = Counter(int(tree.node_group[n]) for n in active)
    groups = sorted((g for g in counts if tree.groups[g].scope), key=lambda g: (tree.groups[g].size, g))
    operations = moved = 0
    for place, group in enumerate(groups):
        scope, size, nodes = set(tree.groups[group].scope), tree.groups[group].size, counts[group]
        larger = (h for h in groups[place + 1 :] if scope < set(tree.groups[h].scope))
        host = next(larger, None)
        target = layout.buckets[layout.home[group]].constant.size if host is None else tree.groups[host].size
        operations += size * (4 * nodes - 1) + 2 * target + 8 * size * nodes
        moved += size * (2 * nodes - 1) + 3 * target + 2 * target + size * nodes
    for bucket in layout.buckets:
        entries, children = bucket.constant.size, len(bucket.children)
        operations += entries * (2 + children) + entries * (2 + 3 * children + (2 if bucket.groups else 0))
        moved += entries * (1 + children) + entries * (2 + 2 * children + (1 if bucket.groups else 0))
    return operations, moved


def _arithmetic() -> float:
    """Operations a second of a matrix product."""
    n = 768
    a, b = np.random.default_rng(0).random((2, n, n))
    out = np.empty((n, n))
    return 2 * n**3 / best_of(partial(np.matmul, a, b, out=out), 20)


def _triad(size: int) -> float:
    """Bytes a second of reading two arrays and writing a third."""
    count = size // (3 * DOUBLE)
    a, b, out = np.ones(count), np.ones(count), np.empty(count)
    return size / best_of(partial(np.multiply, a, b, out=out), 2000, 1.0)
