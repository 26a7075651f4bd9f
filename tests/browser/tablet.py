"""A touch screen at a visit, and a finger that counts its taps.

page, faults = tablet(browser, room, visit, "needle")   # pia's
Finger(page).tap(".in")
"""

from __future__ import annotations

import time

TABLET, PHONE = {"width": 1180, "height": 820}, {"width": 390, "height": 844}
GLOVED = 63.5  # pixels: what a gloved finger is to hit
BUSY = 30_000  # milliseconds; a busy machine is no failure
BOUNCE = 0.26  # seconds within which the page takes a second tap on the same thing for a bouncing screen
# What a browser calls an error of the page, and is none: a case that cannot be thought through yet (422), a session
# that ended or that a signature overtook (401), a record that is not opened (403), a network that is away.
NO_FAULTS = ("status of 422", "status of 401", "status of 403", "net::ERR_")
CLICKS = """() => {
  if (globalThis.clicks === undefined) addEventListener('click', () => { globalThis.clicks += 1; }, true);
  return globalThis.clicks ??= 0;
}"""


def tablet(browser, room, visit, step="", who="pia", size=TABLET, **more):
    """Somebody's page at a visit, signed in; and the faults of the page itself, as they come."""
    context = browser.new_context(viewport=size, has_touch=True, **more)
    context.add_cookies([{"name": "myotome-main", "value": room.rooms.made.token(who), "url": room.address}])
    page, faults = context.new_page(), []
    page.set_default_timeout(BUSY)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: said.type == "error" and fault(said.text) and faults.append(said.text))
    page.goto(f"{room.address}/bedside/{visit}{'#' + step if step else ''}")
    page.wait_for_selector("#visit[data-ready]")  # "no": it cannot be shown, and says why
    return page, faults


def fault(words):
    """Whether what the console says is a fault."""
    return not any(known in words for known in NO_FAULTS)


def ready(page):
    """The page, once it can be used."""
    page.wait_for_selector("#visit[data-ready=yes]")
    return page


def received(page):
    """Wait until the clinic has everything that is shown as recorded; wait for what was tapped before."""
    page.wait_for_selector(".link[data-tone=good]")


def until(page, holds):
    """Wait until something holds that no page shows."""
    end = time.monotonic() + BUSY / 1000
    while not holds():
        assert time.monotonic() < end, "it never came to hold"
        page.wait_for_timeout(20)


def step(page, name):
    """Open a step without a finger."""
    page.locator(f".tab[data-step={name}]").click()
    page.wait_for_selector(f"#visit[data-step={name}] .step.{name} > *", state="attached")


def tabbed(page, selector, key="Enter", most=250):
    """Tab on until a control has the focus, then press a key: without a finger or a mouse."""
    for _ in range(most):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return page.keyboard.press(key)
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab")


class Finger:
    """Taps as a screen gives them; a place that is covered or out of view cannot be tapped."""

    def __init__(self, page):
        self.page, self.count, self.lifted = page, 0, {}
        self.cdp = page.context.new_cdp_session(page)

    def tap(self, what):
        """One tap in the middle of a control; the page has had it when this returns."""
        place = self.page.locator(what).first if isinstance(what, str) else what
        box = place.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        size = self.page.viewport_size
        assert 0 < x < size["width"] and 0 < y < size["height"], f"{what} is out of view"
        hit = place.evaluate("(e, [x, y]) => e.contains(document.elementFromPoint(x, y))", [x, y])
        assert hit, f"{what} is covered"
        if (early := self.lifted.get(str(what), 0.0) + BOUNCE - time.monotonic()) > 0:
            self.page.wait_for_timeout(1000 * early)
        before = self.page.evaluate(CLICKS)
        self.cdp.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        self.cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        self.page.wait_for_function("before => globalThis.clicks > before", arg=before)
        self.count += 1
        self.lifted[str(what)] = time.monotonic()
