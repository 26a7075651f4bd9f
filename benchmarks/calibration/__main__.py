"""``python -m benchmarks.calibration [--n 20000] [--seed 2024] [--out docs]``."""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.calibration import figures, page
from benchmarks.calibration.measures import deviation, summary
from benchmarks.calibration.runs import CHUNK, READ_WITH, collected, edition, jobs, reasoner, run
from myotome.care.explanation.explain import data_edition
from myotome.care.explanation.partition import KINDS
from myotome.care.simulation.examiners import examiners


def main() -> int:
    """Simulate, measure, draw and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration", description=__doc__)
    parser.add_argument("--n", type=int, default=20_000, help="examinations for each examiner")
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    parser.add_argument("--keep", type=Path, default=Path("build/calibration"), help="folder of the kept chunks")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    folder = asked.keep / f"{edition()}-{asked.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = jobs(asked.n, asked.seed, folder)
    _work(wanted, asked.processes)
    data = collected(wanted)
    numbers = measured(data, asked.n, asked.seed)
    asked.out.joinpath("figures").mkdir(parents=True, exist_ok=True)
    text = json.dumps(numbers, indent=1, ensure_ascii=False)
    asked.out.joinpath("calibration.json").write_text(text + "\n", "utf-8")
    figures.write(numbers, data, asked.out / "figures")
    asked.out.joinpath("calibration.md").write_text(page.page(numbers), "utf-8")
    print(page.table(numbers))
    return 0


def _work(wanted: list[Any], processes: int) -> None:
    done, started = sum(job.file.exists() for job in wanted), time.monotonic()
    fresh = 0
    print(f"{done} of {len(wanted)} chunks are kept from before.", flush=True)
    for job in run(wanted, processes):
        done, fresh = done + 1, fresh + 1
        left = (time.monotonic() - started) / fresh * (len(wanted) - done)
        print(f"{done}/{len(wanted)} {job.examiner} {job.number}: about {left / 60:.0f} min left", flush=True)


def measured(data: dict[str, dict[str, Any]], count: int, seed: int) -> dict[str, Any]:
    """Everything that is written to the JSON file."""
    rng = np.random.default_rng(seed)
    found = {}
    for name, part in data.items():
        kinds = part["kinds"]
        found[name] = summary(part, rng) | {
            "words": examiners()[name].words,
            "findings_mean": float(part["findings"].mean()),
            "kinds": {
                kind: {
                    "stated": float(kinds[:, k].mean()),
                    "true": float((part["truth"] == k).mean()),
                    "deviations": deviation(kinds[:, k], part["truth"] == k),
                }
                for k, kind in enumerate(KINDS)
            },
        }
    return {
        "what": "calibrated against itself: simulated examinations, no patients",
        "examinations": count,
        "seed": seed,
        "seeds": f"generator seeded with [{seed}, number of the examiner, number of the chunk of {CHUNK}]",
        "read_with": READ_WITH,
        "data_edition": data_edition(),
        "kernel": reasoner().engine.kernel,
        "examiners": found,
    }


if __name__ == "__main__":
    raise SystemExit(main())
