"""On small instances the planner's choice is the best of all sets, found by trying every one."""

import itertools
import random

import pytest

from myotome.care.plan.candidates import Candidate, main_segments
from myotome.care.plan.choose import best
from myotome.care.plan.limits import Bounds, Problem, broken, worth
from myotome.care.points.tables import points

POSITIONS = ("prone", "supine", "side-lying", "seated")
LARGEST = 9


def problem(rng):
    """A few points anywhere with whole numbers from a small range, so that ties are common."""
    pool = list(points().values())
    muscles = [p for p in pool if p.kind == "symptomatic"]
    chosen = {}
    for _ in range(rng.randint(1, LARGEST)):
        point = rng.choice(muscles if rng.random() < 0.6 else pool)
        side = rng.choice(point.sides)
        needs = ()
        if point.kind == "symptomatic" and point.limb in ("arm", "leg"):
            needs = tuple(s for s in main_segments(point.muscle) if f"{s} paraspinal" in points())
            for level in needs[:1] if rng.random() < 0.7 else ():
                one = Candidate(points()[f"{level} paraspinal"], side, rng.randint(0, 6) * 60, 60, "", "", (), (), "")
                chosen[one.id] = one
        one = Candidate(point, side, rng.randint(0, 8) * 60, rng.randint(0, 3) * 60, "", "", needs, (), "")
        chosen[one.id] = one
    ordered = tuple(chosen[k] for k in sorted(chosen))[:LARGEST]
    some = tuple(rng.sample(POSITIONS, rng.randint(1, 4)))
    bounds = Bounds(rng.randint(0, 6), "", rng.choice((15.0, 18.0, 22.0, 60.0)), some)
    whole = Problem(ordered, bounds)
    return Problem(tuple(one for one in ordered if whole.ways(one)), bounds)


def by_trying_all(small):
    """The best set, and of equals the one with the earliest ids; with how many sets are as good."""
    found = []
    for taken in itertools.product((1, 0), repeat=len(small.candidates)):
        chosen = tuple(one for one, x in zip(small.candidates, taken, strict=True) if x)
        if not broken(small, chosen):
            found.append((worth(small, chosen), taken, chosen))
    most = max(value for value, _, _ in found)
    ties = [row for row in found if row[0] == most]
    return max(ties, key=lambda row: row[1])[2], len(ties), len(found)


@pytest.mark.parametrize("seed", range(4))
def test_planner_equals_exhaustive_search(seed):
    """Same set, not only the same worth; ties and tight limits occur often enough to matter."""
    rng = random.Random(seed)
    tied = limited = chosen_some = 0
    for _ in range(50):
        small = problem(rng)
        expected, ties, allowed = by_trying_all(small)
        got = best(small)
        assert [one.id for one in got] == [one.id for one in expected]
        tied += ties > 1
        limited += allowed < 2 ** len(small.candidates)
        chosen_some += bool(expected)
    assert tied >= 2
    assert limited >= 25
    assert chosen_some >= 20
