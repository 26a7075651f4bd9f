"""Retention and erasure: who is due, what was asked, and the second person's yes or no."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from myotome.clinic.erasure import Due
from myotome.errors import AccessError, EntryError, MissingError
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.forms import Form, FormError
from myotome.web.clinic.leaf import SECRETS, Name, page, prose

WHY = "Say why: it stays in the record, so do not name the person in it."
MANY = 200  # due people on a page


def router(desk: Desk) -> APIRouter:
    """``/erasure``, ``/erasure/{person}`` and ``/people/{person}/erasure``."""
    routes = APIRouter()
    _asking(routes, desk)
    _answering(routes, desk)

    @routes.get("/erasure")
    def lists(request: Request) -> Response:
        actor, erasure = desk.actor(request), desk.clinic.erasure
        due = erasure.due(actor)
        told = {"due": due[:MANY], "others": len(due) > MANY, "asked": erasure.asked(actor)}
        return page(desk, request, "erasure/lists.html", **told)

    return routes


def _asking(routes: APIRouter, desk: Desk) -> None:
    erasure = desk.clinic.erasure

    def shown(request: Request, person: str, form: Form) -> Response:
        due = erasure.when(desk.actor(request), person)
        return page(desk, request, "erasure/ask.html", form=form, due=due)

    @routes.get("/people/{person}/erasure")
    def asking(request: Request, person: Name) -> Response:
        return shown(request, person, Form())

    @routes.post("/people/{person}/erasure")
    def ask(request: Request, person: Name) -> Response:
        form = desk.form(request)
        try:
            law = prose(form, "law") if form.get("law").strip() else ""
            erasure.ask(desk.actor(request), person, prose(form, "reason", WHY), law)
        except EntryError as error:
            return shown(request, person, form.refused(error))
        return desk.go("/erasure", done="asked")


def _answering(routes: APIRouter, desk: Desk) -> None:
    erasure = desk.clinic.erasure

    def asked_for(request: Request, person: str) -> Due:
        found = next((one for one in erasure.asked(desk.actor(request)) if one.person == person), None)
        if found is None:
            raise MissingError("Nobody asked for that.")
        return found

    def shown(request: Request, person: str, form: Form) -> Response:
        return page(desk, request, "erasure/answer.html", form=form, due=asked_for(request, person))

    @routes.get("/erasure/{person}")
    def answering(request: Request, person: Name) -> Response:
        return shown(request, person, Form())

    @routes.post("/erasure/{person}")
    def answer(request: Request, person: Name) -> Response:
        form, actor = desk.form(request), desk.actor(request)
        asked_for(request, person)
        try:
            reason = prose(form, "reason", WHY)
            if form.get("answer") == "destroy":
                erasure.confirm(actor, person, reason, desk.prove(request))
                desk.clinic.bedside.forget()
            elif form.get("answer") == "keep":
                erasure.refuse(actor, person, reason)
            else:
                raise FormError({"": "Choose: destroy the record, or keep it."})
        except (AccessError, EntryError) as error:
            return shown(request, person, form.refused(error).without(*SECRETS))
        return desk.go("/erasure", done="erased" if form.get("answer") == "destroy" else "kept")
