"""How many taps a visit takes, and that every tap wrote what it showed: the counts are printed, the ledger asserted."""

from __future__ import annotations

import os
import random
import re
import sys
import time
from collections import Counter

import pytest
from playwright.sync_api import expect

from myotome.care.screening.items import items
from myotome.web.bedside.pages import LATER, pages
from tests.browser.bedside import FOUND, POINTS, now
from tests.browser.looking import axe, narrow
from tests.browser.tablet import PHONE, TABLET, Finger, ready, received, step, tabbed
from tests.web.records import open_record

FELT = ("plain", "ache", "familiar pain")
COUNTS = "([name, n]) => document.querySelector(`[data-count=${name}]`).textContent === String(n)"


def say(words):
    """Say a count; pytest shows it with -s."""
    sys.stdout.write(f"{words}\n")


# A thumb that scrolls as far as it must; what stands above the pad is left free, which Playwright does not know of.
TO_VIEW = "work => work.scrollIntoView({ block: 'nearest' })"


def charted(room, visit):
    """{point: (twitch, sensation)} as the record has it, each insertion once."""
    found = room.ledger(visit).insertions
    answers = {one.point: (one.response.body["twitch"], one.response.body["sensation"]) for one in found}
    assert len(answers) == len(found) == 12
    return answers


def wanted(rng):
    return {point: (rng.randrange(4), rng.choice(FELT)) for point in POINTS}


def all_out(page, finger, state="in"):
    """The needles of one position after the other."""
    outs = page.locator(f'.out[data-state="{state}"]')
    outs.first.wait_for()
    for left in reversed(range(outs.count())):
        finger.tap(outs.first)
        expect(outs).to_have_count(left)


def settled(room, visit):
    book = room.ledger(visit)
    assert (book.opened, book.ever_in, book.out, book.still_in, book.in_sharps) == (12, 12, 12, 0, 12)
    assert not book.missing()


def kinds(room, visit):
    return [
        one["kind"] for one in room.entries(visit) if one["kind"].startswith(("needle.", "needles.", "sharps", "entry"))
    ]


ORDERS = int(os.environ.get("MYOTOME_ORDERS", "1"))  # shuffled orders of the points, beside the plan's


@pytest.mark.parametrize("order", ["planned", *(f"shuffled {seed}" for seed in range(7, 7 + ORDERS))])
def test_twelve_needles_with_their_responses_take_29_taps(room, on_tablet, order):
    rng = random.Random(order)
    answers, points = wanted(rng), list(POINTS)
    if order != "planned":
        rng.shuffle(points)
    visit = room.planned()
    page = on_tablet(visit, "close")
    finger = Finger(page)
    finger.tap('.tab[data-step="needle"]')
    page.wait_for_selector(".in")
    for point in points:
        if page.locator(".in").get_attribute("data-point") == point:
            finger.tap(".in")
        else:
            tile = page.locator(f'.queue .point-tile[data-point="{point}"]')
            tile.scroll_into_view_if_needed()
            finger.tap(tile)
        page.wait_for_selector(f'.point-tile[data-point="{point}"][data-state="in"]')
        page.locator(".needle-work").evaluate(TO_VIEW)
        twitch, felt = answers[point]
        finger.tap(f'.cell[data-value="{twitch} {felt}"]')
    all_out(page, finger)
    finger.tap(".beside-outs button:first-child")
    expect(page.locator('[data-count="opened"]'), "hidden until the count is in").to_have_text("··")
    finger.tap('.tray-tiles [data-value="12"]')
    page.get_by_text("12 counted, 12 opened").wait_for()
    received(page)
    say(f"\n12 needles, {order}: {finger.count} taps, nothing typed")
    assert charted(room, visit) == answers
    settled(room, visit)
    # One event a physical tap, but for opening the step and opening the tray.
    assert len(kinds(room, visit)) == finger.count - 2
    assert finger.count <= 33


def test_twelve_needles_by_the_number_pad_alone(room, on_tablet):
    answers, visit = wanted(random.Random(3)), room.planned()
    page = on_tablet(visit, "needle")
    page.wait_for_selector(".in[data-point='triceps brachii, long head']")
    pressed = 0

    def press(*keys):
        nonlocal pressed
        for key in keys:
            page.keyboard.press(key)
            pressed += 1

    for point in POINTS:
        twitch, felt = answers[point]
        press(
            "NumpadEnter",
            *{"plain": (), "ache": ("NumpadMultiply",), "familiar pain": ("NumpadAdd",)}[felt],
            f"Numpad{twitch}",
        )
    press(*["NumpadDecimal"] * 3, "NumpadDivide", "Numpad1", "Numpad2", "NumpadEnter")
    page.get_by_text("12 counted, 12 opened").wait_for()
    received(page)
    felt = sum(one[1] != "plain" for one in answers.values())
    say(f"\n12 needles by the number pad: {pressed} keys, {felt} of them for what was felt")
    assert charted(room, visit) == answers
    settled(room, visit)
    assert pressed == 12 + 12 + felt + 3 + 4
    assert len(kinds(room, visit)) == 12 + 12 + 3 + 1
    # What is typed into a field is never taken, and on another step the keys do nothing.
    page.get_by_label("Another point").fill("")
    page.get_by_label("Another point").press_sequentially("1 2+.")
    expect(page.get_by_label("Another point")).to_have_value("1 2+.")
    step(page, "close")
    page.keyboard.press("Numpad6")
    page.locator('.retest-row [data-value="g5"]').first.tap()
    page.wait_for_selector('.retest-row[data-state="done"]')
    received(page)
    assert len(room.entries(visit)) == 28 + len(FOUND) + len(POINTS) + 1 + 1 + 1


def test_a_bruise_takes_three_taps_and_a_retest_five(room, on_tablet):
    visit = room.planned()
    room.needled(visit, *POINTS, side="right")
    page = on_tablet(visit, "needle")
    page.wait_for_selector('.point-tile[data-state="in"]')
    finger = Finger(page)
    finger.tap(".beside-outs button:last-child")
    finger.tap('.event [data-value="bruise"]')
    finger.tap('.event [data-kind="adverse.recorded"][data-point="brachialis"]')
    page.get_by_text("Recorded: bruise, brachialis R").wait_for()
    say(f"\na bruise: {finger.count} taps")
    assert finger.count == 3
    finger.count = 0
    finger.tap('.tab[data-step="close"]')
    row = '.retest-row .choice [data-sign="{}"][data-point="{}"][data-value="{}"]'
    for sign, at, value in (
        ("strength", "biceps brachii", "g5"),
        ("strength", "triceps brachii", "g4"),
        ("reflex", "biceps reflex", "normal"),
        ("pain", "shoulder", "i2"),
    ):
        finger.tap(row.format(sign, at, value))
    page.wait_for_selector('.retest-row:nth-child(4)[data-state="done"]')
    received(page)
    say(f"a re-test of two strengths, a reflex and pain: {finger.count} taps")
    assert finger.count == 5
    (bruise,) = room.bodies(visit, "adverse.recorded")
    assert (bruise["term"], bruise["severity"], bruise["onset"]) == ("bruise", "mild", "during")
    assert (bruise["point"], bruise["side"]) == ("brachialis", "right")
    after = {
        (one["sign"], one["at"]): one for one in room.bodies(visit, "finding.recorded") if one.get("when") == "after"
    }
    assert len(after) == 4
    assert after["strength", "biceps brachii"]["grade"] == 5
    assert after["strength", "triceps brachii"]["result"] == "weak"
    assert after["reflex", "biceps reflex"]["result"] == "normal"
    assert after["pain", "shoulder"]["intensity"] == 2


def test_remove_all_now_and_the_count_that_comes_true_after(room, on_tablet):
    visit = room.planned()
    page = on_tablet(visit, "needle")
    finger = Finger(page)
    for n in range(7):
        finger.tap(".in")
        page.wait_for_function(COUNTS, arg=["in", n + 1])
    before = finger.count
    finger.tap(".remove-all")
    page.wait_for_selector('.out[data-state="reconcile"]')
    assert finger.count == before + 1, "one tap, no question"
    received(page)
    assert room.ledger(visit).to_reconcile == 7
    all_out(page, finger, "reconcile")
    # One needle is not in the container: the places are listed, then it is found.
    finger.tap(".beside-outs button:first-child")
    finger.tap('.tray-tiles [data-value="6"]')
    page.get_by_text("6 counted, 7 opened").wait_for()
    expect(page.locator(".look li")).to_have_count(7)
    step(page, "close")
    expect(page.locator("[data-act=sign]")).to_have_attribute("aria-disabled", "true")
    step(page, "needle")
    finger.tap('.tray-tiles [data-value="7"]')
    page.get_by_text("7 counted, 7 opened").wait_for()
    received(page)
    book = room.ledger(visit)
    assert (book.opened, book.out, book.still_in, book.to_reconcile, book.in_sharps) == (7, 7, 0, 0, 7)
    assert {one["gesture"] for one in room.bodies(visit, "needle.out")} == {"reconciled"}


def test_double_taps_other_sides_pistoning_and_a_needle_in_again(room, on_tablet):
    visit = room.planned()
    page = on_tablet(visit, "needle")
    page.wait_for_selector(".in[data-point^=triceps]")
    page.locator(".in").evaluate("e => { e.click(); e.click(); }")  # as a bouncing screen sends one tap
    page.get_by_text("Second tap ignored").wait_for()
    page.wait_for_selector('.point-tile[data-state="in"]')
    expect(page.locator('[data-count="in"]')).to_have_text("1")
    # The left side is nobody's plan: it is asked once, and nothing is recorded before the answer.
    page.get_by_label("Another point").fill("brachialis")
    page.locator('.found [data-side="left"]').first.click()
    page.get_by_text("Nothing is recorded yet").wait_for()
    expect(page.locator('[data-count="in"]')).to_have_text("1")
    page.get_by_role("button", name="Yes, left too").click()
    page.wait_for_selector('.point-tile[data-point="brachialis"][data-side="left"][data-state="in"]')
    # Out with the response; that end is inferred, and can be opened again.
    page.get_by_role("button", name="Out with the response").click()
    page.locator('.cell[data-value="2 ache"]').click()
    page.wait_for_function(COUNTS, arg=["out", 1])
    page.get_by_role("button", name="It is still in").click()
    page.wait_for_function(COUNTS, arg=["out", 0])
    # The same needle once more: one needle, two insertions.
    page.get_by_role("button", name="In again, same needle").click()
    page.locator(".point-tile small", has_text="×2").wait_for()
    received(page)
    book = room.ledger(visit)
    assert (len(book.insertions), book.opened, book.still_in) == (3, 2, 2)


def test_a_second_tablet_sees_a_needle_and_an_intern_may_only_look(room, on_tablet):
    person = room.person()
    visit = room.planned(person=person)
    first, second = (on_tablet(visit, "needle") for _ in range(2))
    second.wait_for_selector('.point-tile[data-state="next"]')
    Finger(first).tap(".in")
    began = time.perf_counter()
    second.wait_for_selector('.point-tile[data-state="in"]')
    say(f"\na needle on the other tablet after {time.perf_counter() - began:.1f} s")
    open_record(room.rooms.client("ivo"), person)
    intern = on_tablet(visit, "needle", who="ivo")
    intern.get_by_text("An intern may not needle").wait_for()
    intern.locator(".point-tile").nth(3).click(force=True)
    intern.wait_for_timeout(200)  # nothing is to come of it, so that there is nothing to wait for
    assert room.ledger(visit).ever_in == 1


def test_a_needle_step_and_its_close_with_the_keyboard_alone(room, on_tablet):
    """Tab and Enter, the arrows in the pad; signed with the password; axe finds nothing on the way."""
    from tests.clinics import password_of

    visit = room.planned(POINTS[:2])
    page = on_tablet(visit, "needle", size=PHONE, color_scheme="dark")
    page.wait_for_selector(".in[data-point^=triceps]")
    axe(page)
    narrow(page)

    def go(selector, key="Enter"):
        tabbed(page, selector, key)

    for count in (1, 2):
        go(".in")
        page.wait_for_function(COUNTS, arg=["in", count])
        page.locator(".cell").first.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        page.wait_for_selector('.cell[data-value="1 ache"][aria-pressed=true]')
        page.locator("#panel").focus()
    go('.out[data-state="in"]')
    go(".beside-outs button:first-child")
    axe(page)
    narrow(page)
    go('.tray-tiles [data-value="2"]')
    page.get_by_text("2 counted, 2 opened").wait_for()
    page.keyboard.press("Alt+6")
    page.wait_for_selector(".retest-row")
    axe(page)
    narrow(page)
    go('.retest-row [data-value="g5"]')
    page.wait_for_selector('.retest-row[data-state="done"]')
    received(page)
    go("#sign-password", "End")
    page.keyboard.type(password_of("pia"))
    page.keyboard.press("Enter")
    page.get_by_text("The note is read only now").wait_for()
    axe(page)
    narrow(page)
    book = room.ledger(visit)
    assert [one.response.body["twitch"] for one in book.insertions] == [1, 1]
    assert [one.response.body["sensation"] for one in book.insertions] == ["ache", "ache"]
    assert not book.missing()


TOLD = {
    ("complaint", "side"): "right",
    ("complaint", "area"): "arm",
    ("build", "height_cm"): 175,
    ("build", "weight_kg"): 75,
    ("visit", "minutes"): 60,
    ("medicines", ""): "none",
    ("conditions", ""): "none",
    ("implants", ""): "none",
}
LAST = (
    *("C5 paraspinal", "C6 paraspinal", "C7 paraspinal", "triceps brachii, lateral head", "triceps brachii, long head"),
    *("triceps brachii, medial head", "infraspinatus, lower part", "infraspinatus, upper part", "brachioradialis"),
    *("biceps brachii, long head", "biceps brachii, short head", "brachialis"),
)


def returning(room):
    """Somebody whose last visit was screened, needled at twelve points; returns their new visit."""
    person, today = room.person(), now().date().isoformat()
    visit = room.visit(person, day=today)
    said = [("screening.answered", {"item": one, "answer": "yes" if one == "consent" else "no"}) for one in items()]
    room.send(visit, *said)
    room.told(visit, TOLD)
    room.needled(visit, *LAST, side="right", out=True)
    room.send(visit, ("sharps.counted", {"count": 12}))
    return room.visit(person, day=today)


def passkey(page, room):
    """A device that knows pia, as her tablet does; made through her account."""
    from tests.clinics import password_of

    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    chosen = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": chosen | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    page.goto(f"{room.address}/account/passkeys/new")
    page.get_by_label("Your password").fill(password_of("pia"))
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name of the passkey").fill("tablet in room 2")
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_text("The passkey is kept").wait_for()


def examine(page, finger):
    """Ten findings without zooming or scrolling: 4 tender muscles, 3 taut levels, 2 weak muscles, 1 reflex."""
    done = []
    for brush, many, tile in (
        ("tender", 4, ".paint"),
        ("level-taut", 3, ".paint"),
        ("weak4", 2, ".paint"),
        ("reflex", 1, '[data-value="reduced"]'),
    ):
        finger.tap(f'[data-brush="{brush}"]')
        named = {
            "tender": ["triceps brachii", "biceps brachii", "brachialis"],
            "level-taut": ["C5 paraspinal", "C6 paraspinal", "C7 paraspinal"],
        }.get(brush, [])
        shown = page.locator(f'.structures {tile}[data-side="right"]')
        shown.nth(many - 1).wait_for(state="attached")
        places = shown.evaluate_all("all => all.map(one => one.dataset.at)")
        wanted = [one for one in named if one in places] + [one for one in places if one not in named]
        for at in wanted[:many]:
            target = page.locator(f'.structures {tile}[data-side="right"][data-at="{at}"]')
            finger.tap(target)
            done.append((target.get_attribute("data-sign"), at))
    return done


def needle(page, finger):
    """Twelve needles by IN and pad alone, out by position, a bruise, the tray; returns the answers given."""
    rng, answers = random.Random(60), {}
    for n in range(12):
        finger.tap(".in")
        page.wait_for_function(COUNTS, arg=["in", n + 1])
        twitch, felt = rng.randrange(4), rng.choice(FELT)
        answers[page.locator('.point-tile[aria-current="true"]').get_attribute("data-point")] = (twitch, felt)
        finger.tap(f'.cell[data-value="{twitch} {felt}"]')
    all_out(page, finger)
    finger.tap(".beside-outs button:last-child")
    finger.tap('.event [data-value="bruise"]')
    finger.tap('.event [data-kind="adverse.recorded"]')
    finger.tap(".beside-outs button:first-child")
    finger.tap('.tray-tiles [data-value="12"]')
    return answers


def close(page, finger):
    """Two strengths, a reflex and pain again, and the passkey."""
    finger.tap('.tab[data-step="close"]')
    done = page.locator('.retest-row[data-state="done"]')
    for count, (sign, value) in enumerate((("strength", "g5"), ("strength", "g5"), ("reflex", "normal")), 1):
        row = f'.retest-row[data-state="open"]:has([data-sign="{sign}"])'
        finger.tap(page.locator(f'{row} [data-value="{value}"]').first)
        expect(done).to_have_count(count)
    finger.tap('.retest [data-score="pain-now"][data-value="i2"]')
    page.wait_for_selector('.retest [data-score="pain-now"][data-value="i2"][aria-pressed=true]')
    received(page)
    page.locator("[data-act=sign-passkey]").scroll_into_view_if_needed()
    finger.tap("[data-act=sign-passkey]")
    page.get_by_text("The note is read only now").wait_for()


def test_the_visit_of_the_study_takes_at_most_60_taps(room, on_tablet):
    visit = returning(room)
    page = on_tablet(visit, "screen")
    passkey(page, room)
    page.goto(f"{room.address}/bedside/{visit}#screen")
    ready(page)
    finger = Finger(page)
    finger.count = 1  # the tap that opened the visit
    finger.tap(".unchanged")
    page.wait_for_selector('.unchanged[aria-disabled="true"]')  # the place of the complaint says what else is asked
    finger.tap(".each-visit")  # what is asked at each visit, all of it by name
    page.wait_for_selector('.each-visit[aria-disabled="true"]')
    finger.tap('[data-kind="score.recorded"][data-value="6"]')
    alone = page.locator('[data-item="suicidal thoughts"][data-value="no"]')  # no plan without; others stay not asked
    alone.scroll_into_view_if_needed()
    finger.tap(alone)
    finger.tap('.tab[data-step="examine"]')
    page.wait_for_selector(".brushes")
    found = examine(page, finger)
    examined = finger.count
    finger.tap('.tab[data-step="plan"]')
    page.wait_for_selector(".repeat")
    finger.tap(".repeat")
    page.wait_for_selector('.take[aria-disabled="false"]')
    finger.tap(".take")
    page.wait_for_selector(".in[data-point]:not([data-point=''])")
    assert finger.count - examined <= 4, "the points of the last session are there, before the first needle"
    answers = needle(page, finger)
    needled = finger.count
    close(page, finger)
    say(f"\nthe visit of the study: {finger.count} taps ({examined} examined, {needled} needled), nothing typed")
    assert finger.count <= 60
    before = [one for one in room.bodies(visit, "finding.recorded") if one.get("when", "before") == "before"]
    assert sorted((one["sign"], one["at"]) for one in before) == sorted(found)
    assert len(found) == 10
    assert charted(room, visit) == answers
    assert set(answers) == set(LAST)
    settled(room, visit)
    assert len(room.bodies(visit, "adverse.recorded")) == 1


def test_the_page_is_small_and_usable_at_once(room, browser):
    """What Chromium says came over the wire in a cold load: its scripts, and all but plates.

    Close and the print come ten seconds later, or when they are asked for; their size is said beside it.
    """
    visit, client = room.planned(), room.pia
    shell = client.get(f"/bedside/{visit}").text
    own = [one for one in re.findall(r'(?:href|src)="(/[^"]+)"', shell) if one.startswith("/bedside/")]
    after = pages().address(LATER)
    for path in (*own, after, "/bedside/shell", "/bedside/sw.js", "/bedside/catalogue.json"):
        until = time.monotonic() + 30
        while client.get(path, headers={"Accept-Encoding": "br"}).headers.get("content-encoding") != "br":
            assert time.monotonic() < until, f"{path} is never sent compressed as browsers take it best"
            time.sleep(0.05)
    shown, sizes = cold(room, browser, visit)
    worker = client.get("/bedside/sw.js", headers={"Accept-Encoding": "br"})
    packed = int(worker.headers["content-length"])
    scripts = sum(size for path, size in sizes.items() if path.endswith(".js")) + packed
    whole = sum(sizes.values()) + packed
    for path, size in sorted(sizes.items(), key=lambda one: -one[1])[:8]:
        say(f"{size / 1000:6.1f} kB {path}")
    say(f"on the wire: scripts {scripts / 1000:.1f} kB, in all {whole / 1000:.1f} kB in {len(sizes)} requests")
    later = client.get(after, headers={"Accept-Encoding": "br"}).headers["content-length"]
    say(f"usable after {shown:.2f} s; the script that comes later {int(later) / 1000:.1f} kB")
    assert scripts <= 60_000
    assert whole <= 150_000


def cold(room, browser, visit):
    """A load with nothing kept: seconds until the first step can be used; {path: bytes that came, without heads}."""
    context = browser.new_context(viewport=TABLET, service_workers="block")
    context.add_cookies([{"name": "myotome-main", "value": room.rooms.made.token("pia"), "url": room.address}])
    page, paths, came = context.new_page(), {}, Counter()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.responseReceived", lambda told: paths.update({told["requestId"]: told["response"]["url"]}))
    wire.on("Network.dataReceived", lambda told: came.update({told["requestId"]: told["encodedDataLength"]}))
    began = time.perf_counter()
    page.goto(f"{room.address}/bedside/{visit}")
    page.wait_for_selector(".step.screen button")
    shown = time.perf_counter() - began
    page.wait_for_load_state("networkidle")
    context.close()
    found = {paths[one].removeprefix(room.address): size for one, size in came.items()}
    return shown, {path: n for path, n in found.items() if not path.startswith(("/api/", "/atlas/plates", "data:"))}
