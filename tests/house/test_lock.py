import re
import tomllib

from tools.make_docs import locked, plain

from tests.house.tree import ROOT

LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_lock_names_no_download_host():
    """Where packages come from is the business of whoever installs them."""
    assert "://" not in LOCK
    assert not re.search(r"^\s*(-i|--index-url|--extra-index-url|-f|--find-links|--trusted-host)\b", LOCK, re.MULTILINE)


def test_every_requirement_is_pinned_by_hash():
    """Each requirement has exactly one version and at least one SHA-256; nothing else stands there."""
    allowed = r"    --hash=sha256:[0-9a-f]{64}( \\)?|\S+==\S+( ; .+)? \\|    # .+"
    assert not [line for line in LOCK.splitlines() if not re.fullmatch(allowed, line)]
    blocks = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(blocks) == len(locked())
    assert all("--hash=sha256:" in block for block in blocks)


def test_everything_the_project_needs_is_in_the_lock():
    """Also what builds it: the package itself is installed with --no-deps and without build isolation."""
    needed = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    missing = {plain(n) for n in needed} - {name for name, _, _ in locked()}
    assert not missing, f"run make lock: {missing}"
    assert {"setuptools", "wheel"} <= {plain(n) for n in PROJECT["optional-dependencies"]["dev"]}
