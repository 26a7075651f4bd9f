"""Sessions chosen beforehand, stolen, replayed and outlived; what cookies and answers tell of them."""

import json
import re

import pytest
from sqlalchemy import select

from myotome.records.tables import DRAWER
from tests.authenticator import Authenticator
from tests.clinics import password_of
from tests.web.attacks.acts import ACTS, PUBLIC
from tests.web.attacks.ground import COOKIE, ID, OURS, World, digest
from tests.web.rooms import HOST, TOKEN, pages

pytestmark = pytest.mark.enable_socket
SECRET = re.compile(r"[\w-]{43}")


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    with pages(tmp_path_factory.mktemp("clinic")) as made:
        yield made


def sign_in(client, who, **beside):
    return client.sent("/sign-in", name=who, password=password_of(who), **beside)


def test_a_session_chosen_before_signing_in_is_not_the_one_that_begins(rooms):
    """By hand, by another's running session, and by a device that nobody enrolled."""
    theirs = rooms.made.access.sign_in("rex", password_of("rex"), "192.168.1.9")
    for chosen in ("a" * 43, theirs, "", "../x", "%00"):
        victim, attacker = rooms.client(), rooms.client()
        victim.holds(COOKIE, chosen)
        victim.holds(f"{COOKIE}-device", "tablet-of-the-attacker")
        answer = sign_in(victim, "pia")
        new = re.search(rf"{COOKIE}=([\w-]+);", answer.headers["set-cookie"]).group(1)
        assert SECRET.fullmatch(new)
        assert new != chosen
        attacker.holds(COOKIE, chosen)
        assert attacker.get("/account").status_code == 303
        assert rooms.clinic.access.actor(new).device == "desk"
    assert rooms.clinic.access.actor(theirs) is None, "the session that the browser brought ends"


def test_a_secret_is_dead_once_another_took_its_place(rooms):
    """After signing in again, changing the password and signing out, in the browser that had it and in any other."""
    client, thief = rooms.client(), rooms.client()
    sign_in(client, "lea")
    old = client.cookies[COOKIE]
    client.sent(f"/account/sessions/{ID}", page="/account", proof=password_of("lea"))
    new = client.cookies[COOKIE]
    assert new != old
    thief.holds(COOKIE, old)
    assert thief.get("/account").status_code == 303
    assert client.get("/account").status_code == 200
    form = {"csrf": TOKEN.search(client.get("/account").text).group(1)}
    client.post("/sign-out", data=form, headers=OURS)
    thief = rooms.client()
    thief.holds(COOKIE, new)
    for method, path in (("GET", "/account"), ("POST", "/devices"), ("POST", "/sign-out")):
        answer = thief.request(method, path, data=form if method == "POST" else None, headers=OURS)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in"), "a form sent after signing out"


def test_the_token_of_a_form_is_of_its_session_alone(rooms):
    """Not of another person's, of another session of the same person, nor of one that ended."""
    one, two, before = rooms.client(), rooms.client(), rooms.clinic.practice.settings()
    for client in (one, two):
        sign_in(client, "ana")
    tokens = [TOKEN.search(client.get("/account").text).group(1) for client in (one, two)]
    assert all(SECRET.fullmatch(token) for token in tokens)
    for token in (tokens[1], tokens[0][:-1], tokens[0] + "x", tokens[0].swapcase(), "", "é" * 43, "☂"):
        for sent in ({"data": {"csrf": token, "name": "Mine", "place": "DE", "zone": "UTC"}, "headers": OURS},):
            assert one.post("/clinic", **sent).status_code == 403, token
        if token.isascii():
            assert one.post("/clinic", data={"name": "x"}, headers={"X-CSRF": token}).status_code == 403
    several = f"csrf={tokens[1]}&csrf={tokens[0]}&csrf=&name=Mine"
    form = {**OURS, "Content-Type": "application/x-www-form-urlencoded"}
    assert one.post("/clinic", content=several, headers=form).status_code == 403, "the last one counts"
    assert one.get(f"/clinic?csrf={tokens[0]}").status_code == 200
    assert one.post(f"/clinic?csrf={tokens[0]}", data={"name": "Mine"}, headers=OURS).status_code == 403
    assert rooms.clinic.practice.settings() == before


def test_no_session_is_kept_as_it_could_be_used_and_no_secret_is_in_a_page_or_an_address(rooms):
    client = rooms.client()
    sign_in(client, "pia")
    token = client.cookies[COOKIE]
    with rooms.clinic.practice.ledger.database.reading() as connection:
        for row in connection.execute(select(DRAWER)).all():
            assert token not in repr(row)
            assert token.encode() not in bytes(row.sealed)
    for path in ("/account", "/people", "/atlas/", "/mechanism/"):
        answer = client.get(path)
        assert token not in answer.text
        assert token not in str(answer.headers)


def test_many_sessions_of_one_person_end_the_oldest_and_an_idle_or_old_one_is_over(tmp_path):
    with pages(tmp_path) as rooms:
        clients = [rooms.client() for _ in range(11)]
        for client in clients:
            rooms.made.clock.forward(seconds=2)
            sign_in(client, "pia")
        assert [client.get("/account").status_code for client in (clients[0], clients[1], clients[-1])] == [
            303,
            200,
            200,
        ]
        rooms.made.clock.forward(minutes=59)
        assert clients[1].get("/account").status_code == 200
        rooms.made.clock.forward(minutes=61)
        assert clients[1].get("/account").status_code == 303
        sign_in(clients[2], "pia")
        for _ in range(12):
            rooms.made.clock.forward(minutes=59)
            clients[2].get("/account")
        rooms.made.clock.forward(minutes=59)
        assert clients[2].get("/account").status_code == 303, "12 hours are the most"


@pytest.mark.parametrize("secure", [False, True])
def test_cookies_bear_the_flags_of_where_they_are_set(tmp_path, secure):
    base = "https://localhost" if secure else HOST
    with pages(tmp_path, base=base, https=secure) as rooms:
        client = rooms.client()
        cookies = sign_in(client, "ana").headers.get_list("set-cookie")
        cookies += client.sent("/devices", name="tablet").headers.get_list("set-cookie")
        answer = client.sent("/sign-out", page="/account")
        cookies += answer.headers.get_list("set-cookie")
        assert len(cookies) == 3
        for cookie in cookies:
            name, *flags = cookie.split("; ")
            assert name.startswith("__Host-myotome-main") is secure
            assert {"Path=/", "HttpOnly", "SameSite=Lax"} <= set(flags)
            assert ("Secure" in flags) is secure
            assert not any(flag.startswith("Domain") for flag in flags)
        assert answer.headers["clear-site-data"] == '"cache"', "what waits at the bedside to be sent is not thrown away"


def test_an_answer_of_a_passkey_works_once_for_one_purpose_and_one_session(tmp_path):
    with pages(tmp_path) as rooms:
        world, device = World(rooms), Authenticator(HOST)
        lea, other = rooms.client(), rooms.client()
        for client in (lea, other):
            sign_in(client, "lea")
            client.csrf = TOKEN.search(client.get("/account").text).group(1)

        def ask(client, purpose):
            return world.send(client, "POST", "/account/passkey/challenge", {"purpose": purpose}).text

        answer = device.register(ask(lea, "add"))
        stolen = world.send(other, "POST", "/account/passkeys/new", {"passkey": answer, "label": "mine"})
        assert stolen.status_code == 422, "a challenge belongs to its session"
        answer = device.register(ask(lea, "add"))
        added = {"passkey": answer, "label": "phone"}
        assert world.send(lea, "POST", "/account/passkeys/new", added).status_code == 303
        assert world.send(lea, "POST", "/account/passkeys/new", added).status_code == 422
        nobody = rooms.client()
        options = nobody.post("/sign-in/passkey/challenge", headers=OURS, data={"x": "1"}).text
        signed = device.sign(options)
        assert nobody.post("/sign-in/passkey", data={"passkey": signed}, headers=OURS).status_code == 303
        again = rooms.client().post("/sign-in/passkey", data={"passkey": signed}, headers=OURS)
        assert again.status_code == 422
        proof = device.sign(ask(lea, "prove"))
        ended = "/account/sessions/{session}"
        assert world.send(other, "POST", ended, {"passkey": proof}, session="others").status_code == 422
        proof = device.sign(ask(lea, "prove"))
        for wrong in (proof.replace("webauthn.get", "x"), json.dumps(json.loads(proof) | {"id": "x"}), "{}", "[]", "x"):
            assert world.send(other, "POST", ended, {"passkey": wrong}, session="others").status_code == 422
        assert world.send(other, "POST", ended, {"passkey": signed}, session="others").status_code == 422


def test_nobody_signed_in_reaches_or_changes_anything(world):
    nobody, before, events = world.rooms.client(), world.digest(), world.rooms.events
    nobody.csrf = world.client("pia").csrf
    for method, path in sorted(PUBLIC):
        assert world.send(nobody, method, path).content == world.send(world.client("pia"), method, path).content, path
    for method, path in sorted(ACTS.keys() - PUBLIC):
        if path in (
            "/found",
            "/sign-in",
            "/sign-in/passkey",
            "/sign-in/passkey/challenge",
            "/invitation",
            "/",
            "/health",
        ):
            continue
        answer = world.send(nobody, method, path, None if "/api/" in path else world.form(path, "pia"))
        assert (answer.status_code, answer.headers.get("location")) in ((303, "/sign-in"), (401, None)), path
        assert answer.content == b"" or answer.json() == {"message": "Sign in first."}
    assert (world.digest(), world.rooms.events) == (before, events)


def test_who_left_and_a_locked_device_are_out_at_once_and_a_role_taken_away_is_gone(tmp_path):
    with pages(tmp_path) as rooms:
        world = World(rooms)
        ana, lea, ivo = (world.client(who) for who in ("ana", "lea", "ivo"))
        assert lea.get("/devices").status_code == 200
        told = {"name": "Lea Lead", "roles": ["reception"], "licence": "123", "reason": "x"}
        staff = rooms.made.staff
        assert world.send(ana, "POST", "/staff/{staff}", told, staff=staff["lea"]).status_code == 303
        assert lea.get("/devices").status_code == 403, "roles are read fresh"
        assert lea.get("/account").status_code == 200
        left = world.send(ana, "POST", "/staff/{staff}/{what}", {"reason": "x"}, staff=staff["ivo"], what="leave")
        assert left.status_code == 303
        before = digest(rooms.clinic.practice.ledger.database)
        assert ivo.get("/account").status_code == 303
        assert ivo.post("/account/password", data={"csrf": ivo.csrf}, headers=OURS).status_code == 303
        assert digest(rooms.clinic.practice.ledger.database) == before
