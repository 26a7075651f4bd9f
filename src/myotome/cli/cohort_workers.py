"""Who draws the chunks of a cohort: this process, some processes of this machine, or an existing Dask cluster.

A process that dies loses nothing: what it had not handed over is drawn anew, and comes out the same.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from itertools import islice
from multiprocessing import connection, get_context, parent_process
from typing import Any
from urllib.parse import urlsplit

from myotome.care.simulation.cohort.chunk import Chunk, Cohort, drawn
from myotome.cli.cohort_manifest import edition
from myotome.errors import MechanismError

Drawn = Iterator[tuple[int, Chunk]]
MOST_LOST = 5  # times that processes may die before we give up
AHEAD = 4  # chunks handed out for each worker, so that results do not pile up
PATIENCE = 5.0  # seconds to wait for a scheduler's answer


def alone(cohort: Cohort, number: int) -> Chunk:
    """A chunk on one thread, unless MYOTOME_THREADS says otherwise: the workers share the processors."""
    os.environ.setdefault("MYOTOME_THREADS", "1")
    return drawn(cohort, number)


def here(cohort: Cohort, numbers: list[int]) -> Drawn:
    """By this process, one chunk after another."""
    for number in numbers:
        yield number, drawn(cohort, number)


def by_processes(cohort: Cohort, numbers: list[int], workers: int) -> Drawn:
    """By some processes of this machine, in no order.

    Raises:
        MechanismError: processes die again and again, or nobody comes.
    """
    left = set(numbers)
    for _ in range(MOST_LOST):
        try:
            for number, chunk in _by_pool(cohort, sorted(left), workers):
                left.discard(number)
                yield number, chunk
            return
        except BrokenProcessPool:
            continue
    raise MechanismError(
        f"Worker processes were killed {MOST_LOST} times, perhaps for want of memory. What is done is kept: "
        "run the same command again, with fewer --workers."
    )


def _by_pool(cohort: Cohort, numbers: list[int], workers: int) -> Drawn:
    # Started anew, not forked: threads of this process (the progress bar) would be torn apart.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin)
    waiting, running = iter(numbers), dict[Future[Chunk], int]()
    try:
        while True:
            for number in waiting:
                running[pool.submit(alone, cohort, number)] = number
                if len(running) >= AHEAD * workers:
                    break
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """In a worker: leave Ctrl-C to the parent, and end when the parent does, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def by_dask(cohort: Cohort, numbers: list[int], address: str) -> Drawn:
    """By the workers of a Dask cluster, in no order; a chunk whose worker dies is drawn by another.

    Raises:
        MechanismError: Dask is not installed, nobody answers at the address, or workers have another Myotome.
    """
    must_answer(address)
    from distributed import CancelledError, Client, KilledWorker, as_completed  # noqa: PLC0415  # only where asked for

    connect: Any = Client
    try:
        client = connect(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise _no_scheduler(address, f"what answers there is none: {type(error).__name__}") from None
    with client:
        _same_edition(client, address)
        try:
            yield from _by_client(client, as_completed, cohort, numbers)
        except (KilledWorker, CancelledError, OSError) as error:
            raise MechanismError(
                f"The Dask cluster at '{address}' gave up ({type(error).__name__}). What is done is kept: "
                "run the same command again when it is up."
            ) from None


def must_answer(address: str) -> None:
    """Knock first: a client that finds nobody takes long to give up.

    Raises:
        MechanismError: Dask is not installed, or nobody answers at the address.
    """
    try:
        import_module("distributed")
    except ImportError:
        raise MechanismError(
            "--scheduler needs Dask, which is not installed. Install the package 'distributed', or leave it out."
        ) from None
    asked = urlsplit(address)
    try:
        where = asked.hostname, asked.port
    except ValueError:
        where = None, None
    if asked.scheme not in ("tcp", "tls") or None in where:
        raise _no_scheduler(address, "it is no address")
    try:
        with socket.create_connection((where[0] or "", where[1] or 0), timeout=PATIENCE) as knocking:
            # A scheduler speaks first, except under TLS; its dashboard and other servers wait for a question.
            if asked.scheme == "tcp" and not knocking.recv(1):
                raise _no_scheduler(address, "what answers there is none")
    except OSError as error:
        raise _no_scheduler(address, error.strerror or "nobody answers") from None


def _no_scheduler(address: str, reason: str) -> MechanismError:
    return MechanismError(
        f"There is no Dask scheduler at '{address}' ({reason}). "
        "Give the address that it prints when it starts, such as tcp://127.0.0.1:8786."
    )


def _by_client(client: Any, as_completed: Any, cohort: Cohort, numbers: list[int]) -> Drawn:
    def handed(number: int) -> Any:
        return client.submit(_numbered, cohort, number, pure=False)

    some = AHEAD * sum(client.nthreads().values())
    waiting = iter(numbers[some:])
    running = as_completed([handed(number) for number in numbers[:some]], loop=client.loop, with_results=True)
    for _, result in running:
        running.update([handed(number) for number in islice(waiting, 1)])
        yield result


def _numbered(cohort: Cohort, number: int) -> tuple[int, Chunk]:
    return number, alone(cohort, number)


def _same_edition(client: Any, address: str) -> None:
    if not client.nthreads():
        raise MechanismError(f"The Dask scheduler at '{address}' has no workers. Start some, then try again.")
    remedy = "Install the same release of Myotome where the workers run."
    try:
        found = set(client.run(edition).values())
    except Exception as error:  # whatever a worker without the package raises
        raise MechanismError(f"A Dask worker cannot use Myotome ({type(error).__name__}). {remedy}") from None
    if found != {edition()}:
        raise MechanismError(f"Dask workers have another edition of the model. {remedy}")
