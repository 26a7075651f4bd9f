"""Fibres and tendons of a muscle, from its sheet; the same ring always gives the same lines."""

from __future__ import annotations

import zlib

import numpy as np

from myotome.atlas.coons import Sheet
from myotome.atlas.curve import Floats, flatten, open_beziers

SPACING = 5.0  # thousandths of body height between two fibres, before the plate's own density


def tendon_ends(sheet: Sheet, tendon: tuple[float, float], teeth: int) -> list[Floats]:
    """Closed outlines of the tendinous ends, ``teeth`` points along each border with the belly."""
    ends = []
    for share, line, near in ((tendon[0], sheet.origin, 0.0), (tendon[1], sheet.insertion, 1.0)):
        if share <= 0:
            continue
        border = abs(near - share)
        u = np.linspace(0, 1, max(2 * teeth + 1, 4))
        wave = np.where(np.arange(len(u)) % 2 == 1, 1.1, 0.92) if teeth > 1 else np.ones(len(u))
        v = np.clip(near + (border - near) * wave, 0, 1)
        side = np.linspace(near, border, 2 + max(4 if teeth > 1 else 2, round((20 if teeth > 1 else 10) * share)))[1:-1]
        right = sheet.at(np.ones(len(side)), side)
        left = sheet.at(np.zeros(len(side)), side[::-1])
        ends.append(np.concatenate([line[:: 3 if teeth > 1 else 6], right, sheet.at(u[::-1], v[::-1]), left]))
    return ends


def fibres(sheet: Sheet, name: str, tendon: tuple[float, float], density: float, spacing: float) -> list[Floats]:
    """Fibre lines, each (cubics, 4, 2); about ``spacing / density`` apart at the widest place."""
    count = int(np.clip(sheet.width * density / spacing, 0, 60))
    if density <= 0 or count < 2:
        return []
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    across = (np.arange(count) + rng.uniform(0.2, 0.8, count)) / count
    start = np.clip(tendon[0] * 0.85 + rng.uniform(0.01, 0.25, count) * (1 - sum(tendon)), 0, 1)
    stop = np.clip(1 - tendon[1] * 0.85 - rng.uniform(0.01, 0.25, count) * (1 - sum(tendon)), 0, 1)
    lines = []
    for u, a, b in zip(across, start, stop, strict=True):
        places = sheet.at(np.full(7, u), np.linspace(a, b, 7))
        simple = _cubic_through(places[::2])[None]
        # A bent sheet needs more than one cubic, or its fibres leave the outline.
        bent = np.max(np.hypot(*(flatten(simple, 6)[[1, 3, 5]] - places[1::2]).T)) > 0.1 * spacing
        lines.append(open_beziers(places) if bent else simple)
    return lines


def rings_of(polygon: Floats, count: int) -> list[Floats]:
    """Concentric outlines of a sphincter, outer first."""
    middle = polygon.mean(axis=0)
    return [middle + (polygon - middle) * scale for scale in np.linspace(0.92, 0.45, count)]


def _cubic_through(p: Floats) -> Floats:
    """The cubic that passes through four places at thirds of its length."""
    c1 = (-5 * p[0] + 18 * p[1] - 9 * p[2] + 2 * p[3]) / 6
    c2 = (2 * p[0] - 9 * p[1] + 18 * p[2] - 5 * p[3]) / 6
    return np.stack([p[0], c1, c2, p[3]])
