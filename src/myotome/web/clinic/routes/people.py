"""The people of the clinic: found, registered, opened by two identifiers."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from myotome.clinic.actor import Actor
from myotome.clinic.entries.persons import Identifier, PersonRegistered
from myotome.clinic.permissions import allowed
from myotome.errors import EntryError, MissingError
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.forms import Form, FormError
from myotome.web.clinic.leaf import Name, Wanted, page

SHOWN = 50
LONGEST = 200  # characters of a search
NUMBERS = 3  # rows for numbers on a form
BESIDE = ("system", "value", "anyway")  # of the form, not of the entry


def router(desk: Desk) -> APIRouter:
    """``/people``, ``/people/search``, ``/people/new``, ``/people/{person}/open``."""
    routes = APIRouter(prefix="/people")
    _listing(routes, desk)
    _registering(routes, desk)
    _opening(routes, desk)
    return routes


def _listing(routes: APIRouter, desk: Desk) -> None:
    def listed(request: Request, words: str = "") -> Response:
        actor = desk.actor(request)
        found = desk.clinic.people.search(actor, words[:LONGEST], SHOWN + 1)
        told = {"people": found[:SHOWN], "others": len(found) > SHOWN, "words": words[:LONGEST]}
        return page(desk, request, "people/list.html", waiting=waiting_for(desk, actor), **told)

    @routes.get("")
    def everybody(request: Request) -> Response:
        return listed(request)

    @routes.post("/search")
    def search(request: Request) -> Response:
        return listed(request, desk.form(request).get("q").strip())

    @routes.get("/search")
    def loaded_again(request: Request) -> Response:
        desk.actor(request)
        return desk.go("/people")


def waiting_for(desk: Desk, actor: Actor) -> int:
    """How many notes wait for a co-signature that this person may give; some more than are counted may."""
    if not allowed(actor.roles, "cosign"):
        return 0
    with desk.clinic.practice.within() as shelf:
        return sum(one.by != actor.staff for one in shelf.waiting())


def numbers_of(form: Form) -> tuple[Identifier, ...]:
    """The numbers by which others know the person, as typed in pairs of fields.

    Raises:
        FormError: half a pair, or a pair that cannot be kept.
    """
    found = []
    for system, value in zip(form.all("system"), form.all("value"), strict=False):
        if bool(system.strip()) != bool(value.strip()):
            raise FormError({"numbers": "Give both: whose number it is, and the number."})
        if system.strip():
            try:
                found.append(Identifier(system=system.strip(), value=value.strip()))
            except ValueError:
                raise FormError({"numbers": "A number and its name are one line each, of at most 200."}) from None
    if len({one.system for one in found}) < len(found):
        raise FormError({"numbers": "Two numbers have one name. Give each its own, such as 'health card, old'."})
    return tuple(found)


def _registering(routes: APIRouter, desk: Desk) -> None:
    def asked(request: Request, form: Form) -> Response:
        return page(desk, request, "people/new.html", form=form, rows=NUMBERS)

    @routes.get("/new")
    def new(request: Request) -> Response:
        desk.actor(request)
        return asked(request, Form())

    @routes.post("/new")
    def register(request: Request) -> Response:
        form, actor, people = desk.form(request), desk.actor(request), desk.clinic.people
        try:
            entry = form.entry(PersonRegistered, BESIDE, identifiers=numbers_of(form), on_behalf="")
            may = allowed(actor.roles, "register person")
            if may and form.get("anyway") != "yes" and (alike := people.alike(entry)):
                return page(desk, request, "people/alike.html", form=form, alike=alike, entry=entry)
            person = people.register(actor, entry)
        except EntryError as error:
            return asked(request, form.refused(error))
        return desk.go(f"/people/{person}/open", done="registered")


def _opening(routes: APIRouter, desk: Desk) -> None:
    def asked(request: Request, person: Name, to: str, form: Form) -> Response:
        found, identifiers = desk.clinic.people.offered(desk.actor(request), person)
        return page(
            desk,
            request,
            "people/open.html",
            form=form,
            person=found,
            identifiers=identifiers,
            to=_to(desk, person, to),
        )

    @routes.get("/{person}/open")
    def offer(request: Request, person: Name, to: Wanted = "") -> Response:
        return asked(request, person, to, Form())

    @routes.post("/{person}/open")
    def open_record(request: Request, person: Name) -> Response:
        form = desk.form(request)
        try:
            desk.clinic.people.open(desk.actor(request), person, form.all("identifier"))
        except EntryError as error:
            return asked(request, person, form.get("to"), form.refused(error))
        visit = _to(desk, person, form.get("to"))
        if not visit:
            return desk.go(f"/people/{person}")
        return desk.go(f"/bedside/{visit}" if _charts(desk, request, visit) else f"/visits/{visit}")


def _charts(desk: Desk, request: Request, visit: str) -> bool:
    """Whether this person may still chart the visit at the bedside."""
    with desk.clinic.practice.within() as shelf:
        kept = shelf.visit(visit)
    open_still = not kept.signature and not kept.struck
    return open_still and desk.house_of(request).trusted and allowed(desk.actor(request).roles, "chart")


def _to(desk: Desk, person: str, visit: str) -> str:
    """The visit to go on to, where it is one of this person's; else nothing."""
    if not visit:
        return ""
    with desk.clinic.practice.within() as shelf:
        try:
            return visit if shelf.visit(visit).person in shelf.together(shelf.person(person)) else ""
        except MissingError:
            return ""
