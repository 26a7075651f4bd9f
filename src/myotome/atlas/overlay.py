"""Colours laid over a plate: on muscles and levels by name, on skin patches by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape, unescape

import numpy as np

from myotome.atlas import path
from myotome.atlas.compiled import place_on, targets_json
from myotome.atlas.plate import Plate

NAMED = re.compile(r'<g (?:id="[^"]*" )?class="(muscle|level)(?: fine)?" data-(?:muscle|level)="([^"]*)"[^>]*>')


@dataclass(frozen=True)
class Overlay:
    """Colours laid over a plate: muscles and levels by name, skin patches by name; and what each colour means.

    ``words`` stand on the skin patches where there is room, so that colour alone decides nothing.
    """

    title: str
    muscles: Mapping[str, str] = field(default_factory=dict)
    skins: Mapping[str, str] = field(default_factory=dict)
    legend: tuple[tuple[str, str], ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)


def recoloured(body: str, overlay: Overlay) -> str:
    """The body with the muscles and levels that the overlay names in its colours, fibres left on them."""
    if not overlay.muscles:
        return body
    numbers = {colour: n for n, colour in enumerate(dict.fromkeys(overlay.muscles.values()))}

    def coloured(found: re.Match[str]) -> str:
        colour = overlay.muscles.get(unescape(found[2]))
        return found[0] if colour is None else found[0].replace('class="', f'class="over-{numbers[colour]} ', 1)

    belly = "path:not(.t):not(.f):not(.l)"
    rules = "".join(f".over-{n} {belly}{{fill:{colour}}}" for colour, n in numbers.items())
    return f"<style>{rules}</style>{NAMED.sub(coloured, body)}"


def coloured_skins(chosen: Plate, layer: str, overlay: Overlay) -> str:
    """The skin patches that the overlay colours, cut to the body."""
    sent, out = targets_json(chosen.id, layer), []
    for target in sent["skins"]:
        colour = overlay.skins.get(target["name"])
        if colour is None:
            continue
        ring = "".join(path.polygon(np.reshape(flat, (-1, 2)) / sent["fine"]) for flat in target["seen"])
        for side in ("right", "left") if chosen.mirrored else ("here",):
            turn = mirror(chosen, side) if chosen.mirrored else ""
            out.append(
                f'<g class="patch" data-patch="{escape(target["name"])}" data-side="{side}"{turn}>'
                f'<path fill="{colour}" fill-rule="evenodd" d="{ring}"/></g>'
            )
    return "".join(out)


def words_on(chosen: Plate, layer: str, overlay: Overlay, side: str) -> str:
    """The overlay's words in the middle of their skin patches, where they fit."""
    left, _, width, height = chosen.view
    out = []
    for name, word in overlay.words.items():
        found = place_on(chosen.id, layer, "patch", name)
        if found is None or (size := min(found[2] * 0.9, height / 60)) < height / 160:
            continue
        x, y, _, _ = found
        across = [x, -x] if chosen.mirrored else [2 * left + width - x if side == "left" else x]
        out += [
            f'<text class="word" x="{at:.1f}" y="{y + size * 0.35:.1f}" font-size="{size:.1f}" '
            f'text-anchor="middle">{escape(word)}</text>'
            for at in across
        ]
    return "".join(out)


def mirror(chosen: Plate, side: str) -> str:
    """The attribute that turns a side to where it is seen: the right is on the viewer's left where they face one."""
    return ' transform="scale(-1 1)"' if (side == "right") == (chosen.facing == "front") else ""
