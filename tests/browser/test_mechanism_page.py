"""The explorable page of the mechanism in a real browser: its numbers are the model's; fingers and keys change them."""

from __future__ import annotations

import contextlib
import json
import socket

import numpy as np
import pytest
from playwright import sync_api as api
from playwright.sync_api import expect

from myotome.care.points.tables import points_of
from myotome.care.simulation.person.body import body
from myotome.care.simulation.scenario.follow import Disruption, Repair, Scenario, Schedule, Session, follow
from myotome.mechanism import CAUTION
from myotome.web.mechanism_part import story, views
from myotome.web.mechanism_words import numbers, words
from tests.browser.looking import axe, unfold
from tests.web.listening import listening

ELBOW = ("C6", "C7")
REFUSED = "400 (Bad Request)"  # what a browser says of itself when the model refuses a question
SET_DAY = "day => { const s = document.getElementById('day'); s.value = day; s.dispatchEvent(new Event('input')); }"
TRICEPS = """() => {
  const view = mechanism.story.views.find((v) => v.plate === 'side' && v.layer === 'surface');
  const tap = view.taps.find((t) => t.muscle === 'triceps brachii'), svg = document.querySelector('.stage svg');
  const at = new DOMPoint(tap.x, tap.y).matrixTransform(svg.getScreenCTM());
  return [at.x, at.y]; }"""
TAP_EVERY = """async () => {
  const { body, story } = mechanism, found = [];
  body.act = (muscle) => found.at(-1).push(muscle);
  for (const [n, view] of story.views.entries()) {
    await body.look(n);
    for (const tap of view.taps) {
      found.push([tap.muscle]);
      const at = body.stage.screen(tap.x, tap.y, story.side);
      body.tapped(at.x, at.y);
    }
  }
  return found; }"""
IN_SIGHT = """() => {
  const e = document.activeElement, b = e.getBoundingClientRect();
  if (e === document.body) return true;
  const there = document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2);
  return e.contains(there) || there?.contains(e) || there?.closest('label')?.contains(e); }"""
SMALL = """() => [...document.querySelectorAll('button, select, input, summary')].filter((e) => e.offsetParent)
  .map((e) => [(e.closest('label.tick') ?? e).getBoundingClientRect(), e.id || e.textContent])
  .filter(([b]) => b.height < 43.9 || b.width < 43.9).map(([b, name]) => [name, b.width, b.height])"""


@pytest.fixture(scope="module")
def address():
    """The page under a path of another application, as a clinic will have it: no address begins at the root."""
    from fastapi import FastAPI

    from myotome.web.mechanism import mechanism_app

    outer = FastAPI()
    outer.mount("/inside", mechanism_app())
    with listening(outer) as origin:
        yield f"{origin}/inside/"


@pytest.fixture
def visit(browser, address):
    """Open the page at a size; it must end without an error of its own, the content policy's included."""
    contexts, faults = [], []

    def opened(width=820, height=1180, **more):
        context = browser.new_context(viewport={"width": width, "height": height}, has_touch=True, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda said: said.type == "error" and "400 (Bad Request)" not in said.text and faults.append(said.text),
        )
        page.goto(address)
        page.wait_for_selector("body[data-state=shown]")
        page.wait_for_selector(".body[data-opened]")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults, faults


def asked(page, act):
    """Do something that asks the model anew, and wait for its answer; the course that came."""
    runs = int(page.locator("body").get_attribute("data-runs"))
    act()
    page.wait_for_selector(f'body[data-state=shown][data-runs="{runs + 1}"]')
    return page.evaluate("mechanism.course")


def to_day(page, day):
    page.evaluate(
        "day => { const s = document.getElementById('day'); s.value = day; s.dispatchEvent(new Event('input')); }", day
    )


def test_what_is_shown_is_the_model(visit):
    """The last pain and the state of the spine's muscle are those of a run that this test asks for by itself."""
    page = visit()
    course, n, about = page.evaluate("mechanism.course"), numbers(), story(ELBOW, "right")
    needled = tuple((name, "right") for name in about.muscles)
    scenario = Scenario(
        "test",
        tuple(Disruption(level, "right", 0.0, 28.0, n["disruption"]) for level in ELBOW),
        days=280.0,
        repair=Repair(1.0, n["repair time"], n["repair least"]),
    )
    run = follow(scenario, Schedule("test", tuple(Session(42.0 + 7 * k, needled) for k in range(6))), body())
    at = np.searchsorted(run.days, np.arange(281))
    np.testing.assert_allclose(course["pain"], run.reported[at], atol=6e-4)
    spine = [run.part.muscle(name, "right") for name in about.spine]
    np.testing.assert_allclose(course["stations"]["spine"], run.muscles[at][:, 2][:, spine].mean(axis=1), atol=6e-4)
    alone = follow(scenario, Schedule("alone"), body())
    np.testing.assert_allclose(
        course["untreated"], alone.reported[np.searchsorted(alone.days, np.arange(281))], atol=6e-4
    )
    for day in (0, 20, 41, 45, 280):
        to_day(page, day)
        said = f"{run.reported[at[day]]:.1f}"
        assert abs(float(page.locator("#felt").inner_text().split()[1]) - float(said)) < 0.11
        dash = page.locator("[data-station=spine] .level").evaluate("c => parseFloat(c.style.strokeDasharray)")
        assert dash == pytest.approx(100 * course["stations"]["spine"][day], abs=0.2)
    assert page.locator(".caution").inner_text() == CAUTION
    assert "Not clinically reviewed" in page.locator("footer").inner_text()


def test_a_tap_on_a_muscle_needles_it_and_the_curve_follows(visit):
    page = visit()
    before = asked(page, lambda: page.locator(".tries button", has_text="No needles").tap())
    assert before["sessions"] == []
    assert before["pain"] == before["untreated"]
    to_day(page, 60)
    page.locator(".views button", has_text="Side").first.tap()
    page.wait_for_selector('.body[data-opened="side surface right"]')
    pick = page.evaluate(TRICEPS)
    after = asked(page, lambda: page.touchscreen.tap(*pick))
    assert after["sessions"] == [{"day": 60, "needled": ["triceps brachii"]}]
    assert after["muscles"]["triceps brachii"][61] < before["muscles"]["triceps brachii"][61] - 0.05
    assert after["muscles"]["pronator teres"][60] == before["muscles"]["pronator teres"][60]
    assert "triceps brachii: needle in" in page.locator(".said").inner_text()
    assert page.locator(".pins circle:visible").count() == 1
    again = asked(page, lambda: page.touchscreen.tap(*pick))
    assert again["sessions"] == []


def test_a_fingertip_on_a_muscle_chooses_that_muscle(visit):
    """On the left too, where every plate is turned over: a needle in the wrong muscle would teach the wrong thing."""
    page = visit()
    page.select_option("#levels", "L5 S1")
    page.select_option("#side", "left")
    page.wait_for_selector('.body[data-opened="spine deep left"]')
    chosen = page.evaluate(TAP_EVERY)
    assert len(chosen) >= 14
    assert not [pair for pair in chosen if pair[:1] != pair[1:]]


def test_parts_switched_off_change_what_becomes_of_it(visit):
    """Without the twitch pain eases later, and the untreated stay as they were; without the root loop nothing lasts."""
    page = visit()
    whole = page.evaluate("mechanism.course")
    page.locator(".parts summary").tap()
    switch = lambda name: page.locator(f"[name=part][value={name}]").tap()  # noqa: E731
    no_twitch = asked(page, lambda: switch("twitch"))
    assert no_twitch["pain"][60] > whole["pain"][60] + 0.2
    assert no_twitch["untreated"] == whole["untreated"]
    asked(page, lambda: switch("twitch"))
    open_circle = asked(page, lambda: switch("root"))
    assert open_circle["untreated"][-1] < 0.2
    assert whole["untreated"][-1] > 3.0
    assert page.locator("[data-station=spine]").get_attribute("class") == "station spine off"


def test_the_keyboard_does_everything(visit):
    """Choose a root, move through time, place a needle and take it out: no pointer, and the focus stays in sight."""
    page = visit()
    page.locator("#levels").focus()
    asked(page, lambda: page.keyboard.press("End"))
    assert page.evaluate("mechanism.asked.levels.length") == 1
    asked(page, lambda: page.keyboard.press("Home"))
    page.locator("#day").focus()
    day = page.evaluate("mechanism.day")
    for key, step in (("ArrowRight", 1), ("PageUp", 7), ("PageDown", -7), ("ArrowLeft", -1)):
        page.keyboard.press(key)
        day += step
        assert page.evaluate("mechanism.day") == day
    assert "of 10." in page.locator("#day").get_attribute("aria-valuetext")
    page.locator("#muscle").focus()
    page.keyboard.press("End")
    muscle = page.locator("#muscle").input_value()
    page.keyboard.press("Tab")
    for pressed, held in (("Enter", True), ("Space", False)):
        course = asked(page, lambda key=pressed: page.keyboard.press(key))
        assert any(s["day"] == day and muscle in s["needled"] for s in course["sessions"]) == held
    expect(page.locator("#needle")).to_be_focused()
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.id || document.activeElement.className"))
        assert page.evaluate(IN_SIGHT), f"{seen} is hidden"
    assert {"play", "day", "theme", "levels", "exercise"} <= seen


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_scrolls_one_way_and_every_target_is_large(visit, width):
    page = visit(width, 700, reduced_motion="reduce")
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    small = page.evaluate(SMALL)
    assert not small, small
    # 200 %: half the width again, and the strips that stay put must leave room to read.
    page.set_viewport_size({"width": max(320, width), "height": 400})
    assert page.locator(".time").evaluate("e => getComputedStyle(e).position") == "static"


def test_nothing_moves_by_itself(visit):
    """It plays only when asked; with reduced motion it turns a week at a time and no arrow runs."""
    page = visit(reduced_motion="reduce")
    day = page.evaluate("mechanism.day")
    page.wait_for_timeout(300)
    assert page.evaluate("mechanism.day") == day
    page.locator("#play").tap()
    moved = page.wait_for_function("day => mechanism.day - day", arg=day).json_value()
    assert moved % 7 == 0
    assert page.evaluate("document.getAnimations().length") == 0
    page.locator("#play").tap()
    expect(page.locator("#play")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit, scheme):
    page = visit(color_scheme=scheme)
    unfold(page)
    axe(page)


def test_a_newer_question_takes_the_place_of_an_older_one(visit):
    """A slow answer to what was asked before must not be drawn over the answer to what is asked now."""
    page = visit()
    held = []
    page.route("**/run", lambda route: held.append(route) if len(held) == 0 else route.continue_())
    with page.expect_request("**/run"):
        page.select_option("#sessions", "0")
    course = asked(page, lambda: page.select_option("#sessions", "3"))
    assert len(course["sessions"]) == 3
    with contextlib.suppress(api.Error):  # the browser may have given the old question up
        held[0].fulfill(json={**course, "sessions": []})
    page.wait_for_timeout(250)
    assert len(page.evaluate("mechanism.course.sessions")) == 3


def test_only_muscles_that_are_needled_are_offered_and_each_can_be_tapped():
    """A page that lets people needle the diaphragm, even in play, would teach harm."""
    from myotome.web.mechanism import levels_alone

    stories = [*(tuple(row["levels"]) for row in words()["story"]), *((level,) for level in levels_alone())]
    assert len(stories) > 12
    for levels in stories:
        about = story(levels, "left")
        assert len(about.limb) >= 5, levels
        assert all(any(not point.specialist for point in points_of()[name]) for name in about.limb), levels
        assert {tap["muscle"] for view in views(levels, "left") for tap in view["taps"]} == set(about.muscles), levels


BAD = [
    ({"days": 9999}, "'days' is 9999. Give a whole number from 28 to 730."),
    ({"days": float("nan")}, "The question is no JSON. Send an object of choices."),
    ({"sessions": 41}, "'sessions' is 41. Give a whole number from 0 to 40."),
    (
        {"sessions": 40, "every": 1, "edits": {"200": ["triceps brachii"]}},
        "There are 41 sessions. At most 40 are followed",
    ),
    ({"levels": ["C9"]}, "'levels' is 'C9'. Choose from C1, "),
    ({"levels": []}, "'levels' is empty or names one twice."),
    ({"side": "both"}, "'side' is 'both'. Choose from right, left."),
    ({"off": ["magic"]}, "'off' is 'magic'. Choose from twitch, "),
    ({"edits": {"-3": []}}, "'edits' is '-3'. Give a whole number from 0 to 279."),
    ({"edits": {"60": ["funny bone"]}}, "'funny bone' is no muscle of this story. Choose one of C6 paraspinal, "),
    ({"levels": ["C4"], "edits": {"60": ["diaphragm"]}}, "'diaphragm' is no muscle of this story."),
    ({"edits": {"60": "triceps"}}, "'edits' is 'triceps'. Give a list of at most 40."),
    ({"price": 3}, "'price' is not known. Use "),
    ([], "The question is no JSON object."),
]


@pytest.mark.parametrize(("question", "said"), BAD)
def test_what_cannot_be_run_is_refused_with_one_sentence(question, said):
    from fastapi.testclient import TestClient

    from myotome.web.mechanism import mechanism_app

    client = TestClient(mechanism_app())
    answer = client.post("/run", content=json.dumps(question))
    assert answer.status_code == 400
    assert answer.json()["message"].startswith(said)
    assert list(answer.json()) == ["message"]


HALF = "\ud800"  # half a letter: JSON may hold it, an answer cannot


@pytest.mark.parametrize(
    "question",
    [
        {"levels": [HALF]},
        {HALF: 1},
        {"off": [HALF]},
        {"edits": {"60": [HALF]}},
        {"edits": {HALF: []}},
        {"side": HALF},
    ],
)
def test_half_a_letter_is_refused_and_breaks_nothing(question):
    from fastapi.testclient import TestClient

    from myotome.web.mechanism import mechanism_app

    client = TestClient(mechanism_app())
    answer = client.post("/run", content=json.dumps(question))
    assert answer.status_code == 400
    assert "'?'" in answer.json()["message"]
    assert client.post("/run", content=b'{"levels": ["\xed\xa0\x80"]}').status_code == 400


def test_a_question_that_breaks_off_is_no_fault_of_the_server():
    from starlette.requests import Request

    from myotome.errors import MechanismError
    from myotome.web.mechanism import _json

    async def gone():
        return {"type": "http.disconnect"}

    with pytest.raises(MechanismError, match=r"The question broke off\. Send it again\."):
        # Nothing here waits, so that one step ends it; the browser's own loop is running already.
        _json(Request({"type": "http", "method": "POST", "headers": []}, gone)).send(None)


def test_levels_of_two_parts_of_the_spine_are_named_each_by_its_own():
    from myotome.web.mechanism import part_json

    assert part_json(("S4", "C1"), "left")["labels"] == {
        "S4 paraspinal": "beside the low back, S4",
        "C1 paraspinal": "beside the neck, C1",
    }


def test_a_question_too_large_and_a_root_that_is_none_are_refused():
    from fastapi.testclient import TestClient

    from myotome.web.mechanism import mechanism_app

    client = TestClient(mechanism_app())
    large = client.post("/run", content=b"[" * 100_000)
    assert (large.status_code, large.json()["message"]) == (
        400,
        "The question is larger than 64 kB. Ask for fewer changes at once.",
    )
    deep = client.post("/run", content=b"[" * 60_000)
    assert (deep.status_code, deep.json()["message"]) == (400, "The question is no JSON. Send an object of choices.")
    strange = client.get("/story", params={"levels": "C6 C99"})
    assert (strange.status_code, strange.json()["message"][:18]) == (400, "'levels' is 'C99'.")
    long = client.get("/story", params={"levels": "C" * 3000, "side": "right"})
    assert (long.status_code, list(long.json())) == (400, ["message"])
    assert long.json()["message"].startswith("'levels' is 'CCC")
    assert client.get("/atlas/plates/nothing").status_code == 404


def test_a_refusal_is_told_on_the_page_and_leaves_the_old_curves(visit):
    page = visit()
    course = page.evaluate("mechanism.course.pain")
    page.route("**/run", lambda route: route.fulfill(status=400, json={"message": "There are 41 sessions."}))
    page.select_option("#sessions", "20")
    page.wait_for_selector("body[data-state=refused]")
    assert page.locator("#now").inner_text() == "There are 41 sessions."
    assert page.evaluate("mechanism.course.pain") == course


def test_a_port_in_use_is_said(capsys):
    from myotome.app import main

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["mechanism", "--no-browser", "--port", str(taken.getsockname()[1])]) == 2
    assert "Give another with --port" in capsys.readouterr().err
