"""Notes: signed, co-signed, amended, struck, moved to whom they belong, printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from myotome.clinic.practice import NotOpenedError
from myotome.clinic.shelf import OPENED
from myotome.clinic.states import PersonState
from myotome.errors import AccessError, EntryError, MissingError
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.forms import Form, FormError
from myotome.web.clinic.leaf import SECRETS, Name, page, prose
from myotome.web.clinic.routes.exporting import handed
from myotome.web.clinic.routes.visit_page import look_at, shown

WHY = "Say why: it stands beside the note for good."
MANY = 50  # waiting notes on a page


def add(routes: APIRouter, desk: Desk) -> None:
    """What is done to a note, under ``/visits/{visit}``, and ``/cosign``."""
    _signing(routes, desk)
    _waiting(routes, desk)
    _amending(routes, desk)
    _moving(routes, desk)

    @routes.get("/visits/{visit}/note.pdf")
    def note(request: Request, visit: Name) -> Response:
        return handed(desk.clinic.exports.note_pdf(desk.actor(request), visit))


def _signing(routes: APIRouter, desk: Desk) -> None:
    def signed(request: Request, visit: str, sign: Callable[..., Any], done: str) -> Response:
        try:
            sign(desk.actor(request), visit, desk.prove(request), desk.form(request).get("shown"))
        except NotOpenedError:
            raise
        except (AccessError, EntryError) as error:
            refused = desk.form(request).refused(error).without(*SECRETS)
            return shown(desk, request, visit, refused, "sign")
        return desk.go(f"/visits/{visit}", done=done)

    @routes.post("/visits/{visit}/sign")
    def sign(request: Request, visit: Name) -> Response:
        return signed(request, visit, desk.clinic.visits.sign, "signed")

    @routes.post("/visits/{visit}/cosign")
    def cosign(request: Request, visit: Name) -> Response:
        return signed(request, visit, desk.clinic.visits.cosign, "cosigned")


def _waiting(routes: APIRouter, desk: Desk) -> None:
    @routes.get("/cosign")
    def queue(request: Request) -> Response:
        with desk.clinic.practice.looking(desk.actor(request), "cosign", "list of notes that wait") as shelf:
            rows = []
            for one in shelf.waiting(MANY):
                visit = shelf.visit(one.visit)
                rows.append({"waiting": one, "day": visit.day, "person": shelf.person(one.person)})
        return page(desk, request, "visits/cosign.html", rows=rows)


def _amending(routes: APIRouter, desk: Desk) -> None:
    visits = desk.clinic.visits

    def asked(request: Request, visit: str, what: str, form: Form) -> Response:
        found = look_at(desk, request, visit, f"form to {what}")
        identifiers = desk.clinic.people.identifiers(found.person)
        told = {"visit": found.visit, "person": found.person, "identifiers": identifiers}
        return page(desk, request, f"visits/{what}.html", form=form, **told)

    @routes.get("/visits/{visit}/amend")
    def amending(request: Request, visit: Name) -> Response:
        return asked(request, visit, "amend", Form())

    @routes.post("/visits/{visit}/amend")
    def amend(request: Request, visit: Name) -> Response:
        form = desk.form(request)
        try:
            text = prose(form, "text", "Write what was wrong or missing.")
            visits.amend(desk.actor(request), visit, text, prose(form, "reason", WHY))
        except EntryError as error:
            return asked(request, visit, "amend", form.refused(error))
        return desk.go(f"/visits/{visit}", done="amended")

    @routes.get("/visits/{visit}/strike")
    def striking(request: Request, visit: Name) -> Response:
        return asked(request, visit, "strike", Form())

    @routes.post("/visits/{visit}/strike")
    def strike(request: Request, visit: Name) -> Response:
        form = desk.form(request)
        try:
            visits.strike(desk.actor(request), visit, prose(form, "reason", WHY))
        except EntryError as error:
            return asked(request, visit, "strike", form.refused(error))
        return desk.go(f"/visits/{visit}", done="struck")


def _moving(routes: APIRouter, desk: Desk) -> None:
    def asked(request: Request, visit: str, form: Form) -> Response:
        found = look_at(desk, request, visit, "form to move a visit")
        identifiers = desk.clinic.people.identifiers(found.person)
        told = {"visit": found.visit, "person": found.person, "identifiers": identifiers}
        told["people"] = [one for one in opened(desk, request) if one.id != found.person.id]
        return page(desk, request, "visits/move.html", form=form, **told)

    @routes.get("/visits/{visit}/move")
    def moving(request: Request, visit: Name) -> Response:
        return asked(request, visit, Form())

    @routes.post("/visits/{visit}/move")
    def move(request: Request, visit: Name) -> Response:
        form, to = desk.form(request), desk.form(request).get("to")
        with desk.clinic.practice.looking(desk.actor(request), "move visit"):
            pass  # who may not is refused before the form is read, and it stands in the trail
        try:
            if to not in {one.id for one in opened(desk, request)}:
                raise FormError({"to": "Choose one of the people whose records you have opened."})
            desk.clinic.visits.move(desk.actor(request), visit, to, prose(form, "reason", WHY))
        except EntryError as error:
            return asked(request, visit, form.refused(error))
        return desk.go(f"/visits/{visit}", done="moved")


def opened(desk: Desk, request: Request) -> list[PersonState]:
    """The people whose records this session has open, but for those merged away."""
    actor, found = desk.actor(request), []
    with desk.clinic.practice.within() as shelf:
        for name, _ in shelf.reading.drawer(OPENED).all(actor.session):
            try:
                person = shelf.person(name.partition(":")[2])
            except MissingError:
                continue
            if not person.merged_into:
                found.append(person)
    return found
