"""Draw pages of a report as docs/figures/*.png, for the README."""

from __future__ import annotations

from pathlib import Path

import pypdfium2

import myotome
from myotome.care.plan.planner import planner
from myotome.paper.pdf import pdf
from myotome.paper.report import report

ROOT = Path(__file__).resolve().parent.parent
CASE = ROOT / "examples" / "plan-tennis-elbow-first-visit.yaml"
SCALE = 1.4  # pixels a point


def pictures() -> dict[str, bytes]:
    """The first page of each reader, by the name of its file, as PNG."""
    import io  # noqa: PLC0415

    case = myotome.read_case(CASE)
    made = planner(case, myotome.explain(case), case.visit.date)  # type: ignore[arg-type]  # the example has a date
    document = report(case, made.ground.explanation, made.plan(), case.visit.date)  # type: ignore[arg-type]
    pages = pypdfium2.PdfDocument(pdf(document))
    first = next(n for n in range(1, len(pages)) if "Your treatment" in pages[n].get_textpage().get_text_range())
    found = {}
    for name, number in (("practitioner-page", 0), ("patient-page", first)):
        buffer = io.BytesIO()
        pages[number].render(scale=SCALE).to_pil().quantize(192).save(buffer, "PNG", optimize=True)
        found[f"docs/figures/{name}.png"] = buffer.getvalue()
    return found


if __name__ == "__main__":
    for name, data in pictures().items():
        (ROOT / name).write_bytes(data)
        print(f"wrote {name}")
