"""The course of a person: one time axis for each complaint, what came of it, and a forecast where it is asked for."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from myotome.care.course.changes import BETTER, WORSE
from myotome.care.course.followed import Followed
from myotome.care.course.forecast import EVIDENCE, Forecast, forecast
from myotome.care.course.scores import cited, left_out, matters, scores
from myotome.care.course.stopping import ENOUGH, GO_ON, LOOK, STOP, cautions, graded
from myotome.care.course.to_forecast import treatment
from myotome.errors import MyotomeError
from myotome.mechanism import CAUTION
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.leaf import Name, page
from myotome.web.clinic.routes.exporting import handed
from myotome.web.clinic.told import course as told
from myotome.web.clinic.told.course_sheet import on_paper

TONES = {STOP: "stop", LOOK: "warning", GO_ON: "good", ENOUGH: "good"}
CHANGES = {BETTER: "good", WORSE: "stop"}
BUSY = "Another forecast is being made just now. Load this page again in a minute."
NONE_HERE = "Forecasts are not made in this clinic's program."
Which = Annotated[int, Query(ge=1, le=200)]


@dataclass(frozen=True, slots=True)
class Foretold:
    """A forecast, or why there is none."""

    found: Forecast | None = None
    why: str = ""


def router(desk: Desk) -> APIRouter:
    """``/people/{person}/course`` and ``/course.pdf``; ``complaint`` counts from the latest, ``forecast`` asks."""
    routes, one_at_a_time = APIRouter(prefix="/people/{person}"), threading.Lock()

    @routes.get("/course.pdf")
    def on_sheets(request: Request, person: Name, complaint: Which = 1) -> Response:
        exports, courses = desk.clinic.exports, desk.clinic.courses
        return handed(exports.course_pdf(desk.actor(request), person, complaint, courses, on_paper))

    @routes.get("/course")
    def course(request: Request, person: Name, complaint: Which = 1, forecast: bool = False) -> Response:
        found, courses = desk.clinic.courses.of(desk.actor(request), person)
        around: dict[str, Any] = {"person": found, "identifiers": desk.clinic.people.identifiers(found)}
        shown = courses[min(complaint, len(courses)) - 1] if courses else None
        asked = _foretold(desk, shown, one_at_a_time) if forecast and shown is not None else None
        words = around | _told(shown, asked) | _listed(courses, shown)
        return page(desk, request, "course/course.html", **words)

    return routes


def _told(shown: Followed | None, asked: Foretold | None) -> dict[str, Any]:
    """What stands on the page of one course."""
    if shown is None:
        return {"course": None}
    band = asked.found if asked is not None else None
    return {
        "course": shown,
        "tone": TONES.get(shown.advice.kind, ""),
        "tones": CHANGES,
        "drawings": told.drawings(shown, band),
        "undrawn": told.left_out(shown),
        "tables": told.tables(shown),
        "graded": graded(),
        "cautions": cautions(),
        "scores": scores().values(),
        "left_out": left_out(),
        "matters": matters(),
        "cited": cited,
        "asked": asked,
        "forecast_says": (EVIDENCE, CAUTION),
    }


def _listed(courses: tuple[Followed, ...], shown: Followed | None) -> dict[str, Any]:
    listed = [
        {"number": number, "title": one.title, "first": one.visits[0].day, "last": one.visits[-1].day,
         "visits": len(one.visits), "here": one is shown}
        for number, one in enumerate(courses, 1)
    ]  # fmt: skip
    return {"courses": listed, "number": next((one["number"] for one in listed if one["here"]), 1)}


def _foretold(desk: Desk, shown: Followed, one_at_a_time: threading.Lock) -> Foretold:
    """A forecast, made now: some seconds, so only where it is asked for, and one at a time."""
    if desk.forecasts is None:
        return Foretold(why=NONE_HERE)
    if not one_at_a_time.acquire(blocking=False):
        return Foretold(why=BUSY)
    try:
        return Foretold(forecast(treatment(shown), desk.forecasts))
    except MyotomeError as error:
        return Foretold(why=str(error))
    finally:
        one_at_a_time.release()
