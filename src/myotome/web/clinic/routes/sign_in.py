"""How somebody comes in and goes out: founding, signing in by password or passkey, an invitation, signing out."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from zoneinfo import available_timezones

from fastapi import APIRouter, Request
from fastapi.responses import Response

from myotome.clinic.retention.periods import periods
from myotome.errors import AccessError, EntryError
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.forms import Form, FormError

TRIES = 20  # at the founding code, until the server is started again
ASKED = ("clinic", "place", "zone", "name", "sign_in")
NO_PLACE = ("Etc/", "posix", "right", "SystemV")
SECRETS = ("password", "again", "secret", "proof", "passkey", "csrf")


def router(desk: Desk) -> APIRouter:
    """``/found``, ``/sign-in``, ``/invitation``, ``/sign-out``."""
    routes = APIRouter()
    _founding(routes, desk)
    _signing_in(routes, desk)
    _invited(routes, desk)

    @routes.post("/sign-out")
    def sign_out(request: Request) -> Response:
        if token := desk.token(request):
            desk.clinic.access.sign_out(token)
        return desk.without_session(desk.go("/sign-in", done="signed-out"))

    return routes


def new_password(form: Form) -> str:
    """A password that was typed twice.

    Raises:
        FormError: not twice the same.
    """
    password = form.secret("password")
    if not hmac.compare_digest(password.encode(errors="replace"), form.secret("again").encode(errors="replace")):
        raise FormError({"again": "The two passwords are not the same. Type both again."})
    return password


def zones() -> list[tuple[str, str]]:
    """Time zones named after places."""
    named = sorted(
        one for one in available_timezones() if "/" in one and not one.startswith(("Etc/", "posix", "right"))
    )
    return [(one, one.replace("_", " ")) for one in named] + [("UTC", "UTC")]


def places() -> list[tuple[str, str]]:
    """Where a clinic can be: those whose rules of retention are known."""
    found = [(code, one.place) for code, one in periods().items()]
    return sorted(found, key=lambda pair: pair[1])


def _founding(routes: APIRouter, desk: Desk) -> None:
    tried = [0]

    def shown(request: Request, form: Form) -> Response:
        return desk.page(
            request, "found.html", form=form, places=places(), zones=zones(), open=bool(desk.house.founding_code)
        )

    @routes.get("/found")
    def asked(request: Request) -> Response:
        return desk.go("/sign-in") if desk.clinic.accounts.is_founded() else shown(request, Form())

    @routes.post("/found")
    def founded(request: Request) -> Response:
        if desk.clinic.accounts.is_founded():
            return desk.go("/sign-in")
        form = desk.form(request)

        def found() -> str:
            _code(desk, form, tried)
            clinic, place, zone, name, sign_in = (form.get(one).strip() for one in ASKED)
            chosen, device = new_password(form), desk.device(request)
            return desk.clinic.accounts.found(clinic, place, zone, name, sign_in, chosen, device=device)

        return _in(desk, request, found, shown)


def _code(desk: Desk, form: Form, tried: list[int]) -> None:
    """See that whoever founds the clinic can read the terminal."""
    right, tried[0] = desk.house.founding_code, tried[0] + 1
    if not right or tried[0] > TRIES:
        raise AccessError("This clinic is founded with the code of a fresh start only. Start Myotome again.")
    if not hmac.compare_digest(form.secret("code").strip().encode(errors="replace"), right.encode()):
        raise FormError({"code": "This is not the code. It stands in the terminal where Myotome was started."})


def _signing_in(routes: APIRouter, desk: Desk) -> None:
    access = desk.clinic.access

    def shown(request: Request, form: Form) -> Response:
        return desk.page(request, "sign-in.html", form=form)

    @routes.get("/sign-in")
    def asked(request: Request) -> Response:
        if not desk.clinic.accounts.is_founded():
            return desk.go("/found")
        return desk.go("/") if desk.visitor(request) else shown(request, Form())

    @routes.post("/sign-in")
    def signed_in(request: Request) -> Response:
        form, address = desk.form(request), desk.address(request)
        old, device = desk.token(request) or "", desk.device(request)
        told = (form.get("name").strip(), form.secret("password"), address, device, old)
        return _in(desk, request, lambda: access.sign_in(*told), shown)

    @routes.post("/sign-in/passkey/challenge")
    def challenge(request: Request) -> Response:
        options = access.passkey_challenge("sign-in", *desk.place(request), address=desk.address(request))
        return Response(options, media_type="application/json")

    @routes.post("/sign-in/passkey")
    def by_passkey(request: Request) -> Response:
        answer, address = desk.form(request).secret("passkey"), desk.address(request)
        old, device = desk.token(request) or "", desk.device(request)

        def signed() -> str:
            return access.sign_in_with_passkey(answer, *desk.place(request), address, device, old)

        return _in(desk, request, signed, shown)


def _invited(routes: APIRouter, desk: Desk) -> None:
    def shown(request: Request, form: Form) -> Response:
        return desk.page(request, "invitation.html", form=form)

    @routes.get("/invitation")
    def asked(request: Request) -> Response:
        return shown(request, Form())

    @routes.post("/invitation")
    def accepted(request: Request) -> Response:
        form, old = desk.form(request), desk.token(request) or ""
        told = {"device": desk.device(request), "address": desk.address(request), "old": old}

        def joined() -> str:
            return desk.clinic.accounts.accept(form.secret("secret").strip(), new_password(form), **told)

        return _in(desk, request, joined, shown)


def _in(desk: Desk, request: Request, come: Callable[[], str], shown: Callable[[Request, Form], Response]) -> Response:
    """Let somebody in, or show the form again with why not, without what is secret."""
    try:
        token = come()
    except (AccessError, EntryError) as error:
        return shown(request, desk.form(request).refused(error).without(*SECRETS))
    desk.renew(request, token)
    return desk.go("/")
