"""What is asked at each visit and one by one; pain before the needles; what the page says of percentages and of points
that may not be needled."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from myotome.care.screening.asking import asked
from tests.browser.bedside import TAUT, TENDER, now
from tests.browser.looking import axe
from tests.browser.tablet import received, step

EACH = {code for code, one in asked().items() if one.how == "each visit"}
ALONE = {code for code, one in asked().items() if one.how == "alone"}


def answers(room, visit):
    return {one["item"]: one["answer"] for one in room.bodies(visit, "screening.answered")}


@pytest.fixture
def visit(room):
    """Somebody whose last visit was screened some days ago, and their visit of today."""
    person, today = room.person(sex="female"), now().date()
    before = room.visit(person, day=today.replace(day=1).isoformat())
    room.screened(before)
    return room.visit(person, day=today.isoformat())


def test_what_is_of_today_is_carried_by_nothing_and_swept_by_nothing(room, visit, on_tablet):
    page = on_tablet(visit, "screen")
    page.locator(".unchanged").tap()
    page.wait_for_selector(".unchanged[aria-disabled=true]")
    received(page)
    (carried,) = room.bodies(visit, "screening.unchanged")
    assert carried["answers"] and not {*carried["answers"]} & (EACH | ALONE)
    each = page.locator(".each-visit")
    shown = {one.strip() for one in each.locator("small").inner_text().split(", ")}
    assert {"fever", "pregnancy", "anticoagulant"} <= shown  # each by name, all at once
    assert each.evaluate("e => e.scrollHeight <= e.clientHeight && e.scrollWidth <= e.clientWidth")
    rests = page.locator("[data-value='the rest no']:not([aria-disabled=true])")
    for left in reversed(range(rests.count())):
        rests.first.tap()
        page.locator(".asked .main").tap()
        expect(rests).to_have_count(left)
    received(page)
    assert not {*answers(room, visit)} & (EACH | ALONE)
    page.locator("[data-item=pregnancy][data-value=yes]").tap()
    page.wait_for_selector("[data-item=pregnancy][data-value=yes][aria-pressed=true]")
    expect(each).not_to_contain_text("pregnancy")
    each.tap()
    page.wait_for_selector(".each-visit[aria-disabled=true]")
    received(page)
    said = answers(room, visit)
    assert (said["pregnancy"], said["anticoagulant"], said["fever"]) == ("yes", "no", "no")
    assert not {*said} & ALONE, "what is asked by itself is in no sweep"


def test_a_sweep_names_everything_that_it_writes(room, on_tablet):
    visit = room.visit(room.person())
    page = on_tablet(visit, "screen")
    page.locator("[data-value='the rest no']").first.tap()
    named = page.locator(".asked p").inner_text()
    axe(page, context=".asked")
    page.locator(".asked .main").tap()
    page.wait_for_selector("[data-value='the rest no'][aria-disabled=true]")
    received(page)
    written = answers(room, visit)
    assert len(written) > 50 and all(item in named for item in written)


def test_pain_is_asked_in_one_tap_before_the_needles_and_not_after(room, visit, on_tablet):
    page = on_tablet(visit, "screen")
    page.get_by_role("group", name="Pain now, before the needles").get_by_role("button", name="6").tap()
    page.wait_for_selector(".screen-top [data-score][data-value='6'][aria-pressed=true]")
    received(page)
    (score,) = room.bodies(visit, "score.recorded")
    assert (score["score"], score["when"], score["total"]) == ("pain-now", "before", 6)
    step(page, "close")
    expect(page.locator(".retest-row .before")).to_contain_text("6 of 10")
    room.needled(visit, "brachialis", out=True)
    page.wait_for_selector(".retest .tied:has-text('brachialis')")
    step(page, "screen")
    expect(page.locator(".screen-top [data-score]").first).to_have_attribute("aria-disabled", "true")


def test_percentages_carry_their_caution_and_a_barred_point_says_so(room, on_tablet):
    visit = room.visit(room.person(sex="female"), day=now().date().isoformat())
    room.screened(visit, pregnancy="yes")
    room.found(visit, *TENDER, *TAUT)
    body = {"entries": [], "want": "whole"}
    csrf = room.pia.get("/api/bedside/me").json()["csrf"]
    told = room.pia.post(f"/api/visits/{visit}/think", json=body, headers={"X-CSRF": csrf}).json()
    barred = next(one for one in told["excluded"] if one["points"])
    point, side = barred["points"][0].rsplit(", ", 1)
    room.send(visit, ("plan.changed", {"point": point, "side": side, "change": "add"}))
    page = on_tablet(visit, "explain")
    caution = page.get_by_text("checked on simulated people, not on patients")
    expect(caution).to_have_count(1)
    step(page, "plan")
    row = page.locator(f".point[data-point='{point}'][data-side='{side}']")
    expect(row.locator(".danger").first).to_have_text(f"✕ May not be needled: {barred['why']}")
    page.locator("#add-point").fill(point)
    expect(page.locator(".p-add .danger").first).to_contain_text("May not be needled")
    expect(page.locator(f".p-add [data-point='{point}'][data-side='{side}']")).to_have_count(0)
    axe(page, context="#panel")
