"""The clinic as a web application: every page behind one guard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.resources import as_file, files
from typing import Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from myotome.clinic.clinic import Clinic
from myotome.web.atlas import atlas_app
from myotome.web.clinic.answers import add_answers
from myotome.web.clinic.desk import Desk, House
from myotome.web.clinic.guards import Guard
from myotome.web.mechanism import mechanism_app

ROUTES = (
    "home",
    "sign_in",
    "account",
    "staff",
    "devices",
    "clinic_settings",
    "health",
    "papers",  # before the pages of a person: an address may end in .pdf
    "people",
    "person",
    "course",
    "visits",
    "checkins",
    "late_needles",
    "audit",
    "review",
    "erasure",
    "api",
    "bedside",
    "bedside_catalogue",
    "bedside_page",  # after the other: it answers whatever is under /bedside
)


def clinic_app(
    clinic: Clinic,
    *,
    allowed_hosts: Sequence[str] | frozenset[str] = ("localhost", "127.0.0.1", "[::1]"),
    https: bool = False,
    bedside: bool = True,
    rp_id: str | None = "localhost",
    origin: str = "http://localhost",
    founding_code: str = "",
    forecasts: Callable[[Any], Any] | None = None,
    routes: Sequence[str] = ROUTES,
) -> FastAPI:
    """The clinic's pages. ``allowed_hosts``, ``https``, ``bedside``, ``rp_id`` and ``origin`` say where it stands.

    ``founding_code`` is what the terminal printed: with it, once, somebody founds the clinic; without one nobody does.
    ``forecasts`` gives the library of simulated people for a plan of sessions.
    """
    house = House(frozenset(allowed_hosts), https, bedside, rp_id, origin, founding_code)
    desk = Desk(clinic, house, forecasts)
    app = FastAPI(title="Myotome clinic", docs_url=None, redoc_url=None, openapi_url=None)
    add_answers(app, desk)
    with as_file(files("myotome.web.clinic") / "static") as where:
        app.mount("/static", StaticFiles(directory=where), name="static")
    for name in routes:
        app.include_router(import_module(f"myotome.web.clinic.routes.{name}").router(desk))
    banner = clinic.governance.notice
    app.mount("/atlas", atlas_app(banner=banner))
    app.mount("/mechanism", mechanism_app(banner=banner))
    app.add_middleware(Guard, desk=desk)
    return app
