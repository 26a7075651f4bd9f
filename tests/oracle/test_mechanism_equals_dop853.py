"""Both kernels against a plain differential equation solved to 1e-10, and the order in which their errors shrink."""

from functools import cache

import numpy as np
import pytest

from myotome.mechanism import readings
from myotome.mechanism.course import Course
from myotome.mechanism.grid import COHORT, FINE, FINEST, Steps
from myotome.mechanism.parameters import Parameters, table
from myotome.mechanism.run import run
from myotome.mechanism.state import SHORTENING, State
from tests.oracle import mechanism_ode as ode

PEOPLE = 2
BODIES = {
    "one level": (1, lambda rng: ode.one_level()),
    "two levels": (4, lambda rng: ode.two_levels()),
    "random": (11, ode.random_network),
    "another": (12, ode.random_network),
}
# Largest error in pain points at any reading and in any core state, over two people of each body in twelve weeks.
WITHIN = {COHORT: (0.003, 0.01), FINE: (0.0012, 0.001), FINEST: (0.0001, 0.00012)}
# The same runs in a kernel; NumPy takes seconds for the finest.
RUNS = [(ode.BUILT, COHORT), (ode.BUILT, FINE), (ode.BUILT, FINEST), ("numpy", COHORT)]


@cache
def followed(body, days=ode.DAYS):
    """A body, its course and parameters, and what the equation says: states at every reading, twitches."""
    seed, made = BODIES[body]
    rng = np.random.default_rng(seed)
    network = made(rng)
    course, parameters = ode.random_course(rng, network, PEOPLE, days=days), ode.random_parameters(rng, PEOPLE)
    return network, course, parameters, exact(network, course, parameters)


def exact(network, course, parameters, start=None, people=PEOPLE):
    each = [ode.follow(network, course, parameters, start, k) for k in range(people)]
    return ode.Followed(*(np.stack([getattr(one, n) for one in each], -1) for n in ("muscles", "levels", "twitches")))


def states(trajectory):
    return np.stack([s.muscles for s in trajectory.states]), np.stack([s.levels for s in trajectory.states])


def pain(network, muscles, levels):
    """Pain by region, said anew: the eighth-power mean that the reading's page gives, through its saturation."""
    k = {name: row.value for name, row in readings.reading_table().items()}
    central = np.einsum("ml,tlp->tmp", network.supply, levels[:, 1])
    sore = k["pain_soreness"] * muscles[:, 9] / (1 + k["soreness_heat"] * muscles[:, 7])
    drive = muscles[:, 4] * (k["pain_nociceptors"] + k["pain_central"] * central) + sore
    regions = [(drive[:, network.region == r] ** 8).sum(axis=1) ** (1 / 8) for r in range(network.region.max() + 1)]
    full = 1 - np.exp(-k["pain_steep"] * k["pain_full"])
    return np.minimum(10.0, 10 * (1 - np.exp(-k["pain_steep"] * np.stack(regions, 1))) / full)


def test_the_equation_knows_every_parameter_of_the_table():
    """One more in the table would be a term that the oracle leaves out."""
    assert set(ode.MEASURED_AT) == set(table())


@pytest.mark.parametrize("body", BODIES)
def test_kernels_equal_the_equation(body):
    """Needles, heat, exercise, stretch, widened roots: pain, range, states and twitches within each grading's bound.

    Away from the tipping point: 1e-6 more of root_half moves nobody's pain by 0.0005 points. And no draw lies so near
    to its chance that another size of step changes the answer.
    """
    network, course, parameters, truth = followed(body)
    hurt = pain(network, truth.muscles, truth.levels)
    assert hurt.max() > 4, "nobody was ill"
    assert (truth.twitches > 0.2).any(), "nothing twitched"
    nudged = parameters.changed(root_half=parameters.root_half + 1e-6)
    one, other = (run(network, course, p, kernel=ode.BUILT).pain for p in (parameters, nudged))
    assert np.abs(one - other).max() < 5e-4, "near the tipping point"
    parts = [truth.muscles[:, SHORTENING, network.region == r] for r in range(network.regions)]
    tight = np.stack([part.max(axis=1, initial=0) for part in parts], 1)
    for kernel, steps in RUNS:
        found = run(network, course, parameters, steps=steps, kernel=kernel, keep_states=True)
        muscles, levels = states(found)
        points, share = WITHIN[steps]
        assert np.abs(found.pain - hurt).max() < points, (kernel, steps)
        assert np.abs(muscles - truth.muscles).max() < share, (kernel, steps)
        assert np.abs(levels - truth.levels).max() < share, (kernel, steps)
        assert np.abs(found.twitches - truth.twitches).max() < share, (kernel, steps)
        assert np.abs(found.shortening - tight).max() < share, (kernel, steps)
        assert found.outcome.tolist() == [0] * PEOPLE


def test_the_parameters_of_the_table_too():
    """As they stand today, wherever they were last fitted: at the finest steps."""
    rng = np.random.default_rng(4)
    network, parameters = ode.two_levels(), Parameters()
    course = ode.random_course(rng, network, uniform=False)
    truth = exact(network, course, parameters, people=1)
    found = run(network, course, parameters, steps=FINEST, kernel=ode.BUILT)
    assert np.abs(found.pain - pain(network, truth.muscles, truth.levels)).max() < 4 * WITHIN[FINEST][0]


@pytest.mark.parametrize("kernel", [ode.BUILT, "numpy"])
def test_what_fades_is_exact(kernel):
    """Injury potential to soreness, from needles without a twitch, heat, and a start: 1e-9, however long the steps."""
    rng = np.random.default_rng(5)
    network = ode.two_levels()
    start, parameters = ode.random_state(rng, network, PEOPLE), ode.random_parameters(rng, PEOPLE)
    days = np.array([0.0, 0.01, 0.3, 2.0, 2.1, 5.0, 9.0])
    draws = np.where(rng.random((2, network.muscles, PEOPLE)) < 0.5, 1.0, 2.0)
    heat = rng.random((2, network.muscles, 1))
    course = Course(network, 9.0, days, np.ones((1, 2, 1)), events=[0.3, 4.0], draws=draws, heat=heat)
    truth = exact(network, course, parameters, start)
    found = run(network, course, parameters, start=start, steps=Steps(0.5, 0.5, 0.5), kernel=kernel, keep_states=True)
    muscles, _ = states(found)
    assert (truth.muscles[-1, 5] > 0.05).any()
    assert np.abs(muscles - truth.muscles)[:, 5:].max() < 1e-9
    assert not found.twitches.any()


@pytest.mark.parametrize("kernel", [ode.BUILT, "numpy"])
def test_rest_is_rest(kernel):
    """Nothing moves, to the last bit, with nothing but exercise, stretch and a widened root; nor by the equation."""
    network = ode.two_levels()
    calm = {"closing": np.full((1, 2, 1), 0.5), "movement": [[0.5]], "stretch": [[0.5]]}
    course = Course(network, 30.0, [0.0, 30.0], np.zeros((1, 2, 1)), **calm)
    for start in (None, State.rest(network, 3)):
        found = run(network, course, start=start, kernel=kernel)
        assert not found.end.muscles.any() and not found.end.levels.any() and not found.pain.any()
    assert not exact(network, course, Parameters(), people=1).muscles.any()


def order(steps, errors):
    """The power of the step with which an error shrinks."""
    return np.polyfit(np.log(steps), np.log(errors), 1)[0]


@pytest.mark.parametrize("kernel", [ode.BUILT, "numpy"])
def test_third_order_where_all_is_smooth(kernel):
    """No event, and everything as quick to rise as to fall: halving a step leaves an eighth of the error."""
    rng = np.random.default_rng(6)
    network = ode.two_levels()
    parameters = ode.random_parameters(rng, PEOPLE)
    parameters = parameters.changed(
        root_fall=parameters.root_rise,
        receptor_fall=parameters.receptor_rise,
        central_fall=parameters.central_rise,
        slow_release=0.0,
    )
    start = ode.random_state(rng, network, PEOPLE)
    course = Course(network, 6.0, np.arange(7.0), 0.8 * rng.random((1, 2, PEOPLE)), stretch=np.full((1, 1), 0.1))
    truth = exact(network, course, parameters, start)
    lengths = 1.0 / np.array([16, 32, 64, 128])
    errors = []
    for length in lengths:
        steps = Steps(length, length, length)
        found = run(network, course, parameters, start=start, steps=steps, kernel=kernel, keep_states=True)
        errors.append([np.abs(a - b).max() for a, b in zip(states(found), (truth.muscles, truth.levels), strict=True)])
    assert 2.7 < order(lengths, [e[0] for e in errors]) < 3.3, errors
    assert 2.7 < order(lengths, [e[1] for e in errors]) < 3.3, errors


@pytest.mark.parametrize(("kernel", "halvings"), [(ode.BUILT, 4), ("numpy", 3)])
def test_third_order_through_a_whole_course(kernel, halvings):
    """With needles and with rates that differ for rise and fall, away from the tipping point."""
    network, course, parameters, truth = followed("two levels", days=28.0)
    steps, errors = [COHORT], []
    for _ in range(halvings):
        muscles, levels = states(run(network, course, parameters, steps=steps[-1], kernel=kernel, keep_states=True))
        errors.append(np.sqrt(np.mean((muscles - truth.muscles) ** 2) + np.mean((levels - truth.levels) ** 2)))
        steps.append(steps[-1].halved())
    assert 2.6 < order(0.5 ** np.arange(halvings), errors) < 3.3, errors
