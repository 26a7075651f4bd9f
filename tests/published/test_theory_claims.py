"""Every claim of the mechanism comes out as its row says, and drawn people recover as published ones do or do not."""

import pytest

from myotome.care.theory.bench import Bench
from myotome.care.theory.claims import claims, found, parts, robustness, without
from myotome.care.theory.experiments import EXPERIMENTS
from myotome.care.theory.found import FREE, HURTS
from myotome.care.theory.populations import bands, measured, natural, trial
from myotome.care.theory.published import targets
from myotome.mechanism.parameters import Parameters

BENCH = Bench(Parameters())


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.name)
def test_claim_comes_out_as_its_row_says(claim):
    """What is said to hold holds, and what is said to fail fails: a row that has become wrong either way is mended."""
    checks = found(BENCH)[claim.experiment].checks
    assert [name for name in claim.holds if not checks[name].all()] == []
    assert [name for name in claim.fails if checks[name].any()] == []


def test_every_check_serves_a_claim():
    """No experiment makes a check that the table does not show."""
    shown = {(c.experiment, name) for c in claims() for name in (*c.holds, *c.fails)}
    made = {(name, check) for name in EXPERIMENTS for check in found(BENCH)[name].checks}
    assert made == shown


def test_drawn_people_against_published_numbers():
    """Fresh seeds, not those of the page; a target is met or missed as its row says."""
    numbers = measured(natural(5000, 71), trial(5000, 72))
    said = {target.name: target.met for target in targets()}
    assert {target.name: target.near(numbers[target.measured]) for target in targets()} == said


def test_lasting_bands_keep_people_off_work():
    """The direction of the claim, and that it is more than three to four times."""
    long, short = bands(natural(5000, 73))
    assert long > 4 * short


def test_parts_that_carry_the_theory():
    """Without the root loop nobody stays ill; without potential or release six sessions do not hold."""
    off = {name: without(name) for name in parts()}
    assert off["root loop"]["ill"] < FREE
    carried = {name for name, late in off.items() if late["ill"] > HURTS and late["both"] > HURTS}
    assert carried == {"injury potential", "release by the twitch"}


def test_robustness_is_a_share_of_sets_that_fell_ill():
    """More scatter, fewer claims that hold; rest is a fixed point whatever the parameters."""
    little, much = (robustness(150, spread, 5) for spread in (0.1, 0.3))
    assert little["falls ill"] > much["falls ill"]
    assert sum(little.values()) > sum(much.values())
    first = claims()[0].name
    assert little[first] == much[first] == 1.0
