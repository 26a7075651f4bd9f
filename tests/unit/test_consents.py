"""Consent: given to which words, withdrawn, and what holds today."""

import pytest

from myotome.clinic.consents.texts import consent_text
from myotome.clinic.entries.persons import PersonRelated
from myotome.clinic.practice import NotOpenedError
from myotome.errors import AccessError, EntryError, MissingError
from tests.charted import charted


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with charted("sqlite", tmp_path_factory.mktemp("consents")) as made:
        yield made


def given(desk, person, treatment="dry needling", who="pia", **other):
    told = {"by": "self", "signature": "Anna Müller", "copy_given": True, **other}
    return desk.consents.give(desk.who(who), person, treatment, **told)


def test_a_consent_keeps_which_words_were_signed(desk):
    person = desk.person()
    consent = given(desk, person)
    (holds,) = desk.consents.standing(person)
    newest = consent_text()
    assert (holds.treatment, holds.consent.consent, holds.is_newest) == ("dry needling", consent, True)
    assert (holds.consent.text_version, holds.consent.text_digest) == (newest.version, newest.digest)
    assert holds.text.words == newest.words
    assert holds.consent.recorded_by == desk.house.staff["pia"]
    assert desk.consents.standing(desk.person()) == ()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"signature": "  "}, "The signature is blank"),
        ({"signature": "A\nB"}, "The signature cannot be recorded. It must be one line"),
        ({"signature": "x" * 201}, "It is too long; at most 200 characters"),
        ({"treatment": " "}, "The treatment cannot be recorded. It is blank"),
        ({"by": "guardian"}, "No guardian is recorded"),
        ({"by": "neighbour"}, "It must be 'self' or 'guardian'"),
    ],
)
def test_what_is_no_consent_is_refused_whole(desk, told, words):
    person = desk.person()
    before = desk.practice.ledger.head(desk.clock()).position
    with pytest.raises(EntryError, match=words):
        given(desk, person, **told)
    assert desk.practice.ledger.head(desk.clock()).position == before


def test_a_guardian_signs_where_one_is_recorded(desk):
    person = desk.person()
    guardian = PersonRelated(relation="guardian", relative="relative-1", name="Grete Müller")
    desk.people.relate(desk.who("pia"), person, guardian)
    given(desk, person, by="guardian", signature="Grete Müller")
    assert desk.consents.standing(person)[0].consent.by == "guardian"


def test_only_words_that_were_kept_can_be_signed(desk):
    with pytest.raises(MissingError, match="no consent text of '1999-01-01'"):
        given(desk, desk.person(), version="1999-01-01")


def test_a_withdrawal_ends_whatever_was_agreed_before(desk):
    """Also an older consent to the same treatment that nobody withdrew; a new one holds again."""
    person = desk.person()
    given(desk, person)
    given(desk, person, "sham needling")
    desk.clock.forward(minutes=1)
    second = given(desk, person)
    desk.clock.forward(minutes=1)
    desk.consents.withdraw(desk.who("pia"), person, second, "Afraid of needles.")
    assert [one.treatment for one in desk.consents.standing(person)] == ["sham needling"]
    with pytest.raises(EntryError, match="withdrawn already"):
        desk.consents.withdraw(desk.who("pia"), person, second)
    with pytest.raises(MissingError, match="no such consent of this person"):
        desk.consents.withdraw(desk.who("pia"), person, "no-such-consent")
    desk.clock.forward(minutes=1)
    third = given(desk, person)
    assert {one.consent.consent for one in desk.consents.standing(person)} >= {third}


def test_a_duplicates_consent_counts_and_can_be_withdrawn(desk):
    person, duplicate = desk.person(), desk.person()
    consent = given(desk, duplicate)
    desk.open(duplicate, "lea")
    desk.people.merge(desk.who("lea"), duplicate, person, "The same person.")
    assert [one.consent.consent for one in desk.consents.standing(person)] == [consent]
    with pytest.raises(EntryError, match="merged into another"):
        given(desk, duplicate)
    desk.clock.forward(minutes=1)
    desk.consents.withdraw(desk.who("pia"), person, consent)
    assert desk.consents.standing(person) == ()


def test_who_may(desk):
    person = desk.person(opened_by=("pia", "rex"))
    given(desk, person, who="rex")
    with pytest.raises(NotOpenedError, match="confirm two identifiers"):
        given(desk, person, who="ivo")
    with pytest.raises(AccessError, match="do not let you record consent"):
        given(desk, person, who="ana")
