"""Compile a network once into a bucket tree: an elimination order, small tables and index maps.

Every table is indexed in mixed radix with the earliest-eliminated variable of its scope as the
top digit, so a bucket's table of ``card * separator`` entries has its own variable on top.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from myotome.errors import NetworkError
from myotome.inference.network import Floats, Ints, Network, Node

ENTRY_BUDGET = 400_000


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes of one scope share a table; it is multiplied into a larger group or into a bucket."""

    scope: tuple[int, ...]
    nodes: tuple[int, ...]
    size: int
    bucket: int
    host: int  # the group that absorbs this one, or -1 for the bucket itself
    to_host: Ints  # shape (entries of host or bucket,): index into this group's table


@dataclass(frozen=True, slots=True)
class Bucket:
    """The table in which one variable is summed out."""

    variable: int
    card: int
    separator: tuple[int, ...]
    entries: int
    constant: Floats  # shape (entries,): the couplings assigned here
    groups: tuple[int, ...]  # groups multiplied directly into this bucket
    children: tuple[int, ...]  # buckets whose message arrives here
    to_children: tuple[Ints, ...]  # for each child: shape (entries,), index into its message


@dataclass(frozen=True, slots=True)
class Tree:
    """A compiled network; all arrays are constants of the network, none of the evidence.

    ``p`` and ``q`` hold, node after node, P(on | parents) and P(off | parents), each node's
    entries starting at ``node_offset``; ``state_offset`` starts each variable's states.
    """

    network: Network
    buckets: tuple[Bucket, ...]
    groups: tuple[Group, ...]
    cards: tuple[int, ...]
    state_offset: Ints
    node_offset: Ints
    node_group: Ints
    p: Floats
    q: Floats
    variable_index: dict[str, int] = field(repr=False)
    node_index: dict[str, int] = field(repr=False)

    @property
    def states(self) -> int:
        """Number of states of all variables together."""
        return int(self.state_offset[-1])

    @property
    def entries(self) -> int:
        """Entries of all bucket tables together: the work of one pass."""
        return sum(b.entries for b in self.buckets)

def compile_network(network: Network, budget: int = ENTRY_BUDGET) -> Tree:
    """Compile ``network``.

    Raises:
        NetworkError: the tables together would need more than ``budget`` entries.
    """
    index = {v.name: i for i, v in enumerate(network.variables)}
    cards = tuple(len(v.states) for v in network.variables)
    scopes = [tuple(index[name] for name in node.scope) for node in network.nodes]
    pairs = [(index[c.first], index[c.second]) for c in network.couplings]
    order = elimination_order(cards, [*scopes, *pairs])
    position = {variable: place for place, variable in enumerate(order)}
    ordered = [tuple(sorted(scope, key=position.__getitem__)) for scope in scopes]
    separators = _separators(order, position, [*ordered, *pairs])
    _check_budget(order, separators, cards, budget)
    groups = _groups(ordered, position, separators, order, cards)
    buckets = _buckets(network, index, order, position, separators, groups, cards)
    p, q, offsets = _node_tables(network.nodes, ordered, index, cards)
    node_group = np.zeros(len(ordered), dtype=np.int32)
    for number, group in enumerate(groups):
        node_group[list(group.nodes)] = number
    return Tree(
        network=network,
        buckets=buckets,
        groups=groups,
        cards=cards,
        state_offset=np.cumsum([0, *cards]).astype(np.int32),
        node_offset=offsets,
        node_group=node_group,
        p=p,
        q=q,
        variable_index=index,
        node_index={node.name: i for i, node in enumerate(network.nodes)},
    )


def elimination_order(cards: tuple[int, ...], scopes: Iterable[tuple[int, ...]]) -> list[int]:
    """Order the variables by weighted min-fill, ties by table size, then by number."""
    neighbours: dict[int, set[int]] = {v: set() for v in range(len(cards))}
    for scope in scopes:
        for a, b in itertools.permutations(scope, 2):
            neighbours[a].add(b)
    weight = [math.log(card) for card in cards]

    def cost(v: int) -> tuple[float, float, int]:
        around = neighbours[v]
        fill = sum(
            weight[a] * weight[b] for a, b in itertools.combinations(around, 2) if b not in neighbours[a]
        )
        return fill, weight[v] + sum(weight[n] for n in around), v

    order: list[int] = []
    while neighbours:
        chosen = min(neighbours, key=cost)
        around = neighbours.pop(chosen)
        for n in around:
            neighbours[n] |= around - {n}
            neighbours[n].discard(chosen)
        order.append(chosen)
    return order


def _separators(
    order: list[int], position: dict[int, int], scopes: list[tuple[int, ...]]
) -> list[tuple[int, ...]]:
    pending: list[set[int]] = [set() for _ in order]
    for scope in scopes:
        if scope:
            first = min(scope, key=position.__getitem__)
            pending[position[first]] |= set(scope)
    result: list[tuple[int, ...]] = []
    for place, variable in enumerate(order):
        rest = tuple(sorted(pending[place] - {variable}, key=position.__getitem__))
        result.append(rest)
        if rest:
            pending[position[rest[0]]] |= set(rest)
    return result


def _check_budget(
    order: list[int], separators: list[tuple[int, ...]], cards: tuple[int, ...], budget: int
) -> None:
    total = sum(cards[v] * _size(s, cards) for v, s in zip(order, separators, strict=True))
    if total > budget:
        raise NetworkError(
            f"The network needs {total} table entries; at most {budget} are allowed. "
            "Give its nodes fewer or closer causes."
        )


def _groups(
    ordered: list[tuple[int, ...]],
    position: dict[int, int],
    separators: list[tuple[int, ...]],
    order: list[int],
    cards: tuple[int, ...],
) -> tuple[Group, ...]:
    members: dict[tuple[int, ...], list[int]] = {}
    for node, scope in enumerate(ordered):
        members.setdefault(scope, []).append(node)
    # Smallest first, so that a table is complete before the larger one absorbs it.
    scopes = sorted(members, key=lambda s: (_size(s, cards), s))
    groups: list[Group] = []
    for number, scope in enumerate(scopes):
        bucket = position[scope[0]] if scope else len(order) - 1
        hosts = (
            n
            for n in range(number + 1, len(scopes))
            if set(scope) < set(scopes[n]) and position[scopes[n][0]] == bucket
        )
        host = next(hosts, -1)
        target = scopes[host] if host >= 0 else (order[bucket], *separators[bucket])
        groups.append(
            Group(
                scope=scope,
                nodes=tuple(members[scope]),
                size=_size(scope, cards),
                bucket=bucket,
                host=host,
                to_host=index_map(target, scope, cards),
            )
        )
    return tuple(groups)


def _buckets(
    network: Network,
    index: dict[str, int],
    order: list[int],
    position: dict[int, int],
    separators: list[tuple[int, ...]],
    groups: tuple[Group, ...],
    cards: tuple[int, ...],
) -> tuple[Bucket, ...]:
    constants = [
        np.ones(cards[v] * _size(s, cards)) for v, s in zip(order, separators, strict=True)
    ]
    for coupling in network.couplings:
        scope = (index[coupling.first], index[coupling.second])
        table = np.asarray(coupling.table, dtype=np.float64).ravel()
        place = min(position[v] for v in scope)
        target = (order[place], *separators[place])
        constants[place] = constants[place] * table[index_map(target, scope, cards)]
    children: list[list[int]] = [[] for _ in order]
    for place, separator in enumerate(separators):
        # Separate islands meet in the last bucket, so that one pass gives one total.
        parent = position[separator[0]] if separator else len(order) - 1
        if place != len(order) - 1:
            children[parent].append(place)
    buckets: list[Bucket] = []
    for place, variable in enumerate(order):
        target = (variable, *separators[place])
        buckets.append(
            Bucket(
                variable=variable,
                card=cards[variable],
                separator=separators[place],
                entries=_size(target, cards),
                constant=constants[place],
                groups=tuple(n for n, g in enumerate(groups) if g.host < 0 and g.bucket == place),
                children=tuple(children[place]),
                to_children=tuple(index_map(target, separators[c], cards) for c in children[place]),
            )
        )
    return tuple(buckets)


def _node_tables(
    nodes: tuple[Node, ...],
    ordered: list[tuple[int, ...]],
    index: dict[str, int],
    cards: tuple[int, ...],
) -> tuple[Floats, Floats, Ints]:
    logs: list[Floats] = []
    for node, scope in zip(nodes, ordered, strict=True):
        by_variable = {index[link.variable]: link.inhibition for link in node.links}
        logs.append(log_off(node.leak, [by_variable[v] for v in scope]))
    offsets = np.cumsum([0, *(len(table) for table in logs)]).astype(np.int32)
    log_q = np.concatenate(logs) if logs else np.zeros(0)
    return -np.expm1(log_q), np.exp(log_q), offsets


def log_off(leak: float, inhibitions: list[tuple[float, ...]]) -> Floats:
    """Log P(node off) for every combination of parent states, first parent as top digit."""
    with np.errstate(divide="ignore"):
        total = np.array([np.log1p(-leak)])
        for inhibition in inhibitions:
            total = (total[:, None] + np.log(np.asarray(inhibition))[None, :]).ravel()
    return total


def index_map(target: tuple[int, ...], scope: tuple[int, ...], cards: tuple[int, ...]) -> Ints:
    """For each entry of a table over ``target``: the index into a table over ``scope`` (a subset)."""
    strides = dict(zip(scope, _strides(scope, cards), strict=True))
    result = np.zeros(1, dtype=np.int64)
    for variable in target:
        steps = np.arange(cards[variable]) * strides.get(variable, 0)
        result = (result[:, None] + steps[None, :]).ravel()
    return result.astype(np.int32)


def _strides(scope: tuple[int, ...], cards: tuple[int, ...]) -> list[int]:
    strides: list[int] = []
    step = 1
    for variable in reversed(scope):
        strides.append(step)
        step *= cards[variable]
    return strides[::-1]


def _size(scope: Iterable[int], cards: tuple[int, ...]) -> int:
    return math.prod(cards[v] for v in scope)
