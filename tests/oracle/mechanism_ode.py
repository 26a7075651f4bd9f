"""The mechanism as a plain ordinary differential equation: one person, one number at a time, apart from the package.

Written from the equations in words, sharing no code with the package: no arrays of people, no exact fading, no graded
steps. SciPy's DOP853 follows all ten states of a muscle and both of a level from one event or change of input to the
next. Below it, random bodies, people and courses on which the two are compared.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
from scipy.integrate import solve_ivp

from myotome.mechanism import native
from myotome.mechanism.course import Course
from myotome.mechanism.network import Network
from myotome.mechanism.parameters import Parameters, table
from myotome.mechanism.state import State

EXACT = 1e-10
BUILT = "numpy" if native.load() is None else "c"  # without a compiler the reference is compared with itself
F, S, C, I, N, J, G, H, M, D = range(10)  # noqa: E741 - the symbols of the equations


@dataclass(frozen=True)
class Followed:
    """What became of one person: (readings, 10, muscles), (readings, 2, levels) and (events, muscles)."""

    muscles: np.ndarray
    levels: np.ndarray
    twitches: np.ndarray


class Body:
    """Who supplies whom, as lists of (number, weight)."""

    def __init__(self, network):
        self.muscles, self.levels = range(network.muscles), range(network.levels)
        self.roots = [[(k, w) for k, w in enumerate(row) if w] for row in network.supply.tolist()]
        self.near = [[(m, w) for m, w in enumerate(row) if w] for row in network.beside.tolist()]
        spinal = {m for pairs in self.near for m, _ in pairs}
        self.away = []
        for level in self.levels:
            limb = [(m, dict(self.roots[m]).get(level, 0.0)) for m in self.muscles if m not in spinal]
            whole = sum(w for _, w in limb)
            self.away.append([(m, w / whole) for m, w in limb if w])


def weighed(pairs, values):
    """The mean of some values."""
    return sum(w * values[k] for k, w in pairs)


def steep(x, half):
    """0 at 0, 1 at 1."""
    return (1 + half**2) * x**2 / (x**2 + half**2)


def slopes(y, p, body, cause, closing, movement, stretch):
    """dy/dt; ``y`` holds ten numbers a muscle, muscle after muscle, then root irritation and sensitisation a level."""
    states = [y[10 * m : 10 * m + 10] for m in body.muscles]
    first = 10 * len(states)
    root, central = y[first::2], y[first + 1 :: 2]
    rates = []
    for m, (f, s, c, i, n, j, g, h, trauma, sore) in enumerate(states):
        lost = p.flow_loss * weighed(body.roots[m], root) * (1 - movement) * p.potential_half / (p.potential_half + j)
        asked = steep(f, p.receptor_half)
        new = (asked - s) / (p.receptor_rise if asked > s else p.receptor_fall)
        u = s * (1 + p.central_gain * weighed(body.roots[m], central)) + p.ischaemia_shortens * i
        u *= p.tendon_half / (p.tendon_half + g)
        short = u**3 / (u**3 + p.shorten_half**3)
        time = p.shorten_time if short > c else p.shorten_time * (1 + p.slow_release * i)
        dry = steep(c, p.ischaemia_half) * p.blood_half / (p.blood_half + h)
        hurt = p.pain_of_ischaemia * i
        hurt += p.pain_of_receptors * s * (p.sore_unshortened + (1 - p.sore_unshortened) * c)
        rates += [
            (lost - f) / p.flow_time,
            new - p.potential_clears * j * s,
            (short - c) / time - stretch * c,
            (dry - i) / p.ischaemia_time,
            (hurt - n) / p.nociceptor_time,
            -j / p.potential_time,
            -g / p.tendon_time,
            -h / p.blood_time,
            -trauma / p.trauma_time,
            trauma / p.trauma_time - sore / p.soreness_time,
        ]
    shortened, pained = [x[C] for x in states], [x[N] for x in states]
    for k in body.levels:
        squeeze = weighed(body.near[k], shortened)
        squeeze = closing[k] * squeeze**4 / (squeeze**4 + p.root_half**4)
        wanted = 1 - (1 - cause[k]) * (1 - squeeze)
        heard = p.spine_share * weighed(body.near[k], pained) + (1 - p.spine_share) * weighed(body.away[k], pained)
        heard = steep(heard, p.central_half)
        rates.append((wanted - root[k]) / (p.root_rise if wanted > root[k] else p.root_fall))
        rates.append((heard - central[k]) / (p.central_rise if heard > central[k] else p.central_fall))
    return rates


def needle(y, p, body, draws, heat):
    """``y`` after the needles and the heat of one session, and the twitches."""
    y, twitches = list(y), []
    for m in body.muscles:
        at, put = 10 * m, draws[m] != 2.0
        ready = math.sqrt(y[at + S] * y[at + C])
        chance = ready**3 / (ready**3 + p.twitch_half**3)
        answer = chance if draws[m] == -1.0 else float(draws[m] < chance)
        twitch = ready * answer if put else 0.0
        twitches.append(twitch)
        y[at + H] += heat[m]
        if put:
            y[at + C] -= p.twitch_releases * twitch * y[at + C]
            y[at + N] -= p.twitch_washes * twitch * y[at + N]
            y[at + J] += p.potential_dose * (p.potential_alone + (1 - p.potential_alone) * twitch)
            y[at + G] += twitch
            y[at + H] += p.blood_alone + (1 - p.blood_alone) * twitch
            y[at + M] += p.trauma_dose * (p.trauma_alone + (1 - p.trauma_alone) * twitch)
    for k in body.levels:
        heard = p.spine_share * weighed(body.near[k], twitches) + (1 - p.spine_share) * weighed(body.away[k], twitches)
        y[10 * len(twitches) + 2 * k + 1] *= 1 - p.twitch_calms * heard
    return y, twitches


def follow(network, course, parameters, start, k):
    """Person ``k`` through a course; a reading at the time of a needle comes before it."""
    body, p = Body(network), SimpleNamespace(**{n: float(of(getattr(parameters, n), k)) for n in table()})
    y = flat(start, k) if start else [0.0] * (10 * network.muscles + 2 * network.levels)
    nodes = sorted({0.0, course.end, *course.edges, *course.events, *course.readings})
    events, readings = course.events.tolist(), course.readings.tolist()
    seen, twitches = [], []
    for at, until in pairwise([*nodes, None]):
        if at in readings:
            seen.append(y)
        if at in events:
            which = events.index(at)
            y, twitch = needle(y, p, body, of(course.draws[which], k), of(course.heat[which], k))
            twitches.append(twitch)
        if until is not None:
            y = between(y, at, until, p, body, given(course, at, k))
    seen = np.array(seen)
    first = 10 * network.muscles
    muscles = seen[:, :first].reshape(len(seen), network.muscles, 10).transpose(0, 2, 1)
    levels = seen[:, first:].reshape(len(seen), network.levels, 2).transpose(0, 2, 1)
    return Followed(muscles, levels, np.array(twitches).reshape(len(events), network.muscles))


def between(y, at, until, p, body, acting):
    """``y`` at ``until``, from ``at``, as nothing changes from outside."""
    solved = solve_ivp(
        lambda _, z: slopes(z.tolist(), p, body, *acting), (at, until), y, "DOP853", rtol=EXACT, atol=EXACT
    )
    assert solved.success, solved.message
    return solved.y[:, -1].tolist()


def given(course, at, k):
    """What acts from outside after a time."""
    row = max(i for i, edge in enumerate(course.edges[:-1]) if edge <= at)
    inputs = [of(a[row], k) for a in (course.cause, course.closing, course.movement, course.stretch)]
    return [a if isinstance(a, float) else list(a) for a in inputs]


def of(values, k):
    """One person's share of an array whose last axis is people, or 1 for all."""
    return values[..., k if values.shape[-1] > 1 else 0].tolist()


def flat(state, k):
    """A state of the package as this equation reads it."""
    parts = (of(np.moveaxis(part, 0, 1), k) for part in (state.muscles, state.levels))
    return [value for part in parts for thing in part for value in thing]


# The parameters at which the errors of the tests were measured: those of the table may be fitted anew.
MEASURED_AT = {
    "root_rise": 2.0,
    "root_fall": 14.0,
    "root_half": 0.53,
    "flow_loss": 0.85,
    "flow_time": 1.5,
    "potential_half": 0.35,
    "receptor_half": 0.35,
    "receptor_rise": 1.44,
    "receptor_fall": 6.5,
    "potential_clears": 0.45,
    "shorten_half": 0.75,
    "shorten_time": 1.0,
    "slow_release": 2.0,
    "ischaemia_shortens": 0.3,
    "ischaemia_half": 0.55,
    "ischaemia_time": 0.25,
    "blood_half": 0.5,
    "nociceptor_time": 2.0,
    "pain_of_ischaemia": 0.65,
    "pain_of_receptors": 0.35,
    "sore_unshortened": 0.3,
    "central_gain": 0.3,
    "central_half": 0.4,
    "central_rise": 5.0,
    "central_fall": 14.0,
    "spine_share": 0.5,
    "tendon_half": 0.5,
    "potential_time": 4.0,
    "tendon_time": 0.25,
    "blood_time": 0.08,
    "trauma_time": 0.4,
    "soreness_time": 0.7,
    "potential_dose": 0.45,
    "potential_alone": 0.35,
    "blood_alone": 0.5,
    "trauma_dose": 0.8,
    "trauma_alone": 0.4,
    "twitch_half": 0.35,
    "twitch_releases": 0.55,
    "twitch_washes": 0.25,
    "twitch_calms": 0.15,
}
DAYS = 84.0


def one_level():
    """Five muscles of one root, the first beside the spine."""
    return Network(np.ones((5, 1)), [[1, 0, 0, 0, 0]], [0, 1, 1, 1, 1])


def two_levels():
    """Two roots, a muscle beside the spine for each; four limb muscles, two of them of both roots."""
    supply = [[1, 0], [0, 1], [1, 0], [0.6, 0.4], [0.3, 0.7], [0, 1]]
    return Network(supply, [[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0]], [0, 0, 1, 1, 1, 2])


def random_network(rng):
    """Muscles of one to three roots, levels with no, one or two muscles beside them, regions at random."""
    levels, muscles = int(rng.integers(1, 5)), int(rng.integers(2, 9))
    supply, beside = np.zeros((muscles, levels)), np.zeros((levels, muscles))
    for row in supply:
        roots = rng.choice(levels, min(levels, int(rng.integers(1, 4))), replace=False)
        row[roots] = rng.dirichlet(np.ones(len(roots)))
    for row in beside:
        near = rng.choice(muscles, min(muscles, int(rng.integers(0, 3))), replace=False)
        row[near] = rng.dirichlet(np.ones(len(near))) if len(near) else 0.0
    return Network(supply, beside, rng.integers(0, 3, muscles))


def random_parameters(rng, people=1, spread=0.1):
    """Each parameter log-normal about where it was measured, for all or (every other one) for each."""
    drawn = {}
    for k, (name, value) in enumerate(MEASURED_AT.items()):
        row = table()[name]
        factor = np.exp(spread * rng.standard_normal(people if k % 2 else 1))
        drawn[name] = np.clip(value * factor, row.least, row.most)
    drawn["pain_of_receptors"] = np.minimum(drawn["pain_of_receptors"], 1 - drawn["pain_of_ischaemia"])
    return Parameters(**drawn)


def random_course(rng, network, people=1, sessions=6, uniform=True, days=DAYS):
    """Disruption for three weeks or so, then sessions about a week apart.

    Each input is either the same for all or each one's own. Where not ``uniform`` no draw stands near a chance: the
    mean response, certainly no twitch, or no needle.
    """

    def some(*shape):
        return rng.random((*shape, people if rng.random() < 0.5 else 1))

    edges = np.unique([0.0, *np.round(rng.uniform(0.25, 0.95, 4) * days, 3), days])
    pieces, levels, shape = len(edges) - 1, network.levels, (sessions, network.muscles)
    hit = rng.random(levels) < 0.6
    hit[rng.integers(levels)] = True
    cause = 0.15 * some(pieces, levels)
    cause[edges[:-1] < days / 4] += 0.75 * hit[:, None]
    draws = np.where(some(*shape) < 0.3, -1.0, some(*shape) if uniform else 1.0)
    return Course(
        network,
        days,
        np.unique([*np.arange(0.0, days, 1.0), days]),
        cause,
        edges=edges,
        closing=1 - 0.2 * some(pieces, levels),
        movement=0.15 * some(pieces),
        stretch=0.05 * some(pieces),
        events=np.round(days / 4 + (days / 12) * (np.arange(sessions) + 0.4 * rng.random(sessions)), 3),
        draws=np.where(some(*shape) < 0.2, 2.0, draws),
        heat=some(*shape) * (some(*shape) < 0.2),
    )


def random_state(rng, network, people=1):
    """Any state: all ten of a muscle and both of a level between 0 and 1."""
    return State(rng.random((10, network.muscles, people)), rng.random((2, network.levels, people)))
