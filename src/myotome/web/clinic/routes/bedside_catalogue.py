"""Everything fixed that the page at the bedside needs: sent once, kept by the browser until the data change."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from myotome.web.bedside.catalogue import sent
from myotome.web.bedside.packing import answered
from myotome.web.clinic.desk import Desk


def router(_: Desk) -> APIRouter:
    """``/bedside/catalogue.json``, which holds nothing of anybody."""
    routes = APIRouter()

    @routes.get("/bedside/catalogue.json")
    def catalogue(request: Request) -> Response:
        return answered(request, sent().file, {})

    return routes
