"""A person's record leaves as a file: open JSON, or paper."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from myotome.clinic.exports.exports import Exported
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.leaf import Name


def add(routes: APIRouter, desk: Desk) -> None:
    """``/export.json`` and ``/record.pdf`` under a person."""

    @routes.get("/export.json")
    def as_json(request: Request, person: Name) -> Response:
        return handed(desk.clinic.exports.person_json(desk.actor(request), person))

    @routes.get("/record.pdf")
    def as_paper(request: Request, person: Name) -> Response:
        return handed(desk.clinic.exports.person_pdf(desk.actor(request), person))


def handed(made: Exported) -> Response:
    """The file, to be saved under its own name."""
    return Response(
        made.data, media_type=made.media, headers={"content-disposition": f'attachment; filename="{made.name}"'}
    )
