"""What must hold of every plate."""

from __future__ import annotations

import gzip
import json
import random
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import shapely

from myotome.anatomy.tables import anatomy
from myotome.atlas.attachments import bones_in, missed
from myotome.atlas.build import BUILDS, apart, body_of, fixed
from myotome.atlas.compiled import FOLDER, compile_plate, targets_json
from myotome.atlas.faults import faults
from myotome.atlas.frames import Axis
from myotome.atlas.hits import anchor, candidates, targets
from myotome.atlas.library import plate, plate_ids
from myotome.atlas.marks import SYMBOLS, TONES, Mark, Part
from myotome.atlas.outline import drawn, outlines
from myotome.atlas.overlay import Overlay
from myotome.atlas.pose import turned
from myotome.atlas.render import render
from myotome.atlas.spot import Spot, place_of, spot_at
from myotome.atlas.visible import area_of, silhouette, visible
from myotome.care.chart.names import ends, known, undrawn
from myotome.errors import PlateError

WHOLE = ("front", "back")
KB = 1024
FLOOR = 25.0  # square thousandths of body height that every muscle shows on its best plate and layer: 7 mm by 11 mm
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", plate_ids())
def test_a_plate_has_no_fault(name):
    """Simple rings, known names, even midlines, ends on their bones, no gaps, nothing outside."""
    assert not faults(name, known(), ends())


def test_everything_known_is_drawn():
    """Every muscle, level and skin patch of the tables is on some plate."""
    assert not undrawn()


def test_attachments_are_compared():
    """Nearly every muscle has an end that a bone on some plate vouches for; the rest end in soft tissue."""
    compared, total = set(), 0
    for name in plate_ids():
        total += missed(name, ends())[1]
        here = {shape.name for shape in plate(name).shapes if shape.kind == "bone"}
        for shape in plate(name).shapes:
            if shape.kind == "muscle" and any(bones_in(said) & here for said in ends()[shape.name]):
                compared.add(shape.name)
    assert len(compared) >= 0.95 * len(anatomy().muscles), set(anatomy().muscles) - compared
    assert total > 600


def test_an_end_off_its_bone_is_found():
    """The comparison can fail: the same muscle said to come from another bone is reported."""
    wrong = ends() | {"biceps brachii": ("femur", "patella")}
    found, _ = missed("front", wrong)
    assert any(m.muscle == "biceps brachii" and m.end == "origin" and m.off > 100 for m in found)


def test_every_muscle_shows_enough_to_be_pointed_at():
    best: dict[str, float] = {}
    for name in plate_ids():
        chosen = plate(name)
        for layer in chosen.layers:
            shown: dict[str, float] = {}
            for shape in chosen.shown(layer):
                if shape.kind == "muscle":
                    seen = visible(name, layer)[shape.id].area / chosen.scale**2
                    shown[shape.name] = shown.get(shape.name, 0.0) + seen
            best = {m: max(best.get(m, 0.0), shown.get(m, 0.0)) for m in best | shown}
    small = {muscle: round(area) for muscle, area in best.items() if area < FLOOR}
    assert not small
    assert set(best) == set(anatomy().muscles)


@pytest.mark.parametrize("name", WHOLE)
def test_proportions_are_those_measured(name):
    """Landmarks lie where the cited means of women and men put them, within two thousandths of stature."""
    sheet = plate(name).binding.sheet
    for (landmark, axis), value in fixed("ordinary").items():
        assert abs(sheet[landmark]["xy".index(axis)] - value) <= 2.0, (landmark, axis, value)
    for (start, end), value in apart("ordinary").items():
        assert abs(float(np.hypot(*np.subtract(sheet[end], sheet[start]))) - value) <= 2.0, (start, end, value)


def gaps(name, body):
    """Area of the silhouette on which nothing but bare skin shows, on a body; in square sheet units."""
    chosen = plate(name)
    placed = {key: area_of(outline) for key, outline in outlines(chosen, body).items()}
    base = shapely.union_all([placed[s.id] for s in chosen.shapes if s.layer == "base" and not s.inset])
    rest = shapely.union_all([placed[s.id] for s in chosen.shapes if s.layer != "base" or s.inset])
    return shapely.difference(base, rest).area, base.area


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("frame", ["hum", "fore", "fem", "tib"])
@pytest.mark.parametrize("degrees", [-10, 10])
def test_a_limb_turned_by_ten_degrees_leaves_no_new_gap(name, frame, degrees):
    chosen = plate(name)
    bare, total = gaps(name, turned(chosen, frame, 0))
    posed, _ = gaps(name, turned(chosen, frame, degrees))
    moved = turned(chosen, frame, degrees).landmarks[chosen.binding.frames[frame].end]
    assert np.hypot(*np.subtract(moved, chosen.binding.sheet[chosen.binding.frames[frame].end])) > 10
    assert posed - bare < 0.005 * total


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("build", BUILDS)
def test_another_build_leaves_no_new_gap(name, build):
    chosen = plate(name)
    bare, total = gaps(name, body_of(chosen, "ordinary"))
    built, _ = gaps(name, body_of(chosen, build))
    assert built - bare < 0.005 * total
    if build != "ordinary":
        assert body_of(chosen, build).landmarks["AC"] != body_of(chosen, "ordinary").landmarks["AC"]


@pytest.mark.parametrize("name", plate_ids())
def test_a_picture_is_sound(name):
    """Well formed, every part named, left the exact mirror of right, R and L marked, the same each time."""
    chosen = plate(name)
    for layer in chosen.layers:
        svg = render(name, layer)
        root = ET.fromstring(svg)  # noqa: S314  # our own text
        assert svg == render(name, layer)
        groups = [g for g in root.iter(f"{SVG}g") if g.get("data-side")]
        ids = [e.get("id") for e in root.iter() if e.get("id")]
        assert len(ids) == len(set(ids))
        if chosen.mirrored:
            rights = {g.get("id") for g in groups if g.get("data-side") == "right"}
            lefts = {u.get("href").lstrip("#") for u in root.iter(f"{SVG}use")}
            assert rights == lefts
            assert all(u.get("transform") == "scale(-1 1)" for u in root.iter(f"{SVG}use"))
            letters = {t.text: float(t.get("x")) for t in root.iter(f"{SVG}text")}
            assert (letters["R"] < letters["L"]) == (chosen.facing == "front")
        else:
            assert f"{chosen.title}, right" in svg
            assert f"{chosen.title}, left" in render(name, layer, side="left")


@pytest.mark.parametrize("name", plate_ids())
def test_a_plate_is_small_as_first_sent(name):
    """Picture without fibres and everything that can be pointed at: at most 60 kB compressed, each layer."""
    for layer in plate(name).layers:
        picture = len(gzip.compress(render(name, layer, fibres=False, inline=True).encode(), 6))
        pointed = len(gzip.compress(json.dumps(targets_json(name, layer), separators=(",", ":")).encode(), 6))
        assert picture + pointed <= 60 * KB, (layer, picture, pointed)


@pytest.mark.parametrize("name", plate_ids())
def test_what_is_kept_is_what_is_derived(name):
    """The compiled partition is that of the drawing and the program as they stand: run `make docs`."""
    kept = (FOLDER / f"{name}.json").read_text("utf-8")
    assert kept == compile_plate(name)


@pytest.mark.parametrize("name", plate_ids())
def test_the_middle_of_a_part_is_a_hit_on_it(name):
    """A tap without scatter on the widest place that is seen of a part chooses that part."""
    chosen = plate(name)
    for layer in chosen.layers:
        for target in targets(name, layer):
            x, y, radius, seen = anchor(name, layer, target.kind, target.name)
            if seen and radius > 0.5 * chosen.scale:
                first = candidates(targets(name, layer), x, y, 0.0, chosen.mirrored, "right")[0]
                assert (first.kind, first.name) == (target.kind, target.name)


@pytest.mark.parametrize("name", ["hand-palm", "foot-sole", "neck-back", "spine"])
def test_candidates_equal_a_plain_search(name):
    """Against every shape one by one, painted in order: what is seen at a place is the topmost shape there."""
    rng, chosen = random.Random(name), plate(name)
    layer, hits = chosen.layers[0], 0
    areas = [(shape, area_of(drawn(name)[shape.id])) for shape in reversed(chosen.shown(layer))]
    for _ in range(150):
        _, area = rng.choice(areas)
        low_x, low_y, high_x, high_y = area.bounds
        x, y = rng.uniform(max(low_x, 0.5), max(high_x, 1.0)), rng.uniform(low_y, high_y)
        top = next((shape for shape, a in areas if a.contains(shapely.Point(x, y))), None)
        if top and top.kind == "muscle":
            assert candidates(targets(name, layer), x, y, 0.0, chosen.mirrored, "right")[0].name == top.name
            hits += 1
    assert hits > 20


@pytest.mark.parametrize("name", plate_ids())
def test_a_spot_comes_back_to_its_place(name):
    """Body coordinates and back: the same place to a hundredth of a unit, on every plate."""
    rng, inside = random.Random(name), silhouette(name)
    left, top, width, height = plate(name).view
    tried = 0
    while tried < 60:
        x, y = rng.uniform(0 if plate(name).mirrored else left, left + width), rng.uniform(top, top + height)
        if not shapely.contains_xy(inside, x, y):
            continue
        tried += 1
        spot = spot_at(name, x, y, "right")
        assert np.allclose(place_of(spot, name), (x, y), atol=0.15 * plate(name).scale), spot


def test_a_spot_follows_the_arm():
    """The place 40 % down the forearm stays there when the arm is turned: marks outlive the drawing."""
    chosen = plate("front")
    spot = Spot("fore", 0.4, 5.0, "right", "front")
    there = place_of(spot, "front")
    posed = place_of(spot, "front", turned(chosen, "hum", 10))
    axis = chosen.binding.frames["fore"]
    assert isinstance(axis, Axis)
    elbow = np.array(chosen.binding.sheet[axis.start])
    moved = np.array(turned(chosen, "hum", 10).landmarks[axis.start])
    assert np.isclose(np.hypot(*(np.array(there) - elbow)), np.hypot(*(np.array(posed) - moved)))
    assert np.hypot(*(np.array(posed) - np.array(there))) > 20
    assert place_of(spot, "back") is None


def mark(**changed):
    parts = {"at": Part("muscle", "soleus", "left"), "symbol": "circle", "tone": "mark-1", "text": "", "label": "sore"}
    return Mark(**(parts | changed))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (mark(at=Part("muscle", "soleos", "left")), "No plate shows a muscle called 'soleos'. Use its proper name."),
        (mark(at=Part("muscle", "soleus", "middle")), "has the side 'middle'; it must be right, left, both"),
        (mark(symbol="star"), "There is no symbol 'star'. Choose one of circle, ring, triangle"),
        (mark(tone="red"), "There is no mark colour 'red'. Choose one of mark-1"),
        (mark(at=Spot("fore", 0.5, 80.0, "right", "back")), r"on the plate 'back' lies outside the body. Mark a place"),
    ],
)
def test_a_mark_that_cannot_be_drawn_is_refused(wrong, said):
    with pytest.raises(PlateError, match=said):
        render("back", marks=[wrong])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"layer": "skin"}, "has no layer 'skin'. Choose one of surface"),
        ({"theme": "sepia"}, "There is no theme 'sepia'. Choose one of light, dark"),
        ({"side": "both"}, "side is 'both'; it must be right or left"),
    ],
)
def test_a_picture_that_is_not_there_is_refused(asked, said):
    with pytest.raises(PlateError, match=said):
        render("front", **asked)


def test_marks_lie_on_their_parts_and_beside_one_another():
    """Several marks on one muscle do not cover each other; a deeper muscle's mark says so."""
    several = [mark(symbol=symbol, tone=TONES[n % 4], label=f"finding {n}") for n, symbol in enumerate(SYMBOLS)]
    root = ET.fromstring(render("back", marks=[*several, mark(at=Part("muscle", "quadratus femoris", "left"))]))  # noqa: S314
    signs = [g for g in root.iter(f"{SVG}g") if (g.get("class") or "").startswith("mark ")]
    assert len({g.get("transform") for g in signs}) == len(SYMBOLS) + 1
    assert "deeper" in signs[-1].get("class")
    assert "(deeper)" in signs[-1].find(f"{SVG}title").text


def test_an_overlay_is_cut_to_the_body():
    """Coloured skin stays inside the silhouette, and the muscles named are coloured."""
    svg = render("front", overlay=Overlay("one", {"sartorius": "#123456"}, {"flank": "#654321"}))
    assert ".over-0" in svg
    assert 'fill="#654321"' in svg
    assert svg.count('data-patch="flank"') == 2
