"""A network made ready once: numbered variables, distinct scopes, and the tables of all nodes.

Nothing here depends on the evidence. What one examination needs of the network is laid out by
``layout.py`` (and, for the C kernel, by the same steps in ``layout.c``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from myotome.errors import NetworkError
from myotome.inference.elimination import clique_tree
from myotome.inference.network import Floats, Ints, Network, Node

ENTRY_BUDGET = 400_000

Scope = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes with the same causes: tables over ``scope``, variable numbers, the first as top digit."""

    scope: Scope
    size: int


@dataclass(frozen=True, slots=True)
class Tree:
    """A compiled network; all arrays are constants of the network, none of the evidence.

    ``p`` and ``q`` hold, node after node, P(on | parents) and P(off | parents), each node's
    entries starting at ``node_offset``; ``state_offset`` starts each variable's states.
    ``couplings`` are (first variable, second variable, table). ``entries`` is the size of all
    tables together where every node is asked for.
    """

    network: Network
    cards: tuple[int, ...]
    groups: tuple[Group, ...]
    couplings: tuple[tuple[int, int, Floats], ...]
    entries: int
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

    def size(self, scope: Iterable[int]) -> int:
        """Entries of a table over ``scope``."""
        return math.prod(self.cards[v] for v in scope)


def compile_network(network: Network, budget: int = ENTRY_BUDGET) -> Tree:
    """Compile ``network``.

    Raises:
        NetworkError: the tables together would need more than ``budget`` entries.
    """
    index = {v.name: i for i, v in enumerate(network.variables)}
    cards = tuple(len(v.states) for v in network.variables)
    by_node = [tuple(sorted(index[name] for name in node.scope)) for node in network.nodes]
    scopes = tuple(dict.fromkeys(by_node))
    number = {scope: n for n, scope in enumerate(scopes)}
    couplings = tuple(
        (index[c.first], index[c.second], np.asarray(c.table, dtype=np.float64)) for c in network.couplings
    )
    p, q, offsets = _node_tables(network.nodes, by_node, index)
    return Tree(
        network=network,
        cards=cards,
        groups=tuple(Group(scope, math.prod(cards[v] for v in scope)) for scope in scopes),
        couplings=couplings,
        entries=_checked_entries(cards, [*scopes, *((a, b) for a, b, _ in couplings)], budget),
        state_offset=np.cumsum([0, *cards]).astype(np.int32),
        node_offset=offsets,
        node_group=np.array([number[scope] for scope in by_node], dtype=np.int32),
        p=p,
        q=q,
        variable_index=index,
        node_index={node.name: i for i, node in enumerate(network.nodes)},
    )


def _checked_entries(cards: tuple[int, ...], scopes: list[Scope], budget: int) -> int:
    total = sum(math.prod(cards[v] for v in clique) for clique in clique_tree(cards, scopes))
    if total > budget:
        raise NetworkError(
            f"The network needs {total} table entries; at most {budget} are allowed. "
            "Give its nodes fewer or closer causes."
        )
    return total


def _node_tables(nodes: tuple[Node, ...], scopes: list[Scope], index: dict[str, int]) -> tuple[Floats, Floats, Ints]:
    logs: list[Floats] = []
    for node, scope in zip(nodes, scopes, strict=True):
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
