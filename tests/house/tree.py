"""The files of the project as a checkout has them: no caches, nothing built."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "myotome"
NOT_OURS = {".git", ".venv", "build", "dist", "site", "__pycache__", "node_modules"}
BINARY = {".so", ".pyd", ".dylib", ".pyc", ".png", ".pdf", ".ico", ".woff2", ".ttf", ".npz", ".db"}


def ours():
    """Every text file of the project."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(p in NOT_OURS or p.endswith(("_cache", ".egg-info")) for p in parts)
        if path.is_file() and not hidden and parts[0] != ".hypothesis" and path.suffix not in BINARY:
            yield path


def modules():
    """Every Python module of the package."""
    return sorted(PACKAGE.rglob("*.py"))
