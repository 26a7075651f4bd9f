"""What stands before every page: tried with every address that the clinic has, and with requests no browser sends."""

import asyncio
import logging
import re

import pytest
from starlette.requests import Request
from starlette.routing import Mount

from myotome.web.clinic import bodies
from myotome.web.clinic.guards import BEDSIDE, OPEN, WITHOUT_TOKEN
from tests.web.rooms import TOKEN, pages, said

pytestmark = pytest.mark.enable_socket
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
OURS = {"Sec-Fetch-Site": "same-origin"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; connect-src 'self'; worker-src 'self'; manifest-src 'self'"
)


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    with pages(tmp_path_factory.mktemp("clinic")) as made:
        yield made


def routed(rooms, method):
    """Every path of the application for a method, with something in the place of each id."""
    found = []
    waiting = [(rooms.app.routes, "")]
    while waiting:
        routes, before = waiting.pop()
        for route in routes:
            inner = getattr(route, "original_router", None) or getattr(route, "router", None)
            if isinstance(route, Mount):
                continue
            if inner is not None:
                waiting.append((inner.routes, before + getattr(getattr(route, "include_context", None), "prefix", "")))
            elif method in route.methods:
                found.append(re.sub(r"\{[^}]+\}", "11111111-2222-4333-8444-555555555555", before + route.path))
    return found


def test_every_page_needs_a_session_but_those_by_which_one_comes_in(rooms):
    paths = routed(rooms, "GET")
    assert len(paths) >= 15
    nobody = rooms.client()
    for path in [*paths, "/atlas/", "/mechanism/", "/atlas/plates", "/no-such-page"]:
        answer = nobody.get(path)
        if path in OPEN:
            assert answer.status_code in (200, 303), path
        elif BEDSIDE.fullmatch(path):
            assert answer.status_code in (200, 404), path  # the same for every visit: see test_bedside_page
        elif path.startswith("/api/"):
            assert (answer.status_code, answer.json()) == (401, {"message": "Sign in first."}), path
        else:
            assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in"), path
    told = nobody.get("/account", headers={"Accept": "application/json"})
    assert (told.status_code, told.json()) == (401, {"message": "Sign in first."})


def test_every_act_needs_our_page_and_the_session_s_token(rooms):
    before = rooms.events
    client, other = rooms.client("ana"), rooms.client("lea")
    theirs = TOKEN.search(other.get("/account").text).group(1)
    paths = routed(rooms, "POST")
    assert len(paths) >= 12
    for path in paths:
        if path not in OPEN:
            answer = client.post(path, data={"csrf": theirs}, headers=OURS)
            assert answer.status_code == 403, path
            assert "out of date" in said(answer), path
    for token in ("", "guess", theirs):
        assert client.post("/sign-out", data={"csrf": token}, headers=OURS).status_code == 403
    assert client.get("/account").status_code == 200
    assert rooms.events <= before + 2, "looking at one's own account is all that was recorded"
    assert {"/mechanism/run"} == WITHOUT_TOKEN


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:8001"},
        {"Origin": "null"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Referer": "http://localhost/account"},
    ],
)
def test_a_form_of_another_site_is_refused(rooms, path, headers):
    client = rooms.client("ana")
    token = TOKEN.search(client.get("/account").text).group(1)
    answer = client.post(path, data={"csrf": token, "name": "ana", "password": "x"}, headers=headers)
    assert answer.status_code == 403
    assert "This did not come from a page of this clinic" in said(answer)


def test_a_program_brings_the_token_in_a_header(rooms):
    client = rooms.client("rex")
    token = TOKEN.search(client.get("/account").text).group(1)
    form = {"staff": rooms.made.staff["pia"]}
    assert client.post("/account/charts-for", data=form).status_code == 403
    assert client.post("/account/charts-for", data=form, headers={"X-CSRF": "guess"}).status_code == 403
    assert client.post("/account/charts-for", data=form, headers={"X-CSRF": token}).status_code != 403


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "", "localhost "])
def test_other_names_that_lead_here_get_nothing(rooms, host):
    answer = rooms.client("ana").get("/account", headers={"Host": host})
    assert answer.status_code == 400
    assert answer.text == "This server does not go by that name.\n"


@pytest.mark.parametrize("host", ["localhost:8443", "127.0.0.1:80", "[::1]:80", "LOCALHOST"])
def test_our_names_are_answered_with_any_port(rooms, host):
    assert rooms.client().get("/health", headers={"Host": host}).text == "ok\n"


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACK"])
def test_methods_that_no_page_uses_are_refused(rooms, method):
    answer = rooms.client("ana").request(method, "/account")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")
    assert "TRACE" not in answer.text


def test_every_answer_bears_the_headers(rooms):
    nobody, ana = rooms.client(), rooms.client("ana")
    answers = [
        nobody.get("/sign-in"),
        nobody.get("/account"),
        ana.get("/account"),
        ana.get("/no-such-page"),
        ana.post("/staff/new", data={}),
        nobody.get("/health"),
        nobody.get("/static/clinic.css"),
        nobody.get("/static/../app.py"),
        nobody.get("/sign-in", headers={"Host": "evil.example"}),
        nobody.request("TRACE", "/"),
        ana.get("/atlas/plates"),
    ]
    for answer in answers:
        told = answer.headers
        assert told["x-content-type-options"] == "nosniff"
        assert told["referrer-policy"] == "no-referrer"
        assert told["cross-origin-opener-policy"] == told["cross-origin-resource-policy"] == "same-origin"
        assert told["x-frame-options"] == "DENY"
        assert "camera=()" in told["permissions-policy"]
        assert told["cache-control"] == ("no-cache" if "clinic.css" in str(answer.url) else "no-store")
        assert not {"server", "x-powered-by", "access-control-allow-origin", "strict-transport-security"} & set(told)
    assert {answer.headers["content-security-policy"] for answer in answers[:-1]} == {POLICY}
    assert "frame-ancestors 'none'" in answers[-1].headers["content-security-policy"]


def test_without_tls_on_a_network_the_origin_is_told_to_ourselves(tmp_path):
    with pages(tmp_path, bedside=False, rp_id=None) as plain:
        assert plain.client().get("/sign-in").headers["referrer-policy"] == "same-origin"


def test_no_page_holds_a_script_or_style_of_its_own(rooms):
    ana, nobody = rooms.client("ana"), rooms.client()
    for client, path in [(nobody, "/sign-in"), (nobody, "/invitation")] + [
        (ana, path) for path in ("/account", "/staff", "/staff/new", "/devices", "/account/passkeys/new", "/nothing")
    ]:
        text = client.get(path).text
        assert not re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=|javascript:", text), path


def test_a_page_left_alone_empties_itself_but_not_one_that_is_written_on(rooms):
    ana = rooms.client("ana")
    assert ana.get("/account").headers["refresh"] == "3605; url=/sign-in"
    assert "refresh" not in ana.get(f"/staff/{rooms.made.staff['pia']}/leave").headers
    assert "refresh" not in rooms.client().get("/sign-in").headers


def _pieces(size, count):
    for _ in range(count):
        yield b"x" * size


@pytest.mark.parametrize("length", ["65537", "99999999999999999999"])
def test_a_body_too_large_is_refused_before_it_is_read(rooms, length):
    read = []

    def body():
        read.append(1)
        yield b"x"

    answer = rooms.client("ana").post("/staff/new", content=body(), headers=FORM | OURS | {"Content-Length": length})
    assert answer.status_code == 413
    assert "larger than is taken here" in said(answer)


def test_a_body_in_pieces_is_counted_as_it_comes(rooms):
    client = rooms.client("ana")
    assert client.post("/staff/new", content=_pieces(4096, 17), headers=FORM | OURS).status_code == 413
    assert client.post("/staff/new", content=_pieces(4096, 8), headers=FORM | OURS).status_code == 403
    case = "/visits/11111111-2222-4333-8444-555555555555/examination"
    assert client.post(case, content=_pieces(4096, 60), headers=FORM | OURS).status_code == 403
    assert client.post(case, content=_pieces(4096, 65), headers=FORM | OURS).status_code == 413


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(bodies, "SECONDS", 0.05)
    scope = {"type": "http", "method": "POST", "path": "/sign-in", "headers": [], "query_string": b""}
    first = [{"type": "http.request", "body": b"na", "more_body": True}]

    async def receive():
        return first.pop() if first else await asyncio.sleep(60)

    with pytest.raises(bodies.BodyError) as refused:
        asyncio.run(bodies.body_of(Request(scope), receive))
    assert refused.value.status == 408


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("text/plain", b"csrf=x", 415),
        ("", b"csrf=x", 415),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(400)), 400),
        ("multipart/form-data", b"no boundary", 400),
        ("multipart/form-data; boundary=x", b"--y\r\nbroken", 400),
        ("application/x-www-form-urlencoded", b"%ff%00=%zz", 403),
        ("application/json", b"{", 403),
    ],
)
def test_a_body_that_is_no_form_is_refused(rooms, kind, body, status):
    answer = rooms.client("ana").post(
        "/staff/new", content=body, headers=OURS | ({"Content-Type": kind} if kind else {})
    )
    assert answer.status_code == status


def test_what_is_missing_and_what_is_forbidden_look_the_same(rooms):
    ana = rooms.client("ana")
    pages_seen = {
        said(ana.get(path))
        for path in ("/staff/11111111-2222-4333-8444-555555555555", "/staff/..%2f..%2fetc", "/nothing", "/staff/x/y")
    }
    assert len(pages_seen) == 1
    assert "There is nothing here, or nothing that you may see." in pages_seen.pop()
    answer = ana.get("/nothing", headers={"Accept": "application/json"})
    assert answer.json() == {"message": "There is nothing here, or nothing that you may see."}


def test_an_unexpected_error_tells_nothing_but_a_number(tmp_path, caplog):
    private = "Jo Example, born 1980-05-31"

    class SurpriseError(Exception):
        pass

    with pages(tmp_path) as rooms:

        @rooms.app.get("/broken/{person}")
        def broken(person: str) -> None:
            raise SurpriseError(private)

        ana = rooms.client("ana")
        with caplog.at_level(logging.DEBUG):
            answer = ana.get("/broken/some-id")
        assert answer.status_code == 500
        number = re.search(r"[0-9a-f]{8}", said(answer).split("Number of this error:")[1]).group()
        assert [one.getMessage() for one in caplog.records if one.name.startswith("myotome")] == [
            f"error {number} at GET /broken/{{person}}: SurpriseError"
        ]
        assert not any(record.exc_info for record in caplog.records)
        assert private not in answer.text + caplog.text
        told = ana.get("/broken/some-id", headers={"Accept": "application/json"}).json()
        assert set(told) == {"message", "number"}


def test_a_record_that_cannot_be_read_is_said_in_a_sentence(tmp_path):
    with pages(tmp_path) as rooms:
        ana = rooms.client("ana")
        ana.get("/account")
        database = rooms.clinic.practice.ledger.database
        with database.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE drawer RENAME TO away")
        answer = ana.get("/account")
        assert answer.status_code == 503
        assert "Nothing of this entry was recorded." in said(answer)
        assert "drawer" not in answer.text
        with database.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE away RENAME TO drawer")


def test_redirects_lead_to_our_own_paths_whatever_was_asked(rooms):
    ana = rooms.client("ana")
    for path in ("/?next=https://evil.example", "/sign-in?next=//evil.example", "/?to=%2f%2fevil.example"):
        assert ana.get(path).headers["location"] in ("/", "/people")
    assert "evil" not in ana.get("/account?done=%3Cb%3Eevil").text


def test_atlas_and_mechanism_work_for_who_is_signed_in(rooms):
    pia = rooms.client("pia")
    assert "plate.css" in pia.get("/atlas/").text
    assert pia.get("/atlas/static/atlas.js").status_code == 200
    assert pia.get("/mechanism/").status_code == 200
    run = pia.post("/mechanism/run", json={"levels": ["C6"]}, headers=OURS)
    assert run.status_code in (200, 400)
    assert pia.post("/mechanism/run", json={}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
