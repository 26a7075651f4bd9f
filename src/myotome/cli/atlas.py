"""``myotome atlas``: the browsable atlas, or one plate as an SVG file."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from myotome.anatomy.innervation import profile
from myotome.atlas.library import plate_ids
from myotome.atlas.render import render
from myotome.care.chart.findings import Chart, chart_of
from myotome.care.chart.names import check_pack
from myotome.care.chart.overlay import overlay
from myotome.cli.case_files import REFUSED, read_case
from myotome.errors import CaseError, PlateError, UnknownNameError


def run(chosen: Namespace, doors: Mapping[str, Callable[..., Any]]) -> int:
    """Serve the atlas or write a plate; exit status 2 where what was asked for cannot be drawn."""
    try:
        chart = _chart(chosen.case)
        if chosen.svg:
            _write(chosen, chart)
            return 0
    except (CaseError, PlateError, UnknownNameError, OSError) as error:
        print(f"myotome: {error}", file=sys.stderr)
        return REFUSED
    title = f"Atlas: {Path(chosen.case).stem}" if chosen.case else "Atlas"
    status: int = doors["serve"](chart, title, chosen.profile, chosen.port, not chosen.no_browser)
    return status


def _chart(case: str | None) -> Chart | None:
    return None if case is None else chart_of(read_case(case))


def _write(chosen: Namespace, chart: Chart | None) -> None:
    if chosen.svg not in plate_ids():
        check_pack(chosen.svg)
    over, _, of = (chosen.overlay or "").partition(":")
    svg = render(
        chosen.svg,
        chosen.layer,
        marks=chart.marks if chart else (),
        overlay=overlay(over, of.strip(), profile(chosen.profile)) if over else None,
        theme=chosen.theme,
        side=chosen.side,
    )
    if chosen.output in (None, "-"):
        print(svg)
        return
    Path(chosen.output).write_text(svg, encoding="utf-8")
    print(f"{chosen.output}: the plate '{chosen.svg}', {len(svg) // 1024} kB", file=sys.stderr)
