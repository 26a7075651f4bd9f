"""The equations: each state's pull and rate, from all states and the inputs. docs/mechanism.md says them in words.

Every state obeys y' = rate (target - y); both are never negative and a target is at most 1, so a state stays
between 0 and 1, and rest stays rest. Except for the needle, nothing that rises makes anything else fall.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from myotome.mechanism.network import Floats, Network
from myotome.mechanism.parameters import Parameters
from myotome.mechanism.state import (
    CENTRAL,
    FLOW,
    HYPERAEMIA,
    ISCHAEMIA,
    NOCICEPTORS,
    POTENTIAL,
    RECEPTORS,
    ROOT,
    SHORTENING,
    TENDON,
)


class Inputs(NamedTuple):
    """What acts from outside during a stretch.

    ``cause`` and ``closing`` are (levels, people): disruption of the root from outside, and how far a shortened
    muscle can still close in on it (1 fully, less as the room widens with repair); ``movement`` and ``stretch`` are
    (people,): the share of lost flow that exercise makes good, and the release a day by stretch or massage.
    """

    cause: Floats
    closing: Floats
    movement: Floats
    stretch: Floats


class Pull(NamedTuple):
    """Targets and rates (1/day): first five muscle states (5, muscles, people), levels (2, levels, people)."""

    muscles: Floats
    muscle_rates: Floats
    levels: Floats
    level_rates: Floats


def saturating(x: Floats, half: Floats) -> Floats:
    """0 at 0, 1 at 1, steep around ``half``."""
    return (1.0 + half * half) * x * x / (x * x + half * half)


def pull(p: Parameters, network: Network, muscles: Floats, levels: Floats, given: Inputs) -> Pull:
    """Where everything is drawn to, and how fast."""
    level_targets, level_rates = _levels(p, network, muscles, levels, given)
    targets, rates = _muscles(p, network, muscles, levels, given)
    return Pull(targets, rates, level_targets, level_rates)


def _levels(p: Parameters, network: Network, muscles: Floats, levels: Floats, given: Inputs) -> tuple[Floats, Floats]:
    """A root suffers from its cause and from the shortened muscle beside it; a level hears all its muscles."""
    squeeze = (network.beside @ muscles[SHORTENING]) ** 4
    squeeze = given.closing * squeeze / (squeeze + p.root_half**4)
    root = 1.0 - (1.0 - given.cause) * (1.0 - squeeze)
    near, away = network.beside @ muscles[NOCICEPTORS], network.drive @ muscles[NOCICEPTORS]
    central = saturating(p.spine_share * near + (1.0 - p.spine_share) * away, p.central_half)
    rates = np.stack(
        [
            np.where(root > levels[ROOT], 1.0 / p.root_rise, 1.0 / p.root_fall),
            np.where(central > levels[CENTRAL], 1.0 / p.central_rise, 1.0 / p.central_fall),
        ]
    )
    return np.stack([root, central]), rates


def _muscles(p: Parameters, network: Network, muscles: Floats, levels: Floats, given: Inputs) -> tuple[Floats, Floats]:
    f, s, c, i = muscles[FLOW], muscles[RECEPTORS], muscles[SHORTENING], muscles[ISCHAEMIA]
    potential, tendon, blood = muscles[POTENTIAL], muscles[TENDON], muscles[HYPERAEMIA]
    root, central = network.supply @ levels[ROOT], network.supply @ levels[CENTRAL]
    calm = p.potential_half / (p.potential_half + potential)
    flow = p.flow_loss * root * (1.0 - given.movement) * calm
    # Cannon and Rosenblueth: receptors are kept up to what the lost flow asks for.
    asked = saturating(f, p.receptor_half)
    turnover = np.where(asked > s, 1.0 / p.receptor_rise, 1.0 / p.receptor_fall)
    cleared = p.potential_clears * potential
    drive = s * (1.0 + p.central_gain * central) + p.ischaemia_shortens * i
    drive = (drive * p.tendon_half / (p.tendon_half + tendon)) ** 3
    short = drive / (drive + p.shorten_half**3)
    # A fibre without energy lets go slowly.
    own = np.where(short > c, 1.0, 1.0 / (1.0 + p.slow_release * i)) / p.shorten_time
    starved = saturating(c, p.ischaemia_half) * p.blood_half / (p.blood_half + blood)
    sore = p.pain_of_ischaemia * i + p.pain_of_receptors * s * (p.sore_unshortened + (1.0 - p.sore_unshortened) * c)
    steady = np.ones_like(f)
    targets = [flow, turnover * asked / (turnover + cleared), own * short / (own + given.stretch), starved, sore]
    rates = [
        steady / p.flow_time,
        turnover + cleared,
        own + given.stretch,
        steady / p.ischaemia_time,
        steady / p.nociceptor_time,
    ]
    return np.stack(targets), np.stack(rates)


def fastest(p: Parameters, events: Floats, start: Floats, stretch: Floats) -> float:
    """The fastest rate (1/day) at which anything can be drawn: what bounds a step.

    ``events`` are days with needles, ``start`` the injury potential at the start, ``stretch`` the inputs of that name.
    """
    left = np.full(1, start.max(initial=0.0))
    most = left
    for gap in np.diff(events, prepend=0.0):
        left = left * np.exp(-gap / p.potential_time) + p.potential_dose
        most = np.maximum(most, left)
    times = (p.root_rise, p.root_fall, p.central_rise, p.central_fall, p.flow_time, p.ischaemia_time, p.nociceptor_time)
    rates = [float((1.0 / time).max()) for time in times]
    rates.append(float((1.0 / np.minimum(p.receptor_rise, p.receptor_fall) + p.potential_clears * most).max()))
    rates.append(float((1.0 / p.shorten_time).max() + stretch.max(initial=0.0)))
    return max(rates)
