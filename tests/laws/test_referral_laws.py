"""What must hold of every referral, whatever the case."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myotome.anatomy.tables import anatomy
from myotome.care.examination.case import Case, Complaint, Person
from myotome.care.examination.tables import special_tests
from myotome.care.screening.items import items
from myotome.care.screening.referral import URGENCIES, clusters, refer
from myotome.care.screening.terms import Denied
from tests.laws.dangerous_cases import dangerous_cases, finding

CODES = sorted(items())
CASES = [case for _, _, case in dangerous_cases() if case is not None]
HARMLESS = (("strength", "normal"), ("reflex", "normal"), ("sensation", "normal"), ("wasting", "absent"))
DENIED = sorted(
    {
        code
        for cluster in clusters()
        for alternative in cluster.alternatives
        for term in alternative.unless
        if isinstance(term, Denied)
        for code in term.codes
    }
)
some_case = st.one_of(
    st.just(Case()),
    st.sampled_from(CASES),
    st.tuples(st.sampled_from(CASES), st.sampled_from(CASES)).map(
        lambda two: replace(two[0], findings=(*two[0].findings, *two[1].findings))
    ),
)


def rank(case):
    return URGENCIES.index(refer(case).urgency)


def answer(case, code, said):
    return replace(case, screening=tuple(sorted({**case.answers, code: said}.items())))


def names(sign):
    body = anatomy()
    tables = {"strength": body.muscles, "wasting": body.muscles, "reflex": body.reflexes}
    return sorted(tables.get(sign, body.patches))


@st.composite
def normal_findings(draw):
    sign, result = draw(st.sampled_from(HARMLESS))
    return finding(sign, draw(st.sampled_from(names(sign))), result, draw(st.sampled_from(("left", "both"))))


@pytest.mark.parametrize("number", range(len(dangerous_cases())))
def test_every_alternative_can_fire(number):
    """A combination that no case can fire protects nobody."""
    flag, urgency, case = dangerous_cases()[number]
    assert case is not None, f"no case fires {flag} ({urgency})"
    said = {reason.flag: reason for reason in refer(case).reasons}
    assert URGENCIES.index(said[flag].urgency) >= URGENCIES.index(urgency)
    assert all(said[flag].because)


def test_every_cluster_has_its_own_reason():
    fired = {flag for flag, _, case in dangerous_cases() if case is not None}
    assert fired == {cluster.flag for cluster in clusters()}


@given(some_case, st.sampled_from(CODES))
@settings(max_examples=120, deadline=None)
def test_a_no_never_raises_it(case, code):
    if case.answers.get(code) != "yes":
        assert rank(answer(case, code, "no")) <= rank(case)


@given(some_case, st.lists(st.sampled_from(DENIED), min_size=1, max_size=6))
@settings(max_examples=80, deadline=None)
def test_taking_back_a_no_never_lowers_it(case, codes):
    """What counts against a danger does so only while it is said."""
    denied, open_ones = case, [code for code in codes if case.answers.get(code) != "yes"]
    for code in open_ones:
        denied = answer(denied, code, "no")
    for code in open_ones:
        assert rank(answer(denied, code, "not asked")) >= rank(denied)
        assert rank(answer(denied, code, "yes")) >= rank(denied)


@given(some_case, st.lists(normal_findings(), max_size=6))
@settings(max_examples=120, deadline=None)
def test_normal_findings_never_raise_it(case, normal):
    assert rank(replace(case, findings=(*case.findings, *normal))) <= rank(case)


@given(some_case, st.lists(st.sampled_from(CODES), min_size=1, max_size=5))
@settings(max_examples=150, deadline=None)
def test_a_yes_never_lowers_it(case, codes):
    more = case
    for code in codes:
        more = answer(more, code, "yes")
    assert rank(more) >= rank(case)
    assert {r.flag for r in refer(more).reasons} >= {r.flag for r in refer(case).reasons}


def test_no_yes_beside_another_lowers_it():
    """Every pair of answers, not a sample: the second never takes away what the first gave."""
    alone = {code: rank(answer(Case(), code, "yes")) for code in CODES}
    for first, second in itertools.combinations(CODES, 2):
        both = rank(answer(answer(Case(), first, "yes"), second, "yes"))
        assert both >= max(alone[first], alone[second]), (first, second)


@given(some_case)
@settings(max_examples=80, deadline=None)
def test_left_and_right_are_alike(case):
    other = {"left": "right", "right": "left"}
    mirrored = replace(case, findings=tuple(replace(f, side=other.get(f.side, f.side)) for f in case.findings))
    here, there = refer(case), refer(mirrored)
    assert (here.urgency, here.screen) == (there.urgency, there.screen)
    assert [(r.flag, r.urgency) for r in here.reasons] == [(r.flag, r.urgency) for r in there.reasons]


@given(some_case)
@settings(max_examples=80, deadline=None)
def test_both_is_left_and_right(case):
    apart = tuple(replace(f, side=side) for f in case.findings for side in (f.sides if f.side == "both" else (f.side,)))
    assert rank(replace(case, findings=apart)) == rank(case)


@given(some_case, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_order_does_not_matter(case, random):
    shuffled = list(case.findings)
    random.shuffle(shuffled)
    mixed = refer(replace(case, findings=tuple(shuffled)))
    assert [(r.flag, r.urgency) for r in mixed.reasons] == [(r.flag, r.urgency) for r in refer(case).reasons]


@given(some_case)
@settings(max_examples=100, deadline=None)
def test_what_was_found_after_treatment_is_left_out(case):
    after = replace(case, findings=tuple(replace(f, when="after") for f in case.findings))
    assert refer(after) == refer(replace(case, findings=()))


@pytest.mark.parametrize("sex", ["female", "male", None])
@pytest.mark.parametrize("age", [None, 1, 9, 17, 35, 50, 66, 75, 99])
def test_site_age_and_sex_alone_never_fire(age, sex):
    for area in (None, *anatomy().areas):
        assert refer(Case(Person(age, sex), complaint=Complaint(area=area))).reasons == ()


def test_pain_alone_never_fires():
    for area in anatomy().areas:
        for age in (None, 8, 40, 90):
            case = Case(Person(age), findings=(finding("pain", area, "present"),))
            assert refer(case).urgency == "none", (area, age)


def test_negative_tests_never_fire():
    looked = tuple(finding("test", name, "negative") for name in special_tests())
    assert refer(Case(Person(70), findings=looked)).urgency == "none"


@given(some_case)
@settings(max_examples=80, deadline=None)
def test_the_highest_reason_is_the_answer(case):
    referral = refer(case)
    ranks = [URGENCIES.index(reason.urgency) for reason in referral.reasons]
    assert ranks == sorted(ranks, reverse=True)
    assert URGENCIES.index(referral.urgency) == max(ranks, default=0)
    assert len({reason.flag for reason in referral.reasons}) == len(referral.reasons)
