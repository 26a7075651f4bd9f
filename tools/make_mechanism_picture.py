"""Draw the explorable page of the mechanism as docs/figures/mechanism/page.png, for the README. Needs Chromium."""

from __future__ import annotations

import os
import shutil
import threading
import time
from pathlib import Path

import uvicorn
from playwright.sync_api import sync_playwright

from myotome.web.mechanism import mechanism_app

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "figures" / "mechanism" / "page.png"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TABLET = {"width": 1180, "height": 820}


def picture() -> bytes:
    """The page at the size of a tablet, with the first story after two sessions."""
    server = uvicorn.Server(uvicorn.Config(mechanism_app(), port=0, log_level="warning"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    program = os.environ.get("MYOTOME_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport=TABLET)  # type: ignore[arg-type]
        page.goto(f"http://127.0.0.1:{port}/")
        page.wait_for_selector("body[data-state=shown]")
        page.evaluate("s => { s.value = 52; s.dispatchEvent(new Event('input')); }", page.query_selector("#day"))
        page.wait_for_timeout(800)
        taken = page.screenshot()
        browser.close()
    server.should_exit = True
    return taken


if __name__ == "__main__":
    PICTURE.write_bytes(picture())
    print(f"wrote {PICTURE.relative_to(ROOT)}")
