"""Explanation and plan at the bedside: a real clinic, a real browser, real touches; what the clinic then holds."""

from __future__ import annotations

import re
import sys

import pytest
from playwright.sync_api import expect

from tests.browser.bedside import TAUT, TENDER
from tests.browser.looking import axe, small
from tests.browser.tablet import GLOVED, ready, received, tabbed, until

LAST = ("upper trapezius, shoulder part", "infraspinatus, upper part", "C6 paraspinal", "C4 paraspinal")
WEAK = [
    {"sign": "strength", "at": "elbow extensors", "side": "left", "result": "weak", "grade": 4},
    {"sign": "reflex", "at": "triceps reflex", "side": "left", "result": "reduced"},
]


# The disk is slow from now on; how many points the list shows is looked at with each picture.
SLOW_DISK = """() => {
  const { subtle } = crypto, { encrypt } = subtle, rows = () => document.querySelectorAll('.plan .point').length;
  subtle.encrypt = async (...told) => {
    await new Promise((yes) => setTimeout(yes, 1500));
    return encrypt.call(subtle, ...told);
  };
  globalThis.shown = [];
  const look = () => { shown.push(rows()); requestAnimationFrame(look); };
  look();
}"""


def tight(room, person, *more, **answers):
    """A visit of somebody with a tight left neck and shoulder, everything asked."""
    visit = room.visit(person, day="2026-11-21")
    room.screened(visit, **answers)
    room.found(visit, *TENDER, *TAUT, *more)
    return visit


@pytest.fixture(scope="module")
def anna(room):
    return room.person(sex="female")


def checked(page):
    """Axe finds nothing in the step, and what is tapped there is 64 pixels high."""
    axe(page, context="#panel")
    assert not small(page, "#panel button", GLOVED)


def tapped(page, selector):
    page.locator(selector).first.tap()


def pointed(page):
    """The points in the list that are not taken out, as it shows them."""
    rows = page.locator(".plan .point:not([data-state=out])")
    return rows.evaluate_all("all => all.map(one => [one.dataset.point, one.dataset.side])")


def test_findings_become_levels_a_verdict_and_reasons(room, anna, on_tablet):
    visit = tight(room, anna, *WEAK)
    page = on_tablet(visit, "explain")
    page.wait_for_selector(".x-says .verdict:has-text('C7 on the left')")
    page.wait_for_selector(".x-says .sure:has-text('between')")
    expect(page.locator(".spine .belief[data-segment=C7][data-side=left] .deficient")).to_have_count(1)
    expect(page.locator("svg.spine")).to_have_attribute("aria-label", re.compile("C7 left: loss of function"))
    page.locator(".x-reasons .reasons li", has_text="elbow extensors").first.wait_for()
    tapped(page, ".x-levels [data-segment=C6]")
    expect(page.locator(".x-reasons")).to_contain_text("Why C6 L")
    expect(page.locator(".x-foot")).to_contain_text("Not clinically reviewed")
    expect(page.locator(".x-foot")).to_contain_text("kernel")
    expect(page.locator(".x-rivals")).to_contain_text("anything else")
    checked(page)

    tapped(page, ".x-judge [data-value=partly]")
    page.wait_for_selector(".x-judge [data-value=partly][aria-pressed=true]")
    page.get_by_label("Why, if you like").fill("The neck joints too")
    page.get_by_label("Own hypothesis").fill("C7 from the disc")
    tapped(page, ".x-levels [data-segment=C7]")
    until(page, lambda: len(room.entries(visit, "explanation.judged")) == 2)
    judged = room.bodies(visit, "explanation.judged")
    assert [(one["agrees"], one.get("text", "")) for one in judged] == [
        ("partly", ""),
        ("partly", "The neck joints too"),
    ]
    assert "C7 on the left" in judged[0]["says"]
    expect(page.get_by_label("Own hypothesis")).to_have_value("C7 from the disc")


def test_a_reason_that_was_typed_survives_a_reload(room, anna, on_tablet):
    visit = tight(room, anna)
    page = on_tablet(visit, "explain")
    tapped(page, ".x-judge [data-value=partly]")
    why = page.get_by_label("Why, if you like")
    why.press_sequentially("The joint")
    page.wait_for_timeout(300)
    page.reload()  # the field was never left
    ready(page)
    expect(why).to_have_value("The joint")
    why.focus()
    why.blur()
    until(page, lambda: [one.get("text") for one in room.bodies(visit, "explanation.judged")][-1:] == ["The joint"])


def test_the_test_that_would_decide_is_one_tap_away(room, anna, on_tablet):
    page = on_tablet(tight(room, anna), "explain")
    first = page.locator(".x-next .test").first
    first.wait_for()
    at = first.get_attribute("data-at").removeprefix("paraspinal ")
    first.tap()
    page.wait_for_selector(".tab[data-step=examine][aria-current]")
    page.wait_for_selector(f"#panel :text('{at}')")


def test_a_change_is_checked_at_once_and_what_it_breaks_is_said(room, anna, on_tablet):
    visit = tight(room, anna)
    page = on_tablet(visit, "plan")
    page.wait_for_selector(".check:has-text('Keeps every rule')")
    before = pointed(page)
    spine = [point for point, _ in before if "paraspinal" in point]
    assert len(spine) > 1
    page.wait_for_selector(".marks g[data-point]", state="attached")
    marked = page.locator(".marks g[data-point]").count()
    assert marked >= len(before) / 2, "most points are on the plate that is shown"
    place = page.locator(".point").nth(3).bounding_box()
    tapped(page, f".point[data-point='{spine[0]}'] button[data-value=remove]")
    page.wait_for_selector(".p-broken :text('needs a paraspinal point')")
    assert page.locator(".point").nth(3).bounding_box()["y"] == pytest.approx(place["y"], abs=1), "nothing moves"
    expect(page.locator(".take")).to_have_attribute("aria-disabled", "true")
    checked(page)
    page.locator(".take").tap(force=True)
    expect(page.locator(".tab[data-step=plan][aria-current]")).to_have_count(1)

    tapped(page, f".point[data-point='{spine[0]}'] button[data-value=add]")
    page.wait_for_selector(".check:has-text('Keeps every rule')")
    assert pointed(page) == before
    page.locator("#add-point").fill("supraspin")
    tapped(page, ".p-add button[data-value=add][data-side=left]")
    page.wait_for_selector(".point[data-state=planned][data-point^=supraspinatus]")
    received(page)
    changed = [(one["point"], one["change"]) for one in room.bodies(visit, "plan.changed")]
    assert changed[:2] == [(spine[0], "remove"), (spine[0], "add")]
    assert changed[2][0].startswith("supraspinatus")


def test_the_last_points_are_repeated_in_four_taps_before_the_first_needle(room, on_tablet):
    """Step, same points, take, needle: points only, in the plan's order, and nothing of what came of them."""
    berta = room.person(given="Berta", family="Lang", sex="female")
    first = room.visit(berta, day="2026-11-14")
    room.screened(first)
    room.needled(first, *LAST, out=True)
    visit = tight(room, berta)
    page = on_tablet(visit, "examine")
    page.evaluate("window.taps = 0; addEventListener('click', () => window.taps++, true)")
    tapped(page, ".tab[data-step=plan]")
    page.wait_for_selector(".check:has-text('Keeps every rule')")
    tapped(page, ".repeat")
    page.wait_for_selector(".take:has-text('4 points')")
    tapped(page, ".take")
    page.wait_for_selector(".tab[data-step=needle][aria-current]")
    tapped(page, "#panel [data-kind='needle.in']")
    page.wait_for_selector(".point-tile[data-state=in]")
    received(page)
    taps = page.evaluate("window.taps")
    sys.stdout.write(f"repeat last: {taps} taps with the first needle\n")
    assert taps <= 4

    left = {(point, "left") for point in LAST}
    added = [one for one in room.bodies(visit, "plan.changed") if one["change"] == "add"]
    assert {(one["point"], one["side"]) for one in added} == left
    assert {one["gesture"] for one in added} == {"repeat last"}
    assert all(one["from_visit"] for one in added)
    (taken,) = room.bodies(visit, "plan.taken")
    order = [(one["point"], one["side"]) for one in taken["points"]]
    assert set(order) == left
    (needle,) = room.bodies(visit, "needle.in")
    assert (needle["point"], needle["side"]) == order[0]
    assert not room.entries(visit, "needle.response")


def test_a_blocked_plan_says_what_to_do_and_offers_no_needle(room, anna, on_tablet):
    visit = tight(room, anna, **{"bladder retention": "yes"})
    page = on_tablet(visit, "plan")
    page.wait_for_selector(".stopped[data-status=blocked]")
    expect(page.locator(".p-state")).to_contain_text("No needles today")
    expect(page.locator(".p-state")).to_contain_text(re.compile("Refer: (urgent|emergency)"))
    assert page.locator("#panel [data-kind='plan.changed']:visible, .take:visible, .marks g[data-point]").count() == 0
    checked(page)
    tapped(page, ".tab[data-step=explain]")
    expect(page.locator(".x-refer")).to_contain_text("Refer")


def test_without_the_network_it_waits_and_says_so_and_keeps_what_is_entered(room, anna, on_tablet):
    visit = tight(room, anna, **{"bleeding disorder": "not asked"})
    page = on_tablet(visit, "plan")
    page.wait_for_selector(".stopped[data-status=refused] .ask")
    expect(page.locator(".ask")).to_contain_text("bleed")
    page.context.set_offline(True)
    tapped(page, ".tab[data-step=explain]")
    page.get_by_label("Own hypothesis").fill("C7")
    tapped(page, ".x-judge [data-value=yes]")
    page.wait_for_selector(".x-judge [data-value=yes][aria-pressed=true]")
    page.evaluate("dispatchEvent(new Event('offline'))")
    tapped(page, ".tab[data-step=examine]")
    tapped(page, "[data-brush=tender]")
    page.locator("#panel button[data-side=left]:visible").first.tap()
    tapped(page, ".tab[data-step=explain]")
    page.wait_for_selector(".how.offline:has-text('waits for the clinic')")
    expect(page.locator(".x-how")).to_contain_text("kept on this device")
    page.context.set_offline(False)
    received(page)
    assert [one["agrees"] for one in room.bodies(visit, "explanation.judged")] == ["yes"]


def test_nothing_is_shown_of_a_change_before_it_is_on_a_slow_disk(room, anna, on_tablet):
    """The clinic answers sooner than the disk: a point taken out would leave the list, and come back as taken out."""
    page = on_tablet(tight(room, anna), "plan")
    page.wait_for_selector(".check:has-text('Keeps every rule')")
    page.evaluate(SLOW_DISK)
    point = page.locator(".point").first.get_attribute("data-point")
    with page.expect_response("**/think"):
        tapped(page, f".point[data-point='{point}'] button[data-value=remove]")
    page.wait_for_timeout(300)
    expect(page.locator(f".point[data-point='{point}']")).to_have_count(1)
    page.wait_for_selector(f".point[data-point='{point}'][data-state=out]")
    page.wait_for_selector(".p-broken")
    assert len(page.evaluate("[...new Set(shown)]")) == 1


def test_explanation_and_plan_with_the_keyboard_alone(room, anna, on_tablet):
    visit = tight(room, anna, *WEAK)
    page = on_tablet(visit, "screen")
    page.keyboard.press("Alt+3")
    page.wait_for_selector(".x-says .verdict:has-text('C7 on the left')")
    tabbed(page, "#own-hypothesis", "C")
    page.keyboard.type("7")
    expect(page.locator("#own-hypothesis")).to_have_value("C7")
    tabbed(page, ".x-judge [data-value=partly]")
    page.wait_for_selector(".x-judge [data-value=partly][aria-pressed=true]")
    tabbed(page, ".x-levels .tile[aria-pressed=false]")
    page.keyboard.press("Alt+4")
    page.wait_for_selector(".check:has-text('Keeps every rule')")
    point = page.locator(".point:not([data-point*=paraspinal])").first.get_attribute("data-point")
    tabbed(page, f".point[data-point='{point}'] button[data-value=remove]")
    page.wait_for_selector(f".point[data-point='{point}'][data-state=out]")
    expect(page.locator(":focus")).to_have_attribute("data-value", "add")  # the focus stays on the row
    page.keyboard.press("Enter")
    page.wait_for_selector(f".point[data-point='{point}']:not([data-state=out])")
    page.wait_for_selector(".take[aria-disabled=false]:has-text('points')")
    tabbed(page, ".take")
    page.wait_for_selector(".tab[data-step=needle][aria-current]")
    received(page)
    assert [one["agrees"] for one in room.bodies(visit, "explanation.judged")] == ["partly"]
    assert room.bodies(visit, "plan.taken")
