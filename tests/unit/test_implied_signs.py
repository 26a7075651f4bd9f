"""A sign may be written as what is wrong with it: "numbness, present" is sensation reduced."""

import pytest

from myotome.care.examination.case_file import build
from myotome.care.examination.tables import implying, signs
from myotome.care.examination.vocabulary import resolve, vocabulary
from myotome.care.screening.items import code_of
from myotome.errors import CaseError


def read(sign, at, result=None, **more):
    row = {"sign": sign, "at": at, "side": "left", **more}
    row |= {} if result is None else {"result": result}
    return build({"findings": [row]}, code_of).findings


@pytest.mark.parametrize(
    ("sign", "at", "means", "result"),
    [
        ("numbness", "thumb", "sensation", "reduced"),
        ("Tingling", "thumb", "sensation", "reduced"),
        ("pins and needles", "thumb", "sensation", "reduced"),
        ("hypoaesthesia", "thumb", "sensation", "reduced"),
        ("paresthesia", "C6 dermatome", "sensation", "reduced"),
        ("sensory loss", "thumb", "sensation", "reduced"),
        ("allodynia", "hand", "sensation", "heightened"),
        ("hyperaesthesia", "hand", "sensation", "heightened"),
        ("weakness", "deltoid", "strength", "weak"),
        ("muscle weakness", "deltoid", "strength", "weak"),
        ("hyperreflexia", "knee jerk", "reflex", "brisk"),
        ("areflexia", "ankle jerk", "reflex", "absent"),
        ("hyporeflexia", "ankle jerk", "reflex", "reduced"),
        ("stiffness", "neck rotation", "range", "limited"),
        ("swelling", "hand", "trophic", "swelling"),
        ("atrophy", "deltoid", "wasting", "present"),
    ],
)
def test_the_sign_says_its_result(sign, at, means, result):
    for word in ("present", "positive", "yes", "marked", "mild", True, result):
        (found,) = read(sign, at, word)
        assert (found.sign, found.result) == (means, result), word
    well = "absent" if means in ("trophic", "wasting") else "normal"
    for word in ("no", "none", "negative", "normal", False):
        (found,) = read(sign, at, word)
        assert (found.sign, found.result) == (means, well), word


def test_absent_is_no_loss_unless_the_loss_is_an_absence():
    """An absent weakness is strength; "areflexia: absent" is read as the worse of its two readings."""
    assert read("weakness", "deltoid", "absent")[0].result == "normal"
    assert read("tingling", "thumb", "absent")[0].result == "normal"
    assert read("hyperreflexia", "knee jerk", "absent")[0].result == "normal"
    assert read("areflexia", "ankle jerk", "absent")[0].result == "absent"
    assert read("strength", "deltoid", "absent")[0].result == "weak"


def test_grades_and_degrees_are_read_as_ever():
    assert (read("weakness", "deltoid", grade=4)[0].result, read("areflexia", "ankle jerk", grade=0)[0].grade) == (
        "weak",
        0,
    )
    assert read("stiffness", "neck rotation", value=20)[0].result == "limited"
    with pytest.raises(CaseError, match="contradict"):
        read("weakness", "deltoid", "present", grade=5)
    with pytest.raises(CaseError, match="has no result"):
        read("numbness", "thumb")
    with pytest.raises(CaseError, match="is not a result of sensation"):
        read("numbness", "thumb", "green")


def test_every_such_word_is_a_known_name_of_its_sign():
    for word, sign, result in implying():
        assert vocabulary().signs.find(word) == sign
        assert result in signs()[sign].results


@pytest.mark.parametrize(
    ("sign", "at", "names"),
    [
        ("tenderness", "C2-3 facet joint", ["facet joint C2", "facet joint C3"]),
        ("tenderness", "facet joints C4 to C6", ["facet joint C4", "facet joint C5", "facet joint C6"]),
        ("tenderness", "L4/5 interspinous space", ["interspinous space L4", "interspinous space L5"]),
        ("tenderness", "C5 facet joint", ["facet joint C5"]),
        ("reflex", "abdominal reflex", ["abdominal reflex, upper", "abdominal reflex, lower"]),
        ("reflex", "superficial abdominal reflexes", ["abdominal reflex, upper", "abdominal reflex, lower"]),
        ("reflex", "lower abdominal reflex", ["abdominal reflex, lower"]),
        ("tenderness", "superficial temporal artery", ["temporal artery"]),
        ("test", "temporal artery", ["temporal artery palpation"]),
        ("test", "TMJ click", ["jaw click"]),
        ("test", "Tinel over the superficial peroneal nerve", ["Tinel over superficial peroneal nerve"]),
        ("test", "alar ligament stress test", ["alar ligament"]),
        ("range", "straight leg raise", ["straight leg raise angle"]),
        ("range", "SLR", ["straight leg raise angle"]),
        ("test", "SLR", ["straight leg raise"]),
    ],
)
def test_more_names(sign, at, names):
    assert [site.name for site in resolve(sign, at)] == names
