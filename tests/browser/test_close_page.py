"""Close: what hinders a signature and how it ends, needles against advice, aftercare and lung after a later needle."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.bedside import FOUND
from tests.browser.looking import axe
from tests.browser.tablet import BOUNCE, received, step, until
from tests.clinics import password_of

SIGN, LUNG, SAFE = "[data-act=sign]", "upper trapezius, shoulder part", "brachialis"
# Somebody else's entry that waits on this device, as the vault keeps it.
SEALED = """([visit, state]) => new Promise((yes) => {
  const asked = indexedDB.open('myotome-bedside', 1);
  asked.onsuccess = () => {
    const write = asked.result.transaction('entries', 'readwrite');
    const sealed = { iv: new Uint8Array(12), sealed: new ArrayBuffer(8) };
    write.objectStore('entries').add({ id: crypto.randomUUID(), staff: 'lea', visit, state, ...sealed });
    write.oncomplete = () => { asked.result.close(); yes(); };
  };
})"""


def out(room, visit, *points, side="right"):
    """Needles in and out, and the container counted anew."""
    room.needled(visit, *points, side=side, out=True)
    before = [one["id"] for one in room.entries(visit, "sharps.counted")]
    room.send(visit, ("sharps.counted", {"count": len(room.ledger(visit).insertions), "replaces": before[-1:]}))


@pytest.fixture
def visit(room):
    """Somebody with some findings on the right, and no plan."""
    made = room.visit(room.person())
    room.complaint(made, "right", "arm")
    room.found(made, *FOUND)
    return made


def test_needled_against_advice_is_signed_with_a_reason_only_and_never_called_settled(room, visit, on_tablet):
    room.send(visit, ("screening.answered", {"item": "consent", "answer": "no"}))
    out(room, visit, SAFE)
    page = on_tablet(visit, "close")
    hinders = page.locator(".hinders")
    expect(hinders).to_contain_text("1 needle went in all the same: brachialis, right. Write why.")
    expect(page.locator(SIGN)).to_have_attribute("aria-disabled", "true")
    expect(page.locator(".tab[data-step=close]")).to_have_attribute("data-state", "lacks")
    axe(page, context="#panel")
    page.get_by_label("Why needles went in all the same").fill("She agreed in writing a minute later.")
    page.get_by_role("button", name="Write why").click()
    expect(hinders).to_contain_text("why is written")
    expect(hinders.locator(".good")).to_have_count(0)
    expect(page.locator(SIGN)).to_have_attribute("aria-disabled", "false")
    (why,) = room.bodies(visit, "needled.against")
    (said,) = why["said"]
    assert "consent" in said
    expect(page.locator(".why-card li")).to_have_text([said])
    assert why["reason"] == "She agreed in writing a minute later."
    expect(page.get_by_text("because: She agreed in writing")).to_have_count(2)  # beside it, and as what was just done


def test_an_incident_is_not_a_needle_accounted_for(room, visit, on_tablet):
    room.needled(visit, SAFE, side="right")
    lost = room.entries(visit, "needle.in")[0]["body"]["needle"]
    room.send(visit, ("incident.written", {"text": "Broken off, sent to hospital.", "needles": [lost]}))
    page = on_tablet(visit, "close")
    expect(page.locator(".hinders")).to_have_text("An incident stands for 1 needle. Every entry is received.")


def test_sealed_entries_of_somebody_else_hinder_until_they_are_sent(room, visit, on_tablet):
    out(room, visit, SAFE)
    page = on_tablet(visit, "close")
    expect(page.locator(SIGN)).to_have_attribute("aria-disabled", "false")
    page.evaluate(SEALED, ["another-visit", "waiting"])
    page.reload()
    page.locator(".hinders .good").wait_for()
    expect(page.locator(SIGN)).to_have_attribute("aria-disabled", "false")
    page.evaluate(SEALED, [visit, "waiting"])
    page.evaluate(SEALED, [visit, "written"])  # was written down by hand: asks for nothing more
    page.reload()
    expect(page.locator(".hinders")).to_contain_text("1 entry of another person in this visit waits sealed on this tab")
    expect(page.locator(".hinders")).to_contain_text("sign on another device")
    expect(page.locator(SIGN)).to_have_attribute("aria-disabled", "true")


def test_a_signature_that_takes_its_time_lets_nobody_seem_signed_out(room, visit, on_tablet, monkeypatch):
    """It gives the session a new token; what the page asks every two seconds would come with the old one."""
    visits, refused = room.rooms.clinic.visits, []
    sign = visits.sign
    monkeypatch.setattr(visits, "sign", lambda *told: time.sleep(5) or sign(*told))
    out(room, visit, SAFE)
    page = on_tablet(visit, "close")
    page.on("response", lambda answer: refused.append(answer.url) if answer.status in (401, 403) else None)
    page.locator("#sign-password").fill(password_of("pia"))
    page.locator(SIGN).tap()
    page.get_by_text("The note is read only now").wait_for()
    with page.expect_response("**/bedside/since*") as asked:
        pass
    assert asked.value.status == 200
    expect(page.locator(".link")).to_contain_text("All at the clinic")
    assert not refused


def test_a_needle_that_comes_after_the_signature_is_shown_until_it_is_noted_as_out(room, visit, on_tablet):
    out(room, visit, SAFE)
    page = on_tablet(visit, "close")
    page.locator("#sign-password").fill(password_of("pia"))
    page.locator(SIGN).tap()
    page.get_by_text("The note is read only now").wait_for()
    (late,) = room.needled(visit, LUNG, side="right")
    page.locator(".late-in").wait_for()
    for name in ("needle", "close"):
        step(page, name)
        expect(page.locator(".late-in")).to_contain_text(f"{LUNG}, right: noted by Pia")
        axe(page, context="#panel")
    expect(page.locator(".late-head")).to_have_text("! 1 needle may be in")
    page.get_by_role("button", name="It is out").tap()
    expect(page.locator(".late-in")).to_have_count(0)
    received(page)
    until(page, lambda: room.entries(visit, "needle.out"))
    (noted,) = room.entries(visit, "needle.out")
    assert noted["late"] and noted["body"]["insertions"] == [late]
    page.reload()
    page.wait_for_selector(".signed .good")
    expect(page.locator(".late-in, .late-head:visible")).to_have_count(0)


def test_a_later_needle_makes_aftercare_and_the_look_at_the_lung_stale(room, visit, on_tablet):
    out(room, visit, SAFE)
    page = on_tablet(visit, "close")
    page.locator("[data-kind='aftercare.given'][data-value=spoken]").tap()
    page.wait_for_selector("[data-kind='aftercare.given'][aria-pressed=true]")
    stale = page.locator(".takes-home > section .differs", has_text="Given before")
    tab = page.locator(".tab[data-step=close]")
    expect(page.get_by_text("before the last needle:")).to_have_count(0)
    out(room, visit, LUNG)
    expect(page.get_by_text("Aftercare was given before the last needle:")).to_be_visible()
    expect(tab).to_have_attribute("title", re.compile("pieces are new"))
    # The look at the lung: nothing asked records nothing, some asked is not all.
    record = page.locator(".lung [data-kind='checkin.made']")
    expect(record).to_have_attribute("aria-disabled", "true")
    questions = page.locator(".lung .choice")
    questions.first.locator("[data-value=no]").tap()
    record.tap()
    expect(page.locator(".lung")).to_contain_text("not asked.")
    expect(tab).to_have_attribute("title", re.compile("ask each question"))
    page.get_by_label("If a question is not asked: why").fill("They had to run for a train.")
    page.wait_for_timeout(1000 * BOUNCE)
    record.tap()
    expect(page.locator("#lung-why")).to_have_value("")
    expect(tab).not_to_have_attribute("title", re.compile("ask each question"))
    received(page)
    assert room.bodies(visit, "checkin.made")[-1]["text"] == "They had to run for a train."
    out(room, visit, "infraspinatus, upper part")
    expect(tab).to_have_attribute("title", re.compile("ask again before the person leaves"))
    page.locator("[data-kind='aftercare.given'][data-value=spoken]").tap()
    expect(stale).to_have_count(0)
