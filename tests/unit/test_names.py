"""Names are read as clinicians write them; what is not understood is met with the nearest names."""

import pytest

from myotome.care.examination.levels import levels
from myotome.care.examination.names import tokens
from myotome.care.examination.vocabulary import SITES, nearest, resolve, side_within
from myotome.errors import UnknownNameError


def names(sign, text):
    return [site.name for site in resolve(sign, text)]


@pytest.mark.parametrize(
    ("sign", "text", "name"),
    [
        ("strength", "biceps", "biceps brachii"),
        ("strength", "BICEPS  Brachii", "biceps brachii"),
        ("strength", "brachii biceps", "biceps brachii"),
        ("strength", "the biceps muscle", "biceps brachii"),
        ("strength", "deltoids", "deltoid"),
        ("strength", "quads", "quadriceps femoris"),
        ("strength", "peroneus longus", "fibularis longus"),
        ("strength", "EHL", "extensor hallucis longus"),
        ("strength", "wrist extensors", "wrist extensors"),
        ("strength", "extensors of the wrist", "wrist extensors"),
        ("strength", "wrist extension", "wrist extensors"),
        ("reflex", "biceps", "biceps reflex"),
        ("reflex", "ankle jerk", "ankle reflex"),
        ("reflex", "Achilles tendon reflex", "ankle reflex"),
        ("reflex", "knee jerks", "knee reflex"),
        ("reflex", "plantar response", "plantar reflex"),
        ("sensation", "C6 dermatome", "lateral forearm and thumb"),
        ("sensation", "dermatome C6", "lateral forearm and thumb"),
        ("sensation", "outer-calf", "outer calf"),
        ("sensation", "skin of the thumb", "thumb"),
        ("sensation", "little fingers", "little finger"),
        ("trophic", "C6 dermatome", "C6"),
        ("tenderness", "C6 paraspinal", "C6"),
        ("tenderness", "multifidus L5", "L5"),
        ("tenderness", "L4 spinous process", "spinous process L4"),
        ("tenderness", "facet joint of C5", "facet joint C5"),
        ("test", "Spurling’s test", "Spurling"),
        ("test", "Spurling's", "Spurling"),
        ("test", "straight-leg raising", "straight leg raise"),
        ("test", "Lasègue", "straight leg raise"),
        ("test", "Lasegue's sign", "straight leg raise"),
        ("range", "rotation of the neck", "neck rotation"),
        ("range", "cervical rotation", "neck rotation"),
        ("pain", "outer elbow", "lateral elbow"),
        ("pain", "buttocks", "buttock"),
        ("imaging", "L4/5", "L5"),
        ("imaging", "L4-5 disc", "L5"),
        ("imaging", "disc L5/S1", "S1"),
        ("imaging", "C5/6", "C6"),
        ("imaging", "C7/T1 disc", "C8"),
        ("electrodiagnosis", "C6 root", "C6"),
        ("electrodiagnosis", "median neuropathy at wrist", "median nerve at wrist"),
    ],
)
def test_one_site_by_many_names(sign, text, name):
    assert names(sign, text) == [name]


def test_a_group_keeps_its_name_though_it_is_a_byword_for_a_muscle():
    """A finding on a group is one finding on the group, not one on its best known member."""
    for group in ("finger extensors", "thumb adductors", "long toe flexors"):
        assert [(s.kind, s.name) for s in resolve("strength", group)] == [("group", group)]


@pytest.mark.parametrize(
    ("sign", "text", "wanted"),
    [
        ("tenderness", "paraspinals C5-C7", ["C5", "C6", "C7"]),
        ("tenderness", "paraspinals C7-C5", ["C5", "C6", "C7"]),
        ("tenderness", "paravertebral L4 to S1", ["L4", "L5", "S1"]),
        ("tenderness", "paraspinal C7 – T1", ["C7", "C8", "T1"]),
        ("tenderness", "C5, C6", ["C5", "C6"]),
        ("trophic", "C5 and C6", ["C5", "C6"]),
        ("sensation", "thumb and index finger", ["thumb", "index finger"]),
        (
            "strength",
            "tibialis anterior + extensor hallucis longus",
            ["tibialis anterior", "extensor hallucis longus"],
        ),
    ],
)
def test_several_sites_in_one_line(sign, text, wanted):
    assert names(sign, text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("C6", ("C6",)),
        ("c 6", ("C6",)),
        ("L4/5", ("L4", "L5")),
        ("C7-T1", ("C7", "C8", "T1")),
        ("C9", ()),
        ("S5", ()),
        ("C0", ()),
        ("C1-S4", ()),
        ("T1-C7", ()),
        ("vertebra", ()),
        ("", ()),
    ],
)
def test_levels(text, wanted):
    """C8 is a segment and C9 is none; a run over half the spine is no level."""
    assert levels(text) == wanted


@pytest.mark.parametrize(
    ("text", "rest", "side"),
    [
        ("right deltoid", "deltoid", "right"),
        ("deltoid, Left", "deltoid,", "left"),
        ("bilateral wrist extensors", "wrist extensors", "both"),
        ("triceps both sides", "triceps", "both"),
        ("deltoid", "deltoid", None),
        ("left", "left", None),
        ("upright row", "upright row", None),
    ],
)
def test_side_in_a_name(text, rest, side):
    assert side_within(text) == (rest, side)


def test_words_that_matter():
    assert tokens("The Lasègue’s sign, of 1st Peroneus-muscles") == ("lasegue", "sign", "first", "fibularis")
    assert tokens("biceps brachialis ganglionic pes") == ("biceps", "brachialis", "ganglionic", "pes")


@pytest.mark.parametrize(
    ("sign", "slip", "meant"),
    [
        ("strength", "deltoyd", "deltoid"),
        ("strength", "tibialis anteror", "tibialis anterior"),
        ("reflex", "tricep reflx", "triceps reflex"),
        ("sensation", "thum", "thumb"),
        ("test", "Spurlin", "Spurling"),
        ("range", "neck rotaton", "neck rotation"),
        ("pain", "latral elbow", "lateral elbow"),
    ],
)
def test_a_slip_is_met_with_what_was_meant(sign, slip, meant):
    with pytest.raises(UnknownNameError, match="Did you mean") as unknown:
        resolve(sign, slip)
    assert unknown.value.did_you_mean[0] == meant
    assert len(unknown.value.did_you_mean) <= 3
    assert nearest(sign, slip) == unknown.value.did_you_mean


@pytest.mark.parametrize("sign", SITES)
@pytest.mark.parametrize("text", ["", " ", "-", "œ", "x" * 400, "C6" * 100, "/", "C5-", "and", "left"])
def test_nonsense_is_unknown_to_every_sign(sign, text):
    with pytest.raises(UnknownNameError):
        resolve(sign, text)
