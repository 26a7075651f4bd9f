"""Photograph a visit at the bedside for docs/figures/bedside: each step, on a tablet and a phone, light and dark.

A visit of the demonstration practice is charted as a practitioner would, in a real Chromium; the pictures are of what
stands then.
"""

from __future__ import annotations

import argparse
import datetime
import os
import shutil
import time

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from myotome.care.screening.asking import ALONE, asked
from tools import make_clinic_pictures as clinic

TARGET = clinic.ROOT / "docs" / "figures" / "bedside"
TABLET, PHONE = {"width": 1180, "height": 820}, {"width": 390, "height": 844}
SEEN = "Abelard, Nora"
STEPS = ("screen", "examine", "explain", "plan", "needle", "close")
WAIT = 20_000
SIDE = "left"
PAINTED = (
    ("tender", ("triceps brachii",), ""),
    ("taut", ("triceps brachii",), ""),
    ("level-taut", ("C7 paraspinal", "C8 paraspinal"), ""),
    ("reflex", ("triceps reflex",), "reduced"),
    ("weak4", ("triceps brachii",), ""),
)  # the sign in hand, where it is painted, and the answer where there are several


STARTED = time.monotonic()


def now() -> datetime.datetime:
    """The clinic's clock: it begins where all pictures begin, and goes on as clocks do."""
    return clinic.BEGINS + datetime.timedelta(seconds=time.monotonic() - STARTED)


def like_the_clinics(context: BrowserContext) -> None:
    """Set the device's clock by the clinic's."""
    context.clock.install(time=now())


def opened(browser: Browser, address: str, size: dict[str, int], scheme: str) -> Page:
    """The visit of today on somebody's device."""
    page = clinic.signed_in(browser, address, "pia", size, scheme, like_the_clinics)
    clinic.open_record(page, SEEN)
    page.get_by_role("button", name="Today at the bedside").click()
    page.wait_for_url("**/bedside/*")
    page.wait_for_selector("#visit[data-ready=yes]", timeout=WAIT)
    page.get_by_role("button", name="Hide the tour").click(timeout=WAIT)
    return page


def step(page: Page, name: str) -> None:
    """Show a step, and wait until it stands."""
    tab = page.locator(f".tab[data-step={name}]")
    if not tab.get_attribute("aria-current"):  # else it would say what is missing, over the picture
        tab.click()
    page.wait_for_selector(f".step.{name} > *", state="attached")
    page.mouse.move(1, 1)
    page.wait_for_timeout(700)  # plates and answers


def chart(page: Page) -> None:
    """Chart what the pictures show: nothing changed, some findings, the plan taken, three needles, two out."""
    step(page, "screen")
    page.locator("[data-kind='screening.unchanged']").click()
    page.locator(".each-visit").click()
    page.locator("[data-kind='score.recorded'][data-value='4']").first.click()
    page.locator("[data-kind='screening.answered'][data-item=consent][data-value=yes]").click()
    for code in (code for code, one in asked().items() if one.how == ALONE):
        answer = page.locator(f'[data-item="{code}"][data-value=no]')
        if answer.count():
            answer.first.click()
    rest = page.locator(".red-flag .group-head button")
    if rest.get_attribute("aria-disabled") != "true":
        rest.click()
        page.locator(".asked button.main").click()
    step(page, "examine")
    for brush, places, answer in PAINTED:
        page.locator(f"[data-brush={brush}]").click()
        for at in places:
            value = f'[data-value="{answer}"]' if answer else ""
            page.locator(f'.structures button[data-at="{at}"][data-side="{SIDE}"]{value}').first.click()
    step(page, "explain")
    page.locator("[data-kind='explanation.judged'][data-value=yes]").click()
    step(page, "plan")
    page.locator("[data-kind='plan.changed'][data-value='repeat last']").first.click()
    page.wait_for_timeout(1500)
    page.locator("[data-kind='plan.taken']").first.click()
    page.wait_for_timeout(1500)
    step(page, "needle")
    for response in ("2 ache", "3 familiar pain", "1 plain"):
        page.locator("button.in, [data-kind='needle.in']").first.click()
        page.wait_for_timeout(400)
        page.locator(f"[data-kind='needle.response'][data-value='{response}']").first.click()
        page.wait_for_timeout(400)


def course(browser: Browser, address: str) -> None:
    """How it went so far: before the visit of today."""
    page = clinic.signed_in(browser, address, "pia", TABLET, "light", like_the_clinics)
    clinic.open_record(page, SEEN)
    page.goto(page.url.split("?")[0] + "/course")
    page.mouse.move(1, 1)
    page.mouse.wheel(0, COURSE)
    clinic.keep(page, "course-tablet-light", TARGET, INKS)
    page.context.close()


def photograph(browser: Browser, address: str) -> None:
    """Every picture."""
    course(browser, address)
    first = opened(browser, address, TABLET, "light")
    chart(first)
    for size, kind in ((TABLET, "tablet"), (PHONE, "phone")):
        for scheme in ("light", "dark"):
            page = first if (kind, scheme) == ("tablet", "light") else opened(browser, address, size, scheme)
            for name in STEPS:
                step(page, name)
                clinic.keep(page, f"{name}-{kind}-{scheme}", TARGET, INKS)


INKS = 96
COURSE = 700  # pixels down to what is drawn of the course


def main() -> None:
    """Make the pictures."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    found = os.environ.get("MYOTOME_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with clinic.served({SEEN.partition(",")[0]}, now) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            photograph(browser, address)
        finally:
            browser.close()


if __name__ == "__main__":
    main()
