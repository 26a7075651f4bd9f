"""Sheets to print: aftercare, a consent as it was signed, the form for a day without power."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from myotome.web.clinic.desk import Desk
from myotome.web.clinic.leaf import Name
from myotome.web.clinic.routes.exporting import handed


def router(desk: Desk) -> APIRouter:
    """``/paper-form.pdf``, and what is printed of a visit and of a consent."""
    routes, exports = APIRouter(), desk.clinic.exports

    @routes.get("/paper-form.pdf")
    def form(request: Request) -> Response:
        return handed(exports.form_pdf(desk.actor(request)))

    @routes.get("/visits/{visit}/paper-form.pdf")
    def visit_form(request: Request, visit: Name) -> Response:
        return handed(exports.visit_form_pdf(desk.actor(request), visit))

    @routes.get("/visits/{visit}/aftercare.pdf")
    def aftercare(request: Request, visit: Name) -> Response:
        return handed(exports.aftercare_pdf(desk.actor(request), visit))

    @routes.get("/people/{person}/consents/{consent}.pdf")
    def consent(request: Request, person: Name, consent: Name) -> Response:
        return handed(exports.consent_pdf(desk.actor(request), person, consent))

    return routes
