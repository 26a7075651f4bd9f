"""Which addresses a browser trusts with passkeys and offline work, and which Host headers are ours."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from myotome.web.network.names import address_of, local

ORIGIN = re.compile(r"(?P<scheme>https?|wss?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?(?:/.*)?", re.I)
HOST = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?", re.I)
MISDIRECTED = b"This server does not go by that name. Open the address that `myotome serve` printed.\n"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


def secure_origin(origin: str) -> bool:
    """Whether browsers hold an origin or URL for potentially trustworthy (W3C Secure Contexts)."""
    found = ORIGIN.fullmatch(origin.strip())
    if found is None:
        return False
    return found["scheme"].lower() in {"https", "wss"} or local(found["host"])


def why_no_bedside(origin: str) -> str | None:
    """The sentence why bedside mode and passkeys are refused at an origin; nothing where they are not."""
    if secure_origin(origin):
        return None
    return (
        f"Bedside mode and passkeys are off at {origin}: a browser keeps a session through lost connections, and "
        "passkeys, only over https or on the machine itself. Start `myotome serve` without --no-tls, trust the "
        "clinic's authority on this device, and open the https address."
    )


def rp_id(host: str) -> str | None:
    """The name that passkeys of a host are bound to; an IP address cannot be one."""
    plain = host.strip().lower().removesuffix(".")
    return None if address_of(plain) else plain


def why_no_passkey(host: str, port: int | None = None) -> str | None:
    """The sentence why a host cannot have passkeys; nothing where it can."""
    if rp_id(host) is not None:
        return None
    at = f":{port}" if port else ""
    better = f"http://localhost{at}/" if local(host) else "the https address with this machine's name"
    return (
        f"Passkeys cannot be used at {host}, because they belong to a name and {host} is an IP address. "
        f"Open {better}, or sign in with the password."
    )


def allowed_hosts(names: Iterable[str]) -> frozenset[str]:
    """The Host headers to answer, without ports: any other name that leads here may be a DNS rebinding."""
    allowed = set()
    for name in names:
        address = address_of(name)
        plain = name.strip().lower().removesuffix(".")
        allowed.add(plain if address is None else f"[{address}]" if address.version == 6 else str(address))
    return frozenset(allowed)


def host_allowed(header: str, allowed: frozenset[str]) -> bool:
    """Whether a Host header, with or without a port, names this server."""
    found = HOST.fullmatch(header)
    return found is not None and bool(allowed_hosts([found["host"]]) & allowed)


class OnlyOurHosts:
    """Answers a request only when its one Host header names this server; others get 421 and no content."""

    def __init__(self, app: Application, allowed: frozenset[str]) -> None:
        self.app, self.allowed = app, allowed

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(headers) == 1 and host_allowed(headers[0], self.allowed):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            plain = [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff")]
            await send({"type": "http.response.start", "status": 421, "headers": plain})
            await send({"type": "http.response.body", "body": MISDIRECTED})
