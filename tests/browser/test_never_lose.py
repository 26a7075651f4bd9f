"""Nothing that was ticked is lost: real Chromium, a real clinic in its own process, and everything that goes wrong.

After each, the chain of entries itself is read: every ticked entry is there, once, in order, under its author.
"""

from __future__ import annotations

import os
import random
import signal
import time

import psutil
import pytest
from playwright.sync_api import expect

from tests.browser.clinic_process import ClinicProcess, Ground
from tests.browser.conftest import chromium
from tests.clinics import password_of

TIMES = int(os.environ.get("MYOTOME_LOSE", "1"))
TABLET = {"viewport": {"width": 1180, "height": 820}, "has_touch": True, "service_workers": "allow"}
# Keeps an entry as a tap does, and remembers that it was ticked.
DRIVE = """async visit => {
  const { Outbox } = await import('/bedside/static/outbox.js');
  window.ticked = [];
  window.refusedHere = [];
  window.box = await Outbox.open(visit);
  window.note = async (kind, body, more = {}) => {
    const draft = {id: crypto.randomUUID(), kind, visit, device_time: new Date().toISOString().replace('Z', '+00:00'),
                   zone: 'Europe/Berlin', body, ...more};
    const [kept] = await window.box.put([draft]);
    window.ticked.push(kept.id);
    return kept.id;
  };
  await window.box.load();
  return window.box.state;
}"""
REMARK = "text => note('remark.written', {text})"


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The server loads while the clinic is founded."""
    folder = tmp_path_factory.mktemp("lose")
    process = ClinicProcess(folder)
    ground = Ground(folder)
    process.start()
    yield process, ground
    process.end()


@pytest.fixture(scope="module")
def server(both):
    return both[0]


@pytest.fixture(scope="module")
def ground(both):
    return both[1]


@pytest.fixture
def tablet(browser, server, ground):
    """``tablet(who)``: a context of their own, signed in."""
    opened = []

    def open_one(who="pia"):
        context = browser.new_context(**TABLET)
        if who:
            signed_in(context, server, ground, who)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


def signed_in(context, server, ground, who):
    """By the cookie that signing in gives."""
    context.add_cookies([{"name": "myotome-main", "value": ground.tokens[who], "url": server.address}])


def at_bedside(context, server, visit):
    """A page at the bedside, driven by ``note`` on a visit; the worker has the shell."""
    page = context.new_page()
    page.goto(f"{server.address}/bedside/driven")  # the page itself shows no visit then, and asks nothing
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    page.evaluate(DRIVE, visit)
    return page


def remark(page, *texts):
    """Tick remarks; returns their ids."""
    return [page.evaluate(REMARK, text) for text in texts]


def until(page, holding, most=15.0):
    """Wait until an expression holds; the page allows no other way."""
    end = time.monotonic() + most
    while not page.evaluate(holding):
        assert time.monotonic() < end, (holding, page.evaluate("JSON.stringify(box.state)"))
        page.wait_for_timeout(20)


def sent(page):
    """Wait until nothing waits."""
    until(page, "!box.state.waiting && !box.state.sending")


def holds(ground, visit, ids, who="pia"):
    """The chain has these entries once each, in this order, under their author."""
    events = ground.recorded(visit)
    mine = [one for one in events if one.id in ids]
    assert [one.id for one in mine] == list(ids)
    assert {one.author for one in mine} == {ground.staff[who]}
    return events


def visit_page(context, server, visit):
    """The page as it is seen."""
    page = context.new_page()
    page.goto(f"{server.address}/bedside/{visit}")
    page.locator("[data-kind]").first.wait_for()
    return page


def answer(page, item, said):
    """Tap an answer of the screening, and see it pressed: it is ticked only when it is on the disk."""
    page.locator(f'[data-kind="screening.answered"][data-item="{item}"][data-value="{said}"]').tap()
    page.locator(f'[data-item="{item}"][data-value="{said}"][aria-pressed=true]').wait_for()
    return item, said


def answers(ground, visit, who="pia"):
    """The answers that the chain holds under somebody, in its order."""
    kept = [one for one in ground.recorded(visit) if one.author == ground.staff[who]]
    assert {one.kind for one in kept} <= {"screening.answered"}
    return [(one.body["item"], one.body["answer"]) for one in kept]


SLOW_KEY = """const { subtle } = crypto, { importKey } = subtle;
const later = () => new Promise((yes) => setTimeout(yes, 500));
subtle.importKey = (...told) => later().then(() => importKey.call(subtle, ...told));"""
HANDS, NUMB, SHOCKS = "clumsy hands", "numb hands both sides", "electric shocks on bending the neck"
ALL_THERE = "All at the clinic"


def test_the_network_lost_in_mid_visit(tablet, server, ground):
    """Tapped without a network, the page loaded anew without one, tapped again; then it is on: all goes by itself."""
    visit, context = ground.visit(), tablet()
    page = visit_page(context, server, visit)
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    taps = [answer(page, HANDS, "no")]
    page.get_by_text(ALL_THERE).wait_for()
    context.set_offline(True)
    taps += [answer(page, NUMB, "no"), answer(page, HANDS, "yes")]
    page.get_by_text("No connection: 2 kept here").wait_for()
    page.reload()
    page.locator(f'[data-item="{HANDS}"][data-value="yes"][aria-pressed=true]').wait_for()
    taps += [answer(page, SHOCKS, "no"), answer(page, NUMB, "yes")]
    page.get_by_text("No connection: 4 kept here").wait_for()
    assert answers(ground, visit) == taps[:1]
    context.set_offline(False)
    page.get_by_text(ALL_THERE).wait_for()
    assert answers(ground, visit) == taps


def test_a_page_that_comes_to_the_front_while_it_begins_takes_its_owner_for_nobody_else(tablet, server, ground):
    """Focus and Back wake the sending; before it is seen who is signed in, they ask nothing of their own."""
    visit, page, held = ground.visit(), tablet().new_page(), []
    page.add_init_script(SLOW_KEY)
    page.route("**/api/bedside/me", lambda route: held.append(route))  # noqa: PLW0108  # what is called gets a mark
    page.goto(f"{server.address}/bedside/{visit}")
    while not held:
        page.wait_for_timeout(20)
    page.evaluate("for (const one of ['focus', 'pageshow', 'online']) dispatchEvent(new Event(one))")
    page.wait_for_timeout(300)
    for route in held:
        route.continue_()
    page.unroute("**/api/bedside/me")
    told = answer(page, HANDS, "no")
    page.get_by_text(ALL_THERE).wait_for()
    assert answers(ground, visit) == [told]


def test_the_clinic_stopped_and_the_tab_closed_right_after_the_tick(tablet, server, ground):
    """The tab is closed in the moment of the tick; another page of the clinic sends what it kept."""
    visit, context = ground.visit(), tablet()
    page = at_bedside(context, server, visit)
    server.kill()
    ids = remark(page, "one", "two")
    page.close()
    server.start()
    page = context.new_page()
    page.goto(f"{server.address}/people")
    page.locator(".done", has_text="2 entries that waited on this device are sent").wait_for()
    assert [one.id for one in holds(ground, visit, ids)] == ids


def test_the_clinic_killed_between_recording_and_answer(tablet, server, ground):
    """The entry is recorded, the answer never comes: sent again it is recorded once, and the receipt says so."""
    visit, context = ground.visit(), tablet()
    page = at_bedside(context, server, visit)
    page.evaluate("window.receipts = []; box.addEventListener('received', e => receipts.push(...e.detail))")
    server.dies_before_it_answers()
    ids = remark(page, "recorded, not answered")
    server.died()
    ids += remark(page, "while it is down")
    assert page.evaluate("box.state.waiting") == 2
    server.start()
    page.evaluate("box.wake()")
    sent(page)
    assert [one.id for one in holds(ground, visit, ids)] == ids
    assert page.evaluate("receipts.map(one => one.repeated)") == [True, False]
    chance = random.Random(11)
    for _ in range(TIMES - 1):  # at any moment
        page.evaluate(f"window.tapped = Promise.all([...'abcdefgh'].map({REMARK})); 1")
        time.sleep(chance.uniform(0, 0.3))
        server.kill()
        ids += page.evaluate("tapped")
        server.start()
        page.evaluate("box.wake()")
        sent(page)
        assert [one.id for one in holds(ground, visit, ids)] == ids


def people_of(profile):
    """The processes of a browser over a folder."""
    return [
        one for one in psutil.process_iter(["cmdline"]) if any(str(profile) in w for w in one.info["cmdline"] or ())
    ]


def test_the_browser_killed(browser, server, ground, tmp_path):
    """SIGKILL of every process of it right after a tick, without a network; opened again, still without one."""
    visit, ids, chance = ground.visit(), [], random.Random(7)

    def opened():
        return browser.browser_type.launch_persistent_context(
            tmp_path / "profile", executable_path=chromium(), args=["--no-sandbox"], **TABLET
        )

    context = opened()
    signed_in(context, server, ground, "pia")
    page = at_bedside(context, server, visit)
    for _ in range(TIMES):
        context.set_offline(True)
        ids += remark(page, *"abcd"[: chance.randint(1, 4)])
        for process in people_of(tmp_path / "profile"):
            process.send_signal(signal.SIGKILL)
        context = opened()
        context.set_offline(True)
        page = context.new_page()
        page.goto(f"{server.address}/bedside/driven")
        state = page.evaluate(DRIVE, visit)
        assert state["waiting"] == len(ids)
        assert page.evaluate("box.entries.map(one => one.id)") == ids
    ids += remark(page, "after it")
    signed_in(context, server, ground, "pia")
    context.set_offline(False)
    sent(page)
    context.close()
    assert [one.id for one in holds(ground, visit, ids)] == ids


def sign_in(page, server, who):
    """By the page, as anybody does."""
    page.goto(f"{server.address}/sign-in")
    page.get_by_label("Sign-in name").fill(who)
    page.get_by_label("Password").fill(password_of(who))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/people")


def open_record(page, server, ground):
    """By two identifiers, as in every session."""
    page.goto(f"{server.address}/people/{ground.anna}/open")
    page.locator(".ask", has_text="Name").tap()
    page.locator(".ask", has_text="birth").tap()
    page.get_by_role("button", name="Open the record").click()
    page.wait_for_url(f"**/people/{ground.anna}")


def signed_out_with_two(context, server, ground, visit):
    """pia answers twice while the clinic takes nothing, and signs out: (the page she did it on, her answers)."""
    plain = context.new_page()
    sign_in(plain, server, "pia")
    open_record(plain, server, ground)
    page = visit_page(context, server, visit)
    with server.takes_no_entries():
        mine = [answer(page, HANDS, "no"), answer(page, NUMB, "yes")]
        page.close()
        plain.goto(f"{server.address}/account")
        plain.get_by_role("button", name="Sign out").click()
        plain.wait_for_url("**/sign-in**")
        plain.get_by_text("2 entries made at the bedside wait on this device, sealed").wait_for()
        assert kept_here(plain) == {"keys": 0, "entries": 2, "readable": False}
    return plain, mine


def test_signed_out_with_unsent_entries_and_somebody_else_signs_in(tablet, server, ground):
    """They are sealed, told by number only, never sent by another, and sent when the first returns."""
    visit, context = ground.visit(), tablet("")
    plain, mine = signed_out_with_two(context, server, ground, visit)
    sign_in(plain, server, "lea")
    open_record(plain, server, ground)
    page = visit_page(context, server, visit)
    expect(page.locator(f'[data-item="{NUMB}"][data-value="yes"]')).to_have_attribute("aria-pressed", "false")
    hers = [answer(page, SHOCKS, "yes")]
    page.get_by_text(ALL_THERE).wait_for()
    page.get_by_role("button", name="Recorded").tap()
    page.get_by_text("2 entries of another person wait on this device until they sign in.").wait_for()
    assert (answers(ground, visit), answers(ground, visit, "lea")) == ([], hers)
    page.close()
    plain.goto(f"{server.address}/account")
    plain.get_by_role("button", name="Sign out").click()
    plain.wait_for_url("**/sign-in**")
    sign_in(plain, server, "pia")
    plain.get_by_text("2 entries that waited on this device are sent").wait_for()
    assert (answers(ground, visit), answers(ground, visit, "lea")) == (mine, hers)


def test_a_tablet_that_is_locked_deletes_its_key_and_keeps_what_waits(tablet, server, ground):
    """Nothing more is shown or ticked; what was ticked lies there sealed, and is sent once the tablet is found."""
    visit, owner = ground.visit(), tablet("ana").new_page()
    context = tablet("ana")
    plain = context.new_page()
    plain.goto(f"{server.address}/devices")
    plain.get_by_label("Name of the device").fill("Lost")
    plain.get_by_role("button", name="Enrol it").click()
    plain.wait_for_url("**/devices?done=enrolled")
    context.clear_cookies(name="myotome-main")
    sign_in(plain, server, "pia")
    open_record(plain, server, ground)
    page = visit_page(context, server, visit)
    with server.takes_no_entries():
        answer(page, HANDS, "no")
        owner.goto(f"{server.address}/devices")
        owner.locator('a[href$="/lock"]').click()
        owner.get_by_label("Reason").fill("Left in a train")
        owner.get_by_role("button", name="Lock it").click()
        owner.wait_for_url("**/devices?done=locked")
        page.wait_for_url("**/sign-in**")
        plain.goto(f"{server.address}/sign-in")
        assert kept_here(plain) == {"keys": 0, "entries": 1, "readable": False}
    assert not ground.recorded(visit)
    owner.locator('a[href$="/found"]').click()
    owner.get_by_label("Reason").fill("It was in the other car")
    owner.get_by_role("button", name="Use it again").click()
    owner.wait_for_url("**/devices?done=found")
    sign_in(plain, server, "pia")
    plain.get_by_text("1 entry that waited on this device is sent").wait_for()
    assert answers(ground, visit) == [(HANDS, "no")]


def test_a_browser_enrolled_anew_opens_what_waited_under_its_old_name(tablet, server, ground):
    """Signing out deleted the key, and the new device has another: the clinic still has the one of before."""
    visit, context = ground.visit(), tablet("")
    plain, mine = signed_out_with_two(context, server, ground, visit)
    sign_in(plain, server, "ana")
    plain.goto(f"{server.address}/devices")
    plain.get_by_label("Name of the device").fill("Named anew")
    plain.get_by_role("button", name="Enrol it").click()
    plain.wait_for_url("**/devices?done=enrolled")
    assert answers(ground, visit) == [], "of somebody else's, nothing is opened"
    plain.goto(f"{server.address}/account")
    plain.get_by_role("button", name="Sign out").click()
    plain.wait_for_url("**/sign-in**")
    sign_in(plain, server, "pia")
    plain.get_by_text("2 entries that waited on this device are sent").wait_for()
    assert answers(ground, visit) == mine


def kept_here(page):
    """What lies in the database of the device, and whether any of it is plain to read."""
    return page.evaluate(
        """() => new Promise(yes => {
        const open = indexedDB.open('myotome-bedside');
        open.onsuccess = () => {
          const work = open.result.transaction(['keys', 'entries', 'packs']), told = {};
          for (const name of ['keys', 'entries', 'packs'])
            work.objectStore(name).getAll().onsuccess = event => (told[name] = event.target.result);
          work.oncomplete = () => {
            const plain = JSON.stringify(told, (_, value) => value instanceof ArrayBuffer
              ? new TextDecoder('latin1').decode(value) : value);
            yes({keys: told.keys.length, entries: told.entries.length, readable: /hands|Anna|screening/.test(plain)});
          };
        };
      })"""
    )


def test_two_tablets_on_one_visit(tablet, server, ground):
    """Both chart, one of them without a network; what differs is kept twice, shown on both, and settled by a tap."""
    visit = ground.visit()
    one, other = (visit_page(tablet(who), server, visit) for who in ("pia", "lea"))
    other.context.set_offline(True)
    mine = [answer(one, NUMB, "no"), answer(one, HANDS, "yes")]
    hers = [answer(other, SHOCKS, "no"), answer(other, HANDS, "no")]
    one.get_by_text(ALL_THERE).wait_for()
    other.context.set_offline(False)
    for page in (one, other):
        page.get_by_text("1 differ").wait_for()
        page.locator(f'[data-item="{SHOCKS}"][data-value="no"][aria-pressed=true]').wait_for()
        page.locator(f'[data-item="{NUMB}"][data-value="no"][aria-pressed=true]').wait_for()
    assert (answers(ground, visit), answers(ground, visit, "lea")) == (mine, hers)
    one.get_by_text("1 differ").tap()
    one.get_by_role("button", name="This one stands").first.tap()
    other.get_by_text("1 differ").wait_for(state="detached")
    assert (answers(ground, visit)[:2], answers(ground, visit, "lea")) == (mine, hers), "nothing was overwritten"
    settled = ground.recorded(visit)[-1]
    assert set(settled.body["replaces"]) == {e.id for e in ground.recorded(visit)[:-1] if e.body["item"] == HANDS}


def test_the_clock_wrong_by_a_day(browser, server, ground):
    """The entry says by how much the device is off; the order is that of the making, and the page says it."""
    visit, context = ground.visit(), browser.new_context(**TABLET)
    signed_in(context, server, ground, "pia")
    context.add_init_script(
        """const now = Date.now.bind(Date), Real = Date, day = 86400e3;
        globalThis.Date = class extends Real {
          constructor(...told) { told.length ? super(...told) : super(now() + day); }
        };
        Date.now = () => now() + day;"""
    )
    page = at_bedside(context, server, visit)
    assert "1 day ahead of the clinic's" in page.evaluate("box.state.clockSays")
    ids = remark(page, "first", "second")
    sent(page)
    events = holds(ground, visit, ids)
    context.close()
    assert all(abs(one.body["clock_off"] - 86400) < 5 for one in events)
    assert all(one.received[:10] != one.device_time[:10] for one in events)


def test_what_the_clinic_refuses_is_set_aside_and_the_rest_is_sent(tablet, server, ground):
    """With the clinic's words; tried again it is refused again; it never counts as sent."""
    visit = ground.visit()
    page = at_bedside(tablet(), server, visit)
    page.context.set_offline(True)
    ids = remark(page, "good")
    bad = page.evaluate("note('remark.written', {text: ''})")
    ids += remark(page, "good too")
    page.context.set_offline(False)
    sent(page)
    assert [one.id for one in holds(ground, visit, ids)] == ids
    for _ in range(2):
        aside = page.evaluate("box.state.aside")
        assert [one["id"] for one in aside] == [bad]
        assert "'text' of the body" in aside[0]["problems"][0]["message"]
        assert page.evaluate("box.entries.at(-1).received") == ""
        page.evaluate("box.tryAgain()")
        until(page, "box.state.aside.length === 1 && !box.state.sending")


def test_what_one_visit_meets_keeps_back_no_other(tablet, server, ground):
    """The clinic fails on one entry each time: what belongs to other visits is sent all the same."""
    bad, visit = ground.visit(), ground.visit()
    page = at_bedside(tablet(), server, visit)

    def fails(route):
        broken = bad in (route.request.post_data or "")
        route.fulfill(status=500, json={"message": "broken"}) if broken else route.continue_()

    page.context.route("**/api/entries", fails)
    page.evaluate("visit => note('remark.written', {text: 'first'}, {visit})", bad)
    ids = remark(page, "second")
    until(page, "box.state.waiting === 1 && !box.state.sending")
    holds(ground, visit, ids)


def test_nobody_signs_what_came_since_the_page_was_drawn(tablet, server, ground):
    """The look before the signature brings in what another device entered: it is shown first."""
    visit, held, tapped = ground.visit(), [], []
    page = visit_page(tablet(), server, visit)
    answer(page, HANDS, "no")
    page.get_by_text(ALL_THERE).wait_for()
    # What it asks by itself gets no answer, so that it asks nothing more; what the signature asks does.
    page.context.route("**/bedside/since*", lambda route: route.continue_() if tapped else held.append(route))
    page.locator('[data-step="close"]').first.tap()
    page.locator("#sign-password").fill(password_of("pia"))
    other = at_bedside(tablet("lea"), server, visit)
    remark(other, "unseen")
    sent(other)
    page.locator('[data-act="sign"][aria-disabled=false]').wait_for()
    for _ in range(250):
        if not held:
            page.wait_for_timeout(20)
    assert held, "it asks every two seconds"
    tapped.append(True)
    page.locator('[data-act="sign"]').tap()
    page.get_by_text("Somebody has entered something since this note was shown.").wait_for()
    assert "visit.signed" not in {one.kind for one in ground.recorded(visit)}


def test_a_full_device_ticks_nothing_and_says_so(tablet, server, ground):
    """What cannot be kept is not shown as kept; what was kept before is not touched."""
    visit, context = ground.visit(), tablet()
    blank = context.new_page()
    tools = context.new_cdp_session(blank)
    tools.send("Storage.overrideQuotaForOrigin", {"origin": server.address, "quotaSize": 4_000_000})
    page = at_bedside(context, server, visit)
    ids = remark(page, "there is room")
    said = page.evaluate(f"({REMARK})('x'.repeat(8e6)).then(() => 'ticked', error => error.message)")
    assert said == "The storage of this device is full: nothing was recorded. Write it on paper."
    assert page.evaluate("[box.state.full, ticked.length, box.state.notKept]") == [True, 1, said]
    # What was set aside for the large one is given back in the browser's own time, so room comes from elsewhere.
    tools.send("Storage.overrideQuotaForOrigin", {"origin": server.address, "quotaSize": 100_000_000})
    ids += remark(page, "there is room again")
    assert page.evaluate("box.state.full") is False
    sent(page)
    assert [one.id for one in holds(ground, visit, ids)] == ids
