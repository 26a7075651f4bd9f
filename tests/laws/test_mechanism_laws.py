"""Laws of the mechanism over random bodies, people and courses. Each reports how often it was not vacuous.

They hold for the kernel that MYOTOME_KERNEL names; noise is off, and a person's draws are part of the course.
"""

import os
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from myotome.mechanism.course import Course
from myotome.mechanism.equations import Inputs, pull
from myotome.mechanism.events import EXPECTED, NOT_NEEDLED
from myotome.mechanism.grid import Steps
from myotome.mechanism.network import Network
from myotome.mechanism.run import run
from myotome.mechanism.state import CENTRAL, ROOT, State
from tests.oracle.mechanism_ode import BUILT, random_course, random_network, random_parameters, random_state

EVEN = Steps(1 / 5, 1 / 5, 1 / 5, early_until=0.0, middle_until=0.0)  # no node but the course's own
SHORT = Steps(1 / 8, 1 / 8, 1 / 8, early_until=0.0, middle_until=0.0)  # nobody's rates ask for shorter steps
DAYS = 28.0
PEOPLE = 17  # one more than the kernel takes at a time
SLOW = "numpy" in (BUILT, os.environ.get("MYOTOME_KERNEL"))
ROUNDING = 1e-9
TRIES = settings(deadline=None, derandomize=True, database=None, phases=[Phase.generate])
INPUTS = ("cause", "closing", "movement", "stretch", "events", "draws", "heat")
Hits = Counter[str]


def tried(record_property, law, examples=6):
    """Put a law to random cases; what it counted goes into the report, and a count under three fails."""
    hits: Hits = Counter()

    @given(seed=st.integers(0, 2**32 - 1))
    @settings(TRIES, max_examples=examples if SLOW else 6 * examples)
    def each(seed):
        rng = np.random.default_rng(seed)
        law(hits, rng, random_network(rng))

    each()
    for what, count in sorted(hits.items()):
        record_property(what, int(count))
    assert hits and min(hits.values()) >= 3, f"tried too seldom: {hits}"


def people(rng, network, **wanted):
    """People with parameters and four weeks of their own."""
    spread = float(rng.choice([0.1, 0.4]))
    return random_parameters(rng, PEOPLE, spread), random_course(rng, network, PEOPLE, days=DAYS, **wanted)


def anew(network, course, **changed):
    """A course with some of it changed."""
    given_ = {name: getattr(course, name) for name in ("end", "readings", "edges", *INPUTS)}
    return Course(network, **{**given_, **changed})


def arrays(found):
    """(readings, states, things, people) of muscles and of levels."""
    return np.stack([s.muscles for s in found.states]), np.stack([s.levels for s in found.states])


def far(one, other):
    """The largest difference between two runs in any state, pain, range or twitch."""
    pairs = [*zip(arrays(one), arrays(other), strict=True), (one.pain, other.pain), (one.shortening, other.shortening)]
    return max(np.abs(a - b).max(initial=0.0) for a, b in [*pairs, (one.twitches, other.twitches)])


@pytest.fixture
def everything(monkeypatch):
    """No muscle and no level is left out as healthy: the steps themselves keep the law."""
    monkeypatch.setattr("myotome.mechanism.run.disturbed", lambda network, *_: whole(network))


def whole(network):
    return np.arange(network.muscles, dtype=np.int32), np.arange(network.levels, dtype=np.int32)


def test_states_stay_within_bounds(record_property):
    """0 to 1 for what follows the equations, 0 and up for what fades; pain 0 to 10; all of it numbers."""

    def law(hits, rng, network):
        parameters, course = people(rng, network)
        start = random_state(rng, network, PEOPLE) if rng.random() < 0.5 else None
        found = run(network, course, parameters, start=start, steps=EVEN, keep_states=True)
        muscles, levels = arrays(found)
        assert muscles.min() >= 0.0
        assert muscles[:, :5].max() <= 1.0 + 1e-12
        assert levels.min() >= 0.0
        assert levels.max() <= 1.0 + 1e-12
        assert found.pain.min() >= 0.0
        assert found.pain.max() <= 10.0
        assert found.shortening.max() <= 1.0 + 1e-12
        assert not found.outcome.any()
        hits["people in pain above 5"] += (found.worst > 5).any(axis=0).sum()
        hits["twitches"] += (found.twitches > 0.1).sum()

    tried(record_property, law, 8)


def test_rest_is_exactly_fixed(record_property, everything):
    """Whatever the parameters, exercise, stretch, room for the root, or heat: not one state of the nerve moves."""

    def law(hits, rng, network):
        parameters, course = people(rng, network)
        draws = np.full_like(course.draws, NOT_NEEDLED)
        still = anew(network, course, cause=0 * course.cause, draws=draws)
        found = run(network, still, parameters, keep_states=True, steps=EVEN)
        muscles, levels = arrays(found)
        assert not muscles[:, :5].any()
        assert not levels.any()
        assert not found.pain.any()
        assert not muscles[:, [5, 6, 8, 9]].any()
        hits["runs with exercise, stretch and heat"] += bool(course.heat.any())

    tried(record_property, law)


def test_a_needle_in_a_healthy_muscle_does_nothing_lasting(record_property, everything):
    """No twitch, whatever is drawn; a day or two of soreness; the nerve stays as it was, exactly."""

    def law(hits, rng, network):
        course, parameters = people(rng, network)[1], random_parameters(rng, PEOPLE)
        quiet = anew(network, course, cause=0 * course.cause, events=course.events / 3)
        found = run(network, quiet, parameters, keep_states=True, steps=EVEN)
        muscles, levels = arrays(found)
        assert not found.twitches.any()
        assert not muscles[:, :5].any()
        assert not levels.any()
        assert found.worst[-1].max() < 1e-3
        hits["needles"] += (course.draws < NOT_NEEDLED).sum()
        hits["people who were sore"] += (found.worst > 0.1).any(axis=0).sum()

    tried(record_property, law)


def test_more_cause_never_means_less_of_anything(record_property):
    """Untreated, at every time, in every state and in pain: more disruption, or the same for longer."""

    def law(hits, rng, network):
        parameters, course = people(rng, network)
        more = course.cause + (1 - course.cause) * (rng.random(course.cause.shape) < 0.3) * rng.random()
        if rng.random() < 0.5:  # the same for longer: each stretch as bad as the one before it
            more = np.maximum(course.cause, np.concatenate([course.cause[:1], course.cause[:-1]]))
        calm = {"events": (), "draws": None, "heat": None, "closing": np.round(course.closing)}
        start = random_state(rng, network, PEOPLE) if rng.random() < 0.3 else None
        low, high = (
            run(network, anew(network, course, cause=c, **calm), parameters, start=start, steps=EVEN, keep_states=True)
            for c in (course.cause, more)
        )
        for less, greater in zip(arrays(low), arrays(high), strict=True):
            assert (greater - less).min() >= -ROUNDING
        assert (high.pain - low.pain).min() >= -ROUNDING
        hits["people to whom it made half a point"] += (high.pain - low.pain > 0.5).any(axis=(0, 1)).sum()
        hits["pairs"] += bool((more > course.cause).any())

    tried(record_property, law, 8)


def test_nothing_that_rises_makes_another_thing_fall(record_property):
    """The equations themselves: a state's slope never falls as another state, or cause or closing, rises."""

    def law(hits, rng, network):
        parameters = random_parameters(rng, 300, 0.4)
        low = random_state(rng, network, 300)
        high = State(
            *(a + (1 - a) * rng.random(a.shape) * (rng.random(a.shape) < 0.5) for a in (low.muscles, low.levels))
        )
        high.muscles[5:] = low.muscles[5:]
        for kind, count in (("muscles", 5), ("levels", 2)):
            state, thing = int(rng.integers(count)), int(rng.integers(getattr(low, kind).shape[1]))
            getattr(high, kind)[state, thing] = getattr(low, kind)[state, thing]
        calm = (rng.random(300) * 0.5, rng.random(300) * 0.2)
        cause, closing = rng.random((2, network.levels, 300))
        less = slope(parameters, network, low, Inputs(cause, closing, *calm))
        more = slope(parameters, network, high, Inputs(cause + (1 - cause) / 2, np.sqrt(closing), *calm))
        for a, b, x, y in zip(less, more, (low.muscles[:5], low.levels), (high.muscles[:5], high.levels), strict=True):
            assert (b - a)[x == y].min() >= -1e-12
            hits["slopes that rose"] += ((b - a)[x == y] > 1e-6).sum()

    tried(record_property, law, 20)


def slope(parameters, network, state, inputs):
    """Change a day of the muscles' first five states and of the levels."""
    to = pull(parameters, network, state.muscles, state.levels, inputs)
    return to.muscle_rates * (to.muscles - state.muscles[:5]), to.level_rates * (to.levels - state.levels)


def reached(network, roots):
    """Muscles that the disruption of some roots reaches, by their nerves and by what they squeeze."""
    found = set()
    while True:
        new = {m for m in range(network.muscles) if any(network.supply[m, r] for r in roots)}
        roots = roots | {r for r in range(network.levels) if any(network.beside[r, m] for m in new)}
        if new == found:
            return sorted(found)
        found = new


def test_what_no_disrupted_root_reaches_stays_at_zero(record_property, monkeypatch):
    """Exactly, also where it is computed; and leaving it out changes no number of what is reached."""
    hits: Hits = Counter()
    for seed in range(5 if SLOW else 30):
        rng = np.random.default_rng(seed)
        network = doubled(random_network(rng))
        parameters, course = people(rng, network)
        ill = int(rng.integers(network.levels // 2))
        only = np.where(np.arange(network.levels)[:, None] == ill, course.cause, 0.0)
        far_off = np.setdiff1d(np.arange(network.muscles), reached(network, {ill}))
        draws, heat = course.draws.copy(), course.heat.copy()
        draws[:, far_off], heat[:, far_off] = NOT_NEEDLED, 0.0
        course = anew(network, course, cause=only, draws=draws, heat=heat)
        left_out = run(network, course, parameters, keep_states=True, steps=EVEN)
        with monkeypatch.context() as patch:
            patch.setattr("myotome.mechanism.run.disturbed", lambda network, *_: whole(network))
            computed = run(network, course, parameters, keep_states=True, steps=EVEN)
        for found in (left_out, computed):
            assert not arrays(found)[0][:, :, far_off].any()
        assert far(left_out, computed) < 1e-12
        hits["muscles out of reach"] += len(far_off)
        hits["runs with muscles ill"] += bool((left_out.worst > 1).any())
    for what, count in hits.items():
        record_property(what, int(count))
    assert min(hits.values()) >= 3, hits


def doubled(network):
    """Two bodies that know nothing of each other, as one."""
    nothing = np.zeros_like(network.supply)
    supply = np.block([[network.supply, nothing], [nothing, network.supply]])
    beside = np.block([[network.beside, nothing.T], [nothing.T, network.beside]])
    return Network(supply, beside, [*network.region, *(network.region + network.regions)])


def test_the_order_of_muscles_levels_and_people_is_no_matter(record_property):
    """Everything in another order, or one person alone: the same results in that order."""

    def law(hits, rng, network):
        parameters, course = random_parameters(rng, PEOPLE, 0.1), random_course(rng, network, PEOPLE, days=DAYS)
        m, r, p = (rng.permutation(n) for n in (network.muscles, network.levels, PEOPLE))
        one = run(network, course, parameters, keep_states=True, steps=SHORT)
        other_network = Network(network.supply[np.ix_(m, r)], network.beside[np.ix_(r, m)], network.region[m])

        def of(values, who, order=None):
            values = values if order is None else values[:, order]
            return values[..., who] if values.shape[-1] > 1 else values

        orders = {"cause": r, "closing": r, "movement": None, "stretch": None, "draws": m, "heat": m}
        changed = {name: of(getattr(course, name), p, order) for name, order in orders.items()}
        moved = run(
            other_network, anew(other_network, course, **changed), parameters.taken(p), keep_states=True, steps=SHORT
        )
        muscles, levels = arrays(one)
        wanted = replace(
            one,
            states=tuple(State(a[:, m][..., p], b[:, r][..., p]) for a, b in zip(muscles, levels, strict=True)),
            drive=one.drive[..., p],
            shortening=one.shortening[..., p],
            twitches=one.twitches[:, m][..., p],
        )
        assert far(moved, wanted) < ROUNDING
        alone = anew(network, course, **{name: of(getattr(course, name), slice(3, 4)) for name in orders})
        single = run(network, alone, parameters.taken(slice(3, 4)), steps=SHORT)
        assert np.abs(single.pain[..., 0] - one.pain[..., 3]).max() < ROUNDING
        hits["orders that differ"] += not (np.array_equal(m, sorted(m)) and np.array_equal(p, sorted(p)))
        hits["people in pain above 3"] += (one.worst > 3).any(axis=0).sum()

    tried(record_property, law)


def test_a_run_in_two_parts_equals_one(record_property):
    """Cut at any day: the second part starts from the end of the first. A needle at the cut is in one of the two."""

    def law(hits, rng, network):
        parameters, course = people(rng, network)
        cut = float(rng.choice([*course.events, *course.edges[1:-1], *course.readings[1:-1]]))
        course = anew(network, course, readings=np.union1d(course.readings, [cut]))
        whole_ = run(network, course, parameters, keep_states=True, steps=EVEN)
        first = run(network, *part(network, course, 0.0, cut, parameters), keep_states=True, steps=EVEN)
        rest = part(network, course, cut, DAYS, parameters)
        second = run(network, *rest, start=first.end, keep_states=True, steps=EVEN)
        joined = replace(
            whole_,
            states=(*first.states[:-1], *second.states),
            drive=np.concatenate([first.drive[:-1], second.drive]),
            shortening=np.concatenate([first.shortening[:-1], second.shortening]),
            twitches=np.concatenate([first.twitches, second.twitches]),
        )
        assert far(joined, whole_) < ROUNDING
        assert np.abs(second.end.muscles - whole_.end.muscles).max() < ROUNDING
        hits["people ill at the cut"] += (second.worst[0] > 0.5).sum()
        hits["cuts"] += 1

    tried(record_property, law, 8)


def part(network, course, since, until, parameters):
    """What lies from one day to another, needles of the first but not of the last; days counted from the first."""
    edges = np.unique([since, *course.edges[(course.edges > since) & (course.edges < until)], until])
    rows = np.searchsorted(course.edges, edges[:-1], side="right") - 1
    now = (course.events >= since) & (course.events < until)
    looked = course.readings[(course.readings >= since) & (course.readings <= until)]
    inputs = {name: getattr(course, name)[rows] for name in ("cause", "closing", "movement", "stretch")}
    events = {"events": course.events[now] - since, "draws": course.draws[now], "heat": course.heat[now]}
    times = {"end": round(until - since, 9), "readings": looked - since, "edges": edges - since}
    return anew(network, course, **times, **inputs, **events), parameters


def test_nothing_acts_before_its_time(record_property):
    """Up to the day of a session and on it, which is read before the needle, all is as without it, to the last bit."""

    def law(hits, rng, network):
        parameters, course = people(rng, network)
        k = int(rng.integers(len(course.events)))
        course = anew(network, course, readings=np.union1d(course.readings, course.events))
        draws = course.draws.copy()
        draws[k:] = np.where(draws[k:] == NOT_NEEDLED, EXPECTED, NOT_NEEDLED)
        one, other = (
            run(network, c, parameters, keep_states=True, steps=EVEN)
            for c in (course, anew(network, course, draws=draws))
        )
        before = course.readings <= course.events[k]
        for a, b in zip(arrays(one), arrays(other), strict=True):
            np.testing.assert_array_equal(a[before], b[before])
        np.testing.assert_array_equal(one.twitches[:k], other.twitches[:k])
        hits["people to whom it made a tenth of a point later"] += (
            (np.abs(one.pain - other.pain) > 0.1).any((0, 1)).sum()
        )
        hits["readings before it"] += before.sum()

    tried(record_property, law)


def test_a_twitch_follows_its_draw(record_property):
    """Of size sqrt(S C), where the draw is below its chance; the mean response is the mean over draws."""

    def law(hits, rng, network):
        count = 400
        start, parameters = random_state(rng, network), random_parameters(rng, 1, 0.4)
        draws = np.empty((1, network.muscles, count + 2))
        draws[..., :count] = (np.arange(count) + 0.5) / count
        draws[..., count], draws[..., count + 1] = EXPECTED, NOT_NEEDLED
        course = Course(network, 0.1, [0.0], np.zeros((1, network.levels, 1)), events=[0.0], draws=draws)
        found = run(network, course, parameters, start=start).twitches[0]
        ready = np.sqrt(start.muscles[1] * start.muscles[2])
        chance = ready**3 / (ready**3 + parameters.twitch_half**3)
        np.testing.assert_allclose(found[:, :count], ready * (draws[0, :, :count] < chance), rtol=1e-6, atol=0)
        np.testing.assert_allclose(found[:, count], (ready * chance)[:, 0], rtol=1e-6)
        np.testing.assert_allclose(found[:, :count].mean(axis=1), found[:, count], atol=0.51 / count)
        assert not found[:, count + 1].any()
        hits["muscles that may twitch and may not"] += ((chance > 0.1) & (chance < 0.9)).sum()

    tried(record_property, law, 20)


def test_a_needle_leaves_what_it_says(record_property):
    """Less shortening and pain the larger the twitch, calmer levels; more potential, blood and trauma than without."""

    def law(hits, rng, network):
        start, parameters = random_state(rng, network), random_parameters(rng)
        draws = np.full((1, network.muscles, 3), 0.0)  # twitches, does not, is not needled
        draws[..., 1], draws[..., 2] = 1.0, NOT_NEEDLED
        cause = np.zeros((1, network.levels, 1))
        end = run(network, Course(network, 1.0, [0.0], cause, events=[1.0], draws=draws), parameters, start=start).end
        twitched, quiet, none = (end.muscles[..., k] for k in range(3))
        np.testing.assert_array_equal(quiet[:5], none[:5])
        np.testing.assert_array_equal(end.levels[ROOT, :, 0], end.levels[ROOT, :, 2])
        assert (twitched[[2, 4]] < none[[2, 4]]).all()
        assert (end.levels[CENTRAL, :, 0] <= end.levels[CENTRAL, :, 2]).all()
        for state in (5, 7, 8):  # injury potential, hyperaemia, micro-trauma
            assert (twitched[state] >= quiet[state]).all()
            assert (quiet[state] > none[state]).all()
        np.testing.assert_array_equal(twitched[[0, 1, 3, 9]], none[[0, 1, 3, 9]])
        hits["twitches"] += (twitched[6] > quiet[6]).sum()

    tried(record_property, law)


def test_looking_more_often_changes_nothing_but_the_steps(record_property):
    """Readings on days that are nodes anyway: the same bits. Elsewhere: within the bound of the steps, 0.05 points."""

    def law(hits, rng, network):
        parameters, course = people(rng, network, uniform=False)
        nodes = np.union1d(course.events, course.edges)
        few, same, many = (
            run(network, anew(network, course, readings=days), parameters, steps=Steps(1 / 24, 1 / 12, 1 / 8))
            for days in (course.edges, nodes, np.union1d(nodes, np.round(rng.uniform(0, DAYS, 40), 3)))
        )
        np.testing.assert_array_equal(same.drive[np.isin(same.days, few.days)], few.drive)
        np.testing.assert_array_equal(same.end.muscles, few.end.muscles)
        gap = np.abs(many.pain[np.isin(many.days, few.days)] - few.pain).max()
        assert gap < 0.05
        hits["runs with other steps"] += bool(gap > 0)
        hits["people in pain above 3"] += (few.worst > 3).any(axis=0).sum()

    tried(record_property, law, 4)
