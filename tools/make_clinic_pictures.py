"""Photograph the demonstration practice for docs/figures/clinic: made anew, with a fixed clock, in a real Chromium."""

from __future__ import annotations

import argparse
import datetime
import io
import itertools
import os
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from myotome.clinic.demonstration.practice import demonstrate
from myotome.clinic.places import premises
from myotome.clinic.practice import Clock
from myotome.premises import opened
from myotome.store import Store
from myotome.web.clinic.app import clinic_app

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "figures" / "clinic"
BEGINS = datetime.datetime(2026, 12, 1, 17, 0, tzinfo=datetime.UTC)
STEP = datetime.timedelta(milliseconds=400)  # between looks at the clock
PASSWORD = "pictures-only-nobody-real"  # noqa: S105  # of people who do not exist, for a minute
TABLET, PHONE = {"width": 820, "height": 1180}, {"width": 390, "height": 844}
INKS, MOST = 128, 200_000  # colours; bytes
SEEN = "Achterberg, Maud"


class Steps:
    """A clock that goes on a little whenever somebody looks: the same for every making."""

    def __init__(self) -> None:
        self._looks = itertools.count()

    def __call__(self) -> datetime.datetime:
        """The next moment."""
        return BEGINS + next(self._looks) * STEP


@contextmanager
def served(families: Container[str] | None = None, clock: Clock | None = None) -> Iterator[str]:
    """The address of a demonstration that is made for this; ``families``: with these people only."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"http://localhost:{listening.getsockname()[1]}"
        store = Store({**os.environ, "MYOTOME_CACHE": str(Path(folder) / "cache")})
        places = premises({"HOME": folder}, folder, demonstration=True)
        with opened(places, store.reasoner, clock or Steps(), beginning=True) as clinic:
            demonstrate(clinic, ROOT / "examples", PASSWORD, families)
            app = clinic_app(clinic, origin=address, rp_id="localhost")
            server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
            thread.start()
            while not server.started:
                time.sleep(0.05)
            yield address
            server.should_exit = True
            thread.join(10)


def signed_in(
    browser: Browser,
    address: str,
    who: str,
    size: dict[str, int],
    scheme: str = "light",
    prepared: Callable[[BrowserContext], None] | None = None,
) -> Page:
    """Somebody's browser, on the page where they begin."""
    phone = size == PHONE
    context = browser.new_context(viewport=size, color_scheme=scheme, device_scale_factor=2 if phone else 1)
    if prepared:
        prepared(context)
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.get_by_label("Sign-in name").fill(who)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_load_state()
    page.goto(f"{address}/people" if who != "aud" else f"{address}/audit")
    return page


def open_record(page: Page, name: str = SEEN) -> None:
    """Open a record by two identifiers."""
    page.get_by_role("link", name=name).first.click()
    page.wait_for_url("**/open")
    for part in ("Name", "Health card"):
        page.locator(".ask", has_text=part).click()
    page.get_by_role("button", name="Open the record").click()
    page.wait_for_load_state()


def keep(page: Page, name: str, folder: Path = TARGET, inks: int = INKS) -> None:
    """Keep what the window shows, in few colours."""
    page.wait_for_load_state("load")
    page.wait_for_timeout(600)
    page.evaluate("document.activeElement && document.activeElement.blur()")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    file = folder / f"{name}.png"
    picture.quantize(inks, dither=Image.Dither.NONE).save(file, optimize=True)
    size = file.stat().st_size
    print(f"{file.relative_to(ROOT)}: {size // 1000} kB")
    if size > MOST:
        raise SystemExit(f"{file.name} is larger than {MOST} bytes. Show less, or use fewer colours.")


def photograph(browser: Browser, address: str) -> None:
    """Every picture."""
    pia = signed_in(browser, address, "pia", TABLET)
    keep(pia, "people")
    open_record(pia)
    keep(pia, "person")
    pia.locator(".visits a").first.click()
    pia.wait_for_url("**/visits/*")
    keep(pia, "visit")
    lea = signed_in(browser, address, "lea", TABLET)
    lea.goto(f"{address}/review")
    keep(lea, "review")
    keep(signed_in(browser, address, "aud", TABLET), "audit")
    dark = signed_in(browser, address, "pia", TABLET, "dark")
    open_record(dark)
    dark.locator(".visits a").first.click()
    dark.wait_for_url("**/visits/*")
    keep(dark, "visit-dark")
    phone = signed_in(browser, address, "pia", PHONE)
    open_record(phone)
    keep(phone, "person-phone")


def main() -> None:
    """Make the pictures."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    found = os.environ.get("MYOTOME_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            photograph(browser, address)
        finally:
            browser.close()


if __name__ == "__main__":
    main()
