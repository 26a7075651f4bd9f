"""Forecasts by weighing: members of a library count as far as they fit what was reported; pure numbers, no patient.

A member says what a person like it feels at each look (a moment of asking) and how much single answers stray. Answers
are whole numbers 0..10: what is felt, plus ups and downs of some weeks, plus the error of the answer, rounded; both
shrink with the pain, so that no pain is reported as 0. The slow ups and downs are followed in each member by a Kalman
filter, the rest is integrated, so that few members give a smooth forecast. Weights are tempered: answers count for less
than they would if the model were exactly right.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from myotome.errors import MechanismError

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]

MOST = 10  # scores run from 0 to this
LEAST_ECHO = 0.02  # a member without pain still strays by this share, so that every number stays finite
NEGLIGIBLE = 1e-6  # of the heaviest weight: members below it are left out
FAR = 8.0  # standard deviations; beyond them a chance is 0 or 1
FINE = 1024  # entries of the table of chances a standard deviation
LOW, HIGH, STEP = -4.0, 14.0, 0.05  # expected answers are sorted into bins of this width ...
WIDEST, WIDTHS = 5.0, 40  # ... and their spreads into so many


@dataclass(frozen=True)
class Noise:
    """How answers stray: points (standard deviation), weeks for which an up or down lasts, % of range.

    ``slip`` is the share of answers that say nothing (any score alike); ``temper`` the power of the likelihood, 0..1.
    """

    slow: float
    quick: float
    weeks: float
    range_error: float
    slip: float
    temper: float

    def stays(self, days: ArrayLike) -> Floats:
        """Share of an up or down that is left after some days."""
        return np.asarray(np.exp(np.asarray(days) / (-7.0 * self.weeks)), np.float32)


@dataclass(frozen=True)
class Library:
    """Members: what each feels and how it moves at each look.

    ``days`` (looks,) in order; ``felt`` (looks, members) expected answer, 0 and up; ``range`` (looks, movements,
    members) %; ``scale`` (members,) how much a member's answers stray, 1 as ``noise`` says.
    """

    days: Floats
    felt: Floats
    range: Floats
    scale: Floats
    noise: Noise

    @property
    def members(self) -> int:
        """How many there are."""
        return int(self.felt.shape[1])


@dataclass(frozen=True)
class Weighed:
    """Members that carry weight: ``members`` (carriers,) their numbers, ``weights`` (carriers,) summing to 1.

    ``drift`` and ``doubt`` (carriers,) mean and variance of the slow ups and downs at the last answer; ``last`` its
    day; ``fit`` (known, 1 + movements) logarithm of the chance of each answer and the density of each range, given
    what was known before that look, NaN where there is none; ``likelihood`` (carriers,) tempered, as a logarithm.
    """

    members: Ints
    weights: Floats
    drift: Floats
    doubt: Floats
    last: float
    fit: Floats
    likelihood: Floats = field(repr=False)

    @property
    def effective(self) -> float:
        """How many members of equal weight would be worth as much."""
        return float(1.0 / np.square(self.weights, dtype=np.float64).sum())


def weigh(library: Library, scores: ArrayLike, ranges: ArrayLike | None = None) -> Weighed:
    """Weigh the members by answers at the first looks.

    Args:
        library: the members.
        scores: (known,) whole numbers 0..10 at the first looks; NaN where not asked.
        ranges: (known, movements) % at the same looks; NaN where not measured; none where missing.

    Raises:
        MechanismError: a score is no whole number 0..10, or there are more scores than looks.
    """
    given, moved = _known(library, scores, ranges)
    noise, members, last = library.noise, np.arange(library.members), float(library.days[0])
    drift, doubt = np.zeros(len(members), np.float32), _square(noise.slow * library.scale)
    likelihood, fit = np.zeros(len(members), np.float32), np.full((len(given), 1 + moved.shape[1]), np.nan)
    for k, day in enumerate(library.days[: len(given)]):
        scale, stays = library.scale.take(members), noise.stays(day - last)
        drift, doubt = stays * drift, stays**2 * doubt + (1.0 - stays**2) * _square(noise.slow * scale)
        last = float(day)
        before, told = _shares(likelihood), np.zeros(len(members), np.float32)
        if not np.isnan(given[k]):
            chance, drift, doubt = _answer(noise, given[k], library.felt[k].take(members), scale, drift, doubt)
            fit[k, 0], told = _logarithm(before, chance), np.log(chance)
        for movement in np.flatnonzero(~np.isnan(moved[k])):
            chance = _movement(noise, moved[k, movement] - library.range[k, movement].take(members), scale)
            fit[k, 1 + movement], told = _logarithm(before, chance), told + np.log(chance)
        likelihood = likelihood + np.float32(noise.temper) * told
        kept = np.flatnonzero(likelihood > likelihood.max() + np.log(NEGLIGIBLE))
        if len(kept) < 0.8 * len(members):
            members, likelihood, drift, doubt = members[kept], likelihood[kept], drift[kept], doubt[kept]
    return Weighed(members, _shares(likelihood), drift, doubt, last, fit, likelihood)


def chances(library: Library, weighed: Weighed, looks: ArrayLike) -> NDArray[np.float64]:
    """(looks, 11): the chance of each answer 0..10 at some looks (their numbers), after what was weighed.

    Raises:
        MechanismError: a look lies before the last that was weighed.
    """
    at = np.asarray(looks, np.int64)
    if at.size and library.days[at].min() < weighed.last:
        day = library.days[at].min()
        raise MechanismError(f"Day {day:g} lies before day {weighed.last:g}, the last known. Look at a later day.")
    counted = np.zeros((len(at), _bins() * WIDTHS))
    for row, look in enumerate(at):  # one look after the other stays in the near memory
        cells = _cells(library, weighed, int(look))
        counted[row] = np.bincount(cells, weighed.weights, minlength=counted.shape[1])
    return np.asarray(counted @ _answers())


def _cells(library: Library, weighed: Weighed, look: int) -> Ints:
    """(carriers,): the bin of each member's expected answer at a look, and of its spread."""
    noise, felt = library.noise, library.felt[look].take(weighed.members)
    scale = library.scale.take(weighed.members)
    stays = noise.stays(library.days[look] - weighed.last)
    echo = np.clip(felt, np.float32(LEAST_ECHO), np.float32(1.0))
    centre = felt + echo * (stays * weighed.drift)
    fresh = np.float32(noise.quick**2) + (1.0 - stays**2) * np.float32(noise.slow**2)
    width = echo * np.sqrt(stays**2 * weighed.doubt + fresh * _square(scale))
    row = np.clip((centre - np.float32(LOW)) * np.float32(1.0 / STEP), 0, _bins() - 1).astype(np.int32)
    column = np.minimum(width * np.float32(WIDTHS / WIDEST), WIDTHS - 1).astype(np.int32)
    return np.asarray(row * WIDTHS + column)


def resampled(weights: Floats, count: int, rng: Generator) -> Ints:
    """(count,): numbers of members in order, each as often as its weight says, to within one (systematic)."""
    places = (rng.random() + np.arange(count)) / count
    return np.minimum(np.searchsorted(np.cumsum(weights, dtype=np.float64), places), len(weights) - 1)


def _known(library: Library, scores: ArrayLike, ranges: ArrayLike | None) -> tuple[Floats, Floats]:
    given = np.asarray(scores, np.float32)
    wanted = (given.size, library.range.shape[1])
    moved = np.full(wanted, np.nan, np.float32) if ranges is None else np.asarray(ranges, np.float32)
    if given.ndim != 1 or moved.shape != wanted or len(given) > len(library.days):
        raise MechanismError(
            f"Scores {given.shape} and ranges {moved.shape} do not fit {len(library.days)} looks and {wanted[1]} "
            "movements. Give (known,) scores, (known, movements) ranges, and no more than there are looks."
        )
    bad = given[~np.isnan(given) & ((given < 0) | (given > MOST) | (given != np.round(given)))]
    if bad.size or np.isinf(moved).any():
        what = f"The score {bad[0]:g}" if bad.size else "A range that is infinite"
        raise MechanismError(f"{what} cannot be weighed. Scores are whole numbers from 0 to {MOST}, ranges numbers.")
    return given, moved


def _logarithm(weights: Floats, chance: Floats) -> float:
    return float(np.log(max(float(weights @ chance), 1e-30)))


def _shares(likelihood: Floats) -> Floats:
    weights = np.exp(likelihood - likelihood.max())
    return np.asarray(weights / weights.sum(dtype=np.float64), np.float32)


def _answer(
    noise: Noise, score: float, felt: Floats, scale: Floats, drift: Floats, doubt: Floats
) -> tuple[Floats, Floats, Floats]:
    """Chance of an answer for each member, and what it tells of the slow ups and downs."""
    echo = np.clip(felt, np.float32(LEAST_ECHO), np.float32(1.0))
    centre, spread = felt + echo * drift, doubt + (np.float32(noise.quick) * scale) ** 2
    width = echo * np.sqrt(spread)
    above = _normal((score + np.float32(0.5) - centre) / width) if score < MOST else np.float32(1.0)
    below = _normal((score - np.float32(0.5) - centre) / width) if score > 0 else np.float32(0.0)
    chance = np.float32(1.0 - noise.slip) * (above - below) + np.float32(noise.slip / (MOST + 1))
    surprise = score - centre
    if score == 0:
        surprise = np.minimum(surprise, 0.0)
    elif score == MOST:
        surprise = np.maximum(surprise, 0.0)
    gain = echo * doubt / (width**2 + np.float32(1.0 / 12.0))  # the variance that rounding adds
    return np.asarray(chance), np.asarray(drift + gain * surprise), np.asarray(doubt * (1.0 - gain * echo))


def _square(value: Floats) -> Floats:
    return np.asarray(value * value)


def _movement(noise: Noise, off: Floats, scale: Floats) -> Floats:
    """Density of a measured range for each member, for ``off`` % from it."""
    wide = np.float32(noise.range_error) * scale
    found = np.exp(np.float32(-0.5) * (off / wide) ** 2) / wide * np.float32(1.0 / np.sqrt(2.0 * np.pi))
    return np.asarray(np.float32(1.0 - noise.slip) * found + np.float32(noise.slip / 100.0))


def _normal(z: Floats) -> Floats:
    """Chance below z, from a table: sixteen times as fast as the formula, and right to 0.0002."""
    near = np.clip(z, np.float32(-FAR), np.float32(FAR))
    return np.asarray(_normals().take((near * np.float32(FINE) + np.float32(FAR * FINE + 0.5)).astype(np.int32)))


@lru_cache(maxsize=1)
def _normals() -> Floats:
    return np.asarray(ndtr(np.arange(-FAR * FINE, FAR * FINE + 1) / FINE), np.float32)


def _bins() -> int:
    return round((HIGH - LOW) / STEP)


@lru_cache(maxsize=1)
def _answers() -> NDArray[np.float64]:
    """(bins * widths, 11): chances of answers whose expectation and spread lie in the middle of each bin."""
    centre = LOW + STEP * (np.arange(_bins()) + 0.5)
    width = WIDEST / WIDTHS * (np.arange(WIDTHS) + 0.5)
    edges = np.concatenate([[-np.inf], np.arange(MOST) + 0.5, [np.inf]])
    found = np.diff(ndtr((edges - centre[:, None, None]) / width[:, None]), axis=-1)
    return np.asarray(found.reshape(-1, MOST + 1))
