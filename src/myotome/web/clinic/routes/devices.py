"""Tablets and desks: enrolled in the browser that they are, locked when lost, used again when found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from myotome.clinic.actor import Actor
from myotome.errors import EntryError, MissingError
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.forms import Form


def router(desk: Desk) -> APIRouter:
    """``/devices`` and what is under it."""
    routes = APIRouter(prefix="/devices")
    accounts = desk.clinic.accounts

    def shown(request: Request, form: Form) -> Response:
        devices = accounts.devices(desk.actor(request))
        return desk.page(request, "devices.html", form=form, devices=devices, here=desk.device(request))

    @routes.get("")
    def devices(request: Request) -> Response:
        return shown(request, Form())

    @routes.post("")
    def enrol(request: Request) -> Response:
        form, actor = desk.form(request), desk.actor(request)
        try:
            device = accounts.enrol(actor, form.get("name").strip())
        except EntryError as error:
            return shown(request, form.refused(error))
        return desk.with_device(desk.go("/devices", done="enrolled"), device)

    _after_a_reason(routes, desk, LOCK, accounts.lock)
    _after_a_reason(routes, desk, FOUND, accounts.take_back)
    return routes


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done to a device after a reason was given."""

    name: str
    locked: bool
    done: str
    heading: str
    told: str
    button: str
    reason: str
    danger: bool = False


LOCK = Deed(
    name="lock",
    locked=False,
    done="locked",
    heading="Lock a device",
    told="Its sessions end, and nobody signs in on it until it is found. What waits on it stays there, sealed.",
    button="Lock it",
    reason="Lost, stolen, given away.",
    danger=True,
)
FOUND = Deed(
    name="found",
    locked=True,
    done="found",
    heading="Found again",
    told="People sign in on it again, and what waits on it is sent once its author does. If somebody may have tampered "
    "with it, leave it locked and reset it: what waits on it is lost then.",
    button="Use it again",
    reason="Where it was, and who had it.",
)


def _after_a_reason(routes: APIRouter, desk: Desk, deed: Deed, act: Callable[[Actor, str, str], None]) -> None:
    def sure(request: Request, device: str, form: Form) -> Response:
        known = desk.clinic.accounts.devices(desk.actor(request))
        one = next((one for one in known if one.id == device and one.locked == deed.locked), None)
        if one is None:
            raise MissingError(f"There is no such device {'that is locked' if deed.locked else 'in use'}.")
        told: dict[str, Any] = {
            "heading": f"{deed.heading}: {one.name}",
            "told": deed.told,
            "button": deed.button,
            "action": f"/devices/{device}/{deed.name}",
            "back": "/devices",
            "reason": deed.reason,
            "proven": False,
            "danger": deed.danger,
        }
        return desk.page(request, "confirm.html", form=form, **told)

    @routes.get(f"/{{device}}/{deed.name}")
    def asked(request: Request, device: str) -> Response:
        return sure(request, device, Form())

    @routes.post(f"/{{device}}/{deed.name}")
    def done(request: Request, device: str) -> Response:
        form = desk.form(request)
        try:
            act(desk.actor(request), device, form.get("reason").strip())
        except EntryError as error:
            return sure(request, device, form.refused(error))
        return desk.go("/devices", done=deed.done)
