"""Judge the forecast against simple ones, at 1, 2 and 4 weeks after each of sessions 3 to 8."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from benchmarks.forecast.people import People, weekly
from benchmarks.forecast.simple import Logistic, line, with_errors
from myotome.care.course.course import Session, TreatmentCourse
from myotome.care.course.forecast import Made, read, strange, unresponsive
from myotome.care.course.library import again
from myotome.care.course.numbers import numbers
from myotome.mechanism.forecast import chances, weigh
from myotome.mechanism.judging import place, ranked_score

KNOWN = (3, 4, 5, 6, 7, 8)
AHEAD = (1, 2, 4)
INNER = (0.1, 0.9)  # an 80 % interval
SIMPLE = ("last value", "straight line", "logistic regression on pain")

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Said:
    """Forecasts for people after some sessions: chances (people, horizons, 11), chance of no response (people,)."""

    chances: Floats
    unresponsive: Floats
    strange: NDArray[np.bool_]
    again: NDArray[np.bool_]
    seconds: Floats


def forecasts(made: Made, people: People, sessions: int, *, ranges: bool = True, renew: bool = True) -> Said:
    """Forecast each of some people from ``sessions`` sessions, as the product does, but for the refusal."""
    coming, count = weekly(), people.scores.shape[1]
    looks = [*(sessions - 1 + ahead for ahead in AHEAD), coming.judged]
    found, late = np.zeros((count, len(AHEAD), 11)), np.zeros(count)
    flags, seconds = np.zeros((2, count), bool), np.zeros(count)
    for n in range(count):
        scores = people.scores[:sessions, n]
        extent = people.ranges[:sessions, :, n] if ranges else None
        start = time.perf_counter()
        members, weighed = made.library, weigh(made.library, scores, extent)
        flags[0, n] = strange(weighed)
        if renew and weighed.effective < numbers()["carriers least"]:
            flags[1, n] = True
            given = np.full((sessions, 2), np.nan) if extent is None else extent
            members, weighed = again(made.room(), made.plan, members, weighed, scores, given, made.seed)
        said = chances(members, weighed, looks)
        found[n], late[n] = said[:-1], said[-1, unresponsive(int(scores[0]))].sum()
        seconds[n] = time.perf_counter() - start
    return Said(found, late, flags[0], flags[1], seconds)


def judged(said: Said, people: People, trained: People, sessions: int, seed: tuple[int, ...]) -> dict[str, Any]:
    """CRPS, cover and AUC of forecasts, and of the simple ones fitted on ``trained``."""
    at = sessions - 1 + np.array(AHEAD)
    happened = people.scores[at].T
    where = place(said.chances, happened, np.random.default_rng(seed).random(happened.shape))
    inside = (where > INNER[0]) & (where < INNER[1])
    simple = {name: each.mean(axis=0) for name, each in simple_scores(people, trained, sessions).items()}
    own = ranked_score(said.chances, happened)
    best = min(float(simple[name].mean()) for name in SIMPLE)
    late = failed(people)
    return {
        "people": len(own),
        "crps": _told(own.mean(axis=0)),
        "simple crps": {name: _told(each) for name, each in simple.items()},
        "better than the best simple": 1.0 - float(own.mean()) / best,
        "better by horizon": [
            1.0 - float(own[:, h].mean()) / min(float(simple[name][h]) for name in SIMPLE) for h in range(len(AHEAD))
        ],
        "cover of 80 %": float(inside.mean()),
        "cover by horizon": inside.mean(axis=0).tolist(),
        "places": (np.histogram(where, 10, (0.0, 1.0))[0] / where.size).tolist(),
        "not responding": float(late.mean()),
        "auc": area(said.unresponsive, late),
        "auc of logistic regression": area(_regressed_failure(people, trained, sessions), late),
        "unlike anybody": float(said.strange.mean()),
        "simulated again": float(said.again.mean()),
        "median ms": 1e3 * float(np.median(said.seconds[~said.again])) if (~said.again).any() else None,
    }


def simple_scores(people: People, trained: People, sessions: int) -> dict[str, Floats]:
    """CRPS (people, horizons) of each simple forecast; the last one sees the ranges too and is no goal."""
    before, now = trained.scores[:sessions], people.scores[:sessions]
    moved, moved_now = (p.ranges[:sessions].reshape(2 * sessions, -1) for p in (trained, people))
    found: dict[str, list[Floats]] = {}
    for ahead in AHEAD:
        happened, truth = trained.scores[sessions - 1 + ahead], people.scores[sessions - 1 + ahead]
        said = {
            SIMPLE[0]: with_errors(before[-1], happened, now[-1]),
            SIMPLE[1]: with_errors(line(before, ahead), happened, line(now, ahead)),
            SIMPLE[2]: Logistic(before.T, happened)(now.T),
            "logistic regression on pain and ranges": Logistic(np.vstack([before, moved]).T, happened)(
                np.vstack([now, moved_now]).T
            ),
        }
        for name, chance in said.items():
            found.setdefault(name, []).append(ranked_score(chance, truth))
    return {name: np.stack(each, axis=1) for name, each in found.items()}


def failed(people: People) -> NDArray[np.bool_]:
    """(people,): whether the score a week after the last session is not at least 30 % below the first."""
    return people.scores[weekly().judged] > numbers()["eased"] * people.scores[0]


def _regressed_failure(people: People, trained: People, sessions: int) -> Floats:
    fitted = Logistic(trained.scores[:sessions].T, failed(trained).astype(float), 2)
    return fitted(people.scores[:sessions].T)[:, 1]


def area(said: Floats, true: NDArray[np.bool_]) -> float | None:
    """Area under the curve of true against false alarms; None where all are alike."""
    yes, no = int(true.sum()), int((~true).sum())
    if not yes or not no:
        return None
    return float((rankdata(said)[true].sum() - yes * (yes + 1) / 2) / (yes * no))


def update_times(made: Made, people: People, sessions: int) -> dict[str, float]:
    """Milliseconds of a whole update: weighing anew, twelve weeks, sessions needed, response; and where it is again."""
    coming, plain, renewed = weekly(), [], []
    for n in range(people.scores.shape[1]):
        rows = zip(people.scores[:sessions, n], people.ranges[:sessions, :, n], strict=True)
        course = TreatmentCourse(
            tuple(Session(7.0 * k, None, int(s), *map(float, r), needled="both") for k, (s, r) in enumerate(rows))
        )
        start = time.perf_counter()
        said = read(course, replace(coming, had=sessions), made)
        (renewed if said.again else plain).append(1e3 * (time.perf_counter() - start))
    middle, late = np.percentile(plain, (50, 95))
    again_ = float(np.median(renewed)) if renewed else float("nan")
    return {"people": len(plain), "median": float(middle), "95 %": float(late), "again": again_}


def lowest_fits(made: Made, people: People, sessions: tuple[int, ...], share: float) -> list[tuple[int, float, float]]:
    """What only this share of people undercut: mean fit of scores and of ranges, by number of sessions known.

    The lower of the two that are found with and without ranges.
    """
    fits = np.full((2, people.scores.shape[1], max(sessions), 3), np.nan)
    for n in range(people.scores.shape[1]):
        for kind, extent in enumerate((people.ranges[: max(sessions), :, n], None)):
            fits[kind, n] = weigh(made.library, people.scores[: max(sessions), n], extent).fit
    found = []
    for known in sessions:
        scores = np.quantile(fits[..., :known, 0].mean(axis=-1), share, axis=1).min()
        ranges = np.quantile(fits[0, :, :known, 1:].mean(axis=(-1, -2)), share)
        found.append((known, round(float(scores), 2), round(float(ranges), 2)))
    return found


def _told(each: Floats) -> list[float]:
    return [float(one) for one in each]
