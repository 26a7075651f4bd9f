"""Clinical governance: the safety rows, read with their sources, signed or rejected by the clinical lead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from myotome.care.review.signed import REJECTED, SIGNED, STATES, State
from myotome.errors import AccessError, EntryError, MissingError
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.forms import Form, FormError
from myotome.web.clinic.leaf import SECRETS, page

PAGE = 25
CHOSEN: dict[str, State] = {state: state for state in STATES}
Start = Annotated[int, Query(ge=0, le=100_000)]


def router(desk: Desk) -> APIRouter:
    """``/review``, ``/review/{table}``, ``/review/{table}/{key}``."""
    routes = APIRouter(prefix="/review")
    _tables(routes, desk)
    _rows(routes, desk)
    _row(routes, desk)
    return routes


def _tables(routes: APIRouter, desk: Desk) -> None:
    @routes.get("")
    def tables(request: Request) -> Response:
        counts = desk.clinic.governance.tables(desk.actor(request))
        total = {state: sum(told[state] for told in counts.values()) for state in STATES}
        return page(desk, request, "review/tables.html", tables=counts, total=total, states=STATES)


def _given(
    desk: Desk, request: Request, chosen: Sequence[tuple[str, str, str]], refused: Callable[[Form], Response]
) -> Response | None:
    """Sign or reject what was chosen; the page again where that is refused."""
    form, governance = desk.form(request), desk.clinic.governance
    verdict, licence = form.get("verdict"), form.get("licence").strip()
    with desk.clinic.practice.looking(desk.actor(request), "review rows"):
        pass  # who may not is refused before the form is read, and it stands in the trail
    try:
        if not licence:
            raise FormError({"licence": "Give your licence number: it stands with every row that you judge."})
        if verdict == REJECTED:
            governance.give(desk.actor(request), chosen, REJECTED, licence, form.get("reason").strip())
        elif verdict == SIGNED:
            governance.give(desk.actor(request), chosen, SIGNED, licence, proof=desk.prove(request))
        else:
            raise FormError({"": "Choose: sign, or reject with a reason."})
    except (EntryError, AccessError) as error:
        return refused(form.refused(error).without(*SECRETS))
    return None


def _licence(desk: Desk, request: Request) -> str:
    """The licence number as it is known of whoever asks."""
    actor = desk.actor(request)
    known = desk.clinic.practice.staff().get(actor.staff)
    return known.licence if known else ""


def _rows(routes: APIRouter, desk: Desk) -> None:
    def listed(request: Request, table: str, state: str, start: int, form: Form) -> Response:
        if table not in desk.clinic.governance.tables(desk.actor(request)):
            raise MissingError("There is no such table.")
        found = desk.clinic.governance.rows(desk.actor(request), table, CHOSEN.get(state), start, PAGE)
        told = {"table": table, "state": state if state in CHOSEN else "", "states": STATES, "size": PAGE}
        return page(desk, request, "review/rows.html", form=form, found=found, **told)

    @routes.get("/{table}")
    def rows(request: Request, table: str, state: str = "", start: Start = 0) -> Response:
        return listed(request, table, state, start, Form.of({"licence": _licence(desk, request)}))

    @routes.post("/{table}")
    def give(request: Request, table: str) -> Response:
        form = desk.form(request)
        chosen = [(table, key, digest) for digest, _, key in (one.partition(" ") for one in form.all("row"))]
        start, state = _whole(form.get("start")), form.get("state")
        again = _given(desk, request, chosen, lambda refused: listed(request, table, state, start, refused))
        return again or desk.go(f"/review/{quote(table)}", done="reviewed")


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _row(routes: APIRouter, desk: Desk) -> None:
    def shown(request: Request, table: str, key: str, form: Form) -> Response:
        judged = desk.clinic.governance.row(desk.actor(request), table, key)
        return page(desk, request, "review/row.html", form=form, one=judged, table=table)

    @routes.get("/{table}/{key:path}")
    def row(request: Request, table: str, key: str) -> Response:
        return shown(request, table, key, Form.of({"licence": _licence(desk, request)}))

    @routes.post("/{table}/{key:path}")
    def give(request: Request, table: str, key: str) -> Response:
        chosen = [(table, key, desk.form(request).get("digest"))]
        again = _given(desk, request, chosen, lambda refused: shown(request, table, key, refused))
        return again or desk.go(f"/review/{quote(table)}", done="reviewed")
