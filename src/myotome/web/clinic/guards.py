"""What stands before every page: host, method, size, origin, session, token, headers, and the last word on errors."""

from __future__ import annotations

import re

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from myotome.errors import MyotomeError
from myotome.web.clinic.answers import broken, logged, ours, refusal, sign_in_first
from myotome.web.clinic.bodies import BodyError, again, body_of, form_of, see_kind
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.same_site import from_our_pages, knows_token
from myotome.web.network.origin import allowed_hosts, host_allowed

SAFE = ("GET", "HEAD")
METHODS = (*SAFE, "POST")
CATALOGUE = "/bedside/catalogue.json"  # everything fixed that the bedside needs; nobody stands in it
STATIC = (
    *("/static/", "/atlas/static/", "/atlas/atlas-js/", "/mechanism/static/", "/mechanism/atlas/atlas-js/"),
    CATALOGUE,
)
# Open to whoever is not signed in; everything else needs a session.
OPEN = frozenset(
    {"/", "/found", "/sign-in", "/sign-in/passkey", "/sign-in/passkey/challenge", "/invitation", "/health", CATALOGUE}
)
# The page at the bedside holds nothing of anybody; who it is for, its scripts ask under /api.
BEDSIDE = re.compile(r"/bedside/(?:static/.*|sw\.js|[a-z0-9][a-z0-9-]*)")
WHO = "/api/bedside/me"
LOCKED = "This device is locked. What waits on it stays there, sealed."
# They change nothing, and their pages know no token.
WITHOUT_TOKEN = frozenset({"/mechanism/run"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; connect-src 'self'; worker-src 'self'; manifest-src 'self'"
)
# What an answer may say of itself; all else is said here.
OWN = ("content-security-policy",)
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), midi=(), "
        "display-capture=(), publickey-credentials-get=(self), publickey-credentials-create=(self)"
    ),
}
YEAR = 365 * 24 * 3600


class Guard:
    """Lets a request through to the pages, or answers it itself."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self.app, self.desk = app, desk
        self.hosts = allowed_hosts(desk.house.allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
                return
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        answering = _Answering(self, request, send)
        try:
            refused = await self._guarded(request, receive, answering)
        except MyotomeError as error:  # the record cannot be read, before any page was reached
            refused = await run_in_threadpool(ours, self.desk, request, error)
        except Exception as error:
            # The words of an unexpected error may hold anything: none of them reach page or log.
            if answering.started:
                logged(request, error)
                raise ConnectionAbortedError from None
            refused = await run_in_threadpool(broken, self.desk, request, error)
        if refused is not None:
            await refused(scope, receive, answering)

    async def _guarded(self, request: Request, receive: Receive, send: Send) -> Response | None:
        """The answer that refuses, or nothing where the request was passed on."""
        request.state.actor, request.state.form, request.state.renewed = None, None, ""
        named = [value.decode("latin-1") for name, value in request.scope["headers"] if name == b"host"]
        if len(named) != 1 or not host_allowed(named[0], self.hosts):
            return PlainTextResponse("This server does not go by that name.\n", status_code=400)
        if "transfer-encoding" in request.headers and "content-length" in request.headers:  # where does it end?
            return PlainTextResponse("Not understood.\n", status_code=400, headers={"Connection": "close"})
        if not request.scope["query_string"].isascii():  # no browser sends it, and whoever reads an address fails
            return PlainTextResponse("Not understood.\n", status_code=400)
        if request.method not in METHODS:
            return PlainTextResponse("Not possible.\n", status_code=405, headers={"Allow": ", ".join(METHODS)})
        try:
            body = await body_of(request, receive)
            if request.method not in SAFE:
                see_kind(request)
                request.state.form = await form_of(request.scope, body)
        except BodyError as error:
            return await run_in_threadpool(refusal, self.desk, request, error.status)
        refused = await run_in_threadpool(self._known, request)
        if refused is None:
            await self.app(request.scope, again(body, receive), send)
        return refused

    def _known(self, request: Request) -> Response | None:
        """See who asks, and that they mean it."""
        desk, path = self.desk, request.scope["path"]  # as routes see it; a URL is parsed once more
        if path.startswith("/static/") or path == "/health" or (request.method in SAFE and BEDSIDE.fullmatch(path)):
            return None
        token = desk.token(request)
        request.state.actor = desk.clinic.access.actor(token) if token else None
        if request.method not in SAFE and not from_our_pages(desk, request):
            return refusal(desk, request, 403, "This did not come from a page of this clinic. Load the page again.")
        if path in OPEN:
            return None
        if request.state.actor is None:
            return refusal(desk, request, 401, LOCKED) if self._locked(request) else sign_in_first(request)
        asked = request.method not in SAFE and path not in WITHOUT_TOKEN
        if asked and not knows_token(desk, request, request.state.form):
            return refusal(desk, request, 403, "This page is out of date. Load it again and repeat what you did.")
        return None

    def _locked(self, request: Request) -> bool:
        """Whether a tablet that was locked asks who is signed in on it: it then deletes its key."""
        if request.scope["path"] != WHO:
            return False
        with self.desk.clinic.practice.within() as shelf:
            device = shelf.devices().get(self.desk.device(request))
        return device is not None and device.locked

    def headers_for(self, path: str) -> dict[str, str]:
        """What every answer under a path bears."""
        house = self.desk.house
        told = HEADERS | {"content-security-policy": POLICY}
        # Where a browser sends no Sec-Fetch-Site, the origin of a form must be told to ourselves.
        told["referrer-policy"] = "no-referrer" if house.trusted else "same-origin"
        told["cache-control"] = "no-cache" if path.startswith(STATIC) else "no-store"
        if house.https:
            told["strict-transport-security"] = f"max-age={YEAR}; includeSubDomains"
        return told


class _Answering:
    """Sends an answer with the headers of all answers; a mounted page keeps a policy of its own."""

    def __init__(self, guard: Guard, request: Request, send: Send) -> None:
        self.guard, self.request, self.send, self.started = guard, request, send, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            path = self.request.scope["path"]
            own = (*OWN, "cache-control") if BEDSIDE.fullmatch(path) else OWN
            for name, value in self.guard.headers_for(path).items():
                if name not in headers or name not in own:
                    headers[name] = value
            if renewed := getattr(self.request.state, "renewed", ""):
                headers.append("set-cookie", self.guard.desk.session_cookie(renewed))
        await self.send(message)
