"""What is derived from a plate's drawing once and kept with it: what a layer hides, where parts are, what is sent.

``tools/make_plates.py`` writes it; a plate whose files changed since, or a pack of one's own, is derived when asked.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from myotome.atlas.hits import anchor, skin_targets, targets
from myotome.atlas.library import plate, plate_ids, unions
from myotome.atlas.visible import visible, whole
from myotome.atlas.wire import pointed

SMALLEST = 0.4  # square thousandths of body height; what shows less, and is nearly all covered, is hidden
COVERED = 0.05  # share of a shape below which it is nearly all covered
FOLDER = files("myotome.atlas") / "compiled"


def derive(name: str, layer: str) -> dict[str, Any]:
    """What a layer of a plate hides, the places of its parts, and its targets as they are sent."""
    chosen, seen, areas = plate(name), visible(name, layer), whole(name)
    least = SMALLEST * chosen.scale**2
    hidden = [s.id for s in chosen.shown(layer) if seen[s.id].area < min(least, COVERED * areas[s.id].area)]
    named = [(t.kind, t.name) for t in (*targets(name, layer), *skin_targets(name))]
    named += [("patch", union) for union in unions()]
    found = {f"{kind}|{part}": anchor(name, layer, kind, part) for kind, part in named}
    anchors = {key: [round(v, 1) for v in at[:3]] + [at[3]] for key, at in found.items() if at}
    return {"hidden": hidden, "anchors": anchors, "targets": pointed(name, layer)}


def compile_plate(name: str) -> str:
    """Everything derived from a plate, as the text of its file."""
    layers = {layer: derive(name, layer) for layer in plate(name).layers}
    return json.dumps({"digest": digest(name), "layers": layers}, separators=(",", ":"), ensure_ascii=False) + "\n"


def digest(name: str) -> str:
    """Changes whenever a file of the plate does, or of a plate that is set into it."""
    read = hashlib.sha256()
    for part in sorted({name, *(s.inset.plate for s in plate(name).shapes if s.inset)}):
        folder = files("myotome.atlas") / "plates" / part if part in plate_ids() else Path(part)
        for file in sorted(folder.iterdir(), key=lambda f: f.name):
            if file.name.endswith(".toml"):
                read.update(file.name.encode() + file.read_bytes())
    return read.hexdigest()[:16]


@lru_cache(maxsize=256)
def layer_of(name: str, layer: str) -> dict[str, Any]:
    """What is derived of a layer: from the plate's file where that is current.

    Raises:
        PlateError: the plate has no such layer.
    """
    plate(name).shown(layer)
    kept = _kept(name)
    found: dict[str, Any] = kept[layer] if layer in kept else derive(name, layer)
    return found


@lru_cache(maxsize=64)
def _kept(name: str) -> dict[str, Any]:
    file = FOLDER / f"{name}.json"
    if name not in plate_ids() or not file.is_file():
        return {}
    kept: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return kept["layers"] if kept["digest"] == digest(name) else {}


def place_on(name: str, layer: str, kind: str, part: str) -> tuple[float, float, float, bool] | None:
    """Middle of the widest spot of a part, its radius in sheet units, and whether it is seen; None where not there."""
    found = layer_of(name, layer)["anchors"].get(f"{kind}|{part}")
    return None if found is None else (found[0], found[1], found[2], found[3])


def targets_json(name: str, layer: str) -> dict[str, Any]:
    """The targets of a plate at a layer, as they are sent."""
    sent: dict[str, Any] = layer_of(name, layer)["targets"]
    return sent
