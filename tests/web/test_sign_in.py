"""Coming in and going out, by every way there is, over the real pages."""

import re

import pytest

from tests.clinics import password_of
from tests.web.rooms import CODE, TOKEN, pages, said

pytestmark = pytest.mark.enable_socket
COOKIE = "myotome-main"
FOUNDING = {
    "code": CODE,
    "clinic": "Practice by the Mill",
    "place": "DE",
    "zone": "Europe/Berlin",
    "name": "Ana Owner",
    "sign_in": "ana",
    "password": "lantern under seven stones",
    "again": "lantern under seven stones",
}


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    with pages(tmp_path_factory.mktemp("clinic")) as made:
        yield made


@pytest.fixture
def empty(tmp_path):
    with pages(tmp_path, founded=False) as made:
        yield made


def test_a_clinic_is_founded_once_with_the_code_of_the_terminal(empty):
    client = empty.client()
    assert client.get("/").headers["location"] == "/found"
    assert client.get("/sign-in").headers["location"] == "/found"
    answer = client.sent("/found", **FOUNDING)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert COOKIE in client.cookies
    assert "Ana Owner" in client.words("/account")
    others = empty.client()
    assert others.get("/found").headers["location"] == "/sign-in"
    assert others.sent("/found", page="/sign-in", **FOUNDING).headers["location"] == "/sign-in"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"code": "lamp"}, "This is not the code."),
        ({"code": "lämp ☂"}, "This is not the code."),
        ({"again": "another"}, "The two passwords are not the same."),
        ({"password": "short", "again": "short"}, "it needs 12 at least"),
        ({"clinic": " "}, "clinic"),
        ({"zone": "Mars/Olympus"}, "zone"),
    ],
)
def test_a_founding_that_is_refused_leaves_nothing_and_keeps_what_was_typed(empty, wrong, words):
    answer = empty.client().sent("/found", **FOUNDING | wrong)
    assert answer.status_code == 422
    assert words in said(answer)
    assert 'value="Ana Owner"' in answer.text
    assert FOUNDING["password"] not in answer.text
    assert CODE not in answer.text or wrong.get("code", CODE) == CODE
    assert not empty.clinic.accounts.is_founded()


def test_nobody_founds_without_a_code_or_by_trying_many(tmp_path):
    with pages(tmp_path / "a", founded=False, founding_code="") as closed:
        assert "only with the code" in closed.client().words("/found")
        assert closed.client().sent("/found", **FOUNDING | {"code": ""}).status_code == 422
    with pages(tmp_path / "b", founded=False) as tried:
        for _ in range(20):
            tried.client().sent("/found", **FOUNDING | {"code": "guess"})
        assert "Start Myotome again" in said(tried.client().sent("/found", **FOUNDING))
        assert not tried.clinic.accounts.is_founded()


def test_signing_in_gives_a_new_session_and_signing_out_ends_it(rooms):
    client = rooms.client()
    client.holds(COOKIE, "chosen-by-somebody-else")
    answer = client.sent("/sign-in", name="pia", password=password_of("pia"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert re.fullmatch(rf"{COOKIE}=[\w-]{{43}}; Path=/; HttpOnly; SameSite=Lax", cookie)
    assert client.get("/").headers["location"] == "/people"
    assert client.get("/sign-in").headers["location"] == "/"
    token = client.cookies[COOKIE]
    answer = client.sent("/sign-out", page="/account")
    assert answer.headers["location"] == "/sign-in?done=signed-out"
    assert answer.headers["clear-site-data"] == '"cache"'
    assert COOKIE not in client.cookies
    client.holds(COOKIE, token)
    assert client.get("/account").headers["location"] == "/sign-in"


def test_wrong_names_and_wrong_passwords_get_the_same_page(rooms):
    told = {
        said(rooms.client().sent("/sign-in", name=name, password=password)).replace(name, "")
        for name, password in (("pia", "not her password"), ("nobody", "not her password"), ("pia", ""))
    }
    assert len(told) == 1
    typed = "secret that stays away"
    answer = rooms.client().sent("/sign-in", name='"><b>', password=typed)
    assert answer.status_code == 422
    assert 'value="&#34;&gt;&lt;b&gt;"' in answer.text
    assert typed not in answer.text


def test_over_tls_the_cookie_is_bound_to_this_host(tmp_path):
    with pages(tmp_path, base="https://localhost", https=True) as secure:
        answer = secure.client().sent("/sign-in", name="ana", password=password_of("ana"))
        assert re.fullmatch(
            rf"__Host-{COOKIE}=[\w-]{{43}}; Path=/; HttpOnly; SameSite=Lax; Secure", answer.headers["set-cookie"]
        )
        assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
        assert secure.client("ana").get("/account").status_code == 200


def test_the_password_is_changed_by_the_old_one_and_other_sessions_end(tmp_path):
    with pages(tmp_path) as rooms:
        here, there = rooms.client(), rooms.client()
        for client in (here, there):
            client.sent("/sign-in", name="rex", password=password_of("rex"))
        new = {"password": "seven herons over water", "again": "seven herons over water"}
        wrong = here.sent("/account/password", page="/account", old="not his password", **new)
        assert wrong.status_code == 422
        assert "herons" not in wrong.text
        assert there.get("/account").status_code == 200
        changed = here.sent("/account/password", page="/account", old=password_of("rex"), **new)
        assert changed.headers["location"] == "/account?done=password"
        assert "The password is changed" in here.words("/account?done=password")
        assert there.get("/account").status_code == 303
        assert there.sent("/sign-in", name="rex", password=password_of("rex")).status_code == 422
        assert there.sent("/sign-in", name="rex", password=new["password"]).status_code == 303


def test_a_session_is_ended_from_another_only_with_the_password(tmp_path):
    with pages(tmp_path) as rooms:
        here, there = rooms.client(), rooms.client()
        for client in (here, there):
            client.sent("/sign-in", name="pia", password=password_of("pia"))
        path = f"/account/sessions/{rooms.clinic.access.actor(there.cookies[COOKIE]).session}"
        assert path in here.get("/account").text
        assert "Type your password" in said(here.sent(path))
        assert here.sent(path, proof="not her password").status_code == 422
        assert there.get("/account").status_code == 200
        old, form = here.cookies[COOKIE], TOKEN.search(here.get("/account").text).group(1)
        assert here.sent(path, proof=password_of("pia")).status_code == 303
        assert TOKEN.search(here.get("/account").text).group(1) == form, (
            "what is typed in another tab can still be sent"
        )
        assert there.get("/account").status_code == 303
        assert here.cookies[COOKIE] != old, "having signed in again gives a new secret"
        assert here.get("/account").status_code == 200
        assert here.get(path).status_code == 404


def test_an_assistant_chooses_for_whom_to_chart(rooms):
    client = rooms.client("ada")
    assert client.sent("/account/charts-for", page="/account", staff=rooms.made.staff["rex"]).status_code == 422
    assert client.sent("/account/charts-for", page="/account", staff=rooms.made.staff["pia"]).status_code == 303
    assert rooms.made.actor("ada").on_behalf == rooms.made.staff["pia"]
    assert "For whom you chart" not in rooms.client("pia").words("/account")


def test_passkeys_need_a_name_for_the_clinic_and_a_sound_answer(rooms, tmp_path):
    client = rooms.client()
    page = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    options = client.post("/sign-in/passkey/challenge", headers=page | form, content="purpose=sign-in")
    assert options.json()["rpId"] == "localhost"
    for answer in ("", "{}", '{"id": 5}', "[" * 2000, '{"id":"AA","rawId":"AA","type":"public-key","response":{}}'):
        refused = client.sent("/sign-in/passkey", page="/sign-in", passkey=answer)
        assert refused.status_code == 422, answer[:20]
        assert COOKIE not in client.cookies
    options = client.post("/sign-in/passkey/challenge", headers=page | form | {"Host": "127.0.0.1"}, content="")
    assert options.status_code == 403, "they belong to localhost"
    assert "passkey" not in said(client.get("/sign-in", headers={"Host": "127.0.0.1"}))
    with pages(tmp_path, rp_id=None) as by_address:
        assert "passkey" not in by_address.client().words("/sign-in")
        refused = by_address.client().post("/sign-in/passkey/challenge", headers=page | form, content="purpose=sign-in")
        assert (refused.status_code, refused.json()["message"]) == (
            403,
            "Passkeys cannot be used at this address. Use the password.",
        )
