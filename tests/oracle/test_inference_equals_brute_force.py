import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from myotome.errors import NetworkError
from myotome.inference.engine import Engine, Lanes
from myotome.inference.network import Coupling, Link, Network, Node, Variable
from myotome.inference.tree import compile_network
from tests.oracle.brute_force import enumerate_all
from tests.oracle.random_networks import random_lanes, random_network

SEEDS = st.integers(0, 2**32 - 1)
KERNELS = pytest.mark.parametrize("kernel", ["numpy", "auto"])


def check(engine, lanes, wanted):
    """Every number of both sweeps against the sum over all states."""
    network = engine.tree.network
    beliefs = engine.both(lanes, wanted)
    np.testing.assert_allclose(engine.evidence(lanes), beliefs.log_z, rtol=0, atol=1e-12)
    on, off, weights = (np.broadcast_to(a, (len(a), lanes.count)) for a in (lanes.on, lanes.off, lanes.weights))
    marginals = []
    for lane in range(lanes.count):
        log_z, cavity, silent = enumerate_all(network, lanes.active, on[:, lane], off[:, lane], weights[:, lane])
        np.testing.assert_allclose(beliefs.log_z[lane], log_z, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(beliefs.cavity[:, lane], cavity, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(beliefs.silent[:, lane], silent[wanted], rtol=1e-10, atol=1e-12)
        marginals.append(cavity * weights[:, lane])
    mix = np.arange(1.0, lanes.count + 1)
    np.testing.assert_allclose(beliefs.marginals(mix), np.array(marginals).T @ mix, rtol=1e-10, atol=1e-12)


def wanted_of(rng, network, share=0.6):
    return rng.permutation(np.flatnonzero(rng.random(len(network.nodes)) < share)).astype(np.int32)


@KERNELS
@given(
    seed=SEEDS,
    weights=st.sampled_from(["own", "masked", "shared"]),
    islands=st.booleans(),
    examined=st.sampled_from([0.0, 0.2, 0.7]),
)
@settings(max_examples=100, deadline=None)
def test_evidence_marginals_and_nodes(kernel, seed, weights, islands, examined):
    """Also where whole parts of the network are untouched, apart, or masked lane by lane."""
    rng = np.random.default_rng(seed)
    sizes = int(rng.integers(1, 7)), int(rng.integers(1, 9))
    network = random_network(rng, *sizes, islands=islands)
    lanes = random_lanes(rng, network, int(rng.integers(1, 4)), examined=examined, weights=weights)
    event("nothing examined" if not len(lanes.active) else "something examined")
    check(Engine(compile_network(network), kernel), lanes, wanted_of(rng, network))


@KERNELS
@given(seed=SEEDS)
@settings(max_examples=60, deadline=None)
def test_certain_findings(kernel, seed):
    """Zeros in the tables: cavities stay defined where a message is zero."""
    rng = np.random.default_rng(seed)
    network = random_network(rng, 5, 7, certain=True)
    lanes = random_lanes(rng, network, 2, certain=True, weights="masked")
    engine = Engine(compile_network(network), kernel)
    # A node that the evidence forbids to be off has no sum per unit of `off`; ask for the others.
    wanted = np.setdiff1d(np.arange(len(network.nodes)), lanes.active).astype(np.int32)
    possible = np.isfinite(engine.evidence(lanes))
    event("possible" if possible.all() else "some impossible" if possible.any() else "impossible")
    if possible.all():
        check(engine, lanes, wanted)
    elif possible.any():
        beliefs = engine.both(lanes, wanted)
        assert np.isneginf(beliefs.log_z[~possible]).all()
        assert not beliefs.cavity[:, ~possible].any()
        assert np.isfinite(beliefs.log_z[possible]).all()
    else:
        with pytest.raises(NetworkError, match=r"probability zero.*Loosen a rate"):
            engine.both(lanes, wanted)


@KERNELS
@pytest.mark.parametrize("bits", [10, 900])
def test_likelihoods_of_any_size(kernel, bits):
    """Also where the product of all likelihoods is far below the smallest double."""
    rng = np.random.default_rng(5)
    network = random_network(rng, 5, 8)
    lanes = random_lanes(rng, network, 3)
    factor = 2.0 ** -rng.integers(bits - 10, bits, (len(lanes.active), 1))
    small = Lanes(lanes.active, lanes.on * factor, lanes.off * factor, lanes.weights)
    engine = Engine(compile_network(network), kernel)
    plain, scaled = engine.both(lanes), engine.both(small)
    np.testing.assert_allclose(scaled.log_z, plain.log_z + np.log(factor).sum(), rtol=1e-13)
    np.testing.assert_allclose(scaled.cavity, plain.cavity, rtol=1e-11)


@KERNELS
def test_layout_is_remembered_apart_from_the_numbers(kernel):
    """Running other numbers, nodes and tables in turn through one engine changes no answer."""
    rng = np.random.default_rng(11)
    network = random_network(rng, 6, 8)
    engine = Engine(compile_network(network), kernel)
    runs = [(random_lanes(rng, network, 9), wanted_of(rng, network)) for _ in range(4)]
    first = [engine.both(*run) for run in runs]
    again = [engine.both(*run) for run in reversed(runs)][::-1]
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a.log_z, b.log_z)
        np.testing.assert_array_equal(a.cavity, b.cavity)
        np.testing.assert_array_equal(a.silent, b.silent)
    other = Network(network.variables, tuple(Node(n.name, 0.2, n.links) for n in network.nodes), network.couplings)
    tables = compile_network(other)
    changed = engine.with_tables(tables.p, tables.q)
    np.testing.assert_array_equal(changed.both(*runs[0]).log_z, Engine(tables, kernel).both(*runs[0]).log_z)
    np.testing.assert_array_equal(engine.both(*runs[0]).log_z, first[0].log_z)


@KERNELS
def test_threads_do_not_disturb_one_another(kernel):
    """One engine serves several threads: each has its own work space."""
    rng = np.random.default_rng(13)
    network = random_network(rng, 6, 8)
    engine = Engine(compile_network(network), kernel)
    runs = [(random_lanes(rng, network, 40), wanted_of(rng, network)) for _ in range(100)]
    alone = [engine.both(*run) for run in runs]
    engine.forget()
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda run: engine.both(*run), runs * 3))
    for one, other in zip(alone * 3, together, strict=True):
        np.testing.assert_array_equal(one.cavity, other.cavity)
        np.testing.assert_array_equal(one.silent, other.silent)


def test_a_long_chain_goes_to_numpy():
    """The kernel holds 64 variables; more are left to NumPy, and refused where C was asked for."""
    names = [f"v{i}" for i in range(70)]
    network = Network(
        tuple(Variable(n, ("no", "yes")) for n in names),
        (Node("n", 0.1, (Link("v3", (1.0, 0.2)),)),),
        tuple(Coupling(a, b, ((1.0, 0.5), (0.5, 2.0))) for a, b in itertools.pairwise(names)),
    )
    tree = compile_network(network)
    assert Engine(tree).kernel == "numpy"
    assert np.isfinite(Engine(tree).evidence(Lanes(np.array([0], np.int32), *np.ones((2, 1, 1)), np.ones((140, 1)))))
    with pytest.raises(NetworkError, match=r"(70 variables.*at most 64|was not built).*[Uu]se 'numpy'"):
        Engine(tree, "c")


def lanes_of(node, on, off, weights):
    """Lanes with arrays of these shapes, all ones."""
    return Lanes(np.array([node], np.int32), np.ones(on), np.ones(off), np.ones(weights))


@pytest.mark.parametrize(
    ("node", "on", "off", "weights", "words"),
    [
        (0, (2, 1), (1, 1), (4, 1), "'on' and 'off' need 1 rows"),
        (0, (1, 2), (1, 3), (4, 1), "each array one column or 3"),
        (7, (1, 1), (1, 1), (4, 1), "no node number 7.*0 to 0"),
        (0, (1, 1), (1, 1), (3, 1), "the network needs 4 rows"),
    ],
)
def test_lanes_that_do_not_fit_are_refused(node, on, off, weights, words):
    network = Network(
        (Variable("a", ("no", "yes")), Variable("b", ("no", "yes"))), (Node("n", 0.1, (Link("a", (1.0, 0.2)),)),)
    )
    with pytest.raises(NetworkError, match=words):
        Engine(compile_network(network)).evidence(lanes_of(node, on, off, weights))
