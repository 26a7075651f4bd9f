"""Colours and strokes of the drawing, light and dark."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from myotome.errors import PlateError

THEMES = ("light", "dark")
TISSUES = {"b": "fat", "c": "cartilage", "d": "white", "e": "cavity"}  # tone a is tendon and fascia
SHADED = (*"abcde", "bone", "tissue-a", *(f"tissue-{tone}" for tone in TISSUES))


@cache
def palette(theme: str) -> Mapping[str, Any]:
    """The colours of a theme.

    Raises:
        PlateError: there is no such theme.
    """
    if theme not in THEMES:
        raise PlateError(f"There is no theme '{theme}'. Choose one of {', '.join(THEMES)}.")
    found: dict[str, Any] = tomllib.loads((files("myotome.atlas") / "data" / "palette.toml").read_text("utf-8"))[theme]
    return found


def style_of(theme: str) -> str:
    """The style sheet of a plate in a theme."""
    c = palette(theme)
    every = ",".join(f".{kind} path" for kind in ("base", "skin", "bone", "tissue", "level", "muscle"))
    # No rule leans on what stands round a part: the left side is a copy, and copies see only themselves.
    rules = [
        f"{every}{{stroke:{c['edge']};stroke-width:.9;stroke-linejoin:round}}",
        f".base path{{fill:{c['hide']};stroke:{c['skin-edge']}}}",
        f".skin path{{fill:{c['skin']};stroke:{c['skin-edge']};stroke-width:.7}}",
        f".bone path{{stroke:{c['bone-edge']};stroke-width:.8}}",
        f".tissue path{{stroke:{c['tendon-edge']};stroke-width:.7}}",
        f".level path{{fill:{c['bone']};stroke:{c['bone-edge']}}}",
        f".muscle path.t,.tissue path.t{{fill:{c['tendon']};stroke:none;opacity:.88}}",
        f".muscle path.f{{fill:none;stroke:{c['fibre-dark']};stroke-width:.45;opacity:.55}}",
        f".muscle path.l{{fill:none;stroke:{c['fibre-light']};stroke-width:.45;opacity:.6}}",
        f".tissue path.f{{fill:none;stroke:{c['tendon-edge']};stroke-width:.45;opacity:.45}}",
        ".tissue path.l{fill:none;stroke:#fff;stroke-width:.45;opacity:.5}",
        ".fine path{stroke-width:.4}.fine path.f,.fine path.l{stroke-width:.25}",
        f".plate text{{fill:{c['text']};font-family:system-ui,sans-serif}}",
        f".mark{{stroke:{c['ground']};stroke-width:.22}}.mark.deeper{{stroke-dasharray:.5 .3;opacity:.8}}",
        ".mark .hollow{fill-opacity:.15}.plate .mark text{fill:#fff;stroke:none;font-weight:700}",
        "".join(f".{t}{{fill:{c[t]}}}" for t in ("mark-1", "mark-2", "mark-3", "mark-4")),
        ".plate text.word{fill:#111;stroke:#fff;stroke-width:.16em;paint-order:stroke;font-weight:600}",
        ".patch path{stroke:#fff;stroke-width:.5;stroke-opacity:.8;fill-opacity:.62}",
    ]
    for key, (side, middle) in {
        **{tone: c[tone] for tone in "abcde"},
        "bone": (c["bone-side"], c["bone"]),
        "tissue-a": (c["tendon-side"], c["tendon"]),
        **{f"tissue-{tone}": c[name] for tone, name in TISSUES.items()},
    }.items():
        rules.append(f".s-{key}{{stop-color:{side}}}.m-{key}{{stop-color:{middle}}}")
    return "".join(rules)
