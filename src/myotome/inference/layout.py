"""What some nodes need of a network: the smallest tables in which they can be summed exactly.

A node that is neither examined nor asked for sums to one whatever its causes do, so it takes no
part. The order of elimination is found anew for the nodes that are left: one examination touches
a small part of the body, and its tables are twenty to a hundred times smaller than those of all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from myotome.inference.elimination import clique_tree
from myotome.inference.network import Floats
from myotome.inference.tree import Scope, Tree


@dataclass(frozen=True, slots=True)
class Fit:
    """How a table over one scope is read as a factor of a table over a larger scope."""

    axes: Scope  # order of its axes within the larger scope
    shape: Scope  # its shape there, 1 where it does not depend on an axis
    missing: Scope  # the axes it does not depend on

    def spread(self, table: Floats) -> Floats:
        """The table, its last axis the lane, made to multiply the larger one."""
        lane = len(self.axes)
        return table.transpose(*self.axes, lane).reshape(*self.shape, table.shape[-1])

    def gather(self, table: Floats) -> Floats:
        """The larger table summed down to this scope."""
        kept = table.sum(axis=self.missing) if self.missing else table
        back = np.argsort(self.axes)
        return kept.transpose(*back, len(self.axes))


@dataclass(frozen=True, slots=True)
class Bucket:
    """The table in which one variable, the first of its scope, is summed out."""

    scope: Scope
    constant: Floats  # shape (cards of scope, 1): the couplings assigned here
    groups: tuple[int, ...]  # the scopes whose nodes are multiplied in here
    fits: tuple[Fit, ...]  # of those groups
    children: tuple[int, ...]  # buckets whose message arrives here
    child_fits: tuple[Fit, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Buckets in the order of elimination; ``home`` is the bucket of each scope that is in use."""

    buckets: tuple[Bucket, ...]
    home: dict[int, int]


def lay_out(tree: Tree, nodes: frozenset[int]) -> Layout:
    """The buckets needed by ``nodes`` and the couplings."""
    used = sorted({int(tree.node_group[n]) for n in nodes})
    groups = [g for g in used if tree.groups[g].scope]
    pairs = [(a, b) for a, b, _ in tree.couplings]
    cliques = clique_tree(tree.cards, [*(tree.groups[g].scope for g in groups), *pairs])
    members = [frozenset(c) for c in cliques]
    sizes = [tree.size(c) for c in cliques]
    by_size = sorted(range(len(cliques)), key=sizes.__getitem__)
    home = {g: next(b for b in by_size if members[b].issuperset(tree.groups[g].scope)) for g in groups}
    position = {clique[0]: place for place, clique in enumerate(cliques)}
    children: list[list[int]] = [[] for _ in cliques]
    for place, clique in enumerate(cliques):
        if len(clique) > 1:
            children[position[clique[1]]].append(place)
    constants = _constants(tree, cliques, position)
    buckets = []
    for place, clique in enumerate(cliques):
        here = tuple(g for g in groups if home[g] == place)
        buckets.append(
            Bucket(
                scope=clique,
                constant=constants[place],
                groups=here,
                fits=tuple(fit(tree.groups[g].scope, clique, tree.cards) for g in here),
                children=tuple(children[place]),
                child_fits=tuple(fit(cliques[c][1:], clique, tree.cards) for c in children[place]),
            )
        )
    return Layout(tuple(buckets), home)


def fit(scope: Scope, target: Scope, cards: Scope) -> Fit:
    """How a table over ``scope`` enters one over ``target``, which contains it."""
    held = [v for v in target if v in scope]
    return Fit(
        axes=tuple(scope.index(v) for v in held),
        shape=tuple(cards[v] if v in scope else 1 for v in target),
        missing=tuple(n for n, v in enumerate(target) if v not in scope),
    )


def _constants(tree: Tree, cliques: list[Scope], position: dict[int, int]) -> list[Floats]:
    constants = [np.ones((*(tree.cards[v] for v in clique), 1)) for clique in cliques]
    for first, second, table in tree.couplings:
        place = min(position[first], position[second])
        spread = fit((first, second), cliques[place], tree.cards).spread(table[:, :, None])
        constants[place] = constants[place] * spread
    return constants
