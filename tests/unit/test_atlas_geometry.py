"""Curves, fibre sheets and frames against what they must be."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from myotome.atlas import path
from myotome.atlas.coons import COUNT, sheet_of
from myotome.atlas.curve import beziers, flatten, resample
from myotome.atlas.frames import Axis, Binding, Body, Ladder
from myotome.atlas.ring import Point, read_ring


def pyramid(p0, p1, p2, p3, share):
    """Barry and Goldman's recursion for a centripetal Catmull-Rom curve: slow, and plainly right."""
    t = [0.0]
    for a, b in ((p0, p1), (p1, p2), (p2, p3)):
        t.append(t[-1] + np.hypot(*(b - a)) ** 0.5)
    at = t[1] + share * (t[2] - t[1])

    def mix(a, b, ta, tb):
        return (tb - at) / (tb - ta) * a + (at - ta) / (tb - ta) * b

    a1, a2, a3 = mix(p0, p1, t[0], t[1]), mix(p1, p2, t[1], t[2]), mix(p2, p3, t[2], t[3])
    b1, b2 = mix(a1, a2, t[0], t[2]), mix(a2, a3, t[1], t[3])
    return mix(b1, b2, t[1], t[2])


def bezier(cubic, share):
    t, u = share, 1 - share
    return u**3 * cubic[0] + 3 * u * u * t * cubic[1] + 3 * u * t * t * cubic[2] + t**3 * cubic[3]


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_a_ring_is_a_centripetal_catmull_rom_curve(seed, share):
    points = np.random.default_rng(seed).uniform(-50, 50, (6, 2))
    cubics = beziers(points, [False] * 6)
    for n in range(6):
        expected = pyramid(*(points[(n + k) % 6] for k in (-1, 0, 1, 2)), share)
        assert np.allclose(bezier(cubics[n], share), expected, atol=1e-6)


def test_two_corners_make_a_straight_side():
    square = np.array([[0.0, 0], [10, 0], [10, 10], [0, 10]])
    cubics = beziers(square, [True] * 4)
    assert np.allclose(flatten(cubics, 5)[:5, 1], 0)


@given(st.integers(0, 10_000))
def test_a_fibre_sheet_keeps_its_four_sides(seed):
    rng = np.random.default_rng(seed)
    ring = np.array([[0, 0], [10, 0], [12, 10], [11, 20], [3, 21], [-2, 10]]) + rng.uniform(-1, 1, (6, 2))
    sheet = sheet_of(beziers(ring, [True, True, False, True, True, False]), (2, 1, 2, 1))
    share = np.linspace(0, 1, COUNT)
    zeros, ones = np.zeros(COUNT), np.ones(COUNT)
    assert np.allclose(sheet.at(share, zeros), sheet.origin)
    assert np.allclose(sheet.at(share, ones), sheet.insertion)
    assert np.allclose(sheet.at(zeros, share), sheet.left)
    assert np.allclose(sheet.at(ones, share), sheet.right)
    assert np.allclose(sheet.origin[0], ring[0])
    assert np.allclose(sheet.insertion[-1], ring[3])


def test_resampling_is_even():
    line = resample(np.array([[0.0, 0], [1, 0], [10, 0]]), 11)
    assert np.allclose(np.diff(line[:, 0]), 1.0)


def test_paths_are_short_and_say_the_same():
    cubics = beziers(np.array([[0.0, 0], [10.04, 0], [10, -10.5]]), [True, True, True])
    assert path.closed(cubics) == "M0 0c3.3 0 6.7 0 10 0 0-3.5 0-7 0-10.5-3.3 3.5-6.7 7-10 10.5z"
    assert path.polygon(np.array([[0.0, 0], [1.5, 0], [1.5, 0.01], [1.5, -2]])) == "M0 0l1.5 0 0-2z"


SHEET = {"TOP": (0.0, 0.0), "LOW": (0.0, 100.0), "WIDE": (40.0, 100.0), "A": (50.0, 20.0), "B": (50.0, 80.0)}
BOUND = Binding(SHEET, {"axial": Ladder((("TOP", ""), ("LOW", "WIDE"))), "limb": Axis("A", "B")})


@given(st.floats(-60, 60), st.floats(-20, 120))
def test_on_the_sheets_own_body_every_place_stays(x, y):
    for frame in ("axial", "limb", "axial+limb"):
        assert np.allclose(BOUND.place(Point(frame, x, y, False, True), Body(SHEET), "here"), (x, y))


def test_a_limb_turns_with_its_landmarks_and_the_trunk_stays():
    turned = Body(SHEET | {"B": (110.0, 20.0)})  # from hanging to lifted sideways
    far = Point("limb", 1.0, 5.0, False, False)
    assert np.allclose(BOUND.place(far, Body(SHEET), "here"), (55, 80))
    assert np.allclose(BOUND.place(far, turned, "here"), (110, 15))
    assert np.allclose(BOUND.place(Point("axial", 30, 50, False, True), turned, "here"), (30, 50))
    near = BOUND.place(Point("axial+limb", 50, 20, False, True), turned, "here")
    assert np.allclose(near, (50, 20))


def test_a_wider_body_is_wider_where_its_landmark_is():
    wide = Body(SHEET | {"WIDE": (50.0, 100.0)})
    assert np.allclose(BOUND.place(Point("axial", 20, 100, False, True), wide, "here"), (25, 100))


def test_a_ring_written_on_a_limb_is_read_along_and_across():
    ring = read_ring("limb:.5,5 limb:.5,-5 limb:.9,0", "axial", "here")
    places = [BOUND.place(p, Body(SHEET), "here") for p in ring.points]
    assert np.allclose(places, [(55, 50), (45, 50), (50, 74)])
