"""The explorable page of the mechanism: it asks the running model for every curve and holds no second one."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import as_file, files
from typing import Any

from fastapi import FastAPI, Request
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from myotome.anatomy.tables import anatomy
from myotome.care.review.notice import always
from myotome.errors import MechanismError, MyotomeError
from myotome.mechanism import CAUTION
from myotome.web.atlas import POLICY, atlas_app
from myotome.web.mechanism_part import story, views
from myotome.web.mechanism_run import answer
from myotome.web.mechanism_wish import MOST_SESSIONS, levels_of, side_of, wish
from myotome.web.mechanism_words import numbers, words

LARGEST = 65_536  # bytes of a question


def mechanism_app(banner: Callable[[], str] = always) -> FastAPI:
    """The page as a web application, with the atlas under ``/atlas`` for its plates; ``banner`` as there."""
    app = FastAPI(title="Myotome mechanism", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(GZipMiddleware, minimum_size=500)
    with as_file(files("myotome.web") / "static") as where:
        app.mount("/static", StaticFiles(directory=where), name="static")
    app.mount("/atlas", atlas_app(banner=banner))
    templates = Environment(loader=PackageLoader("myotome.web"), autoescape=select_autoescape())

    @app.middleware("http")
    async def guarded(request: Request, call_next: Any) -> Any:
        answered = await call_next(request)
        answered.headers["Content-Security-Policy"] = POLICY
        answered.headers["X-Content-Type-Options"] = "nosniff"
        return answered

    @app.exception_handler(MyotomeError)
    async def refused(_: Request, error: MyotomeError) -> JSONResponse:
        # Half a letter (a lone surrogate) can be asked with and cannot be answered with.
        return JSONResponse({"message": str(error).encode("utf-8", "replace").decode()}, status_code=400)

    @app.get("/", response_class=HTMLResponse)
    def page() -> str:
        told = {"caution": CAUTION, "most": MOST_SESSIONS, "banner": banner()}
        return templates.get_template("mechanism.html").render(
            told, words=words(), numbers=numbers(), alone=levels_alone()
        )

    @app.get("/story")
    def concerned(levels: str = "C6 C7", side: str = "right") -> dict[str, Any]:
        return part_json(levels_of(levels.split()), side_of(side))

    @app.post("/run")
    async def asked(request: Request) -> dict[str, Any]:
        question = wish(await _json(request))
        return await run_in_threadpool(answer, question)

    return app


def part_json(levels: tuple[str, ...], side: str) -> dict[str, Any]:
    """The muscles of a story and the windows on which they are tapped."""
    about = story(levels, side)
    where = {level: story((level,), side).place for level in levels}
    labels = {name: f"beside the {where[level]}, {level}" for name, level in zip(about.spine, levels, strict=True)}
    return {
        "spine": about.spine,
        "limb": about.limb,
        "place": about.place,
        "labels": labels,
        "views": views(levels, side),
    }


def levels_alone() -> list[str]:
    """The levels that can be chosen on their own: those with some muscles away from the spine to needle."""
    return [level for level in anatomy().segments if len(story((level,), "right").limb) >= numbers()["muscles alone"]]


async def _json(request: Request) -> Any:
    """The question, refused where it is too large or no JSON."""
    text = bytearray()
    try:
        async for piece in request.stream():
            text += piece
            if len(text) > LARGEST:
                raise MechanismError(
                    f"The question is larger than {LARGEST // 1024} kB. Ask for fewer changes at once."
                )
    except ClientDisconnect:
        raise MechanismError("The question broke off. Send it again.") from None
    try:
        return json.loads(bytes(text), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise MechanismError("The question is no JSON. Send an object of choices.") from None


def _no_number(word: str) -> Any:
    raise ValueError(word)
