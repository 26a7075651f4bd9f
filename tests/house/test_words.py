import re

from tests.house.tree import ROOT, ours

FOLDERS = ("home", "root", "Users", "work", "tmp", "opt", "mnt", "workspace", "github/workspace")
REGISTRIES = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "com"),
    ("npmjs", "org"),
    ("anaconda", "org"),
)
FORBIDDEN = {
    "a path of somebody's machine": rf"(?<![\w.:/~<-])/(?:{'|'.join(FOLDERS)})(?=/|[\s\"'`,;)]|$)",
    "a package registry": "|".join(r"\.".join(parts) for parts in REGISTRIES),
    "unfinished work": r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME")) + r")\b",
}


def test_no_file_says_what_it_should_not():
    """No local paths, no registry hosts, nothing left to do: an issue is the place for that."""
    found = []
    for path in ours():
        text = path.read_text("utf-8")
        for what, pattern in FORBIDDEN.items():
            for hit in re.finditer(pattern, text, re.MULTILINE):
                line = text.count("\n", 0, hit.start()) + 1
                found.append(f"{path.relative_to(ROOT)}:{line}: {what}: {hit.group()}")
    assert not found, "\n".join(found[:20])


def test_every_file_is_utf8_and_ends_with_a_newline():
    """One encoding, one ending; no trailing carriage returns."""
    for path in ours():
        data = path.read_bytes()
        data.decode("utf-8")
        assert b"\r\n" not in data, path
        assert not data or data.endswith(b"\n"), path
