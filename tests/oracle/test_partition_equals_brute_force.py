"""What is said of a person is exact: every kind, every row and every marginal equals adding up all worlds.

Both sides, the states of the whole person, peripheral lesions, segments, regional and private causes.
"""

import functools

import numpy as np
import pytest

from myotome.care.explanation import partition as partition_module
from myotome.care.explanation.partition import KINDS, partition
from myotome.care.explanation.verdict import merged
from tests.oracle.small_bodies import LESIONS, SEGMENTS, small_examination
from tests.oracle.worlds import DEFICIENT, IRRITATED, SIDES, TwoSides, kind_of, lesions_present

SEEDS = tuple(range(5))
CLOSE = 1e-10


@functools.cache
def enumerated(seed):
    with pytest.MonkeyPatch.context() as patch:
        posterior = small_examination(seed, "numpy", patch)
    world = TwoSides(posterior.model, posterior.priors, [side.evidence for side in posterior.sides])
    return world, world.chance(kind_of(posterior.model)), world.chance(lesions_present(posterior.model))


@pytest.fixture(params=[(seed, kernel) for seed in SEEDS for kernel in ("numpy", "auto")], ids=str)
def examined(request, monkeypatch):
    seed, kernel = request.param
    monkeypatch.setattr(partition_module, "WORTH_A_ROW", 0.0)
    return small_examination(seed, kernel, monkeypatch), *enumerated(seed)


def test_every_kind(examined):
    posterior, _, wanted, _ = examined
    kinds = partition(posterior).kinds
    assert set(wanted) == set(KINDS), "vacuous: some kind never occurs"
    for kind in KINDS:
        assert kinds[kind] == pytest.approx(wanted[kind], abs=CLOSE), kind


def test_every_row(examined):
    """Roots, nerves, plexus, several at once: exactly these and nothing else; irritation: these or fewer."""
    posterior, world, kinds, exact = examined
    seen, rows = dict.fromkeys(KINDS, 0), partition(posterior).rows
    named = sum(row.probability for row in rows if row.kind == "multiple" and row.names)
    for row in rows:
        seen[row.kind] += 1
        if row.kind in ("root", "nerve", "plexus", "multiple"):
            names = row.names if row.kind == "multiple" else [f"{name} {row.side}" for name in row.names]
            assert len(names) == len(set(names)), row
            # Several lesions that have no row of their own stand together in one without names.
            wanted = exact[frozenset(names)] if names else kinds["multiple"] - named
        elif row.kind == "irritation":
            wanted = irritated_within(world, row)
        else:
            wanted = kinds[row.kind]
        assert row.probability == pytest.approx(wanted, abs=CLOSE), row
    assert all(seen.values()), f"vacuous: {seen}"
    assert seen["root"] >= 10, "sets of one, two and three levels on both sides"
    assert seen["multiple"] >= 5


def irritated_within(world, row):
    """Irritation on this side among the levels of the row, the other side quiet, no lesion anywhere."""
    return world.both(
        SIDES.index(row.side),
        lambda own: not own.deficient and not own.lesion and own.irritated and own.irritated <= set(row.names),
        lambda other: not other.deficient and not other.lesion and not other.irritated,
    )


def test_every_row_once_and_no_more_than_its_kind(examined):
    """Rows of a kind exclude one another, so they never add up to more than their kind; nor do merged ones."""
    posterior, *_ = examined
    found = partition(posterior)
    together = merged(found, posterior.model, posterior.priors)
    for rows in (found.rows, together.rows):
        what = [(r.kind, frozenset(r.names), r.side) for r in rows]
        assert len(what) == len(set(what))
        for kind in KINDS:
            assert sum(r.probability for r in rows if r.kind == kind) <= found.kinds[kind] + CLOSE
    before, after = (sum(r.probability for r in rows) for rows in (found.rows, together.rows))
    assert before == pytest.approx(after, abs=1e-12)


def test_every_marginal(examined):
    """Segments, local causes, lesions and facts of both sides, and the whole person."""
    posterior, world, *_ = examined
    model = posterior.model
    people = world.side(0, lambda person, _: [person])
    np.testing.assert_allclose(posterior.people, [people[w] for w in range(4)], atol=CLOSE)
    for s in (0, 1):
        states = posterior.states(s)
        wanted = world.side(s, states_of) | world.apart(s, world.causes)
        for segment in SEGMENTS:
            for state in (IRRITATED, DEFICIENT):
                got = states[model.row(segment, state)]
                assert got == pytest.approx(wanted[segment, state], abs=CLOSE), (SIDES[s], segment, state)
        for name, cause in model.local.items():
            got = states[model.row(cause.variable, cause.state)]
            assert got == pytest.approx(wanted[name], abs=CLOSE), (SIDES[s], name)
        lesions = world.side(s, lambda _, w: [w.lesion])
        np.testing.assert_allclose(posterior.lesions(s), [lesions[k] for k in range(len(LESIONS))], atol=CLOSE)
        every = np.arange(len(model.facts), dtype=np.int32)
        facts = world.apart(s, world.facts)
        np.testing.assert_allclose(posterior.facts(s, every), [facts[f] for f in every], atol=CLOSE)


def states_of(_, world):
    yield from ((s, DEFICIENT) for s in world.deficient)
    yield from ((s, IRRITATED) for s in world.irritated)
