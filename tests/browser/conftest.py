"""A real Chromium on a really served atlas."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time

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
    """Address of an atlas served on this machine; ``served(chart)`` makes one with marks."""
    import uvicorn

    from myotome.web.atlas import atlas_app

    running = []

    def serve(chart=None, title="Atlas"):
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(atlas_app(chart, title), log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        running.append((server, thread, listening))
        return f"http://127.0.0.1:{listening.getsockname()[1]}/"

    yield serve
    for server, thread, listening in running:
        server.should_exit = True
        thread.join(5)
        listening.close()


@pytest.fixture(scope="session")
def address(served):
    return served()


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

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
