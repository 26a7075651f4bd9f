"""Numba: the same steps in blocks of people, blocks shared out over threads; each row of a block is one vector loop.

All rows of a block lie in one flat array and are found by unsigned offsets, so that LLVM sees that no two overlap and
makes vectors of the loops; the parameters, the same for all here, are plain numbers.
"""

from __future__ import annotations

import os
import sys

from common import asked, finish, read_task, timed

arguments = asked(__doc__)
os.environ["NUMBA_NUM_THREADS"] = str(arguments.threads)

import numpy as np  # noqa: E402
from numba import njit, prange  # noqa: E402

task = read_task(arguments.task, arguments.people)
REAL = np.float64 if arguments.wide else np.float32
LANES = 64 if arguments.wide else 128
LEVELS, FIVE = len(task.cause), 5
U = np.uint64
LANE = U(LANES)
MIDDLE = U(10 * LANES)  # of a muscle: five states, what the needle left (5), then the five at the stage of the step
MUSCLE = U(15 * LANES)
LEVEL = U(7 * LANES)  # root, central, both after the first stage, both after the second, 1 - cause
SPARED = U(6 * LANES)
MUSCLES = U(LEVELS * FIVE)
BASE = MUSCLES * MUSCLE  # where the levels begin
SIZE = int(BASE) + LEVELS * int(LEVEL)
F, S, C, DRY, N, P, G, H, M, D = (U(k * LANES) for k in range(10))
ONE, FOURTH, ZERO, THIRD, THREE_FOURTHS = map(REAL, (1, 0.25, 0, 1 / 3, 0.75))
JIT = {"fastmath": True, "error_model": "numpy", "boundscheck": False, "nogil": True}

p = {name: REAL(value) for name, value in vars(task.p).items()}
w = {name: REAL(value) for name, value in vars(task.w).items()}
ROOT4, RECEPTOR2, CENTRAL2 = p["root_half"] ** 4, p["receptor_half"] ** 2, p["central_half"] ** 2
ISCHAEMIA2, TWITCH3 = p["ischaemia_half"] ** 2, p["twitch_half"] ** 3
RECEPTOR_GAIN, CENTRAL_GAIN, ISCHAEMIA_GAIN = ONE + RECEPTOR2, ONE + CENTRAL2, ONE + ISCHAEMIA2
SHARE, LOSS, CLEARS, SLOW = p["spine_share"], p["flow_loss"], p["potential_clears"], p["slow_release"]
P_PART, G_PART, H_PART = ONE / p["potential_half"], ONE / p["tendon_half"], ONE / p["blood_half"]
DRIVE, OF_I = ONE / p["shorten_half"], p["ischaemia_shortens"] / p["shorten_half"]
GAIN = p["central_gain"] / p["shorten_half"]
PAIN_I, PAIN_S, BARE = p["pain_of_ischaemia"], p["pain_of_receptors"], p["sore_unshortened"]
RELEASES, WASHES, CALMS = p["twitch_releases"], p["twitch_washes"], p["twitch_calms"]
P_DOSE, P_ALONE, H_ALONE = p["potential_dose"], p["potential_alone"], p["blood_alone"]
M_DOSE, M_ALONE = p["trauma_dose"], p["trauma_alone"]
W_N, W_Z, W_D, W_H = (w[n] for n in ("pain_nociceptors", "pain_central", "pain_soreness", "soreness_heat"))
RATES = ("flow_time", "ischaemia_time", "nociceptor_time", "root_rise", "root_fall", "central_rise", "central_fall")
RATES += ("receptor_rise", "receptor_fall", "shorten_time")
FADING = ("potential_time", "tendon_time", "blood_time", "trauma_time", "soreness_time")


def for_levels(at, level_at, level_to, keep):
    """All levels after one stage; ``at`` where the muscles' rows are read, the others where levels are."""

    @njit(**JIT)
    def levels(x, k):
        up, down, up2, down2 = k[3], k[4], k[5], k[6]
        for level in range(LEVELS):
            first = U(level) * U(FIVE) * MUSCLE + at
            here = BASE + U(level) * LEVEL
            for i in range(LANES):
                lane = U(i)
                c, n = x[first + C + lane], x[first + N + lane]
                away = x[first + MUSCLE + N + lane] + x[first + U(2) * MUSCLE + N + lane]
                away += x[first + U(3) * MUSCLE + N + lane] + x[first + U(4) * MUSCLE + N + lane]
                heard = SHARE * n + (ONE - SHARE) * FOURTH * away
                heard *= heard
                squeeze, heard4 = c * c * c * c + ROOT4, heard + CENTRAL2
                both = ONE / (squeeze * heard4)
                root, central = x[here + level_at + lane], x[here + level_at + LANE + lane]
                target = ONE - x[here + SPARED + lane] * ROOT4 * heard4 * both
                wanted = CENTRAL_GAIN * heard * squeeze * both
                pace = up if target > root else down
                pace2 = up2 if wanted > central else down2
                root += pace * (target - root)
                central += pace2 * (wanted - central)
                x[here + level_to + lane] = keep * x[here + lane] + (ONE - keep) * root
                x[here + level_to + LANE + lane] = keep * x[here + LANE + lane] + (ONE - keep) * central

    return levels


def for_muscles(at, to, level_at, keep):
    """A muscle after one stage, from its rows at ``at`` into those at ``to``."""

    @njit(**JIT)
    def muscle(x, m, here, days, k, a, b, c_):
        to_flow, to_dry, to_sore, rise, fall, quick = k[0], k[1], k[2], k[7], k[8], k[9]
        clears, calms, tendons, bleeds = days * CLEARS * a, P_PART * a, G_PART * b, H_PART * c_
        of_dry, of_s, of_sc = to_sore * PAIN_I, to_sore * PAIN_S * BARE, to_sore * PAIN_S * (ONE - BARE)
        flow, starved = to_flow * LOSS, to_dry * ISCHAEMIA_GAIN
        for i in range(LANES):
            lane = U(i)
            f, s, c = x[m + at + F + lane], x[m + at + S + lane], x[m + at + C + lane]
            dry, n, potential = x[m + at + DRY + lane], x[m + at + N + lane], x[m + P + lane]
            f2 = f * f
            below, beneath = f2 + RECEPTOR2, ONE + potential * calms
            both = ONE / (below * beneath)
            asked_ = RECEPTOR_GAIN * f2 * (beneath * both)
            turnover = rise if asked_ > s else fall
            pull = s * (DRIVE + GAIN * x[here + level_at + LANE + lane]) + OF_I * dry
            held = ONE + x[m + G + lane] * tendons
            pull *= pull * pull
            whole_, slow = pull + held * held * held, ONE + SLOW * dry
            inverse = ONE / (whole_ * slow)
            short = pull * slow * inverse
            own = quick if short > c else quick * whole_ * inverse
            c2 = c * c
            bled = c2 / ((c2 + ISCHAEMIA2) * (ONE + x[m + H + lane] * bleeds))
            f += flow * x[here + level_at + lane] * (below * both) - to_flow * f
            new = s + turnover * (asked_ - s) - clears * potential * s
            short = c + own * (short - c)
            n += of_dry * dry + s * (of_s + of_sc * c) - to_sore * n
            dry += starved * bled - to_dry * dry
            x[m + to + F + lane] = keep * x[m + F + lane] + (ONE - keep) * f
            x[m + to + S + lane] = keep * x[m + S + lane] + (ONE - keep) * new
            x[m + to + C + lane] = keep * x[m + C + lane] + (ONE - keep) * short
            x[m + to + DRY + lane] = keep * x[m + DRY + lane] + (ONE - keep) * dry
            x[m + to + N + lane] = keep * x[m + N + lane] + (ONE - keep) * n

    return muscle


ONCE, TWICE = U(2) * LANE, U(4) * LANE  # levels after the first stage and the second
first_levels, first = for_levels(U(0), U(0), ONCE, ZERO), for_muscles(U(0), MIDDLE, U(0), ZERO)
second_levels = for_levels(MIDDLE, ONCE, TWICE, THREE_FOURTHS)
second = for_muscles(MIDDLE, MIDDLE, ONCE, THREE_FOURTHS)
third_levels, third = for_levels(MIDDLE, TWICE, U(0), THIRD), for_muscles(MIDDLE, U(0), TWICE, THIRD)


@njit(**JIT)
def needle(x, twitch):
    for level in range(LEVELS):
        twitch[:] = ZERO
        for five in range(FIVE):
            m = (U(level) * U(FIVE) + U(five)) * MUSCLE
            share = SHARE if five == 0 else (ONE - SHARE) * FOURTH
            for i in range(LANES):
                lane = U(i)
                ready = REAL(np.sqrt(x[m + S + lane] * x[m + C + lane]))
                ready3 = ready * ready * ready
                t = ready * ready3 / (ready3 + TWITCH3)
                x[m + C + lane] *= ONE - RELEASES * t
                x[m + N + lane] *= ONE - WASHES * t
                x[m + P + lane] += P_DOSE * (P_ALONE + (ONE - P_ALONE) * t)
                x[m + G + lane] += t
                x[m + H + lane] += H_ALONE + (ONE - H_ALONE) * t
                x[m + M + lane] += M_DOSE * (M_ALONE + (ONE - M_ALONE) * t)
                twitch[lane] += share * t
        for i in range(LANES):
            x[BASE + U(level) * LEVEL + LANE + U(i)] *= ONE - CALMS * twitch[U(i)]


@njit(**JIT)
def read(x, out, at):
    for level in range(LEVELS):
        for five in range(FIVE):
            m = (U(level) * U(FIVE) + U(five)) * MUSCLE
            region = 2 * level + (five > 0)
            for i in range(LANES):
                lane = U(i)
                central = x[BASE + U(level) * LEVEL + LANE + lane]
                drive = x[m + N + lane] * (W_N + W_Z * central) + W_D * x[m + D + lane] / (ONE + W_H * x[m + H + lane])
                drive *= drive
                drive *= drive
                out[region, at + i] += drive * drive


@njit(**JIT)
def fade(x, k):
    for number in range(LEVELS * FIVE):
        m = U(number) * MUSCLE
        a, b, c, quick, slow, later = k[0], k[1], k[2], k[3], k[4], k[5]
        for i in range(LANES):
            lane = U(i)
            x[m + P + lane] *= a
            x[m + G + lane] *= b
            x[m + H + lane] *= c
            x[m + D + lane] = x[m + D + lane] * slow + x[m + M + lane] * later
            x[m + M + lane] *= quick


@njit(parallel=True, **JIT)
def whole(start, paces, full, half, length, count, event, reading, span, out):
    """All blocks; ``paces`` (stretches, 10) rates times days; ``full`` and ``half`` (stretches, 3) what is kept."""
    for block in prange(start.shape[0]):
        x = start[block].copy()
        twitch = np.zeros(LANES, dtype=x.dtype)
        for stretch in range(len(length)):
            if reading[stretch] >= 0:
                read(x, out[reading[stretch]], block * LANES)
            if event[stretch] >= 0:
                needle(x, twitch)
            days, k, h, e = length[stretch], paces[stretch], half[stretch], full[stretch]
            a, b, c = ONE, ONE, ONE
            for _ in range(count[stretch]):
                first_levels(x, k)
                for number in range(LEVELS * FIVE):
                    m, here = U(number) * MUSCLE, BASE + U(number // FIVE) * LEVEL
                    first(x, m, here, days, k, a, b, c)
                second_levels(x, k)
                for number in range(LEVELS * FIVE):
                    m, here = U(number) * MUSCLE, BASE + U(number // FIVE) * LEVEL
                    second(x, m, here, days, k, a * e[0], b * e[1], c * e[2])
                third_levels(x, k)
                for number in range(LEVELS * FIVE):
                    m, here = U(number) * MUSCLE, BASE + U(number // FIVE) * LEVEL
                    third(x, m, here, days, k, a * h[0], b * h[1], c * h[2])
                a, b, c = a * e[0], b * e[1], c * e[2]
            fade(x, span[stretch])


def constants(task):
    """Rates times days, and what is kept over a step, half of one and all; (stretches, states) each."""
    paces = (task.length[:, None] / [getattr(task.p, name) for name in RATES]).astype(REAL)
    times = np.array([float(getattr(task.p, name)) for name in FADING])
    full, half = (np.exp(-task.length[:, None] * part / times[:3]).astype(REAL) for part in (1.0, 0.5))
    span = np.exp(-(task.length * task.count)[:, None] / times)
    later = (span[:, 4] - span[:, 3]) * task.p.soreness_time / (task.p.soreness_time - task.p.trauma_time)
    return paces, full, half, np.column_stack([span, later]).astype(REAL)


def main() -> None:
    """Lay the people out in blocks and run them."""
    blocks = arguments.people // LANES
    start = np.zeros((blocks, SIZE), dtype=REAL)
    muscles = start[:, : int(BASE)].reshape(blocks, LEVELS * FIVE, 15, LANES)
    given = task.muscles.reshape(10, LEVELS * FIVE, -1)[..., : blocks * LANES]
    muscles[:, :, :10] = given.reshape(10, LEVELS * FIVE, blocks, LANES).transpose(2, 1, 0, 3)
    rows = start[:, int(BASE) :].reshape(blocks, LEVELS, 7, LANES)
    for row, values in ((0, task.levels[0]), (1, task.levels[1]), (6, 1.0 - task.cause)):
        rows[:, :, row] = values[:, : blocks * LANES].reshape(LEVELS, blocks, LANES).transpose(1, 0, 2)
    paces, full, half, span = constants(task)
    laid = task.length.astype(REAL), task.count, task.event, task.reading

    def run():
        out = np.zeros((len(task.readings), 2 * LEVELS, blocks * LANES), dtype=REAL)
        whole(start, paces, full, half, *laid, span, out)
        return np.sqrt(np.sqrt(np.sqrt(out)))

    seconds, drives = timed(run, arguments.repeats)
    finish(arguments.answer, seconds, blocks * LANES, drives)


if __name__ == "__main__":
    sys.exit(main())
