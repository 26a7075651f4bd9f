"""The browsable atlas: one page, the plates, what is known of a part. It serves what lies in the package only."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import as_file, files
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, PackageLoader, select_autoescape

from myotome.anatomy.innervation import profile
from myotome.anatomy.tables import anatomy
from myotome.atlas.compiled import targets_json
from myotome.atlas.finder import places
from myotome.atlas.library import plate, plate_ids
from myotome.atlas.marks import SHAPES, Mark
from myotome.atlas.render import render
from myotome.atlas.style import style_of
from myotome.atlas.wire import plate_json
from myotome.care.chart.about import about
from myotome.care.chart.findings import LEGEND, Chart
from myotome.care.chart.overlay import overlay
from myotome.care.review.notice import always
from myotome.errors import MyotomeError, PlateError

SVG = "image/svg+xml"
POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
Words = Annotated[str, Query(max_length=200)]


def atlas_app(
    chart: Chart | None = None, title: str = "Atlas", believed: str = "emg", banner: Callable[[], str] = always
) -> FastAPI:
    """The atlas as a web application; ``chart`` holds the marks of a case to show on it.

    ``banner`` is asked anew for each page: the notice that a clinic's standing then asks for.
    """
    app = FastAPI(title="Myotome atlas", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(GZipMiddleware, minimum_size=500)
    for folder, package in (("/atlas-js", "myotome.atlas"), ("/static", "myotome.web")):
        with as_file(files(package) / "static") as where:
            app.mount(folder, StaticFiles(directory=where), name=folder[1:])
    templates = Environment(loader=PackageLoader("myotome.web"), autoescape=select_autoescape())
    words = {"title": title, "chart": chart, "legend": LEGEND, "symbols": symbols()}

    @app.middleware("http")
    async def guarded(request: Request, call_next: Any) -> Any:
        answer = await call_next(request)
        answer.headers["Content-Security-Policy"] = POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    @app.exception_handler(MyotomeError)
    async def refused(_: Request, error: MyotomeError) -> JSONResponse:
        hints = list(getattr(error, "did_you_mean", ()))
        return JSONResponse({"message": str(error), "did_you_mean": hints}, status_code=404)

    @app.get("/", response_class=HTMLResponse)
    def page() -> str:
        return templates.get_template("atlas.html").render(words, banner=banner())

    _serve_plates(app, chart.marks if chart else (), believed)
    _serve_knowledge(app, believed)
    return app


def _serve_plates(app: FastAPI, marks: tuple[Mark, ...], believed: str) -> None:
    """Pictures, their style, and what can be pointed at on them."""

    @app.get("/plates")
    def all_plates() -> list[dict[str, Any]]:
        return [plate_json(name) for name in plate_ids()]

    @app.get("/plates/{name}")
    def picture(
        name: str,
        layer: Words = "",
        side: Words = "right",
        fibres: bool = False,
        over: Words = "",
        of: Words = "",
        alone: bool = False,
    ) -> Response:
        laid = overlay(over, of, profile(believed)) if over else None
        known_plate(name)
        svg = render(name, layer or None, marks=marks, overlay=laid, fibres=fibres, side=side, inline=not alone)
        return Response(svg, media_type=SVG)

    @app.get("/plates/{name}/targets")
    def pointed(name: str, layer: Words = "") -> dict[str, Any]:
        known_plate(name)
        return targets_json(name, layer or plate(name).layers[0])

    @app.get("/plate.css")
    def style(theme: Words = "light") -> Response:
        return Response(style_of(theme), media_type="text/css")


def _serve_knowledge(app: FastAPI, believed: str) -> None:
    """What the tables say of a part, of an overlay, and what can be searched."""

    @app.get("/legend")
    def legend(over: Words, of: Words = "") -> dict[str, Any]:
        laid = overlay(over, of, profile(believed))
        return {"title": laid.title, "legend": laid.legend}

    @app.get("/index")
    def index() -> list[dict[str, Any]]:
        return search_index()

    @app.get("/about")
    def known(kind: Words, name: Words) -> dict[str, Any]:
        return about(kind, name, profile(believed))


def known_plate(name: str) -> None:
    """Refuse what is no plate of the atlas: the page opens no folder of this machine.

    Raises:
        PlateError: there is no such plate.
    """
    if name not in plate_ids():
        raise PlateError(f"There is no plate '{name}'. Choose one of {', '.join(plate_ids())}.")


def symbols() -> dict[str, str]:
    """The signs of the legend, drawn as the marks are."""
    return {symbol: f'<g class="mark {tone}">{SHAPES[symbol]}</g>' for symbol, tone, _ in LEGEND}


def search_index() -> list[dict[str, Any]]:
    """Everything that can be searched: names, other names and where each is best seen."""
    body, drawn = anatomy(), places()
    tables = {"muscle": body.muscles, "level": body.segments, "patch": body.patches, "nerve": body.stretches}
    found = []
    for kind, table in tables.items():
        for name, part in table.items():
            where = [[w.plate, w.layer, list(w.view)] for w in drawn.get((kind, name), ())]
            found.append({"kind": kind, "name": name, "also": list(part.synonyms), "where": where})
    return found
