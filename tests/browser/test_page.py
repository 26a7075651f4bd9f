"""The atlas page as people use it: keyboard, search, overlays, marks, screen readers."""

from __future__ import annotations

import random
import re

import pytest
from playwright.sync_api import expect

from myotome.anatomy.tables import anatomy
from myotome.atlas.compiled import targets_json
from myotome.atlas.hits import candidates, targets
from myotome.atlas.library import plate, plate_ids
from tests.browser.conftest import opened
from tests.browser.looking import axe

# After the list itself has had each key.
WALKED = """() => {
  globalThis.walked = [];
  document.onkeydown = () => walked.push(atlasPicker.listed[atlasPicker.current].name);
}"""


def heading(page):
    page.wait_for_selector(".told h2")
    return page.locator(".told h2").inner_text().lower()


def open_plate(page, name, layer):
    page.evaluate("([name, layer]) => atlasPicker.open(name, {layer, side: 'right'})", [name, layer])
    page.wait_for_selector(f'.picker[data-opened="{name} {layer} right"]')


@pytest.mark.parametrize("name", plate_ids())
def test_the_page_and_the_program_offer_the_same(page, name):
    """hit.js and hits.py are twins: same places, same candidates in the same order; the list has the same parts."""
    rng = random.Random(name)
    chosen = plate(name)
    differ = total = offered = 0
    for layer in chosen.layers:
        open_plate(page, name, layer)
        listed = page.evaluate("atlasPicker.listed.map((part) => part.name)")
        assert set(listed) == {target.name for target in targets(name, layer)}
        boxes = (
            [target.all.bounds for target in rng.choices(targets(name, layer), k=60)] if targets(name, layer) else []
        )
        places = [(rng.choice((1, -1)) * rng.uniform(b[0], b[2]), rng.uniform(b[1], b[3])) for b in boxes]
        reach = 6.0 * chosen.scale
        got = page.evaluate(
            """async ([places, reach]) => {
              const { candidates } = await import('/atlas-js/hit.js');
              const { parts, fine } = atlasPicker.stage.targets, stage = atlasPicker.stage;
              return places.map(([x, y]) => candidates(parts, x * fine, y * fine, reach * fine, stage.mirrored, 'right')
                .map((c) => [c.kind, c.name, c.side]));
            }""",
            [places, reach],
        )
        for (x, y), page_found in zip(places, got, strict=True):
            found = candidates(targets(name, layer), x, y, reach, chosen.mirrored, "right")
            total += 1
            offered += bool(found)
            # The page's outlines are simplified by a third of a thousandth: a place on an edge may fall either way.
            differ += [[c.kind, c.name, c.side] for c in found][:1] != page_found[:1]
    assert offered > total / 4
    assert differ <= 0.03 * total, f"{differ} of {total}"


def test_every_muscle_is_reached_by_search(page):
    """Typing its name finds it first or among the twelve, and choosing it opens a plate that has it."""
    missing = page.evaluate(
        """async (names) => {
          const { matches } = await import('/atlas-js/search.js');
          const first = (name) => matches(atlasPicker.index, name).find((e) => e.kind === 'muscle' && e.name === name);
          return names.filter((name) => !first(name));
        }""",
        list(anatomy().muscles),
    )
    assert not missing
    for typed, name in [("supra", "supraspinatus"), ("flexor carpi u", "flexor carpi ulnaris"), ("soleus", "soleus")]:
        page.locator(".query").fill(typed)
        page.keyboard.press("Enter")
        page.wait_for_function(
            "name => document.querySelector('.told h2')?.textContent.toLowerCase().startsWith(name)", arg=name
        )
        assert page.locator(".lit path").count() >= 1


def test_three_letters_and_other_names_are_enough(page):
    found = page.evaluate(
        """async (typed) => {
          const { matches } = await import('/atlas-js/search.js');
          return typed.map((text) => matches(atlasPicker.index, text).map((e) => e.name));
        }""",
        ["bic", "peroneus longus", "C6", "femor nerve"],
    )
    assert "biceps brachii" in found[0] and "biceps femoris long head" in found[0]
    assert found[1][0] == "fibularis longus"
    assert found[2][0] == "C6"


def test_the_keyboard_reaches_every_muscle_of_a_plate_in_order(page):
    """Tab to the list, arrows walk it, Enter chooses; no pointer is used."""
    names = list(anatomy().muscles)
    for name in plate_ids():
        layer = plate(name).layers[0]
        open_plate(page, name, layer)
        page.locator(".parts").focus()
        page.evaluate(WALKED)
        parts = page.locator(".parts li").count()
        for _ in range(parts):
            page.keyboard.down("ArrowDown")  # held down: it repeats
        page.keyboard.up("ArrowDown")
        walked = page.evaluate("walked")
        assert len(walked) == parts
        muscles = [w for w in walked if w in anatomy().muscles]
        sent = targets_json(name, layer)["parts"]
        assert set(muscles) == {part["name"] for part in sent if part["kind"] == "muscle"}
        assert muscles == sorted(muscles, key=names.index)
        page.keyboard.press("Home")
        page.keyboard.press("Enter")
        expect(page.locator(".told h2")).to_have_text(re.compile(re.escape(walked[0]), re.IGNORECASE))


def test_every_muscle_is_on_some_list_that_the_keyboard_walks():
    """Plate and layer are buttons, parts are a list, the same as the program's: together they hold every muscle."""
    layers = [(name, layer) for name in plate_ids() for layer in plate(name).layers]
    reached = {part["name"] for name, layer in layers for part in targets_json(name, layer)["parts"]}
    assert set(anatomy().muscles) <= reached
    assert set(anatomy().segments) <= reached


def test_a_tap_tells_nerve_segments_skin_and_sources(page):
    page.locator(".query").fill("biceps brachii")
    page.keyboard.press("Enter")
    assert heading(page) == "biceps brachii, right"
    text = page.locator(".told").inner_text()
    for said in ("musculocutaneous nerve", "C5", "C6", "Skin of C5", "sources", "radial tuberosity"):
        assert said in text


def test_what_was_offered_before_is_gone_on_another_plate(page):
    """A choice from another part of the body, left standing, could be taken for what is on the screen."""
    page.locator(".query").fill("vastus lateralis")
    page.keyboard.press("Enter")
    heading(page)
    assert page.locator(".which button").count() == 1
    open_plate(page, "hand-palm", "surface")
    assert page.locator(".which button").count() == 0


def test_an_overlay_colours_muscles_and_skin(page):
    open_plate(page, "front", "surface")
    page.select_option("#overlay", "segment|C6")
    page.wait_for_selector(".picker-stage .patch")
    assert page.locator(".picker-stage [class*=over-]").count() > 10
    assert page.locator(".legend li").first.inner_text() == "main"
    page.select_option("#overlay", "dermatomes")
    expect(page.locator(".legend li").first).to_have_text("C2", timeout=15_000)
    assert page.locator(".picker-stage .patch").count() > 40
    page.select_option("#overlay", "nerve|sural nerve")
    expect(page.locator(".legend li")).to_have_count(1, timeout=15_000)
    expect(page.locator(".legend li")).to_have_text("sural nerve")
    assert 0 < page.locator(".picker-stage .patch").count() < 20


def test_skin_can_be_pointed_at(page):
    open_plate(page, "hand-palm", "surface")
    page.locator(".layers [data-value=skin]").tap()
    page.wait_for_selector('.layers [data-value=skin][aria-pressed="true"]')
    assert page.locator(".parts li").count() == len({skin.name for skin in plate("hand-palm").skins})


def test_marks_of_a_case_are_drawn_and_the_rest_is_listed(browser, served):
    from myotome import read_case
    from myotome.care.chart.findings import chart_of

    case = read_case({"findings": [
        {"sign": "strength", "at": "triceps", "side": "left", "grade": 4},
        {"sign": "sensation", "at": "middle finger", "side": "left", "result": "reduced"},
        {"sign": "tenderness", "at": "C7 paraspinal", "side": "left", "result": "present"},
        {"sign": "reflex", "at": "triceps reflex", "side": "left", "result": "absent"},
    ]})  # fmt: skip
    pages = opened(browser, served(chart_of(case), "Case"), "lying")
    page = next(pages)
    assert page.locator(".picker-figures svg[data-plate=back] .mark").count() >= 1
    open_plate(page, "hand-palm", "surface")
    assert page.locator(".picker-stage .mark").count() == 0  # the right hand; the finding is on the left
    page.locator(".sides [data-value=left]").tap()
    page.wait_for_selector(".picker-stage .mark")
    assert "1 finding" in page.locator(".case details summary").inner_text()
    next(pages, None)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("shows", ["figures", "plate", "chosen"])
def test_axe_finds_nothing(page, theme, shows):
    if theme == "dark":
        page.locator("#theme").tap()
    if shows != "figures":
        open_plate(page, "back", "surface")
    if shows == "chosen":
        page.locator(".query").fill("infraspinatus")
        page.keyboard.press("Enter")
        heading(page)
    page.wait_for_function("document.getAnimations().every((one) => one.playState !== 'running')")
    axe(page)


def test_the_page_asks_nobody_else(page):
    """Everything is served from the package."""
    asked = page.evaluate("performance.getEntriesByType('resource').map((e) => e.name)")
    assert asked
    assert all(address.startswith(page.url.rstrip("/")) for address in asked)
