"""The JSON door: the same record by the same rules; what is sent twice is recorded once, what is bad refused whole."""

import copy
import json
import uuid

import pytest

from myotome.care.examination import yaml12
from tests.charted import NECK, case_of
from tests.web.records import desks, examined, open_record, register, sign, token_of, visit_of

pytestmark = pytest.mark.enable_socket
WHEN = {"device_time": "2026-03-01T09:30:00+01:00", "zone": "Europe/Berlin"}


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("api")) as made:
        yield made


@pytest.fixture(scope="module")
def pia(rooms):
    return rooms.client("pia")


@pytest.fixture(scope="module")
def anna(pia):
    return register(pia, given="Anna", family="Müller", system=["card"], value=["A 1"])


def draft(visit, kind="hypothesis.recorded", body=None, **told):
    """An entry as a tablet makes it."""
    return {"id": str(uuid.uuid4()), "kind": kind, "visit": visit, "body": body or {"text": "C7"}, **WHEN, **told}


def examination(visit, **told):
    return draft(visit, "examination.recorded", {"case": yaml12.read(case_of(NECK))}, **told)


def send(client, *entries, text=None, csrf=None):
    """POST drafts as a program does."""
    headers = {"X-CSRF": token_of(client, "/account") if csrf is None else csrf, "Content-Type": "application/json"}
    return client.post("/api/entries", content=text or json.dumps({"entries": entries}), headers=headers)


def kinds(rooms, visit):
    with rooms.clinic.practice.within() as shelf:
        return [event.kind for event in shelf.entries(visit=visit)]


def test_a_person_and_a_visit_are_read_as_json_and_the_reading_is_recorded(rooms, pia, anna):
    visit = examined(pia, anna)
    before = rooms.events
    person = pia.get(f"/api/people/{anna}").json()
    assert (person["family"], person["identifiers"]) == ("Müller", [{"system": "card", "value": "A 1"}])
    assert {one["id"]: one["stage"] for one in person["visits"]}[visit] == "planned"
    whole = pia.get(f"/api/visits/{visit}").json()
    assert whole["explanation"]["verdict"]["kind"] == "root"
    assert whole["plan"]["status"] == "ready"
    assert whole["case"]["medicines"] == ["naproxen 500 mg"]
    assert rooms.events == before + 2


def test_who_may_not_read_is_told_so_as_json(rooms, pia, anna):
    visit = visit_of(pia, anna)
    answers = [rooms.client(who).get(f"/api/visits/{visit}") for who in ("", "rex", "ivo")]
    assert [answer.status_code for answer in answers] == [401, 403, 403]
    assert all(set(answer.json()) == {"message"} for answer in answers)
    assert pia.get("/api/people/never").status_code == 404
    assert pia.get("/api/people/a%00b").status_code == 404


def test_a_draft_sent_again_gives_its_receipt_and_nothing_else(rooms, pia, anna):
    visit = visit_of(pia, anna)
    drafts = [draft(visit), examination(visit)]
    first = send(pia, *drafts)
    assert first.status_code == 200, first.text
    with rooms.clinic.practice.within() as shelf:
        event = shelf.reading.event(drafts[0]["id"])
        position = shelf.reading.last()[0]
    assert (event.device_time, event.zone) == (WHEN["device_time"], WHEN["zone"])
    assert kinds(rooms, visit)[1:] == [
        "hypothesis.recorded", "examination.recorded", "explanation.frozen", "plan.frozen",
    ]  # fmt: skip
    again = send(pia, *drafts)
    told = [{k: v for k, v in one.items() if k != "repeated"} for one in again.json()["receipts"]]
    assert told == [{k: v for k, v in one.items() if k != "repeated"} for one in first.json()["receipts"]]
    assert [one["repeated"] for one in again.json()["receipts"]] == [True, True]
    assert rooms.events == position
    sign(pia, visit, "pia")
    assert send(pia, drafts[1]).json()["receipts"][0]["repeated"]  # also after the note was signed


def test_entries_are_refused_whole_and_each_problem_has_its_place(rooms, pia, anna):
    visit, signed = visit_of(pia, anna), examined(pia, anna)
    sign(pia, signed, "pia")
    good = draft(visit)
    bad_case = examination(visit)
    bad_case["body"] = {"case": {"findings": [{"sign": "strenght", "at": "moon"}]}}
    sent_before = draft(visit_of(pia, anna))
    assert send(pia, sent_before).status_code == 200
    wrong = [
        (draft(visit, "visit.signed"), "entries[1].kind", "'visit.signed' is nothing that a device sends"),
        (draft(visit, id="UPPER"), "entries[1].id", "no identifier"),
        (draft(visit, id=good["id"]), "entries[1].id", "stands here twice"),
        (draft("never"), "entries[1].visit", "there is no such visit"),
        (draft(visit, device_time="yesterday"), "entries[1].device_time", "write 2026-03-01T09:30:00+01:00"),
        (draft(visit, zone="Mars/Olympus"), "entries[1].zone", "America/Vancouver"),
        (draft(visit, body={"text": ""}), "entries[1]", "1 to 5000 legible characters"),
        (draft(visit, body={"text": "x", "on_behalf": "me"}), "entries[1].body.on_behalf", "in their session"),
        (draft(visit, body={"text": "\ud800"}), "entries[1]", "'text' of the body"),
        (bad_case, "entries[1].body.case.findings[0]", "strenght"),
        (examination(signed), "entries[1]", "amended, never changed"),
        (sent_before | {"body": {"text": "other"}}, "entries[1]", "used for another entry"),
        (draft(visit, extra=1), "entries[1].extra", "nothing of that name"),
    ]
    for entry, place, words in wrong:
        before = rooms.events
        answer = send(pia, good, entry)
        assert answer.status_code == 422, (entry, answer.text)
        problems = answer.json()["problems"]
        assert any(one["at"].startswith(place) and words in one["message"] for one in problems), (place, problems)
        assert rooms.events == before
    assert kinds(rooms, visit) == ["visit.opened"]


@pytest.mark.parametrize(
    "text", ["", "[", "[]", "null", '{"entries": []}', '{"entries": 1}', "[" * 5000, '{"entries": [{"id": "\\ud800"}]}',
             '{"\\ud800": 1}', "1e999", '{"entries": [' + '{"a": NaN}]}'],
)  # fmt: skip
def test_what_is_no_list_of_entries_is_refused(pia, text):
    answer = send(pia, text=text or " ")
    assert answer.status_code == 422
    assert answer.json()["problems"]


def test_more_than_can_be_thought_through_at_once_is_refused(pia, anna):
    visit = visit_of(pia, anna)
    small = {"case": {"findings": [{"sign": "reflex", "at": "ankle reflex", "side": "left", "result": "normal"}]}}
    answer = send(pia, *[draft(visit, "examination.recorded", small) for _ in range(11)])
    assert (answer.status_code, "send at most 10 of them at once" in answer.text) == (422, True)


@pytest.mark.parametrize("number", ["1e999", "NaN", "-Infinity", "9" * 5000])
def test_a_number_that_is_none_is_refused(rooms, pia, anna, number):
    visit = visit_of(pia, anna)
    entry = json.dumps({"entries": [examination(visit)]}).replace('"source": {', f'"source": {{"n": {number}, ', 1)
    assert number in entry
    answer = send(pia, text=entry)
    assert answer.status_code == 422, answer.text
    assert kinds(rooms, visit) == ["visit.opened"]


def test_another_persons_visit_and_another_authors_id_are_refused(rooms, pia, anna):
    visit = visit_of(pia, anna)
    ivo = rooms.client("ivo")
    mine = draft(visit)
    assert send(pia, mine).status_code == 200
    other = register(ivo, given="Ole", family="Nord", birth_date="1951-01-01")
    theirs = visit_of(ivo, other)
    before = [kinds(rooms, visit), kinds(rooms, theirs)]
    answer = send(ivo, draft(theirs), draft(visit))
    assert (answer.status_code, answer.json()["problems"]) == (403, [])
    assert "confirm two identifiers" in answer.json()["message"]
    open_record(ivo, anna)
    taken = send(ivo, copy.deepcopy(mine))
    assert (taken.status_code, "used for another entry" in taken.text) == (422, True)
    assert [kinds(rooms, visit), kinds(rooms, theirs)] == before


def test_an_assistant_sends_for_somebody_only(rooms, pia, anna):
    visit, ada = visit_of(pia, anna), rooms.client("ada")
    open_record(ada, anna)
    assert "choose for whom" in send(ada, draft(visit)).json()["message"]
    assert ada.sent("/account/charts-for", page="/account", staff=rooms.made.staff["pia"]).status_code == 303
    entry = draft(visit)
    assert send(ada, entry).status_code == 200
    assert send(ada, entry).json()["receipts"][0]["repeated"]
    with rooms.clinic.practice.within() as shelf:
        assert shelf.visit(visit).hypothesis.on_behalf == rooms.made.staff["pia"]


def test_a_program_needs_the_token_in_its_header(rooms, pia, anna):
    visit = visit_of(pia, anna)
    assert send(pia, draft(visit), csrf="forged").status_code == 403
    assert pia.post("/api/entries", json={"entries": [draft(visit)]}).status_code == 403
    assert rooms.client("").post("/api/entries", json={}, headers={"X-CSRF": "x"}).status_code == 401
    assert send(pia, text=" " * 300_000).status_code == 413
    assert kinds(rooms, visit) == ["visit.opened"]


def test_the_shape_of_the_door_is_described(rooms):
    paths = rooms.app.openapi()["paths"]
    assert {"/api/people/{person}", "/api/visits/{visit}", "/api/entries"} <= set(paths)
    assert "requestBody" in paths["/api/entries"]["post"]
