"""Brian2: its C++ standalone mode. One 'neuron' is a level with its five muscles, as each muscle has one root here.

``--method exponential_euler`` or ``rk4``, with ``--step`` days on a clock of Brian2's own (a day is called a second,
as Brian2 counts in seconds). The rates that depend on which way a state moves hold for a step, as the exponential
method asks for. Needles and readings are run_regularly and a monitor, which standalone knows.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import brian2 as b2
import numpy as np
from common import FIVE, by_region, finish, read_task
from common import asked as arguments_asked

LEVEL = """
squeeze = C0**2 * C0**2 / (C0**2 * C0**2 + root_half**4) : 1
root_to = 1 - (1 - cause) * (1 - squeeze) : 1
heard = spine_share * N0 + (1 - spine_share) / 4 * (N1 + N2 + N3 + N4) : 1
central_to = (1 + central_half**2) * heard * heard / (heard * heard + central_half**2) : 1
root_rate = 1 / (root_fall + (root_rise - root_fall) * int(root_to > R)) : 1 (HOLD)
central_rate = 1 / (central_fall + (central_rise - central_fall) * int(central_to > Z)) : 1 (HOLD)
dR/dt = root_rate * (root_to - R) / second : 1
dZ/dt = central_rate * (central_to - Z) / second : 1
cause : 1 (constant)
"""
MUSCLE = """
flow# = flow_loss * R * potential_half / (potential_half + P#) : 1
asked# = (1 + receptor_half**2) * F# * F# / (F# * F# + receptor_half**2) : 1
turn# = 1 / (receptor_fall + (receptor_rise - receptor_fall) * int(asked# > S#)) : 1 (HOLD)
pull# = (S# * (1 + central_gain * Z) + ischaemia_shortens * I#) * tendon_half / (tendon_half + G#) : 1
short# = pull# * pull# * pull# / (pull# * pull# * pull# + shorten_half**3) : 1
own# = 1 / (shorten_time * (1 + slow_release * I# * int(short# <= C#))) : 1 (HOLD)
starved# = (1 + ischaemia_half**2) * C# * C# / (C# * C# + ischaemia_half**2) * blood_half / (blood_half + H#) : 1 (HOLD)
sore# = pain_of_ischaemia * I# + pain_of_receptors * S# * (sore_unshortened + (1 - sore_unshortened) * C#) : 1
dF#/dt = (flow# - F#) / flow_time / second : 1
dS#/dt = (turn# * (asked# - S#) - potential_clears * P# * S#) / second : 1
dC#/dt = own# * (short# - C#) / second : 1
dI#/dt = (starved# - I#) / ischaemia_time / second : 1
dN#/dt = (sore# - N#) / nociceptor_time / second : 1
dP#/dt = -P# / potential_time / second : 1
dG#/dt = -G# / tendon_time / second : 1
dH#/dt = -H# / blood_time / second : 1
dM#/dt = -M# / trauma_time / second : 1
dD#/dt = (M# / trauma_time - D# / soreness_time) / second : 1
drive# = N# * (pain_nociceptors + pain_central * Z) + pain_soreness * D# / (1 + soreness_heat * H#) : 1
"""
NEEDLE = """
ready# = sqrt(S# * C#)
twitch# = ready# * ready#**3 / (ready#**3 + twitch_half**3)
C# = C# * (1 - twitch_releases * twitch#)
N# = N# * (1 - twitch_washes * twitch#)
P# = P# + potential_dose * (potential_alone + (1 - potential_alone) * twitch#)
G# = G# + twitch#
H# = H# + blood_alone + (1 - blood_alone) * twitch#
M# = M# + trauma_dose * (trauma_alone + (1 - trauma_alone) * twitch#)
"""
CALM = """
heard_ = spine_share * twitch0 + (1 - spine_share) / 4 * (twitch1 + twitch2 + twitch3 + twitch4)
Z = Z * (1 - twitch_calms * heard_)
"""


def written(text: str) -> str:
    """The lines for each of the five muscles."""
    return "\n".join(text.replace("#", str(k)) for k in range(FIVE))


def main() -> None:
    """Build once, run the program as often as asked, take the time that it spends in its loop."""
    arguments = arguments_asked(__doc__)
    task = read_task(arguments.task, arguments.people)
    folder = Path(tempfile.mkdtemp(prefix="brian2-"))
    b2.set_device("cpp_standalone", directory=str(folder), build_on_run=False)
    b2.prefs.core.default_float_dtype = np.float64 if arguments.wide else np.float32
    b2.prefs.devices.cpp_standalone.openmp_threads = arguments.threads if arguments.threads > 1 else 0
    b2.prefs.codegen.cpp.extra_compile_args_gcc = ["-w", "-O3", "-ffast-math", "-march=native", "-std=c++11"]
    b2.prefs.devices.cpp_standalone.extra_make_args_unix = [f"-j{os.cpu_count()}"]
    method, step = arguments.method or "exponential_euler", arguments.step or 1 / 24
    b2.defaultclock.dt = step * b2.second
    names = {**vars(task.p), **vars(task.w)}
    held = "(constant over dt)" if method == "exponential_euler" else ""
    equations = (LEVEL + written(MUSCLE)).replace("(HOLD)", held)
    group = b2.NeuronGroup(task.levels[0].size, equations, method=method, namespace=names)
    group.R, group.Z, group.cause = task.levels[0].ravel(), task.levels[1].ravel(), task.cause.ravel()
    for row, letter in enumerate("FSCINPGHMD"):
        for k in range(FIVE):
            setattr(group, f"{letter}{k}", task.muscles[row, :, k].ravel())
    monitor = b2.StateMonitor(
        group, [f"drive{k}" for k in range(FIVE)], record=True, dt=1.0 * b2.second, when="start", order=-1
    )
    between = float(task.events[1] - task.events[0])
    group.run_regularly(written(NEEDLE) + "\n" + CALM, dt=between * b2.second, when="start", order=1)
    # After the last session the needle stays away: it is a part of the network only until then.
    network = b2.Network(group, monitor, *group.contained_objects)
    network.run((len(task.events) * between) * b2.second)
    for one in group.contained_objects:
        if "run_regularly" in one.name:
            one.active = False
    network.run((task.end - len(task.events) * between + step) * b2.second)
    start = time.perf_counter()
    with Path(os.devnull).open("w") as quiet:
        kept = os.dup(1)
        os.dup2(quiet.fileno(), 1)
        b2.device.build(directory=str(folder), compile=True, run=True, with_output=False)
        os.dup2(kept, 1)
    print(f"built in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    seconds = []
    for _ in range(arguments.repeats):
        subprocess.run(["./main"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        seconds.append(float((folder / "results" / "last_run_info.txt").read_text().split()[0]))
    drives = np.stack([getattr(monitor, f"drive{k}") for k in range(FIVE)])  # (5, level * person, days)
    shaped = drives.reshape(FIVE, len(task.cause), arguments.people, -1).transpose(3, 1, 0, 2)[: len(task.readings)]
    finish(arguments.answer, seconds, arguments.people, np.stack([by_region(day) for day in shaped]))
    shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
