"""The shell of the bedside: open to everybody because it tells nothing, and kept by the browser as long as it holds."""

import gzip
import json
import re

import pytest

from myotome.web.bedside.pages import BESIDE, pages
from tests.web.records import desks, register, visit_of

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("shell")) as made:
        yield made


def test_the_shell_is_the_same_for_every_visit_and_everybody(rooms):
    pia, nobody = rooms.client("pia"), rooms.client()
    visit = visit_of(pia, register(pia, given="Anna", family="Müller"))
    answers = [pia.get(f"/bedside/{visit}"), nobody.get(f"/bedside/{visit}"), nobody.get("/bedside/shell")]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert not re.search(r"Müller|Pia|Practice by the Mill|csrf", answers[0].text)
    assert answers[0].headers["cache-control"] == "no-cache"
    policy = answers[0].headers["content-security-policy"]
    assert "worker-src 'self'" in policy and "manifest-src 'self'" in policy


def test_every_address_in_the_shell_and_in_the_worker_is_there(rooms):
    pia = rooms.client("pia")
    worker = pia.get("/bedside/sw.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert f'"{pages().version}"' in worker.text and '"FILES"' not in worker.text and '"BESIDE"' not in worker.text
    named = json.loads(re.search(r"FILES=(\[.*?\]);", worker.text)[1])
    named += re.findall(r'(?:href|src)="(/[^"]+)"', pia.get("/bedside/shell").text.replace("&amp;", "&"))
    assert len(named) >= 9
    for address in {*named, *BESIDE}:
        assert pia.get(address).status_code == 200, address
    assert not [one for one in named if one.startswith("/api/")]


def test_a_file_of_this_version_is_kept_for_good_and_one_without_a_version_is_asked_for_again(rooms):
    nobody, kept = rooms.client(), pages()
    for_good = nobody.get(kept.address("vault.js"))
    assert for_good.headers["cache-control"] == "public, max-age=31536000, immutable"
    plain = nobody.get("/bedside/static/vault.js", headers={"Accept-Encoding": "identity"})
    assert plain.headers["cache-control"] == "no-cache"
    assert plain.text == for_good.text and "content-encoding" not in plain.headers
    again = nobody.get("/bedside/static/vault.js", headers={"If-None-Match": plain.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert gzip.decompress(kept.files["vault.js"].packed) == plain.content
    for path in ("0000000000000000/vault.js", "../pages.py", "%2e%2e/pages.py", "sw", "steps"):
        assert nobody.get(f"/bedside/static/{path}").status_code in (303, 404), path


def test_a_post_to_the_shell_is_nobodys(rooms):
    answer = rooms.client().post("/bedside/shell", data={"a": "b"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.headers["location"] == "/sign-in"


def test_a_tablet_that_was_locked_is_told_so_and_another_is_not(rooms):
    ana, tablet = rooms.client("ana"), rooms.client()
    device = rooms.made.accounts.enrol(rooms.made.actor("ana"), "Lost tablet")
    tablet.holds("myotome-main-device", device)
    assert tablet.get("/api/bedside/me").json() == {"message": "Sign in first."}
    rooms.made.accounts.lock(rooms.made.actor("ana"), device, "left in a train")
    answer = tablet.get("/api/bedside/me")
    assert (answer.status_code, answer.json()["message"][:22]) == (401, "This device is locked.")
    assert ana.get("/api/bedside/me").status_code == 200
    assert rooms.client().get("/api/bedside/me").json() == {"message": "Sign in first."}


def test_every_plain_page_has_the_script_that_sends_what_waits_and_takes_the_key_at_sign_out(rooms):
    for client, path in ((rooms.client(), "/sign-in"), (rooms.client("pia"), "/people")):
        assert '<script type="module" src="/bedside/static/everywhere.js">' in client.get(path).text


def test_the_keys_of_one_s_own_devices_and_of_nobody_else_s_are_told(rooms):
    bedside, made = rooms.clinic.bedside, rooms.made
    device = made.accounts.enrol(made.actor("ana"), "Tablet of before")
    own = {bedside.secret(made.actor("lea")), bedside.secret(made.actor("lea", device))}
    other = bedside.secret(made.actor("pia", device))
    told = rooms.client("lea").get("/api/bedside/me?keys=all").json()
    assert len(own) == 2 and set(told["keys"]) == own and other not in own
    assert set(told) == {"keys"}
    assert "keys" not in rooms.client("lea").get("/api/bedside/me").json()
    assert rooms.client().get("/api/bedside/me?keys=all").status_code == 401
