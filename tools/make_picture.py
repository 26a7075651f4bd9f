"""Draw the page that `myotome explain` prints as docs/figures/explanation.svg."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

import myotome
from myotome.cli.page import print_page

ROOT = Path(__file__).resolve().parent.parent
CASE = ROOT / "examples" / "neupsykey-nd-c7-root.yaml"
INKS = [(178, 34, 52), (0, 114, 90), (150, 100, 0), (0, 90, 156), (150, 40, 120), (0, 105, 130)]
PAPER = TerminalTheme(
    (255, 253, 248),
    (38, 42, 46),
    [(38, 42, 46), *INKS, (230, 226, 218)],
    [(110, 112, 116), *INKS, (255, 255, 255)],
)
# The library's own template loads a font from the network; this one uses what the reader has.
SVG = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>.{unique_id}-matrix {{ font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: {char_height}px; \
line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>\
</clipPath>{lines}</defs>
<rect width="{width}" height="{height}" rx="8" fill="#fffdf8" stroke="#d8d2c4"/>
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""


def picture() -> str:
    """The page of one published case as SVG text."""
    case = myotome.read_case(CASE)
    console = Console(record=True, width=92, file=io.StringIO(), highlight=False, force_terminal=True)
    print_page(case, myotome.explain(case), console=console)
    return console.export_svg(theme=PAPER, code_format=SVG, unique_id="myotome")


if __name__ == "__main__":
    target = ROOT / "docs" / "figures" / "explanation.svg"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(picture(), encoding="utf-8")
    print(f"wrote {target.relative_to(ROOT)}")
