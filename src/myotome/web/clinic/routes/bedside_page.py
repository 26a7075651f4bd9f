"""The page at the bedside: a shell that holds nothing personal, its files, and the worker that keeps them offline."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from myotome.errors import MissingError
from myotome.web.bedside.packing import File, answered
from myotome.web.bedside.pages import pages
from myotome.web.bedside.texts import LANGUAGE, embedded
from myotome.web.clinic.desk import Desk

FOR_GOOD = "public, max-age=31536000, immutable"
EACH_TIME = "no-cache"


def router(desk: Desk) -> APIRouter:
    """``/bedside/{visit}``, ``/bedside/sw.js``, ``/bedside/static/...``: open without a session, they tell nothing."""
    routes = APIRouter(prefix="/bedside")
    kept = pages()
    template = desk.templates.get_template("bedside/shell.html")
    shell = template.render(pages=kept, texts=embedded(), language=LANGUAGE).encode()
    whole = File("text/html; charset=utf-8", shell)
    worker = kept.worker()

    @routes.get("/static/{path:path}")
    def static(request: Request, path: str) -> Response:
        version, _, name = path.partition("/")
        if version == kept.version and name in kept.files:
            return sent(request, kept.files[name], FOR_GOOD)
        if path in kept.files:
            return sent(request, kept.files[path], EACH_TIME)
        raise MissingError("There is no such file.")

    @routes.get("/sw.js")
    def service_worker(request: Request) -> Response:
        return sent(request, worker, EACH_TIME)

    @routes.get("/{visit}")
    def page(request: Request, visit: str) -> Response:
        return sent(request, whole, EACH_TIME)

    return routes


def sent(request: Request, file: File, caching: str) -> Response:
    """A file as the browser takes it best."""
    return answered(request, file, {"Cache-Control": caching})
