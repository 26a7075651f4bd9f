"""Medicines, conditions and implants as people write them: brands, doses, slips, look-alikes; nothing is dropped."""

import pytest

from myotome.care.examination.case_file import build
from myotome.care.examination.visit import Stated
from myotome.care.safety.named import Entry, Lexicon, lexicons, read_all, words_of
from myotome.care.safety.standing import standing
from myotome.care.screening.items import code_of
from myotome.errors import FactError

ANTICOAGULANT, ANTIPLATELET = "anticoagulant", "antiplatelet"


def facts_of(text, kind="medicines"):
    read, _ = read_all(kind, [Stated(text)])
    return {fact for one in read for fact in one.facts}


def person(**parts):
    return standing(build({"screening": {"consent": "yes"}, **parts}, code_of))


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Eliquis 5", ANTICOAGULANT),
        ("ELIQUIS® 2,5 mg b.d.", ANTICOAGULANT),
        ("eliquis5mg", ANTICOAGULANT),
        ("apixaban 5 mg twice daily", ANTICOAGULANT),
        ("Xarelto 20mg tablets at night", ANTICOAGULANT),
        ("warfarin, as the clinic says", ANTICOAGULANT),
        ("Lovenox 40 mg injection", ANTICOAGULANT),
        ("Héparine", ANTICOAGULANT),
        ("blood thinners", ANTICOAGULANT),
        ("baby aspirin", ANTIPLATELET),
        ("Aspirin 75 mg, enteric coated", ANTIPLATELET),
        ("low-dose ASPIRIN", ANTIPLATELET),
        ("Plavix", ANTIPLATELET),
        ("prednisolone 5 mg daily", "corticosteroid by mouth"),
        ("insulin glargine 12 units", "diabetes"),
        ("fish oil", "herbal or supplement with bleeding effect"),
    ],
)
def test_brands_doses_and_forms(text, fact):
    assert fact in facts_of(text)
    (one, *_) = read_all("medicines", [Stated(text)])[0]
    assert not one.guessed


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("elequis 5 mg", ANTICOAGULANT),
        ("Eliqius", ANTICOAGULANT),
        ("warfrin", ANTICOAGULANT),
        ("rivaroxoban", ANTICOAGULANT),
        ("asprin 75", ANTIPLATELET),
        ("clopidogril 75mg", ANTIPLATELET),
        ("sertaline", "SSRI"),
    ],
)
def test_slips_of_spelling_are_forgiven_and_shown(text, fact):
    here = person(medicines=[text])
    assert fact in here.codes
    ((written, read_as),) = here.guessed
    assert written == text
    assert read_as in {one.name for one in read_all("medicines", [Stated(text)])[0]}
    (because,) = here.because([fact])
    assert because == f"'{text}': {read_as}"


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("aspirin and clopidogrel", {ANTIPLATELET}),
        ("warfarin/ibuprofen", {ANTICOAGULANT, "non-steroidal anti-inflammatory"}),
        ("baby aspirin with warfrin 3 mg", {ANTIPLATELET, ANTICOAGULANT}),
        ("no warfarin since 2019", {ANTICOAGULANT}),
        ("stopped Plavix", {ANTIPLATELET}),
    ],
)
def test_everything_in_a_text_is_read_and_a_denial_denies_nothing(text, facts):
    assert facts <= facts_of(text)


@pytest.mark.parametrize(
    ("text", "is_not"),
    [
        ("Elidel cream", {ANTICOAGULANT}),  # not Eliquis
        ("Celexa 20", {"non-steroidal anti-inflammatory"}),  # not Celebrex
        ("Celebrex 200", {"SSRI"}),  # not Celexa
        ("Xanax 0.5", {ANTICOAGULANT}),  # not Xarelto
        ("Xalatan drops", {ANTICOAGULANT}),
        ("Cartia XT 120", {ANTIPLATELET}),  # diltiazem; Cartia alone is aspirin
        ("Plendil", {ANTIPLATELET}),  # not Pletal
        ("Losec", {ANTICOAGULANT, ANTIPLATELET}),
        ("heparinoid-free soap", {ANTIPLATELET}),
    ],
)
def test_look_alikes_are_not_mixed_up(text, is_not):
    assert not facts_of(text) & is_not


def test_look_alikes_are_what_they_are():
    assert "SSRI" in facts_of("Celexa")
    assert "non-steroidal anti-inflammatory" in facts_of("Celebrex")
    assert ANTIPLATELET in facts_of("Cartia 100 mg")


@pytest.mark.parametrize(
    "text", ["Zorblax 5", "the little pink ones", "варфарин", "5 mg", "💊", "elq", "aspr", "Elidel"]
)
def test_what_is_not_recognised_is_shown_as_written(text):
    """A short word is never taken for another, and no word for one in another script."""
    assert person(medicines=["paracetamol", text]).unrecognised == (("medicines", text),)
    assert person(conditions=[text]).unrecognised == (("conditions", text),)


def test_sides_stay_with_what_was_written():
    here = person(
        implants=["left breast implant", {"what": "hip replacement", "side": "right"}],
        conditions=["lymphoedema of the arm, left"],
        medicines=["warfarin"],
    )
    assert here.sides_of("breast implant") == {"left"}
    assert here.sides_of("hip replacement") == {"right"}
    assert here.sides_of("lymphoedema of the arm") == {"left"}
    assert here.sides_of(ANTICOAGULANT) == {"left", "right"}
    two = person(implants=["breast implant, left", "breast implant, side not known"])
    assert two.sides_of("breast implant") == {"left", "right"}, "a side that is not known is both"
    one_line = person(implants=["left and right breast implants"])
    assert one_line.sides_of("breast implant") == {"left", "right"}


def test_a_list_says_more_exactly_what_an_answer_says():
    """The side of the list stands; without a list, or with something unreadable in it, the answer holds on both."""
    answers = {"consent": "yes", "breast implant": "yes", "implants": "yes"}
    told = person(screening=answers, implants=["left breast implant"])
    assert told.sides_of("breast implant") == {"left"}
    assert person(screening=answers).sides_of("breast implant") == {"left", "right"}
    unclear = person(screening=answers, implants=["a thing in the chest"])
    assert unclear.sides_of("breast implant") == {"left", "right"}


# The reader itself


def lexicon(**entries):
    made = Lexicon()
    for written, fact in entries.items():
        made.add(written.replace("_", " "), Entry(written, (fact,)), "test")
    return made


def test_ties_are_not_guessed_and_the_nearer_is():
    tied = lexicon(marovan="thins", marivan="calms")
    assert tied.read(Stated("maravan")) == ()
    assert [one.name for one in tied.read(Stated("marovan"))] == ["marovan"]
    alike = lexicon(marovan="thins", marivan="thins")
    assert [one.facts for one in alike.read(Stated("maravan"))] == [("thins",)]
    nearer = lexicon(rivaroxaban="thins", rivaroxatol="calms")
    assert [one.name for one in nearer.read(Stated("rivaroxabam"))] == ["rivaroxaban"]


def test_the_longest_name_wins_and_one_slip_is_for_long_words_only():
    made = lexicon(cartia="thins", cartia_xt="eases", abcd="short")
    assert [one.facts for one in made.read(Stated("Cartia-XT 120 mg"))] == [("eases",)]
    assert [one.facts for one in made.read(Stated("cartia"))] == [("thins",)]
    assert made.read(Stated("abce")) == ()
    assert made.read(Stated("kartia")) == (), "the first letter is never forgiven"
    assert made.read(Stated("carrtea")) == (), "two slips in a word of seven letters"


def test_a_name_for_two_things_is_an_error_of_the_tables():
    made = lexicon(cartia="thins")
    with pytest.raises(FactError, match=r"^here: 'CARTIA' is empty or also names 'cartia'\. Keep one of the two\.$"):
        made.add("CARTIA", Entry("other", ("eases",)), "here")
    with pytest.raises(FactError, match="is empty"):
        made.add("®", Entry("", ()), "here")


def test_words_and_the_names_of_the_tables():
    assert words_of("St John's-wort, 300mg (Été)") == ("st", "johns", "wort", "300", "mg", "ete")
    assert words_of("") == words_of("варфарин") == ()
    for kind, phrases in (("medicines", 1000), ("conditions", 100), ("implants", 50)):
        assert len(lexicons()[kind]._phrases) >= phrases


def test_no_slip_makes_a_blood_thinner_harmless():
    """A letter dropped, doubled or exchanged in its name is read as a blood thinner still, or shown as unrecognised."""
    dangerous, read = {ANTICOAGULANT, ANTIPLATELET}, 0
    phrases = lexicons()["medicines"]._phrases.items()
    words = sorted(phrase[0] for phrase, entry in phrases if len(phrase) == 1 and dangerous & set(entry.facts))
    for word in words[::5]:
        places = range(1, len(word) - 1)
        slips = {word[:k] + word[k + 1 :] for k in places} | {word[:k] + word[k] + word[k:] for k in places}
        slips |= {word[:k] + word[k + 1] + word[k] + word[k + 2 :] for k in places}
        for slip in slips if len(word) > 5 else ():
            found = facts_of(slip)
            assert not found or found & dangerous, (word, slip, found)
            read += bool(found)
    assert read >= 500
