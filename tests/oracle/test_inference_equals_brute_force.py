import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myotome.inference.engine import Engine, Lanes
from myotome.inference.tree import compile_network
from tests.oracle.brute_force import enumerate_all
from tests.oracle.random_networks import random_evidence, random_network


@pytest.mark.parametrize("kernel", ["numpy", "auto"])
@given(seed=st.integers(0, 2**32 - 1), masked=st.booleans())
@settings(max_examples=60, deadline=None)
def test_evidence_marginals_and_nodes(kernel, seed, masked):
    rng = np.random.default_rng(seed)
    network = random_network(rng, variables=int(rng.integers(2, 7)), nodes=int(rng.integers(1, 9)))
    active, on, off, weights = random_evidence(rng, network, lanes=3, masked=masked)
    engine = Engine(compile_network(network), kernel)
    lanes = Lanes(active, on, off, weights)
    wanted = np.flatnonzero(rng.random(len(network.nodes)) < 0.6).astype(np.int32)
    beliefs = engine.both(lanes, wanted)
    np.testing.assert_allclose(engine.evidence(lanes), beliefs.log_z, atol=1e-12)
    for lane in range(3):
        log_z, cavity, silent = enumerate_all(network, active, on[:, lane], off[:, lane], weights[:, lane])
        np.testing.assert_allclose(beliefs.log_z[lane], log_z, atol=1e-12)
        np.testing.assert_allclose(beliefs.cavity[:, lane], cavity, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(beliefs.silent[:, lane], silent[wanted], rtol=1e-10, atol=1e-12)
