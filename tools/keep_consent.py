"""Keep the consent text as the tables make it now, as a version that never changes: keep_consent.py 2026-11-21."""

from __future__ import annotations

import sys
from pathlib import Path

from myotome.clinic.consents.texts import as_json, made

KEPT = Path(__file__).resolve().parents[1] / "src" / "myotome" / "clinic" / "consents" / "kept"


def main(version: str, folder: Path = KEPT) -> int:
    """Write the version, unless one of that date or a later one is there: it may have been signed."""
    text = made(version)
    there = sorted(file.stem for file in folder.glob("*.json"))
    if there and there[-1] >= version:
        print(f"Version {there[-1]} is kept already and stays as it is. Give a later date.", file=sys.stderr)
        return 1
    with (folder / f"{version}.json").open("x", encoding="utf-8", newline="\n") as file:
        file.write(as_json(text))
    print(f"Kept {version}, {text.digest}.")
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"{__doc__}\nGive one date.")
    sys.exit(main(sys.argv[1]))
