"""What a noisy-OR network is: hidden variables with few states, and hidden facts that they cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from myotome.errors import NetworkError

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

SUM_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Variable:
    """A hidden cause with a small number of states; state 0 is the quiet one."""

    name: str
    states: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.states) < 2:
            raise NetworkError(
                f"Variable '{self.name}' has {len(self.states)} state(s); a variable needs at least two. "
                "Give it a quiet state and one more."
            )


@dataclass(frozen=True, slots=True)
class Link:
    """How far each state of one variable leaves a node untouched.

    ``inhibition[x]`` is P(this cause, in state x, does not turn the node on).
    """

    variable: str
    inhibition: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A hidden yes/no fact: on with probability 1 - (1 - leak) * product of its links' inhibitions.

    Source: the noisy-OR model with leak (Pearl 1988; Henrion 1989), restated.
    """

    name: str
    leak: float
    links: tuple[Link, ...] = ()

    @property
    def scope(self) -> tuple[str, ...]:
        """Names of the variables that can turn this node on."""
        return tuple(link.variable for link in self.links)


@dataclass(frozen=True, slots=True)
class Coupling:
    """A fixed positive table between two variables, shape (states of first, states of second)."""

    first: str
    second: str
    table: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Network:
    """Variables, the couplings between neighbours and the noisy-OR nodes they cause.

    Raises:
        NetworkError: a probability outside 0..1, a link to an unknown variable, a table of the
            wrong shape, or a name used twice.
    """

    variables: tuple[Variable, ...]
    nodes: tuple[Node, ...]
    couplings: tuple[Coupling, ...] = ()

    def __post_init__(self) -> None:
        cards = {v.name: len(v.states) for v in self.variables}
        if len(cards) != len(self.variables):
            raise NetworkError("Two variables share a name. Give every variable a name of its own.")
        if len({n.name for n in self.nodes}) != len(self.nodes):
            raise NetworkError("Two nodes share a name. Give every node a name of its own.")
        for node in self.nodes:
            _check_node(node, cards)
        for coupling in self.couplings:
            _check_coupling(coupling, cards)


def _check_node(node: Node, cards: dict[str, int]) -> None:
    check_probability(node.leak, f"leak of node '{node.name}'")
    if len(set(node.scope)) != len(node.links):
        raise NetworkError(f"Node '{node.name}' names one cause twice. Merge the two links.")
    for link in node.links:
        states = cards.get(link.variable)
        if states is None:
            raise NetworkError(f"Node '{node.name}' has the unknown cause '{link.variable}'. Add that variable first.")
        if len(link.inhibition) != states:
            raise NetworkError(
                f"Node '{node.name}' gives {len(link.inhibition)} inhibitions for '{link.variable}', "
                f"which has {states} states. Give one for each state."
            )
        for value in link.inhibition:
            check_probability(value, f"inhibition of '{link.variable}' on '{node.name}'")


def _check_coupling(coupling: Coupling, cards: dict[str, int]) -> None:
    where = f"Coupling '{coupling.first}' - '{coupling.second}'"
    if coupling.first not in cards or coupling.second not in cards:
        raise NetworkError(f"{where} names an unknown variable. Add that variable first.")
    if coupling.first == coupling.second:
        raise NetworkError(f"{where} couples a variable with itself. Give it a weight of its own instead.")
    table = np.asarray(coupling.table, dtype=np.float64)
    wanted = (cards[coupling.first], cards[coupling.second])
    if table.shape != wanted:
        raise NetworkError(f"{where} has shape {table.shape}; it needs {wanted}.")
    if not (np.isfinite(table).all() and (table > 0).all()):
        raise NetworkError(f"{where} holds a value that is not a positive number. Use positive weights.")


def check_probability(value: float, what: str) -> float:
    """Return ``value`` if it lies in 0..1, else refuse it.

    Raises:
        NetworkError: with the value and what it was meant to be.
    """
    if not 0.0 <= value <= 1.0:
        raise NetworkError(f"The {what} is {value!r}; a probability lies between 0 and 1. Correct the row.")
    return value


def check_distribution(values: Sequence[float] | Floats, what: str) -> Floats:
    """Return ``values`` as an array if they are probabilities that sum to 1; never normalise them.

    Raises:
        NetworkError: a value outside 0..1, or a sum that misses 1 by more than 1e-9.
    """
    array = np.asarray(values, dtype=np.float64)
    for value in array:
        check_probability(float(value), what)
    total = float(array.sum())
    if abs(total - 1.0) > SUM_TOLERANCE:
        raise NetworkError(
            f"The probabilities of {what} sum to {total!r}, not 1. Correct the row; nothing is normalised silently."
        )
    return array
