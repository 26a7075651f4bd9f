"""Where a part is best pointed at: the plate, layer and view in which most of a fingertip fits on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from myotome.atlas.compiled import layer_of
from myotome.atlas.library import plate, plate_ids
from myotome.atlas.plate import Plate

View = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Where:
    """A part's place: ``view`` is the window to open, on the person's right side; ``room`` its radius in windows."""

    kind: str
    name: str
    plate: str
    layer: str
    view: View
    room: float


@lru_cache(maxsize=1)
def places() -> dict[tuple[str, str], tuple[Where, ...]]:
    """Every drawn muscle, level and skin patch with where it is seen, roomiest first; one place a plate."""
    found: dict[tuple[str, str], dict[str, Where]] = {}
    for name in plate_ids():
        chosen = plate(name)
        for layer in chosen.layers:
            for key, (x, y, radius, seen) in layer_of(name, layer)["anchors"].items():
                kind, _, part = key.partition("|")
                view = window(chosen, x, y)
                room = radius / max(view[2], view[3])
                best = found.setdefault((kind, part), {})
                if seen and (name not in best or best[name].room < room):
                    best[name] = Where(kind, part, name, layer, view, room)
    return {key: tuple(sorted(value.values(), key=lambda w: -w.room)) for key, value in found.items()}


def window(chosen: Plate, x: float, y: float) -> View:
    """The view of the plate's smallest enlarged region round a sheet place; the whole plate where it has none there."""
    inside = [
        r.view
        for r in chosen.regions
        if r.view and r.view[0] <= x <= r.view[0] + r.view[2] and r.view[1] <= y <= r.view[1] + r.view[3]
    ]
    middle = [v for v in inside if _central(v, x, y)]
    return min(middle or inside or [chosen.view], key=lambda v: v[2] * v[3])


def _central(view: View, x: float, y: float) -> bool:
    return all(0.1 <= (p - low) / size <= 0.9 for p, low, size in ((x, view[0], view[2]), (y, view[1], view[3])))


def best(kind: str, name: str) -> Where | None:
    """Where a part is best seen; None where it is drawn nowhere."""
    return next(iter(places().get((kind, name), ())), None)
