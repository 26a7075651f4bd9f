import pytest

from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Person
from myotome.care.screening.items import KINDS, RED_FLAG, applicable, code_of, items
from myotome.errors import UnknownNameError

MANY = 100


def codes(person, area):
    return {item.code for item in applicable(person, area)}


def test_items_carry_what_is_needed():
    assert len(items()) >= MANY
    for item in items().values():
        assert item.kind in KINDS
        assert item.question.endswith("?"), item.code
        assert item.reviewed_by == ""
        assert not item.age_max or item.age_min <= item.age_max, item.code


def test_every_code_and_synonym_is_its_own_item():
    for item in items().values():
        for name in (item.code, *item.synonyms):
            assert code_of(name) == item.code, name
            assert code_of(f"  {name.upper()} ") == item.code, name


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("history of cancer", "cancer history"),
        ("cancer_history", "cancer history"),
        ("known recent fever", "fever"),
        ("saddle anesthesia", "saddle numbness"),
        ("saddle anaesthesia", "saddle numbness"),
        ("anaesthesia, saddle", "saddle numbness"),
        ("any history of osteoporosis", "osteoporosis"),
        ("hemoptysis", "coughing blood"),
        ("fall", "recent injury"),
        ("falls", "falls"),
        ("recent headache", "headache"),
        ("rash in a band", "vesicular rash"),
        ("arm and leg weakness after needling", "progressive weakness"),
        ("no improvement in a month", "no improvement after a month"),
        ("sudden severe headache or neck pain", "sudden severe headache"),
    ],
)
def test_names_are_read_tolerantly(written, code):
    assert code_of(written) == code


@pytest.mark.parametrize(
    "written", ["neck pain", "family history of cancer", "no fever", "denies cancer", "recent", ""]
)
def test_what_is_another_thing_is_not_guessed(written):
    with pytest.raises(UnknownNameError) as caught:
        code_of(written)
    assert str(caught.value).startswith(
        f"'{written}' is not a known screening item; an item is named by its code or a synonym. "
    )


def test_a_slip_is_met_with_the_nearest_codes():
    with pytest.raises(UnknownNameError) as caught:
        code_of("saddel numbnes")
    assert caught.value.did_you_mean[0] == "saddle numbness"
    assert str(caught.value) == (
        "'saddel numbnes' is not a known screening item; an item is named by its code or a synonym. "
        f"Did you mean {' or '.join(caught.value.did_you_mean)}?"
    )
    assert set(caught.value.did_you_mean) <= set(items())


def test_long_text_is_shortened():
    with pytest.raises(UnknownNameError, match=r"^'x{57}\.\.\.' is not"):
        code_of("x" * 500)


def test_an_unknown_person_is_asked_everything():
    assert codes(Person(), None) == set(items())
    assert codes(Person(), "no such area") == set(items())


def test_area_age_and_sex_narrow_the_questions():
    elbow = codes(Person(40, "male"), "lateral elbow")
    back = codes(Person(40, "male"), "low back")
    assert "saddle numbness" in back - elbow
    assert "fever" in back & elbow
    assert "pregnancy" not in back
    assert "pregnancy" in codes(Person(40, "female"), "low back")
    assert "pregnancy" in codes(Person(40, "other"), "low back")
    assert "new headache over 50" not in codes(Person(30), "head")
    assert "new headache over 50" in codes(Person(70), "head") & codes(Person(), "head")


def test_what_is_not_known_never_rules_a_question_out():
    for area in (None, *anatomy().areas):
        assert codes(Person(), area) >= codes(Person(60, "female"), area)
    assert codes(Person(60), None) >= codes(Person(60), "knee")


def test_order_is_that_of_the_table():
    order = list(items())
    listed = [item.code for item in applicable(Person(50, "female"), "neck")]
    assert listed == sorted(listed, key=order.index)
    assert any(item.kind == RED_FLAG for item in applicable(Person(50), "neck"))
