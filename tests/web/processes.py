"""A real ``myotome`` in a process of its own, on a folder of its own.

with served(folder, "--port", "0") as process:
    process.address       # once it answers
    process.said          # the lines of its terminal so far
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx2

from tests.web.rooms import TOKEN

COMMAND = (sys.executable, "-c", "import sys; from myotome.app import main; sys.exit(main())")
ADDRESS = re.compile(r"is at (https?://\S+?)/ \(Ctrl-C ends it\)")
LONGEST = 120.0


def surroundings(folder: Path, cache: Path) -> dict[str, str]:
    """An environment in which nothing of this user's is touched."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MYOTOME_", "XDG_"))}
    return {**kept, "HOME": str(folder / "home"), "MYOTOME_CACHE": str(cache), "PYTHONUNBUFFERED": "1"}


class Served:
    """A running ``myotome serve``."""

    def __init__(self, environment: dict[str, str], *options: str) -> None:
        told = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        command = [*COMMAND, "serve", "--no-browser", *options]
        self.process = subprocess.Popen(command, env=environment, **told)
        self.said: list[str] = []
        self.address = ""
        while not self.address and (line := self.process.stdout.readline()):
            self.said.append(line.rstrip("\n"))
            found = ADDRESS.search(line)
            self.address = found[1] if found else ""
        assert self.address, self.said

    def answers(self) -> None:
        """Wait until it answers (over plain HTTP)."""
        until = time.monotonic() + LONGEST
        while time.monotonic() < until:
            try:
                httpx2.get(f"{self.address}/health", timeout=5)
                return
            except httpx2.TransportError:
                time.sleep(0.05)
        raise AssertionError(self.said)

    def browser(self) -> httpx2.Client:
        """Somebody's browser."""
        return httpx2.Client(base_url=self.address, timeout=60)

    def end(self, by: int = signal.SIGINT) -> int:
        """Ctrl-C; returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        status = self.process.wait(LONGEST)
        self.said += self.process.stdout.read().splitlines()
        return status


@contextmanager
def served(environment, *options):
    """The same, ended in any case."""
    process = Served(environment, *options)
    try:
        yield process
    finally:
        if process.process.poll() is None:
            process.process.kill()
            process.process.wait(LONGEST)
        process.process.stdout.close()


def sent(browser, path, page=None, **fields):
    """Send the form of a page as a browser does."""
    if found := TOKEN.search(browser.get(page or path).text):
        fields["csrf"] = found[1]
    return browser.post(path, data=fields, headers={"Sec-Fetch-Site": "same-origin", "Origin": "null"})
