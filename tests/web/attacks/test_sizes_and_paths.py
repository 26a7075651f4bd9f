"""Too much, too deep, and made of what no page would send: refused at once, in a sentence, with nothing changed."""

import re
import time

import pytest

from tests.web.attacks.acts import ACTS
from tests.web.attacks.ground import ID, OURS, may

pytestmark = pytest.mark.enable_socket
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
DEEP = 100_000
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
# What no name, word or day may be.
BAD = {
    "ten thousand characters": "x" * 10_000,
    "a zero byte, and turned around": "Ann\x00\u202ea",
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_no_field_of_any_form_takes_it(world, bad):
    """Each field of each form in turn, the others as they should be."""
    before, tried, taken, done = world.digest(), 0, set(), set()
    for who in ("pia", "lea", "ana"):
        client = world.client(who)
        for method, path in ACTS:
            if method != "POST" or "/api/" in path or path in done or not may(who, ACTS[method, path]):
                continue
            done.add(path)
            form = world.form(path, who) | {"proof": ""}
            for name in [one for one in form if one not in ("csrf", "q", "proof", "anyway", "copy", "licence")]:
                tried += 1
                answer = world.send(client, method, path, form | {name: bad}, staff=world.rooms.made.staff["aud"])
                assert answer.status_code < 500, (path, name)
                if world.digest() != before:
                    taken.add((path, name))
                    before = world.digest()
                assert len(answer.content) < 400_000
    assert tried >= 25
    # A row of a safety table is chosen by its digest, which stands beside what was typed here.
    assert taken <= {("/review/{table}", "digest"), ("/review/{table}/{key}", "row")}, taken


@pytest.mark.parametrize(
    ("headers", "body", "statuses"),
    [
        (FORM, b"a" * 70_000, {413}),
        (FORM, b"a=1&" * 301, {400}),
        (FORM, b"&" * 60_000, {303, 403, 404, 400}),
        (FORM, b"a" * 60_000 + b"=", {303, 403, 404, 422}),
        (FORM, b"%" * 60_000, {303, 403, 404, 422}),
        (FORM | {"Content-Length": "-1"}, b"a", {400}),
        (FORM | {"Content-Length": "1e9"}, b"a", {400, 413}),
        (FORM | {"Content-Length": b"\xb2"}, b"a", {400, 413}),
        (FORM | {"Content-Length": "9" * 40}, b"a", {413}),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x\r\n" * 10_000, {400, 403}),
        ({"Content-Type": "multipart/form-data; boundary=" + "x" * 10_000}, b"--x", {400}),
        ({"Content-Type": "multipart/form-data"}, b"--x", {400}),
    ],
    ids=str,
)
def test_no_route_takes_a_body_that_is_too_much_or_no_form(world, headers, body, statuses):
    client, before = world.client("pia"), world.digest()
    for path in ("/people/new", "/sign-out", "/account/password", "/nothing"):
        since = time.process_time()
        answer = client.post(path, content=body, headers=OURS | headers)
        assert answer.status_code in statuses | {403}, path
        assert len(answer.content) < 20_000
        assert time.process_time() - since < 5
    assert world.digest() == before


DEEP_ENTRY = (
    '{"entries": [{"id": "a", "kind": "hypothesis.recorded", "visit": "b", "device_time": "", "zone": "", "body": '
)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * DEEP,
        b'{"entries":' * 10_000,
        (DEEP_ENTRY + '{"text":' + "[" * 900 + "]" * 900 + "}}]}").encode(),
        (DEEP_ENTRY + '{"a":' * 60_000).encode(),
        b'{"entries": [' + b"{}," * 30_000 + b"{}]}",
        b'{"entries": ' + b"9" * 5_000 + b"}",
        b'{"entries": 1e999999999}',
        b'{"entries": NaN}',
        b'{"entries": [{"id": "\\ud800", "kind": "\\ud800", "visit": "\\u0000", "device_time": "\\udfff"'
        b', "zone": "\\ud800", "body": {"\\ud800": "\\udfff"}}]}',
        b'{"entries": [], "entries": []}',
        b'{"__proto__": {"admin": true}, "entries": []}',
        b"\xff\xfe{\x00",
        b"\xef\xbb\xbf{}",
        b"null",
        b'"x"',
        b"",
    ],
    ids=range(16),
)
def test_json_that_is_no_draft_is_refused_in_its_own_shape(world, body):
    pia, before, since = world.client("pia"), world.digest(), time.process_time()
    answer = pia.post("/api/entries", content=body, headers=JSON | {"X-CSRF": pia.csrf})
    assert answer.status_code in (422, 413)
    assert answer.json()["message"]
    assert len(answer.content) < 30_000
    assert time.process_time() - since < 5
    assert world.digest() == before


@pytest.mark.parametrize("case", ["bomb", "deep", "number", "zero", "half", "flow", "many"])
def test_a_case_file_that_would_grow_is_refused_quickly(world, case):
    text = {
        "bomb": BOMB,
        "deep": "[" * 50_000,
        "number": "person: {age: " + "9" * 100_000 + "}",
        "zero": "person: {age: 4\x000}",
        "half": '{"person": {"age": "\\ud800"}}',
        "flow": "{" * 20_000 + "}" * 20_000,
        "many": "".join(f"k{n}: 1\n" for n in range(15_000)),
    }[case]
    pia, before, since = world.client("pia"), world.digest(), time.process_time()
    answer = world.send(pia, "POST", "/visits/{visit}/examination", {"text": text})
    assert answer.status_code == 422
    assert len(answer.content) < 400_000
    assert time.process_time() - since < 5
    if len(text) < 100_000:
        draft = world.draft()["entries"][0]
        draft |= {"kind": "examination.recorded", "body": {"case": {"person": {"age": text}}}}
        assert world.send(pia, "POST", "/api/entries", {"entries": [draft]}).status_code == 422
    assert world.digest() == before


PATHS = (
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%2fetc%2fpasswd",
    "x%00.json",
    "%252e%252e%252f",
    "x" * 3000,
    "%c0%ae",
)


@pytest.mark.parametrize("trick", PATHS)
def test_no_id_is_a_path(world, trick):
    """In the place of every id of every page that is read, and in every question."""
    lea, ana = world.client("lea"), world.client("ana")
    for method, path in ACTS:
        if method == "GET":
            for name in re.findall(r"\{(\w+)\}", path):
                answer = world.send(ana if may("ana", ACTS[method, path]) else lea, "GET", path, **{name: trick})
                assert answer.status_code in (200, 303, 307, 400, 403, 404), (path, name)
                assert "root:" not in answer.text
                if answer.status_code == 303:
                    assert re.fullmatch(
                        r"/(sign-in|people(/[a-z0-9-]{1,64}/open(\?to=[a-z0-9-]{1,64})?)?)", answer.headers["location"]
                    )
    for path in ("/static/", "/atlas/static/", "/mechanism/static/", "/atlas/atlas-js/"):
        assert "root:" not in ana.get(path + trick).text
    for question in (
        "/audit?person=",
        "/audit?author=",
        "/audit?kind=",
        "/audit?before=",
        "/review?state=",
        "/account?done=",
    ):
        assert ana.get(question + trick.replace("#", "%23")).status_code in (200, 400)


def test_names_of_files_are_the_program_s(world):
    """Somebody called ``../../x`` or with a quote in the name gives no file that name."""
    pia = world.client("pia")
    for path in ("/people/{person}/export.json", "/people/{person}/record.pdf", "/visits/{signed}/note.pdf"):
        answer = world.send(pia, "GET", path)
        told = answer.headers["content-disposition"]
        assert re.fullmatch(r'attachment; filename="(record|note)-[0-9a-f-]{36}-\d{4}-\d\d-\d\d\.(json|pdf)"', told)


def test_a_file_handed_in_is_read_and_its_name_never_used(world):
    pia, before = world.client("pia"), world.digest()
    path = world.path("/visits/{visit}/examination")
    for name in ("../../../evil.yaml", "/etc/passwd", "x\x00.yaml", "a" * 5000, "<script>.yaml", ""):
        files = {"file": (name, b"person: {age: none}")}
        answer = pia.post(path, data={"csrf": pia.csrf, "text": ""}, files=files, headers=OURS)
        assert answer.status_code in (400, 422)
        assert "evil" not in answer.text
        assert "<script>" not in answer.text
    two = [("file", ("a", b"x")), ("file", ("b", b"x"))]
    assert pia.post(path, data={"csrf": pia.csrf}, files=two, headers=OURS).status_code == 400
    assert world.digest() == before


def test_numbers_in_questions_are_bounded(world):
    ana = world.client("ana")
    for number in ("-1", "0", "9" * 30, "1e5", "0x10", "1" + "0" * 5000, "\u0664", "NaN", ""):
        for question in ("/audit?before=", f"/review/{world.ids['table']}?start="):
            assert ana.get(question + number).status_code in (200, 400, 404)
    assert ana.get(f"/people/{ID}?after={'x' * 100}").status_code in (400, 404)
