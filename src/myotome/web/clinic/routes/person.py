"""One person's page: who they are, who belongs to them, what they agreed to, their visits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from myotome.clinic.entries.persons import PersonCorrected
from myotome.clinic.permissions import allowed
from myotome.clinic.shelf import Shelf
from myotome.clinic.states import PersonState, VisitState
from myotome.errors import EntryError, MissingError
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.forms import OURS, Form, FormError, said_of
from myotome.web.clinic.leaf import Name, Wanted, page
from myotome.web.clinic.routes import belonging, exporting, merging
from myotome.web.clinic.routes.checkins import step_of
from myotome.web.clinic.routes.people import NUMBERS, numbers_of
from myotome.web.clinic.told import harm, needles

PAGE = 20  # visits on a page
PLAIN = ("family", "given", "text", "birth_date", "sex", "phone", "email", "language")


def router(desk: Desk) -> APIRouter:
    """``/people/{person}`` and what is under it, but for opening and erasure."""
    routes = APIRouter(prefix="/people/{person}")
    for part in (belonging, exporting, merging):
        part.add(routes, desk)
    _correcting(routes, desk)

    @routes.get("")
    def person_page(request: Request, person: Name, after: Wanted = "") -> Response:
        return page(desk, request, "people/person.html", **seen(desk, request, person, after))

    return routes


def seen(desk: Desk, request: Request, person: Name, after: Wanted = "") -> dict[str, Any]:
    """What the page of a person shows; ``after`` is the last visit of the page before."""
    clinic, actor = desk.clinic, desk.actor(request)
    charted = allowed(actor.roles, "read record")
    with clinic.practice.looking(actor, "read record" if charted else "see person", "person's page", person) as shelf:
        found = shelf.person(person)
        visits, older = visits_of(shelf, found, after) if charted else ([], False)
        same = [shelf.person(name) for name in shelf.together(found)[1:]]
        into = shelf.person(found.merged_into) if found.merged_into else None
    return {
        "person": found,
        "identifiers": clinic.people.identifiers(found),
        "consents": clinic.consents.standing(found),
        "visits": visits,
        "older": visits[-1].id if older else "",
        "paged": bool(after),
        "charted": charted,
        "harms": [(one.visit, harm.in_words([one.value])[0]) for one in clinic.adverse.waiting(visits)],
        "late_in": needles.late(clinic.late_needles.of(person)),
        "asks": [(one, step_of(one.checkin.due.name)) for one in clinic.adverse.due_of(person)],
        "same": same,
        "into": into,
    }


def visits_of(shelf: Shelf, person: PersonState, after: str = "") -> tuple[list[VisitState], bool]:
    """One page of visits, the latest first, and whether there are older ones.

    Raises:
        MissingError: ``after`` is no visit of this person.
    """
    people, before = shelf.together(person), None
    if after:
        last = shelf.visit(after)
        if last.person not in people:
            raise MissingError("There is no such visit of this person.")
        before = f"{last.day.isoformat()} {last.opened_at}"
    found = shelf.visits(people, PAGE + 1, before)
    return found[:PAGE], len(found) > PAGE


def _correcting(routes: APIRouter, desk: Desk) -> None:
    def known(request: Request, person: Name) -> PersonState:
        with desk.clinic.practice.looking(desk.actor(request), "correct person", "form to correct", person) as shelf:
            return shelf.person(person)

    def asked(request: Request, person: PersonState, form: Form) -> Response:
        identifiers = desk.clinic.people.identifiers(person)
        rows = max(NUMBERS, len(person.identifiers) + 1, len(form.all("system")))
        return page(
            desk, request, "people/correct.html", form=form, person=person, identifiers=identifiers, rows=min(rows, 10)
        )

    @routes.get("/correct")
    def correct(request: Request, person: Name) -> Response:
        found = known(request, person)
        return asked(request, found, Form.of(_typed(found)))

    @routes.post("/correct")
    def corrected(request: Request, person: Name) -> Response:
        form, found = desk.form(request), known(request, person)
        try:
            desk.clinic.people.correct(desk.actor(request), person, correction(found, form))
        except EntryError as error:
            return asked(request, found, form.refused(error))
        return desk.go(f"/people/{person}", done="corrected")


def correction(person: PersonState, form: Form) -> PersonCorrected:
    """The fields that are not as they were, with the reason.

    Raises:
        FormError: a field that cannot be taken.
    """
    if strange := sorted(set(form.typed) - {*PLAIN, "system", "value", "reason", *OURS}):
        raise FormError({"": f"This page does not ask for '{strange[0][:40]}'. Load it again and fill it in."})
    before = _typed(person)
    told: dict[str, Any] = {"reason": form.get("reason").strip()}
    for name in PLAIN:
        if name in form.typed and form.get(name).strip() != before[name]:
            told[name] = form.get(name).strip()
    numbers = numbers_of(form)
    if [one.model_dump() for one in numbers] != person.identifiers:
        told["identifiers"] = numbers
    try:
        return PersonCorrected.model_validate(told)
    except ValidationError as error:
        raise FormError(said_of(error)) from None


def _typed(person: PersonState) -> Mapping[str, Any]:
    """A person as a form is filled in with them."""
    plain: dict[str, Any] = {name: getattr(person, name) for name in PLAIN}
    plain["birth_date"] = person.birth_date.isoformat() if person.birth_date else ""
    plain["system"] = [one["system"] for one in person.identifiers]
    plain["value"] = [one["value"] for one in person.identifiers]
    return plain
