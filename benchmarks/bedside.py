"""How long the bedside waits: from a tap to levels and verdict on the screen, reasons and plan, a plan edited.

Measured in a real browser on a real clinic over HTTP, with each engine; the first taps are not counted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.measure import Figure, span

FINDINGS = (
    ("tender", "shoulder", ("upper trapezius", "levator scapulae", "supraspinatus", "infraspinatus")),
    ("weak4", "arm", ("biceps brachii", "deltoid")),
    ("level-taut", "", ("C5 paraspinal", "C6 paraspinal", "C7 paraspinal")),
)
POINTS = ("supraspinatus", "infraspinatus", "upper trapezius", "deltoid, middle part", "C6 paraspinal")
GOALS = {"tap to levels and verdict": 0.15, "reasons, intervals, next test": 0.4, "a plan edited": 0.15}
ENGINES = {"kernel": "auto", "numpy": "numpy"}


def figures() -> Iterator[Figure]:
    """Median over taps of a visit; for reasons the goal holds with the kernel only."""
    for engine, kernel in ENGINES.items():
        environment = {**os.environ, "MYOTOME_KERNEL": kernel}
        told = subprocess.run(
            [sys.executable, "-m", "benchmarks.bedside"], env=environment, check=True, capture_output=True, text=True
        ).stdout
        for name, seconds in json.loads(told.splitlines()[-1]).items():
            middle, worst = float(np.median(seconds)), max(seconds)
            goal = GOALS[name] if engine == "kernel" or not name.startswith("reasons") else None
            words = f"{len(seconds)} times, {engine}; longest {span(worst)}"
            aim = f"< {goal * 1e3:g} ms" if goal else ""
            yield Figure(f"bedside: {name}", span(middle), words, goal=aim, met=middle < goal if goal else None)


def _measured() -> dict[str, list[float]]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # only in the process that measures
    from tests.browser.bedside import bedside  # noqa: PLC0415
    from tests.browser.tablet import tablet  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder, bedside(Path(folder)) as room, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("MYOTOME_CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        taps: list[float] = []
        visit = ""
        for _ in range(2):
            visit = room.visit(room.person())
            room.complaint(visit, "right", "shoulder")
            page, _ = tablet(browser, room, visit, "examine")
            page.wait_for_timeout(1500)
            taps += _taps(page)
            page.context.close()
        browser.close()
        return {"tap to levels and verdict": taps[2:], **_asked(room, visit)}


def _taps(page: object) -> list[float]:
    """Seconds from each tap on a tile to the levels and verdict that follow it, drawn."""
    found = []
    for brush, region, places in FINDINGS:
        page.locator(f"[data-brush={brush}]").tap()  # type: ignore[attr-defined]
        if region and page.locator(f"[data-region={region}]").count():  # type: ignore[attr-defined]
            page.locator(f"[data-region={region}]").first.tap()  # type: ignore[attr-defined]
        for at in places:
            tile = page.locator(f'.structures button[data-at="{at}"][data-side="right"]').first  # type: ignore[attr-defined]
            if not tile.count():
                continue
            page.evaluate("delete document.querySelector('.live').dataset.ms")  # type: ignore[attr-defined]
            tile.tap()
            page.wait_for_selector(".live[data-ms]", timeout=10_000)  # type: ignore[attr-defined]
            found.append(int(page.locator(".live").get_attribute("data-ms")) / 1000)  # type: ignore[attr-defined]
            page.wait_for_timeout(900)  # type: ignore[attr-defined]  # the whole answer, so that it does not stand in the way
    return found


def _asked(room: object, visit: str) -> dict[str, list[float]]:
    """The whole answer after one more finding each time, and after one more point in the plan."""
    pia = room.pia  # type: ignore[attr-defined]
    csrf = pia.get(f"/api/visits/{visit}/bedside").json()["csrf"]
    room.screened(visit)  # type: ignore[attr-defined]
    whole, edits = [], []
    drafts = []

    def asked() -> float:
        body = {"entries": drafts, "want": "whole"}
        start = time.perf_counter()
        answer = pia.post(f"/api/visits/{visit}/think", json=body, headers={"X-CSRF": csrf})
        spent = time.perf_counter() - start
        if answer.status_code != 200:
            raise SystemExit(answer.text)
        return spent

    def draft(number: int, kind: str, **body: object) -> dict[str, object]:
        made = {"device_time": "2026-03-01T10:30:00+01:00", "zone": "UTC", "visit": visit}
        return {"id": f"bench-{number}", "kind": kind, **made, "body": body}

    for number, at in enumerate(("brachioradialis", "pronator teres", "teres minor", "subscapularis", "teres major")):
        told = {"sign": "tenderness", "at": at, "side": "right", "result": "present"}
        drafts.append(draft(number, "finding.recorded", **told))
        whole.append(asked())
    for number, point in enumerate(POINTS):
        drafts.append(draft(100 + number, "plan.changed", point=point, side="right", change="add"))
        edits.append(asked())
    return {"reasons, intervals, next test": whole[1:], "a plan edited": edits}


if __name__ == "__main__":
    print(json.dumps(_measured()))
