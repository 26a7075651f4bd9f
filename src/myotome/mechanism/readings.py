"""What can be seen of the states: pain by region, tenderness, range, strength, resting activity, skin."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from myotome.facts.kept import Table, kept
from myotome.mechanism.network import Floats, Network
from myotome.mechanism.parameters import reading_table
from myotome.mechanism.state import (
    FLOW,
    HYPERAEMIA,
    NOCICEPTORS,
    RECEPTORS,
    SHORTENING,
    SORENESS,
    TENDON,
    State,
)


@kept
def _numbers() -> Mapping[str, float]:
    return Table({name: row.value for name, row in reading_table().items()})


def drive(network: Network, state: State) -> Floats:
    """(muscles, people): what each muscle adds to pain."""
    k, x = _numbers(), state.of
    central = network.supply @ state.central
    sore = x(SORENESS) / (1.0 + k["soreness_heat"] * x(HYPERAEMIA))
    return x(NOCICEPTORS) * (k["pain_nociceptors"] + k["pain_central"] * central) + k["pain_soreness"] * sore


def by_region(network: Network, muscles: Floats) -> Floats:
    """(regions, people): a region hurts as its worst muscle, and a little more with each that joins it."""
    total: Floats = np.zeros((network.regions, muscles.shape[-1]))
    np.add.at(total, network.region, muscles**8)
    root: Floats = np.sqrt(np.sqrt(np.sqrt(total)))
    return root


def pain(drives: Floats) -> Floats:
    """Numeric pain rating 0..10 of drives of any shape."""
    k = _numbers()
    found: Floats = 10.0 * np.expm1(-k["pain_steep"] * drives) / np.expm1(-k["pain_steep"] * k["pain_full"])
    return np.minimum(10.0, found)


def tightest(network: Network, shortening: Floats) -> Floats:
    """(regions, people): the most shortened muscle of each region."""
    most = np.zeros((network.regions, shortening.shape[-1]))
    np.maximum.at(most, network.region, shortening)
    return most


def movement_range(shortening: Floats) -> Floats:
    """Range of movement in % of full."""
    return 100.0 * (1.0 - _numbers()["range_shortening"] * shortening)


def threshold(network: Network, state: State) -> Floats:
    """Pressure-pain threshold of each muscle, kPa."""
    k, x = _numbers(), state.of
    central = network.supply @ state.central
    whole = (
        k["threshold_healthy"]
        * (1.0 - k["threshold_nociceptors"] * x(NOCICEPTORS))
        * (1.0 - k["threshold_central"] * central)
    )
    return whole / (1.0 + k["threshold_soreness"] * x(SORENESS))


def strength(state: State) -> Floats:
    """Strength of each muscle in % of full."""
    k, x = _numbers(), state.of
    lost = (1.0 - k["strength_flow"] * x(FLOW)) * (1.0 - k["strength_shortening"] * x(SHORTENING))
    return 100.0 * lost * (1.0 - k["strength_nociceptors"] * x(NOCICEPTORS))


def resting_activity(state: State) -> Floats:
    """Electrical activity of each muscle at rest, µV."""
    k, x = _numbers(), state.of
    return k["activity_full"] * x(RECEPTORS) * x(SHORTENING) / (1.0 + k["activity_tendon"] * x(TENDON))


def readiness(state: State) -> Floats:
    """Size of the twitch that a needle would meet, 0..1."""
    return np.sqrt(state.of(RECEPTORS) * state.of(SHORTENING))


def skin(state: State) -> Floats:
    """Change of skin temperature over each muscle, °C."""
    k, x = _numbers(), state.of
    return k["skin_blood"] * x(HYPERAEMIA) - k["skin_flow"] * x(FLOW)


def burning(state: State) -> Floats:
    """The feeling of heat, 0..10: supersensitive nerve endings, not warm skin."""
    return 10.0 * state.of(RECEPTORS) * state.of(NOCICEPTORS)
