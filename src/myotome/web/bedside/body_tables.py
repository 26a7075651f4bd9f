"""The parts of a body that the bedside can name, with the roots of each and where it is best seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from myotome.anatomy.innervation import profile, root_weights
from myotome.anatomy.parts import Supply
from myotome.anatomy.tables import anatomy
from myotome.atlas.finder import best
from myotome.atlas.library import plate
from myotome.care.examination.vocabulary import Site
from myotome.care.screening.places import limb_of, limbs, regions_of

BELIEVED = "emg"
FEW = 3  # other names that are sent of parts with many


def body_tables() -> dict[str, list[dict[str, Any]]]:
    """Each table by its name, rows in table order."""
    body = anatomy()
    return {
        "muscles": [_muscle(name) for name in body.muscles],
        "groups": [_group(name) for name in body.groups],
        "levels": [_level(name) for name in body.segments],
        "reflexes": [_reflex(name) for name in body.reflexes],
        "movements": [_movement(name) for name in body.movements],
        "patches": [_patch(name) for name in body.patches],
        "places": [_place(name) for name in body.places],
        "areas": [_area(name) for name in body.areas],
    }


def weights_of(supplies: Iterable[Supply]) -> dict[str, float]:
    """How strongly each segment supplies a part; no stretch of nerve among them."""
    found = root_weights(tuple(supplies), profile(BELIEVED))
    return {name: held.weight for name, held in found.items() if name in anatomy().segments}


def _roots(supplies: Iterable[Supply]) -> list[str]:
    weights = weights_of(supplies)
    return sorted(weights, key=lambda name: -weights[name])


def _muscle(name: str) -> dict[str, Any]:
    muscle = anatomy().muscles[name]
    return {
        "name": name,
        "also": list(muscle.synonyms),
        "region": muscle.region,
        "limb": limb_of(Site("muscle", name)),
        "depth": muscle.depth,
        "roots": _roots(muscle.innervation),
        **_seen("muscle", name),
    }


def _group(name: str) -> dict[str, Any]:
    group, site = anatomy().groups[name], Site("group", name)
    return {
        "name": name,
        "also": list(group.synonyms[:FEW]),
        "region": next(iter(regions_of(site)), ""),
        "limb": limb_of(site),
        "members": list(group.members),
    }


def _level(name: str) -> dict[str, Any]:
    level = anatomy().segments[name]
    return {"name": name, "landmark": level.landmark, "limb": limbs().get(name, ""), **_seen("level", name)}


def _reflex(name: str) -> dict[str, Any]:
    reflex = anatomy().reflexes[name]
    return {
        "name": name,
        "also": list(reflex.synonyms),
        "limb": limb_of(Site("reflex", name)),
        "roots": _roots(reflex.supplies),
        "pathological": reflex.pathological,
        "midline": reflex.midline,
    }


def _movement(name: str) -> dict[str, Any]:
    movement = anatomy().movements[name]
    area = anatomy().areas.get(movement.area)
    return {
        "name": name,
        "also": list(movement.synonyms),
        "region": area.region if area else "",
        "degrees": movement.normal_degrees,
        "limited_below": movement.limited_below,
        "midline": movement.midline,
    }


def _patch(name: str) -> dict[str, Any]:
    patch = anatomy().patches[name]
    region = anatomy().areas[patch.area].region
    return {"name": name, "also": list(patch.synonyms[:FEW]), "region": region, **_seen("patch", name)}


def _place(name: str) -> dict[str, Any]:
    place = anatomy().places[name]
    area = anatomy().areas.get(place.area)
    return {"name": name, "also": list(place.synonyms[:FEW]), "region": area.region if area else ""}


def _area(name: str) -> dict[str, Any]:
    area = anatomy().areas[name]
    return {"name": name, "also": list(area.synonyms), "region": area.region, "part_of": area.part_of}


def _seen(kind: str, name: str) -> dict[str, Any]:
    """``where``: the plate, layer and window to open; none where no plate shows it."""
    found = best(kind, name)
    return {"where": found and [found.plate, found.layer, [round(v) for v in found.view]]}


def screen_at(name: str, x: float, y: float) -> list[Any]:
    """The plate and a place of the right side as its screen shows it, and whether left is its mirror image there.

    On a mirrored plate the left place is at ``-x``; any other shows one side at a time, its left turned about the
    middle of its view.
    """
    chosen = plate(name)
    turn = -1.0 if chosen.facing == "front" else 1.0
    return [name, round(turn * x if chosen.mirrored else x), round(y), chosen.mirrored]
