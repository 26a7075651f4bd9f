"""The muscles of a story: which are concerned, and on which plates they are pointed at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np

from myotome.anatomy.tables import anatomy
from myotome.atlas.compiled import place_on, targets_json
from myotome.atlas.finder import places
from myotome.atlas.library import plate
from myotome.care.points.tables import points_of
from myotome.care.simulation.person.body import body
from myotome.web.mechanism_words import numbers, plain

LIMB_PLATES = ("side", "front", "back", "foot-sole", "foot-dorsum", "hand-palm", "hand-dorsum")
SPINE_PLATES = ("neck-back", "spine")
LAYERS = {"surface": "", "middle": ", deeper", "deep": ", deep", "deepest": ", deepest", "bones": ", bones"}
PLATES = {
    "side": "Side",
    "front": "Front",
    "back": "Back",
    "neck-back": "Neck",
    "spine": "Spine",
    "foot-sole": "Sole",
    "foot-dorsum": "Foot",
    "hand-palm": "Palm",
    "hand-dorsum": "Hand",
}
WIDE, NEAR = {"neck-back": 0.5, "spine": 0.28}, 0.14  # least share of a plate's height in a window
ROOM = 0.02  # share of the window that a fingertip's circle needs on a muscle


@dataclass(frozen=True)
class Story:
    """Levels and side; muscles beside the spine and of the limb, by name, those most of the levels first."""

    levels: tuple[str, ...]
    side: str
    spine: tuple[str, ...]
    limb: tuple[str, ...]

    @property
    def muscles(self) -> tuple[str, ...]:
        """Spine first."""
        return (*self.spine, *self.limb)

    @property
    def place(self) -> str:
        """Part of the spine in plain words."""
        return plain("spine", self.levels[0][0])


@lru_cache(maxsize=128)
def story(levels: tuple[str, ...], side: str) -> Story:
    """The muscles that these levels concern, as many as one session may needle, and only those that are needled."""
    whole = body()
    at = [whole.level(level, side) for level in levels]
    spine = tuple(whole.muscles[whole.paraspinal(level)][0] for level in at)
    share = whole.network.supply[:, at].sum(axis=1)
    least = numbers()["limb share" if len(at) > 1 else "limb share alone"]
    known = anatomy().muscles
    mine = [
        number
        for number in np.argsort(-share, kind="stable")
        if share[number] >= least
        and (name := whole.muscles[number][0]) in known
        and not known[name].is_deep_back
        and ("muscle", name) in places()
        and any(not point.specialist for point in points_of().get(name, ()))
    ]
    chosen = mine[: int(numbers()["needles in limb"])]
    return Story(levels, side, spine, tuple(whole.muscles[number][0] for number in chosen))


@lru_cache(maxsize=128)
def views(levels: tuple[str, ...], side: str) -> list[dict[str, Any]]:
    """The windows on plates that together show every muscle of a story: fewest first, spine last of all.

    Each has title, plate, facing, whole view, layer, view, and what can be tapped: muscle, kind, name, x, y, and the
    radius r of a level.
    """
    chosen = story(levels, side)
    left = set(chosen.limb)
    found: list[tuple[int, dict[str, Any]]] = []
    while left:
        best = max(_choices(), key=partial(_count, left))
        now = _seen(best, left)
        if not now:
            break
        # Whatever else of the story lies here can be tapped here too.
        found.append((len(now), _window(*best, _named(chosen.limb, _seen(best, set(chosen.limb))))))
        left -= now
    spine = {name: ("level", level) for name, level in zip(chosen.spine, levels, strict=True)}
    where = next((w for w in places().get(("level", levels[0]), ()) if w.plate in SPINE_PLATES), None)
    ordered = [_window(where.plate, where.layer, spine)] if where else []
    return ordered + [view for _, view in sorted(found, key=lambda pair: -pair[0])]


@lru_cache(maxsize=1)
def _choices() -> tuple[tuple[str, str], ...]:
    return tuple((name, layer) for name in LIMB_PLATES for layer in plate(name).layers)


def _named(order: tuple[str, ...], seen: set[str]) -> dict[str, tuple[str, str]]:
    return {name: ("muscle", name) for name in order if name in seen}


def _count(wanted: set[str], choice: tuple[str, str]) -> int:
    return len(_seen(choice, wanted))


def _seen(choice: tuple[str, str], wanted: set[str]) -> set[str]:
    """Which of the wanted muscles can be tapped on a plate at a layer."""
    name, layer = choice
    least = ROOM * min(plate(name).view[2:]) / 4.0
    anchors = {muscle: place_on(name, layer, "muscle", muscle) for muscle in wanted}
    return {muscle for muscle, at in anchors.items() if at and at[3] and at[2] >= least}


def _window(name: str, layer: str, shown: dict[str, tuple[str, str]]) -> dict[str, Any]:
    chosen, sent = plate(name), targets_json(name, layer)
    rings = [
        np.reshape(ring, (-1, 2)) / sent["fine"]
        for target in sent["parts"]
        if (target["kind"], target["name"]) in shown.values()
        for ring in target["seen"]
    ]
    taps = []
    for muscle, (kind, part) in shown.items():
        at = place_on(name, layer, kind, part)
        if at:
            taps.append({"muscle": muscle, "kind": kind, "name": part, "x": at[0], "y": at[1]})
            if kind == "level":
                taps[-1]["r"] = at[2]
    return {
        "title": PLATES[name] + ("" if name in SPINE_PLATES else LAYERS[layer]),
        "plate": name,
        "layer": layer,
        "facing": chosen.facing,
        "whole": list(chosen.view),
        "view": _around(rings, chosen.view, WIDE.get(name, NEAR)),
        "taps": taps,
    }


def _around(rings: list[Any], whole: tuple[float, ...], least: float) -> list[float]:
    """The window round what is shown, with room about it; ``least`` is its least share of the plate's height."""
    if not rings:
        return [float(v) for v in whole]
    points = np.vstack(rings)
    low, high = points.min(axis=0), points.max(axis=0)
    size = np.maximum(1.25 * (high - low), least * whole[3])
    size[0] = max(size[0], 0.62 * size[1])
    middle = (low + high) / 2.0
    return [round(float(v), 1) for v in (*(middle - size / 2.0), *size)]
