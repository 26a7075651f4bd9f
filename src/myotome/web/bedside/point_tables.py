"""Every point with its needle for a person of average build, its hazards and where it lies on the plates.

Direction, technique and what to expect come with a plan: here is what must be known of a point while there is none.
"""

from __future__ import annotations

import re
from typing import Any

from myotome.atlas.frames import Body
from myotome.atlas.library import plate
from myotome.atlas.spot import Spot, place_of
from myotome.care.points.needle import GRAVE, needle_for
from myotome.care.points.point import Hazard, Point
from myotome.care.points.tables import points
from myotome.web.bedside.body_tables import screen_at

BUILD = "average"
AWAY = re.compile(r"(\.|;) [Kk]eep clear of: .*$")  # the hazards say it again


def point_tables() -> dict[str, Any]:
    """The points, in table order."""
    return {"points": [_point(point) for point in points().values()]}


def _point(point: Point) -> dict[str, Any]:
    needle = needle_for(point.name, BUILD)
    return {
        "name": point.name,
        "kind": point.kind,
        "muscle": point.muscle,
        "level": point.level,
        "region": point.region,
        "limb": point.limb,
        "sides": list(point.sides),
        "positions": list(point.positions),
        "find": point.find,
        "gauge_mm": needle.gauge_mm,
        "length_mm": needle.length_mm,
        "ceiling_mm": needle.ceiling_mm,
        "needle_words": AWAY.sub(".", needle.words),
        "hazards": [_hazard(hazard) for hazard in point.hazards],
        "specialist": point.specialist,
        "at": _at(point),
        "reviewed_by": point.reviewed_by,
        "grade": point.provenance.grade,
    }


def _hazard(hazard: Hazard) -> dict[str, str]:
    """How to keep clear stands here for what can kill or blind; for the rest the plan says it."""
    structure = hazard.structure
    grave = structure.kind in GRAVE
    return {"structure": structure.name, "kind": structure.kind} | ({"keep": hazard.keep} if grave else {})


def _at(point: Point) -> list[Any] | None:
    spot, sheet = point.spot, plate(point.spot.plate).binding.sheet
    found = place_of(Spot(spot.frame, spot.along, spot.across, "right", spot.seen_from), spot.plate, Body(sheet))
    return None if found is None else screen_at(spot.plate, *found)
