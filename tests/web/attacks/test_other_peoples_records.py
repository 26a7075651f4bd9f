"""Every route of the application, tried by who may not: by role, on records not opened, with forged ids."""

import re
import uuid

import pytest

from tests.clinics import STAFF, password_of
from tests.web.attacks.acts import ACTS, BEFORE_OPENING, PUBLIC, routes_of
from tests.web.attacks.ground import CHARTED, COOKIE, ID, KNOWN, may
from tests.web.rooms import TOKEN

pytestmark = pytest.mark.enable_socket
ROLES = list(STAFF)
OF_A_PERSON = [pair for pair in ACTS if ("{person}" in pair[1] or "{visit}" in pair[1]) and pair not in PUBLIC]
NOTHING = "There is nothing here, or nothing that you may see."
FORGED = (
    ID,
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e",
    "x%00y",
    "%00",
    "A B",
    "x" * 65,
    "'%20OR%20'1'='1",
    "%E2%80%AE",
    "%0d%0aX:y",
)


def told(answer):
    """What of the person an answer tells: words and bytes."""
    return [word for word in (*KNOWN.values(), *CHARTED.values(), "XK-99") if word.encode() in answer.content]


def test_no_route_of_the_application_is_missing_here(world):
    assert sorted(ACTS) == routes_of(world.rooms.app)


@pytest.mark.parametrize("who", ROLES)
def test_each_role_on_every_route_may_what_the_table_says_and_no_more(world, who):
    client, before, start = world.client(who), world.digest(), world.rooms.events
    asked = 0
    for (method, path), act in ACTS.items():
        if act and not may(who, act):
            asked, since = asked + 1, world.rooms.events
            answer = world.send(client, method, path, None if "/api/" in path else world.form(path, who))
            assert answer.status_code in (403, 422), (method, path, answer.status_code)
            if not path.endswith("/move"):  # nothing that could be chosen is looked at first
                assert "access.refused" in world.kinds(since), f"{method} {path}: the attempt is not in the trail"
            assert not told(answer), (method, path)
            assert NOTHING not in answer.text, f"{method} {path}: whether it is there was looked at before the role"
    assert world.digest() == before
    assert asked >= 8
    for (method, path), act in ACTS.items():
        if act and may(who, act) and not re.search("sign-out|pdf", path):
            form = {"entries": []} if "/api/" in path else None
            answer = world.send(client, method, path, form, what="reset", consent=ID)
            assert answer.status_code < 500, (method, path)
            assert "do not let you" not in answer.text, (method, path)
    assert world.digest() == before, ("a form without fields was taken", set(world.kinds(start)))


@pytest.mark.parametrize("who", ["lea", "ana", "ivo", "ada", "rex"])
def test_a_record_that_was_not_opened_is_not_told_and_not_changed(world, who):
    before, client, asked = world.digest(), world.client(who), 0
    for method, path in OF_A_PERSON:
        if not may(who, ACTS[method, path]):
            continue
        asked += 1
        if BEFORE_OPENING.fullmatch(path):
            if method == "GET":
                answer = world.send(client, method, path)
                assert not [word for word in CHARTED.values() if word in answer.text], path
            continue
        for visit in (world.ids["visit"], world.ids["signed"]):
            answer = world.send(client, method, path, None if "/api/" in path else world.form(path, who), visit=visit)
            assert not told(answer), (method, path)
            assert answer.status_code in (303, 403), (method, path, answer.status_code)
            if answer.status_code == 303:
                opening = f"/people/{world.ids['person']}/open"
                assert answer.headers["location"] in (opening, f"{opening}?to={visit}"), path
    assert asked >= 10
    assert world.digest() == before


def test_opening_needs_two_identifiers_that_the_person_has(world):
    client, before = world.client("rex"), world.digest()
    for chosen in ([], ["name"], ["name", "name"], ["name", "shoe size"], ["birth date", ""], ["name", "Quarrington"]):
        answer = world.send(client, "POST", "/people/{person}/open", {"identifier": chosen})
        assert answer.status_code == 422
    assert world.digest() == before
    assert client.get(world.path("/people/{person}")).status_code == 303


@pytest.mark.parametrize("forged", FORGED)
def test_an_id_that_is_nobody_s_gives_the_same_answer_everywhere_and_changes_nothing(world, forged):
    client, before = world.client("lea"), world.digest()
    for method, path in OF_A_PERSON:
        if may("lea", ACTS[method, path]) and path != "/api/entries":
            form = world.form(path, "lea")
            answer = world.send(client, method, path, form, person=forged, visit=forged)
            assert answer.status_code in (404, 400), (method, path, answer.status_code)
            assert "root:" not in answer.text
            assert "x" * 65 not in answer.text
    assert world.digest() == before


def test_the_shell_of_the_bedside_is_the_same_for_any_id_and_bears_no_name(world):
    """It stands open without a session: byte for byte it tells nobody whether there is such a visit."""
    before, events, ids = world.digest(), world.rooms.events, world.ids
    plain = world.send(world.rooms.client(), "GET", "/bedside/{visit}", visit="shell")
    assert plain.status_code == 200
    said = [name for name, _ in STAFF.values()] + list(world.rooms.made.tokens.values())
    assert not told(plain) and not [word for word in said if word in plain.text]
    for who in (None, "pia", "lea", "rex"):
        client = world.client(who) if who else world.rooms.client()
        for visit in (ids["visit"], ids["signed"], ids["person"], *FORGED):
            answer = world.send(client, "GET", "/bedside/{visit}", visit=visit)
            odd = "%" in visit or " " in visit
            assert answer.status_code in ((200, 303, 400, 404) if odd else (200,)), (who, visit)
            assert answer.status_code != 200 or answer.content == plain.content, (who, visit)
            assert not told(answer), (who, visit)
            assert "set-cookie" not in answer.headers
    assert (world.digest(), world.rooms.events) == (before, events)


@pytest.mark.parametrize("who", ["rex", "ivo", "lea", "pia"])
def test_no_proof_is_tried_for_a_signature_that_cannot_be(world, monkeypatch, who):
    """Whoever may not sign, has not opened the record or names no visit learns of no password whether it is right."""
    tried, access = [], type(world.rooms.clinic.access)
    for name in ("prove", "prove_with_passkey"):
        monkeypatch.setattr(access, name, lambda *told: tried.append(told))
    client, before = world.client(who), world.digest()
    for proof in ({"password": password_of(who)}, {"password": "wrong one"}, {"passkey": "{}"}):
        path, form = "/api/visits/{visit}/sign", {"shown": ID, **proof}
        if who != "pia":
            assert world.send(client, "POST", path, form).status_code == 403
        assert world.send(client, "POST", path, form, visit=ID).status_code == (404 if may(who, "sign") else 403)
    assert not tried
    assert world.digest() == before


def test_ids_of_one_kind_are_no_keys_to_another(world):
    """A visit's id is no person's, a person's no visit's, and what belongs to one person cannot be had by another."""
    pia, before, ids = world.client("pia"), world.digest(), world.ids
    swapped = {"person": ids["visit"], "visit": ids["person"]}
    for method, path in OF_A_PERSON:
        if may("pia", ACTS[method, path]):
            answer = world.send(pia, method, path, world.form(path, "pia") | {"proof": ""}, **swapped)
            assert answer.status_code in (404, 400, 422), (method, path, answer.status_code)
            assert not told(answer), path
    for thing in ("relatives/{relative}", "consents/{consent}"):
        path = f"/people/{{person}}/{thing}"
        assert world.send(pia, "GET", path, person=ids["other"]).status_code == 404
        answer = world.send(pia, "POST", path, world.form(path, "pia"), person=ids["other"])
        assert answer.status_code in (404, 422), path
        assert not told(answer)
    assert pia.get(f"/people/{ids['other']}?after={ids['visit']}").status_code == 404
    answer = pia.get(f"/people/{ids['other']}/open?to={ids['visit']}")
    assert ids["visit"] not in answer.text
    assert world.digest() == before


def test_a_visit_is_moved_to_opened_records_only(world):
    before = world.digest()
    lea = world.rooms.client()
    lea.holds(COOKIE, world.rooms.made.access.sign_in("lea", password_of("lea"), "192.168.1.9"))
    lea.csrf = TOKEN.search(lea.get("/account").text).group(1)
    lea.sent(f"/people/{world.ids['person']}/open", identifier=["name", "birth date"])
    for to in (world.ids["other"], ID, world.ids["person"], "", "../x"):
        answer = world.send(lea, "POST", "/visits/{visit}/move", {"to": to, "reason": "y"})
        assert answer.status_code == 422, to
    with world.rooms.clinic.practice.within() as shelf:
        assert shelf.visit(world.ids["visit"]).person == world.ids["person"]
    world.send(lea, "POST", "/sign-out")
    assert world.digest()["key"] == before["key"]


def test_looking_at_the_identifiers_of_somebody_is_in_the_trail(world):
    """Phone, address and number stand on the page that opens a record, before anybody opened it."""
    since = world.rooms.events
    assert "XK-99" in world.client("rex").get(world.path("/people/{person}/open")).text
    assert world.kinds(since) == ["record.read"]


def test_a_session_opens_records_for_itself_alone(world):
    """What pia opened in one session is closed in another session of hers."""
    made = world.rooms.made
    assert world.client("pia").get(world.path("/people/{person}")).status_code == 200
    elsewhere = world.rooms.client()
    held = made.access.sign_in("pia", password_of("pia"), "192.168.1.9")
    elsewhere.holds(COOKIE, held)
    answer = elsewhere.get(world.path("/people/{person}"))
    assert answer.status_code == 303
    assert not told(answer)
    made.access.sign_out(held)


def test_drafts_are_recorded_once_for_their_author_in_opened_records_only(world):
    pia, lea, before = world.client("pia"), world.client("lea"), world.digest()
    name = str(uuid.uuid4())
    assert world.send(lea, "POST", "/api/entries").status_code == 403, "not opened"
    both = {"entries": world.draft(name=name)["entries"] + world.draft(visit=ID)["entries"]}
    answer = world.send(pia, "POST", "/api/entries", both)
    assert answer.status_code == 422, "one of two is nobody's: none is recorded"
    assert answer.json()["problems"][0]["at"] == "entries[1].visit"
    for change in ({"on_behalf": world.rooms.made.staff["lea"]}, {"author": "x"}):
        forged = world.draft()
        forged["entries"][0]["body"] |= change
        assert world.send(pia, "POST", "/api/entries", forged).status_code == 422
        forged = world.draft()
        forged["entries"][0] |= change
        assert world.send(pia, "POST", "/api/entries", forged).status_code == 422
    assert world.digest() == before
    first = world.send(pia, "POST", "/api/entries", world.draft(name=name))
    assert first.status_code == 200
    after = world.digest()
    again = world.send(pia, "POST", "/api/entries", world.draft(name=name)).json()["receipts"][0]
    assert again == first.json()["receipts"][0] | {"repeated": True}
    for replay in (
        world.draft(name=name, text="C7 on the right"),
        world.draft(name=name, visit=world.ids["signed"]),
        {"entries": [world.draft(name=name)["entries"][0] | {"zone": "UTC"}]},
    ):
        answer = world.send(pia, "POST", "/api/entries", replay)
        assert answer.status_code == 422
        assert "C6" not in answer.text
    answer = world.send(lea, "POST", "/api/entries", world.draft(name=name))
    assert answer.status_code in (403, 422), "the receipt is its author's"
    assert "hash" not in answer.text
    assert world.digest()["key"] == after["key"]


def test_who_is_missing_looks_the_same_whatever_id_was_tried(world):
    pages = {world.client("ana").get(f"/people/{one}/open").text for one in (ID, str(uuid.uuid4()), world.ids["visit"])}
    assert len(pages) == 1
