"""Who the mechanism is measured against, and how a peer is run: in its own environment, in its own process."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.mechanism_task import WEEKS
from benchmarks.peers.environments import interpreter

PEERS = Path(__file__).parent / "peers"
RUNS = 7  # timed runs


@dataclass(frozen=True)
class Peer:
    """One line: whose script, in which environment, with what arguments, for how many people a thread."""

    name: str
    script: str
    environment: str
    people: int
    goal: float
    threads: tuple[int, ...] = (1, 0)  # 0: all
    wide: bool = False
    runs: int = RUNS
    arguments: tuple[str, ...] = ()
    own_steps: bool = False
    ours: str = "COHORT"  # our steps beside it
    words: str = ""


_JAX = "jit, scan and loop, a device a thread, widest vectors, fast arithmetic"
ALL = (
    Peer("JAX", "with_jax.py", "jax", 256, 3.0, words=_JAX),
    Peer(
        "JAX as installed",
        "with_jax.py",
        "jax",
        256,
        0.0,
        threads=(1,),
        arguments=("--method", "default"),
        words="the same, XLA told nothing",
    ),
    Peer("JAX", "with_jax.py", "jax", 256, 0.0, wide=True, words=_JAX),
    Peer("Numba", "with_numba.py", "numba", 256, 5.0, words="our own kernel written again: blocks, vectors, fastmath"),
    Peer("Numba", "with_numba.py", "numba", 256, 0.0, wide=True, words="our own kernel written again, as above"),
    Peer("Numba, plain", "with_numba_plain.py", "numba", 128, 0.0, words="person by person, as it is usually written"),
    Peer("NumPy", "with_numpy.py", "", 512, 5.0, threads=(1,), words="every operation in place, 256 people at a time"),
    Peer(
        "Brian2",
        "with_brian2.py",
        "brian2",
        256,
        8.0,
        arguments=("--method", "rk4", "--step", str(1 / 24)),
        own_steps=True,
        words="C++ standalone, rk4, 1/24 day",
    ),
    Peer(  # of its tolerances, that whose errors are nearest to those of COHORT
        "SciPy RK45",
        "with_scipy.py",
        "",
        6,
        700.0,
        threads=(1,),
        arguments=("--method", "RK45", "--step", "2e-4"),
        own_steps=True,
        words="relative tolerance 2e-4, 6 people, rate extrapolated",
    ),
    Peer(  # a finer one, against the coarsest steps of ours with no larger errors
        "SciPy RK45, finer",
        "with_scipy.py",
        "",
        6,
        0.0,
        threads=(1,),
        arguments=("--method", "RK45", "--step", "1e-4"),
        own_steps=True,
        ours="FINE",
        words="relative tolerance 1e-4, 6 people, rate extrapolated",
    ),
)
YARDSTICK = Peer("DOP853", "with_scipy.py", "", 6, 0.0, runs=1, arguments=("--method", "DOP853", "--step", "1e-10"))


def answer(peer: Peer, file: Path, threads: int) -> tuple[float, np.ndarray] | None:
    """Person-weeks a second of the median run, and the drives of pain; None where the peer is not to be had."""
    python = interpreter(peer.environment)
    if not python:
        return None
    found = file.with_name("answer.npy")
    asked = [python, str(PEERS / peer.script), str(file), str(found), *peer.arguments, "--people"]
    asked += [str(peer.people * threads), "--threads", str(threads), "--repeats", str(peer.runs)]
    limits = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(threads))
    done = subprocess.run(
        [*asked, *["--wide"] * peer.wide], check=False, capture_output=True, text=True, env=os.environ | limits
    )
    if done.returncode:
        print(done.stderr[-2000:], flush=True)
        return None
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return told["people"] * WEEKS / median(told["seconds"]), np.load(found)
