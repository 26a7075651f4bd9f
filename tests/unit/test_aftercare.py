import re

import pytest

from myotome.care.aftercare import advice as advice_module
from myotome.care.aftercare.advice import EVERYWHERE, KINDS, advice, advice_for
from myotome.care.points.tables import STRUCTURE_KINDS, structures
from myotome.errors import FactError
from myotome.facts.tables import rows

LUNG = ("at risk: pleura", "at risk kind: lung", "region: thoracic wall", "limb: trunk")


def names(*traits):
    return [piece.name for piece in advice_for(traits)]


def test_some_advice_of_every_kind_is_for_everybody():
    assert {piece.kind for piece in advice_for(())} == set(KINDS)
    assert advice_for(()) == advice_for([EVERYWHERE]) == advice_for(["at risk: nothing known"])


def test_advice_is_sorted_and_each_stands_once():
    every = {selector for piece in advice() for selector in piece.when}
    told = advice_for([*every, *every])
    assert told == advice()
    assert [KINDS.index(piece.kind) for piece in told] == sorted(KINDS.index(piece.kind) for piece in told)
    assert len({piece.name for piece in told}) == len(told)
    for kind in KINDS:
        order = [piece.order for piece in told if piece.kind == kind]
        assert order == sorted(order)


def test_more_is_needled_more_is_told():
    every = sorted({selector for piece in advice() for selector in piece.when})
    for selector in every:
        assert set(names()) <= set(names(selector))
        assert any(selector in piece.when for piece in advice_for([selector]))


def test_needling_near_the_lung_tells_the_signs_and_when_they_begin():
    """A collapsed lung that begins the next day, in somebody who was told nothing, is the harm."""
    (lung,) = [piece for piece in advice_for(LUNG) if piece.name == "collapsed lung"]
    assert lung.kind == "emergency"
    assert lung.hours_to >= 48
    for sign in ("Breathlessness", "pain on breathing", "cough", "tip of the shoulder", "needled"):
        assert sign in lung.patient
    assert any("fly" in piece.patient and piece.kind == "avoid" for piece in advice_for(LUNG))
    assert "collapsed lung" not in names("region: hand")


@pytest.mark.parametrize(
    ("trait", "told"),
    [
        ("kind: paraspinal", "bleeding round the cord"),
        ("at risk kind: cord", "bleeding round the cord"),
        ("region: neck", "stroke"),
        ("region: suboccipital", "stroke"),
        ("region: low back", "numb saddle"),
        ("limb: leg", "a tense limb"),
        ("at risk kind: nerve", "tingling or weakness"),
        ("at risk kind: organ", "belly and flank"),
        ("at risk kind: eye", "the eye"),
        ("at risk kind: heart", "heart"),
        ("fact: anticoagulant", "press on a bruise"),
        ("fact: diabetes", "look at your skin"),
        ("fact: diabetes", "heat on numb skin"),
        ("fact: pregnancy", "pregnancy"),
        ("fact: planned flight or dive", "flying after a collapsed lung"),
    ],
)
def test_what_matters_is_told(trait, told):
    assert told in names(trait)
    assert told not in names()


def test_infection_and_driving_are_told_to_everybody():
    assert {"infection", "driving", "soreness", "get up slowly", "severe infection"} <= set(names())


def test_structures_at_risk_are_those_of_the_points():
    for piece in advice():
        for selector in piece.when:
            kind, _, what = selector.partition(": ")
            if kind == "at risk":
                assert what in structures(), selector
            if kind == "at risk kind":
                assert what in STRUCTURE_KINDS, selector


def test_every_piece_is_short_and_waits_for_a_clinician():
    for piece in advice():
        assert piece.reviewed_by == ""
        assert len(piece.patient.split()) <= 45, piece.name
        assert piece.patient.endswith("."), piece.name
        assert piece.practitioner, piece.name


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "perhaps"}, "kind 'perhaps' is not one of"),
        ({"when": ["region: moon"]}, "selectors ['region: moon'] are not known"),
        ({"when": ["fact: never heard of"]}, "selectors ['fact: never heard of']"),
        ({"when": ["pleura"]}, "selectors ['pleura']"),
        ({"when": []}, "or there are none"),
        ({"hours_from": 5, "hours_to": 4}, "the second is later than the first"),
        ({"hours_from": -1}, "the second is later than the first"),
        ({"patient": " "}, "no words for the patient"),
        ({"order": 20}, "its name or its place among its kind is taken"),
        ({"name": "bruise"}, "its name or its place among its kind is taken"),
    ],
)
def test_wrong_advice_is_refused(monkeypatch, change, words):
    def changed(here, pattern, name):
        for number, (where, row, provenance) in enumerate(rows(here, pattern, name)):
            yield where, {**row, **change} if number == 0 else row, provenance

    monkeypatch.setattr(advice_module, "rows", changed)
    with pytest.raises(FactError, match=re.escape(words)):
        advice_module.advice.__wrapped__()
