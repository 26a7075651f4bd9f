"""NumPy: the same steps on whole arrays, every operation into memory that is there already; one thread."""

from __future__ import annotations

import sys

import numpy as np
from common import asked, by_region, finish, read_task, timed

BLOCK = 256  # people at a time, so that the arrays stay in the second cache


class Block:
    """Some people; ``real`` float32 or float64. Arrays are (levels, 5, people)."""

    def __init__(self, task, who, real):
        self.p, self.w, self.real, self.task = task.p, task.w, real, task
        self.x = task.muscles[..., who].astype(real)
        self.levels = task.levels[..., who].astype(real)
        self.spared = (1.0 - task.cause[:, who]).astype(real)
        self.moved, self.moved_levels, self.next_levels = self.x[:5].copy(), self.levels.copy(), self.levels.copy()
        self.work = np.empty((4, *self.x.shape[1:]), real)
        self.flags = np.empty(self.x.shape[1:], bool)
        self.level_work = np.empty((2, *self.levels.shape[1:]), real)
        self.level_flags = np.empty(self.levels.shape[1:], bool)

    def toward(self, gap, up, down, flags, work):
        """``gap`` times the pace of its direction."""
        np.greater(gap, 0.0, out=flags)
        np.multiply(flags, self.real(up - down), out=work)
        work += self.real(down)
        gap *= work

    def mixed(self, out, start, change, now, keep):
        """``out`` becomes ``keep`` of the start and the rest of what moved; ``change`` is used up."""
        change += now
        if keep:
            change *= 1.0 - keep
            np.multiply(start, keep, out=out)
            out += change
        else:
            out[...] = change

    def move_levels(self, x, levels, out, days, keep):
        p, (a, b), flags = self.p, self.level_work, self.level_flags
        np.square(x[2][:, 0], out=a)
        np.square(a, out=a)
        a += p.root_half**4
        np.divide(p.root_half**4, a, out=a)  # 1 - squeeze
        a *= self.spared
        np.subtract(1.0, a, out=a)
        a -= levels[0]
        self.toward(a, days / p.root_rise, days / p.root_fall, flags, b)
        self.mixed(out[0], self.levels[0], a, levels[0], keep)
        np.add(x[4][:, 1], x[4][:, 2], out=a)
        a += x[4][:, 3]
        a += x[4][:, 4]
        a *= (1.0 - p.spine_share) / 4
        np.multiply(x[4][:, 0], p.spine_share, out=b)
        a += b
        a *= a
        np.add(a, p.central_half**2, out=b)
        a *= 1.0 + p.central_half**2
        a /= b
        a -= levels[1]
        self.toward(a, days / p.central_rise, days / p.central_fall, flags, b)
        self.mixed(out[1], self.levels[1], a, levels[1], keep)

    def move_muscles(self, x, levels, out, days, keep, left):  # noqa: PLR0915  # one long row of operations in place
        """``out`` may be ``x``: each state is written when no other needs it any more."""
        p, (a, b, c, d), flags, start = self.p, self.work, self.flags, self.x
        left = left.tolist()  # plain numbers, which leave float32 what it is
        (e, _), (f, s, short, dry, sore) = self.level_work, x[:5]
        # pain
        np.multiply(short, p.pain_of_receptors * (1.0 - p.sore_unshortened), out=a)
        a += p.pain_of_receptors * p.sore_unshortened
        a *= s
        np.multiply(dry, p.pain_of_ischaemia, out=b)
        a += b
        a -= sore
        a *= days / p.nociceptor_time
        self.mixed(out[4], start[4], a, sore, keep)
        # shortening, not yet written
        np.multiply(levels[1], p.central_gain / p.shorten_half, out=e)
        e += 1.0 / p.shorten_half
        np.multiply(s, e[:, None], out=a)
        np.multiply(dry, p.ischaemia_shortens / p.shorten_half, out=b)
        a += b
        np.multiply(start[6], left[1] / p.tendon_half, out=b)
        b += 1.0
        a /= b
        np.square(a, out=b)
        a *= b
        np.add(a, 1.0, out=b)
        a /= b
        a -= short
        np.less_equal(a, 0.0, out=flags)
        np.multiply(dry, p.slow_release, out=b)
        b *= flags
        b += 1.0
        a /= b
        a *= days / p.shorten_time
        # ischaemia
        np.square(short, out=b)
        np.add(b, p.ischaemia_half**2, out=c)
        np.multiply(start[7], left[2] / p.blood_half, out=d)
        d += 1.0
        c *= d
        b *= 1.0 + p.ischaemia_half**2
        b /= c
        b -= dry
        b *= days / p.ischaemia_time
        self.mixed(out[3], start[3], b, dry, keep)
        self.mixed(out[2], start[2], a, short, keep)
        # receptors
        np.square(f, out=a)
        np.add(a, p.receptor_half**2, out=b)
        a *= 1.0 + p.receptor_half**2
        a /= b
        a -= s
        self.toward(a, days / p.receptor_rise, days / p.receptor_fall, flags, b)
        np.multiply(start[5], left[0] / p.potential_half, out=b)
        np.multiply(b, days * p.potential_clears * p.potential_half, out=c)
        c *= s
        a -= c
        self.mixed(out[1], start[1], a, s, keep)
        # flow
        b += 1.0
        np.multiply(levels[0], p.flow_loss, out=e)
        np.divide(e[:, None], b, out=b)
        b -= f
        b *= days / p.flow_time
        self.mixed(out[0], start[0], b, f, keep)

    def needle(self):
        p, x = self.p, self.x
        ready = np.sqrt(x[1] * x[2])
        cube = ready * ready * ready
        twitch = ready * cube / (cube + p.twitch_half**3)
        x[2] *= 1.0 - p.twitch_releases * twitch
        x[4] *= 1.0 - p.twitch_washes * twitch
        x[5] += p.potential_dose * (p.potential_alone + (1.0 - p.potential_alone) * twitch)
        x[6] += twitch
        x[7] += p.blood_alone + (1.0 - p.blood_alone) * twitch
        x[8] += p.trauma_dose * (p.trauma_alone + (1.0 - p.trauma_alone) * twitch)
        heard = p.spine_share * twitch[:, 0] + (1.0 - p.spine_share) * twitch[:, 1:].mean(axis=1)
        self.levels[1] *= 1.0 - p.twitch_calms * heard

    def drive(self):
        x, w = self.x, self.w
        drives = x[4] * (w.pain_nociceptors + w.pain_central * self.levels[1][:, None])
        return by_region(drives + w.pain_soreness * x[9] / (1.0 + w.soreness_heat * x[7]))

    def kept(self, days):
        p = self.p
        times = [p.potential_time, p.tendon_time, p.blood_time, p.trauma_time, p.soreness_time]
        return np.exp(-days / np.array(times))

    def step(self, days, held, half, full):
        """Three Euler stages; ``held`` is what is left, at the start, of what the needle left."""
        first, second = self.moved_levels, self.next_levels
        self.move_levels(self.x, self.levels, first, days, 0.0)
        self.move_muscles(self.x, self.levels, self.moved, days, 0.0, held)
        self.move_levels(self.moved, first, second, days, 3 / 4)
        self.move_muscles(self.moved, first, self.moved, days, 3 / 4, held * full)
        self.move_levels(self.moved, second, self.levels, days, 1 / 3)
        self.move_muscles(self.moved, second, self.x, days, 1 / 3, held * half)

    def follow(self):
        task, p, found = self.task, self.p, []
        for days, count, event, reading in zip(
            map(float, task.length), map(int, task.count), task.event, task.reading, strict=True
        ):
            if reading >= 0:
                found.append(self.drive())
            if event >= 0:
                self.needle()
            half, full, span = self.kept(days / 2)[:3], self.kept(days)[:3], self.kept(days * count).astype(self.real)
            held = np.ones(3)
            for _ in range(count):
                self.step(days, held, half, full)
                held = held * full
            self.x[5:8] *= span[:3, None, None, None]
            later = (span[4] - span[3]) * self.real(p.soreness_time / (p.soreness_time - p.trauma_time))
            self.x[9] = self.x[9] * span[4] + self.x[8] * later
            self.x[8] *= span[3]
        return np.stack(found)


def main() -> None:
    """The people in blocks, one after the other."""
    arguments = asked(__doc__)
    task = read_task(arguments.task, arguments.people)
    real = np.float64 if arguments.wide else np.float32
    cuts = [slice(k, k + BLOCK) for k in range(0, arguments.people, BLOCK)]

    def run():
        return np.concatenate([Block(task, cut, real).follow() for cut in cuts], axis=-1)

    seconds, drives = timed(run, arguments.repeats)
    finish(arguments.answer, seconds, arguments.people, drives)


if __name__ == "__main__":
    sys.exit(main())
