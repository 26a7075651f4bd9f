"""One page, over plain HTTP, that says how a tablet comes to trust the clinic's authority; and its certificate."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from myotome.web.network.authority import names_in
from myotome.web.network.origin import Application, Message, Receive, Send

MEDIA_TYPE = "application/x-x509-ca-cert"
PAIRS = 8  # of the fingerprint on one line


def trust_app(certificate: x509.Certificate, addresses: Sequence[str], fingerprint: str) -> Application:
    """The page for an authority's certificate: ``addresses`` are where the clinic is, over https."""
    style = (files("myotome.web.network") / "trust.css").read_text("utf-8")
    page = HTMLResponse(_page(certificate, addresses, fingerprint, style))
    file = Response(certificate.public_bytes(Encoding.DER), media_type=MEDIA_TYPE)

    async def shown(_: Request) -> Response:
        return page

    async def given(_: Request) -> Response:
        return file

    return _Guarded(Starlette(routes=[Route("/", shown), Route("/authority.crt", given)]), _policy(style))


def _page(certificate: x509.Certificate, addresses: Sequence[str], fingerprint: str, style: str) -> str:
    templates = Environment(
        loader=PackageLoader("myotome.web.network", ""), autoescape=select_autoescape(), undefined=StrictUndefined
    )
    pairs = fingerprint.split(":")
    return templates.get_template("trust.html").render(
        style=style,
        addresses=addresses,
        fingerprint=[":".join(pairs[at : at + PAIRS]) for at in range(0, len(pairs), PAIRS)],
        called=certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value,
        names=names_in(certificate),
        ends=f"{certificate.not_valid_after_utc:%Y-%m-%d}",
    )


def _policy(style: str) -> str:
    """Nothing is loaded, run, sent or framed; only this style sheet holds."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


class _Guarded:
    """Puts the security headers on every answer, refusals too."""

    def __init__(self, app: Application, policy: str) -> None:
        self.app = app
        self.headers = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
            (b"referrer-policy", b"no-referrer"),
            (b"cache-control", b"no-store"),
        ]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), *self.headers]}
            await send(message)

        await self.app(scope, receive, sent)
