"""What holds of every page that people read and tap: nothing for axe to find, nothing too wide, nothing too small."""

from __future__ import annotations

import json

FINGER = 44  # pixels
TAPPED = (
    "button, select, input:not([type=hidden]), .button, summary, label.tick, nav a, main .list a, main .visits a, "
    "main .jump a"
)
SMALL = """([tapped, least]) => {
  const high = (one) => one.getBoundingClientRect().height >= least, label = (one) => one.closest('label');
  return [...document.querySelectorAll(tapped)]
    .filter((one) => one.checkVisibility() && !high(one) && !(label(one) && high(label(one))))
    .map((one) => one.outerHTML.slice(0, 90));
}"""


def axe(page, **told):
    """Axe finds nothing, in the whole page or in its ``context``."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, **told).response["violations"]
    words = [(one["id"], [node["target"] for node in one["nodes"]][:4]) for one in found]
    assert not found, f"{page.url}: {json.dumps(words)}"


def narrow(page):
    """Nothing is wider than the window."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def small(page, tapped=TAPPED, least=FINGER):
    """What is tapped and is too low for a finger."""
    return page.evaluate(SMALL, [tapped, least])


def sound(page):
    """All of it."""
    axe(page)
    narrow(page)
    assert not small(page), (page.url, small(page))


def unfold(page):
    """Open every fold by a tap, what lies within it too."""
    closed = page.locator("main details:not([open]) > summary:visible")
    while closed.count():
        fold = closed.first.element_handle()
        fold.tap()
        page.wait_for_function("one => one.parentElement.open", arg=fold)


def go(page, control):
    """Tap what leads to another page, and be there."""
    with page.expect_navigation():
        control.tap()
