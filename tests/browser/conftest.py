"""A real Chromium on a really served atlas."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
SIZES = {"upright": (820, 1180), "lying": (1180, 820)}


def chromium() -> str | None:
    """The browser of this machine."""
    return os.environ.get("MYOTOME_CHROMIUM") or next((found for n in NAMES if (found := shutil.which(n))), None)


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture(scope="session")
def served():
    """``served(chart)``: the address of an atlas served on this machine, with the marks of a case."""
    from myotome.web.atlas import atlas_app
    from tests.web.listening import listening

    with ExitStack() as running:

        def serve(chart=None, title="Atlas"):
            return running.enter_context(listening(atlas_app(chart, title))) + "/"

        yield serve


@pytest.fixture(scope="session")
def address(served):
    return served()


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)  # a busy machine is no failure
    found = chromium()
    assert found, "no Chromium on this machine: install it (Debian: apt-get install chromium) or set MYOTOME_CHROMIUM"
    with sync_playwright() as tools:
        started = tools.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser, address):
    yield from opened(browser, address, "upright")


def opened(browser, address, size):
    """A page of the atlas at a tablet's size, with touch; it must end without an error of its own."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, has_touch=True)
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: said.type == "error" and faults.append(said.text))
    page.goto(address)
    page.wait_for_selector(".picker[data-shows=figures] .picker-figures svg")
    yield page
    context.close()
    assert not faults, faults


@pytest.fixture(scope="session")
def room(tmp_path_factory):
    """A clinic for visits at the bedside; every test has people and visits of its own."""
    from tests.browser.bedside import bedside

    with bedside(tmp_path_factory.mktemp("bedside")) as made:
        yield made


@pytest.fixture
def on_tablet(browser, room):
    """``on_tablet(visit, step)``: a tablet there; in the end no page may have failed."""
    from tests.browser.tablet import tablet

    opened = []

    def open_one(visit, step="", **told):
        opened.append(tablet(browser, room, visit, step, **told))
        return opened[-1][0]

    yield open_one
    for page, _ in opened:
        page.context.close()
    assert not [fault for _, faults in opened for fault in faults]
