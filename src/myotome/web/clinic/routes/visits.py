"""Visits: opened, supposed, examined; and the page of one, with what the software said of it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from myotome.clinic.entries.visits import HypothesisRecorded, VisitOpened
from myotome.clinic.practice import NotOpenedError
from myotome.errors import CaseError, EntryError
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.forms import Form, FormError
from myotome.web.clinic.leaf import Name, page
from myotome.web.clinic.routes import notes
from myotome.web.clinic.routes.visit_page import look_at, shown
from myotome.web.clinic.told import picture


def router(desk: Desk) -> APIRouter:
    """``/visits/{visit}``, what is under it, a new visit under its person, and ``/cosign``."""
    routes = APIRouter()
    _opening(routes, desk)
    _charting(routes, desk)
    notes.add(routes, desk)

    @routes.get("/visits/plates.css")
    def style() -> Response:
        return Response(picture.style(), media_type="text/css")

    @routes.get("/visits/{visit}")
    def visit_page(request: Request, visit: Name) -> Response:
        try:
            return shown(desk, request, visit)
        except NotOpenedError:
            with desk.clinic.practice.within() as shelf:
                person = shelf.visit(visit).person
            return desk.go(f"/people/{person}/open?to={visit}")

    return routes


def _opening(routes: APIRouter, desk: Desk) -> None:
    practice = desk.clinic.practice

    def asked(request: Request, person: str, form: Form) -> Response:
        with practice.looking(desk.actor(request), "chart", "form of a new visit", person) as shelf:
            found = shelf.person(person)
        identifiers = desk.clinic.people.identifiers(found)
        return page(desk, request, "visits/new.html", form=form, person=found, identifiers=identifiers)

    @routes.get("/people/{person}/visits/new")
    def new(request: Request, person: Name) -> Response:
        return asked(request, person, Form.of({"day": practice.today().isoformat()}))

    @routes.post("/people/{person}/visits/new")
    def open_visit(request: Request, person: Name) -> Response:
        form = desk.form(request)
        try:
            visit = desk.clinic.visits.open(desk.actor(request), person, form.entry(VisitOpened, on_behalf=""))
        except EntryError as error:
            return asked(request, person, form.refused(error))
        return desk.go(f"/visits/{visit}")

    @routes.post("/people/{person}/visits/today")
    def today(request: Request, person: Name) -> Response:
        """To the bedside: on with the visit of today that is not signed yet, or with a new one."""
        return desk.go(f"/bedside/{visits_today(desk, request, person)}")


def visits_today(desk: Desk, request: Request, person: str) -> str:
    """The visit of today that can still be charted; opened now where there is none.

    Raises:
        AccessError: this person may not, or has not opened the record.
    """
    actor, day = desk.actor(request), desk.clinic.practice.today()
    with desk.clinic.practice.looking(actor, "chart", "visits of today", person) as shelf:
        found = [one for one in shelf.visits([person], 10) if one.day == day and not one.signature and not one.struck]
    return found[0].id if found else desk.clinic.visits.open(actor, person, VisitOpened(day=day))


def _charting(routes: APIRouter, desk: Desk) -> None:
    visits = desk.clinic.visits

    @routes.post("/visits/{visit}/hypothesis")
    def suppose(request: Request, visit: Name) -> Response:
        form = desk.form(request)
        try:
            visits.suppose(desk.actor(request), visit, form.entry(HypothesisRecorded, on_behalf=""))
        except EntryError as error:
            return shown(desk, request, visit, form.refused(error), "hypothesis")
        return desk.go(f"/visits/{visit}", done="supposed")

    def asked(request: Request, visit: str, form: Form, problems: CaseError | None = None) -> Response:
        found = look_at(desk, request, visit, "form of an examination")
        told = {"visit": found.visit, "person": found.person, "problems": problems.problems if problems else ()}
        identifiers = desk.clinic.people.identifiers(found.person)
        return page(desk, request, "visits/examination.html", form=form, identifiers=identifiers, **told)

    @routes.get("/visits/{visit}/examination")
    def examination_form(request: Request, visit: Name) -> Response:
        return asked(request, visit, Form())

    @routes.post("/visits/{visit}/examination")
    def examine(request: Request, visit: Name) -> Response:
        form, actor = desk.form(request), desk.actor(request)
        try:
            visits.examine(actor, visit, handed_in(form))
        except CaseError as error:
            count = len(error.problems)
            words = f"Refused whole, nothing was recorded: {count} thing{'s' * (count != 1)} to mend."
            return asked(request, visit, form.refused(FormError({"": words})), error)
        except EntryError as error:
            return asked(request, visit, form.refused(error))
        return desk.go(f"/visits/{visit}", done="examined")


def handed_in(form: Form) -> bytes:
    """The case file that was uploaded or pasted.

    Raises:
        FormError: neither was, or both.
    """
    file, text = form.files.get("file", b""), form.get("text").strip()
    if bool(file) == bool(text):
        said = "Choose a case file or paste its text" + ("; not both." if file else ".")
        raise FormError({"text": said})
    return file or text.encode()
