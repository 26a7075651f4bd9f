"""What a needle and heat do at a moment, and how that fades: solved exactly."""

from __future__ import annotations

import numpy as np

from myotome.mechanism.network import Floats, Network
from myotome.mechanism.parameters import Parameters
from myotome.mechanism.state import (
    CENTRAL,
    HYPERAEMIA,
    NOCICEPTORS,
    POTENTIAL,
    RECEPTORS,
    SHORTENING,
    SORENESS,
    TENDON,
    TRAUMA,
    State,
)

NOT_NEEDLED, EXPECTED = 2.0, -1.0


def needle(p: Parameters, network: Network, state: State, draw: Floats, heat: Floats) -> Floats:
    """Change ``state`` as needles and heat do; the twitches (muscles, people).

    ``draw`` (muscles, people): a number drawn evenly from 0..1 for a needled muscle, which twitches where the draw is
    below its chance; EXPECTED for the mean response instead; NOT_NEEDLED elsewhere. ``heat`` (muscles, people).
    """
    x, needled = state.muscles, draw < 1.5
    readiness = np.sqrt(x[RECEPTORS] * x[SHORTENING])
    chance = readiness**3 / (readiness**3 + p.twitch_half**3)
    twitch: Floats = readiness * np.where(draw < 0.0, chance, draw < chance) * needled
    x[SHORTENING] *= 1.0 - p.twitch_releases * twitch
    x[NOCICEPTORS] *= 1.0 - p.twitch_washes * twitch
    x[POTENTIAL] += p.potential_dose * (p.potential_alone * needled + (1.0 - p.potential_alone) * twitch)
    x[TENDON] += twitch
    x[HYPERAEMIA] += p.blood_alone * needled + (1.0 - p.blood_alone) * twitch + heat
    x[TRAUMA] += p.trauma_dose * (p.trauma_alone * needled + (1.0 - p.trauma_alone) * twitch)
    heard = p.spine_share * (network.beside @ twitch) + (1.0 - p.spine_share) * (network.drive @ twitch)
    state.levels[CENTRAL] *= 1.0 - p.twitch_calms * heard
    return twitch


def fade(p: Parameters, x: Floats, days: float) -> None:
    """Let the event states of ``x`` (10, muscles, people) fade for ``days``, exactly."""
    trauma, sore = np.exp(-days / p.trauma_time), np.exp(-days / p.soreness_time)
    x[POTENTIAL] *= np.exp(-days / p.potential_time)
    x[TENDON] *= np.exp(-days / p.tendon_time)
    x[HYPERAEMIA] *= np.exp(-days / p.blood_time)
    x[SORENESS] = x[SORENESS] * sore + x[TRAUMA] * (sore - trauma) * p.soreness_time / (p.soreness_time - p.trauma_time)
    x[TRAUMA] *= trauma
