"""What README.md shows is run, and prints what it shows."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

README = ROOT / "README.md"
BIN = Path(sys.executable).parent


def examples():
    """(command, lines shown after it) for each ``$ myotome ...`` of a console block."""
    text = README.read_text("utf-8") if README.exists() else ""
    for block in re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            if command.split()[0] == "myotome":
                yield command, [line.strip() for line in shown if line.strip() not in ("", "...", "…")]


def squeezed(text):
    return re.sub(r"\s+", " ", text)


def test_the_readme_shows_the_command():
    """A newcomer sees the main job done, as a console block that the next test runs."""
    shown = [command for command, _ in examples()]
    assert any(c.startswith("myotome explain") for c in shown), f"README.md runs only {shown}"
    assert any(lines for _, lines in examples()), "no output is shown"


@pytest.mark.parametrize(("command", "shown"), list(examples()), ids=lambda v: v if isinstance(v, str) else "")
def test_readme_commands_do_what_they_show(command, shown):
    """Exit status 0, and every shown line is printed (spaces aside; a line of dots leaves some out)."""
    environment = {
        **os.environ,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "120",
        "NO_COLOR": "1",
    }
    run = subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    output = squeezed(run.stdout)
    assert not [line for line in shown if squeezed(line) not in output], run.stdout


@pytest.mark.parametrize(
    "block", re.findall(r"^```python\n(.*?)^```", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)
)
def test_readme_python_runs(block):
    """As it stands, from the root, with warnings as errors."""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", block], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stderr


def test_readme_names_the_two_commands_and_every_target_it_mentions():
    """make run and make test are there, and no target is promised that the Makefile lacks."""
    text = README.read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    mentioned = set(re.findall(r"(?:^|`|\$ )make ([a-z][a-z-]*)", text, re.MULTILINE))
    assert {"run", "test"} <= mentioned <= targets


def test_readme_says_what_it_is_not():
    """The limits stand on the first page, not in a licence."""
    text = squeezed(README.read_text("utf-8")).lower()
    assert "not clinically reviewed" in text
    assert "not for use on patients" in text
