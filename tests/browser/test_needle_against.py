"""What speaks against a needle is said and asked once; what nobody chose is not recorded; the count is blind."""

from __future__ import annotations

import datetime

import pytest
from playwright.sync_api import expect

from tests.browser.bedside import POINTS
from tests.browser.tablet import BOUNCE, ready, received, step, until

TWO = POINTS[:2]
FIRST, SECOND = (f'.queue .point-tile[data-point="{one}"]' for one in TWO)
IN = '.point-tile[data-state="in"]'
NOTICE, ASKED = ".needle-top .against", ".all-the-same"


def weak(room, visit, **answers):
    """Everything asked, and something found on the right."""
    room.screened(visit, **answers)
    room.complaint(visit, "right", "neck")
    return visit


def opened(on_tablet, visit, **more):
    page = ready(on_tablet(visit, "needle", **more))
    page.wait_for_selector(".in")
    return page


def another(page, point, side="right"):
    """A point by its letters."""
    page.get_by_label("Another point").fill(point)
    page.locator(f'.found [data-side="{side}"]').first.click()


def ins(room, visit):
    return [one["body"] for one in room.entries(visit, "needle.in")]


def test_what_speaks_against_needles_is_in_view_and_asked_once_for_a_reason(on_tablet, room):
    visit = weak(room, room.visit(room.person()), **{"saddle numbness": "yes"})
    page = opened(on_tablet, visit)
    expect(page.locator(NOTICE)).to_contain_text("Cauda equina syndrome (emergency): answered yes: saddle numbness.")
    another(page, "deltoid")
    expect(page.locator(ASKED)).to_contain_text("Cauda equina syndrome")
    page.keyboard.press("NumpadEnter")
    page.keyboard.press("PageDown")
    page.get_by_role("button", name="No needle").click()
    received(page)
    assert ins(room, visit) == [], "nothing is recorded before the answer"
    another(page, "deltoid")
    page.get_by_role("button", name="It is already in").click()
    page.wait_for_selector(IN)
    received(page)
    assert len(ins(room, visit)) == 1 and room.bodies(visit, "needled.against") == []
    page.locator('.cell[data-value="1 plain"]').click()
    another(page, "brachialis")
    page.get_by_role("button", name="A physician agreed to the needling").click()
    expect(page.locator(IN)).to_have_count(2)
    another(page, "brachioradialis")  # answered: it goes on without asking again
    expect(page.locator(IN)).to_have_count(3)
    received(page)
    (why,) = room.bodies(visit, "needled.against")
    assert why["reason"] == "A physician agreed to the needling" and "Cauda equina" in why["said"][0]
    assert room.pia.get(f"/api/visits/{visit}/bedside").json()["unwritten"] == ""
    room.send(visit, ("screening.answered", {"item": "consent", "answer": "no"}))
    expect(page.locator(NOTICE)).to_contain_text("onsent")
    another(page, "supinator")
    expect(page.locator(ASKED), "something new speaks against it").to_contain_text("onsent")
    expect(page.locator(ASKED)).not_to_contain_text("Cauda equina")


def test_without_connection_what_was_known_last_is_asked_and_of_what_time_it_is(on_tablet, room):
    visit = weak(room, room.visit(room.person()), consent="no")
    page = opened(on_tablet, visit)
    expect(page.locator(NOTICE)).to_contain_text("As the clinic knows it.")
    place = page.locator(".cell").first.bounding_box()
    page.context.set_offline(True)
    expect(page.locator(NOTICE)).to_contain_text("As the clinic knew it at")
    assert page.locator(".cell").first.bounding_box() == place, "nothing moves under a finger"
    another(page, "deltoid")
    page.locator(ASKED).get_by_label("Another reason").fill("Said yes a moment ago.")
    page.keyboard.press("Enter")
    page.wait_for_selector(IN)
    page.context.set_offline(False)
    received(page)
    assert [one["reason"] for one in room.bodies(visit, "needled.against")] == ["Said yes a moment ago."]


def test_a_point_that_is_kept_out_never_comes_up_and_is_asked_about_once(on_tablet, room):
    visit = weak(room, room.visit(room.person()))
    room.send(visit, ("case.told", {"part": "conditions", "field": "", "value": ["lymphoedema of the arm"]}))
    room.found(visit, {"sign": "tenderness", "at": "upper trapezius", "side": "right", "result": "present"})
    room.send(
        visit,
        *(
            ("plan.changed", {"point": one, "side": "right", "change": "add"})
            for one in ("brachialis", "splenius capitis")
        ),
    )
    page = opened(on_tablet, visit)
    kept = page.locator('.point-tile[data-point="brachialis"][data-state="kept"]')
    expect(kept).to_contain_text("No needle into the arm")
    expect(page.get_by_role("heading", name="Points: proposed, not taken")).to_be_visible()
    assert page.locator(".in").get_attribute("data-point") != "brachialis"
    kept.click()
    expect(page.locator(ASKED)).to_contain_text("brachialis, right: Lymphoedema of the arm")
    page.get_by_role("button", name="I judge it safe at this place").click()
    page.wait_for_selector(f'{IN}[data-point="brachialis"]')
    expect(page.locator(".pad-head + .risk")).to_contain_text("no deeper than")
    page.get_by_label("Another point").fill("coracobrachialis")
    expect(page.locator(".found .point-tile").first).to_contain_text("Lymphoedema")


def test_a_feeling_given_by_key_belongs_to_the_needle_that_was_shown(on_tablet, room):
    visit = room.planned(TWO)
    page = opened(on_tablet, visit)
    page.keyboard.press("NumpadEnter")
    page.wait_for_selector(f'{FIRST}[data-state="in"]')
    page.keyboard.press("NumpadAdd")
    page.keyboard.press("NumpadEnter")
    page.wait_for_selector(f'{SECOND}[data-state="in"]')
    page.keyboard.press("Numpad1")
    page.get_by_text("· twitch 1, plain").wait_for()
    received(page)
    second = room.entries(visit, "needle.in")[1]["id"]
    (body,) = room.bodies(visit, "needle.response")
    assert (body["insertion"], body["twitch"], body["sensation"]) == (second, 1, "plain")
    visit = room.planned(TWO)
    page = opened(on_tablet, visit)
    page.locator(".in").click()
    page.wait_for_selector(f'{FIRST}[data-state="in"]')
    page.keyboard.press("PageUp")
    page.locator(SECOND).click()
    page.wait_for_selector(f'{SECOND}[data-state="in"]')
    received(page)
    (body,) = room.bodies(visit, "needle.response")
    assert body["insertion"] == room.entries(visit, "needle.in")[0]["id"], "the twitch is of the needle before"


def test_no_size_and_no_depth_that_nobody_chose(on_tablet, room):
    visit = room.planned(TWO)
    page = opened(on_tablet, visit)
    expect(page.locator(".in")).to_contain_text("size not recorded")
    page.locator(".in").click()
    page.wait_for_selector(f'{FIRST}[data-state="in"]')
    page.locator("[data-act=usual-size]").click()
    expect(page.locator(".in")).to_contain_text("mm")
    page.locator(".in").click()
    page.wait_for_selector(f'{SECOND}[data-state="in"]')
    length = page.locator(".in-and-size .size:visible").count()
    depth = '.more [data-what="depth_mm"][data-value="{}"]'
    page.locator(depth.format(75)).click()
    page.get_by_text("deeper than the needle is long").first.wait_for()
    page.locator(".point-tile").first.click()  # the first: of no recorded size
    page.locator(".pad-whose", has_text=TWO[0]).wait_for()
    page.locator(depth.format(60)).click()
    page.get_by_text("Record it so?").wait_for()
    page.get_by_role("button", name="Yes, 60 mm").click()
    page.wait_for_selector(f'{depth.format(60)}[aria-pressed="true"]')
    received(page)
    first, second = ins(room, visit)
    assert "length_mm" not in first and second["length_mm"] > 0 and length
    assert [one["value"] for one in room.bodies(visit, "needle.noted")] == [60]


def test_the_tray_is_counted_blind_and_an_incident_says_which_and_what(on_tablet, room):
    visit = room.planned(TWO)
    into = room.needled(visit, *TWO, side="right")
    page = opened(on_tablet, visit)
    page.wait_for_selector(".out[data-state=in]")
    page.locator(".out[data-state=in]").click()
    expect(page.locator("[data-count=out]")).to_have_text("2")
    page.locator("[data-act=tray]").click()
    for what in (".said", ".undo small", "#recorded", ".outs", ".needle-rest", ".still-in"):
        expect(page.locator(what).first, what).not_to_be_visible()
    page.locator('.tray-tiles [data-value="2"]').click()
    page.get_by_text("2 counted, 2 opened").wait_for()
    expect(page.locator("#recorded")).to_be_visible()
    another(page, "brachialis")
    page.wait_for_selector(f'{IN}[data-point="brachialis"]')
    page.locator("[data-act=tray]").click()
    page.locator('.tray-tiles [data-value="2"]').click()
    page.get_by_text("2 counted, 3 opened").wait_for()
    page.get_by_label("what happened?").fill("x")
    page.get_by_role("button", name="Write the incident").click()
    page.get_by_text("No needle is chosen.").wait_for()
    page.locator(".incident .tile", has_text="brachialis").click()
    page.wait_for_timeout(1000 * BOUNCE)  # else it is a second tap
    page.get_by_role("button", name="Write the incident").click()
    page.get_by_text("1 letters tell nobody").wait_for()
    page.get_by_label("what happened?").fill("It broke off and stays in.")
    page.wait_for_timeout(1000 * BOUNCE)
    page.get_by_role("button", name="Write the incident").click()
    expect(page.locator(".counts [data-state=differs]")).to_contain_text("incident written")
    expect(page.locator("[data-count=in]")).to_have_text("1")
    received(page)
    (body,) = room.bodies(visit, "incident.written")
    assert len(body["needles"]) == 1 and into


def test_a_clock_a_day_off_shows_a_needle_just_in_as_just_in(on_tablet, room):
    visit = room.planned(TWO)
    page = on_tablet(visit)
    page.clock.install(time=datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1))
    page.goto("about:blank")
    page.goto(f"{room.address}/bedside/{visit}#needle")
    ready(page)
    page.wait_for_selector(".clock-off:not([hidden])")
    page.locator(".in").click()
    page.locator(".out .timer", has_text="in 0:0").wait_for()


@pytest.mark.parametrize("who", ["ivo"])
def test_who_may_not_needle_may_take_out_remove_all_and_count(on_tablet, room, who):
    from tests.web.records import open_record

    person = room.person()
    visit = room.planned(TWO, person=person)
    room.needled(visit, *TWO, side="right")
    open_record(room.rooms.client(who), person)
    page = opened(on_tablet, visit, who=who)
    page.get_by_text("An intern may not needle").wait_for()
    expect(page.locator(".in")).to_have_attribute("aria-disabled", "true")
    page.locator(".needle-top .remove-all").click()
    page.wait_for_selector(".out[data-state=reconcile]")
    page.locator(".out[data-state=reconcile]").click()
    until(page, lambda: room.ledger(visit).still_in == 0)
    page.locator("[data-act=tray]").click()
    page.locator('.tray-tiles [data-value="2"]').click()
    until(page, lambda: room.ledger(visit).in_sharps == 2)
    step(page, "close")
