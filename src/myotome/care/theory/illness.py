"""Experiments without a needle: health, falling ill, staying ill, what an examiner finds."""

from __future__ import annotations

import numpy as np

from myotome.care.simulation.cohort.patients import LIMB
from myotome.care.theory.bench import Bench
from myotome.care.theory.found import FREE, HURTS, Found, first_day
from myotome.mechanism import readings
from myotome.mechanism.parameters import reading_table
from myotome.mechanism.state import FLOW, NOCICEPTORS, RECEPTORS, SHORTENING


def health(bench: Bench) -> Found:
    """Rest stays rest; a needle in healthy muscle does not make it twitch and leaves nothing."""
    rest = bench.follow(60.0, [60.0], movement=0.3)
    needled = bench.follow(60.0, [60.0], sessions=[1.0, 8.0], keep=True)
    moved = np.abs(rest.end.muscles).max(axis=(0, 1)) + np.abs(rest.end.levels).max(axis=(0, 1))
    left = np.abs(needled.end.muscles[: NOCICEPTORS + 1]).max(axis=(0, 1)) + np.abs(needled.end.levels).max(axis=(0, 1))
    twitch = np.abs(needled.twitches).max(axis=(0, 1))
    return Found(
        {"change at rest": moved, "left by the needle": left, "twitch": twitch},
        {"rest is fixed": moved == 0.0, "no twitch": twitch == 0.0, "nothing left": left == 0.0},
    )


def onset(bench: Bench) -> Found:
    """Less flow, then supersensitivity, then shortening, then pain; and how soon."""
    ill, limb = bench.falling_ill, LIMB[0]
    of = {name: np.stack([s.of(k)[limb] for s in ill.states]) for name, k in _STATES.items()}
    day = {name: first_day(ill.days, value > 0.1) for name, value in of.items()}
    pain = first_day(ill.days, ill.worst > 3.0)
    half = first_day(ill.days, of["supersensitivity"] > 0.5)
    order = (day["flow"] < day["supersensitivity"]) & (day["supersensitivity"] < day["shortening"])
    return Found(
        {
            **{f"{k} from day": v for k, v in day.items()},
            "supersensitivity half from day": half,
            "pain 3 from day": pain,
        },
        {
            "in this order": order & (day["shortening"] < pain),
            "supersensitivity within 30 h to 3 d": (day["supersensitivity"] >= 1.25) & (day["supersensitivity"] <= 3.0),
            "pain within two weeks": pain <= 14.0,
        },
    )


_STATES = {"flow": FLOW, "supersensitivity": RECEPTORS, "shortening": SHORTENING}


def outlives(bench: Bench) -> Found:
    """Pain outlives a cause that was long and strong enough, and only that."""
    causes = {"0.9 for 3 days": (0.9, 3.0), "0.3 for 28 days": (0.3, 28.0), "0.5 for 14 days": (0.5, 14.0)}
    later = {name: bench.follow(180.0, [180.0], cause=(c,)).worst[-1] for name, c in causes.items()}
    strong = bench.follow(365.0, [180.0, 365.0], cause=((0.9, 14.0),)).worst
    later["0.9 for 14 days"] = strong[0]
    weak = np.stack([later[name] for name in causes])
    return Found(
        {f"pain on day 180 after {k}": v for k, v in later.items()} | {"a year after 0.9 for 14 days": strong[1]},
        {
            "a strong cause leaves pain for a year": strong[1] > HURTS,
            "a weak or short one leaves none": (weak < FREE).all(0),
        },
    )


def untreated(bench: Bench) -> Found:
    """Without treatment and without repair the ill stay ill; with slow repair they do not for ever."""
    stays = bench.follow(730.0, [730.0], start=bench.ill).worst[-1]
    healing = Bench(bench.parameters, bench.loop * 0.4, bench.steps, bench.network, bench.wide)
    heals = healing.follow(365.0, [365.0], start=bench.ill).worst[-1]
    return Found(
        {"pain after two years": stays, "a year after the room for the root has widened by 60 %": heals},
        {"persists": stays > HURTS, "repair ends it": heals < FREE},
    )


def signs(bench: Bench) -> Found:
    """What an examiner finds in the ill: stiffness, weakness, tenderness, activity at rest, cool skin, burning."""
    ill, net = bench.ill, bench.network
    numbers = {
        "range of movement, %": readings.movement_range(readings.tightest(net, ill.of(SHORTENING))).min(axis=0),
        "strength, %": readings.strength(ill).min(axis=0),
        "pressure-pain threshold, kPa": readings.threshold(net, ill).min(axis=0),
        "resting activity, µV": readings.resting_activity(ill).max(axis=0),
        "skin, °C": readings.skin(ill).min(axis=0),
        "burning, 0..10": readings.burning(ill).max(axis=0),
    }
    stiff, weak, tender, active, skin, burning = numbers.values()
    healthy = reading_table()["threshold_healthy"].value
    return Found(
        numbers,
        {
            "stiff": stiff < 80.0,
            "weak": weak < 80.0,
            "tender": tender < 0.6 * healthy,
            "active at rest": (active > 10.0) & (active < 40.0),
            "burns": burning > 3.0,
            "skin is warm": skin > 0.0,
        },
    )
