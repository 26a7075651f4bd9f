"""What is sent with a request: bounded before it is read, then read as a form or handed on as it came."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message, Receive, Scope

from myotome.web.clinic.forms import Form

LARGEST = 64 * 1024  # bytes of a request
LARGER = 256 * 1024  # of one that brings a case file or drafts
LARGER_AT = re.compile(r"/visits/[^/]+/(examination|examine)|/api/entries|/api/visits/[^/]+/think")
SECONDS = 30.0  # that a body may take
FIELDS = 300
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
TAKEN = (*FORMS, "application/json")
UTF8 = ("utf-8", "utf8")


class BodyError(Exception):
    """A body that is not taken: the status that says why."""

    def __init__(self, status: int) -> None:
        """No words: the answer has its own."""
        self.status = status
        super().__init__()


def limit_of(path: str) -> int:
    """The most bytes that a path takes."""
    return LARGER if LARGER_AT.fullmatch(path) else LARGEST


async def body_of(request: Request, receive: Receive) -> bytes:
    """The whole body.

    Raises:
        BodyError: too large (told before it is read, where its length is), too slow, or broken off.
    """
    most = limit_of(request.scope["path"])
    told = request.headers.get("content-length", "0")
    if not told.isascii() or not told.isdigit():
        raise BodyError(400)
    if len(told) > 12 or int(told) > most:
        raise BodyError(413)
    try:
        async with asyncio.timeout(SECONDS):
            return await _read(receive, most)
    except TimeoutError:
        raise BodyError(408) from None


async def _read(receive: Receive, most: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BodyError(400)
        body += message.get("body", b"")
        if len(body) > most:
            raise BodyError(413)
        if not message.get("more_body"):
            return bytes(body)


def again(body: bytes, receive: Receive) -> Receive:
    """Receive the body once more, then whatever comes."""
    sent = False

    async def received() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return received


async def form_of(scope: Scope, body: bytes) -> Form:
    """The form in a body, empty where it is none.

    Raises:
        BodyError: it cannot be read, or has more fields than any of our pages.
    """
    request = Request(scope, again(body, _nothing))
    if _kind(request) not in FORMS:
        return Form()
    try:
        async with request.form(max_files=1, max_fields=FIELDS, max_part_size=LARGER) as read:
            typed: dict[str, list[str]] = {}
            files: dict[str, bytes] = {}
            for name, value in read.multi_items():
                if isinstance(value, UploadFile):
                    files[name] = await value.read()
                else:
                    typed.setdefault(name, []).append(value)
            return Form(typed, files=files)
    except (MultiPartException, HTTPException, ValueError, KeyError, AssertionError):
        raise BodyError(400) from None


def see_kind(request: Request) -> None:
    """Refuse what is neither a form nor JSON, and what is not written in UTF-8.

    Some of the encodings that Python knows take minutes for a form of our size, or give half characters.

    Raises:
        BodyError: as 415.
    """
    _, told = parse_options_header(request.headers.get("content-type", ""))
    charset = told.get(b"charset", b"utf-8").decode("latin-1").strip().lower()
    if _kind(request) not in TAKEN or charset not in UTF8:
        raise BodyError(415)


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _nothing() -> Any:
    return {"type": "http.disconnect"}
