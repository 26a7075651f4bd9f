"""People: found, registered, opened by two identifiers, corrected, related, consenting, merged."""

import re

import pytest

from tests.web.records import ANNA, desks, open_record, register, visit_of
from tests.web.rooms import said

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("people")) as made:
        yield made


@pytest.fixture(scope="module")
def pia(rooms):
    return rooms.client("pia")


@pytest.fixture(scope="module")
def anna(pia):
    return register(pia, given="Anna", family="Müller", birth_date="1990-04-02")


def test_somebody_is_found_by_parts_of_a_name_and_no_name_stands_in_an_address(pia, anna):
    found = pia.sent("/people/search", page="/people", q="mull ann")
    assert found.status_code == 200
    assert f"/people/{anna}" in found.text
    assert "Müller, Anna" in said(found)
    nobody = said(pia.sent("/people/search", page="/people", q="zzz"))
    assert "Nobody was found for “zzz”" in nobody
    assert not re.findall(r'(?:href|action)="[^"]*(?:M%C3%BCller|Müller|mull)', found.text)
    assert pia.get("/people/search").headers["location"] == "/people"


def test_a_likely_duplicate_is_shown_before_it_is_made(rooms, pia, anna):
    told = {**ANNA, "given": "Ana"}
    before = rooms.events
    warned = pia.sent("/people/new", **told)
    assert (warned.status_code, "Is it somebody you know?" in said(warned)) == (200, True)
    assert f"/people/{anna}" in warned.text
    assert rooms.events == before
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', warned.text))
    assert hidden["anyway"] == "yes"
    made = pia.sent("/people/new", **hidden)
    assert re.fullmatch(r"/people/[0-9a-f-]{36}/open\?done=registered", made.headers["location"])


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"birth_date": "2990-01-01"}, "is still to come"),
        ({"birth_date": "soon"}, "Give the day as year-month-day"),
        ({"given": "", "family": ""}, "give the family name, the given name, or both"),
        ({"system": ["health card"], "value": [""]}, "Give both: whose number it is, and the number."),
        ({"system": ["card", "card"], "value": ["1", "2"]}, "Two numbers have one name"),
        ({"family": "Mü\u202eller"}, "it holds a character that cannot be shown"),
        ({"strange": "1"}, "This page does not ask for 'strange'"),
    ],
)
def test_what_cannot_be_registered_is_said_and_what_was_typed_is_kept(rooms, pia, told, words):
    before = rooms.events
    answer = pia.sent("/people/new", **{**ANNA, "phone": "030 kept", "anyway": "yes", **told})
    assert answer.status_code == 422
    assert words.lower() in said(answer).lower()
    assert 'value="030 kept"' in answer.text
    assert rooms.events == before


def test_a_record_opens_by_two_identifiers_and_not_by_one(rooms, anna):
    lea = rooms.client("lea")
    assert lea.get(f"/people/{anna}").headers["location"] == f"/people/{anna}/open"
    page = said(lea.get(f"/people/{anna}/open"))
    assert "2 April 1990" in page
    for ticked in ([], ["name"], ["name", "name"], ["name", "shoe size"]):
        refused = lea.sent(f"/people/{anna}/open", identifier=ticked)
        assert (refused.status_code, "Confirm two of these" in said(refused)) == (422, True)
    assert lea.get(f"/people/{anna}").status_code == 303
    open_record(lea, anna)
    assert "Anna Müller" in said(lea.get(f"/people/{anna}"))


def test_opening_goes_on_to_a_visit_of_that_person_only(pia, rooms, anna):
    other = register(pia, given="Ole", family="Nord", birth_date="1950-01-01")
    mine, theirs = visit_of(pia, anna), visit_of(pia, other)
    ivo = rooms.client("ivo")
    assert ivo.get(f"/visits/{mine}").headers["location"] == f"/people/{anna}/open?to={mine}"
    page = f"/people/{anna}/open?to={mine}"
    answer = ivo.sent(f"/people/{anna}/open", page=page, identifier=["name", "phone"], to=mine)
    assert answer.headers["location"] == f"/bedside/{mine}"
    for strange in (theirs, "https://elsewhere.example", "no-such"):
        answer = ivo.sent(f"/people/{anna}/open", identifier=["name", "phone"], to=strange)
        assert answer.headers["location"] == f"/people/{anna}"


def test_reception_sees_who_it_is_and_nothing_that_was_charted(rooms, pia, anna):
    rex = rooms.client("rex")
    visit = visit_of(pia, anna, reason="Secret reason")
    open_record(rex, anna)
    page = said(rex.get(f"/people/{anna}"))
    assert "What was charted is not part of your work here." in page
    assert "Secret reason" not in page
    for path in (f"/visits/{visit}", f"/people/{anna}/export.json", f"/people/{anna}/merge", "/cosign"):
        assert rex.get(path).status_code == 403, path


def test_who_was_never_here_and_what_is_no_name_are_the_same(rooms, pia):
    there = said(pia.get("/people/3f0c2a7e-0000-4000-8000-000000000000"))
    for path in ("/people/never", "/people/a%00b", "/people/" + "a" * 80, "/visits/never", "/people/%F0%9F%92%A9"):
        answer = pia.get(path)
        assert answer.status_code == 404, path
        assert said(answer) == there


def test_a_correction_needs_a_reason_and_changes_only_what_differs(rooms, pia):
    person = register(pia, given="Kim", family="Larsen", birth_date="1980-01-01", system=["card"], value=["A 1"])
    page = f"/people/{person}/correct"
    typed = {"given": "Kim", "family": "Larsen", "text": "", "birth_date": "1980-01-11", "sex": "unknown"}
    typed |= {"phone": "", "email": "", "language": "", "system": ["card"], "value": ["A 1"]}
    refused = pia.sent(page, **typed, reason=" ")
    assert refused.status_code == 422
    assert 'value="1980-01-11"' in refused.text
    assert pia.sent(page, **typed, reason="The year was right, the day was not").status_code == 303
    with rooms.clinic.practice.within() as shelf:
        event = shelf.entries(person=person, kinds=("person.corrected",))[-1]
    assert event.body == {"birth_date": "1980-01-11", "phone": "", "reason": "The year was right, the day was not"}
    assert "Nothing is different" in said(pia.sent(page, **typed, reason="Again"))


def test_relatives_come_and_go_with_a_reason(pia, anna):
    page = f"/people/{anna}/relatives"
    assert pia.sent(page, relation="pet", name="Rex").status_code == 422
    assert pia.sent(page, relation="interpreter", name="Hana Kovač", phone="1").status_code == 303
    shown = pia.get(page)
    assert "Hana Kovač" in said(shown)
    relative = re.search(rf"{page}/([0-9a-f-]{{36}})", shown.text).group(1)
    assert pia.sent(f"{page}/{relative}", reason="").status_code == 422
    assert pia.sent(f"{page}/{relative}", reason="Moved away").status_code == 303
    assert "Hana Kovač" not in said(pia.get(page))
    assert pia.get(f"{page}/{relative}").status_code == 404


def test_consent_needs_the_text_a_signature_and_a_guardian_who_is_recorded(pia, anna):
    page = f"/people/{anna}/consents"
    shown = pia.get(page)
    version = re.search(r'name="version" value="([^"]+)"', shown.text).group(1)
    assert "What rarely happens and can be serious" in said(shown)
    told = {"treatment": "dry needling", "by": "self", "signature": "Anna Müller", "copy": "yes", "version": version}
    for change, words in (
        ({"signature": "  "}, "The signature is blank"),
        ({"by": "guardian"}, "No guardian is recorded"),
        ({"by": "somebody"}, "Choose who signs"),
        ({"version": "1999-01-01"}, "There is no consent text of '1999-01-01'"),
    ):
        refused = pia.sent(page, **{**told, **change})
        assert (refused.status_code, words in said(refused)) == (422, True), words
    assert "No consent holds today" in said(pia.get(f"/people/{anna}"))
    assert pia.sent(page, **told).status_code == 303
    record = pia.get(f"/people/{anna}")
    assert "holds dry needling" in said(record)
    consent = re.search(rf"{page}/([0-9a-f-]{{36}})", record.text).group(1)
    assert pia.sent(f"{page}/{consent}", reason="Changed her mind").status_code == 303
    assert "No consent holds today" in said(pia.get(f"/people/{anna}"))
    assert pia.get(f"{page}/{consent}").status_code == 404


def test_two_records_are_seen_side_by_side_merged_and_taken_apart(rooms, pia, anna):
    other = register(pia, given="Ana", family="Müller", birth_date="1990-04-20", system=["card"], value=["7"])
    visit = visit_of(pia, other, reason="Charted on the duplicate")
    lea = rooms.client("lea")
    open_record(lea, anna)
    assert (
        f"/people/{anna}/merge/{other}"
        in lea.sent(f"/people/{anna}/merge/search", f"/people/{anna}/merge", q="An").text
    )
    page = f"/people/{anna}/merge/{other}"
    shown = said(lea.get(page))
    assert "Birth date differs 1990-04-02 1990-04-20" in shown
    assert lea.get(f"/people/{anna}/merge/{anna}").status_code == 404
    assert lea.sent(page, into="elsewhere", reason="Same").status_code == 422
    assert lea.sent(page, into=anna, reason="").status_code == 422
    assert (
        lea.sent(page, into=anna, reason="Same phone, mistyped day").headers["location"]
        == f"/people/{anna}?done=merged"
    )
    assert "Charted on the duplicate" in said(lea.get(f"/people/{anna}"))
    assert lea.get(f"/visits/{visit}").status_code == 200  # read with the record it was merged into
    assert "This record was merged into" in said(lea.get(f"/people/{other}"))
    assert lea.sent(f"/people/{other}/unmerge", reason="").status_code == 422
    assert lea.sent(f"/people/{other}/unmerge", reason="A cousin").status_code == 303
    assert "Charted on the duplicate" not in said(lea.get(f"/people/{anna}"))


def test_what_is_written_in_any_field_stays_words(pia):
    evil = '"><script>alert(1)</script>{{ 7*7 }}'
    person = register(pia, given=evil, family="O'<b>x", birth_date="1961-01-01", phone=evil, language=evil)
    pia.sent(f"/people/{person}/relatives", relation="chaperone", name=evil, note=evil)
    visit = visit_of(pia, person, reason=evil)
    pia.sent(f"/visits/{visit}/hypothesis", page=f"/visits/{visit}", text=evil)
    paths = ("correct", "relatives", "consents", "open", "visits/new")
    for path in (f"/people/{person}", f"/visits/{visit}", *(f"/people/{person}/{one}" for one in paths)):
        text = pia.get(path).text
        assert "alert(1)" in text, path
        assert "<script>alert" not in text, path
        assert "<b>x" not in text, path


def test_visits_are_paged_and_older_ones_cost_nothing(rooms, pia):
    person = register(pia, given="Many", family="Visits", birth_date="1955-05-05")
    for number in range(23):
        rooms.made.clock.forward(seconds=1)
        visit_of(pia, person, day=f"2026-02-{1 + number % 28:02}", reason=f"visit {number}.")
    first = pia.get(f"/people/{person}")
    assert first.text.count('href="/visits/') == 20
    assert "visit 22." in said(first)
    after = re.search(r"\?after=([0-9a-f-]{36})", first.text).group(1)
    second = pia.get(f"/people/{person}?after={after}")
    assert [f"visit {n}." in said(second) for n in (0, 1, 2, 3)] == [True, True, True, False]
    assert pia.get(f"/people/{person}?after=never").status_code == 404
