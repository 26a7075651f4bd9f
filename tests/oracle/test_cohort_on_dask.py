"""A cohort drawn on a Dask cluster of two worker processes equals the one drawn here; a killed worker loses nothing."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import numpy as np
import pytest
from distributed import Client, LocalCluster

from myotome.app import main
from myotome.care.simulation.cohort.chunk import Cohort, drawn
from myotome.care.simulation.cohort.patients import World
from myotome.cli import cohort_workers
from myotome.errors import MechanismError

pytestmark = pytest.mark.enable_socket
# A short wait before the first visit keeps the NumPy kernel quick.
COHORT = Cohort(1200, weeks=3, sessions=2, chunk=150, world=World(changes={"wait least": 4, "wait most": 6}))


@pytest.fixture(scope="module", autouse=True)
def kernel():
    """The quicker kernel, also where the suite runs with the other: that both agree is tested elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MYOTOME_KERNEL", raising=False)
        yield


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as found:
        yield found.scheduler_address


@pytest.fixture(scope="module")
def by_itself():
    return [drawn(COHORT, number) for number in range(COHORT.chunks)]


def assert_equal(found, expected):
    assert sorted(found) == list(range(len(expected)))
    for number, chunk in enumerate(expected):
        assert found[number].drawn == chunk.drawn
        for ours, theirs in ((chunk.people, found[number].people), (chunk.visits, found[number].visits)):
            assert list(ours) == list(theirs)
            for name in ours:
                np.testing.assert_allclose(theirs[name].astype(float), ours[name].astype(float), rtol=0, atol=1e-9)


def test_two_workers_draw_what_one_process_draws(cluster, by_itself):
    assert_equal(dict(cohort_workers.by_dask(COHORT, list(range(COHORT.chunks)), cluster)), by_itself)


def test_a_killed_worker_loses_nothing(cluster, by_itself):
    """Killed while it has chunks to draw: they are drawn by the other, and come out the same."""
    with Client(cluster, set_as_default=False) as client:
        before = set(client.run(os.getpid).values())
        found, killed = {}, None
        for number, chunk in cohort_workers.by_dask(COHORT, list(range(COHORT.chunks)), cluster):
            if killed is None:
                worker, killed = next(iter(client.run(os.getpid).items()))
                assert client.processing()[worker], "it has nothing left to do"
                os.kill(killed, signal.SIGKILL)
            found[number] = chunk
        client.wait_for_workers(2, timeout=20)
        assert killed in before - set(client.run(os.getpid).values()), "the worker was not killed"
    assert_equal(found, by_itself)


def test_the_command_writes_the_same_files_on_a_cluster(cluster, tmp_path):
    command = ["cohort", "-n", "20", "--weeks", "1", "--sessions", "1", "-o"]
    assert main([*command, str(tmp_path / "there"), "--scheduler", cluster]) == 0
    assert main([*command, str(tmp_path / "here"), "--workers", "1"]) == 0
    files = [Path(name) for name in ("people/00000.parquet", "visits/00000.parquet", "manifest.json")]
    for file in files:
        assert (tmp_path / "there" / file).read_bytes() == (tmp_path / "here" / file).read_bytes()


def test_workers_of_another_edition_are_refused(cluster, monkeypatch):
    monkeypatch.setattr(cohort_workers, "edition", lambda: "another")
    with Client(cluster, set_as_default=False) as client:
        monkeypatch.setattr(client, "run", lambda _: {"worker": "old"})
        with pytest.raises(MechanismError, match=r"another edition of the model\. Install the same release"):
            cohort_workers._same_edition(client, cluster)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("nowhere", "it is no address"),
        ("tcp://127.0.0.1", "it is no address"),
        ("tcp://127.0.0.1:99999", "it is no address"),
        ("tcp://127.0.0.1:1", "Connection refused"),
    ],
)
def test_where_no_scheduler_is_one_message_says_so(address, reason, tmp_path, capsys):
    assert main(["cohort", "-n", "20", "-o", str(tmp_path / "x"), "--scheduler", address]) == 2
    said = capsys.readouterr().err
    assert f"There is no Dask scheduler at '{address}' ({reason}). Give the address that it prints" in said


def test_a_server_of_another_kind_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(cohort_workers, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(MechanismError, match="There is no Dask scheduler at"):
            list(cohort_workers.by_dask(COHORT, [0], address))
