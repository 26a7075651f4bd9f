"""Whether a request that changes something comes from one of our own pages, and knows its session's token."""

from __future__ import annotations

from starlette.requests import Request

from myotome.web.clinic.desk import Desk
from myotome.web.clinic.forms import Form

HEADER = "x-csrf"


def from_our_pages(desk: Desk, request: Request) -> bool:
    """By what the browser says of where the request comes from.

    With no-referrer a browser sends ``Origin: null`` with a form, even to its own site; then Sec-Fetch-Site tells.
    A program that sends neither must bring the token in a header, which no page of another site can.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    if origin is not None and not (origin == "null" and site == "same-origin"):
        return origin == f"{'https' if desk.house.https else 'http'}://{request.headers.get('host', '')}"
    return site is not None or HEADER in request.headers


def knows_token(desk: Desk, request: Request, form: Form) -> bool:
    """By the hidden field of the form, or the header of a program; JSON comes with the header only."""
    token = desk.token(request)
    told = request.headers.get(HEADER) or form.secret("csrf")
    return token is not None and desk.clinic.access.csrf_holds(token, told)
