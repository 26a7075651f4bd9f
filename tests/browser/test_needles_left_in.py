"""Needles left in are told on every step, and call when their time is over; packets are recorded where needles are."""

from __future__ import annotations

import datetime

from tests.browser.bedside import POINTS
from tests.browser.tablet import Finger, ready, received, step

TWO = POINTS[:2]
OVER = "Time is over: triceps brachii, long head R, triceps brachii, lateral head R"
HEARD = """() => {
  const made = AudioContext.prototype.createOscillator;
  globalThis.tones = 0;
  AudioContext.prototype.createOscillator = function () { globalThis.tones += 1; return made.call(this); };
}"""
OF_A_CALL, MOST_CALLS = 3, 24  # tones; calls in two minutes


def ago(**told):
    return (datetime.datetime.now(datetime.UTC) - datetime.timedelta(**told)).isoformat()


def timed(room, visit, needles, **since):
    """They were to stay in ten minutes, from so long ago."""
    room.send(visit, ("needles.timed", {"insertions": needles, "minutes": 10, "happened": ago(**since)}))


def calls(page):
    return page.evaluate("globalThis.tones") // OF_A_CALL


def test_needles_whose_time_is_over_call_on_any_step_until_somebody_hears(on_tablet, room):
    visit = room.planned(TWO)
    needles = room.needled(visit, *TWO, side="right")
    page = ready(on_tablet(visit, "examine"))
    page.evaluate(HEARD)
    finger, line, tab = Finger(page), page.locator(".time-over"), page.locator(".still-in")
    page.locator("[data-brush=tender]").tap()
    assert tab.inner_text().startswith("2 in 0:")
    assert line.is_hidden(), "nobody planned a time"
    timed(room, visit, needles, minutes=9, seconds=57)
    line.wait_for()
    assert line.locator("p").first.inner_text() == OVER
    assert line.get_by_role("alert").text_content() == OVER
    assert calls(page) == 1
    page.locator("#recorded").tap()
    page.locator("dialog[open] .time-over").wait_for()  # what lies behind a sheet cannot be tapped
    page.wait_for_timeout(800)
    finger.tap(".time-over >> text=Silence")
    line.wait_for(state="hidden")
    page.reload()
    ready(page)
    page.wait_for_selector(".still-in[data-state=over]")
    assert line.is_hidden(), "it was silenced"
    timed(room, visit, needles, minutes=11)
    line.wait_for()
    page.wait_for_timeout(800)
    page.get_by_role("button", name="Take them out").tap()
    page.wait_for_selector("#visit[data-step=needle] .out:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector(".still-in[data-state=none]", state="attached")
    received(page)
    assert room.ledger(visit).still_in == 0
    before = page.locator("#recorded span").inner_text()
    timed(room, visit, needles, minutes=12)
    page.wait_for_function("before => document.querySelector('#recorded span').innerText !== before", arg=before)
    assert line.is_hidden(), "they are out"


def test_a_time_is_chosen_in_two_taps_and_calls_for_two_minutes_at_most(on_tablet, room):
    visit = room.planned(TWO)
    needles = room.needled(visit, *TWO, side="right")
    page = on_tablet(visit)
    page.clock.install()
    page.goto("about:blank")
    page.goto(f"{room.address}/bedside/{visit}#needle")
    ready(page)
    page.evaluate(HEARD)
    page.wait_for_selector("[data-act=timer][aria-disabled=false]")
    page.locator("[data-act=timer]").tap()
    page.locator(".stay [data-value='10']").tap()
    page.wait_for_selector("[data-act=timer]:has-text('left')")
    received(page)
    (body,) = room.bodies(visit, "needles.timed")
    assert (sorted(body["insertions"]), body["minutes"]) == (sorted(needles), 10)
    step(page, "plan")
    timed(room, visit, needles, minutes=10)
    page.locator(".time-over").wait_for()
    before = calls(page)
    page.clock.run_for(60_000)
    assert 8 < calls(page) - before < 14
    page.clock.run_for(120_000)
    assert MOST_CALLS - 1 <= calls(page) <= MOST_CALLS + 1  # tones of the taps are among them
    page.clock.run_for(20_000)
    assert calls(page) <= MOST_CALLS + 1
    assert page.locator(".time-over").is_visible(), "the line stays"


def test_a_packet_is_told_once_and_taken_again_in_one_tap(on_tablet, room):
    person = room.person()
    first = room.planned(TWO, person=person)
    page = ready(on_tablet(first, "needle"))
    page.locator(".packet-other summary").tap()
    page.get_by_label("Maker").fill("Sharp & Co")
    page.get_by_label("Use by").fill("soon")
    page.get_by_role("button", name="Needles from this packet").tap()
    page.get_by_text("The packet’s date is not understood.").wait_for()
    page.get_by_label("Use by").fill("03/2020")
    page.get_by_label("Lot").fill("7A")
    page.get_by_role("button", name="Needles from this packet").tap()
    page.wait_for_selector(".packets .warned")
    assert "its date was over before this visit" in page.locator(".packets").inner_text()
    received(page)
    said = {"maker": "Sharp & Co", "lot": "7A", "expires": "2020-03-31"}
    (body,) = room.bodies(first, "packet.opened")
    assert {name: body[name] for name in said} == said
    page = ready(on_tablet(room.planned(TWO, person=person), "needle"))  # another tablet, the same person
    page.get_by_role("button", name="Same again: Sharp & Co, lot 7A").tap()
    page.wait_for_selector(".packets .warned")
    assert page.locator(".from .row button").count() == 0
