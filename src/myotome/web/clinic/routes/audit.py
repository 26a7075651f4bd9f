"""The audit trail: who did what, from where, to whose record; and whether the record is whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from myotome.clinic.entries.kinds import KINDS
from myotome.errors import EntryError, RecordError
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.forms import Form
from myotome.web.clinic.leaf import Wanted, page

PAGE = 50
LAST = 2**62  # positions are far below
MOST_HEADS = 100
# What can be asked for, by the first word of the kinds of entries.
WORDS = {
    "record": "reading and exporting",
    "person": "people",
    "visit": "visits and notes",
    "needle": "needles and counts",
    "adverse": "harm and calls",
    "score": "scores, advice, next visit",
    "consent": "consents",
    "session": "signing in and out",
    "access": "refused",
    "review": "clinical review",
    "erasure": "erasure",
    "staff": "staff",
    "credential": "passwords and passkeys",
    "device": "devices",
    "clinic": "the clinic",
}
ALSO = {
    "visit": ("hypothesis", "examination", "explanation", "plan", "screening", "case", "finding", "remark", "entry"),
    "needle": ("needles", "packet", "sharps", "incident", "needled"),
    "adverse": ("checkin",),
    "score": ("alongside", "aftercare", "followup"),
    "clinic": ("backup", "keys"),
}


def groups() -> Mapping[str, tuple[str, ...]]:
    """The kinds of entries under each word that can be asked for."""
    by_first: dict[str, list[str]] = defaultdict(list)
    for kind in KINDS:
        by_first[kind.partition(".")[0]].append(kind)
    return {word: tuple(kind for first in (word, *ALSO.get(word, ())) for kind in by_first[first]) for word in WORDS}


def router(desk: Desk) -> APIRouter:
    """``/audit`` and ``/audit/verify``."""
    routes = APIRouter(prefix="/audit")
    known = groups()

    @routes.get("")
    def trail(
        request: Request,
        person: Wanted = "",
        author: Wanted = "",
        kind: Wanted = "",
        before: Annotated[int | None, Query(ge=1, le=LAST)] = None,
    ) -> Response:
        asked = (person or None, author or None, known.get(kind, ()), before, PAGE + 1)
        lines = desk.clinic.audit.trail(desk.actor(request), *asked)
        told: dict[str, Any] = {"person": person, "author": author, "kind": kind, "paged": before}
        if len(lines) > PAGE:
            wanted = {name: value for name, value in told.items() if value and name != "paged"}
            told["older"] = urlencode({**wanted, "before": lines[PAGE - 1].position})
        people = sorted(desk.clinic.practice.staff().values(), key=lambda one: one.name)
        told |= {"authors": [(one.id, one.name) for one in people], "kinds": list(WORDS.items())}
        chosen = Form.of({"author": author, "kind": kind})
        return page(
            desk, request, "audit/trail.html", **({"lines": lines[:PAGE], "chosen": chosen, "older": ""} | told)
        )

    _verifying(routes, desk)
    return routes


def _verifying(routes: APIRouter, desk: Desk) -> None:
    def asked_to_verify(request: Request, form: Form, report: object = None) -> Response:
        with desk.clinic.practice.looking(desk.actor(request), "verify record"):
            return page(desk, request, "audit/verify.html", form=form, report=report)

    @routes.get("/verify")
    def verifying(request: Request) -> Response:
        return asked_to_verify(request, Form())

    @routes.post("/verify")
    def verify(request: Request) -> Response:
        form = desk.form(request)
        try:
            report = desk.clinic.audit.verify(desk.actor(request), heads_in(form))
        except (EntryError, RecordError) as error:
            return asked_to_verify(request, form.refused(error))
        return asked_to_verify(request, form, report)


def heads_in(form: Form) -> list[str]:
    """The heads that were pasted, one a line, and the text of a head file.

    Raises:
        EntryError: too many, or a file that is no text.
    """
    heads = [line.strip() for line in form.get("heads").splitlines() if line.strip()]
    if file := form.files.get("file", b""):
        try:
            heads.append(file.decode("utf-8"))
        except UnicodeDecodeError:
            raise EntryError(
                "The file is no head file: it holds no text. Choose one from the folder of heads."
            ) from None
    if len(heads) > MOST_HEADS:
        raise EntryError(f"These are {len(heads)} heads. Compare with at most {MOST_HEADS} at once.")
    return heads
