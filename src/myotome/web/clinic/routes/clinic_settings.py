"""The clinic itself: its settings, the end of its record, and how it is backed up."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from myotome.clinic.entries.clinics import ClinicChanged
from myotome.clinic.settings import ACT, change_clinic
from myotome.errors import EntryError
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.forms import Form
from myotome.web.clinic.routes.sign_in import places, zones

OFFERED = (
    ("homeostatic points", "Traditional homeostatic points (not validated)"),
    ("specialist points", "Points for specially trained hands"),
)


def router(desk: Desk) -> APIRouter:
    """``/clinic``."""
    routes = APIRouter(prefix="/clinic")

    def shown(request: Request, form: Form | None = None) -> Response:
        actor = desk.actor(request)
        with desk.clinic.practice.looking(actor, ACT) as shelf:
            now = shelf.clinic()
        filled = form or Form.of({"name": now.name, "place": now.place, "zone": now.zone, "offers": now.offers})
        told: dict[str, Any] = {
            "places": places(),
            "zones": zones(),
            "offered": OFFERED,
            "head": desk.clinic.keeper.head(actor),
        }
        return desk.page(request, "clinic.html", form=filled, **told)

    @routes.get("")
    def settings(request: Request) -> Response:
        return shown(request)

    @routes.post("")
    def change(request: Request) -> Response:
        form = desk.form(request)
        try:
            changed = form.entry(ClinicChanged)
            if "offers" in form.typed:  # nothing ticked says that nothing is offered
                changed = changed.model_copy(update={"offers": tuple(one for one in form.all("offers") if one)})
            change_clinic(desk.clinic.practice, desk.actor(request), changed)
        except EntryError as error:
            return shown(request, form.refused(error))
        return desk.go("/clinic", done="saved")

    return routes
