"""The environments of the peers: one folder each under build/peers, made with venv and pip at first use."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / "build" / "peers"
# None is a dependency of Myotome. Brian2 2.9 still asks NumPy for what its second version left out.
NEEDS = {
    "jax": ("jax==0.10.2", "jaxlib==0.10.2"),
    "numba": ("numba==0.68.1",),
    "brian2": ("brian2==2.9.0", "numpy<2", "cython", "setuptools"),
}


def interpreter(name: str) -> str:
    """The Python of a peer; makes its environment where it is missing. '' where that failed.

    NumPy and SciPy are those of this very process.
    """
    if name not in NEEDS:
        return sys.executable
    folder = FOLDER / name
    python = folder / "bin" / "python"
    if (folder / ".ready").exists():
        return str(python)
    print(f"Installing {name} into {folder}; the first time takes a minute.", file=sys.stderr, flush=True)
    venv.create(folder, clear=True, with_pip=True)
    asked = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *NEEDS[name]]
    done = subprocess.run(asked, check=False, capture_output=True, text=True)
    if done.returncode:
        print(done.stderr.strip().splitlines()[-1:], file=sys.stderr, flush=True)
        return ""
    (folder / ".ready").touch()
    return str(python)
