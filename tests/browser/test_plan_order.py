"""The practitioner puts the positions of a plan in another order: list, queue and clinic follow, turns are told."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.bedside import TENDER
from tests.browser.tablet import PHONE, Finger, received, step

LEG = ("tibialis anterior", "L5 paraspinal")  # the first is reached supine, all else lies prone
SWAP = ".p-turns button"


def planned(room):
    """A visit with a plan in two positions."""
    visit = room.visit(room.person(sex="female"), day="2026-11-21")
    room.screened(visit)
    room.found(visit, *TENDER[2:])
    room.send(visit, *(("plan.changed", {"point": one, "side": "left", "change": "add"}) for one in LEG))
    return visit


def points(page, kind):
    return page.locator(kind).evaluate_all("all => all.map(one => one.dataset.point)")


def kept(page):
    expect(page.locator(".check")).to_have_text("✓ Keeps every rule")
    return points(page, ".plan .point")


def test_positions_in_another_order_by_one_tap_which_list_queue_reload_and_other_devices_follow(room, on_tablet):
    visit = planned(room)
    page = on_tablet(visit, "plan")
    before = kept(page)
    assert before[-1] == LEG[0]
    expect(page.locator(".p-turns p")).to_have_text("Prone → supine: the person turns once.")
    finger = Finger(page)
    finger.tap(SWAP)
    expect(page.locator(".p-turns p")).to_have_text("Supine → prone: the person turns once.")
    expect(page.locator(SWAP)).to_have_text("Prone before supine")  # one tap each way, at the same place
    after = [LEG[0], *before[:-1]]
    assert kept(page) == after, "each position keeps its own order"
    received(page)
    assert room.bodies(visit, "plan.ordered") == [{"positions": ["supine", "prone"], "gesture": "tap"}]
    page.reload()
    assert kept(page) == after
    step(page, "needle")
    assert points(page, ".points .point-tile[data-kind='needle.in']")[: len(after)] == after
    expect(page.locator(".in")).to_have_attribute("data-point", LEG[0])
    assert kept(on_tablet(visit, "plan", size=PHONE)) == after


def test_a_plan_that_was_taken_follows_a_later_order_and_undo_brings_the_first_back(room, on_tablet):
    visit = planned(room)
    page = on_tablet(visit, "plan")
    before = kept(page)
    page.locator(".take").tap()
    expect(page.locator(".in")).to_have_attribute("data-point", before[0])
    step(page, "plan")
    page.locator(SWAP).tap()
    expect(page.locator(".take")).to_contain_text("Take this plan")
    step(page, "needle")
    expect(page.locator(".in")).to_have_attribute("data-point", LEG[0])
    expect(page.locator("#undo")).to_contain_text("Order of positions: supine, prone")
    page.locator("#undo").tap()
    expect(page.locator(".in")).to_have_attribute("data-point", before[0])
    step(page, "plan")
    assert kept(page) == before
    expect(page.locator(".take")).to_contain_text("To the needles")
