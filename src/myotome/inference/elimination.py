"""The order in which variables are summed out, by weighted min-fill.

Sets of variables are the bits of an integer: on a few dozen variables that is the fastest set.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator


def bits(mask: int) -> Iterator[int]:
    """Numbers of the variables in ``mask``, rising."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def clique_tree(cards: tuple[int, ...], scopes: Iterable[Iterable[int]]) -> list[tuple[int, ...]]:
    """For each step of the elimination: the variable summed out, then those it still meets.

    The latter stand in the order in which they are summed out themselves.
    """
    neighbours = [0] * len(cards)
    for scope in scopes:
        members = sum(1 << v for v in set(scope))
        for v in bits(members):
            neighbours[v] |= members & ~(1 << v)
    order, separators = _eliminate(neighbours, [math.log(card) for card in cards])
    position = {v: place for place, v in enumerate(order)}
    return [
        (v, *sorted(bits(separator), key=position.__getitem__)) for v, separator in zip(order, separators, strict=True)
    ]


def _eliminate(neighbours: list[int], weight: list[float]) -> tuple[list[int], list[int]]:
    """Cheapest variable first; ties go to the smaller table, then to the lower number."""
    cost = {v: _cost(v, neighbours, weight) for v in range(len(weight))}
    order: list[int] = []
    separators: list[int] = []
    while cost:
        chosen = min(cost, key=cost.__getitem__)
        del cost[chosen]
        around = neighbours[chosen]
        order.append(chosen)
        separators.append(around)
        stale = around
        for n in bits(around):
            neighbours[n] = (neighbours[n] | around) & ~(1 << n) & ~(1 << chosen)
            stale |= neighbours[n]
        for n in bits(stale):
            cost[n] = _cost(n, neighbours, weight)
    return order, separators


def _cost(v: int, neighbours: list[int], weight: list[float]) -> tuple[float, float, int]:
    around = neighbours[v]
    fill = 0.0
    for a in bits(around):
        missing = around & ~neighbours[a] & ~(1 << a)
        if missing:
            fill += weight[a] * sum(weight[b] for b in bits(missing))
    return fill, weight[v] + sum(weight[n] for n in bits(around)), v
