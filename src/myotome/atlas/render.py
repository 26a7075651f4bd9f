"""A plate as SVG: a pure function of plate, layer, marks and overlay."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape

import numpy as np

from myotome.atlas import path, texture
from myotome.atlas.compiled import layer_of
from myotome.atlas.finder import View
from myotome.atlas.library import plate
from myotome.atlas.marks import Mark, check_marks, drawn_marks
from myotome.atlas.outline import Outline, as_drawn, drawn, window
from myotome.atlas.overlay import Overlay, coloured_skins, mirror, recoloured, words_on
from myotome.atlas.plate import Plate, Shape
from myotome.atlas.style import SHADED, palette, style_of
from myotome.errors import PlateError

ALL_TENDON = 0.97  # share from which a shape is drawn as tendon throughout


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
    view: View | None = None,
    radius: float | None = None,
) -> str:
    """The plate ``name`` as an SVG document, or as an element for a page where ``inline``.

    Args:
        layer: what is to be seen when everything above is taken away; the surface where None.
        side: which part of a plate of one side, ``right`` or ``left``.
        fibres: muscle fibres too; leave out for a small first picture.
        view, radius: the window to show, and of the marks, in sheet units; whole and as suits a screen where None.

    Raises:
        PlateError: an unknown plate, layer, theme or side; a mark off the plate.
    """
    chosen = plate(name)
    layer = layer or chosen.layers[0]
    if side not in ("right", "left"):
        raise PlateError(f"side is '{side}'; it must be right or left.")
    check_marks(marked := tuple(marks))
    x, y, w, h = (_n(v) for v in view or chosen.view)
    body = _picture(chosen, layer, side, overlay, fibres) + drawn_marks(marked, chosen, layer, side, radius)
    body += _letters(chosen, view or chosen.view)
    ground = f'<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{palette(theme)["ground"]}"/>'
    alone = "" if inline else f"<style>{style_of(theme)}</style>{ground}"
    label = escape(chosen.title if chosen.mirrored else f"{chosen.title}, {side}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{x} {y} {w} {h}" role="img" class="plate" '
        f'data-plate="{escape(name)}" data-layer="{layer}" data-side="{side}" aria-label="{label}">'
        f"<title>{label}</title>{_gradients(name)}{alone}{body}</svg>"
    )


def _picture(chosen: Plate, layer: str, side: str, overlay: Overlay | None, fibres: bool) -> str:
    """Shapes and overlay."""
    body = _body(chosen.id, layer, fibres)
    if overlay:
        body = recoloured(body, overlay) + coloured_skins(chosen, layer, overlay)
    if not chosen.mirrored and side == "left":
        body = f'<g transform="translate({_n(2 * chosen.view[0] + chosen.view[2])} 0)scale(-1 1)">{body}</g>'
    return body + (words_on(chosen, layer, overlay, side) if overlay else "")


def _gradients(name: str) -> str:
    stops = "".join(
        f'<linearGradient id="{name}-{key}"><stop class="s-{key}"/><stop offset=".5" class="m-{key}"/>'
        f'<stop offset="1" class="s-{key}"/></linearGradient>'
        for key in SHADED
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
    return f"<g{mirror(chosen, 'right')}>{drawn_right}</g>" if chosen.mirrored else drawn_right


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


def _letters(chosen: Plate, shown: View) -> str:
    x, y, w, h = shown
    size = max(h / 45, w / 30)
    if not chosen.mirrored:
        return ""
    right_at, left_at = (x + w * 0.06, x + w * 0.94) if chosen.facing == "front" else (x + w * 0.94, x + w * 0.06)
    return "".join(
        f'<text x="{_n(at)}" y="{_n(y + size * 1.6)}" font-size="{_n(size)}" text-anchor="middle">{letter}</text>'
        for letter, at in (("R", right_at), ("L", left_at))
    )


def _n(value: float) -> str:
    return f"{round(float(value), 1):g}"
