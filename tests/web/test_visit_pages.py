"""Visits through their pages: supposed, examined, explained, planned, signed, co-signed, amended, struck, moved."""

import re

import pytest

from myotome.clinic.entries.visits import ExaminationRecorded
from tests.charted import case_of
from tests.web.records import desks, examine, examined, open_record, register, sign, visit_of
from tests.web.rooms import said

pytestmark = pytest.mark.enable_socket
EMERGENCY, REFUSED = "plan-cauda-equina-emergency", "plan-c6-root-infection-not-asked"
BAD = (
    b"findings:\n  - {sign: strenght, at: triceps, side: left, result: weak}\n  - {sign: reflex, at: moon, side: up}\n"
)


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("visits")) as made:
        yield made


@pytest.fixture(scope="module")
def pia(rooms):
    return rooms.client("pia")


@pytest.fixture(scope="module")
def anna(pia):
    return register(pia, given="Anna", family="Müller")


@pytest.fixture(scope="module")
def planned(pia, anna):
    return examined(pia, anna)


def test_the_page_of_a_visit_says_whose_it_is_and_what_the_software_said(pia, planned):
    page = pia.get(f"/visits/{planned}")
    words = said(page)
    assert words.index("Anna Müller") < words.index("No reason to refer") < words.index("What the findings say")
    for told in (
        "Born 2 April 1990",
        "The findings fit a loss of function of C7 on the left.",
        "Root: C7 on the left",
        "reflex triceps reflex, left: absent",
        "C7 paraspinal, LEFT",
        "0.20 × 20 mm",
        "Never deeper than 22 mm",
        "Keep clear of: deep cervical vessels, nerve root, pleura, spinal canal, vertebral artery.",
        "Fewer needles, lying down, no strong stimulation",
        "biceps reflex, right not tested",
        "Not tested: shortening",
        "Left out, and why",
        "data edition",
    ):
        assert told in words, told
    assert page.text.count('class="plate" data-plate=') == 2
    assert not re.search(r"\sstyle=|<style|\son\w+=", page.text)
    assert "mark-1" in pia.get("/visits/plates.css").text


def test_an_emergency_comes_first_and_nothing_is_planned(pia, anna):
    words = said(pia.get(f"/visits/{examined(pia, anna, EMERGENCY)}"))
    assert words.index("Emergency: refer now, do not needle") < words.index("What the findings say")
    assert "cauda equina" in words.lower()
    assert "Do not needle" in words
    assert "Points to needle" not in words


def test_a_plan_that_lacks_an_answer_asks_for_it(pia, anna):
    words = said(pia.get(f"/visits/{examined(pia, anna, REFUSED)}"))
    assert "Nothing is planned until these are asked" in words
    assert "infection now" in words
    assert "Not asked is not no" in words


@pytest.mark.parametrize(
    ("data", "places"),
    [
        (BAD, ("findings[0]", "strenght", "findings[1]", "moon")),
        (b"findings: [", ("line", "not readable as YAML")),
        (b"\xff\xfe\x00", ("file",)),
        (
            b"source: {n: 1e999}\nfindings:\n  - {sign: reflex, at: ankle reflex, side: left, result: normal}\n",
            ("file",),
        ),
    ],
)
def test_a_bad_case_is_refused_whole_with_every_problem_and_its_place(rooms, pia, anna, data, places):
    visit = visit_of(pia, anna)
    before = kinds(rooms, visit)
    refused = examine(pia, visit, data=data)
    assert refused.status_code == 422
    assert all(place in said(refused) for place in places), said(refused)
    assert "Refused whole, nothing was recorded" in said(refused)
    assert kinds(rooms, visit) == before == ["visit.opened"]


def kinds(rooms, visit):
    with rooms.clinic.practice.within() as shelf:
        return [event.kind for event in shelf.entries(visit=visit) if event.kind != "record.read"]


def test_a_case_is_pasted_or_uploaded_not_both(pia, anna):
    visit = visit_of(pia, anna)
    page = f"/visits/{visit}/examination"
    assert "Choose a case file or paste its text." in said(pia.sent(page, text=""))
    assert pia.sent(page, text=case_of(REFUSED).decode()).headers["location"] == f"/visits/{visit}?done=examined"
    assert examine(pia, visit, data=b" " * 300_000).status_code == 413


def test_a_hypothesis_is_entered_before_the_explanation(pia, anna, planned):
    visit = visit_of(pia, anna)
    page = f"/visits/{visit}"
    assert pia.sent(f"{page}/hypothesis", page=page, text=" ").status_code == 422
    assert pia.sent(f"{page}/hypothesis", page=page, text="C7, I think").status_code == 303
    assert "C7, I think" in said(pia.get(page))
    late = pia.sent(f"/visits/{planned}/hypothesis", page=page, text="I knew it")
    assert (late.status_code, "a hypothesis is entered before it" in said(late)) == (422, True)
    assert "I knew it" not in said(pia.get(f"/visits/{planned}"))


def test_signing_asks_who_it_is_again(rooms, pia, anna):
    visit = examined(pia, anna)
    page = f"/visits/{visit}"
    for proof in ("", "wrong password entirely"):
        refused = pia.sent(f"{page}/sign", page=page, proof=proof)
        assert refused.status_code == 422
        assert proof not in refused.text or not proof
    assert "Sign this note" in said(pia.get(page))
    assert sign(pia, visit, "pia").status_code == 303
    words = said(pia.get(page))
    assert "Signed Pia Practitioner" in words
    assert "by password" in words
    assert "Sign this note" not in words
    assert "it is amended, never changed" in said(examine(pia, visit))
    assert "This note is signed" in said(sign_again(pia, visit))


def sign_again(client, visit):
    from tests.clinics import password_of

    page = f"/visits/{visit}/amend"
    return client.sent(f"/visits/{visit}/sign", page=page, proof=password_of("pia"))


def test_a_signed_note_is_amended_with_a_reason_and_stays(pia, anna):
    visit = examined(pia, anna)
    page = f"/visits/{visit}/amend"
    assert "Only a signed note is amended" in said(pia.sent(page, text="Left", reason="Typed right"))
    sign(pia, visit, "pia")
    assert pia.sent(page, text="It was the left", reason=" ").status_code == 422
    assert pia.sent(page, text="It was the left", reason="Typed right").status_code == 303
    words = said(pia.get(f"/visits/{visit}"))
    assert "It was the left Why: Typed right" in words
    assert "triceps reflex, left absent" in words
    assert pia.get(f"/visits/{visit}/note.pdf").content.startswith(b"%PDF")


def test_an_interns_note_waits_in_the_queue_until_somebody_stands_for_it(rooms, pia, anna):
    ivo, lea = rooms.client("ivo"), rooms.client("lea")
    open_record(ivo, anna)
    visit = examined(ivo, anna)
    assert sign(ivo, visit, "ivo").status_code == 303
    assert "waits for co-signature" in said(ivo.get(f"/visits/{visit}"))
    assert ivo.get("/cosign").status_code == 403
    assert f"/visits/{visit}" in lea.get("/cosign").text
    assert "1 note waits for a co-signature" in said(lea.get("/people"))
    assert lea.get(f"/visits/{visit}").status_code == 303
    open_record(lea, anna)
    assert sign(lea, visit, "lea", "cosign").status_code == 303
    assert "Co-signed: Lea Lead" in said(lea.get(f"/visits/{visit}"))
    assert f"/visits/{visit}" not in lea.get("/cosign").text


def test_an_entry_in_error_is_struck_and_stays_readable(pia, anna):
    visit = visit_of(pia, anna, reason="Opened twice")
    assert pia.sent(f"/visits/{visit}/strike", reason="").status_code == 422
    assert pia.sent(f"/visits/{visit}/strike", reason="Opened twice").status_code == 303
    words = said(pia.get(f"/visits/{visit}"))
    assert "Entered in error." in words
    assert "Record the examination" not in words


def test_a_visit_on_the_wrong_person_goes_to_one_whose_record_is_open(rooms, pia, anna):
    closed = register(rooms.client("rex"), opened=False, given="Nils", family="Berg", birth_date="1970-07-07")
    right = register(pia, given="Berta", family="Klein", birth_date="1971-01-01")
    visit = visit_of(pia, anna, reason="Belongs to Berta")
    page = f"/visits/{visit}/move"
    assert "Berta Klein" in said(pia.get(page))
    assert "Nils Berg" not in said(pia.get(page))
    assert pia.sent(page, to=closed, reason="Wrong tablet").status_code == 422
    assert pia.sent(page, to=right, reason="").status_code == 422
    assert pia.sent(page, to=right, reason="Wrong tablet").status_code == 303
    assert "Belongs to Berta" in said(pia.get(f"/people/{right}"))
    assert "Belongs to Berta" not in said(pia.get(f"/people/{anna}"))
    assert "Wrong tablet" in said(pia.get(f"/visits/{visit}"))


def test_another_persons_visit_does_not_open_by_its_number(rooms, planned):
    for who, status in (("ada", 303), ("aud", 403), ("rex", 403)):
        assert rooms.client(who).get(f"/visits/{planned}").status_code == status, who
    aud = rooms.client("aud")
    assert aud.sent(f"/visits/{planned}/strike", page="/account", reason="x").status_code == 403


def test_an_examination_that_todays_tables_do_not_know_is_shown_as_it_was_recorded(rooms, pia, anna):
    visit = visit_of(pia, anna)
    old = ExaminationRecorded(case={"findings": [{"sign": "phrenology", "at": "bump of hope"}]})
    actor = rooms.made.actor("pia")
    rooms.clinic.people.open(actor, anna, ["name", "birth date"])
    with rooms.clinic.practice.acting(actor, "chart", anna) as desk:
        desk.charted(old, anna, visit)
    words = said(pia.get(f"/visits/{visit}"))
    assert "Today's tables no longer know every name in it" in words
    assert "bump of hope" in words


def test_a_page_of_a_visit_is_one_reading_in_the_trail(rooms, pia, planned):
    with rooms.clinic.practice.within() as shelf:
        before = shelf.reading.last()[0]
    pia.get(f"/visits/{planned}")
    with rooms.clinic.practice.within() as shelf:
        read = [event.kind for event in shelf.entries(after=before)]
    assert read == ["record.read"]
