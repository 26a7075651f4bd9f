"""Requests that another site, a forged name or a proxy of an attacker sends in somebody's name."""

import json

import pytest

from tests.web.attacks.acts import ACTS
from tests.web.attacks.ground import COOKIE, ID, OURS
from tests.web.rooms import HOST

pytestmark = pytest.mark.enable_socket
FORM = "application/x-www-form-urlencoded"
ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-site", "Origin": HOST},
    {"Sec-Fetch-Site": "Same-Origin"},
    {"Origin": "https://evil.example"},
    {"Origin": "https://localhost"},
    {"Origin": "http://localhost:1"},
    {"Origin": "null"},
    {"Referer": f"{HOST}/account"},
    {},
]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_no_act_of_the_application_is_done_from_elsewhere(world, headers):
    """The attacker even knows the token of the form."""
    client, before, events, asked = world.client("ana"), world.digest(), world.rooms.events, 0
    for method, path in ACTS:
        if method == "POST":
            asked += 1
            form = {"csrf": client.csrf, **({} if "/api/" in path else world.form(path, "ana"))}
            assert client.post(world.path(path), data=form, headers=headers).status_code == 403, path
    assert asked >= 35
    assert (world.digest(), world.rooms.events) == (before, events)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("text/plain", 415),
        ("", 415),
        ("application/x-www-form-urlencoded, application/json", 415),
        ("application/jsonp", 415),
        ("text/html; application/json", 415),
        ("application/json", 403),
        ("application/json; charset=utf-8", 403),
        (f"{FORM}; charset=utf-7", 415),
        ("multipart/form-data; boundary=x; charset=punycode", 415),
    ],
)
def test_a_body_of_a_kind_that_a_foreign_page_may_send_is_not_taken(world, kind, status):
    """A page of another site may send text/plain without asking first; JSON needs the token in a header."""
    pia, before = world.client("pia"), world.digest()
    headers = {"Sec-Fetch-Site": "same-origin"} | ({"Content-Type": kind} if kind else {})
    body = json.dumps(world.draft())
    for content in (body, f"csrf={pia.csrf}", body.replace("{", '{"csrf": "' + pia.csrf + '", ', 1)):
        answer = pia.post("/api/entries", content=content.encode(), headers=headers)
        assert answer.status_code in (status, 403)
    assert world.digest() == before


def test_a_form_encoding_that_would_take_minutes_is_refused_at_once(world):
    """Python decodes 'punycode' in quadratic time: 250 kB of it held the whole server for 18 seconds, unasked."""
    client = world.rooms.client()
    body = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" + b"ab" * 120_000 + b"\r\n--x--\r\n"
    for charset in ("punycode", "idna", "utf-7", "unicode_escape", "PUNYCODE", '"punycode"', "utf-16"):
        kind = {"Content-Type": f"multipart/form-data; boundary=x; charset={charset}"}
        answer = client.post(f"/visits/{ID}/examination", content=body, headers=kind | OURS)
        assert answer.status_code == 415, charset
    kind = {"Content-Type": "multipart/form-data; boundary=x; charset=UTF-8"}
    assert client.post(f"/visits/{ID}/examination", content=body, headers=kind | OURS).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"X-HTTP-Method-Override": "POST"},
        {"X-Method-Override": "POST"},
        {"X-HTTP-Method": "DELETE"},
        {"X-Original-URL": "/account"},
        {"X-Rewrite-URL": "/clinic"},
        {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example;proto=https"},
        {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1", "True-Client-IP": "127.0.0.1"},
        {"X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/evil", "X-Script-Name": "/evil"},
        {"Range": "bytes=0-5", "If-Modified-Since": "Sat, 01 Jan 2050 00:00:00 GMT", "If-None-Match": "*"},
        {"Accept-Encoding": "gzip, br", "Upgrade-Insecure-Requests": "1", "Access-Control-Request-Method": "POST"},
    ],
    ids=str,
)
def test_no_header_of_a_proxy_or_framework_is_believed(world, headers):
    ana, plain = world.client("ana"), world.client("ana").get("/staff")
    answer = ana.get("/staff", headers=headers)
    assert (answer.status_code, answer.text) == (plain.status_code, plain.text)
    assert "access-control-allow-origin" not in answer.headers
    for path in ("/account", "/staff/", "/clinic/?x=1"):
        seen = world.rooms.client().get(path, headers=headers)
        assert seen.headers["location"].removeprefix(HOST) in ("/sign-in", path.replace("/?", "?").rstrip("/")), path
        assert "evil" not in str(seen.headers) + seen.text


def test_a_method_in_the_form_or_the_address_changes_nothing(world):
    ana, before = world.client("ana"), world.digest()
    for told in ("_method=POST", "_method=DELETE", "method=POST", "name=Mine&place=DE&zone=UTC"):
        assert ana.get(f"/clinic?{told}&csrf={ana.csrf}").status_code == 200
        assert ana.request("HEAD", f"/clinic?{told}").status_code in (200, 405)
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"):
        answer = ana.request(method, "/clinic", data={"csrf": ana.csrf, "name": "Mine"}, headers=OURS)
        assert answer.status_code in (400, 405), method
    assert world.digest() == before


def test_asking_by_get_changes_nothing_but_the_trail(world):
    """Every page that somebody may see, asked for with a form's fields in the address.

    The key of what waits on a device is made when it is first asked for; it stays the same from then on.
    """
    keys = [world.client(who).get("/api/bedside/me").json()["outbox_key"] for who in ("ana", "pia")]
    before = world.digest()
    for who in ("ana", "pia"):
        client = world.client(who)
        for method, path in ACTS:
            if method == "GET":
                query = "?csrf=" + client.csrf + "&reason=x&answer=destroy&verdict=rejected&name=Mine&identifier=name"
                assert client.get(world.path(path) + query).status_code < 500, path
    assert world.digest() == before
    assert keys == [world.client(who).get("/api/bedside/me").json()["outbox_key"] for who in ("ana", "pia")]


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "evil.example:80",
        "localhost:80@evil.example",
        "evil.example#localhost",
        "localhost/sign-in?",
        "localhost\\@evil.example",
        "127.0.0.1.nip.example",
        "0.0.0.0",  # noqa: S104  # as a name that is asked for
        "2130706433",
        "0x7f000001",
        "[::]",
        "[::ffff:127.0.0.1]",
        "localhost%00",
        "localhost,evil.example",
        "",
    ],
)
def test_a_forged_host_reaches_no_page_and_is_never_told_back(world, host):
    """A name of the attacker's that is made to lead here, and names by which a check may be fooled."""
    for path in ("/account", "/sign-in", "/", "/static/clinic.css", "/health", "/people/"):
        answer = world.client("ana").get(path, headers={"Host": host})
        assert (answer.status_code, answer.text) == (400, "This server does not go by that name.\n")
        assert "evil" not in str(answer.headers)


def test_what_stands_open_is_not_widened_by_the_writing_of_a_path(world):
    """The guard and the routes must see one and the same path."""
    nobody = world.rooms.client()
    for path in (
        "/sign-in%3f/../account",
        "/sign-in%23/account",
        "/sign-in;/account",
        "/static/%2e%2e/account",
        "/static/..%2faccount",
        "/static/%2e%2e%2f%2e%2e%2fapp.py",
        "/static//etc/passwd",
        "/static/%00",
        "/static/" + "x" * 5000,
        "/sign-in%0a",
        "/%0asign-in",
        "//account",
        "/./account",
        "/%61ccount",
        "/ACCOUNT",
        "/account%20",
        "/health%09",
        "/invitation%0d%0aX-Evil:1",
    ):
        answer = nobody.get(path)
        assert answer.status_code in (303, 404, 405), path
        if answer.status_code == 303:
            assert answer.headers["location"] == "/sign-in"
        assert "x-evil" not in answer.headers
        assert "Your account" not in answer.text
        assert "root:" not in answer.text
        assert "import" not in answer.text


@pytest.mark.parametrize(
    "query", [b"\xff\xfe", b"done=%ff", b"a=" + b"x" * 9000, b"%00=%00", b"done=saved&done=%3Cb%3E"]
)
def test_a_question_in_bytes_that_are_no_text_is_no_error(world, query):
    """A raw byte in an address once broke the page of errors itself."""
    import anyio

    sent = []

    async def ask(path, cookie):
        headers = [(b"host", b"localhost"), (b"cookie", cookie.encode())]
        scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query}
        scope |= {"headers": headers, "scheme": "http", "client": ("127.0.0.1", 1), "server": ("localhost", 80)}
        scope |= {"http_version": "1.1", "root_path": "", "extensions": {}}

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            sent.append(message)

        await world.rooms.app(scope, receive, send)

    cookie = f"{COOKIE}={world.client('ana').cookies[COOKIE]}"
    for path in ("/account", "/sign-in", "/nothing", "/audit", "/people", f"/api/people/{ID}", "/staff/", "/atlas/"):
        sent.clear()
        anyio.run(ask, path, cookie)
        assert sent[0]["status"] < 500, path
        assert b"Traceback" not in b"".join(one.get("body", b"") for one in sent)
