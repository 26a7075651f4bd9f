"""Simple forecasts as honest chances of the scores 0..10: last value, straight line, ordered logistic regression."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

Floats = NDArray[np.float64]
SCORES = 11


def with_errors(centre: Floats, happened: Floats, centre_now: Floats) -> Floats:
    """(people, 11): a forecast of one number, spread by the errors that it made in people known before."""
    errors = (happened - _score(centre)).astype(int)
    share = np.bincount(errors + 10, minlength=21) / len(errors)
    found = np.zeros((len(centre_now), SCORES))
    places = np.clip(_score(centre_now)[:, None] + np.arange(-10, 11), 0, 10).astype(int)
    np.add.at(found, (np.arange(len(found))[:, None], places), np.broadcast_to(share, places.shape))
    return found


def line(scores: Floats, ahead: int) -> Floats:
    """(people,): the straight line of least squares through (sessions, people), ``ahead`` sessions later."""
    at = np.arange(len(scores)) - (len(scores) - 1) / 2
    slope = at @ scores / (at @ at)
    return np.asarray(scores.mean(axis=0) + slope * (at[-1] + ahead))


class Logistic:
    """Ordered logistic regression of a score on what was known, standardised, with a touch of ridge.

    ``known`` (people, features); ``happened`` (people,) whole numbers below ``levels``.
    """

    def __init__(self, known: Floats, happened: Floats, levels: int = SCORES) -> None:
        self.mean, self.spread, self.levels = known.mean(axis=0), known.std(axis=0) + 1e-9, levels
        self.x, self.y = (known - self.mean) / self.spread, happened.astype(int)
        below = np.cumsum(np.bincount(self.y, minlength=levels))[:-1] / len(self.y)
        cut = np.clip(below + np.arange(levels - 1) * 1e-4, 1e-4, 1.0 - 1e-4)
        first = np.log(cut / (1.0 - cut))
        start = np.concatenate([first[:1], np.log(np.maximum(np.diff(first), 1e-3)), np.zeros(known.shape[1])])
        found = minimize(self._loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500})
        self.cuts, self.slopes = self._parts(found.x)

    def _parts(self, at: Floats) -> tuple[Floats, Floats]:
        last = self.levels - 1
        return np.cumsum(np.concatenate([at[:1], np.exp(at[1:last])])), at[last:]

    def _loss(self, at: Floats) -> tuple[float, Floats]:
        cuts, slopes = self._parts(at)
        centre, top = self.x @ slopes, self.levels - 1
        above = np.where(self.y < top, expit(cuts[np.minimum(self.y, top - 1)] - centre), 1.0)
        below = np.where(self.y > 0, expit(cuts[np.maximum(self.y - 1, 0)] - centre), 0.0)
        chance = np.maximum(above - below, 1e-12)
        up, down = above * (1.0 - above) / chance, below * (1.0 - below) / chance
        each = np.bincount(np.minimum(self.y, top - 1), up * (self.y < top), minlength=top)
        each = each - np.bincount(np.maximum(self.y - 1, 0), down * (self.y > 0), minlength=top)
        onward = np.cumsum(each[::-1])[::-1]
        onward[1:] *= np.exp(at[1:top])
        slope = np.concatenate([onward, -(self.x.T @ (up - down))])
        ridge = np.concatenate([np.zeros(top), slopes])
        return float(-np.log(chance).mean() + 1e-4 * ridge @ ridge), -slope / len(self.y) + 2e-4 * ridge

    def __call__(self, known: Floats) -> Floats:
        """(people, levels): chances."""
        centre = (known - self.mean) / self.spread @ self.slopes
        below = expit(self.cuts - centre[:, None])
        ends = np.zeros((len(known), 1)), np.ones((len(known), 1))
        return np.diff(np.concatenate([ends[0], below, ends[1]], axis=1), axis=1)


def _score(centre: Floats) -> Floats:
    return np.clip(np.round(centre), 0.0, 10.0)
