"""Two taps and at most one layer tap reach every muscle, with a finger that misses by 6 pixels."""

from __future__ import annotations

import random
from collections import Counter, defaultdict

import pytest

from myotome.anatomy.tables import anatomy
from tests.browser.conftest import SIZES, opened
from tests.browser.tapping import aims

SCATTER = 6.0  # pixels, standard deviation in each direction
FLOWS, TAPS = 3, 4  # first taps for each opening, and taps for each muscle after each of them
ALL, EACH, MOST = 0.97, 0.80, 6


@pytest.mark.parametrize("size", SIZES)
def test_every_muscle_is_hit_or_offered(browser, address, size, record_property):
    """Openings and layers are real taps too; a first tap that opens something else fails all that follow it."""
    rng = random.Random(f"tapping {size}")
    hits, tries, most = Counter(), Counter(), 0
    groups = defaultdict(list)
    for aim in aims():
        groups[aim.opening].append(aim)
    pages = opened(browser, address, size)
    page = next(pages)
    for opening, wanted in groups.items():
        for flow in range(FLOWS):
            side = ("right", "left")[flow % 2]
            right_place = open_by_tap(page, opening, side, rng)
            for layer in sorted({aim.layer for aim in wanted}):
                if right_place:
                    choose_layer(page, layer)
                for aim in (a for a in wanted if a.layer == layer):
                    for _ in range(TAPS):
                        tries[aim.muscle] += 1
                        if not right_place:
                            continue
                        offered = tap(page, aim, side, rng)
                        most = max(most, len(offered))
                        hits[aim.muscle] += (aim.muscle, side) in offered
    next(pages, None)
    share = sum(hits.values()) / sum(tries.values())
    worst = sorted((hits[m] / tries[m], m) for m in tries)[:5]
    record_property("share", f"{size}: {share:.2%} of {sum(tries.values())} trials; hardest {worst}")
    assert set(tries) == set(anatomy().muscles)
    assert most <= MOST
    assert share >= ALL, worst
    assert worst[0][0] >= EACH, worst


def scattered(rng, x, y):
    return x + rng.gauss(0, SCATTER), y + rng.gauss(0, SCATTER)


def open_by_tap(page, opening, side, rng):
    """Tap the region or the plate's button; True where the plate, window and side came that were wanted."""
    page.locator(".home").tap()
    page.wait_for_selector(".picker[data-shows=figures]")
    page.evaluate("atlasPicker.root.dataset.opened = ''")
    if opening.figure:
        x, y = page.evaluate(
            """([figure, x, y, side]) => {
              const svg = document.querySelector(`.picker-figures svg[data-plate=${figure}]`);
              const facing = atlasPicker.byId[figure].facing;
              if (facing !== 'right' && side === 'left') x = -x;
              if (facing === 'front') x = -x;
              const at = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
              return [at.x, at.y];
            }""",
            [opening.figure, opening.x, opening.y, side],
        )
    else:
        page.evaluate("side => { atlasPicker.side = side }", side)
        box = page.locator(f".plates button[data-plate={opening.plate}]").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.touchscreen.tap(*scattered(rng, x, y))
    try:
        page.wait_for_selector(f'.picker[data-opened^="{opening.plate} "]', timeout=1500)
    except Exception:  # the tap opened something else: that is what is measured
        return False
    view = page.evaluate("Array.from(atlasPicker.stage.view)")
    alone = page.evaluate("atlasPicker.stage.plate.facing") == "right"
    return list(opening.view) == view and (not alone or page.evaluate("atlasPicker.side") == side)


def choose_layer(page, layer):
    pressed = page.locator('.layers [aria-pressed="true"]').get_attribute("data-value")
    if pressed == layer:
        return
    page.locator(f".layers [data-value={layer}]").tap()
    page.wait_for_selector(f'.picker[data-opened*=" {layer} "]')


def tap(page, aim, side, rng):
    """What the page chooses and offers after one real touch."""
    at = page.evaluate("([x, y, side]) => atlasPicker.stage.screen(x, y, side)", [aim.x, aim.y, side])
    page.touchscreen.tap(*scattered(rng, at["x"], at["y"]))
    return [
        tuple(offer)
        for offer in page.evaluate(
            "[...document.querySelectorAll('.which button')].map((b) => [b.dataset.name, b.dataset.side])"
        )
    ]
