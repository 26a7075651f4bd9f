"""What stands before a plan: questions that were not asked, flags that block, clearances, answers that disagree."""

import datetime

import pytest

from myotome.care.examination.case_file import build
from myotome.care.safety.gate import gate, vitals
from myotome.care.safety.ruling import rulings
from myotome.care.safety.standing import standing
from myotome.care.screening.items import RED_FLAG, code_of, items
from myotome.errors import CaseError

DAY = datetime.date(2026, 11, 21)
NO_FLAG = {code: "no" for code, item in items().items() if item.kind == RED_FLAG}
ASKED = {
    "pregnancy": "no",
    "bleeding disorder": "no",
    "pneumothorax or lung disease": "no",
    "infection": "no",
    "consent": "yes",
}
VITAL = {
    "pregnancy",
    "medicines",
    "bleeding disorder",
    "implants",
    "pneumothorax or lung disease",
    "infection",
    "consent",
}


def case_of(answers=None, flags=NO_FLAG, without=(), **parts):
    """A case of which everything was asked and answered harmlessly, but for what is given."""
    screening = {**flags, **ASKED, **(answers or {})}
    document = {
        "person": {"age": 40, "sex": "female"},
        "complaint": {"area": "low back"},
        "medicines": "none",
        "conditions": "none",
        "implants": "none",
        **parts,
        "screening": {code: answer for code, answer in screening.items() if code not in without},
    }
    return build(document, code_of)


def seen(*arguments, **parts):
    case = case_of(*arguments, **parts)
    return gate(case, standing(case), DAY)


def asked(*arguments, **parts):
    return {question.code for question in seen(*arguments, **parts).questions}


def refused(*arguments, **parts):
    with pytest.raises(CaseError) as error:
        seen(*arguments, **parts)
    return [(problem.at, problem.message) for problem in error.value.problems]


# Not asked is not no


def test_nothing_asked_is_everything_to_ask():
    assert asked() == set()
    assert set(vitals()) == VITAL
    assert asked(without=tuple(ASKED), medicines="not asked", implants=None) == VITAL
    assert asked(dict.fromkeys(ASKED, "not asked")) == VITAL - {"medicines", "implants"}


@pytest.mark.parametrize(
    ("person", "concerned"),
    [
        ({"age": 40, "sex": "female"}, True),
        ({"age": 40, "sex": "other"}, True),
        ({"age": 40}, True),
        ({}, True),
        ({"age": 10, "sex": "female"}, True),
        ({"age": 60.9, "sex": "female"}, True),
        ({"age": 40, "sex": "male"}, False),
        ({"age": 9, "sex": "female"}, False),
        ({"age": 61, "sex": "female"}, False),
    ],
    ids=str,
)
def test_pregnancy_is_asked_where_it_may_be(person, concerned):
    assert asked(person=person, without=("pregnancy",)) == ({"pregnancy"} if concerned else set())


@pytest.mark.parametrize(
    ("parts", "unasked"),
    [
        ({"medicines": "none"}, set()),
        ({"medicines": "not asked"}, {"medicines"}),
        ({"medicines": "not asked", "answers": {"anticoagulant": "no"}}, set()),
        ({"medicines": "not asked", "answers": {"anticoagulant": "not asked"}}, {"medicines"}),
        ({"medicines": "not asked", "answers": {"antiplatelet": "no"}}, {"medicines"}),
        ({"implants": "not asked"}, {"implants"}),
        ({"implants": "not asked", "answers": {"pacemaker": "no"}}, {"implants"}),
        ({"conditions": "not asked"}, set()),
    ],
    ids=str,
)
def test_medicines_and_implants_are_asked_by_list_or_by_answer(parts, unasked):
    parts = dict(parts)
    assert asked(parts.pop("answers", None), **parts) == unasked


def test_combined_questions_stand_for_their_parts_and_hide_no_yes():
    lungs = "pneumothorax or lung disease"
    half = {"previous pneumothorax": "no"}
    assert asked(half, without=(lungs,)) == {lungs}
    assert asked({**half, "lung disease": "no"}, without=(lungs,)) == set()
    for answers, known in (
        ({lungs: "yes"}, {"previous pneumothorax", "lung disease"}),
        ({lungs: "yes", "previous pneumothorax": "no"}, {"previous pneumothorax", "lung disease"}),
        ({lungs: "no", "previous pneumothorax": "yes"}, {"previous pneumothorax"}),
        ({"infection": "no", "recent infection": "yes"}, {"recent infection"}),
        ({"infection": "yes", "recent infection": "no"}, {"infection", "recent infection"}),
    ):
        assert standing(case_of(answers)).codes >= known, answers
    assert not rulings(standing(case_of())).forbids_all
    assert [rule.given for rule in rulings(standing(case_of({"infection": "yes"}))).forbids_all]


def test_emergency_flags_of_the_region_must_be_asked():
    assert asked(flags={}) >= {"saddle numbness", "bladder retention", "sudden tearing pain"}
    assert "saddle numbness" not in asked(flags={}, complaint={"area": "shoulder"})
    assert {"saddle numbness", "sudden severe headache"} <= asked(flags={}, complaint={})
    assert asked({"saddle numbness": "not asked"}) == {"saddle numbness"}
    waiting = seen({"breathlessness": "yes"}, without=("chest pain",), complaint={"area": "upper back"})
    assert [(question.code, question.words[-1]) for question in waiting.questions] == [("chest pain", "?")]


# Flags


def test_emergency_and_urgent_block_and_soon_warns():
    numb = seen({"saddle numbness": "yes"})
    assert ("cauda equina syndrome", "emergency") in [(r.flag, r.urgency) for r in numb.blocking]
    assert numb.referral.urgency == "emergency"
    cancer = seen({"cancer history": "yes", "night pain": "yes"})
    assert [r.urgency for r in cancer.blocking] == ["urgent"]
    mild = seen({"unexplained weight loss": "yes"})
    assert not mild.blocking
    assert {r.urgency for r in mild.warning} == {"soon"}


def clearance(flag, first="2026-11-02", last="2027-02-02"):
    who = {"by": "Dr A. Lee", "role": "physician", "found": "scan normal"}
    return {"flag": flag, "date": first, "valid_until": last, **who}


@pytest.mark.parametrize("flag", ["Cauda Equina Syndrome", "saddle numbness"])
def test_clearance_of_a_combination_or_of_its_answer_lifts_it(flag):
    lifted = seen({"saddle numbness": "yes"}, clearances=[clearance(flag)])
    assert (lifted.blocking, lifted.questions, lifted.lapsed) == ((), (), ())
    assert lifted.lifted[0].endswith(
        ": looked into by Dr A. Lee (physician) on 2026-11-02; found: scan normal. Holds until 2027-02-02."
    )


def test_clearance_lifts_that_flag_alone():
    danger = {"saddle numbness": "yes", "sudden tearing pain": "yes"}
    both = {reason.flag for reason in seen(danger).blocking}
    left = {reason.flag for reason in seen(danger, clearances=[clearance("cauda equina syndrome")]).blocking}
    assert left == both - {"cauda equina syndrome"}
    assert left
    other = seen({"saddle numbness": "yes"}, clearances=[clearance("night pain")])
    assert [reason.flag for reason in other.blocking] == ["cauda equina syndrome"]
    found = [{"sign": "sensation", "at": "perineum", "result": "reduced"}]
    by_signs = seen({"saddle numbness": "yes"}, clearances=[clearance("saddle numbness")], findings=found)
    assert "cauda equina syndrome" in {reason.flag for reason in by_signs.blocking}, "the finding still stands"


@pytest.mark.parametrize(("first", "last"), [("2026-01-02", "2026-11-20"), ("2026-11-22", "2027-02-02")])
def test_clearance_that_lapsed_or_lies_ahead_lifts_nothing(first, last):
    still = seen({"saddle numbness": "yes"}, clearances=[clearance("saddle numbness", first, last)])
    assert [reason.urgency for reason in still.blocking] == ["emergency"]
    assert still.lifted == ()
    assert still.lapsed == (
        f"saddle numbness: the clearance by Dr A. Lee (physician) on {first} does not hold on 2026-11-21; ask again.",
    )


def test_clearance_of_no_flag():
    ((at, message),) = refused(clearances=[clearance("saddle numness")])
    assert at == "clearances[0].flag"
    assert message.startswith("'saddle numness' is not a known screening item; ")
    assert "Did you mean saddle numbness" in message
    for text in ("anticoagulant", "pacemaker", "no consent", "infection"):
        assert refused(clearances=[clearance("night pain"), clearance(text)]) == [
            (
                "clearances[1].flag",
                f"'{text}' is no red flag: a clearance lifts a flag, and a contraindication stays. "
                "Name the flag as the referral names it.",
            )
        ]


# Consent, and answers that disagree


@pytest.mark.parametrize("answers", [{"consent": "no"}, {"no consent": "yes"}, {"consent": "no", "no consent": "no"}])
def test_no_consent_blocks_everything(answers):
    (rule,) = rulings(standing(case_of(answers))).forbids_all
    assert rule.given == ("no consent",)


AGAIN = "One of the two is wrong; ask again and correct it."


@pytest.mark.parametrize(
    ("answers", "parts", "at", "message"),
    [
        ({"anticoagulant": "no"}, {"medicines": ["warfarin 3 mg"]}, "medicines",
         "'warfarin 3 mg' is warfarin, vitamin K antagonist, which means 'anticoagulant', yet screening says "
         f"'anticoagulant: no'. {AGAIN}"),
        ({"anticoagulant": "yes"}, {"medicines": "none"}, "medicines",
         f"screening says 'anticoagulant: yes', yet 'medicines' names none. {AGAIN}"),
        ({"antiplatelet": "yes"}, {"medicines": ["paracetamol"]}, "medicines",
         f"screening says 'antiplatelet: yes', yet 'medicines' names none. {AGAIN}"),
        ({"implants": "yes"}, {}, "implants", f"screening says 'implants: yes', yet 'implants' names none. {AGAIN}"),
        ({"pacemaker": "yes"}, {"implants": ["breast implant"]}, "implants",
         f"screening says 'pacemaker: yes', yet 'implants' names none. {AGAIN}"),
    ],
)  # fmt: skip
def test_list_and_answer_that_disagree(answers, parts, at, message):
    assert refused(answers, **parts) == [(at, message)]


def test_list_against_no_names_both_whatever_the_list():
    for answers, parts in (
        ({"pacemaker": "no"}, {"implants": ["pacemaker, left"]}),
        ({"lymphoedema": "no"}, {"conditions": ["lymphoedema of the arm"]}),
        ({"diabetes": "no"}, {"medicines": ["insulin"]}),
    ):
        ((code, answer),) = answers.items()
        ((at, message),) = refused(answers, **parts)
        assert at in parts
        assert f"which means '{code}', yet screening says '{code}: {answer}'." in message


def test_what_is_not_recognised_neither_denies_nor_hides_an_answer():
    person = standing(case_of({"anticoagulant": "yes"}, medicines=["Zorblax 5"]))
    assert "anticoagulant" in person.codes
    assert person.unrecognised == (("medicines", "Zorblax 5"),)
