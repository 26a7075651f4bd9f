"""Copies taken with every writer stopped at a moment of chance: all that was acknowledged is in them."""

import random
import shutil
import signal
import time

import pytest

from tests.faults.power import CUTS, QUICK, TOLD, check, make_master, with_database, working
from tests.faults.server import Server

pytestmark = pytest.mark.enable_socket


def held(processes):
    for process in processes:
        process.send_signal(signal.SIGSTOP)


def test_a_copy_of_the_files_with_every_writer_stopped_opens_with_all_that_was_acknowledged(tmp_path):
    """SQLite: the file and its log as they lie there, without the small file that a restart loses anyway."""
    disk, copy = tmp_path / "disk", tmp_path / "copy"
    disk.mkdir()
    master, chance = make_master(tmp_path), random.Random(3)
    process = working(f"sqlite:///{disk}/clinic.db", tmp_path, tmp_path / TOLD, "copy", 100_000)
    for number in range(max(4, CUTS // 10)):
        wait_for(tmp_path / TOLD, 2000 * (number + 1), process)
        time.sleep(chance.uniform(0, 0.02))
        held([process])
        told = (tmp_path / TOLD).read_bytes()
        shutil.copytree(disk, copy, ignore=shutil.ignore_patterns("*-shm", "*.lock"))
        assert check(f"sqlite:///{copy}/clinic.db", master, told).acknowledged
        shutil.rmtree(copy)
        process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()


def wait_for(file, size, process):
    until = time.monotonic() + 60
    while not file.exists() or file.stat().st_size < size:
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.002)


def test_a_copy_of_postgresql_with_every_process_stopped_opens_with_all_that_was_acknowledged(tmp_path):
    tmp_path.chmod(0o755)
    with_database(tmp_path / "data")
    server = Server(tmp_path / "data", ("max_wal_size=32MB",))
    server.start()
    master, chance, copy = make_master(tmp_path), random.Random(5), tmp_path / "copy"
    process = working(server.url("clinic"), tmp_path, tmp_path / TOLD, "copy", 100_000)
    for number in range(max(2, CUTS // 20)):
        wait_for(tmp_path / TOLD, 3000 * (number + 1), process)
        time.sleep(chance.uniform(0, 0.05))
        held([process])
        stopped = server.freeze()
        told = (tmp_path / TOLD).read_bytes()
        shutil.copytree(tmp_path / "data", copy)
        (copy / "postmaster.pid").unlink()
        again = Server(copy, QUICK)
        again.start()
        assert check(again.url("clinic"), master, told).acknowledged
        again.stop()
        shutil.rmtree(copy)
        for one in [*stopped, process]:
            one.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()
    server.kill(chance)
    server.stop()
