"""A clinic at the bedside in a process of its own, that can be killed at any moment and started again on its folder.

server = ClinicProcess(folder)     # loads, while
ground = Ground(folder)            # is founded, with Anna, whose record pia and lea have opened
server.start()                     # serves it; server.address
server.kill(), server.start()      # SIGKILL; the same port again
ground.recorded(visit)             # what the chain of entries holds
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import psutil
from starlette.responses import JSONResponse

from myotome.clinic.folding.projector import ClinicProjector
from myotome.clinic.mind import Mind
from myotome.clinic.practice import Practice
from myotome.records.database import Database
from myotome.records.ledger import Ledger, found
from myotome.records.master import new_master, read_master, write_master
from tests.clinics import QUICK, names, staffed
from tests.web.records import register, visit_of
from tests.web.rooms import Rooms, clinic_of

KEY, BASE = "master.key", "clinic.db"
PATIENCE = 60.0


def now():
    """The real time: a browser has no other."""
    return datetime.now(UTC)


def practice_in(folder):
    """The practice whose key and database lie in a folder."""
    return practice_over(folder, read_master(folder / KEY))


def practice_over(folder, master, *, exclusive=True):
    """The same with its key at hand; not ``exclusive``: to read beside the process that has it."""
    database = Database(f"sqlite:///{folder / BASE}", exclusive=exclusive)
    return Practice(Ledger(database, master, ClinicProjector()), now, names)


class Ground:
    """A founded clinic in a folder, and what its chain of entries holds."""

    def __init__(self, folder: Path, visits: int = 20) -> None:
        from myotome.web.clinic.app import clinic_app

        self.folder = folder
        master = new_master("main", secrets.token_bytes)
        write_master(folder / KEY, master)
        database = Database(f"sqlite:///{folder / BASE}")
        found(database, master)
        database.close()
        practice = practice_over(folder, master)
        made = staffed(practice)
        (folder / "beside").mkdir()
        clinic = clinic_of(practice, made.access, made.accounts, folder / "beside")
        rooms = Rooms(clinic, made, clinic_app(clinic))
        pia, lea = rooms.client("pia"), rooms.client("lea")
        self.anna = anna = register(pia, given="Anna", family="Müller")
        lea.sent(f"/people/{anna}/open", identifier=["name", "birth date"])
        self.visits = [visit_of(pia, anna) for _ in range(visits)]
        self.staff, self.tokens = made.staff, {who: made.token(who) for who in ("pia", "lea", "ana")}
        practice.ledger.database.close()
        self.practice = practice_over(folder, master, exclusive=False)

    def visit(self):
        """A visit of Anna's in which nothing was recorded."""
        return self.visits.pop()

    def recorded(self, visit):
        """What was recorded at the bedside of a visit, in the order of the chain."""
        with self.practice.within() as shelf:
            return [one for one in shelf.entries(visit=visit) if one.kind != "visit.opened"]

    def noted(self, visit):
        """The same as a tablet is handed it."""
        with self.practice.within() as shelf:
            return shelf.bedside(visit)


class ClinicProcess:
    """Serves a folder. A file ``die-after`` in it ends the process by SIGKILL when entries were recorded.

    A first process loads everything once and makes the serving ones, as a fresh start takes seconds. It looks at the
    folder with ``start`` only.
    """

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder, self.serving = folder, None
        self.address = f"http://localhost:{self.port}"
        command = [sys.executable, "-m", "tests.browser.clinic_process", str(self.folder), str(self.port)]
        told = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.first = subprocess.Popen(command, cwd=Path(__file__).parents[2], **told)

    def start(self):
        """Start, and wait until it answers."""
        self.first.stdin.write("start\n")
        self.first.stdin.flush()
        self.serving = psutil.Process(int(self.first.stdout.readline()))
        until = time.monotonic() + PATIENCE
        while True:
            try:
                httpx2.get(f"{self.address}/health", timeout=5)
                return
            except httpx2.TransportError:
                assert time.monotonic() < until, "the clinic does not answer"
                time.sleep(0.02)

    def kill(self):
        """SIGKILL."""
        self.serving.kill()
        self.serving.wait(PATIENCE)

    def dies_before_it_answers(self):
        """The next entries are recorded, and the process is dead before a byte of the answer is sent."""
        (self.folder / "die-after").touch()

    def died(self):
        """Wait until it did."""
        self.serving.wait(PATIENCE)
        (self.folder / "die-after").unlink()

    @contextmanager
    def takes_no_entries(self):
        """Entries are answered with 503 and not recorded, meanwhile: no browser lets any of them past that."""
        told = self.folder / "takes-none"
        told.touch()
        try:
            yield
        finally:
            told.unlink()

    def end(self):
        """The end of both."""
        if self.serving:
            self.kill()
        self.first.stdin.close()
        self.first.stdout.close()
        self.first.wait(PATIENCE)


def dying(app, folder):
    """Kill this process between a recording and its answer, or record nothing, where that is asked for."""

    async def asked(scope, receive, send):
        async def answer(message):
            if scope.get("path") == "/api/entries" and (folder / "die-after").exists():
                os.kill(os.getpid(), signal.SIGKILL)
            await send(message)

        if scope.get("path") == "/api/entries" and (folder / "takes-none").exists():
            await JSONResponse({"message": "Not now."}, 503)(scope, receive, send)
        else:
            await app(scope, receive, answer)

    return asked


def main(folder, port):
    """Load everything; then fork a process that serves, each time a line comes."""
    from myotome.web.bedside.catalogue import sent
    from myotome.web.bedside.pages import pages
    from tests.reading import reasoner

    sent(), pages(), reasoner()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # what was killed is gone at once
    while sys.stdin.readline():
        if (child := os.fork()) == 0:
            serve(folder, port)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def serve(folder, port):
    """Serve."""
    import uvicorn

    from myotome.clinic.access.access import Access
    from myotome.clinic.access.accounts import Accounts
    from myotome.web.clinic.app import clinic_app
    from tests.reading import reasoner

    practice = practice_in(folder)
    access = Access(practice, QUICK)
    clinic = clinic_of(practice, access, Accounts(practice, access), folder / "beside")
    governance = clinic.governance
    clinic.visits.mind = Mind(reasoner, governance.notice, governance.withdrawn)
    app = dying(clinic_app(clinic), folder)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
