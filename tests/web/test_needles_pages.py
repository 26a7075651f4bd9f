"""What the record's pages and the JSON door say of needles against advice, late needles, moved and struck visits."""

import json
import uuid

import pytest

from tests.web.records import desks, last_part, open_record, register, sign, token_of, visit_of
from tests.web.rooms import said

pytestmark = pytest.mark.enable_socket
WHEN = {"device_time": "2026-03-01T09:30:00+01:00", "zone": "Europe/Berlin"}
POINT = {"point": "brachialis", "side": "left"}


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("needles")) as made:
        yield made


@pytest.fixture
def pia(rooms):
    return rooms.client("pia")


@pytest.fixture
def anna(pia):
    return register(pia)


@pytest.fixture
def visit(pia, anna):
    return visit_of(pia, anna)


def draft(visit, kind, **body):
    return {"id": str(uuid.uuid4()), "kind": kind, "visit": visit, "body": body, **WHEN}


def send(client, *entries):
    headers = {"X-CSRF": token_of(client, "/account"), "Content-Type": "application/json"}
    return client.post("/api/entries", content=json.dumps({"entries": entries}), headers=headers)


def test_a_moved_visit_says_so_in_one_word_and_where_it_is_opened(rooms, pia, anna, visit):
    lea = rooms.client("lea")
    open_record(lea, anna)
    other = register(lea, given="Bert", family="Ström")
    moved = lea.sent(f"/visits/{visit}/move", to=other, reason="wrong person")
    assert last_part(moved) == visit
    wanted = {"reason": "moved", "visit": visit, "open": f"/people/{other}/open?to={visit}", "problems": []}
    asked = (
        lambda: send(pia, draft(visit, "needle.in", needle="n", **POINT)),
        lambda: pia.get(f"/api/visits/{visit}/bedside"),
        lambda: pia.get(f"/api/visits/{visit}/bedside/since?position=0"),
    )
    for ask in asked:
        answer = ask()
        assert answer.status_code == 403 and answer.json().items() >= wanted.items(), answer.text
    open_record(pia, other)
    assert send(pia, draft(visit, "needle.in", needle="n", **POINT)).status_code == 200


def test_a_struck_visit_refuses_what_it_is_sent_in_one_word(pia, visit):
    pia.sent(f"/visits/{visit}/strike", reason="entered in error")
    answer = send(pia, draft(visit, "remark.written", text="Too late."))
    told = answer.json()
    assert (answer.status_code, told["reason"], told["problems"][0]["reason"]) == (422, "struck", "struck")
    assert told["problems"][0]["at"] == "entries[0]"
    assert pia.get(f"/api/visits/{visit}/bedside/since?position=0").json()["refuses"] == "struck"


def test_a_late_needle_stands_at_the_top_until_somebody_says_what_became_of_it(rooms, pia, anna, visit):
    pia.sent(f"/visits/{visit}/hypothesis", page=f"/visits/{visit}", text="C7")
    assert sign(pia, visit, "pia").status_code == 303
    late = [draft(visit, "needle.in", needle=f"n-{n}", **POINT) for n in "ab"]
    assert send(pia, *late).status_code == 200
    words = "Brachialis, left : in 1 March 2026, 09:30, noted by Pia Practitioner; it reached the clinic"
    assert words in pia.words(f"/visits/{visit}")
    assert "A needle may still be in: brachialis, left." in pia.words(f"/people/{anna}")
    assert "brachialis, left: in 1 March 2026, 09:30" in pia.words("/checkins")
    rex = rooms.client("rex").words("/checkins")
    assert "A needle may still be in" in rex and "brachialis" not in rex, "what was charted is not reception's"
    page = f"/visits/{visit}"
    out = {"what": "out", "needle": late[0]["id"]}
    assert pia.sent(f"{page}/late-needle", page=page, **out).status_code == 303
    assert "Somebody has said already" in said(pia.sent(f"{page}/late-needle", page=page, **out))
    told = pia.sent(f"{page}/late-needle", page=page, what="incident", needle=late[1]["id"], text="Not found.")
    assert told.status_code == 303
    for path in (page, f"/people/{anna}", "/checkins"):
        assert "needle may still be in" not in pia.words(path), path


def test_needles_against_a_no_are_named_on_the_page_and_the_note_is_not_signed_without_why(pia, visit):
    into = draft(visit, "needle.in", needle="n", **POINT)
    after = [
        draft(visit, "screening.answered", item="consent", answer="no"),
        into,
        draft(visit, "needle.out", insertions=[into["id"]]),
        draft(visit, "sharps.counted", count=1),
    ]
    assert send(pia, *after).status_code == 200
    pia.sent(f"/visits/{visit}/hypothesis", page=f"/visits/{visit}", text="C7")
    words = pia.words(f"/visits/{visit}")
    assert "Needled although: Consent to needling was answered no." in words and "No reason is written." in words
    refused = sign(pia, visit, "pia")
    assert refused.status_code == 422 and "1 needle went in all the same: brachialis, left. Write why." in said(refused)
    told = pia.get(f"/api/visits/{visit}/bedside").json()
    why = draft(visit, "needled.against", reason="They asked for it.", said=told["against"])
    assert send(pia, why).status_code == 200
    assert sign(pia, visit, "pia").status_code == 303
    assert "Reason: They asked for it." in pia.words(f"/visits/{visit}")
    assert pia.get(f"/visits/{visit}/note.pdf").content.startswith(b"%PDF")


def test_the_session_says_for_whom_by_name(rooms):
    ada, pia = rooms.client("ada"), rooms.made.staff["pia"]
    ada.sent("/account/charts-for", page="/account", staff=pia)
    told = ada.get("/api/bedside/me").json()
    assert (told["on_behalf"], told["on_behalf_name"]) == (pia, "Pia Practitioner")
