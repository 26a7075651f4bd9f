"""The experiments: each answers, for every set of parameters on the bench, whether what is claimed happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from myotome.care.simulation.patients import LIMB, SPINE
from myotome.care.theory.bench import WEEK, Bench
from myotome.mechanism import readings
from myotome.mechanism.network import Floats
from myotome.mechanism.parameters import reading_table
from myotome.mechanism.run import Trajectory
from myotome.mechanism.state import (
    FLOW,
    HYPERAEMIA,
    NOCICEPTORS,
    RECEPTORS,
    SHORTENING,
    SORENESS,
    State,
)

HURTS, FREE = 4.0, 1.0  # pain from which a claim calls it pain, and below which it is off


@dataclass(frozen=True)
class Found:
    """Numbers found, by name, for each set of parameters; and the checks made on them."""

    numbers: Mapping[str, Floats]
    checks: Mapping[str, Any]


def first_day(days: Floats, above: Any) -> Floats:
    """The first day on which something holds, (readings, people) -> (people,); endless where never."""
    return np.where(above.any(axis=0), days[above.argmax(axis=0)], np.inf)


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


def course(bench: Bench) -> Found:
    """Pain falls from session to session, is switched off after a few, and stays off; too few do not hold."""
    six = bench.weekly(6)
    steps, late = six.worst[:6], {n: bench.weekly(n).worst[-1] for n in (1, 2, 3, 4, 5, 8)}
    late[6] = six.worst[-1]
    after = six.worst[np.searchsorted(six.days, 5 * WEEK + WEEK + 3.0)]
    needed = np.select([late[n] < FREE for n in sorted(late)], sorted(late), default=np.inf)
    numbers = {f"before session {k + 1}": value for k, value in enumerate(steps)}
    numbers |= {"10 days after six": after, "sessions that hold": needed}
    return Found(
        numbers | {f"150 days after {n}": value for n, value in sorted(late.items())},
        {
            "stepwise": (np.diff(steps, axis=0) < 0.05).all(axis=0),
            "off after six": after < FREE,
            "six hold": late[6] < FREE,
            "eight hold": late[8] < FREE,
            "two relapse": late[2] > HURTS,
            "three relapse": late[3] > HURTS,
        },
    )


def places(bench: Bench) -> Found:
    """Limb alone, spine alone, one muscle a visit: against both at once."""
    limb = {n: bench.weekly(n, LIMB) for n in (6, 12)}
    spine = {n: bench.weekly(n, (SPINE,)).worst[-1] for n in (3, 6, 12)}
    turns = [[k % 5] for k in range(10)]
    single = bench.follow(200.0, [200.0], sessions=np.arange(10) * WEEK, muscles=turns, start=bench.ill).worst[-1]
    numbers = {f"limb only, {n} sessions": t.worst[-1] for n, t in limb.items()}
    numbers |= {f"spine only, {n} sessions": value for n, value in spine.items()}
    return Found(
        numbers | {"one muscle a visit, 10 visits": single},
        {
            "limb only relapses": (numbers["limb only, 6 sessions"] > HURTS)
            & (numbers["limb only, 12 sessions"] > HURTS),
            "both hold": bench.weekly(6).worst[-1] < FREE,
            "spine only relapses": spine[12] > HURTS,
            "one muscle a visit fails": single > HURTS,
        },
    )


def discomfort(bench: Bench) -> Found:
    """The twitches, from which the discomfort comes, weaken as the nerve recovers."""
    sums = bench.weekly(7).twitches.sum(axis=1)
    limb = bench.weekly(7, LIMB).twitches.sum(axis=1)
    return Found(
        {f"twitches, session {k + 1}": value for k, value in enumerate(sums)} | {"limb only, session 7": limb[-1]},
        {"falls": (np.diff(sums, axis=0) < 0.0).all(axis=0), "nearly gone at the seventh": sums[-1] < 0.2 * sums[0]},
    )


def aftermath(bench: Bench) -> Found:
    """The days after one session: soreness, blood flow, a quieter and longer muscle, less pain."""
    days = np.concatenate([[0.0], np.arange(1, 73) / 24.0, [7.0, 14.0]])
    one = bench.follow(14.0, days, sessions=[0.0], start=bench.ill, keep=True)
    sore = np.stack([state.of(SORENESS)[1] for state in one.states])
    peak, hours = sore.max(axis=0), days * 24.0
    over = np.array([hours[1:73][column < 0.2].min(initial=np.inf) for column in (sore[1:73] / peak).T * _later(sore)])
    return Found(
        {
            "hour of most soreness": hours[sore.argmax(axis=0)],
            "soreness below a fifth from hour": over,
            "pain after 2 days": one.worst[48] - one.worst[0],
            "pain after 7 days": one.worst[-2] - one.worst[0],
        },
        {
            "sore for a day or two": (over > 12.0) & (over <= 72.0),
            "less pain after a week": one.worst[-2] < one.worst[0] - 0.5,
            "less pain on the first day": one.worst[24] < one.worst[0] - 0.5,
        },
    )


def _later(sore: Floats) -> Floats:
    """1 from the peak on, endless before it, so that only the fall is looked at: (people, 72)."""
    hours = np.arange(1, 73)[None, :]
    return np.where(hours >= sore.argmax(axis=0)[:, None], 1.0, np.inf)


def carries(bench: Bench) -> Found:
    """What the needle does at once, and whether the outcome of six sessions hangs on it."""
    one = bench.follow(1.0, np.arange(25) / 24.0, sessions=[0.0], start=bench.ill, keep=True)
    blood = np.stack([state.of(HYPERAEMIA)[1] for state in one.states])
    quiet = np.stack([readings.resting_activity(state)[1] for state in one.states])
    central = np.stack([state.central[0] for state in one.states])
    without = {name: bench.changed(**{key: off}).weekly(6).worst[-1] for name, (key, off) in _CARRIERS.items()}
    return Found(
        {
            "hours of blood flow above a fifth": (blood > 0.2).sum(axis=0).astype(float),
            "resting activity, share left at 1 h": quiet[1] / quiet[0],
            "central sensitisation, share left at 1 h": central[1] / central[0],
            **{f"150 days after six sessions without {name}": pain for name, pain in without.items()},
        },
        {
            "blood flow rises": blood[1] > 0.2,
            "quieter": quiet[1] < 0.6 * quiet[0],
            "cord calmer": central[1] < central[0],
            "injury potential is needed": without["injury potential"] > HURTS,
            "release is needed": without["release by the twitch"] > HURTS,
            "blood flow is needed": without["blood flow"] > HURTS,
            "tendon organs are needed": without["tendon organs"] > HURTS,
            "calmer cord is needed": without["calmer cord"] > HURTS,
        },
    )


_CARRIERS = {
    "injury potential": ("potential_dose", 0.0),
    "release by the twitch": ("twitch_releases", 0.0),
    "blood flow": ("blood_half", 10.0),
    "tendon organs": ("tendon_half", 10.0),
    "calmer cord": ("twitch_calms", 0.0),
}


def others(bench: Bench) -> Found:
    """Exercise beside the needle; stretch alone; heat against soreness; a cause that stays; a new injury."""
    four = bench.weekly(4).worst[-1]
    moved = bench.follow(171.0, [171.0], sessions=np.arange(4) * WEEK, start=bench.ill, movement=0.2).worst[-1]
    rub = {
        amount: bench.follow(128.0, [28.0, 128.0], start=bench.ill, stretch=((amount, 28.0),)).worst
        for amount in (0.2, 0.5)
    }
    staying = bench.follow(200.0, [200.0], cause=((0.7, 200.0),), sessions=np.arange(6) * WEEK, start=bench.ill).worst[
        -1
    ]
    healed = bench.weekly(8).end
    again = bench.follow(120.0, [120.0], cause=((0.9, 14.0),), start=healed).worst[-1]
    plain, warm = (
        bench.follow(1.0, [0.51], sessions=[0.0], start=bench.ill, heat=h, keep=True) for h in (None, {0.5: 1.0})
    )
    eased = _soreness(bench, plain) - _soreness(bench, warm)
    return Found(
        {
            "four sessions": four,
            "four sessions with exercise 0.2": moved,
            "stretch 0.2 a day for 28 days, then 100 without": rub[0.2][1],
            "stretch 0.5 a day for 28 days, then 100 without": rub[0.5][1],
            "six sessions while a cause of 0.7 stays": staying,
            "recovered, then 0.9 for 14 days again": again,
            "heat takes from felt soreness, points": eased,
        },
        {
            "exercise makes four sessions enough": moved < FREE,
            "stretch alone does not cure": (rub[0.2][1] > HURTS) & (rub[0.5][1] > HURTS),
            "a cause that stays brings it back": staying > HURTS,
            "less likely to fall ill again": again < FREE,
            "heat eases soreness": eased > 0.0,
        },
    )


def _soreness(bench: Bench, done: Trajectory) -> Floats:
    with_it, without = done.states[0], done.states[0].copy()
    without.muscles[SORENESS] = 0.0
    return _pain(bench, with_it) - _pain(bench, without)


def _pain(bench: Bench, state: State) -> Floats:
    worst: Floats = readings.pain(readings.by_region(bench.network, readings.drive(bench.network, state))).max(axis=0)
    return worst


def gaps(bench: Bench) -> Found:
    """Six sessions closer together or further apart."""
    late = {gap: bench.weekly(6, gap=gap).worst[-1] for gap in (3.5, 7.0, 14.0, 21.0)}
    return Found(
        {f"every {gap:g} days": value for gap, value in late.items()},
        {"closer is no worse": late[3.5] <= late[7.0] + 0.1, "fortnightly relapses": late[14.0] > HURTS},
    )


EXPERIMENTS: Mapping[str, Callable[[Bench], Found]] = {
    f.__name__: f
    for f in (health, onset, outlives, untreated, signs, course, places, discomfort, aftermath, carries, others, gaps)
}
