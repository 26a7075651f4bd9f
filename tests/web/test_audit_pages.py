"""The audit trail and its verification through their pages."""

import re

import pytest

from myotome.clinic.entries.kinds import KINDS
from myotome.web.clinic.routes.audit import groups
from tests.web.records import desks, register, visit_of
from tests.web.rooms import TOKEN, said

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("audit")) as made:
        yield made


@pytest.fixture(scope="module")
def person(rooms):
    pia = rooms.client("pia")
    person = register(pia, given="Anna", family="Müller")
    for _ in range(30):
        visit_of(pia, person)
    return person


def test_every_kind_of_entry_can_be_asked_for_once():
    listed = [kind for kinds in groups().values() for kind in kinds]
    assert sorted(listed) == sorted(KINDS)


def test_the_trail_is_filtered_by_person_author_and_kind_and_paged(rooms, person):
    ana = rooms.client("ana")
    page = ana.get("/audit")
    assert page.text.count('class="trail-when"') == 50
    older = re.search(r'href="(/audit\?before=\d+)"', page.text).group(1)
    assert ana.get(older).text.count('class="trail-when"') > 20
    of_person = ana.get(f"/audit?person={person}&kind=visit")
    assert said(of_person).count("opened a visit") == 30
    nobody = ana.get(f"/audit?author={rooms.made.staff['rex']}&kind=visit")
    assert "Nothing of that kind is in the trail." in said(nobody)
    assert ana.get("/audit?before=0").status_code == 400
    assert ana.get("/audit?person=a%00").status_code == 400


def test_the_auditor_sees_acts_and_no_names(rooms, person):
    words = said(rooms.client("aud").get(f"/audit?person={person}"))
    assert "Müller" not in words
    assert person[:8] in words
    assert rooms.client("pia").get("/audit").status_code == 403


def test_the_record_is_verified_against_heads(rooms, person):
    ana = rooms.client("ana")
    head = rooms.clinic.keeper.head(rooms.made.actor("ana"))
    right = said(ana.sent("/audit/verify", heads=head))
    assert "rows are as they were recorded" in right
    cut = f"{int(head.split(':')[0]) + 100_000}:{'0' * 64}"
    assert "not as recorded" in said(ana.sent("/audit/verify", heads=cut))
    assert ana.sent("/audit/verify", heads="nonsense").status_code == 422
    assert ana.sent("/audit/verify", heads="\n".join(["1:ab"] * 101)).status_code == 422
    token = TOKEN.search(ana.get("/audit/verify").text).group(1)
    sent = {"data": {"csrf": token, "heads": ""}, "files": {"file": ("head.json", b"\xff\xfe")}}
    answer = ana.post("/audit/verify", headers={"Sec-Fetch-Site": "same-origin", "Origin": "null"}, **sent)
    assert (answer.status_code, "holds no text" in said(answer)) == (422, True)
    assert rooms.client("pia").get("/audit/verify").status_code == 403
