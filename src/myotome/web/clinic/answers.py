"""What is answered when something cannot be done: the same words as a page or as JSON, by what was asked for."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from myotome.clinic.gone import MovedError
from myotome.clinic.practice import NotOpenedError
from myotome.errors import AccessError, CaseError, EntryError, MissingError, MyotomeError, RecordError
from myotome.web.clinic.desk import Desk, SignInNeededError

LOG = logging.getLogger("myotome.web")
NOTHING_HERE = "There is nothing here, or nothing that you may see."
# By status: the heading, and the sentence where nothing better is known.
TOLD = {
    400: ("Not understood", "This request cannot be understood. Go back, load the page again and repeat it."),
    403: ("Not allowed", "You may not do this."),
    404: ("Nothing here", NOTHING_HERE),
    405: ("Not possible", "This address is not asked in that way."),
    408: ("Too slow", "The form did not arrive in time. Send it again."),
    413: ("Too large", "This is larger than is taken here. Send less at once."),
    415: ("Not understood", "Send a form, or JSON."),
    422: ("Not taken", "This cannot be taken as it is. Nothing was changed."),
    429: ("Too many", "There were too many attempts. Wait a few minutes."),
    500: ("Something went wrong", "Nothing of this was recorded. Tell whoever looks after the clinic's computer."),
    503: ("The record cannot be reached", "Nothing was recorded. Try again in a moment."),
}
STATUS: tuple[tuple[type[MyotomeError], int], ...] = (
    (AccessError, 403),
    (CaseError, 422),
    (EntryError, 422),
)


def wants_json(request: Request) -> bool:
    """Whether a program asks: by its Accept, or because it is under /api."""
    accept = request.headers.get("accept", "")
    return request.scope["path"].startswith("/api/") or ("application/json" in accept and "text/html" not in accept)


def refusal(desk: Desk, request: Request, status: int, words: str = "", number: str = "") -> Response:
    """The page or JSON of a refusal."""
    heading, usual = TOLD.get(status, TOLD[400])
    told = words or usual
    if wants_json(request):
        return JSONResponse({"message": told} | ({"number": number} if number else {}), status_code=status)
    return desk.plain(request, "refusal.html", status, heading=heading, told=told, number=number)


def broken(desk: Desk, request: Request, error: Exception) -> Response:
    """An unexpected error: a number for the person, and the number with the place and kind for the log."""
    return refusal(desk, request, 500, number=logged(request, error))


def ours(desk: Desk, request: Request, error: MyotomeError) -> Response:
    """An error of ours, in its own words."""
    if isinstance(error, SignInNeededError):
        return sign_in_first(request)
    if isinstance(error, MissingError):
        return refusal(desk, request, 404)  # the same words for what is missing and what is another's
    if isinstance(error, RecordError):
        return refusal(desk, request, 503, str(error), logged(request, error))
    if isinstance(error, MovedError):
        return moved(desk, request, error)
    person = request.path_params.get("person")
    if isinstance(error, NotOpenedError) and person and request.method == "GET" and not wants_json(request):
        return RedirectResponse(f"/people/{person}/open", status_code=303)
    status = next((number for kind, number in STATUS if isinstance(error, kind)), 400)
    return refusal(desk, request, status, str(error))


def moved(desk: Desk, request: Request, error: MovedError) -> Response:
    """The visit is in another record now: where that is opened."""
    way = f"/people/{error.person}/open?to={error.visit}"
    if not wants_json(request):
        return refusal(desk, request, 403, str(error))
    told = {"message": str(error), "problems": [], "reason": error.reason, "visit": error.visit, "open": way}
    return JSONResponse(told, status_code=403)


def logged(request: Request, error: Exception) -> str:
    """Write place and kind of an error to the log, nothing of its words; returns its number."""
    number = secrets.token_hex(4)
    route = getattr(request.scope.get("route"), "path", "no route")
    LOG.error("error %s at %s %s: %s", number, request.method, route, type(error).__name__)
    return number


def sign_in_first(request: Request) -> Response:
    """To the sign-in page; a program is told."""
    if wants_json(request):
        return JSONResponse({"message": "Sign in first."}, status_code=401)
    return RedirectResponse("/sign-in", status_code=303)


def add_answers(app: FastAPI, desk: Desk) -> None:
    """Answer every error of ours; what is unexpected the guard answers."""

    def own(request: Request, error: Exception) -> Response:
        return ours(desk, request, error) if isinstance(error, MyotomeError) else broken(desk, request, error)

    def http(request: Request, error: Exception) -> Response:
        status = getattr(error, "status_code", 400)
        answer = refusal(desk, request, status if status in TOLD else 400)
        answer.headers.update(getattr(error, "headers", None) or {})
        return answer

    def path(request: Request, error: Exception) -> Response:
        wrong: Any = getattr(error, "errors", list)()
        in_path = any(one["loc"][:1] == ("path",) for one in wrong)
        return refusal(desk, request, 404 if in_path else 400)

    answers: tuple[tuple[type[Exception], Callable[[Request, Exception], Response]], ...] = (
        (MyotomeError, own),
        (HTTPException, http),
        (RequestValidationError, path),
    )
    for kind, answer in answers:
        app.add_exception_handler(kind, _off_the_loop(answer))


def _off_the_loop(
    answer: Callable[[Request, Exception], Response],
) -> Callable[[Request, Exception], Awaitable[Response]]:
    """A page reads the clinic's name from the database: not where everybody else would wait for it."""

    async def answered(request: Request, error: Exception) -> Response:
        return await run_in_threadpool(answer, request, error)

    return answered
