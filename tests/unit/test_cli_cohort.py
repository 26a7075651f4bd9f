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
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from myotome.care.simulation.cohort.chunk import Cohort, drawn
from myotome.care.simulation.cohort.columns import VISITS, people_columns
from myotome.care.simulation.cohort.worlds import worlds
from myotome.cli import cohort_manifest, cohort_workers
from myotome.cli.cohort_files import Folder
from myotome.cli.cohort_lock import LOCK, writing
from myotome.cli.cohort_manifest import manifest
from myotome.cli.cohort_read import read_people
from myotome.cli.main import run as command_line
from myotome.errors import MechanismError
from myotome.mechanism import CAUTION

DOCUMENTED = Path(__file__).parents[2] / "docs/reference/simulation-files.md"
SHORT = ["--weeks", "2", "--sessions", "2", "--workers", "1"]


def main(arguments):
    """The command without the tables of anatomy, which take longer to load than a small cohort to draw."""
    return command_line(arguments, {"tables": dict})


def contents(folder):
    """Every file of a folder by name, byte for byte."""
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


@pytest.fixture(scope="module", autouse=True)
def kernel():
    """The quicker kernel, also where the suite runs with the other: that both agree is tested elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MYOTOME_KERNEL", raising=False)
        yield


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


@pytest.fixture(scope="module")
def one_file(tmp_path_factory):
    """A cohort in one file, by its contents."""
    folder = tmp_path_factory.mktemp("joined")
    assert main(["cohort", "-n", "30", "-o", str(folder / "all.PARQUET"), *SHORT]) == 0
    return contents(folder)


def put(folder, files):
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder / "all.PARQUET"


def test_one_file_holds_what_the_folder_holds(written, one_file, tmp_path, capsys):
    file = put(tmp_path, one_file)
    assert pq.read_table(file).equals(pq.read_table(written / "people"))
    assert pq.read_table(tmp_path / "all-visits.PARQUET").equals(pq.read_table(written / "visits"))
    assert sorted(one_file) == ["all-visits.PARQUET", "all.PARQUET"]
    assert main(["cohort", "-n", "30", "-o", str(file), *SHORT]) == 0
    assert "was complete already" in capsys.readouterr().err
    assert main(["cohort", "-n", "30", "-o", str(file), "--needle", "limb", *SHORT]) == 2
    assert "holds a cohort of needle both, not limb." in capsys.readouterr().err
    assert contents(tmp_path) == one_file


def flipped(file):
    """One bit other in the numbers of a column; the footer is whole."""
    column = pq.read_metadata(file).row_group(0).column(0)
    data = bytearray(file.read_bytes())
    data[column.dictionary_page_offset + column.total_compressed_size - 3] ^= 1
    file.write_bytes(data)


def cut(file):
    """Fewer rows, everything else as it was."""
    pq.write_table(pq.read_table(file)[:7], file)


@pytest.mark.parametrize(
    ("name", "harm"), [("all-visits.PARQUET", Path.unlink), ("all.PARQUET", cut), ("all-visits.PARQUET", flipped)]
)
def test_a_joined_file_that_is_not_whole_is_drawn_again(one_file, tmp_path, capsys, name, harm):
    """The harm: a mean over seven people, or a table that is not there, told as the result."""
    file = put(tmp_path, one_file)
    harm(tmp_path / name)
    assert main(["cohort", "-n", "30", "-o", str(file), *SHORT]) == 0
    assert "was complete already" not in capsys.readouterr().err
    assert contents(tmp_path) == one_file


def test_nothing_of_the_users_is_taken_away(one_file, tmp_path, capsys):
    """The harm: a folder of the user's deleted with the notes in it; another table written over."""
    mine = {"all.parts/notes.txt": b"mine", "all.parts/manifest.json": b"{}", ".all.parts/.notes": b"hidden"}
    file = put(tmp_path, mine)
    assert main(["cohort", "-n", "30", "-o", str(file), *SHORT]) == 0
    assert contents(tmp_path) == {**mine, **one_file}
    other = put(tmp_path / "other", {"all-visits.PARQUET": b"visits to my aunt"})
    assert main(["cohort", "-n", "30", "-o", str(other), *SHORT]) == 2
    said = f"'{tmp_path / 'other/all-visits.PARQUET'}' holds something else than a cohort. Check the name, or choose"
    assert said in capsys.readouterr().err
    assert contents(tmp_path / "other") == {"all-visits.PARQUET": b"visits to my aunt"}


def test_a_file_damaged_meanwhile_is_told_in_one_sentence(one_file, tmp_path):
    file = put(tmp_path, one_file)
    flipped(file)
    with pytest.raises(MechanismError, match=r"all.PARQUET' cannot be read: it was changed or damaged\. Move it away"):
        read_people([file], pq.read_schema(file).names)


KILLED = """
import os, signal, sys

if __name__ == "__main__":  # not in the workers, which are quicker to start without
    from functools import partial
    from multiprocessing import active_children
    from myotome.care.simulation.cohort.chunk import Cohort
    from myotome.cli import cohort, cohort_files
    from myotome.cli.main import run

    class Beside(cohort_files.Beside):
        def __exit__(self, *_):
            super().__exit__(*_)
            if self.file.parent.name == "visits" and len(list(self.file.parent.iterdir())) == 2:
                print(*(process.pid for process in active_children()), flush=True)
                os.kill(os.getpid(), signal.SIGKILL)

    cohort_files.Beside, cohort.Cohort = Beside, partial(Cohort, chunk=50)
    run(sys.argv[1:], {"tables": dict})
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
    for number, chunk in cohort_workers.by_processes(cohort, list(range(6)), 1):
        if not found:
            os.kill(active_children()[0].pid, signal.SIGKILL)
        assert number not in found
        found[number] = chunk
    for number in range(6):
        expected = drawn(cohort, number)
        assert all(np.array_equal(found[number].people[n], c, equal_nan=True) for n, c in expected.people.items())


def strange(file):
    """Without what we tell of a file."""
    pq.write_table(pq.read_table(file).replace_schema_metadata(), file)


def other_columns(file):
    pq.write_table(pq.read_table(file).drop_columns(["person"]), file)


def beside(file):
    """The chunk before it, with as many rows."""
    file.write_bytes(file.with_name("00000.parquet").read_bytes())


def of_another_seed(file):
    """The same people, told to be of another cohort."""
    table = pq.read_table(file)
    about = {
        **table.schema.metadata,
        b"settings": table.schema.metadata[b"settings"].replace(b'"seed": 1', b'"seed": 9'),
    }
    assert about != table.schema.metadata
    pq.write_table(table.replace_schema_metadata(about), file)


@pytest.fixture(scope="module")
def three_chunks(tmp_path_factory):
    cohort = Cohort(30, weeks=1, sessions=1, chunk=10)
    folder = Folder(tmp_path_factory.mktemp("chunks") / "x", cohort, manifest(cohort))
    with folder.open(folder.path):
        for number in range(3):
            folder.write(number, drawn(cohort, number))
    return folder


@pytest.mark.parametrize(
    "harm", [flipped, cut, strange, other_columns, beside, of_another_seed, lambda file: file.write_bytes(b"PAR1")]
)
@pytest.mark.parametrize("name", ["people", "visits"])
def test_a_chunk_that_is_not_what_it_should_be_is_drawn_anew(three_chunks, name, harm):
    """The harm: a file that cannot be read, or holds other people, counted as done."""
    folder = three_chunks
    before = contents(folder.path)
    assert folder.missing() == []
    harm(folder.file(name, 1))
    assert folder.missing() == [1]
    left = folder.path / "visits/.00001.parquet.7.part"
    left.write_bytes(b"half")
    with folder.open(folder.path):
        folder.write(1, drawn(folder.cohort, 1))
    assert contents(folder.path) == before


def test_two_runs_do_not_write_into_one_place(written, tmp_path, capsys):
    """The harm: the second takes away what the first is writing, which then dies."""
    put(tmp_path / "co", contents(written))
    half = put(tmp_path / "co/people", {".00000.parquet.7.part": b"half"}).with_name(".00000.parquet.7.part")
    (tmp_path / "co/people/00000.parquet").unlink()
    for place, folder in (("co", "co"), ("x.parquet", ".x.parts")):
        command = ["cohort", "-n", "30", "-o", str(tmp_path / place), *SHORT]
        with writing(tmp_path / folder, tmp_path):
            assert main(command) == 2
        said = f"Another run is writing '{tmp_path / place}'. Wait until it has ended, or choose another place with -o."
        assert said in capsys.readouterr().err
    assert half.exists()
    assert not (tmp_path / ".x.parts").exists(), "nothing is left of a run that wrote nothing"
    (tmp_path / "co" / LOCK).write_bytes(b"")  # of a run that was killed: nobody holds it
    assert main(["cohort", "-n", "30", "-o", str(tmp_path / "co"), *SHORT]) == 0
    assert contents(tmp_path / "co") == contents(written)


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
        (["-o", "x\udcff.parquet"], "'x\\udcff.parquet' is not a name in Unicode (UTF-8). Choose another with -o."),
    ],
)
def test_what_cannot_be_is_refused_with_status_2(written, arguments, said, capsys):
    before = contents(written)
    assert main(["cohort", "-n", "30", "-o", str(written), *SHORT, *arguments]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert contents(written) == before


@pytest.mark.parametrize(
    ("kernel", "more", "said"),
    [
        ("nonsense", [], "Kernel 'nonsense' is unknown. Use one of: auto, c, numpy."),
        ("", [], "Kernel '' is unknown."),
        ("auto", ["--scheduler", "nonsense"], "There is no Dask scheduler at 'nonsense' (it is no address)."),
    ],
)
def test_a_refused_run_writes_nothing(tmp_path, capsys, monkeypatch, kernel, more, said):
    monkeypatch.setenv("MYOTOME_KERNEL", kernel)
    for place in ("co", "co.parquet"):
        assert main(["cohort", "-n", "10", "-o", str(tmp_path / place), *more]) == 2
        err = capsys.readouterr().err
        assert said in err
        assert len(err.strip().splitlines()) == 1, "no progress is shown of what cannot begin"
    assert not list(tmp_path.iterdir())


def test_a_run_that_drew_nothing_does_not_bind_the_next(tmp_path, capsys, monkeypatch):
    def stopped(cohort, numbers):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(cohort_workers, "here", stopped)
        assert main(["cohort", "-n", "10", "-o", str(tmp_path / "x"), *SHORT]) == 130
    assert main(["cohort", "-n", "12", "-o", str(tmp_path / "x"), *SHORT]) == 0
    assert "12 people who came" in capsys.readouterr().out
    assert json.loads((tmp_path / "x/manifest.json").read_text("utf-8"))["settings"]["people"] == 12


@pytest.mark.parametrize("text", ["text", "1.5", "-1e+09", "1" * 5000])
@pytest.mark.parametrize("option", ["--people", "--seed", "--weeks", "--sessions", "--every", "--workers"])
def test_an_option_that_is_no_whole_number_is_refused_in_words(option, text, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["cohort", "-n", "5", "-o", "x", f"{option}={text}"])
    shown = text if len(text) < 40 else "1" * 39 + "…"
    assert f"{option}: '{shown}' is not a whole number. Write digits, such as 26." in capsys.readouterr().err


def test_help_tells_what_is_written_and_every_default(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["cohort", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "or people.parquet: two files, people.parquet and people-visits.parquet" in said
    for words in ("the same people; 1", "first visit; 26", "first visit; 6", "to the next; 7", "sessions); both"):
        assert f"{words} where missing" in said
    assert "needle; own where missing" in said
    assert "as many as processors where missing" in said


def test_the_edition_looks_at_everything_that_draws_people(monkeypatch):
    """The harm: people of two models in one folder, unseen."""
    read, seen = Path.read_bytes, set()
    monkeypatch.setattr(Path, "read_bytes", lambda file: seen.add(file.name) or read(file))
    cohort_manifest.edition()
    assert seen >= {"chunk.py", "patients.py", "treatment.py", "rows.py", "worlds.py", "patients.toml", "worlds.toml"}
    assert seen >= {"kernel.c", "equations.py", "parameters.toml"}


def test_a_folder_of_something_else_or_of_another_edition_is_refused(written, tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    assert main(["cohort", "-n", "30", "-o", str(tmp_path), *SHORT]) == 2
    assert "is not empty and holds no cohort. Choose another folder" in capsys.readouterr().err
    other = tmp_path / "other"
    (other / "people").mkdir(parents=True)
    (other / "people/00000.parquet").write_bytes(b"")
    text = (written / "manifest.json").read_text("utf-8")
    (other / "manifest.json").write_text(re.sub(r'"edition": "\w+"', '"edition": "0000"', text), "utf-8")
    assert main(["cohort", "-n", "30", "-o", str(other), *SHORT]) == 2
    said = f"was begun by another Myotome (edition 0000, now {json.loads(text)['edition']}). Finish it with that one"
    assert said in capsys.readouterr().err
    deep = '{"a":' * 900 + "1" + "}" * 900
    for broken in ("{", "[]", "{}", "[" * 100_000, deep, "\ufeff\x00", '{"edition": {}}'):
        (other / "manifest.json").write_text(broken, "utf-8")
        assert main(["cohort", "-n", "30", "-o", str(other), *SHORT]) == 2, broken[:9]
        assert "holds something else than a cohort. Check the name, or choose" in capsys.readouterr().err


@pytest.mark.parametrize("about", [{"a": "{bad"}, {"a": b"\xff"}, {"edition": '{"a":' * 3000}, {}])
def test_a_table_of_something_else_is_refused(tmp_path, capsys, about):
    pq.write_table(pa.table({"person": [1]}).replace_schema_metadata(about), tmp_path / "x.parquet")
    before = contents(tmp_path)
    assert main(["cohort", "-n", "30", "-o", str(tmp_path / "x.parquet"), *SHORT]) == 2
    assert "x.parquet' holds something else than a cohort. Check the name, or choose" in capsys.readouterr().err
    assert contents(tmp_path) == before


def test_without_dask_a_scheduler_is_refused(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["cohort", "-n", "30", "-o", str(tmp_path / "x"), "--scheduler", "tcp://127.0.0.1:8786"]) == 2
    assert (
        "--scheduler needs Dask, which is not installed. Install the package 'distributed'" in capsys.readouterr().err
    )
