"""What became of a needle that came to light after the signature: out, or an incident."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from myotome.errors import EntryError
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.leaf import Name
from myotome.web.clinic.routes.visit_page import shown

ASKED = "Say that it is out, or write what happened."


def router(desk: Desk) -> APIRouter:
    """``/visits/{visit}/late-needle``."""
    routes = APIRouter()

    @routes.post("/visits/{visit}/late-needle")
    def ended(request: Request, visit: Name) -> Response:
        form, actor, late = desk.form(request), desk.actor(request), desk.clinic.late_needles
        desk.clinic.visits.see(actor, "chart", visit)  # who may not is refused before the form is read
        what, needle = form.get("what"), form.get("needle")
        try:
            if what == "out":
                late.out(actor, visit, needle)
            elif what == "incident":
                late.incident(actor, visit, needle, form.get("text"))
            else:
                raise EntryError(ASKED)
        except EntryError as error:
            return shown(desk, request, visit, form.refused(error), "late-needle")
        return desk.go(f"/visits/{visit}", done="saved")

    return routes
