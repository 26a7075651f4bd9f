"""What holds of every point, whatever the tables say: its place, its needle, its words."""

import itertools
import re

import pytest
import shapely

from myotome.anatomy.tables import anatomy
from myotome.atlas.library import plate
from myotome.atlas.spot import Spot, place_of
from myotome.atlas.visible import whole
from myotome.care.points.needle import needle_for, sizes
from myotome.care.points.point import BUILDS
from myotome.care.points.tables import not_needled, points, points_of, problems

EVERY = list(points().values())
ENOUGH = 150  # muscles with a needling site, of those that anybody needles
NEAR = 12.0  # sheet thousandths within which a place counts as on its muscle: outlines are simplified


def test_tables_agree():
    """The same list that authors see while they write."""
    assert problems() == ()


def test_every_muscle_level_and_homeostatic_point_is_there():
    """Enough muscles with sites, every level from C1 to S2, the 24 points in their order; no muscle is forgotten."""
    body = anatomy()
    reached = {p.muscle for p in EVERY if p.kind != "homeostatic"}  # multifidus by the points of its levels
    assert len(reached) >= ENOUGH
    assert set(points_of()) | set(not_needled()) == set(body.muscles)
    levels = [p.level for p in EVERY if p.kind == "paraspinal"]
    order = list(body.segments)
    assert sorted(levels, key=order.index) == order[: order.index("S2") + 1]
    homeostatic = [int(re.match(r"H(\d+) ", p.name)[1]) for p in EVERY if p.kind == "homeostatic"]
    assert sorted(homeostatic) == list(range(1, 25))


@pytest.mark.parametrize("point", EVERY, ids=lambda p: p.name)
def test_point_lies_where_it_says(point):
    """On its plate, and on its muscle or level as drawn there."""
    spot = Spot(point.spot.frame, point.spot.along, point.spot.across, "right", point.spot.seen_from)
    place = place_of(spot, point.spot.plate)
    assert place is not None
    if point.kind != "symptomatic":
        return  # named by nerve and skin, or by a level (below): the body is enough
    shapes = [s.id for s in plate(point.spot.plate).shapes if (s.kind, s.name) == ("muscle", point.muscle)]
    drawn = [whole(point.spot.plate)[s] for s in shapes if s in whole(point.spot.plate)]
    sides = (place, (-place[0], place[1])) if plate(point.spot.plate).mirrored else (place,)
    far = min(shapely.distance(shape, shapely.Point(at)) for shape in drawn for at in sides)
    assert far <= NEAR * plate(point.spot.plate).scale


def test_levels_lie_at_their_vertebrae():
    """From C1 to S2 each point lies below the one before, beside the midline, and at the height of its landmark."""
    levels = {p.level: p.spot for p in EVERY if p.kind == "paraspinal"}
    order = sorted(levels, key=list(anatomy().segments).index)
    places = [
        place_of(Spot(s.frame, s.along, s.across, "right", s.seen_from), "back") for s in map(levels.__getitem__, order)
    ]
    assert all(here[1] < below[1] for here, below in itertools.pairwise(places))
    assert all(2.0 < x < 20.0 for x, _ in places)
    landmarks = plate("back").binding.sheet
    for name in ("C7", "T3", "T7", "T12", "L4"):
        assert abs(places[order.index(name)][1] - landmarks[name][1]) <= NEAR, name


@pytest.mark.parametrize("point", EVERY, ids=lambda p: p.name)
def test_needle_keeps_its_ceiling(point):
    """No needle is longer than a number that somebody published, and none is longer in a leaner person."""
    lengths = []
    for build in BUILDS:
        needle = needle_for(point.name, build)
        lengths.append(needle.length_mm or 0)
        if needle.length_mm is None:
            assert needle.text == "by judgement"
            assert needle.ceiling_mm is None or needle.ceiling_mm < sizes()[0][0]
        else:
            assert needle.length_mm <= needle.ceiling_mm
        if needle.ceiling_mm is None:
            assert not re.search(r"\d", needle.words), "a depth that nobody published is not printed as a number"
        else:
            assert needle.source
            assert str(needle.ceiling_mm) in needle.words
        if point.structures:
            assert all(name in needle.words for name in point.structures)
    assert lengths == sorted(lengths)
    assert (needle_for(point.name, None).length_mm or 0) == lengths[0]
    assert needle_for(point.name, "average").own or not point.specialist or lengths[1] == 0


def test_only_read_numbers_are_ceilings():
    """Whatever is printed stands in a row that was read."""
    for point in EVERY:
        for depth in point.depths:
            if depth.provenance.grade != "read":
                assert depth not in point.reads(depth.what, "average")


def test_patients_are_never_offered_what_they_cannot_have():
    """Nothing recalled or assumed says a depth or an angle in its words."""
    number = re.compile(r"\d+ ?(mm|cm|degrees|°)")
    for point in EVERY:
        if point.provenance.grade != "read":
            assert not number.search(f"{point.direction} {point.technique}"), point.name
        for hazard in point.hazards:
            if hazard.provenance.grade != "read":
                assert not number.search(hazard.keep), point.name
