"""A visit left alone or signed out is covered and nothing of it is lost; and the ways into it say what they need."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.tablet import ready, received

LEFT = 16 * 60 * 1000  # milliseconds
POINTS = ("C6 paraspinal", "C7 paraspinal")


@pytest.fixture
def visit(room):
    return room.visit(room.person())


def left_alone(page):
    """As if nobody had touched it for a while."""
    page.evaluate("(ms) => { const now = Date.now.bind(Date); Date.now = () => now() + ms; }", LEFT)
    page.wait_for_selector("dialog.cover[open]")


def test_a_page_left_alone_is_covered_and_tells_the_needles_that_are_in(on_tablet, room, visit):
    room.needled(visit, *POINTS)
    page = on_tablet(visit, "needle")
    left_alone(page)
    cover = page.locator("dialog.cover")
    assert "Müller" not in cover.inner_text()
    assert cover.locator("h1").inner_text() == room.pia.get(f"/api/visits/{visit}/bedside").json()["clinic"]["name"]
    assert cover.locator(".cover-needles").inner_text().startswith("2 needles are in, the first for 16:")
    over = "document.elementFromPoint(innerWidth * {}, innerHeight * {}).closest('.cover') !== null"
    assert all(page.evaluate(over.format(x, y)) for x in (0.05, 0.5, 0.95) for y in (0.05, 0.5, 0.95))
    for key in ("Escape", "Escape", "Alt+2", "."):  # the point takes needles out, elsewhere
        page.keyboard.press(key)
    assert cover.is_visible()
    assert page.locator("#visit").get_attribute("data-step") == "needle"
    page.get_by_role("button", name="Tap to go on").tap()
    cover.wait_for(state="hidden")
    assert page.locator("[data-count=in]").inner_text() == "2"
    assert not room.entries(visit, "needle.out")


def test_a_session_that_ended_covers_the_page_and_signing_in_leads_back(on_tablet, room, visit):
    page = on_tablet(visit, "screen")
    page.route("**/api/entries", lambda route: route.abort())
    page.locator('[data-item="cancer history"][data-value=no]').tap()
    page.wait_for_selector('[data-item="cancer history"][data-value=no][aria-pressed=true]')
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.unroute("**/api/entries")
    cover = page.locator("dialog.cover")
    cover.get_by_text("You are signed out. 1 entry is kept here and sent then.").wait_for()
    cover.get_by_role("button", name="Sign in").tap()
    page.wait_for_url("**/sign-in")
    page.context.add_cookies(cookies)  # as who was here before
    page.goto(f"{room.address}/people", wait_until="commit")  # it leads away at once
    page.wait_for_url(f"**/bedside/{visit}#screen")
    ready(page)
    received(page)
    (answer,) = room.entries(visit, "screening.answered")
    assert answer["body"]["answer"] == "no"


def test_a_record_that_is_not_opened_leads_to_the_two_identifiers_and_back(on_tablet, visit):
    page = on_tablet(visit, who="lea")
    page.get_by_role("link", name="Confirm two identifiers").click()
    page.wait_for_url(f"**/open?to={visit}")
    for part in ("Name", "Birth"):
        page.locator(".ask", has_text=part).tap()
    page.get_by_role("button", name="Open the record").tap()
    page.wait_for_url(f"**/bedside/{visit}*")
    ready(page)


def test_a_plate_that_is_not_kept_is_said_and_the_tiles_go_on(on_tablet, room, visit):
    page = on_tablet(visit, "examine")
    page.wait_for_selector(".chart[data-shows]", state="attached")
    page.context.set_offline(True)
    page.locator("[data-region]").last.tap()
    page.get_by_text("this picture is not kept on this device").wait_for()
    page.locator("[data-brush=tender]").tap()
    page.locator(".structures button[data-side=left]").first.tap()
    page.wait_for_selector('.structures button[data-side="left"][aria-pressed=true]')
    page.locator('.tool:has-text("+")').tap()
    page.context.set_offline(False)
    received(page)
    assert len(room.entries(visit, "finding.recorded")) == 1


def test_what_is_missing_of_the_screening_stands_there_in_words(on_tablet, visit):
    told = on_tablet(visit, "screen").locator(".what-lacks")
    expect(told).to_contain_text("red flags are not asked.")
    expect(told).to_contain_text("The side of the complaint is not told.")
