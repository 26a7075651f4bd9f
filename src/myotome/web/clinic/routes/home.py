"""The first page: on to where this visitor belongs."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from myotome.clinic.permissions import allowed
from myotome.web.clinic.desk import MENU, Desk


def router(desk: Desk) -> APIRouter:
    """``/``."""
    routes = APIRouter()

    @routes.get("/")
    def home(request: Request) -> Response:
        actor = desk.visitor(request)
        if actor is None:
            return desk.go("/sign-in" if desk.clinic.accounts.is_founded() else "/found")
        return desk.go(next((path for path, _, act in MENU if allowed(actor.roles, act)), "/account"))

    return routes
