"""Two records of one person become one, and two again."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from myotome.clinic.states import PersonState
from myotome.errors import EntryError, MissingError
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.forms import Form, FormError
from myotome.web.clinic.leaf import Name, page, prose
from myotome.web.clinic.routes.people import LONGEST

FEW = 12  # candidates to choose from
REASON = "Say why, so that it can be understood later."
COMPARED = {
    "given": "Given name",
    "family": "Family name",
    "text": "Name",
    "birth_date": "Birth date",
    "sex": "Sex",
    "phone": "Phone",
    "email": "Email",
    "language": "Language",
}


def add(routes: APIRouter, desk: Desk) -> None:
    """``/merge`` and ``/unmerge`` under a person."""
    _merging(routes, desk)
    _unmerging(routes, desk)


def differences(one: PersonState, other: PersonState) -> list[dict[str, Any]]:
    """Field by field, and whether the two differ."""
    rows = []
    for name, label in COMPARED.items():
        pair = [str(getattr(person, name) or "") for person in (one, other)]
        if any(pair):
            rows.append({"label": label, "one": pair[0], "other": pair[1], "differs": pair[0] != pair[1]})
    numbers = [{row["system"]: row["value"] for row in person.identifiers} for person in (one, other)]
    for system in dict.fromkeys([*numbers[0], *numbers[1]]):
        pair = [found.get(system, "") for found in numbers]
        rows.append({"label": system, "one": pair[0], "other": pair[1], "differs": pair[0] != pair[1]})
    return rows


def _seen(desk: Desk, request: Request, person: Name, beside: str = "") -> PersonState:
    what = "beside another, to merge"
    with desk.clinic.practice.looking(desk.actor(request), "merge people", what, person) as shelf:
        found = shelf.person(person)
    if beside and found.id == beside:
        raise MissingError("Choose two different people.")
    return found


def _merging(routes: APIRouter, desk: Desk) -> None:
    people = desk.clinic.people

    def choosing(request: Request, person: Name, words: str) -> Response:
        actor, one = desk.actor(request), _seen(desk, request, person)
        candidates = [p for p in people.search(actor, words or one.family or one.name, FEW + 1) if p.id != one.id]
        return page(desk, request, "people/merge-choose.html", person=one, people=candidates[:FEW], words=words)

    def side_by_side(request: Request, person: Name, other: Name, form: Form) -> Response:
        one, two = _seen(desk, request, person), _seen(desk, request, other, beside=person)
        rows = differences(one, two)
        return page(desk, request, "people/merge.html", form=form, person=one, other=two, rows=rows)

    @routes.get("/merge")
    def choose(request: Request, person: Name) -> Response:
        return choosing(request, person, "")

    @routes.post("/merge/search")
    def search(request: Request, person: Name) -> Response:
        return choosing(request, person, desk.form(request).get("q").strip()[:LONGEST])

    @routes.get("/merge/{other}")
    def compare(request: Request, person: Name, other: Name) -> Response:
        return side_by_side(request, person, other, Form())

    @routes.post("/merge/{other}")
    def merge(request: Request, person: Name, other: Name) -> Response:
        form, actor = desk.form(request), desk.actor(request)
        into = form.get("into")
        try:
            reason = prose(form, "reason", REASON)
            if into not in (person, other):
                raise FormError({"into": "Choose whose record goes on."})
            people.merge(actor, other if into == person else person, into, reason)
        except EntryError as error:
            return side_by_side(request, person, other, form.refused(error))
        return desk.go(f"/people/{into}", done="merged")


def _unmerging(routes: APIRouter, desk: Desk) -> None:
    def sure(request: Request, person: Name, form: Form) -> Response:
        told = "Their records are read apart again. What was recorded in each stays where it is."
        return desk.page(
            request,
            "confirm.html",
            form=form,
            heading="Two people after all?",
            told=told,
            action=f"/people/{person}/unmerge",
            reason=REASON,
            proven=False,
            danger=False,
            back=f"/people/{person}",
            button="Take them apart",
        )

    @routes.get("/unmerge")
    def unmerging(request: Request, person: Name) -> Response:
        with desk.clinic.practice.looking(desk.actor(request), "merge people", "question to unmerge", person):
            return sure(request, person, Form())

    @routes.post("/unmerge")
    def unmerge(request: Request, person: Name) -> Response:
        form = desk.form(request)
        try:
            desk.clinic.people.unmerge(desk.actor(request), person, prose(form, "reason", REASON))
        except EntryError as error:
            return sure(request, person, form.refused(error))
        return desk.go(f"/people/{person}", done="unmerged")
