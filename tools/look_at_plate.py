"""Render a plate, whole or cropped, to PNG, to be looked at while drawing: ``python tools/look_at_plate.py --help``."""

from __future__ import annotations

import argparse
import re
import subprocess
from html import escape
from pathlib import Path

from myotome.atlas import path
from myotome.atlas.library import plate
from myotome.atlas.outline import drawn_skins
from myotome.atlas.render import render


def main() -> None:
    """Write the picture asked for."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("plate")
    ask.add_argument("out", type=Path)
    ask.add_argument("--layer")
    ask.add_argument("--theme", default="light")
    ask.add_argument("--side", default="right")
    ask.add_argument("--crop", help="x,y,width,height on the screen side of the sheet")
    ask.add_argument("--grid", type=float, help="draw the sheet's grid, one line every so many units")
    ask.add_argument("--patches", action="store_true", help="outline the skin patches with their names")
    ask.add_argument("--width", type=int, default=900)
    asked = ask.parse_args()
    svg = render(asked.plate, asked.layer, theme=asked.theme, side=asked.side)
    if asked.patches:
        svg = svg.replace("</svg>", patch_outlines(asked.plate) + "</svg>")
    if asked.crop:
        box = " ".join(asked.crop.split(","))
        svg = re.sub(r'viewBox="[^"]*"', f'viewBox="{box}"', svg, count=1)
    if asked.grid:
        svg = svg.replace("</svg>", grid(svg, asked.grid) + "</svg>")
    source = asked.out.with_suffix(".svg")
    source.write_text(svg, encoding="utf-8")
    subprocess.run(["rsvg-convert", "-w", str(asked.width), "-o", asked.out, source], check=True)  # noqa: S603, S607


def grid(svg: str, step: float) -> str:
    """Lines every ``step`` units with their numbers; x is as on the screen."""
    found = re.search(r'viewBox="([^"]*)"', svg)
    x, y, w, h = map(float, found[1].split()) if found else (0, 0, 0, 0)
    out, size = [], w / 45
    for low, span, down in ((x, w, False), (y, h, True)):
        for n in range(int(low // step) + 1, int((low + span) // step) + 1):
            at = n * step
            line, place = (f"M{x} {at}h{w}", (x, at)) if down else (f"M{at} {y}v{h}", (at, y + size))
            out.append(f'<path d="{line}" stroke="#06c" stroke-width="{w / 900}" opacity=".45" fill="none"/>')
            out.append(f'<text x="{place[0]}" y="{place[1]}" font-size="{size}" style="fill:#06c">{at:g}</text>')
    return "".join(out)


def patch_outlines(name: str) -> str:
    """The skin patches of a plate as outlines with their names, for whoever draws them."""
    chosen, out = plate(name), []
    for label, outline in drawn_skins(name):
        x, y = outline.cubics[:, 0].mean(axis=0)
        sign = -1 if chosen.facing == "front" else 1
        size = chosen.view[3] / 140
        out.append(
            f'<path transform="scale({sign} 1)" d="{path.closed(outline.cubics)}" '
            f'style="fill:#06c;fill-opacity:.18;stroke:#036"/><text x="{round(sign * x)}" y="{round(y)}" '
            f'font-size="{round(size)}" text-anchor="middle">{escape(label)}</text>'
        )
    return "".join(out)


if __name__ == "__main__":
    main()
