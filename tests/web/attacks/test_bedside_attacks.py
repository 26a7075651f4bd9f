"""Entries that mean harm: thought before it is allowed, needles made to vanish, clocks beyond the calendar."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest

import myotome.web.bedside
from myotome.clinic import drafts
from tests.clinics import password_of
from tests.web.attacks.ground import ID
from tests.web.records import desks, open_record, register, visit_of

pytestmark = pytest.mark.enable_socket
LUNG = {"point": "upper trapezius", "side": "left"}
TENDER = {"sign": "tenderness", "at": "infraspinatus", "side": "right", "result": "present"}


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("bedside-attacks")) as made:
        yield made


@pytest.fixture(scope="module")
def anna(rooms):
    return register(rooms.client("pia"))


@pytest.fixture
def visit(rooms, anna):
    rooms.clinic.practice.clock.forward(seconds=1)
    return visit_of(rooms.client("pia"), anna)


@pytest.fixture
def thought(monkeypatch):
    """How often the clinic thought."""
    calls, think = [], drafts.thought_so_far

    def counted(*told):
        calls.append(told[2])
        return think(*told)

    monkeypatch.setattr(drafts, "thought_so_far", counted)
    return calls


def test_scripts_of_the_bedside_put_text_on_the_page_as_text():
    """Beside the sealed entries are kept: where to go back to, two switches, ids of entries, the last packet."""
    files = sorted((Path(myotome.web.bedside.__file__).parent / "static").rglob("*.js"))
    assert len(files) >= 30
    for file in files:
        text = file.read_text("utf-8")
        words = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|srcdoc|DOMParser|__proto__"
        assert not re.search(words, text), file.name
        kept = r"BACK, location\.pathname|SWITCH, wanted|(?:MADE|SILENCED), JSON\.stringify\(\[.*one\.id\)\]|HERE, JSON"
        assert not re.search(rf"setItem\((?!{kept})", text), file.name


def posted(rooms, who, path, body):
    client = rooms.client(who)
    return client.post(path, json=body, headers={"X-CSRF": rooms.clinic.access.csrf(rooms.made.token(who))})


def entry(visit, kind, at="2026-03-01T10:30:00+01:00", /, **body):
    told = {"id": str(uuid.uuid4()), "kind": kind, "visit": visit}
    return {**told, "device_time": at, "zone": "Europe/Berlin", "body": body}


def sent(rooms, who, *entries):
    return posted(rooms, who, "/api/entries", {"entries": list(entries)})


def signed(rooms, visit, shown):
    answer = posted(rooms, "pia", f"/api/visits/{visit}/sign", {"shown": shown, "password": password_of("pia")})
    # Signing again renews the session: everybody signs in anew.
    rooms.made.tokens.clear()
    open_record(rooms.client("pia"), rooms.clinic.bedside._whose(visit))
    return answer


def shown(rooms, visit):
    return rooms.client("pia").get(f"/api/visits/{visit}/bedside").json()["visit"]["last_entry"]


@pytest.mark.parametrize("who", ["rex", "aud", "lea"])
def test_nothing_is_thought_for_whoever_may_not_chart_there(rooms, visit, thought, who):
    assert sent(rooms, "pia", entry(visit, "finding.recorded", **TENDER)).status_code == 200
    answer = sent(rooms, who, entry(visit, "plan.taken", points=[]))
    assert (answer.status_code, thought) == (403, [])


def test_many_plans_taken_at_once_are_thought_through_once(rooms, visit, thought):
    taken = [entry(visit, "plan.taken", points=[]) for _ in range(20)]
    answer = sent(rooms, "pia", entry(visit, "finding.recorded", **TENDER), *taken)
    assert (answer.status_code, thought) == (200, [visit])
    assert rooms.client("pia").get(f"/api/visits/{visit}").json()["plan"] is not None


def test_a_plan_taken_in_a_visit_that_is_gone_is_named_so_that_the_rest_is_sent(rooms):
    answer = sent(rooms, "pia", entry(ID, "plan.taken", points=[]))
    assert (answer.status_code, answer.json()["problems"][0]["at"]) == (422, "entries[0].visit")


def test_what_came_while_it_was_thought_is_in_what_is_signed(rooms, visit, monkeypatch):
    """Another tablet takes a point out between reading and recording."""
    assert sent(rooms, "pia", entry(visit, "finding.recorded", **TENDER)).status_code == 200
    think = drafts.thought_so_far

    def slowly(*told):
        found = think(*told)
        monkeypatch.setattr(drafts, "thought_so_far", think)
        rooms.clinic.practice.clock.forward(seconds=1)
        assert sent(rooms, "pia", entry(visit, "finding.recorded", **{**TENDER, "at": "deltoid"})).status_code == 200
        rooms.clinic.practice.clock.forward(seconds=1)
        return found

    monkeypatch.setattr(drafts, "thought_so_far", slowly)
    assert sent(rooms, "pia", entry(visit, "plan.taken", points=[])).status_code == 200
    assert rooms.client("pia").get(f"/api/visits/{visit}").json()["plan"] is None, "nothing older is frozen"
    assert signed(rooms, visit, shown(rooms, visit)).status_code == 200
    case = rooms.client("pia").get(f"/api/visits/{visit}").json()["case"]
    assert {row["at"] for row in case["findings"]} == {"infraspinatus", "deltoid"}


def test_an_intern_makes_no_needle_vanish(rooms, anna, visit):
    open_record(rooms.client("ivo"), anna)
    into = entry(visit, "needle.in", needle="n", **LUNG)
    assert sent(rooms, "pia", into).status_code == 200
    answer = sent(rooms, "ivo", entry(visit, "entry.taken-back", entry=into["id"]))
    assert answer.status_code == 422 and "do not let you needle" in answer.json()["problems"][0]["message"]
    assert sent(rooms, "pia", entry(visit, "entry.taken-back", entry=into["id"])).status_code == 200


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_clock_beyond_the_calendar_takes_no_page_down(rooms, visit, at):
    for told in (entry(visit, "needle.in", at, needle="n", clock_off=-(10**9), **LUNG),
                 entry(visit, "needle.in", needle="n", happened=at, **LUNG)):  # fmt: skip
        assert sent(rooms, "pia", told).status_code == 422
    assert rooms.client("rex").get("/checkins").status_code == 200


def test_the_form_signs_nothing_with_a_needle_in_and_json_nothing_unseen(rooms, visit):
    assert sent(rooms, "pia", entry(visit, "needle.in", needle="n", **LUNG)).status_code == 200
    form = rooms.client("pia").sent(f"/visits/{visit}/sign", page=f"/visits/{visit}", proof=password_of("pia"))
    assert form.status_code == 422 and "1 needle is still in" in form.text
    rooms.made.tokens.clear()
    open_record(rooms.client("pia"), rooms.clinic.bedside._whose(visit))
    assert signed(rooms, visit, "").status_code == 422


def test_what_a_signed_note_says_of_needles_and_harm_stays_in_sight(rooms, visit):
    """Taking back after the signature spares nobody the call near the lung, and hides no harm."""
    into = entry(visit, "needle.in", needle="n", **LUNG)
    harm = entry(visit, "adverse.recorded", term="bruise", severity="severe", onset="during", **LUNG)
    rest = entry(visit, "needle.out", insertions=[into["id"]]), entry(visit, "sharps.counted", count=1)
    assert sent(rooms, "pia", into, *rest, harm).status_code == 200
    assert signed(rooms, visit, shown(rooms, visit)).status_code == 200
    back = [entry(visit, "entry.taken-back", entry=one["id"]) for one in (into, harm)]
    assert sent(rooms, "pia", *back).status_code == 200
    pia = rooms.client("pia")
    assert pia.get(f"/visits/{visit}/checkins/1").status_code == 200
    assert pia.get(f"/visits/{visit}/adverse/{harm['id']}/report.pdf").status_code == 200


def test_a_struck_visit_asks_nobody_even_where_a_needle_comes_late(rooms, visit):
    pia = rooms.client("pia")
    into = entry(visit, "needle.in", needle="n", **LUNG)
    assert sent(rooms, "pia", into).status_code == 200
    refused = pia.sent(f"/visits/{visit}/strike", reason="another person")
    assert (refused.status_code, "needles of this visit are in" in refused.text) == (422, True)
    assert sent(rooms, "pia", entry(visit, "needle.out", insertions=[into["id"]])).status_code == 200
    assert pia.sent(f"/visits/{visit}/strike", reason="another person").status_code == 303
    late = sent(rooms, "pia", entry(visit, "needle.in", needle="m", **LUNG))
    assert (late.status_code, late.json()["reason"]) == (422, "struck"), "refused where somebody sees it"
    rooms.clinic.practice.clock.forward(minutes=1)
    listed = rooms.clinic.adverse.checkins(rooms.made.actor("rex"))
    assert visit not in {one.visit for one in listed}


def test_nothing_of_an_erased_person_stays_in_memory(rooms):
    lea, ana, pia = (rooms.client(who) for who in ("lea", "ana", "pia"))
    person = register(pia, given="Olga", family="Zed")
    visit = visit_of(pia, person)
    told = {"entries": [entry(visit, "finding.recorded", **TENDER)], "want": "whole"}
    assert posted(rooms, "pia", f"/api/visits/{visit}/think", told).status_code == 200
    assert rooms.clinic.bedside._kept
    assert lea.sent(f"/people/{person}/erasure", reason="asked for", law="GDPR 17").status_code == 303
    proof = {"reason": "asked for", "answer": "destroy", "proof": password_of("ana")}
    assert ana.sent(f"/erasure/{person}", **proof).status_code == 303
    assert not rooms.clinic.bedside._kept
