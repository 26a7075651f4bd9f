"""Check-ins and harm told later, through their pages: who is to be asked, what an answer means, what reception sees."""

import uuid

import pytest

from myotome.care.session.checkin import questions
from myotome.clinic.entries.needling import NeedleIn, NeedleOut
from tests.web.records import desks, open_record, register, sign, visit_of
from tests.web.rooms import said

pytestmark = pytest.mark.enable_socket
NEAR = "rhomboid major"
NO = {f"q{number}": "no" for number in range(len(questions()))}


@pytest.fixture(scope="module")
def rooms(tmp_path_factory):
    with desks(tmp_path_factory.mktemp("checkins")) as made:
        yield made


@pytest.fixture(scope="module")
def visit(rooms):
    """A signed visit of Anna's; its one needle, near the lung, was entered late, from paper. The tests go through the
    days after it."""
    pia = rooms.client("pia")
    name = visit_of(pia, register(pia))
    pia.sent(f"/visits/{name}/hypothesis", page=f"/visits/{name}", text="T4 on the right")
    assert sign(pia, name, "pia").status_code == 303
    open_record(rooms.client("pia"), person_of(rooms, name))
    with rooms.clinic.practice.acting(rooms.made.actor("pia"), "chart") as desk:
        kept = desk.visit(name)
        needle = NeedleIn(needle=str(uuid.uuid4()), point=NEAR, side="right", gauge_mm=0.3, length_mm=40, paper=True)
        insertion = desk.charted(needle, kept.person, name).id
        desk.charted(NeedleOut(insertions=(insertion,)), kept.person, name)
    return name


def person_of(rooms, visit):
    with rooms.clinic.practice.within() as shelf:
        return shelf.visit(visit).person


def test_harm_told_later_stands_beside_the_note_and_is_followed_to_its_end(rooms, visit):
    pia, person = rooms.client("pia"), person_of(rooms, visit)
    open_record(pia, person)
    harm = {"term": "pneumothorax confirmed", "severity": "severe", "onset": "1 to 3 days", "point": NEAR}
    assert "Harm told later" in pia.words(f"/visits/{visit}")
    wrong = pia.sent(f"/visits/{visit}/adverse", **{**harm, "term": "hiccups"})
    assert wrong.status_code == 422
    assert "'hiccups' is no term in fixed words" in said(wrong)
    told = pia.sent(f"/visits/{visit}/adverse", **harm, actions=["sent to hospital", "contacted next day"])
    assert told.headers["location"] == f"/visits/{visit}?done=harm"
    page = pia.get(f"/visits/{visit}")
    words = said(page)
    for needed in ("Pneumothorax confirmed", "told after the note was signed", "to be reported", "not known yet"):
        assert needed in words, needed
    assert "Harm that is not over" in pia.words(f"/people/{person}")
    (value,) = rooms.clinic.adverse.told(visit)
    name = value.heads[0].id
    report = pia.get(f"/visits/{visit}/adverse/{name}/report.pdf")
    assert report.content.startswith(b"%PDF")
    again = pia.get(f"/visits/{visit}/adverse?entry={name}")
    assert 'value="pneumothorax confirmed" selected' in again.text
    over = pia.sent(
        f"/visits/{visit}/adverse",
        page=f"/visits/{visit}/adverse?entry={name}",
        **harm,
        older=name,
        outcome="recovered",
    )
    assert over.status_code == 303, said(over)
    assert "Harm that is not over" not in pia.words(f"/people/{person}")
    stale = pia.sent(f"/visits/{visit}/adverse", **harm, older=name)
    assert "Somebody has written of this harm since" in said(stale)
    rex = rooms.client("rex")
    open_record(rex, person)
    assert rex.get(f"/visits/{visit}/adverse").status_code == 403
    assert rex.get(f"/visits/{visit}/adverse/{name}/report.pdf").status_code == 403
    assert "Pneumothorax" not in rex.words(f"/people/{person}")
    assert rooms.client("aud").get("/checkins").status_code == 403


def test_nobody_answered_is_no_check_in(rooms, visit):
    assert "To come 1" in rooms.client("pia").words("/checkins")
    rooms.made.clock.forward(hours=17)
    pia, person = rooms.client("pia"), person_of(rooms, visit)
    open_record(pia, person)
    assert pia.sent(f"/visits/{visit}/checkins/1", how="no answer").status_code == 303
    words = pia.words("/checkins")
    assert "Due 1" in words
    assert "tried 1 time, not reached" in words
    assert pia.get(f"/visits/{visit}/checkins/9").status_code == 404
    strange = pia.sent(f"/visits/{visit}/checkins/1", how="smoke signals")
    assert "Say how they were asked" in said(strange)


def test_reception_is_led_from_the_list_to_the_questions_and_back(rooms, visit):
    rex, person = rooms.client("rex"), person_of(rooms, visit)
    page = rex.get("/checkins")
    assert f'href="/visits/{visit}/checkins/1"' in page.text
    words = said(page)
    assert "Müller, Anna" in words
    assert "030 1234567" in words
    assert NEAR not in words
    asked = rex.get(f"/visits/{visit}/checkins/1")
    assert asked.headers["location"] == f"/people/{person}/open", "whom they have on the phone is made sure of first"
    open_record(rex, person)
    assert "they are to be asked how they are" in rex.words(f"/people/{person}")
    form = rex.get(f"/visits/{visit}/checkins/1")
    words = said(form)
    assert "Are you short of breath" in words
    assert words.count("Yes is an emergency") == 3
    assert "go to an emergency department now, not alone and not driving" in words
    assert NEAR not in form.text
    half = rex.sent(f"/visits/{visit}/checkins/1", how="phone", q0="yes")
    assert half.status_code == 422
    assert "Answer it, or choose not asked." in said(half)
    done = rex.sent(f"/visits/{visit}/checkins/1", how="phone", **{**NO, "q0": "yes"}, text="Since last night.")
    assert done.headers["location"] == "/checkins?done=asked-how"
    words = rex.words("/checkins")
    assert "The practitioner must know" in words
    assert "Done 1" in words
