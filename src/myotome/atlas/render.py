"""A plate as SVG: a pure function of plate, layer, marks and overlay."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import escape, unescape
from importlib.resources import files
from typing import Any

import numpy as np

from myotome.atlas import path, texture
from myotome.atlas.compiled import layer_of, targets_json
from myotome.atlas.marks import Mark, check_marks, drawn_marks
from myotome.atlas.outline import Outline, as_drawn, drawn, drawn_skins, window
from myotome.atlas.plate import Plate, Shape, plate
from myotome.errors import PlateError

THEMES = ("light", "dark")
TISSUES = {"b": "fat", "c": "cartilage", "d": "white", "e": "cavity"}  # tone a is tendon and fascia
ALL_TENDON = 0.97  # share from which a shape is drawn as tendon throughout
NAMED = re.compile(r'<g (?:id="[^"]*" )?class="(muscle|level)(?: fine)?" data-(?:muscle|level)="([^"]*)"[^>]*>')


@dataclass(frozen=True)
class Overlay:
    """Colours laid over a plate: muscles and levels by name, skin patches by name; and what each colour means."""

    title: str
    muscles: Mapping[str, str] = field(default_factory=dict)
    skins: Mapping[str, str] = field(default_factory=dict)
    legend: tuple[tuple[str, str], ...] = ()


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


def render(
    name: str,
    layer: str | None = None,
    *,
    marks: Iterable[Mark] = (),
    overlay: Overlay | None = None,
    theme: str = "light",
    fibres: bool = True,
    side: str = "right",
    inline: bool = False,
) -> str:
    """The plate ``name`` as an SVG document, or as an element for a page where ``inline``.

    Args:
        layer: what is to be seen when everything above is taken away; the surface where None.
        side: which part of a plate of one side, ``right`` or ``left``.
        fibres: muscle fibres too; leave out for a small first picture.

    Raises:
        PlateError: an unknown plate, layer, theme or side; a mark off the plate.
    """
    chosen = plate(name)
    layer = layer or chosen.layers[0]
    if side not in ("right", "left"):
        raise PlateError(f"side is '{side}'; it must be right or left.")
    colours = palette(theme)
    x, y, w, h = chosen.view
    flip = not chosen.mirrored and side == "left"
    body = _body(name, layer, fibres)
    if overlay:
        body = _recoloured(body, overlay) + _skins(chosen, layer, overlay)
    body += _letters(chosen, side)
    if flip:
        body = f'<g transform="translate({_n(2 * x + w)} 0)scale(-1 1)">{body}</g>'
    marked = tuple(marks)
    check_marks(marked)
    body += drawn_marks(marked, chosen, layer, side)
    style = "" if inline else f"<style>{style_of(theme)}</style>"
    box = f'x="{_n(x)}" y="{_n(y)}" width="{_n(w)}" height="{_n(h)}"'
    ground = "" if inline else f'<rect {box} fill="{colours["ground"]}"/>'
    label = escape(chosen.title if chosen.mirrored else f"{chosen.title}, {side}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{_n(x)} {_n(y)} {_n(w)} {_n(h)}" role="img" '
        f'class="plate" data-plate="{name}" data-layer="{layer}" data-side="{side}" aria-label="{label}">'
        f"<title>{label}</title>{style}{_gradients(name)}{ground}{body}</svg>"
    )


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


def _gradients(name: str) -> str:
    stops = "".join(
        f'<linearGradient id="{name}-{key}"><stop class="s-{key}"/><stop offset=".5" class="m-{key}"/>'
        f'<stop offset="1" class="s-{key}"/></linearGradient>'
        for key in [*"abcde", "bone", "tissue-a", *(f"tissue-{tone}" for tone in TISSUES)]
    )
    body = as_drawn(plate(name))
    insets = {shape.inset.plate: shape.inset for shape in plate(name).shapes if shape.inset}
    clips = "".join(
        f'<clipPath id="{name}-{key}"><path d="{path.polygon(window(inset, body))}"/></clipPath>'
        for key, inset in insets.items()
    )
    return f"<defs>{stops}{clips}</defs>"


@lru_cache(maxsize=128)
def _body(name: str, layer: str, fibres: bool) -> str:
    chosen, placed = plate(name), drawn(name)
    parts = []
    hidden = set(layer_of(name, layer)["hidden"])
    for number, shape in enumerate(chosen.shown(layer)):
        if shape.id in hidden:
            continue
        content = _content(placed[shape.id], chosen, f"{name}-{number}", fibres)
        kind = ("base" if shape.layer == "base" else shape.kind) + (" fine" if shape.inset else "")
        attributes = f'class="{kind}" data-{shape.kind}="{escape(shape.name)}"'
        if shape.inset:
            attributes += f' clip-path="url(#{name}-{shape.inset.plate})"'
        if not chosen.mirrored:
            parts.append(f'<g {attributes} data-side="here">{content}</g>')
        elif shape.midline:
            parts.append(f'<g {attributes} data-side="both">{content}</g>')
        else:
            key = f"{name}-s{number}"
            parts.append(f'<g id="{key}" {attributes} data-side="right">{content}</g>')
            parts.append(f'<use href="#{key}" data-side="left" transform="scale(-1 1)"/>')
    drawn_right = "".join(parts)
    return f"<g{_turn(chosen, 'right')}>{drawn_right}</g>" if chosen.mirrored else drawn_right


def _turn(chosen: Plate, side: str) -> str:
    """The person's right is on the viewer's left where they face the viewer."""
    return ' transform="scale(-1 1)"' if (side == "right") == (chosen.facing == "front") else ""


def _content(outline: Outline, chosen: Plate, key: str, fibres: bool) -> str:
    shape = outline.shape
    assert isinstance(shape, Shape)  # noqa: S101  # for the type checker
    ring = path.closed(outline.cubics)
    if shape.layer == "base" or shape.kind in ("skin", "level"):
        return f'<path d="{ring}"/>'
    tone = {"muscle": shape.tone, "tissue": f"tissue-{shape.tone}"}.get(shape.kind, shape.kind)
    out = [_belly(outline, f"{chosen.id}-{tone}", key, ring)]
    sheet = outline.sheet
    thousandth = chosen.scale
    if sum(shape.tendon) >= ALL_TENDON:
        out.append(f'<path class="t" d="{ring}"/>')
    elif sheet is not None:
        teeth = int(np.clip(sheet.width / (3.0 * thousandth), 2, 14)) if fibres else 1
        out += [f'<path class="t" d="{path.polygon(p)}"/>' for p in texture.tendon_ends(sheet, shape.tendon, teeth)]
    if fibres and shape.fibres > 0:
        out += _fibre_paths(outline, shape, thousandth)
    return "".join(out)


def _belly(outline: Outline, tone: str, key: str, ring: str) -> str:
    """The filled outline, shaded across its width."""
    if outline.sheet is not None:
        left, right = outline.sheet.at(np.array([0.0, 1.0]), np.array([0.5, 0.5]))
    else:
        low, high = outline.polygon.min(axis=0), outline.polygon.max(axis=0)
        left, right = np.array([low[0], (low[1] + high[1]) / 2]), np.array([high[0], (low[1] + high[1]) / 2])
    return (
        f'<linearGradient id="{key}" href="#{tone}" gradientUnits="userSpaceOnUse" x1="{_n(left[0])}" '
        f'y1="{_n(left[1])}" x2="{_n(right[0])}" y2="{_n(right[1])}"/><path fill="url(#{key})" d="{ring}"/>'
    )


def _fibre_paths(outline: Outline, shape: Shape, thousandth: float) -> list[str]:
    if outline.sheet is None:
        rings = texture.rings_of(outline.polygon, round(5 * shape.fibres))
        return [f'<path class="{"fl"[n % 2]}" d="{path.polygon(r)}"/>' for n, r in enumerate(rings)]
    spacing = 2.2 * min(thousandth, 3.2)
    lines = texture.fibres(outline.sheet, shape.id, shape.tendon, shape.fibres, spacing)
    dark, light = "".join(map(path.curve, lines[::2])), "".join(map(path.curve, lines[1::2]))
    return [f'<path class="f" d="{dark}"/><path class="l" d="{light}"/>'] if lines else []


def _recoloured(body: str, overlay: Overlay) -> str:
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


def _skins(chosen: Plate, layer: str, overlay: Overlay) -> str:
    """The skin patches that the overlay colours, cut to the body."""
    sent, out = targets_json(chosen.id, layer), []
    for target in sent["skins"]:
        colour = overlay.skins.get(target["name"])
        if colour is None:
            continue
        ring = "".join(path.polygon(np.reshape(flat, (-1, 2)) / sent["fine"]) for flat in target["seen"])
        for side in ("right", "left") if chosen.mirrored else ("here",):
            turn = _turn(chosen, side) if chosen.mirrored else ""
            out.append(
                f'<g class="patch" data-patch="{escape(target["name"])}" data-side="{side}"{turn}>'
                f'<path fill="{colour}" fill-rule="evenodd" d="{ring}"/></g>'
            )
    return "".join(out)


def _letters(chosen: Plate, side: str) -> str:
    x, y, w, h = chosen.view
    size = h / 45
    if not chosen.mirrored:
        return ""
    right_at, left_at = (x + w * 0.06, x + w * 0.94) if chosen.facing == "front" else (x + w * 0.94, x + w * 0.06)
    return "".join(
        f'<text x="{_n(at)}" y="{_n(y + size * 1.6)}" font-size="{_n(size)}" text-anchor="middle">{letter}</text>'
        for letter, at in (("R", right_at), ("L", left_at))
    )


def _n(value: float) -> str:
    return f"{round(float(value), 1):g}"


def patch_outlines(name: str) -> str:
    """The skin patches of a plate as outlines with their names, for whoever draws them."""
    chosen, out = plate(name), []
    for label, outline in drawn_skins(name):
        x, y = outline.cubics[:, 0].mean(axis=0)
        sign = -1 if chosen.facing == "front" else 1
        size = chosen.view[3] / 140
        out.append(
            f'<path transform="scale({sign} 1)" d="{path.closed(outline.cubics)}" '
            f'style="fill:#06c;fill-opacity:.18;stroke:#036"/><text x="{_n(sign * x)}" y="{_n(y)}" '
            f'font-size="{_n(size)}" text-anchor="middle">{escape(label)}</text>'
        )
    return "".join(out)
