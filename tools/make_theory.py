"""Measure the theory and draw its figures: ``python tools/make_theory.py``. Takes some minutes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from myotome.app import main
from myotome.care.theory.measure import measure

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # this file is run as a program, and its neighbours are found from the root

from tools.make_mechanism_docs import FIGURES, MEASURED, mechanism_pages  # noqa: E402

if __name__ == "__main__":
    MEASURED.write_text(json.dumps(measure(), indent=1, ensure_ascii=False) + "\n", "utf-8")
    for path, text in mechanism_pages().items():
        (ROOT / path).write_text(text, "utf-8")
    sys.exit(main(["figures", "-o", str(ROOT / "docs" / FIGURES)]))
