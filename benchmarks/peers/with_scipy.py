"""SciPy: one call of solve_ivp a person between needles, on the same equations; what the needle left is exact in time.

With ``--method DOP853 --step 1e-10`` (the relative tolerance) it is the yardstick for the error of all the others.
"""

from __future__ import annotations

import math
import time
from itertools import pairwise

import numpy as np
from common import FIVE, Task, asked, finish, read_task
from scipy.integrate import solve_ivp


class Person:
    """Right-hand side and needle of one person: states (7 groups) in one flat row."""

    def __init__(self, task: Task, who: int) -> None:
        self.p, self.w, self.cause = task.p, task.w, task.cause[:, who].copy()
        self.core = task.muscles[:5, ..., who].copy()
        self.levels = task.levels[..., who].copy()
        self.held = task.muscles[5:, ..., who].copy()  # potential, tendon, blood, trauma, soreness
        self.count = len(self.cause)
        self.muscles = self.count * FIVE

    def at(self, days: float) -> tuple[np.ndarray, ...]:
        """What the last needle left, ``days`` later."""
        p, (potential, tendon, blood, trauma, soreness) = self.p, self.held
        quick, slow = math.exp(-days / p.trauma_time), math.exp(-days / p.soreness_time)
        later = (slow - quick) * p.soreness_time / (p.soreness_time - p.trauma_time)
        return (
            potential * math.exp(-days / p.potential_time),
            tendon * math.exp(-days / p.tendon_time),
            blood * math.exp(-days / p.blood_time),
            trauma * quick,
            soreness * slow + trauma * later,
        )

    def rates(self, days: float, y: np.ndarray) -> np.ndarray:
        """Derivatives, ``days`` after the needle."""
        p, m = self.p, self.muscles
        x = y[: 5 * m].reshape(5, self.count, FIVE)
        f, s, c, i, n = x
        root, central = y[5 * m :].reshape(2, self.count)
        potential, tendon, blood = (
            self.held[0] * math.exp(-days / p.potential_time),
            self.held[1] * math.exp(-days / p.tendon_time),
            self.held[2] * math.exp(-days / p.blood_time),
        )
        out = np.empty_like(y)
        d = out[: 5 * m].reshape(5, self.count, FIVE)
        levels = out[5 * m :].reshape(2, self.count)
        squeeze = c[:, 0] * c[:, 0]
        squeeze *= squeeze
        target = 1.0 - (1.0 - self.cause) * (1.0 - squeeze / (squeeze + p.root_half**4))
        levels[0] = (target - root) / np.where(target > root, p.root_rise, p.root_fall)
        heard = p.spine_share * n[:, 0] + (1.0 - p.spine_share) / 4 * n[:, 1:].sum(axis=1)
        heard *= heard
        target = (1.0 + p.central_half**2) * heard / (heard + p.central_half**2)
        levels[1] = (target - central) / np.where(target > central, p.central_rise, p.central_fall)
        flow = (p.flow_loss * p.potential_half) * root[:, None] / (p.potential_half + potential)
        d[0] = (flow - f) / p.flow_time
        f2 = f * f
        wanted = (1.0 + p.receptor_half**2) * f2 / (f2 + p.receptor_half**2)
        turnover = np.where(wanted > s, 1.0 / p.receptor_rise, 1.0 / p.receptor_fall)
        d[1] = turnover * (wanted - s) - p.potential_clears * potential * s
        drive = s * (1.0 + p.central_gain * central)[:, None] + p.ischaemia_shortens * i
        drive = drive * p.tendon_half / (p.tendon_half + tendon)
        drive = drive * drive * drive
        gap = drive / (drive + p.shorten_half**3) - c
        d[2] = gap / np.where(gap > 0.0, p.shorten_time, p.shorten_time * (1.0 + p.slow_release * i))
        c2 = c * c
        starved = (
            (1.0 + p.ischaemia_half**2) * p.blood_half * c2 / ((c2 + p.ischaemia_half**2) * (p.blood_half + blood))
        )
        d[3] = (starved - i) / p.ischaemia_time
        sore = p.pain_of_ischaemia * i + p.pain_of_receptors * s * (p.sore_unshortened + (1.0 - p.sore_unshortened) * c)
        d[4] = (sore - n) / p.nociceptor_time
        return out

    def needle(self) -> None:
        """As the needle changes the states; the expected twitch."""
        p, ready = self.p, np.sqrt(self.core[1] * self.core[2])
        twitch = ready * ready**3 / (ready**3 + p.twitch_half**3)
        self.core[2] *= 1.0 - p.twitch_releases * twitch
        self.core[4] *= 1.0 - p.twitch_washes * twitch
        heard = p.spine_share * twitch[:, 0] + (1.0 - p.spine_share) * twitch[:, 1:].mean(axis=1)
        self.levels[1] *= 1.0 - p.twitch_calms * heard
        self.held[0] += p.potential_dose * (p.potential_alone + (1.0 - p.potential_alone) * twitch)
        self.held[1] += twitch
        self.held[2] += p.blood_alone + (1.0 - p.blood_alone) * twitch
        self.held[3] += p.trauma_dose * (p.trauma_alone + (1.0 - p.trauma_alone) * twitch)

    def drive(self, y: np.ndarray, days: float) -> np.ndarray:
        """(2 levels,): drive of pain by region."""
        m, (_, _, blood, _, soreness) = self.muscles, self.at(days)
        n, central = y[4 * m : 5 * m].reshape(self.count, FIVE), y[5 * m + self.count :]
        sore = self.w.pain_soreness * soreness / (1.0 + self.w.soreness_heat * blood)
        eighth = (n * (self.w.pain_nociceptors + self.w.pain_central * central[:, None]) + sore) ** 8
        return np.stack([eighth[:, 0], eighth[:, 1:].sum(axis=1)], axis=1).ravel() ** 0.125


def follow(task: Task, who: int, method: str, relative: float) -> np.ndarray:
    """(readings, regions) of one person."""
    person, found = Person(task, who), np.zeros((len(task.readings), 2 * len(task.cause)))
    cuts = sorted({0.0, task.end, *map(float, task.events)})
    for begin, end in pairwise(cuts):
        y = np.concatenate([person.core.ravel(), person.levels.ravel()])
        here = np.flatnonzero((task.readings > begin) & (task.readings <= end))
        if begin == 0.0 and task.readings[0] == 0.0:
            found[0] = person.drive(y, 0.0)
        if begin in task.events:
            person.needle()
            y = np.concatenate([person.core.ravel(), person.levels.ravel()])
        times = np.unique(np.append(task.readings[here] - begin, end - begin))
        solved = solve_ivp(
            person.rates, (0.0, end - begin), y, method=method, t_eval=times, rtol=relative, atol=relative * 1e-2
        )
        for k, day in zip(here, task.readings[here] - begin, strict=True):
            found[k] = person.drive(solved.y[:, np.searchsorted(times, day)], day)
        y, m = solved.y[:, -1], person.muscles
        person.core = y[: 5 * m].reshape(5, person.count, FIVE).copy()
        person.levels = y[5 * m :].reshape(2, person.count).copy()
        person.held = np.stack(person.at(end - begin))
    return found


def main() -> None:
    """One person after the other; the times are those of all of them together."""
    arguments = asked(__doc__)
    task = read_task(arguments.task, arguments.people)
    seconds = []
    for _ in range(arguments.repeats):
        start = time.perf_counter()
        found = [
            follow(task, who, arguments.method or "RK45", arguments.step or 1e-4) for who in range(arguments.people)
        ]
        seconds.append(time.perf_counter() - start)
    finish(arguments.answer, seconds, arguments.people, np.stack(found, axis=-1))


if __name__ == "__main__":
    main()
