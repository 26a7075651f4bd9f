"""Whether the server answers: no word on the clinic."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from myotome.web.clinic.desk import Desk


def router(_: Desk) -> APIRouter:
    """``/health``."""
    routes = APIRouter()

    @routes.get("/health", response_class=PlainTextResponse)
    def health() -> str:
        return "ok\n"

    return routes
