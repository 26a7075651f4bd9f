"""``myotome cohort`` on the command line: what it writes, how it goes on, and what it refuses."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from myotome.app import main
from myotome.care.simulation.cohort.chunk import Cohort, drawn
from myotome.care.simulation.cohort.columns import VISITS, people_columns
from myotome.care.simulation.cohort.worlds import worlds
from myotome.cli import cohort_workers
from myotome.cli.cohort_files import Folder
from myotome.cli.cohort_manifest import manifest
from myotome.mechanism import CAUTION

DOCUMENTED = Path(__file__).parents[2] / "docs/reference/simulation-files.md"
SHORT = ["--weeks", "2", "--sessions", "2", "--workers", "1"]


def contents(folder):
    """Every file of a folder by name, byte for byte."""
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cohort") / "made"
    assert main(["cohort", "-n", "30", "-o", str(folder), *SHORT]) == 0
    return folder


def test_a_folder_holds_both_tables_and_what_they_were_drawn_with(written, capsys):
    people, visits = pq.read_table(written / "people"), pq.read_table(written / "visits")
    expected = drawn(Cohort(30, weeks=2, sessions=2), 0)
    for table, columns in ((people, expected.people), (visits, expected.visits)):
        for name, column in columns.items():
            found = table[name].to_numpy().astype(float)
            assert np.array_equal(found, column.astype(float), equal_nan=True), name
    about = pq.read_schema(written / "people/00000.parquet").metadata
    assert about[b"caution"].decode() == CAUTION
    assert int(about[b"drawn"]) == expected.drawn
    assert json.loads(about[b"settings"]) == json.loads((written / "manifest.json").read_text("utf-8"))["settings"]
    assert main(["cohort", "-n", "30", "-o", str(written), *SHORT]) == 0
    said = capsys.readouterr().out
    assert f"30 people who came with pain, of {expected.drawn:,} drawn" in said
    assert CAUTION in said


def rows_under(heading):
    part = DOCUMENTED.read_text("utf-8").split(heading, 1)[1].split("\n## ", 1)[0].split("\n### ", 1)[0]
    return [
        tuple(cell.strip(" `") for cell in line.strip("|").split("|")) for line in part.splitlines() if "| `" in line
    ]


def test_the_columns_of_a_file_are_those_of_the_documentation(written):
    for name, columns in (("people", people_columns()), ("visits", VISITS)):
        schema = pq.read_schema(written / f"{name}/00000.parquet")
        told = rows_under(f"### Cohort: table of {name}")
        in_file = [(f.name, f.metadata[b"unit"].decode() or "–", f.metadata[b"words"].decode()) for f in schema]
        assert [(name, unit, words) for name, _, unit, words in told] == in_file
        assert [kind for _, kind, _, _ in told] == [column.kind for column in columns]
    assert {row[0] for row in rows_under("| world |")} >= set(worlds())


def test_the_documented_lines_run(written, tmp_path, monkeypatch):
    part = DOCUMENTED.read_text("utf-8").split("## Cohort: many people", 1)[1]
    (tmp_path / "cohort").symlink_to(written)
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(re.search(r"```python\n(.*?)```", part, re.DOTALL)[1], names)  # noqa: S102  # our own page
    assert names["people"].num_rows == 30
    assert len(names["chunk"].people["person"]) == 1000


def test_one_file_holds_what_the_folder_holds(written, tmp_path, capsys):
    file = tmp_path / "all.parquet"
    assert main(["cohort", "-n", "30", "-o", str(file), *SHORT]) == 0
    assert pq.read_table(file).equals(pq.read_table(written / "people"))
    assert pq.read_table(tmp_path / "all-visits.parquet").equals(pq.read_table(written / "visits"))
    assert sorted(f.name for f in tmp_path.iterdir()) == ["all-visits.parquet", "all.parquet"]
    assert main(["cohort", "-n", "30", "-o", str(file), *SHORT]) == 0
    assert "was complete already" in capsys.readouterr().err
    assert main(["cohort", "-n", "30", "-o", str(file), "--needle", "limb", *SHORT]) == 2
    assert "holds a cohort of needle both, not limb." in capsys.readouterr().err


KILLED = """
import os, signal, sys
from functools import partial
from multiprocessing import active_children
from myotome.app import main
from myotome.care.simulation.cohort.chunk import Cohort
from myotome.cli import cohort, cohort_files

class Beside(cohort_files.Beside):
    def __exit__(self, *_):
        super().__exit__(*_)
        if self.file.parent.name == "visits" and len(list(self.file.parent.iterdir())) == 2:
            print(*(process.pid for process in active_children()), flush=True)
            os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    cohort_files.Beside, cohort.Cohort = Beside, partial(Cohort, chunk=50)
    main(sys.argv[1:])
"""


def has_ended(pid):
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text("utf-8").rsplit(")", 1)[1].split()[0] == "Z"


def test_a_killed_run_goes_on_and_ends_as_if_it_had_not_been(tmp_path, capsys, monkeypatch):
    """The harm: a night's work lost, or silently other people after a power cut."""
    command = ["cohort", "-n", "220", "--weeks", "1", "--sessions", "1", "-o"]
    killed, whole, program = tmp_path / "killed", tmp_path / "whole", tmp_path / "killed.py"
    program.write_text(KILLED, "utf-8")
    run = subprocess.run(
        [sys.executable, program, *command, killed, "--workers", "2"], capture_output=True, check=False
    )
    assert run.returncode == -signal.SIGKILL, run.stderr.decode()
    assert len(list(killed.glob("visits/0*.parquet"))) == 2, "it was killed between the two files of a chunk"
    assert len(list(killed.glob("people/0*.parquet"))) == 1
    workers = [int(pid) for pid in run.stdout.split()]
    assert len(workers) == 2
    monkeypatch.setattr("myotome.cli.cohort.Cohort", partial(Cohort, chunk=50))
    assert main([*command, str(killed), "--workers", "1"]) == 0
    assert "Going on: 50 of 220 people were kept." in capsys.readouterr().err
    assert main([*command, str(whole), "--workers", "1"]) == 0
    assert contents(killed) == contents(whole)
    last = time.monotonic() + 20.0
    while not all(map(has_ended, workers)) and time.monotonic() < last:
        time.sleep(0.01)
    assert all(map(has_ended, workers)), "processes outlived the run that started them"


def test_a_killed_process_loses_nothing():
    cohort = Cohort(120, weeks=1, sessions=1, chunk=20)
    found = {}
    for number, chunk in cohort_workers.by_processes(cohort, list(range(6)), 2):
        if not found:
            os.kill(active_children()[0].pid, signal.SIGKILL)
        assert number not in found
        found[number] = chunk
    for number in range(6):
        expected = drawn(cohort, number)
        assert all(np.array_equal(found[number].people[n], c, equal_nan=True) for n, c in expected.people.items())


def test_a_file_that_cannot_be_read_is_drawn_anew(tmp_path):
    cohort = Cohort(30, weeks=1, sessions=1, chunk=10)
    folder = Folder(tmp_path / "x", cohort, manifest(cohort))
    folder.open()
    for number in range(3):
        folder.write(number, drawn(cohort, number))
    before = contents(folder.path)
    folder.file("visits", 1).write_bytes(b"PAR1")
    assert folder.missing() == [1]
    folder.write(1, drawn(cohort, 1))
    assert contents(folder.path) == before
    left = folder.path / "visits/.00001.parquet.7.part"
    left.write_bytes(b"half")
    folder.clean()
    assert not left.exists()


def test_ctrl_c_keeps_what_is_done(tmp_path, capsys, monkeypatch):
    def stopped(cohort, numbers):
        yield 0, drawn(cohort, 0)
        raise KeyboardInterrupt

    monkeypatch.setattr(cohort_workers, "here", stopped)
    assert main(["cohort", "-n", "1001", "-o", str(tmp_path / "x"), *SHORT]) == 130
    assert "Stopped. What is done is kept; the same command goes on" in capsys.readouterr().err
    assert [f.name for f in (tmp_path / "x/people").iterdir()] == ["00000.parquet"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-n", "31"], "holds a cohort of people 30, not 31. Give the same options, or choose another place with -o."),
        (["--seed", "2"], "holds a cohort of seed 1, not 2."),
        (["--world", "quick"], "holds a cohort of world name own, not quick."),
        (["-n", "0"], "'people' is 0. Give a whole number from 1"),
        (["--weeks", "-3"], "'weeks' is -3. Give a whole number from 1"),
        (["--sessions", "9"], "9 sessions every 7 days last until day 56, but 2 weeks end on day 14."),
        (["--every", "-7"], "'every' is -7."),
        (["--needle", "elbow"], "There is no needle 'elbow'. Choose one of both"),
        (["--world", "flat"], "There is no world 'flat'. Choose one of own, quick"),
        (["--workers", "0"], "'workers' is 0. Give a whole number from 1"),
        (["--scheduler", "tcp://127.0.0.1:1"], "--workers and --scheduler are both given."),
        (["-o", "/dev/null/x"], "'/dev/null/x' cannot be written (Not a directory). Choose another place with -o."),
        (["-o", "/dev/null"], "'/dev/null' cannot be written"),
    ],
)
def test_what_cannot_be_is_refused_with_status_2(written, arguments, said, capsys):
    before = contents(written)
    assert main(["cohort", "-n", "30", "-o", str(written), *SHORT, *arguments]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert contents(written) == before


def test_a_folder_of_something_else_or_of_another_edition_is_refused(written, tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    assert main(["cohort", "-n", "30", "-o", str(tmp_path), *SHORT]) == 2
    assert "is not empty and holds no cohort. Choose another folder" in capsys.readouterr().err
    other = tmp_path / "other"
    other.mkdir()
    text = (written / "manifest.json").read_text("utf-8")
    (other / "manifest.json").write_text(re.sub(r'"edition": "\w+"', '"edition": "0000"', text), "utf-8")
    assert main(["cohort", "-n", "30", "-o", str(other), *SHORT]) == 2
    said = f"was begun by another Myotome (edition 0000, now {json.loads(text)['edition']}). Finish it with that one"
    assert said in capsys.readouterr().err
    for broken in ("{", "[]", "{}"):
        (other / "manifest.json").write_text(broken, "utf-8")
        assert main(["cohort", "-n", "30", "-o", str(other), *SHORT]) == 2
        assert "holds something else than a cohort. Check the name, or choose" in capsys.readouterr().err


def test_without_dask_a_scheduler_is_refused(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["cohort", "-n", "30", "-o", str(tmp_path / "x"), "--scheduler", "tcp://127.0.0.1:8786"]) == 2
    assert (
        "--scheduler needs Dask, which is not installed. Install the package 'distributed'" in capsys.readouterr().err
    )
