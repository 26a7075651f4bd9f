"""The catalogue of the bedside: small, whole, and every name in it one that a case file takes."""

import gzip
import json

import pytest
import shapely

from myotome.anatomy.tables import anatomy
from myotome.atlas.compiled import targets_json
from myotome.atlas.library import plate
from myotome.care.examination.vocabulary import resolve
from myotome.care.points.needle import GRAVE, needle_for
from myotome.care.points.tables import points
from myotome.care.screening.items import items
from myotome.web.bedside.catalogue import sent

# With 60 kB of script and 20 kB of style and page this stays within the 150 kB of the whole page.
MOST = 66_000


@pytest.fixture(scope="module")
def catalogue():
    return json.loads(sent().plain)


def test_it_is_small_and_the_same_when_unpacked():
    assert gzip.decompress(sent().packed) == sent().plain
    assert len(sent().packed) <= MOST


def test_its_tag_names_the_edition(catalogue):
    assert sent().tag.startswith(f'"{catalogue["edition"]}-')


def test_nothing_of_the_tables_is_missing(catalogue):
    body = anatomy()
    names = {table: [row["name"] for row in catalogue[table]] for table in ("muscles", "levels", "reflexes", "points")}
    assert names == {
        "muscles": list(body.muscles),
        "levels": list(body.segments),
        "reflexes": list(body.reflexes),
        "points": list(points()),
    }
    assert [row["code"] for row in catalogue["items"]] == list(items())
    assert {row["code"] for row in catalogue["items"] if row["red_flag"]} == {
        code for code, item in items().items() if item.kind == "red flag"
    }


@pytest.mark.parametrize(
    ("sign", "table"),
    [
        ("strength", "muscles"),
        ("strength", "groups"),
        ("reflex", "reflexes"),
        ("range", "movements"),
        ("sensation", "patches"),
        ("pain", "areas"),
        ("test", "tests"),
        ("trophic", "levels"),
    ],
)
def test_every_name_is_taken_as_itself(catalogue, sign, table):
    assert [resolve(sign, row["name"])[0].name for row in catalogue[table]] == [row["name"] for row in catalogue[table]]


def test_every_tender_place_is_taken(catalogue):
    for row in catalogue["places"]:
        assert resolve("tenderness", row["name"])
    for row in catalogue["levels"]:
        assert resolve("tenderness", f"paraspinal {row['name']}")[0].kind == "paraspinal"


def test_a_mark_lies_on_the_muscle_that_is_needled(catalogue):
    """Most points lie within the outline of their muscle as it is sent; the rest at its edge or over another part."""
    within = checked = 0
    for row in catalogue["points"]:
        name, x, y, mirrored = row["at"]
        assert mirrored == plate(name).mirrored
        parts = [p for layer in plate(name).layers for p in targets_json(name, layer)["parts"]]
        wanted = [p for p in parts if p["kind"] == "muscle" and p["name"] == row["muscle"]]
        if row["kind"] == "symptomatic" and wanted:
            at = shapely.Point(2 * (-x if plate(name).facing == "front" else x), 2 * y)
            rings = [ring for part in wanted for ring in [*part["seen"], *part.get("all", ())]]
            inside = (shapely.Polygon(list(zip(r[::2], r[1::2], strict=True))).buffer(4).contains(at) for r in rings)
            checked, within = checked + 1, within + any(inside)
    assert checked > 100
    assert within > 0.9 * checked


def test_every_point_has_its_place_needle_and_hazards(catalogue):
    for row in catalogue["points"]:
        point, needle = points()[row["name"]], needle_for(row["name"], "average")
        assert row["at"] and row["find"] and row["needle_words"], row["name"]
        assert (row["gauge_mm"], row["length_mm"]) == (needle.gauge_mm, needle.length_mm)
        assert [hazard["structure"] for hazard in row["hazards"]] == [h.structure.name for h in point.hazards]
        assert all(hazard["keep"] for hazard in row["hazards"] if hazard["kind"] in GRAVE)
        assert "keep clear of" not in row["needle_words"].lower()


def test_quick_tiles_of_arm_and_low_back_are_telling(catalogue):
    quick, body = catalogue["quick"], anatomy()
    assert set(quick) == {area.region for area in body.areas.values()}
    assert {"C5", "C6", "C7"} <= set(quick["arm"]["levels"])
    assert {"biceps reflex", "triceps reflex"} <= set(quick["arm"]["reflexes"])
    assert "elbow extensors" in quick["arm"]["strengths"]
    assert {"L4", "L5", "S1"} <= set(quick["low back"]["levels"])
    assert "ankle reflex" in quick["low back"]["reflexes"]
    assert "quadratus lumborum" in quick["low back"]["muscles"]
    for tiles in quick.values():
        assert set(tiles["muscles"]) <= set(body.muscles)
        assert set(tiles["strengths"]) <= {*body.groups, *body.muscles}
