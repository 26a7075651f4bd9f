"""Tablets and desks: enrolled in the browser that they are, and locked when lost."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

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

    _locking(routes, desk)
    return routes


def _locking(routes: APIRouter, desk: Desk) -> None:
    accounts = desk.clinic.accounts

    def sure(request: Request, device: str, form: Form) -> Response:
        one = next((one for one in accounts.devices(desk.actor(request)) if one.id == device and not one.locked), None)
        if one is None:
            raise MissingError("There is no such device in use.")
        told: dict[str, Any] = {
            "heading": f"Lock a device: {one.name}",
            "told": "Its sessions end, and nobody signs in on it. This cannot be undone; it can be enrolled anew.",
            "button": "Lock it",
            "action": f"/devices/{device}/lock",
            "back": "/devices",
            "reason": "Lost, stolen, given away.",
            "proven": False,
            "danger": True,
        }
        return desk.page(request, "confirm.html", form=form, **told)

    @routes.get("/{device}/lock")
    def asked(request: Request, device: str) -> Response:
        return sure(request, device, Form())

    @routes.post("/{device}/lock")
    def lock(request: Request, device: str) -> Response:
        form = desk.form(request)
        try:
            accounts.lock(desk.actor(request), device, form.get("reason").strip())
        except EntryError as error:
            return sure(request, device, form.refused(error))
        return desk.go("/devices", done="locked")
