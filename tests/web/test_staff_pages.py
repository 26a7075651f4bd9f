"""The pages on which the owner looks after staff, devices and the clinic, and what others see of them."""

import re

import pytest

from tests.clinics import password_of
from tests.web.rooms import pages, said

pytestmark = pytest.mark.enable_socket
NEW = {"password": "slow rivers carry lanterns", "again": "slow rivers carry lanterns"}


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    with pages(tmp_path_factory.mktemp("clinic")) as made:
        yield made


def link_in(answer):
    return re.search(r"http://localhost/invitation#([^<\s]+)", answer.text).group(1)


def test_an_invitation_lets_somebody_in_once_with_the_roles_they_were_given(rooms):
    ana = rooms.client("ana")
    told = {"name": "Noa New <i>", "sign_in": "noa", "roles": ["intern", "reception"], "licence": ""}
    answer = ana.sent("/staff/new", **told)
    assert answer.status_code == 200
    secret = link_in(answer)
    assert "Noa New &lt;i&gt;" in answer.text
    assert "invited" in ana.words("/staff")
    noa = rooms.client()
    assert noa.sent("/invitation", secret=secret, **NEW | {"again": "another"}).status_code == 422
    assert noa.sent("/invitation", **NEW, **{"secret": "guess"}).status_code == 422
    joined = noa.sent("/invitation", secret=secret, **NEW)
    assert (joined.status_code, joined.headers["location"]) == (303, "/")
    account = noa.words("/account")
    assert "Noa New <i>" in account
    assert "intern" in account
    assert "reception" in account
    assert rooms.client().sent("/invitation", secret=secret, **NEW).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"sign_in": "pia"}, "Somebody has this sign-in name already"),
        ({"roles": []}, "This is needed."),
        ({"roles": ["emperor"]}, "Choose one of"),
        ({"name": ""}, "This is needed."),
        ({"name": "Zo\u202ee"}, "character that cannot be shown"),
        ({"licence": "9" * 300}, "at most 200 characters"),
        ({"staff": "somebody"}, "This page does not ask for 'staff'"),
        ({"on_behalf": "pia"}, "This page does not ask for 'on_behalf'"),
    ],
)
def test_an_invitation_is_refused_beside_its_field_and_what_was_typed_is_kept(rooms, wrong, words):
    before = len(rooms.clinic.practice.staff())
    told = {"name": "Zoe", "sign_in": "zoe", "roles": ["intern"], "licence": "A 17"} | wrong
    answer = rooms.client("ana").sent("/staff/new", **told)
    assert answer.status_code == 422
    assert words in said(answer)
    if "licence" not in wrong:
        assert 'value="A 17"' in answer.text
    assert len(rooms.clinic.practice.staff()) == before


def test_roles_and_names_are_changed_only_where_they_differ(rooms):
    ana, staff = rooms.client("ana"), rooms.made.staff["rex"]
    same = {"name": "Rex Reception", "roles": ["reception"], "licence": "123", "reason": ""}
    refused = ana.sent(f"/staff/{staff}", **same)
    assert refused.status_code == 422
    assert "Nothing is different" in said(refused)
    changed = ana.sent(f"/staff/{staff}", **same | {"roles": ["reception", "assistant"], "reason": "new tasks"})
    assert changed.headers["location"] == f"/staff/{staff}?done=saved"
    assert set(rooms.clinic.practice.staff()[staff].roles) == {"reception", "assistant"}
    assert ana.sent(f"/staff/{staff}", **same | {"roles": []}).status_code == 422
    refused = ana.sent(f"/staff/{rooms.made.staff['ana']}", name="Ana Owner", roles=["lead"], licence="", reason="")
    assert "no owner" in said(refused)


def test_who_leaves_is_out_at_once_and_the_last_owner_stays(tmp_path):
    with pages(tmp_path) as rooms:
        ana, ivo = rooms.client("ana"), rooms.client("ivo")
        assert ivo.get("/account").status_code == 200
        path = f"/staff/{rooms.made.staff['ivo']}/leave"
        assert "nothing opens for them" in ana.words(path)
        assert ana.sent(path, reason="moved away").headers["location"] == "/staff?done=left"
        assert ivo.get("/account").headers["location"] == "/sign-in"
        assert rooms.client().sent("/sign-in", name="ivo", password=password_of("ivo")).status_code == 422
        assert "works here no more" in ana.words(path.removesuffix("/leave"))
        owner = f"/staff/{rooms.made.staff['ana']}/leave"
        assert ana.sent(owner, reason="tired").status_code == 422
        assert ana.get("/account").status_code == 200


def test_a_forgotten_password_is_a_new_invitation_for_which_the_owner_signs_in_again(tmp_path):
    with pages(tmp_path) as rooms:
        ana, pia = rooms.client("ana"), rooms.client("pia")
        path = f"/staff/{rooms.made.staff['pia']}/reset"
        assert ana.sent(path).status_code == 422
        assert ana.sent(path, proof="not hers").status_code == 422
        assert pia.get("/account").status_code == 200
        secret = link_in(ana.sent(path, proof=password_of("ana")))
        assert ana.get("/staff").status_code == 200, "the owner goes on under the session's new secret"
        assert pia.get("/account").status_code == 303
        assert rooms.client().sent("/sign-in", name="pia", password=password_of("pia")).status_code == 422
        assert pia.sent("/invitation", secret=secret, **NEW).status_code == 303
        assert "Pia Practitioner" in pia.words("/account")


def test_the_owner_ends_every_session_of_somebody(tmp_path):
    with pages(tmp_path) as rooms:
        ana, lea = rooms.client("ana"), rooms.client("lea")
        path = f"/staff/{rooms.made.staff['lea']}/sessions"
        assert ana.sent(path, proof=password_of("ana")).status_code == 303
        assert lea.get("/account").status_code == 303


@pytest.mark.parametrize("who", ["lea", "pia", "ivo", "ada", "rex", "aud"])
def test_only_the_owner_manages_staff_and_clinic(rooms, who):
    client, staff = rooms.client(who), rooms.made.staff["pia"]
    before = rooms.clinic.practice.staff()
    assert client.get("/staff").status_code == (200 if who in ("lea", "aud") else 403)
    for path in ("/staff/new", f"/staff/{staff}", f"/staff/{staff}/leave", f"/staff/{staff}/reset", "/clinic"):
        assert client.get(path).status_code == 403, path
    told = {"name": "Eve", "sign_in": "eve", "roles": ["owner"], "licence": ""}
    assert client.sent("/staff/new", page="/account", **told).status_code == 403
    for act in ("leave", "reset", "sessions"):
        told = {"reason": "because"} if act == "leave" else {"proof": password_of(who)}
        assert client.sent(f"/staff/{staff}/{act}", page="/account", **told).status_code == 403
        rooms.made.tokens.pop(f"{who} desk", None)
        client = rooms.client(who)
    own = {"name": "Me", "roles": ["owner"], "licence": "", "reason": ""}
    assert client.sent(f"/staff/{rooms.made.staff[who]}", page="/account", **own).status_code == 403
    assert client.sent("/clinic", page="/account", name="Mine").status_code == 403
    assert rooms.clinic.practice.staff() == before


def test_a_browser_is_enrolled_and_a_lost_device_locked_and_found(tmp_path):
    with pages(tmp_path) as rooms:
        tablet, ana = rooms.client(), rooms.client("ana")
        tablet.sent("/sign-in", name="ana", password=password_of("ana"))
        assert tablet.sent("/devices", name=" ").status_code == 422
        enrolled = tablet.sent("/devices", name="tablet in room 2")
        assert re.search(
            r"myotome-main-device=[\w-]+; Path=/; Max-Age=34560000; HttpOnly", enrolled.headers["set-cookie"]
        )
        assert "tablet in room 2 this browser" in tablet.words("/devices")
        assert "tablet in room 2 this browser" not in ana.words("/devices")
        tablet.sent("/sign-out", page="/account")
        tablet.sent("/sign-in", name="pia", password=password_of("pia"))
        assert "tablet in room 2" in tablet.words("/account")
        assert tablet.get("/devices").status_code == 403
        device = tablet.cookies["myotome-main-device"]
        assert ana.sent(f"/devices/{device}/lock", reason="").status_code == 422
        assert ana.sent(f"/devices/{device}/lock", reason="stolen").status_code == 303
        assert tablet.get("/account").status_code == 303
        assert tablet.sent("/sign-in", name="pia", password=password_of("pia")).status_code == 422
        assert ana.get(f"/devices/{device}/lock").status_code == 404
        assert ana.sent(f"/devices/{device}/found", reason=" ").status_code == 422
        answer = ana.sent(f"/devices/{device}/found", reason="it was in the other car")
        assert (answer.status_code, answer.headers["location"]) == (303, "/devices?done=found")
        assert ana.get(f"/devices/{device}/found").status_code == 404
        assert tablet.sent("/sign-in", name="pia", password=password_of("pia")).status_code == 303
        assert "tablet in room 2" in tablet.words("/account")
        tablet.sent("/sign-out", page="/account")
        tablet.holds("myotome-main-device", "no such device; Secure")
        assert tablet.get("/sign-in").status_code == 200


def test_the_clinic_s_settings_are_changed_by_its_owner(tmp_path):
    with pages(tmp_path) as rooms:
        ana = rooms.client("ana")
        told = {"name": "Practice by the River", "place": "CA-BC", "zone": "America/Vancouver"}
        refused = ana.sent("/clinic", **told | {"zone": "Mars/Olympus"})
        assert refused.status_code == 422
        assert "There is no such time zone." in said(refused)
        assert ana.sent("/clinic", **told | {"place": "ZZ"}).status_code == 422
        assert ana.sent("/clinic", **told).headers["location"] == "/clinic?done=saved"
        now = rooms.clinic.practice.settings()
        assert (now.name, now.place, now.zone) == tuple(told.values())
        assert "Practice by the River" in ana.words("/account")
        assert "Nothing is different" in said(ana.sent("/clinic", **told))
        with rooms.clinic.practice.within() as shelf:
            position, digest = shelf.reading.last()
        assert f"{position}:{digest.hex()}" in ana.words("/clinic")
