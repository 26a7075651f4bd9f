import subprocess
import sys
from pathlib import Path

from tests.house.tree import ROOT


def test_imports_point_one_way():
    """The layers of pyproject.toml hold; ARCHITECTURE.md shows them."""
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
