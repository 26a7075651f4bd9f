"""What happens to people over time: disruption, exercise, needles, and when to look. Checked at the door."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from myotome.errors import MechanismError
from myotome.mechanism.equations import Inputs
from myotome.mechanism.events import EXPECTED, NOT_NEEDLED
from myotome.mechanism.network import Floats, Ints, Network

LONGEST = 3660.0  # days: ten years


@dataclass(frozen=True)
class Course:
    """Inputs and events of some people from day 0 to ``end``.

    Args:
        end: last day.
        readings: (readings,) days at which the states are looked at; at a needle's time, before the needle.
        edges: (stretches + 1,) days between which the inputs stay the same, from 0 to ``end``.
        cause: (stretches, levels, people or 1) disruption of each root from outside, 0..1.
        closing: likewise, how far a shortened muscle can close in on the root, 0..1; 1 where missing.
        movement: (stretches, people or 1) share of lost flow that exercise makes good, 0..1; 0 where missing.
        stretch: likewise, release a day by stretch or massage, 0 and up; 0 where missing.
        events: (events,) days with needles or heat.
        draws: (events, muscles, people or 1) as :func:`myotome.mechanism.events.needle` takes them.
        heat: (events, muscles, people or 1) hyperaemia added by heat; 0 where missing.

    Raises:
        MechanismError: a time is negative, no number, twice or after the end; an input is out of its range or
            has another shape. One message names the first that is wrong.
    """

    end: float
    readings: Floats
    edges: Floats
    cause: Floats
    closing: Floats
    movement: Floats
    stretch: Floats
    events: Floats
    draws: Floats
    heat: Floats
    _: Any = field(default=None, repr=False)

    def __init__(
        self,
        network: Network,
        end: float,
        readings: ArrayLike,
        cause: ArrayLike,
        *,
        edges: ArrayLike | None = None,
        closing: ArrayLike | None = None,
        movement: ArrayLike | None = None,
        stretch: ArrayLike | None = None,
        events: ArrayLike = (),
        draws: ArrayLike | None = None,
        heat: ArrayLike | None = None,
    ) -> None:
        end = round(float(end), 9)
        stretches = 1 if edges is None else max(np.size(edges) - 1, 0)
        count, muscles = np.size(events), network.muscles
        given: dict[str, Any] = {
            "end": end,
            "readings": _times("readings", readings, end),
            "events": _times("events", events, end),
            "edges": _edges(edges, end),
            "cause": _filled("cause", cause, (stretches, network.levels), 0.0, 0.0, 1.0),
            "closing": _filled("closing", closing, (stretches, network.levels), 1.0, 0.0, 1.0),
            "movement": _filled("movement", movement, (stretches,), 0.0, 0.0, 1.0),
            "stretch": _filled("stretch", stretch, (stretches,), 0.0, 0.0, 20.0),
            "draws": _filled("draws", draws, (count, muscles), NOT_NEEDLED, -1.0, NOT_NEEDLED),
            "heat": _filled("heat", heat, (count, muscles), 0.0, 0.0, 10.0),
        }
        _check_draws(given["draws"])
        for name, value in given.items():
            object.__setattr__(self, name, value)
        if len({n for n in self._lanes() if n > 1}) > 1:
            raise MechanismError(f"Inputs are for {sorted(set(self._lanes()))} people. Give one for all, or one each.")

    def _lanes(self) -> list[int]:
        return [a.shape[-1] for a in (self.cause, self.closing, self.movement, self.stretch, self.draws, self.heat)]

    @property
    def people(self) -> int:
        """How many people the inputs tell apart; 1 where they are the same for all."""
        return max(self._lanes())

    def part(self, muscles: Ints, levels: Ints) -> Course:
        """What concerns some muscles and levels."""
        found = copy(self)
        for name, kept in (("cause", levels), ("closing", levels), ("draws", muscles), ("heat", muscles)):
            object.__setattr__(found, name, np.ascontiguousarray(getattr(self, name)[:, kept]))
        return found

    def inputs(self, stretch: int) -> Inputs:
        """What acts during one stretch."""
        return Inputs(self.cause[stretch], self.closing[stretch], self.movement[stretch], self.stretch[stretch])


def _check_draws(draws: Floats) -> None:
    odd = draws[~((draws == EXPECTED) | (draws == NOT_NEEDLED) | ((draws >= 0.0) & (draws <= 1.0)))]
    if odd.size:
        raise MechanismError(
            f"'draws' holds {odd[0]:g}. Give 0 to 1, {EXPECTED:g} for the mean response, or {NOT_NEEDLED:g} for no "
            "needle."
        )


def _times(name: str, days: ArrayLike, end: float) -> Floats:
    found: Floats = np.asarray(np.round(np.asarray(days, np.float64), 9), np.float64)
    if found.ndim != 1 or not np.isfinite(found).all():
        raise MechanismError(f"'{name}' holds a day that is no number. Give days as plain numbers, such as 0, 7, 14.")
    if not 0.0 < end <= LONGEST:
        raise MechanismError(f"The course ends on day {end:g}. It must end after day 0 and within {LONGEST:g} days.")
    if found.size and (found.min() < 0.0 or found.max() > end):
        worst = found.min() if found.min() < 0.0 else found.max()
        raise MechanismError(
            f"'{name}' has day {worst:g}, outside 0 to {end:g}. Days count from the start of the course."
        )
    if (np.diff(found) <= 0.0).any():
        twice = found[1:][np.diff(found) <= 0.0][0]
        raise MechanismError(f"'{name}' has day {twice:g} twice or out of order. Give each day once, earliest first.")
    return found


def _edges(edges: ArrayLike | None, end: float) -> Floats:
    found = _times("edges", (0.0, end) if edges is None else edges, end)
    if len(found) < 2 or found[0] != 0.0 or found[-1] != round(float(end), 9):
        raise MechanismError(f"'edges' must run from 0 to the end, day {end:g}. Add both.")
    return found


def _filled(
    name: str, value: ArrayLike | None, shape: tuple[int, ...], default: float, least: float, most: float
) -> Floats:
    if value is None:
        return np.full((*shape, 1), default)
    found = np.ascontiguousarray(value, dtype=np.float64)
    if found.ndim != len(shape) + 1 or found.shape[:-1] != shape or not found.shape[-1]:
        wanted = ", ".join(map(str, shape))
        raise MechanismError(
            f"'{name}' has shape {found.shape}. Give ({wanted}, people), with 1 for people if all are alike."
        )
    if found.size and not (found.min() >= least and found.max() <= most):
        bad = found[~((found >= least) & (found <= most))][0]
        raise MechanismError(f"'{name}' holds {bad:g}. It must lie between {least:g} and {most:g}.")
    return found
