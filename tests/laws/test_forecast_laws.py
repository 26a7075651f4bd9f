"""Laws of forecasting by weighing, over made-up libraries: no mechanism, no patient; seeds fixed."""

import numpy as np
import pytest
from scipy.stats import kstest, multivariate_normal, norm

from myotome.errors import MechanismError
from myotome.mechanism.forecast import LEAST_ECHO, Library, Noise, chances, resampled, weigh
from myotome.mechanism.judging import place, quantiles, ranked_score

NOISE = Noise(slow=0.8, quick=1.0, weeks=3.0, range_error=6.0, slip=0.003, temper=1.0)
LOOKS, MOVEMENTS = 12, 2


def library(members, seed=1, noise=NOISE, spread=0.0):
    """Pain that falls from somewhere to somewhere, at some rate; range goes with it."""
    rng = np.random.default_rng(seed)
    days = 7.0 * np.arange(LOOKS)
    start, rate = rng.uniform(2.0, 9.0, members), rng.exponential(0.03, members)
    end = start * rng.uniform(0.0, 1.0, members)
    felt = end + (start - end) * np.exp(-rate * days[:, None])
    extent = 100.0 - np.stack([3.0 * felt, 4.0 * felt], axis=1)
    scale = np.exp(spread * rng.standard_normal(members))
    return Library(days, *(np.asarray(a, np.float32) for a in (felt, extent, scale)), noise)


def answers(made, seed):
    """What the members of a library say, by the process that the noise describes (looks, members)."""
    rng, noise = np.random.default_rng(seed), made.noise
    drift, found = noise.slow * rng.standard_normal(made.members), np.zeros(made.felt.shape)
    stays = float(noise.stays(7.0))
    for k in range(LOOKS):
        if k:
            drift = stays * drift + np.sqrt(1 - stays**2) * noise.slow * rng.standard_normal(made.members)
        error = drift + noise.quick * rng.standard_normal(made.members)
        found[k] = made.felt[k] + np.minimum(made.felt[k], 1.0) * error
    ranges = made.range + noise.range_error * rng.standard_normal(made.range.shape)
    return np.clip(np.round(found), 0, 10), ranges


ODD = [[0] * 12, [10] * 12, [10, 0] * 6, [0, 10, 5], [np.nan] * 4, [3, np.nan, 9, np.nan, 0], [7], []]


@pytest.mark.parametrize("scores", ODD, ids=str)
def test_weights_sum_to_one_and_chances_too(scores):
    made = library(3000, spread=0.3)
    weighed = weigh(made, scores, np.full((len(scores), MOVEMENTS), 55.0))
    assert weighed.weights.sum() == pytest.approx(1.0, abs=1e-5)
    assert (weighed.weights >= 0.0).all()
    assert 1.0 - 1e-3 <= weighed.effective <= made.members * (1.0 + 1e-4)
    found = chances(made, weighed, range(max(len(scores) - 1, 0), LOOKS))
    assert found.shape == (LOOKS - max(len(scores) - 1, 0), 11)
    assert found.sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    band = quantiles(found, (0.05, 0.1, 0.5, 0.9, 0.95))
    assert (np.diff(band, axis=-1) >= 0).all(), "a band is in order"
    assert band.min() >= 0 and band.max() <= 10


def test_no_temper_is_the_prior_and_more_temper_is_fewer_members():
    made = library(2000)
    scores = [8, 3, 6, 4, 3]
    worth = []
    for temper in (0.0, 0.25, 0.5, 1.0):
        noise = Noise(0.8, 1.0, 3.0, 6.0, 0.003, temper)
        worth.append(weigh(Library(made.days, made.felt, made.range, made.scale, noise), scores).effective)
    assert worth[0] == pytest.approx(2000.0, rel=1e-4)
    assert worth == sorted(worth, reverse=True)
    assert worth[-1] < 1500.0, "else nothing was weighed"


def test_what_was_not_asked_says_nothing():
    made = library(500)
    nothing = weigh(made, [np.nan, np.nan, np.nan], np.full((3, MOVEMENTS), np.nan))
    assert np.ptp(nothing.weights) < 1e-9
    assert np.isnan(nothing.fit).all()
    late = weigh(made, [6, np.nan, np.nan])
    assert late.weights == pytest.approx(weigh(made, [6]).weights)


def test_order_of_members_does_not_matter():
    made, turned = library(800), np.arange(800)[::-1]
    back = Library(made.days, made.felt[:, turned], made.range[..., turned], made.scale[turned], NOISE)
    ranges = np.full((3, MOVEMENTS), 75.0)
    one, other = (weigh(lib, [6, 5, 5], ranges) for lib in (made, back))
    assert chances(made, one, [5]) == pytest.approx(chances(back, other, [5]), abs=1e-6)


@pytest.mark.parametrize("scores", [(5, 5), (5, 7), (8, 4), (0, 0), (10, 10), (3, 0)], ids=str)
@pytest.mark.parametrize("level", [0.5, 2.0, 5.0, 9.0])
def test_two_answers_are_as_likely_as_the_normal_distribution_says(scores, level):
    """The filter against rectangles of the joint distribution of both answers: close, and less so at 0 and 10."""
    exact_noise = Noise(0.8, 1.0, 3.0, 6.0, 1e-9, 1.0)
    felt = np.full((2, 1), level, np.float32)
    made = Library(
        np.array([0.0, 7.0]), felt, np.full((2, 1, 1), 80.0, np.float32), np.ones(1, np.float32), exact_noise
    )
    echo = max(min(level, 1.0), LEAST_ECHO)
    stays = np.exp(-1 / 3)
    cov = echo**2 * np.array([[1.64, 0.64 * stays], [0.64 * stays, 1.64]])
    joint = multivariate_normal([level, level], cov)
    ends = [(-30.0 if s == 0 else s - 0.5, 40.0 if s == 10 else s + 0.5) for s in scores]
    exact = joint.cdf([ends[0][1], ends[1][1]], lower_limit=[ends[0][0], ends[1][0]])
    if exact > 1e-5:
        assert np.exp(weigh(made, scores).fit[:, 0].sum()) == pytest.approx(
            exact, rel=0.1 if {0, 10} & set(scores) else 0.03, abs=3e-4
        )


def test_the_past_is_not_forecast():
    made = library(20)
    with pytest.raises(MechanismError, match=r"Day 7 lies before day 14, the last known. Look at a later day."):
        chances(made, weigh(made, [6, 5, 5]), [1, 5])


def test_binned_chances_are_those_of_each_member_added_up():
    made = library(1500, spread=0.2)
    weighed = weigh(made, [7, 6, 4])
    look, noise = 6, made.noise
    stays = float(noise.stays(made.days[look] - weighed.last))
    felt = made.felt[look, weighed.members].astype(float)
    echo, scale = np.clip(felt, LEAST_ECHO, 1.0), made.scale[weighed.members].astype(float)
    width = echo * np.sqrt(stays**2 * weighed.doubt + ((1 - stays**2) * 0.64 + 1.0) * scale**2)
    edges = np.concatenate([[-np.inf], np.arange(10) + 0.5, [np.inf]])
    below = norm.cdf((edges - (felt + echo * stays * weighed.drift)[:, None]) / width[:, None])
    assert chances(made, weighed, [look])[0] == pytest.approx(weighed.weights @ np.diff(below, axis=1), abs=2e-3)


def test_forecasts_of_the_own_people_are_calibrated():
    """Where the truth lies in the forecast is even over 0..1 for people drawn as the members are."""
    made, people = library(4000, seed=1), library(250, seed=2)
    scores, ranges = answers(people, 3)
    found, happened = [], []
    for n in range(people.members):
        weighed = weigh(made, scores[:4, n], ranges[:4, :, n])
        found.append(chances(made, weighed, [4, 7]))
        happened.append(scores[[4, 7], n])
    where = place(np.array(found), np.array(happened), np.random.default_rng(4).random((people.members, 2)))
    inside = ((where > 0.1) & (where < 0.9)).mean()
    assert 0.75 < inside < 0.85
    assert kstest(where[:, 0], "uniform").pvalue > 0.01
    told = ranked_score(np.array(found), np.array(happened)).mean()
    unweighed = chances(made, weigh(made, []), [4, 7])
    assert told < 0.7 * ranked_score(np.broadcast_to(unweighed, (250, 2, 11)), np.array(happened)).mean()


def test_ranked_score_is_proper():
    """No forecast does better on average than the truth; a sure and right one costs nothing."""
    rng = np.random.default_rng(5)
    for truth in rng.dirichlet(np.ones(11), 20):
        honest = (truth * ranked_score(np.broadcast_to(truth, (11, 11)), np.arange(11))).sum()
        for other in rng.dirichlet(np.ones(11), 20):
            assert honest <= (truth * ranked_score(np.broadcast_to(other, (11, 11)), np.arange(11))).sum() + 1e-12
    assert ranked_score(np.eye(11), np.arange(11)) == pytest.approx(0.0)


def test_resampled_as_often_as_the_weight_says():
    rng = np.random.default_rng(6)
    weights = rng.dirichlet(np.full(40, 0.3))
    counts = np.bincount(resampled(weights, 500, rng), minlength=40)
    assert counts.sum() == 500
    assert (np.abs(counts - 500 * weights) <= 1.0 + 1e-9).all()


@pytest.mark.parametrize(
    ("scores", "ranges", "words"),
    [
        ([11], None, "The score 11 cannot be weighed"),
        ([4.5], None, "whole numbers from 0 to 10"),
        ([5] * (LOOKS + 1), None, "no more than there are looks"),
        ([5], [[80.0, np.inf]], "A range that is infinite"),
        ([5, 5], [[80.0, 80.0]], "do not fit"),
    ],
)
def test_what_cannot_be_weighed_is_refused(scores, ranges, words):
    with pytest.raises(MechanismError, match=words):
        weigh(library(10), scores, ranges)
