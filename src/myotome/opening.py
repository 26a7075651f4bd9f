"""Opening the clinic for the day: its record, the first owner or the demonstration, the pages, the daily head."""

from __future__ import annotations

import datetime
import secrets
import sys
import threading
import webbrowser
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from myotome.clinic.clinic import Clinic
from myotome.clinic.demonstration.practice import STAFF, demonstrate
from myotome.clinic.key_upkeep import new_sign_in_secret
from myotome.errors import MyotomeError, RecordError
from myotome.premises import Premises, clear_demonstration, opened
from myotome.records.files import write_whole
from myotome.web.bedside import catalogue
from myotome.web.clinic.app import clinic_app
from myotome.web.network.origin import Application
from myotome.web.network.serving import Serving
from myotome.web.network.standing import Standing, Wish

TICK = datetime.timedelta(hours=1)  # between looks whether the day's head is exported
PASSWORD_FILE = "sign-in.txt"  # noqa: S105  # of the demonstration, where nobody is real
CASES = Path(__file__).resolve().parents[2] / "examples"  # in a checkout

Clock = Callable[[], datetime.datetime]
Forecasts = Callable[[Any], Any] | None  # the library of simulated people for a plan of sessions


def serve_clinic(
    places: Premises, chosen: Namespace, reasoners: Callable[[str], object], clock: Clock, forecasts: Forecasts = None
) -> int:
    """Serve the clinic until interrupted; returns the exit status.

    Raises:
        MyotomeError: the record cannot be opened, or the address cannot be served.
    """
    try:
        places.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise RecordError(
            f"The folder {places.folder} cannot be made ({error.strerror}). Give another with --data."
        ) from None
    if places.demonstration and not (places.folder / PASSWORD_FILE).exists():
        clear_demonstration(places)
    wish = Wish(chosen.host, chosen.port, tuple(chosen.name), chosen.trust_port, chosen.no_tls, chosen.new_authority)
    with opened(places, reasoners, clock, beginning=True) as clinic:
        serving = Serving(wish, places.folder, clock)
        code = _first_start(clinic, places, Path(chosen.examples) if chosen.examples else CASES)
        _say(*serving.sentences())
        if not chosen.no_browser:
            webbrowser.open(serving.standing.origin)
        ended = threading.Event()
        keeping = threading.Thread(target=_keep, args=(clinic, ended), daemon=True)
        keeping.start()
        threading.Thread(target=_try, args=(lambda: _warm(clinic),), daemon=True).start()
        try:
            return serving.run(lambda standing: _application(clinic, standing, code, forecasts), _say)
        finally:
            ended.set()
            keeping.join(5)
            _try(clinic.keeper.close)


def _application(clinic: Clinic, standing: Standing, code: str, forecasts: Forecasts) -> Application:
    return clinic_app(
        clinic,
        allowed_hosts=standing.hosts,
        https=standing.tls,
        bedside=standing.bedside,
        rp_id=standing.rp_id,
        origin=standing.origin,
        founding_code=code,
        forecasts=forecasts,
    )


def _warm(clinic: Clinic) -> None:
    """Read the tables and models before somebody at a bedside waits for them."""
    mind = clinic.visits.mind
    finding = {"sign": "tenderness", "at": "infraspinatus", "side": "left", "result": "present"}
    _, case = mind.read({"findings": [finding]})
    mind.glance(case)
    catalogue.sent()
    mind.thought(case, clinic.practice.clock().date())[1].plan()


def _first_start(clinic: Clinic, places: Premises, cases: Path) -> str:
    """See that there is an owner or a demonstration; returns the code by which a first owner is made."""
    if places.demonstration:
        file = places.folder / PASSWORD_FILE
        if not clinic.accounts.is_founded():
            _say("Making the demonstration practice: some twenty seconds.")
            password = new_sign_in_secret()
            demonstrate(clinic, cases, password)
            write_whole(file, f"{password}\n".encode())  # only now is it whole
        names = ", ".join(["ana (owner)", *(f"{name} ({' and '.join(roles)})" for name, _, roles, _ in STAFF)])
        _say(
            f"Demonstration: nobody in it is real. Sign in as {names}.",
            f"Password of all: {file.read_text('utf-8').strip()}",
        )
        return ""
    if clinic.accounts.is_founded():
        return ""
    code = f"{secrets.randbelow(1_000_000):06}"
    _say(f"This clinic has no owner yet. Make one with this code: {code}")
    _say(f"Its master key is {places.key}. Without it nobody can read the record: print it (myotome keys paper).")
    return code


def _keep(clinic: Clinic, ended: threading.Event) -> None:
    """Export the head of each day, as long as the clinic is open."""
    while not ended.wait(TICK.total_seconds()):
        _try(clinic.keeper.tick)


def _try(keep: Callable[[], object]) -> None:
    """Say what went wrong, and go on: people are treated though a disk with heads is missing."""
    try:
        keep()
    except MyotomeError as error:
        _say(f"myotome: {error}")
    except OSError as error:  # or the thread would end, and nothing be kept from then on
        _say(f"myotome: the head could not be exported ({error.strerror}). Look after the disk.")


def _say(*sentences: str) -> None:
    for sentence in sentences:
        sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()
