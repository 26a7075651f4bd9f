"""What the page at the bedside keeps and says when clocks, devices, sessions and the visit itself change under it."""

from __future__ import annotations

import datetime
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.bedside import now
from tests.browser.tablet import ready, received, step, until
from tests.web.records import open_record, register

POINTS = ("C6 paraspinal", "C7 paraspinal")
DAY = datetime.timedelta(days=1)
LEFT = 16 * 60 * 1000  # milliseconds


@pytest.fixture
def person(room):
    return room.person()


@pytest.fixture
def visit(room, person):
    return room.visit(person)


def send(room, visit, kind, body, client=None, at=None):
    """One entry as a device sends it; ``at``: what its clock says."""
    client = client or room.pia
    told = {"id": str(uuid.uuid4()), "kind": kind, "visit": visit, "body": body, "zone": "Europe/Berlin"}
    told["device_time"] = (at or now()).isoformat(timespec="milliseconds")
    csrf = client.get("/api/bedside/me").json()["csrf"]
    sent = client.post("/api/entries", json={"entries": [told]}, headers={"X-CSRF": csrf})
    assert sent.status_code == 200, sent.text


def set_off(page, by):
    """The device's clock is off from here on, as the page finds it when it is loaded."""
    page.clock.install(time=now() + by)
    page.reload()
    return ready(page)


def answer(page, item, value="no"):
    page.locator(f'[data-item="{item}"][data-value={value}]').tap()
    page.wait_for_selector(f'[data-item="{item}"][data-value={value}][aria-pressed=true]')


def test_a_clock_that_is_a_day_off_changes_no_time_and_no_order(on_tablet, room, visit):
    """An entry of a device that is a day ahead says so; the page of another, a day ahead too, takes both out."""
    needles = [{"needle": str(uuid.uuid4()), "point": point, "side": "left"} for point in POINTS]
    send(room, visit, "needle.in", needles[0] | {"clock_off": DAY.total_seconds()}, at=now() + DAY)
    send(room, visit, "needle.in", needles[1])
    page = set_off(on_tablet(visit, "needle"), DAY)
    for told in (page.locator(".still-in"), page.locator(".out[data-state=in]")):
        expect(told).to_contain_text("0:")
        assert "23:" not in told.inner_text() and "24:" not in told.inner_text()
    step(page, "screen")
    answer(page, "cancer history")
    received(page)
    room.send(visit, ("remark.written", {"text": "The last."}))
    page.locator("#recorded").tap()
    lines = page.locator(".entries .what")
    expect(lines.first).to_contain_text("The last.")
    assert [next(word for word in ("last", "ancer", *POINTS) if word in line) for line in lines.all_inner_texts()] == [
        "last", "ancer", *reversed(POINTS)
    ]  # fmt: skip
    page.evaluate("document.querySelector('dialog[open]').close()")
    step(page, "needle")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    times = page.evaluate("[...document.querySelectorAll('#printed ol li')].map(one => one.textContent.slice(0, 5))")
    assert len(times) == 4 and times == sorted(times)
    assert f"{now().astimezone():%Y}" in page.locator("#printed header").text_content()
    assert page.locator("#printed header p").last.text_content().count(f"{now().day} ") == 1


def test_a_clock_is_not_measured_across_a_sleep(on_tablet, visit):
    """A tablet that slept for a quarter of an hour between question and answer would seem half of it off."""
    page = on_tablet(visit, "screen")
    offset = "took => import('/bedside/static/clock.js').then(one => one.offset(new Date(0).toISOString(), 0, took))"
    assert [page.evaluate(offset, took) for took in (0, 4000, 900_000, -4000)] == [0, 2, None, None]


def test_only_a_second_tap_on_the_same_thing_with_nothing_between_is_a_bounce(on_tablet, visit):
    page = on_tablet(visit, "screen")
    done = page.evaluate("""async () => {
      const { button, bounces } = await import('/bedside/static/dom.js'), done = [];
      const here = button('here', () => done.push('here')), plain = document.createElement('button');
      plain.addEventListener('click', (event) => bounces(plain, event) || done.push('plain'));
      const other = document.createElement('p');
      document.body.append(here, plain, other);
      for (const one of [here, here, plain, here, other, here, here, plain, plain]) one.click();
      return done;
    }""")
    assert done == ["here", "plain", "here", "here", "plain"]


def test_undo_takes_back_what_was_recorded_last_here_whatever_the_clock_says(on_tablet, room, person, visit):
    page = set_off(on_tablet(visit, "screen"), DAY)
    answer(page, "cancer history")
    page.clock.set_system_time(now())  # set right
    answer(page, "night sweats")
    expect(page.locator("#undo")).to_contain_text("ight sweats")
    received(page)
    tokens = room.rooms.made
    other = room.rooms.client()
    other.holds("myotome-main", tokens.token("pia", "another tablet"))
    open_record(other, person)
    send(room, visit, "remark.written", {"text": "By her other device."}, other)
    page.locator("#recorded").tap()
    expect(page.locator(".entries")).to_contain_text("By her other device.")
    page.evaluate("document.querySelector('dialog[open]').close()")
    expect(page.locator("#undo")).to_contain_text("ight sweats")
    page.locator("#undo").tap()
    page.wait_for_selector('[data-item="night sweats"][data-value=no][aria-pressed=false]')
    expect(page.locator("#undo")).to_contain_text("ancer history")


def test_needles_are_told_by_place_over_a_session_that_ended_and_can_be_removed(on_tablet, room, visit):
    room.needled(visit, *POINTS)
    page = on_tablet(visit, "needle")
    page.wait_for_selector(".still-in[data-state=in]")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.evaluate("dispatchEvent(new Event('online'))")
    cover = page.locator("dialog.cover[open]")
    told = cover.locator(".cover-needles")
    expect(told).to_contain_text("2 needles are in, the first for 0:")
    expect(told).to_contain_text("C6 paraspinal L, C7 paraspinal L")
    assert "Müller" not in cover.inner_text()
    cover.get_by_role("button", name="Remove all now").tap()
    expect(cover).to_contain_text("Recorded on this device: all needles removed.")
    expect(told).to_be_hidden()
    assert not room.entries(visit, "needles.removed")
    page.context.add_cookies(cookies)
    page.reload()
    received(ready(page))
    (removed,) = room.bodies(visit, "needles.removed")
    assert len(removed["insertions"]) == 2


def test_needles_stay_told_where_another_tab_signed_out(on_tablet, room, visit):
    room.needled(visit, POINTS[0])
    page = on_tablet(visit, "needle")
    page.wait_for_selector(".still-in[data-state=in]")
    page.evaluate(
        "(staff) => new BroadcastChannel('myotome-bedside').postMessage({what: 'forgotten', staff})",
        room.rooms.made.staff["pia"],
    )
    cover = page.locator("dialog.cover[open]")
    expect(cover.locator(".cover-needles")).to_contain_text("1 needle is in, for 0:")
    cover.get_by_role("button", name="Remove all now").tap()
    expect(cover).to_contain_text("nothing was recorded")
    expect(cover.locator(".cover-needles")).to_contain_text("C6 paraspinal L")
    cover.get_by_role("button", name="Sign in").tap()
    page.wait_for_selector("#visit[data-ready=yes]")  # who was here is still signed in, and has the key again


def test_a_visit_that_was_moved_says_so_at_once_and_takes_nothing(on_tablet, room, person, visit):
    page = on_tablet(visit, "screen")
    received(page)
    lea = room.rooms.client("lea")
    open_record(lea, person)
    other = register(lea, given="Bert", family="Ström")
    lea.sent(f"/visits/{visit}/move", to=other, reason="wrong person")
    bar = page.locator(".bar[role=alert]")
    expect(bar).to_contain_text("moved to another person's record")
    expect(page.locator(".link")).to_contain_text("Moved to another record")
    assert page.locator(".link").get_attribute("data-tone") == "stop"
    page.locator('[data-item="cancer history"][data-value=no]').tap()
    expect(page.locator(".said")).to_contain_text("nothing more is recorded here")
    assert page.locator('[data-item="cancer history"][data-value=no]').get_attribute("aria-pressed") == "false"
    bar.get_by_role("link", name="Confirm two identifiers").tap()
    page.wait_for_url(f"**/people/{other}/open?to={visit}")


def test_a_visit_that_was_struck_keeps_and_shows_what_was_not_taken(on_tablet, room, visit):
    page = on_tablet(visit, "screen")
    received(page)
    page.route("**/api/entries", lambda route: route.abort())
    answer(page, "cancer history")
    assert room.pia.sent(f"/visits/{visit}/strike", reason="entered in error").status_code == 303
    page.unroute("**/api/entries")
    bar = page.locator(".bar[role=alert]")
    expect(bar).to_contain_text("struck as entered in error")
    expect(bar).to_contain_text("1 entry was not taken and is kept here: see Recorded.")
    expect(page.locator(".link")).to_contain_text("Struck")
    page.locator("#recorded").tap()
    expect(page.locator(".entries")).to_contain_text("ancer history")


def test_what_is_typed_and_not_recorded_survives_and_goes_once_it_is_recorded(on_tablet, room, visit):
    page = on_tablet(visit, "screen")
    page.locator("#complaint-text").press_sequentially("Since the fall")
    page.locator("#recorded").tap()  # by leaving it the story is recorded
    expect(page.locator(".entries")).to_contain_text("Since the fall")
    page.locator("#remark").press_sequentially("Prefers to lie")
    page.wait_for_timeout(300)
    page.reload()
    ready(page)
    page.locator("#recorded").tap()
    expect(page.locator("#remark")).to_have_value("Prefers to lie")
    page.get_by_role("button", name="Write it down").tap()
    expect(page.locator("#remark")).to_have_value("")
    page.evaluate("document.querySelector('dialog[open]').close()")
    received(page)
    assert [one["text"] for one in room.bodies(visit, "remark.written")] == ["Prefers to lie"]
    page.locator("#complaint-text").fill("Since the fall, worse")
    page.wait_for_timeout(300)
    page.reload()  # the field was never left
    ready(page)
    expect(page.locator("#complaint-text")).to_have_value("Since the fall, worse")
    page.locator("#complaint-text").focus()
    page.locator("#complaint-text").blur()
    until(page, lambda: room.bodies(visit, "case.told")[-1]["value"] == "Since the fall, worse")
    page.reload()
    ready(page)
    page.locator("#recorded").tap()
    expect(page.locator("#remark")).to_have_value("")


def test_from_paper_stays_in_view_and_ends_by_itself(on_tablet, visit):
    page = set_off(on_tablet(visit, "screen"), datetime.timedelta())
    page.locator("#paper").tap()
    page.get_by_label("Time", exact=True).fill("00:01")
    page.get_by_role("button", name="Begin").tap()
    bar = page.locator(".paper-bar")
    for name in ("examine", "close"):
        step(page, name)
        expect(bar).to_contain_text("the next entry carries")
        expect(bar).to_contain_text("00:01")
    bar.get_by_role("button", name="Another time").tap()
    page.get_by_label("Time", exact=True).fill("00:02")
    page.get_by_role("button", name="Begin").tap()
    expect(bar).to_contain_text("00:02")
    for minutes in (10, 10, 9):  # in use, and nothing recorded
        page.clock.run_for(minutes * 60_000)
        page.keyboard.press("Shift")
    expect(bar).to_be_visible()
    said = page.locator(".said")
    for _ in range(65):
        page.clock.run_for(1000)
        if "has ended by itself" in said.inner_text():
            break
    expect(bar).to_be_hidden()
    expect(page.locator(".said")).to_contain_text("has ended by itself")
    page.locator("#paper").tap()
    page.get_by_role("button", name="Begin").tap()
    page.locator(".paper-bar").get_by_role("button", name="End").tap()
    expect(bar).to_be_hidden()


def test_a_step_is_done_only_when_something_was_done_in_it(on_tablet, room, visit):
    page = on_tablet(visit, "screen")
    tab = page.locator(".tab[data-step=needle]")
    page.wait_for_selector(".tab[data-step=examine][data-state=lacks]")
    expect(tab).to_have_attribute("data-state", "")
    needles = room.needled(visit, POINTS[0])
    expect(tab).to_have_attribute("data-state", "lacks")
    room.send(visit, ("needle.out", {"insertions": needles}))
    expect(tab.locator(".lacks")).to_have_text("1 missing")
    room.send(visit, ("sharps.counted", {"count": 1}))
    expect(tab).to_have_attribute("data-state", "done")


def test_for_whom_an_entry_was_made_is_said_when_it_is_made(on_tablet, room, person, visit):
    ada, staff = room.rooms.client("ada"), room.rooms.made.staff
    ada.sent("/account/charts-for", page="/account", staff=staff["pia"])
    open_record(ada, person)
    page = on_tablet(visit, "screen", who="ada")
    expect(page.locator(".me")).to_have_text("Ada Assistant for Pia Practitioner")
    page.route("**/api/entries", lambda route: route.abort())
    answer(page, "cancer history")
    ada.sent("/account/charts-for", page="/account", staff=staff["lea"])
    expect(page.locator(".me")).to_have_text("Ada Assistant for Lea Lead")
    page.unroute("**/api/entries")
    answer(page, "night sweats")
    received(page)
    by = {one["body"]["item"]: one["on_behalf"] for one in room.entries(visit, "screening.answered")}
    assert by == {"cancer history": staff["pia"], "night sweats": staff["lea"]}
