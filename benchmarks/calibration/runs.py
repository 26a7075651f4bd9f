"""Simulate, read and record, in chunks that are kept, so that a broken run goes on where it stopped."""

from __future__ import annotations

import hashlib
import multiprocessing
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import myotome
from myotome.care.explanation.likelihoods import SIDES
from myotome.care.explanation.model import Model, build_model
from myotome.care.explanation.partition import KINDS
from myotome.care.explanation.reasoner import Reading, Reasoner
from myotome.care.simulation.examiners import Examination, examination, examiners
from myotome.care.simulation.truth import holds, named

CHUNK = 250
LEAST = 0.01  # rows and segments stated below this are not counted
READ_WITH = "emg"


@dataclass(frozen=True, slots=True)
class Job:
    """One chunk of one examiner's examinations."""

    examiner: str
    number: int
    size: int
    seed: int
    file: Path


_models: dict[str, Model] = {}
_reasoners: list[Reasoner] = []


def _model(profile: str) -> Model:
    if profile not in _models:
        _models[profile] = build_model(profile)
    return _models[profile]


def reasoner() -> Reasoner:
    """The reader, one for each process."""
    if not _reasoners:
        _reasoners.append(Reasoner(READ_WITH, model=_model(READ_WITH)))
    return _reasoners[0]


def record(reading: Reading, seen: Examination) -> dict[str, Any]:
    """What was stated of one examination, and whether it was true."""
    rows = [r for r in reading.partition.rows if r.probability >= LEAST]
    verdict, true = reading.verdict, seen.truth
    top = rows[0] if rows else None
    stated = verdict.row
    segment_p, segment_true = _segments(reading, seen)
    return {
        "row_p": [r.probability for r in rows],
        "row_true": [holds(r, true) for r in rows],
        "top_p": [top.probability if top else 0.0],
        "top_true": [bool(top and holds(top, true))],
        "verdict": [KINDS.index(stated.kind) if stated else -1],
        "verdict_p": [verdict.confidence],
        "verdict_true": [bool(stated and holds(stated, true))],
        "verdict_named": [bool(stated and named(stated, true))],
        "truth": [KINDS.index(true.kind)],
        "kinds": [[reading.partition.kinds[k] for k in KINDS]],
        "findings": [len(seen.case.findings)],
        "segment_p": segment_p,
        "segment_true": segment_true,
    }


def _segments(reading: Reading, seen: Examination) -> tuple[list[float], list[bool]]:
    model, stated, true = reading.model, [], []
    for s in range(len(SIDES)):
        states = reading.posterior.states(s)
        for segment in model.segments:
            for state, held in ((1, seen.truth.irritated[s]), (model.deficient, seen.truth.deficient[s])):
                chance = float(states[model.row(segment, state)])
                if chance >= LEAST:
                    stated.append(chance)
                    true.append(segment in held)
    return stated, true


def simulate(examiner: str, number: int, size: int, seed: int) -> dict[str, Any]:
    """One chunk: arrays by name. The same arguments give the same examinations."""
    names = list(examiners())
    rng = np.random.default_rng([seed, names.index(examiner), number])
    who = examiners()[examiner]
    started = time.perf_counter()
    parts = [examination(who, _model(who.profile), rng) for _ in range(size)]
    drawn = time.perf_counter()
    found: dict[str, list[Any]] = {}
    for seen in parts:
        for key, values in record(reasoner().read(seen.case), seen).items():
            found.setdefault(key, []).extend(values)
    arrays = {key: np.array(values, dtype=float) for key, values in found.items()}
    arrays["seconds"] = np.array([[drawn - started, time.perf_counter() - drawn]])
    return arrays


def _run(job: Job) -> Job:
    temporary = job.file.with_suffix(".part.npz")
    np.savez_compressed(temporary, **simulate(job.examiner, job.number, job.size, job.seed))
    temporary.replace(job.file)
    return job


def edition() -> str:
    """Changes with any file of the package, so that kept chunks are never of another model."""
    root, digest = Path(myotome.__file__).parent, hashlib.sha256()
    for file in sorted(p for p in root.rglob("*") if p.suffix in (".py", ".toml", ".csv", ".c")):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def jobs(count: int, seed: int, folder: Path) -> list[Job]:
    """Every chunk of every examiner, all examiners side by side."""
    sizes = [min(CHUNK, count - start) for start in range(0, count, CHUNK)]
    return [
        Job(name, n, size, seed, folder / f"{place}-{n:04d}-{size}.npz")
        for n, size in enumerate(sizes)
        for place, name in enumerate(examiners())
    ]


def run(wanted: list[Job], processes: int) -> Iterator[Job]:
    """Do what is not done yet; yields each job as it ends."""
    left = [job for job in wanted if not job.file.exists()]
    if left:
        with multiprocessing.get_context("spawn").Pool(min(processes, len(left))) as pool:
            yield from pool.imap_unordered(_run, left)


def collected(wanted: list[Job]) -> dict[str, dict[str, Any]]:
    """All chunks of each examiner, end to end."""
    found: dict[str, dict[str, list[Any]]] = {}
    for job in wanted:
        with np.load(job.file) as stored:
            for key in stored.files:
                found.setdefault(job.examiner, {}).setdefault(key, []).append(stored[key])
    return {name: {key: np.concatenate(parts) for key, parts in data.items()} for name, data in found.items()}
