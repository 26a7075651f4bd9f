"""A body for the mechanism: muscles and roots arrive in the arrays as the anatomy has them; names are understood."""

import numpy as np
import pytest

from myotome.anatomy.innervation import profile, root_weights
from myotome.anatomy.tables import anatomy
from myotome.care.simulation.person.body import SIDES, body
from myotome.errors import MechanismError


def test_every_muscle_with_a_root_is_there_on_both_sides_and_the_others_are_listed():
    whole, known = body(), anatomy()
    with_roots = {m.name for m in known.muscles.values() if m.innervation}
    assert {n for n, _ in whole.muscles if n in known.muscles} == with_roots
    assert set(whole.without_roots) == set(known.muscles) - with_roots
    assert {"superficial masseter", "frontalis"} <= set(whole.without_roots)
    assert set(whole.levels) == {(s, side) for s in known.segments for side in SIDES}
    assert len(whole.muscles) == len(set(whole.muscles)) == 2 * (len(with_roots) + len(known.segments))


@pytest.mark.parametrize("believed", ["emg", "textbook"])
def test_shares_are_the_root_weights_of_the_profile_on_the_muscles_own_side(believed):
    whole = body(believed)
    for name in ("triceps brachii", "tibialis anterior", "longissimus cervicis", "diaphragm"):
        weights = root_weights(anatomy().muscles[name].innervation, profile(believed))
        total = sum(w.weight for w in weights.values())
        for side in SIDES:
            row = whole.network.supply[whole.muscle(name, side)]
            found = {whole.levels[n]: row[n] for n in np.flatnonzero(row)}
            assert found == pytest.approx({(s, side): w.weight / total for s, w in weights.items()})


def test_one_muscle_of_its_own_level_lies_beside_each_root():
    whole = body()
    for number, (segment, side) in enumerate(whole.levels):
        beside = whole.network.beside[number]
        slip = whole.muscle(f"{segment} paraspinal", side)
        assert np.flatnonzero(beside).tolist() == [slip] == [whole.paraspinal(number)]
        assert np.flatnonzero(whole.network.supply[slip]).tolist() == [number]


def test_pain_beside_the_spine_is_felt_in_neck_upper_and_low_back():
    whole = body()
    felt = {s: whole.regions[whole.network.region[whole.muscle(f"{s} paraspinal", "left")]] for s in ("C6", "T6", "S4")}
    assert felt == {"C6": ("neck", "left"), "T6": ("spine", "left"), "S4": ("low back", "left")}
    assert whole.regions[whole.network.region[whole.muscle("soleus", "right")]] == ("leg", "right")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("triceps", "triceps brachii"),
        ("Gastrocnemius, medial head", "gastrocnemius medial head"),
        ("multifidus C6", "C6 paraspinal"),
        ("paraspinal L5", "L5 paraspinal"),
        ("C6 paraspinal", "C6 paraspinal"),
        ("multifidus cervicis", "multifidus cervicis"),
    ],
)
def test_muscles_are_found_by_any_of_their_names(written, name):
    whole = body()
    assert whole.muscles[whole.muscle(written, "R")] == (name, "right")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("tricepps", "left"), "not a muscle that the anatomy knows. Did you mean triceps brachii"),
        (("quadriceps", "left"), "is 4 muscles. Name one of rectus femoris, vastus lateralis"),
        (("paraspinal C5-C7", "left"), "is 3 muscles. Name one of C5 paraspinal"),
        (("temporalis", "left"), "has no root of the spine.*Choose another muscle"),
        (("triceps", "both"), "side is 'both'. Use left or right."),
    ],
)
def test_a_muscle_that_cannot_be_meant_is_refused_with_a_remedy(asked, words):
    with pytest.raises(MechanismError, match=words):
        body().muscle(*asked)


def test_long_nonsense_is_cut_before_it_is_looked_up_and_said(monkeypatch):
    looked = []

    def nearest(kind, text):
        looked.append((kind, text))
        return ()

    monkeypatch.setattr("myotome.care.simulation.person.body.nearest", nearest)
    with pytest.raises(MechanismError, match=r"^'x{57}\.\.\.' is not a muscle .* See 'myotome vocabulary'\.$"):
        body().muscle("x" * 5000, "left")
    assert looked == [("taut band", "x" * 80)]
    with pytest.raises(MechanismError, match=r"^'x{57}\.\.\.' is not a level\."):
        body().level("x" * 5000, "left")
    assert max(len(name) for name, _ in body().muscles) < 80


@pytest.mark.parametrize("written", ["C9", "L6", "", "C5-C7", "neck"])
def test_a_level_that_is_none_is_refused_with_the_nearest(written):
    with pytest.raises(MechanismError, match=r"is not a level\. Write one from C1 to S4, such as"):
        body().level(written, "left")


def test_the_limb_of_a_level_is_its_muscles_away_from_the_spine():
    whole = body()
    limb = {whole.muscles[m] for m in whole.limb_of(whole.level("c6", "right"))}
    assert {("pronator teres", "right"), ("extensor carpi radialis brevis", "right")} <= limb
    assert not any(side == "left" or "paraspinal" in name or "longissimus" in name for name, side in limb)
    assert ("gastrocnemius medial head", "right") not in limb
