"""A pack is taken whole or refused with a sentence that names the shape and the fault."""

from __future__ import annotations

import pytest

from myotome.atlas.library import plate
from myotome.atlas.outline import drawn
from myotome.atlas.render import render
from myotome.atlas.ring import read_ring
from myotome.care.chart.names import check_pack
from myotome.errors import PlateError

HEAD = """
id = "thigh"
title = "Thigh"
facing = "right"
scale = 2.0
view = [0, 0, 100, 200]
bind = "fem"
sections = ["muscles"]
[landmarks]
HIP = [50, 10]
KNEE = [50, 190]
[frames]
fem = ["HIP", "KNEE"]
"""
SHAPE = """
[[shape]]
id = "thigh skin"
skin = "thigh"
layer = "base"
ring = "5,5! 95,5! 95,195! 5,195!"
[[shape]]
id = "straight head"
muscle = "rectus femoris"
layer = "surface"
ring = "40,20! 60,20! / 66,100 / 60,180! 40,180! / 34,100"
"""


@pytest.fixture
def pack(tmp_path):
    def write(muscles: str = SHAPE, head: str = HEAD) -> str:
        (tmp_path / "plate.toml").write_text(head, "utf-8")
        (tmp_path / "muscles.toml").write_text(muscles, "utf-8")
        return str(tmp_path)

    plate.cache_clear()
    drawn.cache_clear()
    return write


def test_a_sound_pack_is_drawn(pack):
    name = pack()
    check_pack(name)
    svg = render(name)
    assert 'data-muscle="rectus femoris"' in svg
    assert "Thigh, right" in svg


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("40,20! 60,20!", "60,20! 40,20!"), r"the ring of 'straight head' \(rectus femoris\) crosses itself"),
        (('muscle = "rectus femoris"', 'muscle = "rectus femuris"'), r"no muscle is called 'rectus femuris'"),
        (('layer = "surface"', 'layer = "outer"'), r"'straight head': there is no layer 'outer'"),
        (("/ 66,100 /", "/ 66;100 /"), r"'straight head': '66;100' is not a point. Write x,y or frame:along,across"),
        (("/ 66,100 /", "/ femur:.5,8 /"), r"'straight head': the frame 'femur' is not known here. Use one of fem"),
        ((" / 34,100", ""), r"'straight head': 3 sides. A ring has four, origin / right / insertion / left, or one"),
        (('muscle = "rectus femoris"', ""), r"'straight head': say once what it is: muscle, bone, tissue, level, skin"),
        (("40,180! / 34,100", "40,180! / 34,100\"\ntendon = [0.7, 0.6]\nid2 = \""), r"'id2' is not a field of a shape"),
        (('id = "straight head"', 'id = "thigh skin"'), r"'thigh skin' is drawn twice"),
    ],
)  # fmt: skip
def test_a_faulty_pack_is_refused_by_name(pack, change, fault):
    with pytest.raises(PlateError, match=fault):
        name = pack(SHAPE.replace(*change))
        check_pack(name)
        render(name)


def test_a_pack_without_a_landmark_or_key_is_refused(pack):
    with pytest.raises(PlateError, match="the landmark 'KNEE' is not on the sheet"):
        plate(pack(head=HEAD.replace("KNEE = [50, 190]", "")))
    plate.cache_clear()
    with pytest.raises(PlateError, match=r"plate.toml has no 'scale'. A plate needs id, title"):
        plate(pack(head=HEAD.replace("scale = 2.0", "")))


def test_tendon_shares_stay_within_the_muscle(pack):
    with pytest.raises(PlateError, match=r"tendon \[0.7, 0.6\]. Give the shares at origin and insertion"):
        plate(pack(SHAPE.replace('layer = "surface"', 'layer = "surface"\ntendon = [0.7, 0.6]')))


def test_a_ring_goes_back_and_forth_between_sheet_and_limb():
    ring = read_ring("1,2! hum:.5,3 @fore 4,5 / 6,7 / fem: .1,1 .2,2 / abs: 8,9", "axial", "here")
    frames = [(p.frame, p.sheet, p.corner) for p in ring.points]
    assert frames == [
        ("axial", True, True), ("hum", False, False), ("fore", True, False), ("fore", True, False),
        ("fem", False, False), ("fem", False, False), ("axial", True, False),
    ]  # fmt: skip


def test_an_unknown_plate_names_those_there_are():
    with pytest.raises(PlateError, match=r"There is no plate 'thorax'. Choose one of front, back"):
        plate("thorax")
