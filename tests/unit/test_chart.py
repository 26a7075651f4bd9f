"""Overlays and the findings of a case, before any picture."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from myotome import read_case
from myotome.anatomy.innervation import profile
from myotome.anatomy.tables import anatomy
from myotome.atlas.finder import best
from myotome.care.chart.findings import chart_of
from myotome.care.chart.overlay import COLOURS, STRENGTHS, is_composite, is_cranial, main_root, overlay
from myotome.errors import UnknownNameError

EMG = profile("emg")
# Full loss of one kind of cone, on linear RGB (Machado, Oliveira and Fernandes 2009; recalled, not opened).
BLIND = {
    "red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "none": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
APART = 15.0  # CIE 1976 difference; about 2 is just seen side by side


def lab(colour, kind):
    rgb = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(BLIND[kind]) @ linear, 0, 1)
    x, y, z = np.cbrt(XYZ @ seen / (XYZ @ np.ones(3)))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("kind", BLIND)
def test_neighbouring_segments_are_told_apart_by_every_eye(kind):
    ring = (*COLOURS, COLOURS[0])
    assert min(np.linalg.norm(lab(a, kind) - lab(b, kind)) for a, b in pairwise(ring)) > APART
    steps = [colour for _, colour, _ in STRENGTHS]
    assert min(np.linalg.norm(lab(a, kind) - lab(b, kind)) for a, b in pairwise(steps)) > APART


def test_the_territory_of_every_nerve_is_drawn():
    """Each nerve that supplies a muscle or skin of the tables colours something that a plate shows."""
    without = set()
    for nerve in anatomy().stretches:
        laid = overlay("nerve", nerve, EMG)
        parts = [("muscle", name) for name in laid.muscles] + [("patch", name) for name in laid.skins]
        assert all(best(kind, name) for kind, name in parts), nerve
        if not parts:
            without.add(nerve)
    # They reach the throat and the inner organs, of which the tables hold no muscle and no skin.
    assert without == {"glossopharyngeal nerve", "vagus nerve"}


def test_the_myotome_of_a_segment_is_what_the_tables_say():
    laid = overlay("segment", "C7", EMG)
    assert laid.muscles["triceps brachii"] == STRENGTHS[0][1]
    assert "soleus" not in laid.muscles
    assert "middle finger" in laid.skins
    assert not any(is_composite(name) for name in laid.skins)


def test_dermatomes_leave_the_face_to_the_trigeminal_nerve():
    laid = overlay("dermatomes", "", EMG)
    assert laid.words["cheek and upper lip"] == "V"
    assert laid.words["thumb"] == "C6"
    assert is_cranial("forehead and front of scalp")
    assert not is_cranial("back of the head")


def test_a_muscle_is_coloured_by_its_main_root():
    assert main_root(anatomy().muscles["middle deltoid"].innervation, EMG) == "C5"
    assert main_root((), EMG) is None


def test_unknown_overlays_are_refused():
    with pytest.raises(UnknownNameError, match="There is no nerve 'medan nerve'"):
        overlay("nerve", "medan nerve", EMG)


def test_findings_become_marks_or_are_listed():
    case = read_case({"findings": [
        {"sign": "strength", "at": "wrist extensors", "side": "right", "grade": 4},
        {"sign": "strength", "at": "soleus", "side": "right", "result": "normal"},
        {"sign": "sensation", "at": "thumb", "side": "right", "result": "reduced"},
        {"sign": "pain", "at": "calf", "side": "left", "result": "present"},
        {"sign": "reflex", "at": "brachioradialis reflex", "side": "right", "result": "reduced"},
        {"sign": "strength", "at": "biceps", "side": "right", "result": "not tested"},
    ]})  # fmt: skip
    chart = chart_of(case)
    drawn = {(mark.at.name, mark.symbol, mark.text) for mark in chart.marks}
    assert ("extensor carpi radialis longus", "triangle", "4") in drawn
    assert ("soleus", "ring", "") in drawn
    assert ("thumb", "square", "") in drawn
    assert any(symbol == "cross" for _, symbol, _ in drawn)
    assert "biceps brachii" not in {name for name, *_ in drawn}
    assert [finding.sign for finding in chart.listed] == ["reflex"]
