"""The C kernel equals its NumPy twin on the whole body, whatever was found."""

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from myotome.care.explanation.model import build_model
from myotome.inference.engine import Engine, Lanes

HARSH, MILD = (0.999, 1e-4), (0.8, 0.1)  # sensitivity and false-positive rate


@pytest.fixture(scope="module")
def engines():
    tree = build_model("emg").tree
    return Engine(tree, "auto"), Engine(tree, "numpy")


def priors(tree, rng, lanes=1):
    """A distribution for every variable, most of it quiet, by lane."""
    parts = []
    for v in tree.network.variables:
        rare = rng.uniform(1e-4, 0.08, (len(v.states) - 1, lanes))
        parts += [1.0 - rare.sum(axis=0, keepdims=True), rare]
    return np.concatenate(parts)


def assert_equal(engines, lanes, wanted):
    mine, twin = (engine.both(lanes, wanted) for engine in engines)
    np.testing.assert_allclose(mine.log_z, twin.log_z, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(engines[0].evidence(lanes), twin.log_z, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(mine.cavity, twin.cavity, rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(mine.silent, twin.silent, rtol=1e-11, atol=1e-12)
    mix = np.full(lanes.count, 1 / lanes.count)
    np.testing.assert_allclose(mine.marginals(mix), twin.marginals(mix), rtol=0, atol=1e-12)
    return mine


@given(seed=st.integers(0, 2**32 - 1), examined=st.sampled_from([0, 1, 8, 25, 60]), masked=st.booleans())
@settings(max_examples=25, deadline=None)
def test_same_numbers_on_random_examinations(engines, seed, examined, masked):
    rng = np.random.default_rng(seed)
    tree = engines[0].tree
    count = int(rng.integers(1, 20))
    event(f"{examined} facts examined")
    active = rng.choice(len(tree.network.nodes), examined, replace=False).astype(np.int32)
    on, off = rng.uniform(0.02, 0.98, (2, examined, count))
    weights = priors(tree, rng, count if masked else 1)
    if masked:
        weights[tree.state_offset[7] + 1] = 0.0
        weights[tree.state_offset[9] + 2, : count // 2] = 0.0
    wanted = np.union1d(active, rng.choice(len(tree.network.nodes), 5)).astype(np.int32)
    assert_equal(engines, Lanes(active, on, off, weights), wanted)


@pytest.mark.parametrize("rates", [MILD, HARSH])
@pytest.mark.parametrize("pattern", ["present", "absent", "alternating", "random"])
def test_extreme_examinations_give_numbers(engines, rates, pattern):
    """Every fact of the body examined: no underflow, no NaN, and still a probability."""
    tree, rng = engines[0].tree, np.random.default_rng(3)
    nodes = len(tree.network.nodes)
    found = {
        "present": np.ones(nodes, bool),
        "absent": np.zeros(nodes, bool),
        "alternating": np.arange(nodes) % 2 == 0,
        "random": rng.random(nodes) < 0.5,
    }[pattern]
    on = np.where(found, rates[0], 1 - rates[0])[:, None]
    off = np.where(found, rates[1], 1 - rates[1])[:, None]
    weights = priors(tree, rng, 2)
    everything = np.arange(nodes, dtype=np.int32)
    beliefs = assert_equal(engines, Lanes(everything, on, off, weights), everything)
    states = beliefs.weights * beliefs.cavity
    np.testing.assert_allclose(np.add.reduceat(states, tree.state_offset[:-1]), 1.0, rtol=1e-9)
    silent = beliefs.silent * off
    assert ((silent >= 0) & (silent <= 1 + 1e-9)).all()
