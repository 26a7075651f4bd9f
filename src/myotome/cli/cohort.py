"""``myotome cohort``: many simulated people, treated alike and followed, as two tables in Parquet files."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from myotome.care.simulation.cohort.chunk import Cohort
from myotome.care.simulation.cohort.rows import numbers
from myotome.care.simulation.cohort.worlds import world
from myotome.cli.case_files import REFUSED
from myotome.errors import MechanismError
from myotome.mechanism import CAUTION

INTERRUPTED = 130
MOST_WORKERS = 1024


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Draw what is missing and say what became of people; exit status 2 where that cannot be done."""
    try:
        cohort = _asked(chosen)
        return _made(cohort, Path(chosen.output), chosen)
    except MechanismError as error:
        print(f"myotome: {error}", file=sys.stderr)
    except BrokenPipeError:
        raise  # who reads (head, less) has seen enough
    except OSError as error:
        reason = error.strerror or "it cannot be written"
        print(
            f"myotome: '{chosen.output}' cannot be written ({reason}). Choose another place with -o.", file=sys.stderr
        )
    return REFUSED


def _asked(chosen: Namespace) -> Cohort:
    """The settings; what cannot be is refused before anything is written."""
    try:
        chosen.output.encode()
    except UnicodeEncodeError:
        shown = ascii(chosen.output)
        raise MechanismError(f"{shown} is not a name in Unicode (UTF-8). Choose another with -o.") from None
    if chosen.workers is not None and chosen.scheduler:
        raise MechanismError("--workers and --scheduler are both given. A cluster has its own workers: give one.")
    if chosen.workers is not None and not 1 <= chosen.workers <= MOST_WORKERS:
        raise MechanismError(f"'workers' is {chosen.workers}. Give a whole number from 1 to {MOST_WORKERS}.")
    return Cohort(
        chosen.people,
        chosen.seed,
        chosen.weeks,
        chosen.sessions,
        chosen.every,
        chosen.needle,
        world(chosen.world),
    )


def _made(cohort: Cohort, output: Path, chosen: Namespace) -> int:
    # The Parquet library is slow to import: only when the options are sound.
    from myotome.cli.cohort_files import PEOPLE, Folder, joined  # noqa: PLC0415
    from myotome.cli.cohort_manifest import manifest  # noqa: PLC0415

    single = output.suffix.lower() == ".parquet" and not output.is_dir()
    # Hidden: no folder that somebody made is likely to have the name.
    folder = Folder(output.with_name(f".{output.stem}.parts") if single else output, cohort, manifest(cohort))
    if single and folder.is_joined(output):
        print(f"{output}: was complete already", file=sys.stderr)
    elif not _written(folder, output if single else None, chosen):
        return INTERRUPTED
    files = [output] if single else [folder.file(PEOPLE, number) for number in range(cohort.chunks)]
    _tell(cohort, joined(output).values() if single else (folder.path,), files)
    return 0


def _written(folder: Any, single: Path | None, chosen: Namespace) -> bool:
    """Whether all was written, joined as one file where that is asked for; else the user interrupted it."""
    folder.refuse()
    missing = folder.missing()
    if missing and chosen.scheduler:
        # Before anything is written.
        from myotome.cli import cohort_workers  # noqa: PLC0415

        cohort_workers.must_answer(chosen.scheduler)
    if missing or single:
        with folder.open(single or folder.path):
            if not _filled(folder, missing, chosen):
                return False
            if single:
                folder.join(single)
                folder.remove()
    return True


def _filled(folder: Any, missing: list[int], chosen: Namespace) -> bool:
    """Whether the folder was filled; else the user interrupted it."""
    cohort = folder.cohort
    kept = cohort.people - sum(map(cohort.people_of, missing))
    if kept and missing:
        print(f"Going on: {kept:,} of {cohort.people:,} people were kept.", file=sys.stderr)
    try:
        with _progress() as progress:
            task = progress.add_task("people", total=cohort.people, completed=kept)
            for number, chunk in _workers(cohort, missing, chosen):
                folder.write(number, chunk)
                progress.advance(task, cohort.people_of(number))
    except KeyboardInterrupt:
        print("Stopped. What is done is kept; the same command goes on from there.", file=sys.stderr)
        return False
    return True


def _workers(cohort: Cohort, missing: list[int], chosen: Namespace) -> Any:
    from myotome.cli import cohort_workers  # noqa: PLC0415  # processes only where something is missing

    if chosen.scheduler:
        return cohort_workers.by_dask(cohort, missing, chosen.scheduler) if missing else ()
    workers = min(chosen.workers or _processors(), len(missing))
    return (
        cohort_workers.by_processes(cohort, missing, workers) if workers > 1 else cohort_workers.here(cohort, missing)
    )


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _progress() -> Any:
    from rich.console import Console  # noqa: PLC0415  # slow to import
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True))


def _tell(cohort: Cohort, places: Any, files: list[Path]) -> None:
    from myotome.cli.cohort_read import read_people  # noqa: PLC0415

    found, drawn = read_people(files, ["pain_reported_start", "pain_reported_end", "non_responder"])
    start, end, without = (column.mean() for column in found.values())
    print(f"{cohort.people:,} people who came with pain, of {drawn:,} drawn: {', '.join(map(str, places))}")
    print(
        f"Reported pain {start:.1f} of 10 at the first visit, {end:.1f} at the end of {cohort.weeks} weeks; "
        f"{without:.0%} of people lost less than {numbers()['response share']:.0%} of it."
    )
    print(CAUTION)
