"""Experiments with the needle: how many sessions, where, how often, what each part of it carries, what goes with it."""

from __future__ import annotations

import numpy as np

from myotome.care.simulation.cohort.patients import LIMB, SPINE
from myotome.care.theory.bench import WEEK, Bench
from myotome.care.theory.found import FREE, HURTS, Found
from myotome.mechanism import readings
from myotome.mechanism.network import Floats
from myotome.mechanism.run import Trajectory
from myotome.mechanism.state import HYPERAEMIA, SORENESS, State


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
