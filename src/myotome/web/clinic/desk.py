"""What every page needs: the clinic, who asks, the words around a page, and where to go next."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from myotome.clinic.access.access import DESK
from myotome.clinic.access.sessions import IDLE
from myotome.clinic.actor import Actor, Proof
from myotome.clinic.clinic import Clinic
from myotome.clinic.permissions import WORDS, allowed
from myotome.errors import AccessError, MyotomeError
from myotome.web.bedside.texts import embedded
from myotome.web.clinic.forms import Form, FormError

# Where the menu leads: path, words, the act that lets somebody see it; the first few stand in the head of the page.
MENU = (
    ("/people", "People", "see people"),
    ("/checkins", "Check-ins", "see check-ins"),
    ("/review", "Review", "see review"),
    ("/audit", "Audit trail", "see audit"),
    ("/erasure", "Retention", "ask erasure"),
    ("/staff", "Staff", "see staff"),
    ("/devices", "Devices", "manage devices"),
    ("/clinic", "Clinic", "manage clinic"),
    ("/atlas/", "Atlas", "manage own account"),
    ("/mechanism/", "Mechanism", "manage own account"),
)
FIRST = 2
EVERYWHERE = ("everywhere", "offline")  # parts of the bedside's texts
IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
# What a page says after something was done: the address holds the key only, never words.
DONE = {
    "saved": "Saved.",
    "signed-out": "You are signed out.",
    "ended": "Ended.",
    "left": "They work here no more: nothing opens for them.",
    "enrolled": "This browser is enrolled. What is recorded from it says so.",
    "locked": "The device is locked: its sessions are ended, and nobody signs in on it.",
    "found": "The device is in use again. What waited on it is sent once its author signs in there.",
    "password": "The password is changed, and your other sessions are ended.",
    "passkey": "The passkey is kept. You can sign in with it from now on.",
    "passkey-gone": "The passkey is removed. Other sessions of yours are still open: end those you do not know.",
}


class SignInNeededError(MyotomeError):
    """Nobody is signed in."""


@dataclass(frozen=True, slots=True)
class House:
    """Where the clinic stands on the network."""

    allowed_hosts: frozenset[str]
    https: bool
    bedside: bool
    rp_id: str | None
    origin: str
    founding_code: str

    @property
    def trusted(self) -> bool:
        """Whether browsers hold the address for secure: over TLS, or on this machine."""
        return self.https or self.bedside


class Desk:
    """Handed to every module of routes."""

    def __init__(self, clinic: Clinic, house: House, forecasts: Callable[[Any], Any] | None = None) -> None:
        self.clinic, self.house, self.forecasts = clinic, house, forecasts
        self.templates = Environment(
            loader=PackageLoader("myotome.web.clinic"),
            autoescape=select_autoescape(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        # What the script of every plain page may say; without a <script>, for such a page holds none of its own.
        self.templates.globals["everywhere"] = embedded(*EVERYWHERE)
        self.templates.filters |= {"role": lambda role: WORDS.get(role, role), "moment": moment}
        name = f"myotome-{clinic.practice.ledger.clinic}"
        self.cookie = f"__Host-{name}" if house.https else name
        self.device_cookie = f"{self.cookie}-device"

    def page(self, request: Request, template: str, *, status: int = 0, **words: Any) -> HTMLResponse:
        """A page from a template. Where ``form`` was refused the status is 422, unless another is given."""
        form = words.setdefault("form", Form())
        text = self.templates.get_template(template).render(self.around(request) | words)
        answer = HTMLResponse(text, status_code=status or (422 if form.problems else 200))
        # A page left alone empties itself when its session has run out; one that is being written on does not.
        if self.visitor(request) is not None and "<textarea" not in text:
            answer.headers["Refresh"] = f"{int(IDLE.total_seconds()) + 5}; url=/sign-in"
        return answer

    def plain(self, request: Request, template: str, status: int, **words: Any) -> HTMLResponse:
        """A page that must come even when the record cannot be read: then without the clinic's name."""
        try:
            around = self.around(request)
        except Exception:  # the page says that something is wrong; what is wrong with its frame says nothing more
            around = {"practice": None, "notice": "", "actor": None, "menu": [], "rest_of_menu": []}
            around |= {"csrf": Markup(""), "done": "", "house": self.house}
        text = self.templates.get_template(template).render(around | {"form": Form()} | words)
        return HTMLResponse(text, status_code=status)

    def around(self, request: Request) -> dict[str, Any]:
        """The words round every page."""
        actor, path = self.visitor(request), request.scope["path"]
        founded = self.clinic.accounts.is_founded()
        menu = [
            {"path": to, "words": words, "here": path == to.rstrip("/") or path.startswith(to.rstrip("/") + "/")}
            for to, words, act in MENU
            if actor is not None and allowed(actor.roles, act)
        ]
        return {
            "practice": self.clinic.practice.settings() if founded else None,
            "notice": self.clinic.governance.notice() if founded else "",
            "actor": actor,
            "menu": menu[:FIRST],
            "rest_of_menu": menu[FIRST:],
            "csrf": self.csrf(request),
            "done": DONE.get(request.query_params.get("done", ""), ""),
            "house": self.house_of(request),
        }

    def house_of(self, request: Request) -> House:
        """Where the clinic stands as this visitor sees it: passkeys belong to one of its addresses only."""
        here = f"{'https' if self.house.https else 'http'}://{request.headers.get('host', '').lower()}"
        return self.house if here == self.house.origin else replace(self.house, rp_id=None)

    def visitor(self, request: Request) -> Actor | None:
        """Who is signed in, or nobody; the guard has looked already."""
        return getattr(request.state, "actor", None)

    def actor(self, request: Request) -> Actor:
        """Who is signed in.

        Raises:
            SignInNeededError: nobody is; the answer leads to the sign-in page.
        """
        found = self.visitor(request)
        if found is None:
            raise SignInNeededError("Sign in first.")
        return found

    def token(self, request: Request) -> str | None:
        """The session's secret: as the cookie brought it, or the newer one that this request was given."""
        return getattr(request.state, "renewed", "") or request.cookies.get(self.cookie) or None

    def renew(self, request: Request, token: str) -> None:
        """The session goes on under another secret: the guard puts it into whatever is answered."""
        request.state.renewed = token

    def prove(self, request: Request) -> Proof:
        """Read the proof that ``forms.proof`` asked for: the password, or a passkey's answer.

        Raises:
            FormError: neither was given.
            AccessError: it does not hold.
        """
        form, actor, access = self.form(request), self.actor(request), self.clinic.access
        if answer := form.secret("passkey"):
            proof = access.prove_with_passkey(actor, answer, *self.place(request), self.address(request))
        elif password := form.secret("proof"):
            proof = access.prove(actor, password, self.address(request))
        else:
            raise FormError({"proof": "Type your password, or use a passkey."})
        self.renew(request, proof.token)
        return proof

    def place(self, request: Request) -> tuple[str, str]:
        """Origin and name that passkeys are bound to here.

        Raises:
            AccessError: this clinic has none that could carry passkeys.
        """
        house = self.house_of(request)
        if house.rp_id is None:
            raise AccessError("Passkeys cannot be used at this address. Use the password.")
        return house.origin, house.rp_id

    def csrf(self, request: Request) -> Markup:
        """The hidden field that every form of somebody signed in carries."""
        token = self.token(request)
        if token is None or self.visitor(request) is None:
            return Markup("")
        return Markup('<input type="hidden" name="csrf" value="{}">').format(self.clinic.access.csrf(token))

    def form(self, request: Request) -> Form:
        """What was sent as a form; the guard has read and bounded it."""
        return getattr(request.state, "form", None) or Form()

    def address(self, request: Request) -> str:
        """Where the request comes from: for the limits of sign-in, nothing else."""
        return request.client.host if request.client else ""

    def device(self, request: Request) -> str:
        """The device that this browser was enrolled as. It is a name, no secret."""
        told = request.cookies.get(self.device_cookie, "")
        return told if IDENTIFIER.fullmatch(told) else DESK

    def go(self, path: str, done: str = "") -> RedirectResponse:
        """On to another page of ours; ``done`` is a key of DONE."""
        return RedirectResponse(f"{path}?done={done}" if done else path, status_code=303)

    def session_cookie(self, token: str) -> str:
        """The header that gives the browser its session."""
        return self._cookie(self.cookie, token)

    def with_device(self, answer: Response, device: str) -> Response:
        """Let the browser remember which device it is."""
        answer.headers.append("set-cookie", self._cookie(self.device_cookie, device, 400 * 86400))
        return answer

    def without_session(self, answer: Response) -> Response:
        """Take the session from the browser, with what it kept of pages.

        Not with what it stores: entries that were made at the bedside and not sent yet stay on the device, sealed. The
        key to them is deleted by the script of the sign-in page, which comes next.
        """
        answer.headers.append("set-cookie", self._cookie(self.cookie, "", 0))
        answer.headers["Clear-Site-Data"] = '"cache"'
        return answer

    def _cookie(self, name: str, value: str, lasts: int | None = None) -> str:
        ends = "" if lasts is None else f"; Max-Age={lasts}"
        secure = "; Secure" if self.house.https else ""
        return f"{name}={value}; Path=/{ends}; HttpOnly; SameSite=Lax{secure}"


def moment(at: datetime.datetime, zone: str) -> str:
    """A moment as the clinic's clock shows it."""
    here = at.astimezone(ZoneInfo(zone))
    return f"{here.day} {here:%B %Y, %H:%M}"
