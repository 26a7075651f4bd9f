"""Numba as it is usually written: one person after the other, muscle by muscle, people shared out over threads."""

from __future__ import annotations

import sys

import numpy as np
import with_numba as k  # the constants of the equations
from common import finish, timed
from numba import njit, prange

REAL, ONE, LEVELS, FIVE = k.REAL, k.ONE, k.LEVELS, k.FIVE
LOSS, P_PART, G_PART, H_PART, CLEARS, SHARE = k.LOSS, k.P_PART, k.G_PART, k.H_PART, k.CLEARS, k.SHARE
RECEPTOR_GAIN, RECEPTOR2, DRIVE, GAIN, OF_I, SLOW = k.RECEPTOR_GAIN, k.RECEPTOR2, k.DRIVE, k.GAIN, k.OF_I, k.SLOW
ISCHAEMIA_GAIN, ISCHAEMIA2, ROOT4, CENTRAL_GAIN, CENTRAL2 = (
    k.ISCHAEMIA_GAIN,
    k.ISCHAEMIA2,
    k.ROOT4,
    k.CENTRAL_GAIN,
    k.CENTRAL2,
)
PAIN_I, PAIN_S, BARE = k.PAIN_I, k.PAIN_S, k.BARE
RELEASES, WASHES, CALMS, TWITCH3, P_DOSE, P_ALONE = k.RELEASES, k.WASHES, k.CALMS, k.TWITCH3, k.P_DOSE, k.P_ALONE
H_ALONE, M_DOSE, M_ALONE, FOURTH = k.H_ALONE, k.M_DOSE, k.M_ALONE, k.FOURTH
W_N, W_Z, W_D, W_H = k.W_N, k.W_Z, k.W_D, k.W_H
JIT = {"fastmath": True, "error_model": "numpy"}


@njit(**JIT)
def stage(keep, at, start, out, roots, roots_start, roots_out, cause, days, pace, left):
    """``at``, ``start`` and ``out`` (states, levels, 5); ``roots`` likewise (2, levels); ``left`` of the needle."""
    for level in range(LEVELS):
        root, central = roots[0, level], roots[1, level]
        squeeze = at[2, level, 0] * at[2, level, 0]
        squeeze *= squeeze
        target = ONE - (ONE - cause[level]) * ROOT4 / (squeeze + ROOT4)
        away = at[4, level, 1] + at[4, level, 2] + at[4, level, 3] + at[4, level, 4]
        heard = SHARE * at[4, level, 0] + (ONE - SHARE) * FOURTH * away
        heard *= heard
        wanted = CENTRAL_GAIN * heard / (heard + CENTRAL2)
        for five in range(FIVE):
            f, s, c, dry, n = (
                at[0, level, five],
                at[1, level, five],
                at[2, level, five],
                at[3, level, five],
                at[4, level, five],
            )
            potential = start[5, level, five] * left[0]
            flow = LOSS * root / (ONE + potential * P_PART)
            asked = RECEPTOR_GAIN * f * f / (f * f + RECEPTOR2)
            turnover = pace[7] if asked > s else pace[8]
            pull = (s * (DRIVE + GAIN * central) + OF_I * dry) / (ONE + start[6, level, five] * left[1] * G_PART)
            pull = pull * pull * pull
            short = pull / (pull + ONE)
            own = pace[9] if short > c else pace[9] / (ONE + SLOW * dry)
            starved = ISCHAEMIA_GAIN * c * c / ((c * c + ISCHAEMIA2) * (ONE + start[7, level, five] * left[2] * H_PART))
            sore = PAIN_I * dry + PAIN_S * s * (BARE + (ONE - BARE) * c)
            f1 = f + pace[0] * (flow - f)
            s1 = s + turnover * (asked - s) - days * CLEARS * potential * s
            out[0, level, five] = keep * start[0, level, five] + (ONE - keep) * f1
            out[1, level, five] = keep * start[1, level, five] + (ONE - keep) * s1
            out[2, level, five] = keep * start[2, level, five] + (ONE - keep) * (c + own * (short - c))
            out[3, level, five] = keep * start[3, level, five] + (ONE - keep) * (dry + pace[1] * (starved - dry))
            out[4, level, five] = keep * start[4, level, five] + (ONE - keep) * (n + pace[2] * (sore - n))
        root += (pace[3] if target > root else pace[4]) * (target - root)
        central += (pace[5] if wanted > central else pace[6]) * (wanted - central)
        roots_out[0, level] = keep * roots_start[0, level] + (ONE - keep) * root
        roots_out[1, level] = keep * roots_start[1, level] + (ONE - keep) * central


@njit(**JIT)
def needle(x, roots):
    for level in range(LEVELS):
        heard = REAL(0)
        for five in range(FIVE):
            ready = REAL(np.sqrt(x[1, level, five] * x[2, level, five]))
            cube = ready * ready * ready
            t = ready * cube / (cube + TWITCH3)
            x[2, level, five] *= ONE - RELEASES * t
            x[4, level, five] *= ONE - WASHES * t
            x[5, level, five] += P_DOSE * (P_ALONE + (ONE - P_ALONE) * t)
            x[6, level, five] += t
            x[7, level, five] += H_ALONE + (ONE - H_ALONE) * t
            x[8, level, five] += M_DOSE * (M_ALONE + (ONE - M_ALONE) * t)
            heard += t * (SHARE if five == 0 else (ONE - SHARE) * FOURTH)
        roots[1, level] *= ONE - CALMS * heard


@njit(**JIT)
def read(x, roots, out, who):
    for level in range(LEVELS):
        for five in range(FIVE):
            drive = x[4, level, five] * (W_N + W_Z * roots[1, level])
            drive += W_D * x[9, level, five] / (ONE + W_H * x[7, level, five])
            drive *= drive
            drive *= drive
            out[2 * level + (five > 0), who] += drive * drive


@njit(parallel=True, **JIT)
def whole(muscles, levels, causes, paces, full, half, length, count, event, reading, span, out):
    for who in prange(muscles.shape[0]):
        x, roots, cause = muscles[who].copy(), levels[who].copy(), causes[who]
        middle, middle_roots = x[:5].copy(), roots.copy()
        left, at_end, at_half = np.ones(3, dtype=x.dtype), np.ones(3, dtype=x.dtype), np.ones(3, dtype=x.dtype)
        for n in range(len(length)):
            if reading[n] >= 0:
                read(x, roots, out[reading[n]], who)
            if event[n] >= 0:
                needle(x, roots)
            left[:] = ONE
            pace, days = paces[n], length[n]
            for _ in range(count[n]):
                for j in range(3):
                    at_end[j], at_half[j] = left[j] * full[n, j], left[j] * half[n, j]
                stage(k.ZERO, x, x, middle, roots, roots, middle_roots, cause, days, pace, left)
                stage(k.THREE_FOURTHS, middle, x, middle, middle_roots, roots, middle_roots, cause, days, pace, at_end)
                stage(k.THIRD, middle, x, x, middle_roots, roots, roots, cause, days, pace, at_half)
                left[:] = at_end
            for j in range(3):
                x[5 + j] *= span[n, j]
            x[9] = x[9] * span[n, 4] + x[8] * span[n, 5]
            x[8] *= span[n, 3]


def main() -> None:
    """One row a person."""
    task, people = k.task, k.arguments.people
    given = [np.moveaxis(a, -1, 0).astype(REAL, order="C") for a in (task.muscles, task.levels, task.cause)]
    paces, full, half, span = k.constants(task)
    laid = task.length.astype(REAL), task.count, task.event, task.reading

    def run():
        out = np.zeros((len(task.readings), 2 * LEVELS, people), dtype=REAL)
        whole(*given, paces, full, half, *laid, span, out)
        return np.sqrt(np.sqrt(np.sqrt(out)))

    seconds, drives = timed(run, k.arguments.repeats)
    finish(k.arguments.answer, seconds, people, drives)


if __name__ == "__main__":
    sys.exit(main())
