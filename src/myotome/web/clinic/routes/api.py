"""For other programs, and for devices that charted on their own: the same record by the same rules, as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import ValidationError

from myotome.clinic.drafts import Drafted, Drafts
from myotome.clinic.gone import MovedError
from myotome.clinic.practice import Made
from myotome.clinic.states import VisitState
from myotome.errors import AccessError, CaseError, CaseProblem, EntryError
from myotome.web.clinic.desk import Desk
from myotome.web.clinic.leaf import Name, Wanted
from myotome.web.clinic.routes import api_shapes as shapes
from myotome.web.clinic.routes.person import visits_of
from myotome.web.clinic.routes.visit_page import look_at

REFUSED = "Nothing was recorded. Mend what is listed, and send all of it again."
MOST_PROBLEMS = 100
NO_JSON = "this is no JSON. Send an object with a list of 'entries'."
S = TypeVar("S", bound=shapes.Shape)
ANSWERS: dict[int | str, dict[str, Any]] = {
    code: {"model": shapes.Refusal, "description": words}
    for code, words in {
        401: "Nobody is signed in",
        403: "Not allowed",
        404: "Nothing here",
        422: "Refused whole",
    }.items()
}


def _sent() -> dict[str, Any]:
    """The body of ``/entries`` as OpenAPI: it is read by hand, so that what is wrong is said in our words."""
    schema = shapes.DraftsIn.model_json_schema()
    schema["properties"]["entries"]["items"] = schema.pop("$defs")["DraftIn"]
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


async def sent(request: Request) -> bytes:
    """The body as it came; the guard has bounded it."""
    return await request.body()


def router(desk: Desk) -> APIRouter:
    """``/api/people/{person}``, ``/api/visits/{visit}``, ``/api/entries``."""
    routes = APIRouter(prefix="/api")
    _reading(routes, desk)
    _writing(routes, desk)
    return routes


def _reading(routes: APIRouter, desk: Desk) -> None:
    @routes.get("/people/{person}", response_model=shapes.Person, responses=ANSWERS)
    def person_whole(request: Request, person: Name, after: Wanted = "") -> Any:
        practice = desk.clinic.practice
        with practice.looking(desk.actor(request), "read record", "person, by another program", person) as shelf:
            found = shelf.person(person)
            visits, older = visits_of(shelf, found, after)
        told = found.model_dump(exclude={"erasure", "erased_at", "registered_at"})
        return {**told, "visits": [line_of(one) for one in visits], "older": visits[-1].id if older else ""}

    @routes.get("/visits/{visit}", response_model=shapes.Visit, responses=ANSWERS)
    def visit_whole(request: Request, visit: Name) -> Any:
        found = look_at(desk, request, visit, "visit, by another program")
        told = found.visit.model_dump(exclude={"explanation", "plan", "last_entry", "handed_in"})
        wholes = {
            "explanation": found.explanation.whole if found.explanation else None,
            "plan": found.plan.whole if found.plan else None,
        }
        said = {"explained": found.visit.explanation, "planned": found.visit.plan}
        entries = [asdict(one) for one in found.bedside]
        return {**told, **wholes, **said, "stage": found.visit.stage, "bedside": entries}


def line_of(visit: VisitState) -> dict[str, Any]:
    """A visit as lists show it."""
    said, planned = visit.explanation, visit.plan
    return {
        "id": visit.id,
        "day": visit.day,
        "stage": visit.stage,
        "says": said.says if said else "",
        "urgency": said.urgency if said else "",
        "plan": planned.says if planned else "",
    }


def _writing(routes: APIRouter, desk: Desk) -> None:
    drafts = Drafts(desk.clinic.practice, desk.clinic.visits)

    @routes.post("/entries", response_model=shapes.Receipts, responses=ANSWERS, openapi_extra=_sent())
    def entries(request: Request, body: Annotated[bytes, Depends(sent)]) -> Any:
        actor = desk.actor(request)
        try:
            receipts = drafts.record(actor, drafts_in(body))
        except CaseError as error:
            return refused(422, REFUSED, error.problems)
        except MovedError:
            raise
        except AccessError as error:
            return refused(403, str(error))
        except EntryError as error:
            return refused(422, str(error))
        return {"receipts": [asdict(one) for one in receipts]}


def drafts_in(body: bytes) -> list[Drafted]:
    """The entries in a body.

    Raises:
        CaseError: it is no JSON, or has another shape.
    """
    return [draft_of(one) for one in taken(shapes.DraftsIn, body).entries]


def taken(shape: type[S], body: bytes) -> S:
    """A body of JSON as one of our shapes.

    Raises:
        CaseError: it is no JSON, or has another shape.
    """
    try:
        return shape.model_validate(json.loads(body))
    except ValidationError as error:
        raise CaseError(
            _problem(one) for one in error.errors(include_url=False, include_input=False)[:MOST_PROBLEMS]
        ) from None
    except (ValueError, RecursionError):
        raise CaseError([CaseProblem("body", NO_JSON)]) from None


def draft_of(one: shapes.DraftIn) -> Drafted:
    """An entry as it was sent."""
    return Drafted(one.kind, one.visit, one.body, Made(one.id, one.device_time, one.zone), one.author, one.on_behalf)


SAID = {
    "missing": "this is missing.",
    "extra_forbidden": "nothing of that name is taken.",
    "string_type": "this must be text.",
    "dict_type": "this must be an object.",
    "list_type": "this must be a list.",
    "string_too_long": "this is too long.",
    "too_long": "these are too many: send at most 100 at once.",
    "too_short": "send at least one.",
}


def _problem(error: Any) -> CaseProblem:
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}"[:60] for part in error["loc"]).strip(".")
    plain = place.encode("utf-8", "replace").decode()
    return CaseProblem(plain or "body", SAID.get(error["type"], "this cannot be taken as it is."))


def refused(status: int, message: str, problems: tuple[CaseProblem, ...] = ()) -> Response:
    """Nothing was done, and why, as JSON."""
    listed = [problem.as_dict() for problem in problems[:MOST_PROBLEMS]]
    told: dict[str, Any] = {"message": message, "problems": listed}
    if reason := next((problem.reason for problem in problems if problem.reason), ""):
        told["reason"] = reason
    # Half a letter can be sent and cannot be answered with.
    text = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
    return Response(text, status_code=status, media_type="application/json")
