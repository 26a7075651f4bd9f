"""One's own account: password, passkeys, sessions, and for whom an assistant charts."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from myotome.clinic.permissions import CHARTS_FOR_ANOTHER, allowed
from myotome.errors import AccessError, EntryError, MissingError
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.forms import Form, FormError
from myotome.web.clinic.routes.sign_in import SECRETS, new_password

PURPOSES = ("prove", "add")


def router(desk: Desk) -> APIRouter:
    """``/account`` and what is under it."""
    routes = APIRouter(prefix="/account")
    _own_page(routes, desk)
    _own_passkeys(routes, desk)
    _own_sessions(routes, desk)
    return routes


def _shown(desk: Desk, request: Request, form: Form | None = None, wrong_in: str = "") -> Response:
    actor, access = desk.actor(request), desk.clinic.access
    assistant = CHARTS_FOR_ANOTHER in actor.roles and not allowed(actor.roles, "sign")
    told: dict[str, Any] = {
        "passkeys": access.passkeys(actor),
        "sessions": access.sessions(actor),
        "assistant": assistant,
        "chosen": Form.of({"staff": actor.on_behalf}),
        "treating": _treating(desk) if assistant else [],
        "empty": Form(),
        "wrong_in": wrong_in,
    }
    return desk.page(request, "account.html", form=form or Form(), **told)


def _treating(desk: Desk) -> list[tuple[str, str]]:
    working = [one for one in desk.clinic.practice.staff().values() if one.joined and not one.left]
    return sorted(
        ((one.id, one.name) for one in working if allowed(frozenset(one.roles), "sign")), key=lambda pair: pair[1]
    )


def _own_page(routes: APIRouter, desk: Desk) -> None:
    access = desk.clinic.access

    @routes.get("")
    def account(request: Request) -> Response:
        return _shown(desk, request)

    @routes.post("/password")
    def password(request: Request) -> Response:
        form, actor = desk.form(request), desk.actor(request)
        try:
            token = access.change_password(actor, form.secret("old"), new_password(form), desk.address(request))
        except (AccessError, EntryError) as error:
            return _shown(desk, request, form.refused(error).without("old", *SECRETS), "password")
        desk.renew(request, token)
        return desk.go("/account", done="password")

    @routes.post("/charts-for")
    def charts_for(request: Request) -> Response:
        form, token = desk.form(request), desk.token(request) or ""
        try:
            access.charts_for(token, form.get("staff"))
        except (AccessError, EntryError) as error:
            return _shown(desk, request, form.refused(error), "for")
        return desk.go("/account", done="saved")


def _own_passkeys(routes: APIRouter, desk: Desk) -> None:
    access = desk.clinic.access

    def asked(request: Request, form: Form, ready: bool) -> Response:
        has = bool(access.passkeys(desk.actor(request)))
        return desk.page(request, "passkey-new.html", form=form, ready=ready, has_passkeys=has)

    @routes.post("/passkey/challenge")
    def challenge(request: Request) -> Response:
        purpose = desk.form(request).get("purpose")
        if purpose not in PURPOSES:
            raise EntryError("Ask for a challenge to prove who you are, or to add a passkey.")
        told = (purpose, *desk.place(request), desk.token(request), desk.address(request))
        return Response(access.passkey_challenge(*told), media_type="application/json")

    @routes.get("/passkeys/new")
    def begin(request: Request) -> Response:
        desk.place(request)
        return asked(request, Form(), ready=False)

    @routes.post("/passkeys/prove")
    def prove(request: Request) -> Response:
        try:
            desk.prove(request)
        except (AccessError, EntryError) as error:
            return asked(request, desk.form(request).refused(error).without(*SECRETS), ready=False)
        return asked(request, Form(), ready=True)

    @routes.post("/passkeys/new")
    def add(request: Request) -> Response:
        form, actor = desk.form(request), desk.actor(request)
        try:
            token = access.add_passkey(actor, form.secret("passkey"), *desk.place(request), form.get("label").strip())
        except (AccessError, EntryError) as error:
            return asked(request, form.refused(error).without(*SECRETS), ready=isinstance(error, EntryError))
        desk.renew(request, token)
        return desk.go("/account", done="passkey")

    _removing(routes, desk)


def _removing(routes: APIRouter, desk: Desk) -> None:
    access = desk.clinic.access

    def sure(request: Request, passkey: str, form: Form) -> Response:
        label = next((label for known, label, _ in access.passkeys(desk.actor(request)) if known == passkey), None)
        if label is None:
            raise MissingError("You have no such passkey.")
        told = f"'{label}' will not sign you in any more. Take it out of the device's own list of passkeys too."
        told_too: dict[str, Any] = {
            "reason": "",
            "proven": True,
            "danger": True,
            "back": "/account",
            "button": "Remove it",
        }
        action = f"/account/passkeys/{passkey}"
        return desk.page(
            request, "confirm.html", form=form, heading="Remove a passkey", told=told, action=action, **told_too
        )

    @routes.get("/passkeys/{passkey}")
    def removing(request: Request, passkey: str) -> Response:
        return sure(request, passkey, Form())

    @routes.post("/passkeys/{passkey}")
    def remove(request: Request, passkey: str) -> Response:
        try:
            access.remove_passkey(desk.actor(request), passkey, desk.prove(request))
        except (AccessError, EntryError) as error:
            return sure(request, passkey, desk.form(request).refused(error).without(*SECRETS))
        return desk.go("/account", done="passkey-gone")


def _own_sessions(routes: APIRouter, desk: Desk) -> None:
    access = desk.clinic.access

    def sure(request: Request, session: str, form: Form) -> Response:
        others = session == "others"
        if not others and session not in {one.id for one in access.sessions(desk.actor(request))}:
            raise MissingError("You have no such session.")
        told = "Whoever is signed in there must sign in again." if not others else "Only this session stays open."
        return desk.page(
            request,
            "confirm.html",
            form=form,
            heading="End all other sessions" if others else "End a session",
            told=told,
            action=f"/account/sessions/{session}",
            reason="",
            proven=True,
            danger=False,
            back="/account",
            button="End them" if others else "End it",
        )

    @routes.get("/sessions/{session}")
    def ending(request: Request, session: str) -> Response:
        return sure(request, session, Form())

    @routes.post("/sessions/{session}")
    def end(request: Request, session: str) -> Response:
        actor = desk.actor(request)
        try:
            proof = desk.prove(request)
            if session == "others":
                access.end_all(actor, actor.staff, proof)
            else:
                access.end(actor, session, proof)
        except (AccessError, FormError, EntryError) as error:
            return sure(request, session, desk.form(request).refused(error).without(*SECRETS))
        return desk.go("/account", done="ended")
