"""Who belongs to a person, and what they agreed to."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from myotome.clinic.consents.consents import By
from myotome.clinic.consents.texts import consent_text
from myotome.clinic.entries.persons import PersonRelated, PersonUnrelated
from myotome.clinic.states import PersonState
from myotome.errors import EntryError, MissingError
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.forms import Form, FormError
from myotome.web.clinic.leaf import Name, page

RELATIONS = ("guardian", "chaperone", "interpreter", "next of kin", "general practitioner")
TREATMENT = "intramuscular stimulation (dry needling)"
BY: dict[str, By] = {"self": "self", "guardian": "guardian"}


def add(routes: APIRouter, desk: Desk) -> None:
    """``/relatives`` and ``/consents`` under a person."""
    _relatives(routes, desk)
    _unrelating(routes, desk)
    _consents(routes, desk)
    _withdrawing(routes, desk)


def _known(desk: Desk, request: Request, person: Name, act: str, what: str) -> PersonState:
    with desk.clinic.practice.looking(desk.actor(request), act, what, person) as shelf:
        return shelf.person(person)


def _relatives(routes: APIRouter, desk: Desk) -> None:
    people = desk.clinic.people

    def asked(request: Request, person: Name, form: Form) -> Response:
        found = _known(desk, request, person, "relate person", "relatives")
        told = {"person": found, "identifiers": people.identifiers(found), "relations": [(r, r) for r in RELATIONS]}
        return page(desk, request, "people/relatives.html", form=form, **told)

    @routes.get("/relatives")
    def relatives(request: Request, person: Name) -> Response:
        return asked(request, person, Form())

    @routes.post("/relatives")
    def relate(request: Request, person: Name) -> Response:
        form, actor = desk.form(request), desk.actor(request)
        try:
            entry = form.entry(PersonRelated, relative=desk.clinic.practice.names(), on_behalf="")
            people.relate(actor, person, entry)
        except EntryError as error:
            return asked(request, person, form.refused(error))
        return desk.go(f"/people/{person}/relatives", done="related")


def _unrelating(routes: APIRouter, desk: Desk) -> None:
    people = desk.clinic.people

    def sure(request: Request, person: Name, relative: str, form: Form) -> Response:
        found = _known(desk, request, person, "relate person", "relatives")
        one = next((one for one in found.relatives if one.relative == relative), None)
        if one is None:
            raise MissingError("There is nobody by that number beside this person.")
        told = {"person": found, "identifiers": people.identifiers(found), "one": one}
        return page(desk, request, "people/unrelate.html", form=form, **told)

    @routes.get("/relatives/{relative}")
    def ending(request: Request, person: Name, relative: Name) -> Response:
        return sure(request, person, relative, Form())

    @routes.post("/relatives/{relative}")
    def unrelate(request: Request, person: Name, relative: Name) -> Response:
        form = desk.form(request)
        try:
            entry = form.entry(PersonUnrelated, relative=relative, on_behalf="")
            people.unrelate(desk.actor(request), person, entry)
        except FormError as error:
            return sure(request, person, relative, form.refused(error))
        return desk.go(f"/people/{person}/relatives", done="unrelated")


def _consents(routes: APIRouter, desk: Desk) -> None:
    def asked(request: Request, person: Name, form: Form) -> Response:
        found = _known(desk, request, person, "record consent", "consents")
        guardians = [one for one in found.relatives if one.relation == "guardian"]
        told = {"person": found, "identifiers": desk.clinic.people.identifiers(found), "guardians": guardians}
        told |= {"text": consent_text(), "standing": desk.clinic.consents.standing(found), "treatment": TREATMENT}
        return page(desk, request, "people/consents.html", form=form, **told)

    @routes.get("/consents")
    def consents(request: Request, person: Name) -> Response:
        return asked(request, person, Form.of({"treatment": TREATMENT, "by": "self"}))

    @routes.post("/consents")
    def give(request: Request, person: Name) -> Response:
        form, actor = desk.form(request), desk.actor(request)
        try:
            if (by := BY.get(form.get("by"))) is None:
                raise FormError({"by": "Choose who signs: the person, or a guardian."})
            told = (form.get("treatment").strip(), by, form.get("signature").strip(), form.get("copy") == "yes")
            desk.clinic.consents.give(actor, person, *told, version=form.get("version"))
        except (EntryError, MissingError) as error:
            return asked(request, person, form.refused(error))
        return desk.go(f"/people/{person}", done="consented")


def _withdrawing(routes: APIRouter, desk: Desk) -> None:
    def sure(request: Request, person: Name, consent: str, form: Form) -> Response:
        found = _known(desk, request, person, "record consent", "consents")
        standing = {one.consent.consent: one for one in desk.clinic.consents.standing(found)}
        if consent not in standing:
            raise MissingError("There is no such consent that holds.")
        told = {"person": found, "identifiers": desk.clinic.people.identifiers(found), "one": standing[consent]}
        return page(desk, request, "people/withdraw.html", form=form, **told)

    @routes.get("/consents/{consent}")
    def consent_page(request: Request, person: Name, consent: Name) -> Response:
        return sure(request, person, consent, Form())

    @routes.post("/consents/{consent}")
    def withdraw(request: Request, person: Name, consent: Name) -> Response:
        form = desk.form(request)
        try:
            desk.clinic.consents.withdraw(desk.actor(request), person, consent, form.get("reason").strip())
        except EntryError as error:
            return sure(request, person, consent, form.refused(error))
        return desk.go(f"/people/{person}", done="withdrawn")
