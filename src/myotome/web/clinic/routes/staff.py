"""Who works here: invited, changed, signed out everywhere, given a new invitation, left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from myotome.clinic.actor import Actor
from myotome.clinic.entries.clinics import StaffChanged, StaffInvited
from myotome.clinic.permissions import ROLES, WORDS, allowed
from myotome.clinic.states import StaffState
from myotome.errors import AccessError, EntryError, MissingError
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.forms import Form
from myotome.web.clinic.routes.sign_in import SECRETS

CHOICES = [(role, WORDS.get(role, role).capitalize()) for role in ROLES]
# What is asked once more before it is done: heading, what it does, button.
SURE = {
    "sessions": ("End all sessions", "They are signed out on every device and may sign in again.", "End them"),
    "reset": (
        "A new invitation",
        "Password, passkeys and sessions are gone at once; the new link works once, within three days.",
        "Make the invitation",
    ),
    "leave": ("Works here no more", "They are signed out at once and nothing opens for them again.", "They leave"),
}


def router(desk: Desk) -> APIRouter:
    """``/staff`` and what is under it."""
    routes = APIRouter(prefix="/staff")
    _listed(routes, desk)
    _inviting(routes, desk)
    _changing(routes, desk)
    _sure(routes, desk)
    return routes


def _listed(routes: APIRouter, desk: Desk) -> None:
    @routes.get("")
    def staff(request: Request) -> Response:
        actor = desk.actor(request)
        people = desk.clinic.accounts.people(actor)
        return desk.page(request, "staff.html", people=people, manages=allowed(actor.roles, "manage staff"))


def _inviting(routes: APIRouter, desk: Desk) -> None:
    def asked(request: Request, form: Form) -> Response:
        _may_manage(desk, desk.actor(request))
        return desk.page(request, "staff-new.html", form=form, roles=CHOICES)

    @routes.get("/new")
    def new(request: Request) -> Response:
        return asked(request, Form())

    @routes.post("/new")
    def invite(request: Request) -> Response:
        form, actor = desk.form(request), desk.actor(request)
        try:
            entry = form.entry(StaffInvited, staff="new")
            told = (entry.name, entry.sign_in, entry.roles, entry.licence)
            _, secret = desk.clinic.accounts.invite(actor, *told)
        except EntryError as error:
            return asked(request, form.refused(error))
        # The one answer to a form that is no redirect: the secret may stand in no address.
        return desk.page(request, "staff-link.html", name=entry.name, secret=secret)


def _changing(routes: APIRouter, desk: Desk) -> None:
    def shown(request: Request, staff: str, form: Form | None = None) -> Response:
        actor = desk.actor(request)
        one = _one(desk, actor, staff)
        filled = form or Form.of({"name": one.name, "roles": one.roles, "licence": one.licence})
        told: dict[str, Any] = {"one": one, "roles": CHOICES, "sessions": desk.clinic.access.sessions(actor, staff)}
        return desk.page(request, "staff-one.html", form=filled, **told)

    @routes.get("/{staff}")
    def person(request: Request, staff: str) -> Response:
        return shown(request, staff)

    @routes.post("/{staff}")
    def change(request: Request, staff: str) -> Response:
        form, actor = desk.form(request), desk.actor(request)
        try:
            desk.clinic.accounts.change(actor, _changed(form, _one(desk, actor, staff)))
        except EntryError as error:
            return shown(request, staff, form.refused(error))
        return desk.go(f"/staff/{staff}", done="saved")


def _changed(form: Form, one: StaffState) -> StaffChanged:
    """What differs from what is recorded; a box that nobody ticked is not sent at all."""
    told = form.entry(StaffInvited, beside=("reason",), staff=one.id, sign_in=one.sign_in)
    values = {"name": told.name, "roles": told.roles, "licence": told.licence}
    before = {"name": one.name, "roles": tuple(one.roles), "licence": one.licence}
    new = {name: value for name, value in values.items() if _other(value, before[name])}
    if not new:
        raise EntryError("Nothing is different from what is recorded. Change something, or leave it.")
    reason = Form({"reason": form.all("reason")})
    return reason.entry(StaffChanged, staff=one.id, **new)


def _other(one: Any, before: Any) -> bool:
    return set(one) != set(before) if isinstance(one, tuple) else one != before


def _sure(routes: APIRouter, desk: Desk) -> None:
    def leave(request: Request, staff: str) -> Response:
        desk.clinic.accounts.leave(desk.actor(request), staff, desk.form(request).get("reason").strip())
        return desk.go("/staff", done="left")

    def reset(request: Request, staff: str) -> Response:
        actor = desk.actor(request)
        name = _one(desk, actor, staff).name
        secret = desk.clinic.accounts.reset(actor, staff, desk.prove(request))
        return desk.page(request, "staff-link.html", name=name, secret=secret)

    def sessions(request: Request, staff: str) -> Response:
        desk.clinic.access.end_all(desk.actor(request), staff, desk.prove(request))
        return desk.go(f"/staff/{staff}", done="ended")

    acts = {"leave": leave, "reset": reset, "sessions": sessions}

    @routes.get("/{staff}/{what}")
    def asked(request: Request, staff: str, what: str) -> Response:
        return _asked(desk, request, staff, what, Form())

    @routes.post("/{staff}/{what}")
    def done(request: Request, staff: str, what: str) -> Response:
        return _done(desk, request, staff, what, acts.get(what))


def _done(
    desk: Desk, request: Request, staff: str, what: str, act: Callable[[Request, str], Response] | None
) -> Response:
    if act is None:
        raise MissingError("There is no such page.")
    _one(desk, desk.actor(request), staff)
    try:
        return act(request, staff)
    except (EntryError, AccessError) as error:
        return _asked(desk, request, staff, what, desk.form(request).refused(error).without(*SECRETS))


def _asked(desk: Desk, request: Request, staff: str, what: str, form: Form) -> Response:
    actor = desk.actor(request)
    one = _one(desk, actor, staff)
    if what not in SURE:
        raise MissingError("There is no such page.")
    heading, does, button = SURE[what]
    told: dict[str, Any] = {
        "heading": f"{heading}: {one.name}",
        "told": does,
        "button": button,
        "action": f"/staff/{staff}/{what}",
        "back": f"/staff/{staff}",
        "reason": "It stands in the audit trail." if what == "leave" else "",
        "proven": what != "leave",
        "danger": what == "leave",
    }
    return desk.page(request, "confirm.html", form=form, **told)


def _one(desk: Desk, actor: Actor, staff: str) -> StaffState:
    """Somebody who works or worked here.

    Raises:
        AccessError: this person may not manage staff.
        MissingError: nobody by that id does or did.
    """
    _may_manage(desk, actor)
    found = next((one for one in desk.clinic.accounts.people(actor) if one.id == staff), None)
    if found is None:
        raise MissingError("Nobody works here by that number.")
    return found


def _may_manage(desk: Desk, actor: Actor) -> None:
    """A page that offers an act is for those who may do it; whoever may not is in the audit trail for asking."""
    with desk.clinic.practice.looking(actor, "manage staff"):
        return
