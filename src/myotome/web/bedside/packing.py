"""A file as it goes over the wire: as it is, or compressed once in the way that the browser asks for."""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
from functools import cached_property

import brotli
from fastapi import Request
from fastapi.responses import Response

_TAKES = re.compile(r"\s*([a-z*-]+)\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*$")


class File:
    """One file. The best compression takes a second or two: it begins when first asked for, and gzip goes till then."""

    def __init__(self, kind: str, plain: bytes, tag: str = "") -> None:
        self.kind, self.plain, self._tag = kind, plain, tag
        self._best: bytes | None = None
        self._begun = threading.Lock()

    @cached_property
    def etag(self) -> str:
        """Changes when the content does."""
        return self._tag or f'"{hashlib.sha256(self.plain).hexdigest()[:24]}"'

    @cached_property
    def packed(self) -> bytes:
        """With gzip, which every browser takes."""
        return gzip.compress(self.plain, mtime=0)

    @cached_property
    def best(self) -> bytes:
        """With brotli, which browsers take over a safe connection."""
        self._best = brotli.compress(self.plain, quality=11)
        return self._best

    def encoded(self, accepts: str) -> tuple[str, bytes]:
        """The name of the compression, or nothing, and the bytes, for what a browser says that it takes."""
        takes = taken(accepts)
        if "br" in takes:
            if self._best is not None:
                return "br", self._best
            if self._begun.acquire(blocking=False):  # the first who asks, and for good
                threading.Thread(target=lambda: self.best, daemon=True).start()
        return ("gzip", self.packed) if "gzip" in takes else ("", self.plain)


def taken(accepts: str) -> set[str]:
    """The compressions that an ``Accept-Encoding`` allows."""
    found = (_TAKES.match(one) for one in accepts.lower().split(","))
    return {one[1] for one in found if one and float(one[2] or 1) > 0}


def answered(request: Request, file: File, headers: dict[str, str]) -> Response:
    """The file as the browser takes it best, or that it has it already."""
    headers = headers | {"ETag": file.etag, "Vary": "Accept-Encoding"}
    held = (one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(","))
    if file.etag in held:
        return Response(status_code=304, headers=headers)
    encoding, body = file.encoded(request.headers.get("accept-encoding", ""))
    return Response(body, media_type=file.kind, headers=headers | ({"Content-Encoding": encoding} if encoding else {}))
