"""JAX: the same steps as one compiled scan, people along the last axis, shared out over a device a thread.

XLA is told to use the widest vectors and fast arithmetic, and to keep the stages apart (it would else work some
things out twice). People along the first axis ran at less than half the speed, blocks of 16 to 128 people by lax.map
no faster. ``--method default`` leaves XLA as it comes.
"""

from __future__ import annotations

import os
import sys

from common import asked, finish, read_task, timed

arguments = asked(__doc__)
flags = [f"--xla_force_host_platform_device_count={arguments.threads}"]
if arguments.threads == 1:
    flags.append("--xla_cpu_multi_thread_eigen=false")
if arguments.method != "default":
    flags += ["--xla_cpu_prefer_vector_width=512", "--xla_cpu_enable_fast_math=true"]
os.environ["XLA_FLAGS"] = " ".join(flags)
os.environ["JAX_ENABLE_X64"] = "1" if arguments.wide else "0"

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
from jax import lax  # noqa: E402
from jax.sharding import Mesh, NamedSharding, PartitionSpec  # noqa: E402

task = read_task(arguments.task, arguments.people)
p, w = task.p, task.w
real = jnp.float64 if arguments.wide else jnp.float32


def euler(now, held, spared, days):
    """An Euler step of ``days`` from ``now``; ``held`` is what the needle left, at that time."""
    f, s, c, i, n, root, central = now
    potential, tendon, blood = held
    squeeze = (c[:, 0] * c[:, 0]) ** 2
    to_root = 1 - spared * p.root_half**4 / (squeeze + p.root_half**4)
    heard = p.spine_share * n[:, 0] + (1 - p.spine_share) / 4 * (n[:, 1] + n[:, 2] + n[:, 3] + n[:, 4])
    heard = heard * heard
    to_central = (1 + p.central_half**2) * heard / (heard + p.central_half**2)
    calm = p.potential_half + potential
    f2 = f * f
    below = f2 + p.receptor_half**2
    both = 1 / (below * calm)
    flow = (p.flow_loss * p.potential_half) * root[:, None] * (below * both)
    wanted = (1 + p.receptor_half**2) * f2 * (calm * both)
    turnover = jnp.where(wanted > s, days / p.receptor_rise, days / p.receptor_fall)
    drive = s * (1 + p.central_gain * central[:, None]) + p.ischaemia_shortens * i
    drive = drive * (p.tendon_half / p.shorten_half)
    tense = p.tendon_half + tendon
    drive, tense = drive * drive * drive, tense * tense * tense
    slow = 1 + p.slow_release * i
    both = 1 / ((drive + tense) * slow)
    short = drive * slow * both
    own = jnp.where(short > c, days / p.shorten_time, (days / p.shorten_time) * (drive + tense) * both)
    c2 = c * c
    starved = ((1 + p.ischaemia_half**2) * p.blood_half) * c2 / ((c2 + p.ischaemia_half**2) * (p.blood_half + blood))
    sore = p.pain_of_ischaemia * i + p.pain_of_receptors * s * (p.sore_unshortened + (1 - p.sore_unshortened) * c)
    return (
        f + (days / p.flow_time) * (flow - f),
        s + turnover * (wanted - s) - (days * p.potential_clears) * potential * s,
        c + own * (short - c),
        i + (days / p.ischaemia_time) * (starved - i),
        n + (days / p.nociceptor_time) * (sore - n),
        root + jnp.where(to_root > root, days / p.root_rise, days / p.root_fall) * (to_root - root),
        central
        + jnp.where(to_central > central, days / p.central_rise, days / p.central_fall) * (to_central - central),
    )


def mixed(keep, start, moved):
    return tuple(keep * a + (1 - keep) * b for a, b in zip(start, moved, strict=True))


def left(days):
    """What is kept after ``days`` of injury potential, tendon reflex, blood, trauma; of soreness; and what it gains."""
    kept = [jnp.exp(-days / t) for t in (p.potential_time, p.tendon_time, p.blood_time, p.trauma_time, p.soreness_time)]
    return *kept, (kept[4] - kept[3]) * p.soreness_time / (p.soreness_time - p.trauma_time)


def needle(state):
    (f, s, c, i, n, root, central), (potential, tendon, blood, trauma, soreness) = state
    ready = jnp.sqrt(s * c)
    ready3 = ready * ready * ready
    twitch = ready * ready3 / (ready3 + p.twitch_half**3)
    heard = p.spine_share * twitch[:, 0] + (1 - p.spine_share) * twitch[:, 1:].mean(axis=1)
    c, n = c * (1 - p.twitch_releases * twitch), n * (1 - p.twitch_washes * twitch)
    potential = potential + p.potential_dose * (p.potential_alone + (1 - p.potential_alone) * twitch)
    blood = blood + p.blood_alone + (1 - p.blood_alone) * twitch
    trauma = trauma + p.trauma_dose * (p.trauma_alone + (1 - p.trauma_alone) * twitch)
    core = (f, s, c, i, n, root, central * (1 - p.twitch_calms * heard))
    return core, (potential, tendon + twitch, blood, trauma, soreness)


def reading(state):
    (_, _, _, _, n, _, central), (_, _, blood, _, soreness) = state
    drive = n * (w.pain_nociceptors + w.pain_central * central[:, None])
    drive = drive + w.pain_soreness * soreness / (1 + w.soreness_heat * blood)
    eighth = (drive * drive) ** 4
    regions = jnp.stack([eighth[:, 0], eighth[:, 1:].sum(axis=1)], axis=1)
    return jnp.sqrt(jnp.sqrt(jnp.sqrt(regions))).reshape(-1, drive.shape[-1])


@jax.jit
def whole(muscles, levels, cause):
    spared = 1 - cause

    def stretch(state, laid):
        days, count, event = laid
        drives = reading(state)
        core, held = lax.cond(event >= 0, needle, lambda same: same, state)
        potential, tendon, blood, trauma, _ = held
        half, full, span = left(days / 2), left(days), left(days * count)

        def step(_, now):
            start, (a, b, c) = now
            held = potential * a, tendon * b, blood * c
            end = potential * (a * full[0]), tendon * (b * full[1]), blood * (c * full[2])
            middle = potential * (a * half[0]), tendon * (b * half[1]), blood * (c * half[2])
            moved = lax.optimization_barrier(euler(start, held, spared, days))
            moved = lax.optimization_barrier(mixed(3 / 4, start, euler(moved, end, spared, days)))
            moved = mixed(1 / 3, start, euler(moved, middle, spared, days))
            return moved, (a * full[0], b * full[1], c * full[2])

        one = jnp.ones((), real)
        core, _ = lax.fori_loop(0, count, step, (core, (one, one, one)))
        held = tuple(x * kept for x, kept in zip(held, span[:5], strict=True))
        return (core, (*held[:4], held[4] + trauma * span[5])), drives

    start = (*(muscles[k] for k in range(5)), levels[0], levels[1]), tuple(muscles[k] for k in range(5, 10))
    laid = jnp.asarray(task.length, real), jnp.asarray(task.count), jnp.asarray(task.event)
    _, drives = lax.scan(stretch, start, laid)
    return drives[task.reading >= 0]


def main() -> None:
    """Shared out over as many devices as threads."""
    mesh = Mesh(jax.devices(), ("people",))
    given = [
        jax.device_put(jnp.asarray(a, real), NamedSharding(mesh, PartitionSpec(*([None] * (a.ndim - 1)), "people")))
        for a in (task.muscles, task.levels, task.cause)
    ]
    seconds, drives = timed(lambda: whole(*given).block_until_ready(), arguments.repeats)
    finish(arguments.answer, seconds, arguments.people, drives)


if __name__ == "__main__":
    sys.exit(main())
